package kl

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/distuv"
)

func TestKronrodRuleIsExactToDegree22(t *testing.T) {
	for degree := 0; degree <= 22; degree++ {
		var k, g float64
		for i := range kronrodNodes {
			x, wk, wg := kronrodAt(i)
			k += wk * math.Pow(x, float64(degree))
			g += wg * math.Pow(x, float64(degree))
		}
		want := 0.0
		if degree%2 == 0 {
			want = 2 / float64(degree+1)
		}
		if math.Abs(k-want) > 1e-15 {
			t.Errorf("Kronrod, degree %d: %v, want %v", degree, k, want)
		}
		if degree <= 13 && math.Abs(g-want) > 1e-15 {
			t.Errorf("Gauss, degree %d: %v, want %v", degree, g, want)
		}
	}
}

func TestCubatureInThePlane(t *testing.T) {
	// ∫∫ |x − y| over the unit square = 1/3: a kink across the cells.
	o := cubature{dim: 2, n: 1, rel: 1e-8, maxEval: 2_000_000, f: func(x [2]float64, out *comps) { out[0] = math.Abs(x[0] - x[1]) }}.
		run([]span{{hi: [2]float64{1, 1}}})
	if diff := math.Abs(o.val[0] - 1.0/3); diff > 1e-8 || diff > o.err[0]+1e-15 {
		t.Errorf("∫∫|x − y| = %v ± %v", o.val[0], o.err[0])
	}
}

// onLine makes a Target of one dimension a function of x.
func onLine(p Target) func(x float64) float64 {
	return func(x float64) float64 { return p.LogProb([]float64{x}) }
}

func TestQuadOnHardDensities(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	normal := func(m, s float64) func(float64) float64 { return distuv.Normal{Mu: m, Sigma: s}.LogProb }
	cauchy := distuv.StudentsT{Sigma: 1, Nu: 1}
	narrow := Mixture{Mean: []float64{100, 101}, Sd: []float64{0.001, 0.01}}
	for _, c := range []struct {
		name       string
		logq, logp func(float64) float64
		a, b       float64
		want, tol  float64
	}{
		{"narrow, far away", normal(1e4, 1e-3), normal(1e4, 2e-3), -inf, inf, Normal(distuv.Normal{Mu: 1e4, Sigma: 1e-3}, distuv.Normal{Mu: 1e4, Sigma: 2e-3}), 1e-9},
		{"narrow, in a wide window", normal(1e4, 1e-3), normal(1e4, 2e-3), -1e6, 1e6, Normal(distuv.Normal{Mu: 1e4, Sigma: 1e-3}, distuv.Normal{Mu: 1e4, Sigma: 2e-3}), 1e-8},
		{"nearly equal", normal(0, 1), normal(1e-6, 1), -inf, inf, 5e-13, 1e-17},
		{"wide", normal(-5, 1e6), normal(0, 1e6), -inf, inf, Normal(distuv.Normal{Mu: -5, Sigma: 1e6}, distuv.Normal{Sigma: 1e6}), 1e-15},
		// E ln(1 + x²) for x ~ N(0, 1) by mpmath: 0.53389703...; KL = ln π − ½ ln 2πe + that.
		{"light against heavy", normal(0, 1), cauchy.LogProb, -inf, inf, 0.2592445324888621, 1e-12},
		// −H + ½ ln 2π·2500 + (mean of x²)/5000, the two bumps not overlapping.
		{"two needles", onLine(narrow), normal(0, 50), -inf, inf,
			-math.Ln2 - 0.5*(math.Log(0.001)+math.Log(0.01)) - 0.5 + math.Log(50) + ((100*100+0.001*0.001)+(101*101+0.01*0.01))/2/5000, 1e-9},
		{"uniform against normal", distuv.Uniform{Max: 1}.LogProb, normal(0, 1), -inf, inf, 0.5*math.Log(2*math.Pi) + 1.0/6, 1e-9},
		{"kink", distuv.Laplace{Mu: 3, Scale: 1}.LogProb, normal(0, 50), -inf, inf, math.Log(50) + 0.5*math.Log(2*math.Pi) + 11.0/5000 - math.Ln2 - 1, 1e-11},
		{"off support", normal(0, 1), distuv.Exponential{Rate: 1}.LogProb, -inf, inf, inf, 0},
		{"partly off support", normal(0, 1), distuv.Uniform{Min: -1, Max: 9}.LogProb, -inf, inf, inf, 0},
		{"q zero where p is not", distuv.Exponential{Rate: 2}.LogProb, cauchy.LogProb, -inf, inf,
			// 2 ln… : −H(q) = ln 2 − 1, cross term by the half line's own quadrature below.
			math.NaN(), 1e-9},
		{"endless", cauchy.LogProb, normal(0, 1), -inf, inf, inf, 0},
		{"half line", distuv.Gamma{Alpha: 0.3, Beta: 2}.LogProb, distuv.Gamma{Alpha: 20, Beta: 0.7}.LogProb, 0, inf,
			Gamma(distuv.Gamma{Alpha: 0.3, Beta: 2}, distuv.Gamma{Alpha: 20, Beta: 0.7}), 1e-8},
		{"left half line", func(x float64) float64 { return distuv.Exponential{Rate: 3}.LogProb(-x) }, func(x float64) float64 { return distuv.Exponential{Rate: 4}.LogProb(-x) }, -inf, 0,
			Exponential(distuv.Exponential{Rate: 3}, distuv.Exponential{Rate: 4}), 1e-12},
	} {
		got, bound := Quad(c.logq, c.logp, c.a, c.b)
		if math.IsNaN(c.want) {
			c.want, _ = Quad(c.logq, c.logp, 0, inf)
		}
		if math.IsInf(c.want, 1) {
			if got != c.want {
				t.Errorf("%s: %v ± %v, want +Inf", c.name, got, bound)
			}
			continue
		}
		if diff := math.Abs(got - c.want); !(diff <= c.tol) || bound > 1e-5*(1+c.want) {
			t.Errorf("%s: %.15g ± %.2g, want %.15g (off by %.2g)", c.name, got, bound, c.want, diff)
		}
	}
}

func TestQuadSaysWhatItCannotSee(t *testing.T) {
	n := distuv.UnitNormal
	if _, bound := Quad(n.LogProb, distuv.Normal{Sigma: 2}.LogProb, 1, 2); bound < 0.5 {
		t.Errorf("a window that cuts q: bound %v", bound)
	}
	none := func(float64) float64 { return math.Inf(-1) }
	if kl, bound := Quad(none, n.LogProb, -1, 1); kl != 0 || !math.IsInf(bound, 1) {
		t.Errorf("q nowhere: %v ± %v", kl, bound)
	}
	if kl, _ := Quad(n.LogProb, func(float64) float64 { return math.NaN() }, -1, 1); !math.IsNaN(kl) {
		t.Errorf("NaN: %v", kl)
	}
}

func TestAlphaBridge(t *testing.T) {
	inf := math.Inf(1)
	q, p := distuv.Normal{Mu: 0.3, Sigma: 0.8}, distuv.Normal{Mu: 1, Sigma: 1.1}
	at := func(alpha float64) float64 {
		d, bound := AlphaQuad(alpha, q.LogProb, p.LogProb, -inf, inf)
		if bound > 1e-9 {
			t.Errorf("α = %v: bound %v", alpha, bound)
		}
		return d
	}
	// ∫ q^α p^(1−α) of two normals is closed: gonum's Rényi divergence.
	gq, _ := distmv.NewNormal([]float64{q.Mu}, mat.NewSymDense(1, []float64{q.Sigma * q.Sigma}), nil)
	gp, _ := distmv.NewNormal([]float64{p.Mu}, mat.NewSymDense(1, []float64{p.Sigma * p.Sigma}), nil)
	for _, alpha := range []float64{0.1, 0.5, 0.9, 1.5, 2} {
		renyi := distmv.Renyi{Alpha: alpha}.DistNormal(gq, gp)
		want := -math.Expm1((alpha-1)*renyi) / (alpha * (1 - alpha))
		if got := at(alpha); relErr(got, want) > 1e-10 {
			t.Errorf("α = %v: %v, want %v", alpha, got, want)
		}
		if got, bound := Renyi(alpha, q.LogProb, p.LogProb, -inf, inf); relErr(got, renyi) > 1e-10 || bound > 1e-8 {
			t.Errorf("Rényi, α = %v: %v ± %v, want %v", alpha, got, bound, renyi)
		}
	}
	for _, c := range []struct{ alpha, want float64 }{{1, Normal(q, p)}, {0, Normal(p, q)}} {
		if got := at(c.alpha); relErr(got, c.want) > 1e-11 {
			t.Errorf("α = %v: %v, want %v", c.alpha, got, c.want)
		}
		for _, eps := range []float64{1e-4, -1e-4} {
			if got := at(c.alpha + eps); math.Abs(got-c.want) > 1e-3 {
				t.Errorf("α = %v: %v, want near %v", c.alpha+eps, got, c.want)
			}
		}
	}
	// D_α(q‖p) = D_(1−α)(p‖q).
	if back := Alpha(0.3, p.LogProb, q.LogProb, -inf, inf); relErr(back, at(0.7)) > 1e-10 {
		t.Errorf("D_0.3(p‖q) = %v, D_0.7(q‖p) = %v", back, at(0.7))
	}
}

func TestAlphaOffSupport(t *testing.T) {
	inf := math.Inf(1)
	half, whole := distuv.Exponential{Rate: 1}.LogProb, distuv.UnitNormal.LogProb
	for _, c := range []struct {
		alpha float64
		q, p  func(float64) float64
		want  bool
	}{{1.5, whole, half, true}, {-0.5, half, whole, true}, {0.5, whole, half, false}, {0, half, whole, true}, {1, whole, half, true}} {
		if d := Alpha(c.alpha, c.q, c.p, -inf, inf); math.IsInf(d, 1) != c.want || math.IsNaN(d) {
			t.Errorf("α = %v: %v, infinite: want %v", c.alpha, d, c.want)
		}
	}
	// −ln of p's mass on q's support: ½ for a normal on the half line.
	if r, _ := Renyi(0, half, whole, -inf, inf); math.Abs(r-math.Ln2) > 1e-7 {
		t.Errorf("R₀ = %v, want ln 2", r)
	}
	a, b := distuv.Uniform{Min: 0, Max: 1}.LogProb, distuv.Uniform{Min: 2, Max: 3}.LogProb
	if r, _ := Renyi(0.5, a, b, -1, 4); !math.IsInf(r, 1) {
		t.Errorf("Rényi of what does not meet: %v", r)
	}
}

func TestSampledEstimates(t *testing.T) {
	// For N(m, 1) against N(0, 1): KL = m²/2, and E k2 = KL + m⁴/8 (the bias is (m²/4)·KL).
	for _, m := range []float64{0.1, 0.5, 1} {
		q, p := distuv.Normal{Mu: m, Sigma: 1}, distuv.UnitNormal
		e := Sampled(func(dst []float64, rng *rand.Rand) { dst[0] = m + rng.NormFloat64() },
			func(x []float64) float64 { return q.LogProb(x[0]) }, func(x []float64) float64 { return p.LogProb(x[0]) }, 100_000, 7)
		kl := m * m / 2
		for name, c := range map[string]struct{ got, want, se float64 }{
			"K1": {e.K1, kl, e.SE1}, "K2": {e.K2, kl * (1 + m*m/4), e.SE2}, "K3": {e.K3, kl, e.SE3},
		} {
			if math.Abs(c.got-c.want) > 4*c.se || !(c.se > 0) {
				t.Errorf("m = %v: %s = %v ± %v, want %v", m, name, c.got, c.se, c.want)
			}
		}
		// The terms of K1 are ½m² + mz: their sd is m.
		if math.Abs(e.SE1*math.Sqrt(float64(e.N))/m-1) > 0.02 {
			t.Errorf("m = %v: SE1 = %v", m, e.SE1)
		}
	}
}

func TestSampledFindsTheDimension(t *testing.T) {
	q, p := Correlated(0.5), Gaussian{[]float64{0.2, -0.1}, mat.NewSymDense(2, []float64{1.5, 0, 0, 0.8})}
	e := Sampled(q.Draw, q.LogProb, p.LogProb, 50_000, 1)
	if want := MvNormal(q, p); math.Abs(e.K1-want) > 4*e.SE1 || math.Abs(e.K3-want) > 4*e.SE3 {
		t.Errorf("K1 = %v ± %v, K3 = %v ± %v, want %v", e.K1, e.SE1, e.K3, e.SE3, want)
	}
	if again := Sampled(q.Draw, q.LogProb, p.LogProb, 50_000, 1); again != e {
		t.Error("the same seed gave other estimates")
	}
	mustPanic(t, "want functions of the same dimension", func() {
		Sampled(func(dst []float64, _ *rand.Rand) { dst[0] = 0 }, func([]float64) float64 { panic("no") }, p.LogProb, 10, 1)
	})
}

func TestSampledOffSupport(t *testing.T) {
	draw := func(dst []float64, rng *rand.Rand) { dst[0] = rng.NormFloat64() }
	e := Sampled(draw, onUnit, func(x []float64) float64 { return distuv.Exponential{Rate: 1}.LogProb(x[0]) }, 100, 1)
	if !math.IsInf(e.K1, 1) || !math.IsInf(e.K2, 1) || !math.IsInf(e.K3, 1) || !math.IsInf(e.SE3, 1) {
		t.Errorf("%+v, want +Inf", e)
	}
	e = Sampled(draw, onUnit, func([]float64) float64 { return math.NaN() }, 100, 1)
	if !math.IsNaN(e.K1) {
		t.Errorf("%+v, want NaN", e)
	}
}

func onUnit(x []float64) float64 { return distuv.UnitNormal.LogProb(x[0]) }

func TestParetoKOnKnownTails(t *testing.T) {
	// ln r of ratios with a generalised Pareto tail of shape k: r = U^(−k).
	for _, want := range []float64{0.2, 0.5, 0.9} {
		var k running
		for seed := range uint64(30) {
			rng := rand.New(rand.NewPCG(seed, 1))
			lr := make([]float64, 4000)
			for i := range lr {
				lr[i] = -want * math.Log(1-rng.Float64())
			}
			got, sd := ParetoK(lr)
			if math.Abs(sd-(1+got)/math.Sqrt(189)) > 1e-12 {
				t.Fatalf("sd = %v for k = %v", sd, got)
			}
			k.add(got)
		}
		// The weak prior pulls by 10/199 of the way to ½.
		pulled := (189*want + 5) / 199
		if math.Abs(k.mean-pulled) > 4*k.se()+0.01 {
			t.Errorf("k = %v: mean of k̂ = %v ± %v, want %v", want, k.mean, k.se(), pulled)
		}
	}
}

func TestParetoKOfMeanField(t *testing.T) {
	// Mean field on a Gaussian with correlation .7: k = .7; REFERENCES measured a mean of .635, sd .11, at 4,000.
	const rho = 0.7
	p, sd := Correlated(rho), math.Sqrt(1-rho*rho)
	q := NewGaussian([]float64{0, 0}, []float64{sd, sd})
	var k running
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 2))
		lr := make([]float64, 4000)
		x := make([]float64, 2)
		for i := range lr {
			q.Draw(x, rng)
			lr[i] = p.LogProb(x) - q.LogProb(x)
		}
		got, _ := ParetoK(lr)
		k.add(got)
	}
	if spread := k.se() * math.Sqrt(k.n); math.Abs(k.mean-0.635) > 0.05 || math.Abs(spread-0.11) > 0.04 {
		t.Errorf("mean of k̂ = %v, sd %v, want .635 and .11", k.mean, spread)
	}
}

func TestParetoKEdges(t *testing.T) {
	same := make([]float64, 100)
	if k, sd := ParetoK(same); k != 0 || sd != 0 {
		t.Errorf("equal ratios: %v, %v", k, sd)
	}
	same[3] = math.Inf(-1)
	same[4] = 1
	if k, sd := ParetoK(same); math.IsNaN(k) || math.IsNaN(sd) {
		t.Errorf("ties: %v, %v", k, sd)
	}
	for i := range same {
		same[i] = math.Inf(-1)
	}
	mustPanic(t, "every log ratio is −Inf", func() { ParetoK(same) })
	same[0] = math.NaN()
	mustPanic(t, "logRatios[0] is NaN", func() { ParetoK(same) })
}
