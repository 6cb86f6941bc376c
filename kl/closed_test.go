package kl

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/fit"
)

// closed calls the closed form of a family on plain numbers.
func closed(family string, q, p []float64) float64 {
	switch family {
	case "normal":
		return Normal(distuv.Normal{Mu: q[0], Sigma: q[1]}, distuv.Normal{Mu: p[0], Sigma: p[1]})
	case "gamma":
		return Gamma(distuv.Gamma{Alpha: q[0], Beta: q[1]}, distuv.Gamma{Alpha: p[0], Beta: p[1]})
	case "beta":
		return Beta(distuv.Beta{Alpha: q[0], Beta: q[1]}, distuv.Beta{Alpha: p[0], Beta: p[1]})
	case "dirichlet":
		return Dirichlet(q, p)
	case "poisson":
		return Poisson(distuv.Poisson{Lambda: q[0]}, distuv.Poisson{Lambda: p[0]})
	case "exponential":
		return Exponential(distuv.Exponential{Rate: q[0]}, distuv.Exponential{Rate: p[0]})
	case "bernoulli":
		return Bernoulli(distuv.Bernoulli{P: q[0]}, distuv.Bernoulli{P: p[0]})
	}
	panic("no closed form for " + family)
}

func TestClosedFormsAgainstSixtyDigits(t *testing.T) {
	for _, c := range readReference(t).Values {
		if got := closed(c.Family, c.Q, c.P); relErr(got, c.KL) > refTol {
			t.Errorf("%s KL(%v‖%v) = %.17g, want %.17g (relative error %.2g)", c.Family, c.Q, c.P, got, c.KL, relErr(got, c.KL))
		}
		if self := closed(c.Family, c.Q, c.Q); self != 0 {
			t.Errorf("%s KL(%v‖itself) = %v, want 0", c.Family, c.Q, self)
		}
	}
}

func TestClosedFormsAgainstQuadratureAndGonum(t *testing.T) {
	t.Parallel()
	inf, nan := math.Inf(1), math.NaN()
	rng := rand.New(rand.NewPCG(1, 2))
	size := func() float64 { return math.Exp(1.5 * rng.NormFloat64()) }
	for range 8 {
		qn, pn := distuv.Normal{Mu: rng.NormFloat64(), Sigma: size()}, distuv.Normal{Mu: rng.NormFloat64(), Sigma: size()}
		checkKL(t, line{"Normal", Normal(qn, pn), Normal(qn, qn), distuv.KullbackLeibler{}.DistNormal(qn, pn), 1e-11, qn.LogProb, pn.LogProb, -inf, inf})
		qg, pg := distuv.Gamma{Alpha: size(), Beta: size()}, distuv.Gamma{Alpha: size(), Beta: size()}
		checkKL(t, line{"Gamma", Gamma(qg, pg), Gamma(qg, qg), nan, 0, qg.LogProb, pg.LogProb, 0, inf})
		qe, pe := distuv.Exponential{Rate: size()}, distuv.Exponential{Rate: size()}
		checkKL(t, line{"Exponential", Exponential(qe, pe), Exponential(qe, qe), nan, 0, qe.LogProb, pe.LogProb, 0, inf})
		qb, pb := distuv.Beta{Alpha: size(), Beta: size()}, distuv.Beta{Alpha: size(), Beta: size()}
		// gonum's digamma keeps 11 digits.
		checkKL(t, line{"Beta", Beta(qb, pb), Beta(qb, qb), distuv.KullbackLeibler{}.DistBeta(qb, pb), 1e-8, qb.LogProb, pb.LogProb, 0, 1})
	}
}

func TestDiscreteAgainstSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		q, p := make([]float64, 5), make([]float64, 5)
		var sq, sp float64
		for i := range q {
			q[i], p[i] = rng.ExpFloat64(), rng.ExpFloat64()
			sq, sp = sq+q[i], sp+p[i]
		}
		for i := range q {
			q[i], p[i] = q[i]/sq, p[i]/sp
		}
		checkKL(t, line{name: "Categorical", kl: Categorical(q, p), self: Categorical(q, q), gonum: stat.KullbackLeibler(q, p), gonumTol: 1e-11})
		a, b := 5*q[0], 5*p[0]
		qp, pp := distuv.Poisson{Lambda: a}, distuv.Poisson{Lambda: b}
		var sum float64
		for k := range 60 {
			x := float64(k)
			sum += math.Exp(qp.LogProb(x)) * (qp.LogProb(x) - pp.LogProb(x))
		}
		checkKL(t, line{name: "Poisson", kl: Poisson(qp, pp), self: Poisson(qp, qp), gonum: sum, gonumTol: 1e-10})
		qc, pc := distuv.Bernoulli{P: q[0]}, distuv.Bernoulli{P: p[0]}
		two := stat.KullbackLeibler([]float64{1 - q[0], q[0]}, []float64{1 - p[0], p[0]})
		checkKL(t, line{name: "Bernoulli", kl: Bernoulli(qc, pc), self: Bernoulli(qc, qc), gonum: two, gonumTol: 1e-11})
	}
}

func TestOffSupport(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		q, p []float64
		want float64
	}{
		{[]float64{0.5, 0.5, 0}, []float64{0.5, 0.5, 0}, 0},
		{[]float64{1, 0}, []float64{0.5, 0.5}, math.Ln2},
		{[]float64{0.5, 0.5}, []float64{1, 0}, inf},
		{[]float64{1, 0}, []float64{0, 1}, inf},
		{[]float64{1}, []float64{1}, 0},
	} {
		if got := Categorical(c.q, c.p); relErr(got, c.want) > 1e-15 {
			t.Errorf("Categorical(%v, %v) = %v, want %v", c.q, c.p, got, c.want)
		}
		if len(c.q) == 2 {
			got := Bernoulli(distuv.Bernoulli{P: c.q[1]}, distuv.Bernoulli{P: c.p[1]})
			if relErr(got, c.want) > 1e-15 {
				t.Errorf("Bernoulli(%v, %v) = %v, want %v", c.q[1], c.p[1], got, c.want)
			}
		}
	}
}

func TestIdentitiesBetweenFamilies(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	size := func() float64 { return math.Exp(2 * rng.NormFloat64()) }
	for range 50 {
		a, b, c, d := size(), size(), size(), size()
		same := func(name string, x, y, tol float64) {
			t.Helper()
			if relErr(x, y) > tol {
				t.Errorf("%s: %v and %v", name, x, y)
			}
		}
		same("Beta = Dirichlet₂", Beta(distuv.Beta{Alpha: a, Beta: b}, distuv.Beta{Alpha: c, Beta: d}), Dirichlet([]float64{a, b}, []float64{c, d}), 0)
		same("Exponential = Gamma₁", Exponential(distuv.Exponential{Rate: a}, distuv.Exponential{Rate: b}), Gamma(distuv.Gamma{Alpha: 1, Beta: a}, distuv.Gamma{Alpha: 1, Beta: b}), 1e-12)
		same("Bernoulli = Categorical₂", Bernoulli(distuv.Bernoulli{P: a / (a + b)}, distuv.Bernoulli{P: c / (c + d)}), Categorical([]float64{b / (a + b), a / (a + b)}, []float64{d / (c + d), c / (c + d)}), 1e-12)
		one := func(v float64) *mat.SymDense { return mat.NewSymDense(1, []float64{v}) }
		same("Wishart₁ = Gamma", Wishart(WishartDist{one(1 / (2 * b)), 2 * a}, WishartDist{one(1 / (2 * d)), 2 * c}), Gamma(distuv.Gamma{Alpha: a, Beta: b}, distuv.Gamma{Alpha: c, Beta: d}), 1e-10)
		same("MvNormal₁ = Normal", MvNormal(NewGaussian([]float64{a}, []float64{b}), NewGaussian([]float64{c}, []float64{d})), Normal(distuv.Normal{Mu: a, Sigma: b}, distuv.Normal{Mu: c, Sigma: d}), 1e-10)
		same("independent normals add up", MvNormal(NewGaussian([]float64{a, b}, []float64{c, d}), NewGaussian([]float64{b, c}, []float64{d, a})),
			Normal(distuv.Normal{Mu: a, Sigma: c}, distuv.Normal{Mu: b, Sigma: d})+Normal(distuv.Normal{Mu: b, Sigma: d}, distuv.Normal{Mu: c, Sigma: a}), 1e-10)
	}
}

// spd returns a random d×d covariance.
func spd(d int, rng *rand.Rand) *mat.SymDense {
	a := mat.NewDense(d, d+2, nil)
	for i := range d {
		for j := range d + 2 {
			a.Set(i, j, rng.NormFloat64())
		}
	}
	var s mat.SymDense
	s.SymOuterK(1, a)
	return &s
}

func TestMvNormalAndDirichletAgainstGonum(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for d := 1; d <= 6; d++ {
		q, p := Gaussian{make([]float64, d), spd(d, rng)}, Gaussian{make([]float64, d), spd(d, rng)}
		alphaQ, alphaP := make([]float64, d+1), make([]float64, d+1)
		for i := range alphaQ {
			alphaQ[i], alphaP[i] = math.Exp(rng.NormFloat64()), math.Exp(rng.NormFloat64())
			if i < d {
				q.Mean[i], p.Mean[i] = rng.NormFloat64(), rng.NormFloat64()
			}
		}
		gq, _ := distmv.NewNormal(q.Mean, q.Cov, nil)
		gp, _ := distmv.NewNormal(p.Mean, p.Cov, nil)
		checkKL(t, line{name: "MvNormal", kl: MvNormal(q, p), self: MvNormal(q, q), gonum: distmv.KullbackLeibler{}.DistNormal(gq, gp), gonumTol: 1e-10})
		want := distmv.KullbackLeibler{}.DistDirichlet(distmv.NewDirichlet(alphaQ, nil), distmv.NewDirichlet(alphaP, nil))
		checkKL(t, line{name: "Dirichlet", kl: Dirichlet(alphaQ, alphaP), self: Dirichlet(alphaQ, alphaQ), gonum: want, gonumTol: 1e-8})
	}
}

func TestMvNormalKeepsDigitsNearby(t *testing.T) {
	// With S_p = S_q(1 + ε) and the same mean, KL = (d/2) h(1/(1 + ε)).
	rng := rand.New(rand.NewPCG(9, 10))
	const d, eps = 4, 1e-7
	q := Gaussian{make([]float64, d), spd(d, rng)}
	p := Gaussian{make([]float64, d), mat.NewSymDense(d, nil)}
	p.Cov.ScaleSym(1+eps, q.Cov)
	want := d * eps * eps / 4 * (1 - 4*eps/3)
	if got := MvNormal(q, p); relErr(got, want) > 1e-7 {
		t.Errorf("MvNormal = %v, want %v", got, want)
	}
}

func TestWishartAgainstDraws(t *testing.T) {
	// E ln(q/p) over draws of q: Bartlett's decomposition, and the densities of Bishop, eq. B.78.
	rng := rand.New(rand.NewPCG(11, 12))
	const d, n = 3, 40_000
	q, p := WishartDist{spd(d, rng), 5.5}, WishartDist{spd(d, rng), 4.25}
	logDensity := func(w WishartDist, l *mat.SymDense) float64 {
		var chW, chL mat.Cholesky
		chW.Factorize(w.W)
		chL.Factorize(l)
		var m mat.Dense
		_ = chW.SolveTo(&m, l)
		v := (w.Nu-d-1)/2*chL.LogDet() - mat.Trace(&m)/2 - w.Nu/2*chW.LogDet() - w.Nu*d/2*math.Ln2 - d*(d-1)/4.0*math.Log(math.Pi)
		for i := range d {
			lg, _ := math.Lgamma((w.Nu - float64(i)) / 2)
			v -= lg
		}
		return v
	}
	low, _ := cholesky(q.W)
	lower := mat.NewDense(d, d, low)
	var k running
	for range n {
		a := mat.NewDense(d, d, nil)
		for i := range d {
			a.Set(i, i, math.Sqrt(distuv.ChiSquared{K: q.Nu - float64(i), Src: rng}.Rand()))
			for j := range i {
				a.Set(i, j, rng.NormFloat64())
			}
		}
		var la mat.Dense
		la.Mul(lower, a)
		var l mat.SymDense
		l.SymOuterK(1, &la)
		k.add(logDensity(q, &l) - logDensity(p, &l))
	}
	if got := Wishart(q, p); math.Abs(got-k.mean) > 4*k.se() {
		t.Errorf("Wishart = %v, draws say %v ± %v", got, k.mean, k.se())
	}
	if self := Wishart(q, q); self > 1e-13 {
		t.Errorf("Wishart of itself = %v", self)
	}
}

func TestNoNaNAtExtremes(t *testing.T) {
	sizes := []float64{5e-324, 1e-300, 1e-150, 1e-10, 1, 1e10, 1e150, 1e300}
	for _, a := range sizes {
		for _, b := range sizes {
			for _, c := range sizes {
				for _, d := range sizes {
					for _, family := range []string{"normal", "gamma", "beta"} {
						if got := closed(family, []float64{a, b}, []float64{c, d}); math.IsNaN(got) || got < 0 {
							t.Fatalf("%s(%v, %v ‖ %v, %v) = %v", family, a, b, c, d, got)
						}
					}
				}
			}
			for _, family := range []string{"poisson", "exponential"} {
				if got := closed(family, []float64{a}, []float64{b}); math.IsNaN(got) || got < 0 {
					t.Fatalf("%s(%v ‖ %v) = %v", family, a, b, got)
				}
			}
		}
	}
}

func TestBadParametersPanicWithASentence(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	unit := distuv.UnitNormal
	for want, f := range map[string]func(){
		"Normal: q.Sigma is 0":         func() { Normal(distuv.Normal{}, unit) },
		"Normal: p.Mu is NaN":          func() { Normal(unit, distuv.Normal{Mu: nan, Sigma: 1}) },
		"Normal: p.Sigma is +Inf":      func() { Normal(unit, distuv.Normal{Sigma: inf}) },
		"Gamma: p.Beta is -1":          func() { Gamma(distuv.Gamma{Alpha: 1, Beta: 1}, distuv.Gamma{Alpha: 1, Beta: -1}) },
		"Exponential: q.Rate is NaN":   func() { Exponential(distuv.Exponential{Rate: nan}, distuv.Exponential{Rate: 1}) },
		"Beta: q.Beta is 0":            func() { Beta(distuv.Beta{Alpha: 1}, distuv.Beta{Alpha: 1, Beta: 1}) },
		"Poisson: p.Lambda is 0":       func() { Poisson(distuv.Poisson{Lambda: 1}, distuv.Poisson{}) },
		"Bernoulli: q.P is 2":          func() { Bernoulli(distuv.Bernoulli{P: 2}, distuv.Bernoulli{}) },
		"Bernoulli: p.P is NaN":        func() { Bernoulli(distuv.Bernoulli{}, distuv.Bernoulli{P: nan}) },
		"q has 2 entries and p 1":      func() { Categorical([]float64{1, 0}, []float64{1}) },
		"q has 0 entries":              func() { Categorical(nil, nil) },
		"q adds up to 0.9":             func() { Categorical([]float64{0.9}, []float64{1}) },
		"p[1] is -0.5":                 func() { Categorical([]float64{1, 0}, []float64{1.5, -0.5}) },
		"alphaQ[1] is 0":               func() { Dirichlet([]float64{1, 0}, []float64{1, 1}) },
		"alphaQ has 1 entries, want":   func() { Dirichlet([]float64{1}, []float64{1}) },
		"alphaQ has 1 entries and":     func() { Dirichlet([]float64{1}, []float64{1, 2}) },
		"MvNormal: q: Mean has 0":      func() { MvNormal(Gaussian{}, Gaussian{}) },
		"MvNormal: p: Cov is 0×0":      func() { MvNormal(Correlated(0), Gaussian{Mean: []float64{1}}) },
		"MvNormal: q has 2 dimensions": func() { MvNormal(Correlated(0), NewGaussian([]float64{0}, []float64{1})) },
		"p: Cov is not positive":       func() { MvNormal(Correlated(0), Gaussian{[]float64{0, 0}, mat.NewSymDense(2, []float64{1, 1, 1, 1})}) },
		"q: Mean[0] is NaN":            func() { MvNormal(Gaussian{[]float64{nan}, mat.NewSymDense(1, []float64{1})}, Correlated(0)) },
		"Wishart: q: Nu is 0.5":        func() { Wishart(WishartDist{mat.NewSymDense(2, nil), 0.5}, WishartDist{}) },
		"Wishart: q: W is nil":         func() { Wishart(WishartDist{}, WishartDist{}) },
		"Wishart: p: Cov is not": func() {
			one := mat.NewSymDense(1, []float64{1})
			Wishart(WishartDist{one, 1}, WishartDist{mat.NewSymDense(1, nil), 1})
		},
		"Quad: the interval is (1, 1)":       func() { Quad(unit.LogProb, unit.LogProb, 1, 1) },
		"Alpha: alpha is NaN":                func() { Alpha(nan, unit.LogProb, unit.LogProb, 0, 1) },
		"Renyi: alpha is -1":                 func() { Renyi(-1, unit.LogProb, unit.LogProb, 0, 1) },
		"ParetoK: there are 3 log":           func() { ParetoK(make([]float64, 3)) },
		"Sampled: n is 1":                    func() { Sampled(nil, nil, nil, 1, 0) },
		"NewGaussian: sd[0] is 0":            func() { NewGaussian([]float64{1}, []float64{0}) },
		"NewGaussian: there are 1 means":     func() { NewGaussian([]float64{1}, nil) },
		"Correlated: rho is 1":               func() { Correlated(1) },
		"TwoBumps: a is NaN":                 func() { TwoBumps(nan) },
		"Mixture: component 0 has":           func() { Mixture{Mean: []float64{0}, Sd: []float64{-1}}.LogProb([]float64{0}) },
		"Mixture: Mean has 0":                func() { Mixture{}.LogProb([]float64{0}) },
		"Mixture: Weight, Mean and Sd":       func() { Mixture{Weight: []float64{1}, Mean: []float64{0, 1}}.LogProb([]float64{0}) },
		"Funnel: Dim is 1":                   func() { Funnel{Dim: 1}.LogProb([]float64{0}) },
		"Ring: x has 1":                      func() { Ring{}.LogProb([]float64{0}) },
		"Banana: Sd is -1":                   func() { Banana{Sd: -1}.LogProb([]float64{0, 0}) },
		"Ellipse: the Gaussian has 1":        func() { NewGaussian([]float64{0}, []float64{1}).Ellipse(0.5) },
		"Gaussian.Sd: Mean has 0":            func() { Gaussian{}.Sd(0) },
		"there is no coordinate 1 of 1":      func() { NewGaussian([]float64{0}, []float64{1}).Marginal(1) },
		"Gaussian.Sd: Cov is 0×0":            func() { Gaussian{Mean: []float64{0}}.Window() },
		"target has 1 dimensions and near 2": func() { Forward(TwoBumps(1), Correlated(0), FullRank, fit.Settings{}) },
		"Reverse: p is nil":                  func() { Reverse(nil, Correlated(0), FullRank, fit.Settings{}) },
		"Gaussian: Mean has 0":               func() { Reverse(TwoBumps(1), Gaussian{}, FullRank, fit.Settings{}) },
		"Gaussian: Cov is 0×0": func() {
			ReverseBlackBox(TwoBumps(1), Gaussian{Mean: []float64{0}}, FullRank, BlackBox{}, fit.Settings{})
		},
		"Gaussian: Cov is 2×2": func() {
			Forward(TwoBumps(1), Gaussian{Mean: []float64{0}, Cov: Correlated(0).Cov}, FullRank, fit.Settings{})
		},
		"Ellipse: mass is 1": func() { Correlated(0).Ellipse(1) },
	} {
		mustPanic(t, want, f)
	}
}
