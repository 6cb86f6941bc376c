package exact_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/exact"
	"elboroom/model"
)

// evidence is ln ∫ exp(lnJoint) over (a, b) by the midpoint rule, which is exact to rounding where the joint and
// its slopes vanish at the ends.
func evidence(t *testing.T, lnJoint func(v float64) float64, a, b float64) exact.GridPosterior {
	t.Helper()
	g, err := exact.Grid(func(theta []float64) float64 { return lnJoint(theta[0]) }, []float64{a}, []float64{b}, 200_000)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestConjugatePairsAgainstAGrid(t *testing.T) {
	const tol = 1e-8
	check := func(name string, g exact.GridPosterior, lnEvidence float64, density func(v float64) float64) {
		t.Helper()
		if math.Abs(g.LogEvidence-lnEvidence) > tol {
			t.Errorf("%s: ln p(x) = %.12g, on a grid %.12g", name, lnEvidence, g.LogEvidence)
		}
		for _, i := range []int{20_000, 80_000, 130_000} {
			if got, want := density(g.Axes[0][i]), g.Density[i]; math.Abs(got-want) > tol*(1+want) {
				t.Errorf("%s at %v: density %.12g, on a grid %.12g", name, g.Axes[0][i], got, want)
			}
		}
	}
	beta := distuv.Beta{Alpha: 3.5, Beta: 4}
	coin := exact.BetaBernoulli(beta, 7, 10)
	check("Beta-Bernoulli", evidence(t, func(p float64) float64 {
		return beta.LogProb(p) + 7*math.Log(p) + 3*math.Log1p(-p)
	}, 0, 1), coin.LogEvidence, coin.Posterior.Prob)

	gamma, counts := distuv.Gamma{Alpha: 4, Beta: 0.7}, []int{3, 0, 5, 2}
	rate := exact.GammaPoisson(gamma, counts)
	check("Gamma-Poisson", evidence(t, func(v float64) float64 {
		ln := gamma.LogProb(v)
		for _, c := range counts {
			ln += distuv.Poisson{Lambda: v}.LogProb(float64(c))
		}
		return ln
	}, 0, 30), rate.LogEvidence, rate.Posterior.Prob)

	normal, x := distuv.Normal{Mu: 1, Sigma: 2}, []float64{0.3, 2.2, 5}
	mean := exact.NormalNormal(normal, 1.5, x)
	check("Normal-Normal", evidence(t, func(v float64) float64 {
		ln := normal.LogProb(v)
		for _, d := range x {
			ln += distuv.Normal{Mu: v, Sigma: 1.5}.LogProb(d)
		}
		return ln
	}, -10, 14), mean.LogEvidence, mean.Posterior.Prob)
}

func TestConjugateIdentities(t *testing.T) {
	const tol = 1e-12
	same := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > tol*(1+math.Abs(want)) {
			t.Errorf("%s: %.15g, want %.15g", name, got, want)
		}
	}
	coin := exact.BetaBernoulli(distuv.Beta{Alpha: 2, Beta: 0.5}, 3, 8)
	die := exact.DirichletCategorical([]float64{2, 0.5}, []int{3, 5})
	same("Beta is Dirichlet₂", coin.LogEvidence, die.LogEvidence)
	same("predictive", coin.Predictive(), die.Predictive()[0])
	same("marginal", coin.Posterior.Prob(0.3), die.Marginal(0).Prob(0.3))

	// One more datum multiplies the evidence by its predictive probability.
	same("heads", exact.BetaBernoulli(distuv.Beta{Alpha: 2, Beta: 0.5}, 4, 9).LogEvidence, coin.LogEvidence+math.Log(coin.Predictive()))
	three := exact.DirichletCategorical([]float64{1, 0.3, 4}, []int{3, 0, 2})
	same("category", exact.DirichletCategorical([]float64{1, 0.3, 4}, []int{3, 1, 2}).LogEvidence, three.LogEvidence+math.Log(three.Predictive()[1]))
	prior := distuv.Gamma{Alpha: 1.5, Beta: 2}
	rate := exact.GammaPoisson(prior, []int{2, 0})
	same("count", exact.GammaPoisson(prior, []int{2, 0, 4}).LogEvidence, rate.LogEvidence+math.Log(rate.Predictive(4)))
	var total float64
	for k := range 200 {
		total += rate.Predictive(k)
	}
	same("Σ predictive", total, 1)
	mean := exact.NormalNormal(distuv.Normal{Mu: 1, Sigma: 2}, 1.5, []float64{0.3})
	more := exact.NormalNormal(distuv.Normal{Mu: 1, Sigma: 2}, 1.5, []float64{0.3, -2})
	same("datum", more.LogEvidence, mean.LogEvidence+mean.Predictive().LogProb(-2))

	x := []float64{0.3, 2.2, 5, -1}
	cov := mat.NewSymDense(4, nil)
	for i := range 4 {
		for j := range i + 1 {
			cov.SetSym(i, j, 4)
		}
		cov.SetSym(i, i, 4+2.25)
	}
	joint, _ := distmv.NewNormal([]float64{1, 1, 1, 1}, cov, nil)
	same("Normal-Normal is one multivariate Normal", exact.NormalNormal(distuv.Normal{Mu: 1, Sigma: 2}, 1.5, x).LogEvidence, joint.LogProb(x))

	none := exact.BetaBernoulli(distuv.Beta{Alpha: 2, Beta: 3}, 0, 0)
	same("no tosses", none.LogEvidence, 0)
	same("no data", exact.NormalNormal(distuv.Normal{Mu: 1, Sigma: 2}, 1.5, nil).LogEvidence, 0)
	same("no counts", exact.GammaPoisson(prior, nil).LogEvidence, 0)
}

func TestGrid(t *testing.T) {
	m := model.Normal{X: []float64{1.3, -2, 0.4, 7, 3}, Mu0: 2, Lambda0: 0.3, A0: 2.5, B0: 4}
	g, err := exact.Grid(m.LogProb, []float64{-20, 0}, []float64{24, 3}, 800)
	if err != nil {
		t.Fatal(err)
	}
	p := exact.Normal(m)
	if math.Abs(g.LogEvidence-p.LogEvidence) > 1e-6 || g.Evaluations != 640_000 {
		t.Errorf("ln p(x) = %v from %d cells, exactly %v", g.LogEvidence, g.Evaluations, p.LogEvidence)
	}
	if mean := g.Mean(); math.Abs(mean[0]-p.Mu) > 1e-5 || math.Abs(mean[1]-p.A/p.B) > 1e-5 {
		t.Errorf("means %v, exactly %v and %v", mean, p.Mu, p.A/p.B)
	}
	mu, tau := g.Marginal(0), g.Marginal(1)
	for _, i := range []int{350, 400, 430} {
		if want := p.MarginalMu().Prob(g.Axes[0][i]); math.Abs(mu[i]-want) > 1e-5 {
			t.Errorf("marginal of μ at %v: %v, exactly %v", g.Axes[0][i], mu[i], want)
		}
		if want := p.MarginalTau().Prob(g.Axes[1][i/4]); math.Abs(tau[i/4]-want) > 1e-4 {
			t.Errorf("marginal of τ at %v: %v, exactly %v", g.Axes[1][i/4], tau[i/4], want)
		}
	}
	flat := func([]float64) float64 { return 0 }
	one := make([]float64, 10)
	for i := range one {
		one[i] = 1
	}
	for want, err := range map[string]error{
		"exact: Grid: 100 points in 10 dimensions are 1e+20 cells": gridError(flat, make([]float64, 10), one, 100),
		"exact: Grid: 1 lower and 0 upper ends":                    gridError(flat, []float64{0}, nil, 3),
		"exact: Grid: axis 0 is from 1 to 1, want":                 gridError(flat, []float64{1}, []float64{1}, 3),
		"exact: Grid: the log joint is NaN at [0.5]":               gridError(func([]float64) float64 { return math.NaN() }, []float64{0}, []float64{1}, 1),
		"exact: Grid: the log joint is −Inf in all 5":              gridError(func([]float64) float64 { return math.Inf(-1) }, []float64{0}, []float64{1}, 5),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func gridError(f func([]float64) float64, low, high []float64, points int) error {
	_, err := exact.Grid(f, low, high, points)
	return err
}

func TestConjugatePanics(t *testing.T) {
	nan := math.NaN()
	for want, f := range map[string]func(){
		"exact: BetaBernoulli: Alpha is 0, want a positive finite number":                  func() { exact.BetaBernoulli(distuv.Beta{Beta: 1}, 0, 0) },
		"exact: BetaBernoulli: 3 heads of 2 tosses, want 0 ≤ heads ≤ n":                    func() { exact.BetaBernoulli(distuv.Beta{Alpha: 1, Beta: 1}, 3, 2) },
		"exact: GammaPoisson: count 1 is -1, want 0 or more":                               func() { exact.GammaPoisson(distuv.Gamma{Alpha: 1, Beta: 1}, []int{0, -1}) },
		"exact: NormalNormal: noise is -1, want a positive finite number":                  func() { exact.NormalNormal(distuv.Normal{Sigma: 1}, -1, nil) },
		"exact: NormalNormal: Mu is NaN, want a finite number":                             func() { exact.NormalNormal(distuv.Normal{Mu: nan, Sigma: 1}, 1, nil) },
		"exact: NormalNormal: datum 0 is NaN, want a finite number":                        func() { exact.NormalNormal(distuv.Normal{Sigma: 1}, 1, []float64{nan}) },
		"exact: DirichletCategorical: 0 alphas and 0 counts, want as many, and at least 1": func() { exact.DirichletCategorical(nil, nil) },
		"exact: DirichletCategorical: alpha[1] is 0, want a positive finite number":        func() { exact.DirichletCategorical([]float64{1, 0}, []int{1, 1}) },
		"exact: DirichletPosterior: Marginal of 1 category, which is always 1":             func() { exact.DirichletCategorical([]float64{1}, []int{1}).Marginal(0) },
		"exact: DirichletPosterior: there is no category 2 of 2, counted from 0": func() {
			exact.DirichletCategorical([]float64{1, 1}, []int{1, 1}).Marginal(2)
		},
		"exact: GridPosterior: there is no axis 1 of 1, counted from 0": func() {
			g, _ := exact.Grid(func([]float64) float64 { return 0 }, []float64{0}, []float64{1}, 3)
			g.Marginal(1)
		},
		"exact: Normal: the log evidence is -Inf: the data or the prior are too large or too small for these units": func() {
			exact.Normal(model.Normal{X: []float64{1e200, -1e200}, Lambda0: 1, A0: 1, B0: 1})
		},
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

func ExampleBetaBernoulli() {
	p := exact.BetaBernoulli(distuv.Beta{Alpha: 2, Beta: 2}, 7, 10)
	fmt.Printf("Beta(%g, %g), next heads %.3f, log evidence %.3f nats\n", p.Posterior.Alpha, p.Posterior.Beta, p.Predictive(), p.LogEvidence)
	// Output: Beta(9, 5), next heads 0.643, log evidence -6.978 nats
}

func TestNormalNormalFarFromZero(t *testing.T) {
	const far, tol = 0x1p30, 1e-12
	x, moved := []float64{0.5, -1.25, 2, 0.75}, make([]float64, 4)
	for i, v := range x {
		moved[i] = v + far
	}
	a := exact.NormalNormal(distuv.Normal{Mu: 0.25, Sigma: 3}, 0.01, x)
	b := exact.NormalNormal(distuv.Normal{Mu: 0.25 + far, Sigma: 3}, 0.01, moved)
	if math.Abs(a.LogEvidence-b.LogEvidence) > tol*math.Abs(a.LogEvidence) {
		t.Errorf("log evidence %.15g, far from 0 %.15g", a.LogEvidence, b.LogEvidence)
	}
}

// A posterior on a grid: any log joint serves, at a cost of points to the power of dimensions.
func ExampleGrid() {
	m := model.Normal{X: []float64{1.2, 0.7, 1.9, 1.4}, Lambda0: 1, A0: 1, B0: 1}
	g, err := exact.Grid(m.LogProb, []float64{-4, 1e-6}, []float64{6, 9}, 400)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d evaluations, E μ %.2f, log evidence %.3f, in closed form %.3f\n", g.Evaluations, g.Mean()[0], g.LogEvidence, exact.Normal(m).LogEvidence)
	// Output: 160000 evaluations, E μ 1.04, log evidence -5.935, in closed form -5.935
}
