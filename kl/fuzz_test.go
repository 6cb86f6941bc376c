package kl

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/fit"
)

// orSentence runs f and lets it panic only with a sentence of this package.
func orSentence(t *testing.T, f func()) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			if msg, ok := r.(string); !ok || !strings.HasPrefix(msg, "kl: ") {
				panic(r)
			}
		}
	}()
	f()
}

// FuzzClosedForms: whatever the numbers, a closed form is ≥ 0 or panics with a sentence.
func FuzzClosedForms(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 4.0)
	f.Add(0.0, 1e-300, 1e300, 0.5)
	f.Add(math.NaN(), math.Inf(1), -1.0, 0.3)
	f.Fuzz(func(t *testing.T, a, b, c, d float64) {
		for name, call := range map[string]func() float64{
			"Normal":      func() float64 { return Normal(distuv.Normal{Mu: a, Sigma: b}, distuv.Normal{Mu: c, Sigma: d}) },
			"Gamma":       func() float64 { return Gamma(distuv.Gamma{Alpha: a, Beta: b}, distuv.Gamma{Alpha: c, Beta: d}) },
			"Beta":        func() float64 { return Beta(distuv.Beta{Alpha: a, Beta: b}, distuv.Beta{Alpha: c, Beta: d}) },
			"Dirichlet":   func() float64 { return Dirichlet([]float64{a, b}, []float64{c, d}) },
			"Exponential": func() float64 { return Exponential(distuv.Exponential{Rate: a}, distuv.Exponential{Rate: b}) },
			"Poisson":     func() float64 { return Poisson(distuv.Poisson{Lambda: a}, distuv.Poisson{Lambda: b}) },
			"Bernoulli":   func() float64 { return Bernoulli(distuv.Bernoulli{P: a}, distuv.Bernoulli{P: b}) },
			"Categorical": func() float64 { return Categorical([]float64{a, 1 - a}, []float64{b, 1 - b}) },
			"MvNormal":    func() float64 { return MvNormal(one(a, b), one(c, d)) },
		} {
			orSentence(t, func() {
				if v := call(); !(v >= 0) {
					t.Errorf("%s(%v, %v, %v, %v) = %v", name, a, b, c, d, v)
				}
			})
		}
	})
}

// FuzzReverse: on any two bumps from any start, a fit ends, its values rise, and no number is NaN unless the
// status says Broken.
func FuzzReverse(f *testing.F) {
	f.Add(0.0, 5.0, 1.0, 2.0, 0.5, 0.0, 1.0)
	f.Add(-3.0, 3.0, 0.1, 1.0, 0.9, 50.0, 0.01)
	f.Fuzz(func(t *testing.T, m1, m2, s1, s2, w, m0, s0 float64) {
		for _, v := range []float64{m1, m2, s1, s2, w, m0, s0} {
			if math.IsNaN(v) || math.Abs(v) > 1e3 || math.Abs(v) < 1e-3 && v != 0 {
				return
			}
		}
		orSentence(t, func() {
			tr := Reverse(Mixture{[]float64{w, 1}, []float64{m1, m2}, []float64{s1, s2}}, one(m0, s0), FullRank, fit.Settings{Sweeps: 40})
			for i, s := range tr.Steps {
				if i > 0 && !(s.Value >= tr.Steps[i-1].Value) || math.IsNaN(s.Q.Mean[0]) || !(s.Q.Sd(0) > 0) {
					t.Errorf("step %d of %v %q: value %v, q %v ± %v", i, tr.Status, tr.Reason, s.Value, s.Q.Mean[0], s.Q.Sd(0))
				}
			}
			if tr.Status == fit.Broken {
				t.Errorf("broken: %s", tr.Reason)
			}
		})
	})
}
