package figures

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
)

// The numbers that lesson 10 writes into its text, answers included, are computed here again.
func TestLesson10SaysWhatTheSolverSays(t *testing.T) {
	says := sayings(t, "10-why-vi")
	holds := func(sd, promised float64) float64 {
		return 100 * (2*distuv.UnitNormal.CDF(sd*distuv.UnitNormal.Quantile((1+promised)/2)) - 1)
	}
	sd := func(rho float64) float64 {
		return cavi.Fit(cavi.Gaussian{Target: kl.Correlated(rho)}, fit.Settings{}).Last().Q.Gaussian().Sd(0)
	}
	says(`= %.0f\,\%%$`, holds(sd(.6), .9))
	if missed := 100 - holds(sd(.99), .9); math.Abs(missed-80) > 3 {
		t.Errorf("at ρ = 0.99 mean field misses %.0f %%, the lesson says four times in five", missed)
	}
	says("Near ρ = 0.6 the promise of 90 %% is worth %.0f", holds(sd(.6), .9))
	says("promises 99 %% holds %.0f", holds(sd(.9), .99))
	says("If you have %.0f %%, you took", holds(.6, .9))
	says("%.0f %% took the variance 0.64", holds(.64, .9))
	says("a count of %.0f %% scatters", holds(sd(.9), .9))
	says(`2/\ln(1 + \sqrt 2) = %.2f$`, 2/math.Log(1+math.Sqrt2))

	// 10.1: the formula, and what it says.
	for r, want := range map[float64]float64{-0.3: 6.0 / 7, -0.4: 4.0 / 3} {
		if got := 2 * math.Abs(r) / (1 + r); math.Abs(got-want) > 1e-12 {
			t.Errorf("r = %v: factor %v", r, got)
		}
	}
	says(`$0.6/0.7 = %.3f$`, 0.6/0.7)
	says(`$0.8/0.6 = %.2f$`, 0.8/0.6)

	// The band at ρ = 0.7: on both sides of ½, mostly below 0.7.
	p := kl.Correlated(.7)
	q := cavi.Fit(cavi.Gaussian{Target: p}, fit.Settings{}).Last().Q.Gaussian()
	low, trusted := 0, 0
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 0))
		x, ratios := make([]float64, 2), make([]float64, 4000)
		for i := range ratios {
			q.Draw(x, rng)
			ratios[i] = p.LogProb(x) - q.LogProb(x)
		}
		k, _ := kl.ParetoK(ratios)
		if k < .5 {
			low++
		}
		if k < .7 {
			trusted++
		}
	}
	if low == 0 || low == 20 || trusted <= 10 {
		t.Errorf("at ρ = 0.7 %d of 20 seeds are below ½ and %d below 0.7", low, trusted)
	}

	// The alarms: most slips are silent for the first, none for the third.
	eight := model.GMM{X: []float64{-2.9, -1.8, -1.2, -0.4, 0.6, 1.3, 2.2, 3.1}, Sigma: 1, Tau0: 5}
	silent, least := 0, math.Inf(1)
	for _, w := range WrongUpdates(eight, []float64{-0.4, 3.2})[1:] {
		if !w.Fell {
			silent++
		}
		least = min(least, w.Short)
	}
	if silent <= 3 || least < 5e-5 || least > 1.5e-4 {
		t.Errorf("%d of 7 slips are silent for the first alarm, the third hears %v nats", silent, least)
	}
	m, post := raceMixture(40)
	gap := cavi.GMM{GMM: m}.Gap(cavi.Fit(cavi.GMM{GMM: m, Init: []float64{-0.4, 3.2}}, fit.Settings{}).Last().Q, post.LogEvidence)
	if math.Abs(gap.MeanField-.25) > .03 {
		t.Errorf("mean field's share is %v, the lesson says a quarter", gap.MeanField)
	}
}
