package vae

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Refined is what one datum's q(z) becomes when it is fitted to that datum alone, the decoder held.
type Refined struct {
	Path []Code // the encoder's q(z|x) first, then after each step
}

// Last returns the fitted q(z).
func (r Refined) Last() Code { return r.Path[len(r.Path)-1] }

const (
	leastDraws     = 64   // noise vectors, the same in every step
	drawsPerNumber = 8    // and so many for each number of a code, where that is more
	refineRate     = 0.02 // Adam's step size on means and log variances
	refineStream   = 0x76616533
)

// Refine climbs the ELBO of one datum over the mean and sd of its own q(z), starting from the encoder's answer:
// variational inference without a network in between. What it gains is the amortisation gap; what then is still
// missing to ln p(x) is the family's, a Gaussian with independent coordinates.
//
// Source: Cremer, Li and Duvenaud, Inference suboptimality in variational autoencoders (2018), §3.
func (w Weights) Refine(x []float64, steps int, seed uint64) Refined {
	if steps < 0 {
		panic(fmt.Sprintf("vae: Refine: steps is %d, want 0 or more", steps))
	}
	q := w.Encode(x)
	l := len(q.Mean)
	draws := max(leastDraws, drawsPerNumber*l)
	eps := evenNoise(draws, l, rand.New(rand.NewPCG(seed, refineStream)))
	out := make([]float64, 2*l) // means, then log variances, as an encoder would answer
	for j := range l {
		out[j], out[l+j] = q.Mean[j], 2*math.Log(q.SD[j])
	}
	r := Refined{Path: []Code{q}}
	up, unused := adam{rate: refineRate}, make([]float64, len(w.Decoder.Theta))
	for range steps {
		all := mat.NewDense(draws, 2*l, nil)
		slope := mat.NewDense(draws, len(x), nil)
		for i := range draws {
			all.SetRow(i, out)
		}
		z, _ := reparameterise(all, eps)
		acts := w.Decoder.forward(z)
		for i := range draws {
			w.slopes(x, acts[len(acts)-1].RawRowView(i), slope.RawRowView(i))
		}
		d := codeSlope(all, eps, w.Decoder.backward(acts, slope, unused))
		grad := make([]float64, 2*l)
		for i := range draws {
			for j, v := range d.RawRowView(i) {
				grad[j] += v
			}
		}
		up.climb(grad, float64(draws), out)
		c := Code{Mean: make([]float64, l), SD: make([]float64, l)}
		for j := range l {
			c.Mean[j], c.SD[j] = out[j], math.Exp(out[l+j]/2)
		}
		r.Path = append(r.Path, c)
	}
	return r
}

// evenNoise draws n vectors of noise, n even, and turns and scales them so that their mean is exactly 0 and their
// second moments exactly those of N(0, I). With a linear decoder the ELBO under them is then exact.
func evenNoise(n, l int, rng *rand.Rand) *mat.Dense {
	half := normals(n/2, l, rng)
	moments := mat.NewSymDense(l, nil)
	moments.SymOuterK(2/float64(n), half.T())
	var chol mat.Cholesky
	chol.Factorize(moments) // more draws than numbers: positive definite
	var root mat.TriDense
	chol.UTo(&root) // UᵀU = moments
	root.InverseTri(&root)
	var eps, even, minus mat.Dense
	even.Mul(half, &root)
	minus.Scale(-1, &even)
	eps.Stack(&even, &minus)
	return &eps
}
