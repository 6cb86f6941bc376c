package kl

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Named constants of the fixed draws.
const (
	basePairs = 2048             // antithetic pairs at least
	pairsPerD = 16               // and at least so many a dimension
	basePCG   = 0x6b6c2d62617365 // second word of the generator: "kl-base"
	relStep   = 0x1p-17          // of the central differences, near the cube root of 2⁻⁵²
)

// baseDraws returns standard normal draws z in d dimensions that come in pairs ±z and whose second moments
// are exactly the identity: a quadratic is then integrated without error, so that a Gaussian target is
// found exactly.
func baseDraws(d int, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, basePCG))
	pairs := max(basePairs, pairsPerD*d)
	half := make([][]float64, pairs)
	second := mat.NewSymDense(d, nil)
	for k := range half {
		z := make([]float64, d)
		for i := range z {
			z[i] = rng.NormFloat64()
		}
		half[k] = z
		second.SymRankOne(second, 1/float64(pairs), mat.NewVecDense(d, z))
	}
	white := Gaussian{Mean: make([]float64, d), Cov: second}.factored("base draws")
	all := make([][]float64, 0, 2*pairs)
	for _, z := range half {
		white.solve(z)
		minus := make([]float64, d)
		for i, v := range z {
			minus[i] = -v
		}
		all = append(all, z, minus)
	}
	return all
}

// gradient returns the target's own score, or central differences of LogProb where it has none.
func gradient(p, fast Target) func(dst, x []float64) {
	if s, ok := fast.(Scorer); ok {
		return func(dst, x []float64) { s.ScoreInput(dst, x) }
	}
	if s, ok := p.(Scorer); ok {
		return func(dst, x []float64) { s.ScoreInput(dst, x) }
	}
	return func(dst, x []float64) {
		for i, v := range x {
			h := relStep * (1 + math.Abs(v))
			x[i] = v + h
			up, xu := fast.LogProb(x), x[i]
			x[i] = v - h
			down, xd := fast.LogProb(x), x[i]
			x[i] = v
			dst[i] = (up - down) / (xu - xd)
		}
	}
}

// drawn is the expectation as the mean over the fixed draws.
func (e *expecter) drawn(q factor) expectation {
	d := len(q.mean)
	r := expectation{slope: make([]float64, d), spread: make([]float64, d*d)}
	x, g := make([]float64, d), make([]float64, d)
	f0 := e.p.LogProb(append([]float64(nil), q.mean...))
	if math.IsInf(f0, -1) {
		f0 = 0
	}
	var sum, square, pairSum float64
	for k, z := range e.base {
		q.place(x, z)
		f := e.p.LogProb(x)
		if math.IsNaN(f) || math.IsInf(f, 1) {
			return expectation{bad: "LogProb is " + number(f) + " at " + place(x)}
		}
		if math.IsInf(f, -1) {
			r.f = f
			return r
		}
		f -= f0
		sum += f
		r.abs += math.Abs(f)
		// The two of a pair are not independent: the standard error is that of the pairs' means.
		pairSum += f
		if k%2 == 1 {
			square += pairSum * pairSum / 4
			pairSum = 0
		}
		e.grad(g, x)
		for i, v := range g {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return expectation{bad: "the gradient of LogProb is " + number(v) + " at " + place(x)}
			}
			r.slope[i] += v
			for j := range i + 1 {
				r.spread[i*d+j] += v * z[j]
			}
		}
	}
	n := float64(len(e.base))
	mean := sum / n
	r.f, r.abs = f0+mean, r.abs/n
	r.err = math.Sqrt(max(0, square/(n/2)-mean*mean) / (n / 2))
	for i := range r.slope {
		r.slope[i] /= n
	}
	for i := range r.spread {
		r.spread[i] /= n
	}
	// From the gradient in x to that along z: Lᵀ E ∇f and Lᵀ E ∇f zᵀ, of which the lower triangle counts.
	slope, spread := make([]float64, d), make([]float64, d*d)
	for i := range d {
		for k := i; k < d; k++ {
			slope[i] += q.low[k*d+i] * r.slope[k]
			for j := range i + 1 {
				spread[i*d+j] += q.low[k*d+i] * r.spread[k*d+j]
			}
		}
	}
	r.slope, r.spread = slope, spread
	return r
}

// frozen returns p in a form that is quick to evaluate again and again.
func frozen(p Target) Target {
	switch p := p.(type) {
	case Gaussian:
		return p.factored("Gaussian")
	case Mixture:
		return p.frozen()
	}
	return p
}
