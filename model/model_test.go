package model_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"gonum.org/v1/gonum/mat"

	"elboroom/model"
)

func rng(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func TestNormalLogProbIsTheProductOfItsParts(t *testing.T) {
	m := model.Normal{X: []float64{1.3, -2, 0.4, 7}, Mu0: 2, Lambda0: 0.3, A0: 2.5, B0: 4}
	for _, at := range [][]float64{{0, 1}, {2.5, 0.1}, {-1, 3}} {
		want := distuv.Gamma{Alpha: 2.5, Beta: 4}.LogProb(at[1])
		want += distuv.Normal{Mu: 2, Sigma: 1 / math.Sqrt(0.3*at[1])}.LogProb(at[0])
		for _, x := range m.X {
			want += distuv.Normal{Mu: at[0], Sigma: 1 / math.Sqrt(at[1])}.LogProb(x)
		}
		if got := m.LogProb(at); math.Abs(got-want) > 1e-12*math.Abs(want) {
			t.Errorf("at %v: %.15g, want %.15g", at, got, want)
		}
	}
	if v := m.LogProb([]float64{0, 0}); !math.IsInf(v, -1) {
		t.Errorf("τ = 0 has %v", v)
	}
}

func TestGMMLogProbIsTheProductOfItsParts(t *testing.T) {
	x, _ := model.SimulateGMM(1300, []float64{-1, 0, 9}, 2, rng(1))
	x = append(x, 400, -900) // far out: a product of densities would underflow
	for _, k := range []int{1, 2, 3, 7} {
		m := model.GMM{X: x, K: k, Sigma: 2, Mu0: 1, Tau0: 5}
		mu := []float64{-1, 3, 0.5, 0.5, 9, -4, 20}[:k]
		var want float64
		for _, v := range mu {
			want += distuv.Normal{Mu: 1, Sigma: 5}.LogProb(v)
		}
		for _, x := range m.X {
			top, sum := math.Inf(-1), 0.0
			for _, v := range mu {
				top = max(top, distuv.Normal{Mu: v, Sigma: 2}.LogProb(x))
			}
			for _, v := range mu {
				sum += math.Exp(distuv.Normal{Mu: v, Sigma: 2}.LogProb(x) - top)
			}
			want += top + math.Log(sum/float64(k))
		}
		if got := m.LogProb(mu); math.Abs(got-want) > 1e-12*math.Abs(want) {
			t.Errorf("K %d: %.15g, want %.15g", k, got, want)
		}
	}
}

func TestZeroValues(t *testing.T) {
	m := model.GMM{X: []float64{1, 2}}
	if f := m.Filled(); f.K != 2 || f.Sigma != 1 || f.Tau0 != 10 || f.Mu0 != 0 {
		t.Errorf("filled %+v", f)
	}
	if f := (model.GMM{Sigma: 3, K: 4, Tau0: 2, Mu0: 1}).Filled(); f.K != 4 || f.Sigma != 3 || f.Tau0 != 2 || f.Mu0 != 1 {
		t.Errorf("filled %+v", f)
	}
	full := model.GMM{X: m.X, K: 2, Sigma: 1, Tau0: 10}
	if a, b := m.LogProb([]float64{0, 3}), full.LogProb([]float64{0, 3}); a != b {
		t.Errorf("%v and %v", a, b)
	}
}

func TestCheck(t *testing.T) {
	x, inf, nan := []float64{1}, math.Inf(1), math.NaN()
	for want, err := range map[string]error{
		"Normal: X has 0 points, want at least 1":             model.Normal{}.Check(),
		"Normal: X[0] is NaN, want a finite number":           model.Normal{X: []float64{nan}}.Check(),
		"Normal: Mu0 is +Inf, want a finite number":           model.Normal{X: x, Mu0: inf}.Check(),
		"Normal: Lambda0 is 0, want a positive finite number": model.Normal{X: x}.Check(),
		"Normal: A0 is -1, want a positive finite number":     model.Normal{X: x, Lambda0: 1, A0: -1}.Check(),
		"Normal: B0 is NaN, want a positive finite number":    model.Normal{X: x, Lambda0: 1, A0: 1, B0: nan}.Check(),
		"GMM: X has 0 points, want at least 1":                model.GMM{}.Check(),
		"GMM: X[1] is -Inf, want a finite number":             model.GMM{X: []float64{0, -inf}}.Check(),
		"GMM: K is -3, want at least 1, or 0 for 2":           model.GMM{X: x, K: -3}.Check(),
		"GMM: Sigma is -1, want a positive finite number":     model.GMM{X: x, Sigma: -1}.Check(),
		"GMM: Sigma is NaN, want a positive finite number":    model.GMM{X: x, Sigma: nan}.Check(),
		"GMM: Mu0 is NaN, want a finite number":               model.GMM{X: x, Mu0: nan}.Check(),
		"GMM: Tau0 is +Inf, want a positive finite number":    model.GMM{X: x, Tau0: inf}.Check(),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %q", err, want)
		}
	}
	for _, err := range []error{
		model.GMM{X: x, K: 100}.Check(),
		model.Normal{X: x, Lambda0: 1, A0: 1, B0: 1}.Check(),
	} {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestPanics(t *testing.T) {
	for want, f := range map[string]func(){
		"model: GMM: LogProb of 1 means, want K = 2":                 func() { model.GMM{X: []float64{1}}.LogProb([]float64{0}) },
		"model: GMM: K is -1, want at least 1, or 0 for 2":           func() { model.GMM{K: -1}.Simulate(3, rng(1)) },
		"model: Normal: Lambda0 is 0, want a positive finite number": func() { model.Normal{}.Simulate(3, rng(1)) },
		"model: Normal: LogProb at 1 numbers, want 2, μ and τ":       func() { model.Normal{X: []float64{1}}.LogProb([]float64{0}) },
		"model: BayesGMM: LogProb: component 0 has no mean and precision in D = 1 dimensions": func() {
			model.BayesGMM{X: mat.NewDense(1, 1, []float64{0}), K: 1}.LogProb([]float64{1}, [][]float64{{1, 2}}, []*mat.SymDense{nil})
		},
		"model: SimulateGMM: mu[0] is NaN, want a finite number":         func() { model.SimulateGMM(1, []float64{math.NaN()}, 1, rng(1)) },
		"model: SimulateNormal: mu is +Inf, want a finite number":        func() { model.SimulateNormal(1, math.Inf(1), 1, rng(1)) },
		"model: SimulateGMM: n is less than 1, want at least 1 datum":    func() { model.SimulateGMM(0, []float64{0}, 1, rng(1)) },
		"model: SimulateGMM: mu has 0 means, want at least 1":            func() { model.SimulateGMM(1, nil, 1, rng(1)) },
		"model: SimulateGMM: sigma is 0, want a positive finite number":  func() { model.SimulateGMM(1, []float64{0}, 0, rng(1)) },
		"model: SimulateNormal: n is less than 1, want at least 1 datum": func() { model.SimulateNormal(0, 0, 1, rng(1)) },
		"model: SimulateNormal: sd is -1, want a positive finite number": func() { model.SimulateNormal(1, 0, -1, rng(1)) },
	} {
		func() {
			defer func() {
				if msg := recover(); msg != want {
					t.Errorf("panic %v, want %q", msg, want)
				}
			}()
			f()
		}()
	}
}

// Simulated data have the moments that the story says, within five standard errors.
func TestSimulate(t *testing.T) {
	const n, sds = 40_000, 5
	near := func(what string, got, want, se float64) {
		t.Helper()
		if math.Abs(got-want) > sds*se {
			t.Errorf("%s is %v, want %v ± %v", what, got, want, se)
		}
	}
	x, c := model.SimulateGMM(n, []float64{-2, 3}, 0.5, rng(2))
	var second float64
	for i := range x {
		second += float64(c[i]) / n
	}
	near("share of component 2", second, 0.5, 0.5/math.Sqrt(n))
	mean, variance := stat.MeanVariance(x, nil)
	near("mean", mean, 0.5, math.Sqrt(6.5/n))
	near("variance", variance, 6.25+0.25, 6.5*math.Sqrt(2.0/n))

	x, mu, tau := model.Normal{Mu0: 3, Lambda0: 2, A0: 4, B0: 2}.Simulate(n, rng(3))
	mean, variance = stat.MeanVariance(x, nil)
	near("mean", mean, mu, math.Sqrt(1/tau/n))
	near("variance", variance, 1/tau, math.Sqrt(2.0/n)/tau)

	// The prior: many draws of one datum. Var x = B0/(A0−1)·(1 + 1/Lambda0), and for the mixture σ² + τ₀².
	var normals, mixtures []float64
	r := rng(4)
	for range n {
		x, _, _ := model.Normal{Mu0: 3, Lambda0: 2, A0: 4, B0: 2}.Simulate(1, r)
		normals = append(normals, x[0])
		y, _, _ := model.GMM{K: 3, Sigma: 2, Mu0: -1, Tau0: 3}.Simulate(1, r)
		mixtures = append(mixtures, y[0])
	}
	mean, variance = stat.MeanVariance(normals, nil)
	near("prior mean", mean, 3, 1/math.Sqrt(n))
	near("prior variance", variance, 2.0/3*1.5, math.Sqrt(5.0/n))
	mean, variance = stat.MeanVariance(mixtures, nil)
	near("prior mean", mean, -1, math.Sqrt(13.0/n))
	near("prior variance", variance, 13, 13*math.Sqrt(2.0/n))
}

// Whatever the fields, Check is one sentence, and what passes it has a LogProb that is not NaN.
func FuzzGMMCheck(f *testing.F) {
	f.Add(1.0, 2.0, 2, 1.0, 0.0, 5.0, 0.5)
	f.Add(1e308, -1e308, 3, 1e-300, 1.0, 1e300, -2.0)
	f.Fuzz(func(t *testing.T, a, b float64, k int, sigma, mu0, tau0, at float64) {
		m := model.GMM{X: []float64{a, b}, K: k % 9, Sigma: sigma, Mu0: mu0, Tau0: tau0}
		if err := m.Check(); err != nil {
			if s := err.Error(); !strings.HasPrefix(s, "GMM: ") || strings.Contains(s, "\n") {
				t.Fatal(s)
			}
			return
		}
		const huge = 1e100 // beyond which squares overflow
		for _, v := range []float64{a, b, mu0, at} {
			if !(math.Abs(v) < huge) {
				return
			}
		}
		if m.Filled().Sigma < 1/huge || m.Filled().Tau0 < 1/huge {
			return
		}
		mu := make([]float64, m.Filled().K)
		mu[0] = at
		if v := m.LogProb(mu); math.IsNaN(v) {
			t.Fatalf("LogProb is NaN: %+v", m)
		}
	})
}

func ExampleSimulateGMM() {
	x, c := model.SimulateGMM(4, []float64{-1.6, 1.9}, 1, rand.New(rand.NewPCG(46, 1)))
	for i := range x {
		fmt.Printf("%.2f from bump %d\n", x[i], c[i]+1)
	}
	// Output:
	// -2.11 from bump 1
	// -0.42 from bump 1
	// 0.26 from bump 1
	// 2.31 from bump 2
}
