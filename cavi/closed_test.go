package cavi

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
)

// From the second sweep on the error of the means shrinks by ρ² a sweep and the gap by ρ⁴ (PRML §10.1.2).
func TestStaircaseRates(t *testing.T) {
	const rho = 0.9
	target := correlated(rho)
	tr := Fit(Gaussian{Target: target, Init: []float64{-2.2, 1.6}}, fit.Settings{Sweeps: 12, Tol: -1, Keep: fit.EverySweep})
	floor := -0.5 * math.Log(1-rho*rho)
	for i := 2; i < len(tr.Steps); i++ {
		a, b := tr.Steps[i-1], tr.Steps[i]
		if got := b.Q.Mean[0] / a.Q.Mean[0]; math.Abs(got-rho*rho) > 1e-12 {
			t.Errorf("sweep %d: the error shrinks by %v, want ρ² = %v", i, got, rho*rho)
		}
		if got, want := (b.Value+floor)/(a.Value+floor), math.Pow(rho, 4); math.Abs(got-want) > 1e-9 {
			t.Errorf("sweep %d: the gap shrinks by %v, want ρ⁴ = %v", i, got, want)
		}
	}
	for i, s := range tr.Steps {
		if want := -kl.MvNormal(s.Q.Gaussian(), target); !near(s.Value, want, 1e-12) {
			t.Errorf("step %d: ELBO %v, −KL(q‖p) %v", i, s.Value, want)
		}
	}
}

func TestStaircaseEndsAtTheMeansWithConditionalVariances(t *testing.T) {
	cov := mat.NewSymDense(4, []float64{3, 1, .5, 0, 1, 2, -.4, .3, .5, -.4, 1, .2, 0, .3, .2, .7})
	target := kl.Gaussian{Mean: []float64{1, -2, 0.5, 30}, Cov: cov}
	last := Fit(Gaussian{Target: target}, fit.Settings{Seed: 3, Tol: 1e-14}).Last()
	var inverse mat.Dense
	if err := inverse.Inverse(cov); err != nil {
		t.Fatal(err)
	}
	for i := range target.Mean {
		if math.Abs(last.Q.Mean[i]-target.Mean[i]) > 1e-6 {
			t.Errorf("mean %d is %v, want %v", i, last.Q.Mean[i], target.Mean[i])
		}
		if want := 1 / inverse.At(i, i); !near(last.Q.Var[i], want, 1e-12) || want > cov.At(i, i) {
			t.Errorf("variance %d is %v, want %v, at most %v", i, last.Q.Var[i], want, cov.At(i, i))
		}
	}
	if u := (Gaussian{Target: target}).Updates()[3].Factor; u != "q(θ₄)" {
		t.Errorf("factor %q", u)
	}
}

func TestNormalFixedPoint(t *testing.T) {
	const tol = 1e-6
	text, err := os.ReadFile("../testdata/normal.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Mu0, Lambda0, A0, B0 float64
			X                    []float64
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		m := model.Normal{X: c.X, Mu0: c.Mu0, Lambda0: c.Lambda0, A0: c.A0, B0: c.B0}
		last := Fit(Normal{Normal: m}, fit.Settings{Tol: 1e-14}).Last()
		q, p := last.Q, exact.Normal(m)
		if got, want := q.A/q.B, p.MarginalTau().Mean(); !near(got, want, tol) {
			t.Errorf("%+v: E_q τ = %v, exact %v", m, got, want)
		}
		a := m.A0 + float64(len(m.X))/2
		if got, want := 1/q.Lambda, p.MarginalMu().Variance()*(a-1)/a; !near(got, want, tol) {
			t.Errorf("%+v: Var_q μ = %v, want (a − 1)/a of the exact %v", m, got, p.MarginalMu().Variance())
		}
		if !near(q.Mu, p.Mu, tol) {
			t.Errorf("%+v: E_q μ = %v, exact %v", m, q.Mu, p.Mu)
		}
		// ELBO + KL(q‖posterior) = log evidence, the divergence by quadrature over (μ, ln τ).
		if got := last.Value + normalKL(q, p); !near(got, p.LogEvidence, 1e-8) {
			t.Errorf("%+v: ELBO + KL = %.12g, log evidence %.12g", m, got, p.LogEvidence)
		}
	}
}

// normalKL is KL(q(μ)q(τ) ‖ p(μ, τ | x)) by the trapezoidal rule over μ and ln τ.
func normalKL(q NormalFactors, p exact.NormalPosterior) float64 {
	const h = 0.05
	mu, tau := q.MarginalMu(), q.MarginalTau()
	low, high := math.Log(tau.Quantile(1e-17))-1, math.Log(tau.Quantile(1-1e-15))+1
	var total float64
	for z := -9.0; z <= 9; z += h {
		x := mu.Mu + z*mu.Sigma
		for lnTau := low; lnTau < high; lnTau += h / 2 {
			v := math.Exp(lnTau)
			lnQ := mu.LogProb(x) + tau.LogProb(v)
			if w := math.Exp(lnQ) * v * mu.Sigma * h * h / 2; w > 0 {
				total += w * (lnQ - p.LogDensity(x, v))
			}
		}
	}
	return total
}

// The first sweeps beside PRML's formulas, written out.
func TestNormalIsTheTextbook(t *testing.T) {
	x := []float64{1, 4, 2.5}
	m := Normal{Normal: model.Normal{X: x, Mu0: 0.5, Lambda0: 2, A0: 3, B0: 1.5}, Init: NormalFactors{Mu: 9, Lambda: 0.1, A: 2, B: 4}}
	steps := Fit(m, fit.Settings{Sweeps: 1, Tol: -1}).Steps
	if steps[0].Q != m.Init {
		t.Errorf("the start is %+v", steps[0].Q)
	}
	mu, lambda := (2*0.5+7.5)/5, 5*2/4.0
	if q := steps[1].Q; !near(q.Mu, mu, 1e-14) || !near(q.Lambda, lambda, 1e-14) || q.A != 2 || q.B != 4 {
		t.Errorf("after q(μ): %+v", q)
	}
	b := 1.5 + 0.5*((1-mu)*(1-mu)+(4-mu)*(4-mu)+(2.5-mu)*(2.5-mu)+3/lambda+2*((mu-0.5)*(mu-0.5)+1/lambda))
	if q := steps[2].Q; !near(q.A, 5, 1e-14) || !near(q.B, b, 1e-14) {
		t.Errorf("after q(τ): %+v, want A 5, B %v", q, b)
	}
	if d := steps[2].Q.Density(1, -1); d != 0 {
		t.Errorf("density %v at τ < 0", d)
	}
}

func TestTermsSumToTheELBO(t *testing.T) {
	m := lecture()
	q := Fit(m, fit.Settings{Sweeps: 2}).Last().Q
	var total float64
	names := map[string]bool{}
	for _, term := range q.Terms() {
		total += term.Value
		names[term.Name] = true
	}
	if total != m.ELBO(q) || len(names) != 5 {
		t.Errorf("terms sum to %v under %d names, ELBO %v", total, len(names), m.ELBO(q))
	}
}
