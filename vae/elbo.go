package vae

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/kl"
)

// Likelihood is what p(x|z) is, given the decoder's output o.
type Likelihood int

const (
	Bernoulli Likelihood = iota // each number of x is 1 with probability 1/(1+e^−o); values between count as shares
	Gaussian                    // each number of x is N(o, Sigma²)
)

// Code is q(z|x) for one datum, a Gaussian with independent coordinates.
type Code struct{ Mean, SD []float64 }

// Encode returns q(z|x).
func (w Weights) Encode(x []float64) Code {
	out := w.Encoder.Eval(x)
	l := len(out) / 2
	c := Code{Mean: out[:l:l], SD: make([]float64, l)}
	for j := range c.SD {
		c.SD[j] = math.Exp(out[l+j] / 2)
	}
	return c
}

// Decode returns E[x|z]: the probabilities of ones, or the means.
func (w Weights) Decode(z []float64) []float64 {
	out := w.Decoder.Eval(z)
	if w.Likelihood == Bernoulli {
		for i, o := range out {
			out[i] = logistic(o)
		}
	}
	return out
}

// KL returns KL(q(z|x) ‖ N(0, I)) = ½ Σ_j (μ_j² + σ_j² − 1 − ln σ_j²) in nats.
//
// Source: Kingma and Welling (2014), appendix B.
func (c Code) KL() float64 {
	var s float64
	for j, m := range c.Mean {
		s += kl.Normal(distuv.Normal{Mu: m, Sigma: c.SD[j]}, distuv.Normal{Mu: 0, Sigma: 1})
	}
	return s
}

// Draw returns z = μ + σ ε, ε ~ N(0, I).
func (c Code) Draw(rng *rand.Rand) []float64 {
	z := make([]float64, len(c.Mean))
	for j, m := range c.Mean {
		z[j] = m + c.SD[j]*rng.NormFloat64()
	}
	return z
}

// logProb is ln q(z|x).
func (c Code) logProb(z []float64) float64 {
	var s float64
	for j, m := range c.Mean {
		u := (z[j] - m) / c.SD[j]
		s -= 0.5*(u*u+math.Log(2*math.Pi)) + math.Log(c.SD[j])
	}
	return s
}

// LogLikelihood returns ln p(x|z) in nats.
func (w Weights) LogLikelihood(x, z []float64) float64 {
	return w.logLikelihood(x, w.Decoder.Eval(z))
}

// logLikelihood is ln p(x|o).
func (w Weights) logLikelihood(x, o []float64) float64 {
	if len(x) != len(o) {
		panic(fmt.Sprintf("vae: the datum has %d numbers, want %d", len(x), len(o)))
	}
	var s float64
	for i, v := range o {
		if w.Likelihood == Bernoulli {
			s += x[i]*v - softplus(v) // x ln p + (1−x) ln(1−p)
			continue
		}
		u := (x[i] - v) / w.Sigma
		s -= 0.5*(u*u+math.Log(2*math.Pi)) + math.Log(w.Sigma)
	}
	return s
}

// slopes writes the derivatives of ln p(x|o) by o into d.
func (w Weights) slopes(x, o, d []float64) {
	for i, v := range o {
		if w.Likelihood == Bernoulli {
			d[i] = x[i] - logistic(v)
		} else {
			d[i] = (x[i] - v) / (w.Sigma * w.Sigma)
		}
	}
}

// softplus is ln(1 + e^v) without overflow.
func softplus(v float64) float64 { return max(v, 0) + math.Log1p(math.Exp(-math.Abs(v))) }

func logistic(v float64) float64 { return 1 / (1 + math.Exp(-v)) }

// terms returns ln p(x|z) at z = μ + σ ε, and KL(q(z|x) ‖ N(0, I)), a datum a row.
func (w Weights) terms(x, eps *mat.Dense) (fits, divergences []float64) {
	acts := w.Encoder.forward(x)
	z, div := reparameterise(acts[len(acts)-1], eps)
	acts = w.Decoder.forward(z)
	out := acts[len(acts)-1]
	for i := range div {
		fits = append(fits, w.logLikelihood(x.RawRowView(i), out.RawRowView(i)))
	}
	return fits, div
}

// reparameterise returns z = μ + σ ε and KL(q ‖ N(0, I)) of each row of the encoder's output.
func reparameterise(out, eps *mat.Dense) (z *mat.Dense, div []float64) {
	r, l := eps.Dims()
	z, div = mat.NewDense(r, l, nil), make([]float64, r)
	for i := range r {
		for j := range l {
			mu, lnVar := out.At(i, j), out.At(i, l+j)
			z.Set(i, j, mu+math.Exp(lnVar/2)*eps.At(i, j))
			div[i] += 0.5 * (mu*mu + math.Exp(lnVar) - 1 - lnVar) // Kingma and Welling (2014), appendix B
		}
	}
	return z, div
}

// gradient adds the derivatives of Σ ELBO over the rows of x, with the noise held, to grad: first the encoder's
// parameters, then the decoder's.
func (w Weights) gradient(x, eps *mat.Dense, grad []float64) {
	split := len(w.Encoder.Theta)
	enc := w.Encoder.forward(x)
	out := enc[len(enc)-1]
	z, _ := reparameterise(out, eps)
	dec := w.Decoder.forward(z)
	image := dec[len(dec)-1]
	r, d := x.Dims()
	slope := mat.NewDense(r, d, nil)
	for i := range r {
		w.slopes(x.RawRowView(i), image.RawRowView(i), slope.RawRowView(i))
	}
	dz := w.Decoder.backward(dec, slope, grad[split:])
	w.Encoder.backward(enc, codeSlope(out, eps, dz), grad[:split])
}

// codeSlope turns derivatives by z into those of the ELBO by the means and log variances of q.
func codeSlope(out, eps, dz *mat.Dense) *mat.Dense {
	r, l := eps.Dims()
	d := mat.NewDense(r, 2*l, nil)
	for i := range r {
		for j := range l {
			mu, lnVar := out.At(i, j), out.At(i, l+j)
			d.Set(i, j, dz.At(i, j)-mu)
			pathwise := dz.At(i, j) * eps.At(i, j) * math.Exp(lnVar/2) / 2 // ∂z/∂ln σ² = σ ε/2
			d.Set(i, l+j, pathwise-(math.Exp(lnVar)-1)/2)
		}
	}
	return d
}
