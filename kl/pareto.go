package kl

import (
	"math"
	"slices"
	"strconv"
)

// ParetoK returns k̂, the shape of the generalised Pareto distribution that fits the largest importance
// ratios p(x)/q(x), x ~ q, and the standard deviation of that estimate. logRatios are ln p(x) − ln q(x) at n draws
// of q, up to a constant; −Inf is a draw where p is 0.
//
// It is an alarm for an approximation that is too narrow: a mean of p/q-weighted values has a variance for
// k < ½; above about 0.7 it is not to be trusted, at 1 and above it has no mean. It does not see a mode of p
// that no draw of q came near. A light tail gives k ≤ 0, and ratios that are all equal give 0 with sd 0. One k̂
// is noisy: show it with its band (for a mean-field q on a Gaussian with correlation ρ, k is |ρ|).
//
// The tail is the largest min(n/5, 3√n) ratios; the fit is Zhang and Stephens's posterior mean, pulled towards
// ½ as by ten further draws; the sd is the maximum-likelihood estimator's, (1 + k)/√M for a tail of M. It
// panics on fewer than 25 ratios, on NaN and on +Inf.
//
// Sources: Vehtari, Simpson, Gelman, Yao and Gabry, Pareto smoothed importance sampling, JMLR 25 (2024), §3 and
// appendix C; Zhang and Stephens, Technometrics 51 (2009); Yao, Vehtari, Simpson and Gelman, Yes, but did it
// work?, ICML 2018.
func ParetoK(logRatios []float64) (k, sd float64) {
	const (
		fewest     = 25
		priorDraws = 10
		priorK     = 0.5
	)
	n := len(logRatios)
	if n < fewest {
		panic("kl: ParetoK: there are " + strconv.Itoa(n) + " log ratios, want at least " + strconv.Itoa(fewest))
	}
	for i, v := range logRatios {
		if math.IsNaN(v) || math.IsInf(v, 1) {
			panic("kl: ParetoK: logRatios[" + strconv.Itoa(i) + "] is " + number(v) + ", want a number or −Inf")
		}
	}
	sorted := slices.Clone(logRatios)
	slices.Sort(sorted)
	tail := min(n/5, int(3*math.Sqrt(float64(n))))
	cut, top := sorted[n-tail-1], sorted[n-1]
	if math.IsInf(top, -1) {
		panic("kl: ParetoK: every log ratio is −Inf, want at least one draw where p is positive")
	}
	if cut == top {
		return 0, 0
	}
	// What each ratio of the tail exceeds the cut by, as a share of the largest ratio.
	x := make([]float64, 0, tail)
	for _, v := range sorted[n-tail:] {
		if math.IsInf(cut, -1) {
			x = append(x, math.Exp(v-top))
			continue
		}
		x = append(x, math.Exp(cut-top)*math.Expm1(v-cut))
	}
	m := float64(tail)
	k = (m*paretoShape(x) + priorDraws*priorK) / (m + priorDraws)
	return k, max(0, 1+k) / math.Sqrt(m)
}

// paretoShape is Zhang and Stephens's estimate of k from exceedances in ascending order: the mean of θ = −k/σ
// under a data-based prior on a grid, and k at that θ.
func paretoShape(x []float64) float64 {
	const (
		least  = 30 // points of the grid
		spread = 3  // of the prior, in quartiles
	)
	n := len(x)
	grid := least + int(math.Sqrt(float64(n)))
	quartile, largest := x[max(int(float64(n)/4+0.5)-1, 0)], x[n-1]
	if quartile <= 0 {
		// Ties at the cut: the smallest exceedance that is one.
		quartile = x[slices.IndexFunc(x, func(v float64) bool { return v > 0 })]
	}
	shape := func(theta float64) float64 {
		var sum float64
		for _, v := range x {
			sum += math.Log1p(-theta * v)
		}
		return sum / float64(n)
	}
	theta, like := make([]float64, grid), make([]float64, grid)
	for j := range grid {
		theta[j] = 1/largest + (1-math.Sqrt(float64(grid)/(float64(j)+0.5)))/(spread*quartile)
		k := shape(theta[j])
		like[j] = float64(n) * (math.Log(-theta[j]/k) - k - 1)
		if theta[j] == 0 {
			// The exponential distribution, the limit of k → 0.
			like[j] = math.Inf(-1)
		}
	}
	best := slices.Max(like)
	var sum, mean float64
	for j, l := range like {
		w := math.Exp(l - best)
		sum += w
		mean += w * theta[j]
	}
	return shape(mean / sum)
}
