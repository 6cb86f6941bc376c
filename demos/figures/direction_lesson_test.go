package figures

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/fit"
	"elboroom/kl"
)

// The numbers that lesson 02 writes into its text, answers included, are computed here again.
func TestLesson02SaysWhatTheSolverSays(t *testing.T) {
	says := sayings(t, "02-kl-divergence")
	says("1 nat is %.2f bits", 1/math.Ln2)

	// The first minutes: the jump, and that there is none where one bump is all but everything.
	equal := SweepDirections(0.5, 0.3, 4.6, 0.1)
	says("at $a = %.1f$, lets go", equal.Switch)
	if s := SweepDirections(0.7, 0.3, 4.6, 0.1); !(s.Switch < equal.Switch) {
		t.Errorf("with weight 0.7 the switch is at %v, with ½ at %v", s.Switch, equal.Switch)
	}
	heavy, last := SweepDirections(0.95, 0.3, 4.6, 0.1), 0.0
	for _, s := range heavy.Stops {
		now := s.Reverse[s.Best()].Q.Mean[0]
		if math.Abs(now-last) > 0.4 {
			t.Errorf("with weight 0.95 q jumps from %v to %v at a = %v", last, now, s.A)
		}
		last = now
	}

	// The optima at 2, 2.6, 3.2 and 12.
	optima := func(a float64) []fit.Step[kl.Gaussian] {
		return kl.ReverseOptima(kl.TwoBumps(a), nil, kl.FullRank, fit.Settings{})
	}
	if got := optima(2); len(got) != 1 || math.Abs(got[0].Q.Mean[0]) > 1e-6 {
		t.Errorf("at a = 2 the optima are %v", got)
	}
	near, far := optima(2.6), optima(3.2)
	says(`At $\pm 2.6$ covering wins, %.4f against %.4f nats`, -near[0].Value, -near[1].Value)
	says(`At $\pm 3.2$ one bump wins, %.4f against %.4f nats`, -far[0].Value, -far[2].Value)
	middle := kl.Reverse(kl.TwoBumps(3.2), kl.NewGaussian([]float64{0}, []float64{1}), kl.FullRank, fit.Settings{})
	says(`ends in the covering optimum at %.4f nats and reports "%s"`, -middle.Last().Value, middle.Status)
	says(`\ln 2 = %.3f$ nats: the cost`, math.Ln2)
	if got := optima(12); len(got) != 3 || !(got[2].Value < got[0].Value-10) || got[2].Q.Sd(0) < 5 {
		t.Errorf("at a = 12 the optima are %v, the lesson says that covering lives on at a terrible price", got)
	}
	says(`-\ln 0.7 = %.3f$`, -math.Log(0.7))
	says(`-\ln 0.3 = %.3f$`, -math.Log(0.3))
	if s := SweepDirections(0.8, 0.3, 5.5, 0.1); !math.IsNaN(s.Switch) {
		t.Errorf("with weight 0.8 the optima change places at %v, the lesson says nowhere", s.Switch)
	}

	// Estimates from draws: k2's bias is a quarter of m² KL.
	q, p := distuv.Normal{Mu: 1, Sigma: 1}, distuv.UnitNormal
	k2, _ := kl.Quad(q.LogProb, func(x float64) float64 { r := p.LogProb(x) - q.LogProb(x); return q.LogProb(x) - r*r/2 }, math.Inf(-1), math.Inf(1))
	says(`\frac{m^2}{4}\mathrm{KL}$, here by %.3f`, k2-kl.Normal(q, p))

	// 2.1
	a, b := distuv.UnitNormal, distuv.Normal{Mu: 1, Sigma: 2}
	says("= %.4f + 0.25 - 0.5 = %.4f$ nats", math.Ln2, kl.Normal(a, b))
	says("If you have %.4f, you swapped the two. If you have %.4f, the", kl.Normal(b, a), kl.Normal(a, b)+0.5)
	says(`If you have %.4f, you took $\log_2$`, math.Log2(2)+0.25-0.5)

	// 2.2
	says("= %.4f$ nats. The third term", kl.Categorical([]float64{0.5, 0.5, 0}, []float64{0.25, 0.5, 0.25}))

	// 2.3
	mix := kl.Mixture{Weight: []float64{0.5, 0.5}, Mean: []float64{1, 10}, Sd: []float64{1, 1.5}}
	moments := mix.Moments()
	says("= %.1f$. Variance", moments.Mean[0])
	says("= %.3f$, so the sd is %.3f.", moments.Cov.At(0, 0), moments.Sd(0))
	says("An sd of %.2f averages the two sds. A variance of %.3f forgets", (1+1.5)/2, (1+1.5*1.5)/2)
}
