package vae

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Bound is a datum's ELBO by its two terms, in nats.
type Bound struct {
	Fit float64 // E_q ln p(x|z), a mean over draws
	KL  float64 // KL(q(z|x) ‖ N(0, I)), in closed form
}

// ELBO is Fit − KL.
func (b Bound) ELBO() float64 { return b.Fit - b.KL }

// ELBO returns the bound of one datum under the encoder's q(z|x), its first term a mean over so many draws.
func (w Weights) ELBO(x []float64, draws int, rng *rand.Rand) Bound {
	return w.ELBOUnder(w.Encode(x), x, draws, rng)
}

// ELBOUnder returns the bound of one datum under any q(z).
func (w Weights) ELBOUnder(q Code, x []float64, draws int, rng *rand.Rand) Bound {
	checkDraws("ELBO", draws)
	b := Bound{KL: q.KL()}
	for range draws {
		b.Fit += w.LogLikelihood(x, q.Draw(rng)) / float64(draws)
	}
	return b
}

// ImportanceWeighted returns ln (1/k) Σ_i p(x, z_i)/q(z_i|x), z_i ~ q(z|x), in nats: for k = 1 an unbiased estimate
// of the ELBO; in expectation it rises with k towards ln p(x) and never passes it.
//
// Source: Burda, Grosse and Salakhutdinov, Importance weighted autoencoders (2016), eq. 8 and theorem 1.
func (w Weights) ImportanceWeighted(x []float64, k int, rng *rand.Rand) float64 {
	checkDraws("ImportanceWeighted", k)
	q := w.Encode(x)
	ratios := make([]float64, k)
	for i := range ratios {
		z := q.Draw(rng)
		ratios[i] = w.LogLikelihood(x, z) + standardLogProb(z) - q.logProb(z)
	}
	return floats.LogSumExp(ratios) - math.Log(float64(k))
}

// Evidence is ln p(x) of one datum by quadrature over the codes, and the posterior p(z|x) on the grid it used.
type Evidence struct {
	LogEvidence float64
	Posterior   [][]float64 // a density; rows from the bottom, over ±CodeRange in both directions
}

// CodeRange is how far from 0 Evidence looks along each coordinate of a code: N(0, I) has 4e-9 of its mass beyond.
const CodeRange = 6.0

// Evidence integrates p(x|z) N(z; 0, I) over the plane by the midpoint rule on cells × cells cells, about 1e-6 nats
// good where the posterior's sds are at least a cell. Many data share one table of the decoder, see Plane. It panics
// unless codes have two numbers.
func (w Weights) Evidence(x []float64, cells int) Evidence { return w.Plane(cells).Evidence(x) }

// Plane is what the decoder says at the middles of cells × cells cells of the plane of codes.
type Plane struct {
	w     Weights
	cells int
	out   *mat.Dense // cells²×d, the decoder's output; rows of the plane from the bottom
	prior []float64  // ln N(z; 0, I)
}

// Plane evaluates the decoder once for every cell. It panics unless codes have two numbers.
func (w Weights) Plane(cells int) Plane {
	if w.Decoder.Sizes[0] != 2 {
		panic(fmt.Sprintf("vae: Plane: codes have %d numbers, want 2", w.Decoder.Sizes[0]))
	}
	if cells < 2 {
		panic(fmt.Sprintf("vae: Plane: cells is %d, want at least 2", cells))
	}
	z, prior := mat.NewDense(cells*cells, 2, nil), make([]float64, cells*cells)
	at := func(i int) float64 { return -CodeRange + (float64(i)+0.5)*2*CodeRange/float64(cells) }
	for i := range prior {
		z.SetRow(i, []float64{at(i % cells), at(i / cells)})
		prior[i] = standardLogProb(z.RawRowView(i))
	}
	acts := w.Decoder.forward(z)
	return Plane{w: w, cells: cells, out: acts[len(acts)-1], prior: prior}
}

// Evidence is that of Weights, from the table.
func (p Plane) Evidence(x []float64) Evidence {
	joint := make([]float64, len(p.prior))
	for i, prior := range p.prior {
		joint[i] = prior + p.w.logLikelihood(x, p.out.RawRowView(i))
	}
	side := 2 * CodeRange / float64(p.cells)
	e := Evidence{LogEvidence: floats.LogSumExp(joint) + 2*math.Log(side)}
	for j := range p.cells {
		row := make([]float64, p.cells)
		for i := range row {
			row[i] = math.Exp(joint[j*p.cells+i] - e.LogEvidence)
		}
		e.Posterior = append(e.Posterior, row)
	}
	return e
}

// standardLogProb is ln N(z; 0, I).
func standardLogProb(z []float64) float64 {
	return -0.5 * (floats.Dot(z, z) + float64(len(z))*math.Log(2*math.Pi))
}

func checkDraws(name string, n int) {
	if n < 1 {
		panic(fmt.Sprintf("vae: %s: %d draws, want at least 1", name, n))
	}
}
