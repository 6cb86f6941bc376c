package figures

import (
	"math"
	"math/rand/v2"
	"testing"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
)

// The numbers that lesson 07 writes into its text, answers included, are computed here again.
func TestLesson07SaysWhatTheSolverSays(t *testing.T) {
	says := sayings(t, "07-stochastic-vi")
	x, _ := model.SimulateGMM(1000, []float64{-1.6, 1.9}, 1, rand.New(rand.NewPCG(48, 0)))
	m, start := model.GMM{X: x, Tau0: 5}, []float64{-0.4, 3.2}
	best := cavi.Fit(cavi.GMM{GMM: m, Init: start}, fit.Settings{Keep: fit.LastOnly}).Last().Q.Mean

	// The Explorer.
	far := func(kappa float64, batch, looks int) float64 {
		plan := cavi.Stochastic{Of: 1000, Power: kappa, Batch: batch}
		steps, distance := settling(m.Filled(), start, 40, 1, plan.Filled(), best)
		for i, s := range steps {
			if int(s)*batch >= looks {
				return distance[i]
			}
		}
		return distance[len(distance)-1]
	}
	const all = 40 * 1000
	if five, hundred := far(.7, 5, 100), far(.7, 100, 100); five > hundred {
		t.Errorf("after a hundred looks mini-batches of 5 are %v away, of 100 %v", five, hundred)
	}
	says("κ = 0.55 is still kept %.2f away", far(.55, 5, all))
	says("it ends %.2f away, the worst", far(1, 100, all))
	for _, kappa := range []float64{.55, .6, .7, .8, .9} {
		if far(kappa, 5, all) < far(1, 5, all) || far(kappa, 100, all) > far(1, 100, all) {
			t.Errorf("κ = %v: %v with 5 and %v with 100; κ = 1: %v and %v", kappa, far(kappa, 5, all), far(kappa, 100, all), far(1, 5, all), far(1, 100, all))
		}
	}

	// The black box: far from the top the score function is nearly twice as noisy as the two with a gradient.
	noise := func(e kl.Estimator) float64 {
		_, sd := kl.GradientNoise(Counted{m.Filled(), new(int)}, kl.NewGaussian(start, []float64{1, 1}), kl.MeanField, kl.BlackBox{Estimator: e, Draws: 10}, 200, 1)
		return sd[0]
	}
	if twice := noise(kl.ScoreFunction) / noise(kl.Reparameterised); twice < 1.7 || twice > 2 {
		t.Errorf("the score function is %.2f times as noisy, the lesson says nearly twice", twice)
	}

	// A million streamed: within 0.05 after a twentieth, a hundred sds off after ten steps.
	stream := func(yield func(float64) bool) {
		rng := rand.New(rand.NewPCG(3, 0))
		for range 60_000 {
			if !yield([]float64{-1.6, 1.9}[rng.IntN(2)] + rng.NormFloat64()) {
				return
			}
		}
	}
	tr := cavi.FitStochastic(cavi.GMM{GMM: model.GMM{Tau0: 5}, Init: start}, stream, cavi.Stochastic{Of: 1_000_000, Batch: 500, Power: 1}, fit.Settings{})
	if q := tr.Steps[100].Q; math.Abs(q.Mean[0]+1.6) > 0.05 || math.Abs(q.Mean[1]-1.9) > 0.05 {
		t.Errorf("after a twentieth of a million the means are %v", q.Mean)
	}
	if q := tr.Steps[10].Q; math.Abs(q.Mean[0]+1.6)/math.Sqrt(q.Var[0]) < 100 {
		t.Errorf("after ten steps m₁ = %v with sd %v", q.Mean[0], math.Sqrt(q.Var[0]))
	}
}
