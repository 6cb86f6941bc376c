package vae

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// DiffusionBound is the mean ELBO of a code by its T + 1 terms, in nats:
//
//	ELBO = −KL(q(z_T|z_0) ‖ N(0, I)) − Σ_{t=2}^{T} E KL(q(z_{t−1}|z_t, z_0) ‖ p(z_{t−1}|z_t)) + E ln p(z_0|z_1) ≤ ln p(z_0)
//
// It is the ELBO of every lesson, with z_1 … z_T as the latent variables and a q that has nothing to learn.
//
// Source: Ho et al. (2020), eq. 5.
type DiffusionBound struct {
	Prior float64   // KL(q(z_T|z_0) ‖ N(0, I)), in closed form
	Steps []float64 // Steps[t−2] is the KL of step t, for t = 2 … T: w_t E ‖ε − ε̂‖², a mean over draws, and what the variances cost
	Last  float64   // E ln p(z_0|z_1), a mean over draws
}

// ELBO is the sum of the terms.
func (b DiffusionBound) ELBO() float64 { return b.Last - sum(b.Steps) - b.Prior }

// ELBO returns the bound as a mean over the codes in the rows of z, each with its own noise at every step.
func (d Denoiser) ELBO(z *mat.Dense, rng *rand.Rand) DiffusionBound {
	n, _ := checked("Denoiser", "z", z)
	return d.Schedule.bound(z, rng, func(eps *mat.Dense, t int) *mat.Dense {
		times := make([]int, n)
		for i := range times {
			times[i] = t
		}
		_, noise := d.guess(z, eps, times)
		return noise
	})
}

// bound is the ELBO of any guess at the noise.
func (s Schedule) bound(z *mat.Dense, rng *rand.Rand, guess func(eps *mat.Dense, t int) *mat.Dense) DiffusionBound {
	n, l := z.Dims()
	b := DiffusionBound{Steps: make([]float64, s.Steps()-1)}
	for i := range n {
		b.Prior += s.priorKL(z.RawRowView(i)) / float64(n)
	}
	for t := 1; t <= s.Steps(); t++ {
		eps := normals(n, l, rng)
		var miss mat.Dense
		miss.Sub(eps, guess(eps, t))
		square := mat.Norm(&miss, 2)
		nats := s.weight(t) * square * square / float64(n)
		if t == 1 {
			b.Last = -nats - s.lastConstant(l)
		} else {
			b.Steps[t-2] = nats + s.spread(t, l)
		}
	}
	return b
}

// priorKL is KL(q(z_T|z_0) ‖ N(0, I)).
func (s Schedule) priorKL(z0 []float64) float64 {
	a := s.AlphaBar[s.Steps()]
	var k float64
	for _, v := range z0 {
		k += 0.5 * (a*v*v - a - math.Log1p(-a))
	}
	return k
}

// lastConstant is what −ln p(z_0|z_1) has beside the squared distance.
func (s Schedule) lastConstant(l int) float64 {
	return 0.5 * float64(l) * math.Log(2*math.Pi*s.Beta[0])
}

// quick estimates the ELBO with one step a code: the sum over t is T times a mean.
func (d Denoiser) quick(z, eps *mat.Dense, times []int, workers int) float64 {
	n, l := z.Dims()
	total := inChunks(n, workers, nil, func(from, to int, _ []float64) float64 {
		_, guess := d.guess(rows(z, from, to), rows(eps, from, to), times[from:to])
		var nats float64
		for i := from; i < to; i++ {
			var square float64
			for j, e := range eps.RawRowView(i) {
				miss := e - guess.At(i-from, j)
				square += miss * miss
			}
			nats += float64(d.Schedule.Steps())*d.Schedule.weight(times[i])*square + d.Schedule.priorKL(z.RawRowView(i))
		}
		return nats
	})
	constant := d.Schedule.lastConstant(l)
	for t := 2; t <= d.Schedule.Steps(); t++ {
		constant += d.Schedule.spread(t, l)
	}
	return -total/float64(n) - constant
}

// CodeTable returns the means and the sds of q(z|x) for every row of x, n×L each.
func (w Weights) CodeTable(x *mat.Dense) (mean, sd *mat.Dense) {
	n, _ := checked("CodeTable", "x", x)
	l := w.Decoder.Sizes[0]
	mean, sd = mat.NewDense(n, l, nil), mat.NewDense(n, l, nil)
	for i := range n {
		c := w.Encode(x.RawRowView(i))
		mean.SetRow(i, c.Mean)
		sd.SetRow(i, c.SD)
	}
	return mean, sd
}

// Codes returns a draw from q(z|x) for every row of x, n×L.
func (w Weights) Codes(x *mat.Dense, rng *rand.Rand) *mat.Dense {
	n, _ := checked("Codes", "x", x)
	acts := w.Encoder.forward(x)
	z, _ := reparameterise(acts[len(acts)-1], normals(n, w.Decoder.Sizes[0], rng))
	return z
}
