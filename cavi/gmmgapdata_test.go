package cavi

import (
	"math"
	"slices"
	"testing"

	"elboroom/model"
)

// Weighted places give the sums that the data give: of polynomials, and of the gap's own integrand.
func TestPlaces(t *testing.T) {
	const n, tol = 12, 1e-12
	x, _ := model.SimulateGMM(3*fewData, []float64{-1.6, 1.9}, 1, rng(4))
	at, weights := places(x, n)
	scale := max(math.Abs(slices.Min(x)), slices.Max(x))
	for degree := range n {
		var direct, condensed float64
		for _, v := range x {
			direct += math.Pow(v/scale, float64(degree))
		}
		for j, v := range at {
			condensed += weights[j] * math.Pow(v/scale, float64(degree))
		}
		if math.Abs(direct-condensed) > tol*float64(len(x)) {
			t.Errorf("Σ x^%d is %v over places, %v over the data", degree, condensed, direct)
		}
	}
	if at, weights := places([]float64{7, 7, 7}, n); len(at) != 1 || at[0] != 7 || weights[0] != 3 {
		t.Errorf("three data at 7 stand at %v with weights %v", at, weights)
	}
}

// Large data cost less and change nothing, whether q is wide or narrow; where places do not do, as for modes far
// apart in units of the noise, the data themselves are summed.
func TestGapOfLargeData(t *testing.T) {
	for name, c := range map[string]struct{ data, mean, variance []float64 }{
		"narrow":    {[]float64{-1.6, 1.9}, []float64{-1.6, 1.9}, []float64{0.001, 0.002}},
		"wide":      {[]float64{-1.6, 1.9}, []float64{-0.4, 3.2}, []float64{0.05, 0.08}},
		"far apart": {[]float64{-40, 60}, []float64{-40, 60}, []float64{0.001, 0.002}},
		"one place": {[]float64{5, 5}, []float64{5, 5.1}, []float64{0.001, 0.002}},
	} {
		x, _ := model.SimulateGMM(2*fewData, c.data, 1, rng(5))
		if name == "one place" {
			for i := range x {
				x[i] = 5
			}
		}
		m := GMM{GMM: model.GMM{X: x, Tau0: 5}}.checked()
		q := m.Factors(c.mean, c.variance)
		got, off := m.meanSoftOdds(q)
		want, wantOff, _ := m.refined(q, x, nil, 1e-11)
		if rounding := 1e-14 * math.Abs(want) * float64(len(x)); math.Abs(got-want) > off+wantOff+rounding || off > 1e-6*(1+want) {
			t.Errorf("%s: E Σ ln(1 + eᵗ) = %.15g ± %.2g, over the data %.15g ± %.2g", name, got, off, want, wantOff)
		}
	}
}
