package kl

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
)

var estimators = []Estimator{StickingTheLanding, Reparameterised, ScoreFunction}

// TestEstimatorsAgreeOnTheGradient holds each estimator's mean against the quadrature's gradient.
func TestEstimatorsAgreeOnTheGradient(t *testing.T) {
	q := Gaussian{[]float64{0.4, -0.3}, mat.NewSymDense(2, []float64{0.7, 0.2, 0.2, 0.5})}
	for name, p := range map[string]Target{"banana": Banana{}, "bare ring": bare{Ring{Radius: 1, Width: 0.8}}} {
		for _, f := range []Family{FullRank, MeanField} {
			at := f.within(q).factored("test")
			r := newExpecter(p, at, 0).at(at)
			want := []float64{r.slope[0], r.slope[1], r.spread[0] + 1}
			if f == FullRank {
				want = append(want, r.spread[2])
			}
			want = append(want, r.spread[3]+1)
			for _, e := range estimators {
				const n = 4000
				mean, sd := GradientNoise(p, q, f, BlackBox{Estimator: e}, n, 3)
				if len(mean) != len(want) {
					t.Fatalf("%s, %v: %d slopes, want %d", name, f, len(mean), len(want))
				}
				for i := range mean {
					if math.Abs(mean[i]-want[i]) > 4.5*sd[i]/math.Sqrt(n) || !(sd[i] > 0) {
						t.Errorf("%s, %v, %v: slope %d is %v ± %v, want %v", name, f, e, i, mean[i], sd[i]/math.Sqrt(n), want[i])
					}
				}
			}
		}
	}
}

func TestStickingTheLandingHasNoNoiseAtTheOptimum(t *testing.T) {
	p := Gaussian{[]float64{1, -2}, mat.NewSymDense(2, []float64{2, -0.9, -0.9, 1})}
	noise := map[Estimator]float64{}
	for _, e := range estimators {
		_, sd := GradientNoise(p, p, FullRank, BlackBox{Estimator: e}, 200, 1)
		noise[e] = slices.Max(sd)
	}
	if noise[StickingTheLanding] > 1e-12 {
		t.Errorf("sticking the landing: noise %v at the optimum", noise[StickingTheLanding])
	}
	if noise[Reparameterised] < 0.1 {
		t.Errorf("reparameterised: noise %v", noise[Reparameterised])
	}
	// w = ln p − ln q is constant there, so the baseline takes all of it away.
	if noise[ScoreFunction] > 1e-12 {
		t.Errorf("score function: noise %v", noise[ScoreFunction])
	}
	// Away from it the order is the well-known one.
	q := NewGaussian([]float64{0, 0}, []float64{1, 1})
	for _, e := range estimators {
		_, sd := GradientNoise(p, q, FullRank, BlackBox{Estimator: e}, 400, 1)
		noise[e] = sd[0]*sd[0] + sd[1]*sd[1]
	}
	if noise[ScoreFunction] < 2*noise[Reparameterised] {
		t.Errorf("noise: score function %v, reparameterised %v", noise[ScoreFunction], noise[Reparameterised])
	}
}

func TestBlackBoxFindsTheOptimum(t *testing.T) {
	long := fit.Settings{Sweeps: 3000, Seed: 1}
	p := Correlated(0.9)
	tr := ReverseBlackBox(p, NewGaussian([]float64{-2.2, 1.6}, []float64{1, 1}), FullRank, BlackBox{}, long)
	if kl := MvNormal(tr.Last().Q, p); kl > 1e-9 {
		t.Errorf("full rank on a Gaussian sticks the landing: KL %v", kl)
	}
	// Where q cannot meet p, the noise stays and the exact optimum is near.
	for _, e := range estimators {
		tr := ReverseBlackBox(p, NewGaussian([]float64{-2.2, 1.6}, []float64{1, 1}), MeanField, BlackBox{Estimator: e}, long)
		elbo, _ := ELBO(p, tr.Last().Q, settings)
		near(t, e.String()+": ELBO", elbo, 0.5*math.Log(1-0.81), 0.02)
		if tr.Status != fit.OutOfSweeps || len(tr.Steps) != 3001 || tr.Objective != "ELBO, estimated" {
			t.Errorf("%v: %v, %d steps, %q", e, tr.Status, len(tr.Steps), tr.Objective)
		}
	}
	exact := Reverse(Funnel{}, unitGaussian(2), MeanField, settings).Last()
	noisy := ReverseBlackBox(bare{Funnel{}}, unitGaussian(2), MeanField, BlackBox{Draws: 50}, long).Last()
	near(t, "funnel: sd of v", noisy.Q.Sd(0), exact.Q.Sd(0), 0.03)
	near(t, "funnel: sd of x", noisy.Q.Sd(1), exact.Q.Sd(1), 0.03)
	high := Gaussian{make([]float64, 12), spd(12, rand.New(rand.NewPCG(1, 5)))}
	if kl := MvNormal(ReverseBlackBox(high, high.start(), FullRank, BlackBox{Draws: 40}, long).Last().Q, high); kl > 0.05 {
		t.Errorf("12 dimensions: KL %v", kl)
	}
}

// start returns a start near g: its variances, no correlations, means off by an sd.
func (g Gaussian) start() Gaussian {
	q := MeanField.within(g)
	for i := range q.Mean {
		q.Mean[i] += q.Sd(i)
	}
	return q
}

func TestBlackBoxTrace(t *testing.T) {
	t.Parallel()
	p, q0 := TwoBumps(1), one(2, 1)
	tr := ReverseBlackBox(p, q0, FullRank, BlackBox{}, fit.Settings{Sweeps: 300})
	fell := 0
	var off running
	for i, s := range tr.Steps {
		if s.Sweep != i {
			t.Fatalf("step %d has sweep %d", i, s.Sweep)
		}
		if i > 0 && s.Value < tr.Steps[i-1].Value {
			fell++
		}
		exact, _ := ELBO(p, s.Q, settings)
		off.add(s.Value - exact)
	}
	if fell < 50 {
		t.Errorf("the estimate fell %d times in 300: where is the noise?", fell)
	}
	if math.Abs(off.mean) > 4.5*off.se() {
		t.Errorf("the estimates are off by %v ± %v on average", off.mean, off.se())
	}
	again := ReverseBlackBox(p, q0, FullRank, BlackBox{}, fit.Settings{Sweeps: 300, Workers: 3})
	if again.Last().Value != tr.Last().Value || again.Last().Q.Mean[0] != tr.Last().Q.Mean[0] {
		t.Error("the same seed gave another trace")
	}
	other := ReverseBlackBox(p, q0, FullRank, BlackBox{}, fit.Settings{Sweeps: 300, Seed: 1})
	if other.Last().Value == tr.Last().Value {
		t.Error("the seed changes nothing")
	}
	last := ReverseBlackBox(p, q0, FullRank, BlackBox{}, fit.Settings{Sweeps: 300, Keep: fit.LastOnly})
	if len(last.Steps) != 1 || last.Last().Value != tr.Last().Value {
		t.Errorf("LastOnly keeps %d steps", len(last.Steps))
	}
}

func TestBlackBoxBroken(t *testing.T) {
	half := of(func(x []float64) float64 {
		if x[0] <= 0 {
			return math.Inf(-1)
		}
		return -x[0]
	})
	tr := ReverseBlackBox(half, one(0, 1), FullRank, BlackBox{}, settings)
	if tr.Status != fit.Broken || !contains(tr.Reason, "LogProb is -Inf") || len(tr.Steps) != 1 {
		t.Errorf("%v %q, %d steps", tr.Status, tr.Reason, len(tr.Steps))
	}
	// A rate far too high is held back, not blown up.
	wild := ReverseBlackBox(TwoBumps(2), one(50, 0.1), FullRank, BlackBox{Rate: 1e6}, settings)
	if wild.Status == fit.Broken || math.IsNaN(wild.Last().Value) {
		t.Errorf("a wild rate: %v %q", wild.Status, wild.Reason)
	}
	for want, b := range map[string]BlackBox{
		"Draws is -1": {Draws: -1}, "Draws is 1, want at least 2": {Estimator: ScoreFunction, Draws: 1},
		"Rate is -1": {Rate: -1}, "Power is 0.5": {Power: 0.5}, "Delay is NaN": {Delay: math.NaN()}, "Estimator is 7": {Estimator: 7},
	} {
		mustPanic(t, want, func() { ReverseBlackBox(TwoBumps(1), one(0, 1), FullRank, b, settings) })
	}
	mustPanic(t, "n is 1", func() { GradientNoise(TwoBumps(1), one(0, 1), FullRank, BlackBox{}, 1, 0) })
}
