package figures

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/rivals"
	"elboroom/vizlib"
)

func raceMixture(n int) (model.GMM, exact.GMMPosterior) {
	x, _ := model.SimulateGMM(n, []float64{-1.6, 1.9}, 1, rand.New(rand.NewPCG(48, 0)))
	m := model.GMM{X: x, Sigma: 1, Tau0: 5}
	post, err := exact.GMM(m, exact.Config{})
	if err != nil {
		panic(err)
	}
	return m, post
}

func TestRaceJudgeKnowsAPosteriorInClosedForm(t *testing.T) {
	// With the means far apart and every datum's maker plain, the sorted means are independent Gaussians that are known.
	x := []float64{-30, -31, -29, 30, 31}
	m := model.GMM{X: x, Sigma: 1, Tau0: 100}
	post, err := exact.GMM(m, exact.Config{})
	if err != nil {
		t.Fatal(err)
	}
	j := newRaceJudge(m, post)
	for i, mu := range j.mu {
		for k, c := range []struct{ n, sum float64 }{{3, -90}, {2, 61}} {
			v := 1 / (1e-4 + c.n)
			want := 0.5 * math.Erfc(-(mu-v*c.sum)/math.Sqrt(2*v))
			got := [][]float64{j.lower, j.upper}[k][i]
			if math.Abs(got-want) > 4e-3 {
				t.Fatalf("P(mean %d ≤ %.3f) = %v, want %v", k, mu, got, want)
			}
		}
	}
	// A point at the posterior's mean is E|μ − m| = s√(2/π) away.
	got := j.point([]float64{-90 / 3.0001, 61 / 2.0001}).w1
	want := (math.Sqrt(1/3.0001) + math.Sqrt(1/2.0001)) / 2 * math.Sqrt(2/math.Pi)
	if math.Abs(got-want) > 5e-3 {
		t.Errorf("a point is W₁ = %v away, want %v", got, want)
	}
}

func TestRaceIsRunFairlyAndSaysWhatItMeasured(t *testing.T) {
	m, post := raceMixture(40)
	rules := RaceRules{Start: []float64{-0.4, 3.2}, Passes: 2000, Chains: 8, Step: 0.5, Seed: 1}
	r := RunRace(m, post, rules)
	if again := RunRace(m, post, rules); again.Runners[RaceMetropolis].TV[5][3] != r.Runners[RaceMetropolis].TV[5][3] {
		t.Error("two races by the same rules differ")
	}
	c := r.Runners[RaceCAVI]
	q := cavi.Fit(cavi.GMM{GMM: m, Init: rules.Start}, fit.Settings{}).Last().Q
	// The floor by another rule: |q̂ − p| summed over a grid of its own.
	var tv float64
	for x := -9.0; x < 9; x += 0.003 {
		tv += 0.0015 * math.Abs(q.Predictive(x)-post.Predictive(x))
	}
	if got := c.Floor(c.TV); math.Abs(got-tv) > 1e-4 {
		t.Errorf("CAVI's floor is %v, want %v", got, tv)
	}
	for _, k := range []int{RaceGibbs, RaceMetropolis} {
		s := r.Runners[k]
		early, late := quantileOf(s.W1[8], 0.5), s.Floor(s.W1)
		if !(late < early/3) {
			t.Errorf("%s: the error of the means falls from %v to %v, want it to fall to under a third", s.Name, early, late)
		}
	}
	at, ok := r.Crossing(r.Runners[RaceGibbs].W1, c.Floor(c.W1))
	if !ok || at < 20 || at > 1000 {
		t.Errorf("Gibbs crosses CAVI's floor at %d, %v; want some hundred passes", at, ok)
	}
	mv := RaceMovie(r)
	mustDraw(t, mv)
	mustDraw(t, RaceErrors(r))
	if n := mv.Frame(mv.Len - 1).(vizlib.Grid).Numbers; !strings.Contains(n, "(Gibbs)") {
		t.Errorf("the last frame says %q, want when Gibbs crossed", n)
	}
}

func TestCrossingIsForGood(t *testing.T) {
	r := Race{At: []int{1, 2, 3, 4}}
	if at, ok := r.Crossing([][]float64{{5}, {1}, {5}, {1}}, 2); at != 4 || !ok {
		t.Errorf("crossed at %d, %v; want 4: it rose above in between", at, ok)
	}
	if _, ok := r.Crossing([][]float64{{5}, {1}, {1}, {5}}, 2); ok {
		t.Error("a runner that ends above the floor has crossed it")
	}
}

func TestCheckpointsIncreaseToTheLast(t *testing.T) {
	for _, last := range []int{2, 10, 37, 10000} {
		at := checkpoints(last)
		if at[0] != 1 || at[len(at)-1] != last {
			t.Errorf("checkpoints(%d) = %v", last, at)
		}
		for i := 1; i < len(at); i++ {
			if at[i] <= at[i-1] {
				t.Errorf("checkpoints(%d) = %v do not increase", last, at)
			}
		}
	}
}

func TestWalksForgetAtTheSameRate(t *testing.T) {
	p, start := kl.Correlated(0.9), []float64{-2.2, 1.6}
	tr := cavi.Fit(cavi.Gaussian{Target: p, Init: start}, fit.Settings{Sweeps: 20, Tol: -1})
	c := rivals.GibbsGaussian(p.Mean, p.Cov, rivals.Sampling{Seed: 1, Draws: 5000, Init: [][]float64{start, start, start, start}})
	mv := RivalsWalks(p, tr, start, c)
	mustDraw(t, mv)
	if mv.Len != 21 {
		t.Errorf("%d frames, want the start and 20 sweeps", mv.Len)
	}
	marks := mv.Frame(20).(vizlib.Grid).Cells[2].Figure.Marks
	for _, m := range marks {
		d, ok := m.(vizlib.Dots)
		if !ok {
			continue
		}
		// Liu, Wong & Kong (1994): the lag-t autocorrelation of a coordinate under systematic Gibbs is ρ²ᵗ.
		tol := map[string]float64{"cavi": 1e-9, "gibbs": 0.1}[d.Key]
		for lag, got := range d.Y {
			if want := math.Pow(0.81, float64(lag)); math.Abs(got-want) > tol {
				t.Errorf("%s after %d sweeps: %v, want %v", d.Key, lag, got, want)
			}
		}
	}
}

func TestMeetingIsDrawn(t *testing.T) {
	f := RivalsMeet([]float64{10, 1000}, []float64{0.2, 0.002}, []float64{0.1, 0.001})
	mustDraw(t, f)
	if f.Numbers != "s² falls from 0.2 to 0.002" {
		t.Errorf("it says %q", f.Numbers)
	}
}

func TestRaceFiguresWantWhatTheyDraw(t *testing.T) {
	m, post := raceMixture(8)
	for want, f := range map[string]func(){
		"want 2, at least 2": func() { RunRace(m, post, RaceRules{Start: []float64{1, 2, 3}, Passes: 10, Chains: 1, Step: 1}) },
		"two sweeps":         func() { RivalsWalks(kl.Correlated(0), fit.Trace[cavi.GaussianFactors]{}, nil, rivals.Chains{}) },
		"equally many":       func() { RivalsMeet([]float64{1, 2}, nil, nil) },
	} {
		func() {
			defer func() {
				if msg, _ := recover().(string); !strings.HasPrefix(msg, "figures: ") || !strings.Contains(msg, want) {
					t.Errorf("panic %q, want a sentence with %q", msg, want)
				}
			}()
			f()
		}()
	}
}
