package cavi

import (
	"math"
	"slices"
)

const (
	fewData     = 1000 // up to as many, sums of a smooth function run over the data themselves
	fewerPlaces = 128  // above it, over as many weighted places instead, and twice as many to see that it is enough
)

// places returns points at and weights so that Σ_i f(x_i) is Σ_j weights[j] f(at[j]) for every polynomial f of
// degree below n, and nearly so for a function that such a polynomial is close to. The points are the Chebyshev
// points of the data's range; a weight is the sum over the data of the point's Lagrange polynomial,
//
//	l_j(x) = 1/n + (2/n) Σ_{m=1}^{n−1} T_m(y_j) T_m(x)
//
// It takes n passes' worth of additions over the data, and serves any number of functions after that.
//
// Source: Trefethen, Approximation Theory and Approximation Practice (2013), ch. 2 to 4 and 19.
func places(x []float64, n int) (at, weights []float64) {
	lo, hi := slices.Min(x), slices.Max(x)
	middle, half := lo+(hi-lo)/2, (hi-lo)/2
	if half == 0 {
		return []float64{lo}, []float64{float64(len(x))}
	}
	moments := make([]float64, n) // Σ_i T_m(x_i)
	for _, v := range x {
		u := (v - middle) / half
		before, now := 1.0, u
		moments[0]++
		for m := 1; m < n; m++ {
			moments[m] += now
			before, now = now, 2*u*now-before
		}
	}
	at, weights = make([]float64, n), make([]float64, n)
	for j := range at {
		angle := math.Pi * (float64(j) + 0.5) / float64(n)
		at[j] = middle + half*math.Cos(angle)
		w := moments[0]
		for m := 1; m < n; m++ {
			w += 2 * moments[m] * math.Cos(float64(m)*angle)
		}
		weights[j] = w / float64(n)
	}
	return at, weights
}
