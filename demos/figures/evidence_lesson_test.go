package figures

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/exact"
)

// The numbers that lesson 01 writes into its text, answers included, are computed here again.
func TestLesson01SaysWhatTheSolverSays(t *testing.T) {
	says := sayings(t, "01-posterior-and-evidence")

	// The first minutes: the order of the tosses does not count; a prior of 40 tosses stays near ½.
	prior := distuv.Beta{Alpha: 2, Beta: 2}
	tosses := []int{1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1}
	other := []int{0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}
	if a, b := EvidenceDivision(prior, tosses).Frame(12), EvidenceDivision(prior, other).Frame(12); gridOf(t, a).Numbers != gridOf(t, b).Numbers {
		t.Errorf("in another order the last frame says %q, not %q", gridOf(t, b).Numbers, gridOf(t, a).Numbers)
	}
	firm := exact.BetaBernoulli(distuv.Beta{Alpha: 20, Beta: 20}, 9, 12).Posterior
	says("weighs as much as %.0f tosses", firm.Alpha+firm.Beta-12)
	if math.Abs(firm.Mean()-0.5) > 0.1 {
		t.Errorf("with a firm prior the mean is %v, the lesson says near ½", firm.Mean())
	}

	// Sections 1 to 3
	says(`= 2^{-2000} \approx 10^{%.0f}`, math.Round(-2000*math.Log10(2)))
	says(`end near $10^{%.0f}$`, math.Floor(-1074*math.Log10(2)))
	says(`e \approx %.3f`, math.E)
	fair := 12 * math.Log(0.5)
	for heads, better := range map[int]bool{6: false, 9: true, 11: true} {
		if unknown := exact.BetaBernoulli(prior, heads, 12).LogEvidence; unknown > fair != better {
			t.Errorf("with %d heads the evidence of an unknown coin is %v, of a fair one %v", heads, unknown, fair)
		}
	}
	coin := exact.BetaBernoulli(prior, 9, 12).Posterior
	says("Beta(%v + 9, %v + 3)", coin.Alpha-9, coin.Beta-3)

	// The sliders: equal weights, and eight data against a prior of four.
	half := exact.NormalNormal(distuv.Normal{Mu: 0, Sigma: 2}, 2, []float64{3})
	if math.Abs(half.Posterior.Mu-1.5) > 1e-12 {
		t.Errorf("a prior as precise as one datum ends at %v, the lesson says half-way", half.Posterior.Mu)
	}
	eight := exact.NormalNormal(distuv.Normal{Mu: 0, Sigma: 0.5}, 1, make([]float64, 8))
	if share := 4 * eight.Posterior.Variance(); math.Abs(share-1.0/3) > 1e-12 {
		t.Errorf("the prior's share is %v, the lesson says a third", share)
	}

	// 1.1
	post := exact.BetaBernoulli(distuv.Beta{Alpha: 3, Beta: 1.5}, 4, 10)
	says("= Beta(%v, %v), mean $%v/%v = %.4f$", post.Posterior.Alpha, post.Posterior.Beta, post.Posterior.Alpha, post.Posterior.Alpha+post.Posterior.Beta, post.Predictive())
	says("Beta(%v, %v) added $n$", post.Posterior.Alpha, 1.5+10)

	// 1.2
	heads, n := 1050.0, 1400.0
	says("is $10^{%.0f}$", (heads*math.Log(heads/n)+(n-heads)*math.Log(1-heads/n))/math.Ln10)

	// 1.3
	x := []float64{13, 16, 14.5}
	length := exact.NormalNormal(distuv.Normal{Mu: 10, Sigma: 2}, 3, x).Posterior
	says("= %.4f$, so the variance is %.4f and the sd %.4f; mean $%.4f", 1/length.Variance(), length.Variance(), length.Sigma, length.Variance())
	says("= %.4f$.", length.Mu)
	says("an sd of %.4f is the variance; a mean of %.1f ignores the prior; %.2f averages", length.Variance(), (x[0]+x[1]+x[2])/3, (10+(x[0]+x[1]+x[2])/3)/2)
}
