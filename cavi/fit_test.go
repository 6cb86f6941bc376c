package cavi

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
)

// halving is a toy that needs no data: the ELBO is −q, and its factor halves q until something breaks.
type halving struct {
	start    float64
	breakAt  float64
	breakInt float64
}

func (h halving) Start(rand.Source) float64 { return h.start }
func (h halving) ELBO(q float64) float64    { return -q }
func (h halving) Updates() []Update[float64] {
	return []Update[float64]{{"q(z)", func(q float64) float64 {
		if q <= h.breakAt {
			return h.breakInt
		}
		return q / 2
	}}}
}

func TestFitStops(t *testing.T) {
	tr := Fit(halving{start: 1}, fit.Settings{Tol: 0.1})
	// Gains are ½, ¼, ⅛, 1/16: the fourth sweep is the first that gains less than 0.1.
	if tr.Status != fit.Converged || tr.Last().Sweep != 4 || len(tr.Steps) != 5 {
		t.Errorf("%v after sweep %d", tr.Status, tr.Last().Sweep)
	}
	if tr := Fit(halving{start: 1}, fit.Settings{Tol: 0.1, Sweeps: 2}); tr.Status != fit.OutOfSweeps || tr.Last().Sweep != 2 {
		t.Errorf("%v after sweep %d", tr.Status, tr.Last().Sweep)
	}
	if tr := Fit(halving{}, fit.Settings{Tol: -1}); tr.Status != fit.OutOfSweeps || tr.Last().Sweep != fit.DefaultSweeps {
		t.Errorf("a negative Tol stopped early: %v after sweep %d", tr.Status, tr.Last().Sweep)
	}
	if tr := Fit(halving{start: -1}, fit.Settings{Tol: -0.1, Sweeps: 9}); tr.Last().Sweep != 9 {
		t.Errorf("a negative Tol stopped in sweep %d, where the ELBO fell", tr.Last().Sweep)
	}
	if tr := Fit(halving{start: 1}, fit.Settings{}); tr.Status != fit.Converged || tr.Last().Sweep != 27 {
		t.Errorf("default Tol: %v after sweep %d, want 27, as 2⁻²⁷ < 1e-8", tr.Status, tr.Last().Sweep)
	}
}

func TestFitBroken(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, keep := range []fit.Keep{fit.EveryUpdate, fit.EverySweep, fit.LastOnly} {
			tr := Fit(halving{start: 1, breakAt: 0.25, breakInt: bad}, fit.Settings{Keep: keep})
			if tr.Status != fit.Broken || tr.Last().Q != 0.25 || !strings.Contains(tr.Reason, "sweep 3") {
				t.Errorf("%v: %v at %v, %q", bad, tr.Status, tr.Last().Q, tr.Reason)
			}
		}
	}
	if tr := Fit(halving{start: math.NaN()}, fit.Settings{}); tr.Status != fit.Broken || len(tr.Steps) != 1 {
		t.Errorf("a start of NaN: %v, %d steps", tr.Status, len(tr.Steps))
	}
	// Data whose squares overflow break the mixture, with a sentence, at the start.
	tr := Fit(GMM{GMM: model.GMM{X: []float64{-1e200, 1e200}}}, fit.Settings{Seed: 1})
	if tr.Status != fit.Broken || tr.Reason == "" {
		t.Errorf("huge data: %v, %q", tr.Status, tr.Reason)
	}
}

func TestStartsDoNotDependOnOrder(t *testing.T) {
	x := model.SimulateNormal(500, 0, 1, rng(1))
	for seed := range uint64(20) {
		a, b := pickData(x, 3, seed), pickData(reversed(x), 3, seed)
		for i := range a {
			if a[i] != b[i] {
				t.Fatalf("seed %d: %v, in another order %v", seed, a, b)
			}
		}
	}
	if v := pickData([]float64{2, 2, 0, math.Copysign(0, -1), 2}, 5, 7); len(v) != 2 || v[0] != 0 || v[1] != 2 {
		t.Errorf("different values of (2, 2, 0, −0, 2): %v", v)
	}
	// Each datum is as likely as any other: 4 of 500 drawn 5,000 times, 40 each, sd 6.3.
	counts := map[float64]int{}
	for seed := range uint64(5000) {
		for _, v := range pickData(x, 4, seed*0x9e3779b97f4a7c15) {
			counts[v]++
		}
	}
	for _, v := range x {
		if c := counts[v]; c < 10 || c > 75 {
			t.Errorf("%v drawn %d times, want about 40", v, c)
		}
	}
}

func panics(f func()) (msg string) {
	defer func() { msg, _ = recover().(string) }()
	f()
	return ""
}

func TestPanicsWithASentence(t *testing.T) {
	x := []float64{1, 2}
	ok := model.Normal{X: x, Lambda0: 1, A0: 1, B0: 1}
	cov := func(a, b, c float64) *mat.SymDense { return mat.NewSymDense(2, []float64{a, b, b, c}) }
	g := func(m GMM) func() { return func() { Fit(m, fit.Settings{}) } }
	n := func(m Normal) func() { return func() { Fit(m, fit.Settings{}) } }
	s := func(m Gaussian) func() { return func() { Fit(m, fit.Settings{}) } }
	for want, f := range map[string]func(){
		"cavi: GMM: X has 0 points, want at least 1":                   g(GMM{}),
		"cavi: GMM: X[1] is +Inf, want a finite number":                g(GMM{GMM: model.GMM{X: []float64{0, math.Inf(1)}}}),
		"cavi: GMM: K is -1, want at least 1, or 0 for 2":              g(GMM{GMM: model.GMM{X: x, K: -1}}),
		"cavi: GMM: Sigma is -2, want a positive finite number":        g(GMM{GMM: model.GMM{X: x, Sigma: -2}}),
		"cavi: GMM: Tau0 is NaN, want a positive finite number":        g(GMM{GMM: model.GMM{X: x, Tau0: math.NaN()}}),
		"cavi: GMM: Mu0 is NaN, want a finite number":                  g(GMM{GMM: model.GMM{X: x, Mu0: math.NaN()}}),
		"cavi: GMM: Init has 3 means, want K = 2":                      g(GMM{GMM: model.GMM{X: x}, Init: []float64{1, 2, 3}}),
		"cavi: GMM: Init[1] is NaN, want a finite number":              g(GMM{GMM: model.GMM{X: x}, Init: []float64{1, math.NaN()}}),
		"cavi: GMM: Factors of 1 means and 2 variances, want K = 2":    func() { GMM{GMM: model.GMM{X: x}}.Factors([]float64{1}, x) },
		"cavi: GMM: Factors: N(1, 0) is no density":                    func() { GMM{GMM: model.GMM{X: x}}.Factors(x, []float64{0, 1}) },
		"cavi: Normal: X has 0 points, want at least 1":                n(Normal{}),
		"cavi: Normal: B0 is 0, want a positive finite number":         n(Normal{Normal: model.Normal{X: x, Lambda0: 1, A0: 1}}),
		"cavi: Normal: Init is {Mu:1 Lambda:0 A:0 B:0}, want a finite": n(Normal{Normal: ok, Init: NormalFactors{Mu: 1}}),
		"cavi: Gaussian: Target.Mean has 0 entries, want at least 1":   s(Gaussian{}),
		"cavi: Gaussian: Target.Cov does not fit 1 means, want 1×1":    s(Gaussian{Target: kl.Gaussian{Mean: []float64{0}, Cov: cov(1, 0, 1)}}),
		"cavi: Gaussian: Target.Cov is not positive definite":          s(Gaussian{Target: kl.Gaussian{Mean: x, Cov: cov(1, 1.2, 1)}}),
		"cavi: Gaussian: Init has 1 means, want 2":                     s(Gaussian{Target: correlated(0), Init: []float64{1}}),
		"cavi: Gaussian: mean 0 is NaN, want a finite number":          s(Gaussian{Target: kl.Gaussian{Mean: []float64{math.NaN(), 0}, Cov: cov(1, 0, 1)}}),
	} {
		if msg := panics(f); !strings.HasPrefix(msg, want) {
			t.Errorf("panic %q, want %q", msg, want)
		}
	}
}

// Whatever the fields, a fit either panics with a sentence or returns a trace without NaN in it.
func FuzzGMM(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 2, 1.0, 0.0, 5.0, 0.0)
	f.Add(1e300, -1e300, 0.0, 3, 1e-300, 1.0, 1e300, 2.0)
	f.Add(0.0, 0.0, 0.0, 0, 0.0, 0.0, 0.0, math.Inf(1))
	f.Fuzz(func(t *testing.T, a, b, c float64, k int, sigma, mu0, tau0, init float64) {
		m := GMM{GMM: model.GMM{X: []float64{a, b, c}, K: k % 6, Sigma: sigma, Mu0: mu0, Tau0: tau0}}
		if k%2 == 0 {
			m.Init = []float64{init, a}
		}
		defer func() {
			if r := recover(); r != nil {
				if msg, ok := r.(string); !ok || !strings.HasPrefix(msg, "cavi: GMM: ") {
					t.Fatalf("panic %v", r)
				}
			}
		}()
		tr := Fit(m, fit.Settings{Sweeps: 5})
		for i, s := range tr.Steps {
			if i > 0 && (math.IsNaN(s.Value) || math.IsInf(s.Value, 0)) {
				t.Fatalf("step %d has the ELBO %v", i, s.Value)
			}
		}
	})
}
