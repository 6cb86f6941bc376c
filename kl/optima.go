package kl

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
)

// ReverseOptima returns the distinct local optima of Reverse that the starts lead to, the best first: each
// step holds the optimum's ELBO and its q. Fits that broke or ran out of sweeps are left out. Two optima are
// the same when their KL from each other is below 1e−6 nats.
//
// With nil starts and a target in one dimension, it starts at each mode of p with that mode's own width, and at
// p's moments: a mixture's bumps one by one, and the cover of all. A start says only which basin it lies in, so
// an optimum that no start leads to is not found.
func ReverseOptima(p Target, starts []Gaussian, f Family, s fit.Settings) []fit.Step[Gaussian] {
	const same = 1e-6
	if starts == nil {
		starts = lineStarts(p, s)
	}
	s.Keep = fit.LastOnly
	var found []fit.Step[Gaussian]
	for _, q0 := range starts {
		tr := Reverse(p, q0, f, s)
		if tr.Status != fit.Converged {
			continue
		}
		last := tr.Last()
		if !slices.ContainsFunc(found, func(o fit.Step[Gaussian]) bool {
			return math.Abs(o.Value-last.Value) < same && MvNormal(last.Q, o.Q) < same
		}) {
			found = append(found, last)
		}
	}
	slices.SortStableFunc(found, func(a, b fit.Step[Gaussian]) int {
		return cmp.Compare(b.Value, a.Value)
	})
	return found
}

// lineStarts returns starts for a 1-D target: its modes, from left to right, and its moments.
func lineStarts(p Target, s fit.Settings) []Gaussian {
	m := MomentsOf(p, NewGaussian([]float64{0}, []float64{1}), s)
	look := factor{mean: []float64{0}, low: []float64{1}}
	if m.Reason == "" {
		look = m.Gaussian.factored("ReverseOptima")
	}
	var starts []Gaussian
	for _, n := range needles(p, frozen(p), look) {
		starts = append(starts, Gaussian{Mean: []float64{n.at}, Cov: mat.NewSymDense(1, []float64{n.width * n.width})})
	}
	if m.Reason == "" {
		starts = append(starts, m.Gaussian)
	}
	return starts
}

// ELBO returns E_q ln p + H[q] = ln Z − KL(q‖p/Z) in nats with an error: the quadrature's in one and two
// dimensions, above the standard error of the mean over draws of its own, seeded by s.Seed. Unlike the value
// that Reverse ends on, those draws have not been optimised over, so the estimate is unbiased. It is −Inf where
// p is 0 on some of q's mass, and NaN where LogProb is.
//
// Source: Bishop, PRML (2006), eq. 10.3.
func ELBO(p Target, q Gaussian, s fit.Settings) (elbo, err float64) {
	const freshSeed = 0x9e3779b97f4a7c15 // turns Reverse's draws into others
	mustBeGiven("ELBO", p)
	f := q.factored("ELBO: q")
	r := newExpecter(p, f, s.Seed^freshSeed).at(f)
	if r.bad != "" {
		return math.NaN(), math.NaN()
	}
	return r.f + q.Entropy(), r.err + rounding(1+math.Abs(r.f), 1)
}
