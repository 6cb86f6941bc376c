package rivals_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/exact"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/rivals"
)

// agrees fails unless the chains' mean of coordinate i is within five of its standard errors of want.
func agrees(t *testing.T, what string, chains [][]float64, want float64) {
	t.Helper()
	const sds = 5
	d := rivals.Diagnose(chains)
	if math.Abs(d.Mean-want) > sds*d.MCSE || d.MCSE > 0.1*(1+math.Abs(want)) || d.RHat > 1.05 {
		t.Errorf("%s: mean %v ± %v, want %v (R̂ %v, %v effective draws)", what, d.Mean, d.MCSE, want, d.RHat, d.BulkESS)
	}
}

func squared(chains [][]float64) [][]float64 {
	out := make([][]float64, len(chains))
	for i, c := range chains {
		for _, v := range c {
			out[i] = append(out[i], v*v)
		}
	}
	return out
}

// On a Gaussian of correlation ρ: lag-1 autocorrelation ρ², integrated autocorrelation time (1 + ρ²)/(1 − ρ²).
func TestGibbsGaussianRates(t *testing.T) {
	for _, rho := range []float64{0, 0.5, 0.9} {
		cov := mat.NewSymDense(2, []float64{1, rho, rho, 1})
		c := rivals.GibbsGaussian([]float64{1, -2}, cov, rivals.Sampling{Seed: 3, Draws: 8_000, Burn: 100})
		agrees(t, "θ₁", c.Values(0), 1)
		agrees(t, "θ₂", c.Values(1), -2)
		agrees(t, "θ₁²", squared(c.Values(0)), 2)
		r := rivals.Autocorrelation(c.Values(1)[0], 1)[1]
		if math.Abs(r-rho*rho) > 0.03 {
			t.Errorf("ρ %v: lag-1 autocorrelation %v, want ρ² = %v", rho, r, rho*rho)
		}
		time := 32_000 / rivals.ESS(c.Values(1))
		if want := (1 + rho*rho) / (1 - rho*rho); math.Abs(time-want) > 0.1*want {
			t.Errorf("ρ %v: autocorrelation time %v, want %v", rho, time, want)
		}
	}
}

func TestMetropolisAcceptance(t *testing.T) {
	for _, step := range []float64{0.3, 1, 2.4, 8} {
		m := rivals.Metropolis{Target: target{}, Step: step}
		c := m.Sample(rivals.Sampling{Seed: 1, Draws: 8_000, Burn: 200, Init: [][]float64{{0}, {1}, {-1}, {2}}})
		want := 2 / math.Pi * math.Atan(2/step)
		if got := stat.Mean(c.Accepted, nil); math.Abs(got-want) > 0.01 {
			t.Errorf("step %v: %v taken, want (2/π) arctan(2/s) = %v", step, got, want)
		}
		agrees(t, "x", c.Values(0), 0)
		agrees(t, "x²", squared(c.Values(0)), 1)
		if c.Evaluations != 4*8_200 || c.Warning != "" {
			t.Errorf("%d evaluations, warning %q", c.Evaluations, c.Warning)
		}
	}
}

// target is N(0, 1) without its constant.
type target struct{}

func (target) LogProb(x []float64) float64 { return -x[0] * x[0] / 2 }

type box struct{}

func (box) LogProb(x []float64) float64 {
	if math.Abs(x[0]) < 1 {
		return 0
	}
	return math.Inf(-1)
}

func TestMetropolisAdaptsOnlyWhenAsked(t *testing.T) {
	s := rivals.Sampling{Seed: 2, Draws: 4000, Burn: 3000, Init: [][]float64{{0}, {0.5}}}
	c := rivals.Metropolis{Target: target{}, Step: 200, Adapt: true}.Sample(s)
	for _, a := range c.Accepted {
		if math.Abs(a-0.44) > 0.1 {
			t.Errorf("adapted, %v are taken, want about 0.44", a)
		}
	}
	c = rivals.Metropolis{Target: target{}, Step: 1e6}.Sample(rivals.Sampling{Seed: 2, Draws: 50, Init: [][]float64{{0}}})
	if !strings.Contains(c.Warning, "chain 0 never took a proposal") {
		t.Errorf("warning %q", c.Warning)
	}
	// A start outside the support is left as soon as the chain finds it.
	c = rivals.Metropolis{Target: box{}, Step: 1}.Sample(rivals.Sampling{Seed: 2, Draws: 5000, Burn: 500, Init: [][]float64{{3}}})
	for _, v := range c.Pooled(0) {
		if math.Abs(v) >= 1 {
			t.Fatalf("a draw of %v", v)
		}
	}
	agrees(t, "x² in the box", squared(c.Values(0)), 1.0/3)
}

func TestGibbsNormalHasTheExactPosterior(t *testing.T) {
	m := model.Normal{X: []float64{1.3, -2, 0.4, 7, 3}, Mu0: 8, Lambda0: 3, A0: 2.5, B0: 4}
	p := exact.Normal(m)
	c := rivals.GibbsNormal(m, rivals.Sampling{Seed: 4, Draws: 5_000, Burn: 50})
	agrees(t, "μ", c.Values(0), p.Mu)
	agrees(t, "τ", c.Values(1), p.A/p.B)
	agrees(t, "μ²", squared(c.Values(0)), p.MarginalMu().Variance()+p.Mu*p.Mu)
	agrees(t, "τ²", squared(c.Values(1)), p.A*(p.A+1)/(p.B*p.B))
}

// Overlapping bumps, so that the chains rename the components often: then both means have the exact marginal.
func TestGibbsGMMHasTheExactPosterior(t *testing.T) {
	x, _ := model.SimulateGMM(12, []float64{-0.8, 0.8}, 1, rng(6))
	m := model.GMM{X: x, Mu0: 0.2, Tau0: 1.5}
	p, err := exact.GMM(m, exact.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var mean, second float64
	const h = 0.01
	for v := -9.0; v < 9; v += h {
		mean += v * p.Marginal(v) * h
		second += v * v * p.Marginal(v) * h
	}
	c := rivals.GibbsGMM(m, rivals.Sampling{Seed: 5, Draws: 5_000, Burn: 100})
	for k := range 2 {
		agrees(t, fmt.Sprintf("μ_%d", k+1), c.Values(k), mean)
		agrees(t, fmt.Sprintf("μ_%d²", k+1), squared(c.Values(k)), second)
	}
	sorted := rivals.Sorted(c)
	for i, chain := range sorted.Draws {
		for j, d := range chain {
			if d[0] > d[1] || d[0]+d[1] != c.Draws[i][j][0]+c.Draws[i][j][1] {
				t.Fatalf("sorted %v of %v", d, c.Draws[i][j])
			}
		}
	}
	if a, b := rivals.Diagnose(sorted.Values(0)).Mean, rivals.Diagnose(sorted.Values(1)).Mean; math.Abs(a+b-2*mean) > 0.05 || b-a < 0.5 {
		t.Errorf("the lower and the upper mean are %v and %v", a, b)
	}
}

func TestChainsAreReproducible(t *testing.T) {
	x, _ := model.SimulateGMM(40, []float64{-1.6, 1.9}, 1, rng(1))
	s := rivals.Sampling{Seed: 9, Draws: 50, Workers: 1, Chains: 5, Thin: 2}
	a := rivals.GibbsGMM(model.GMM{X: x}, s)
	s.Workers = 8
	if b := rivals.GibbsGMM(model.GMM{X: x}, s); !reflect.DeepEqual(a, b) {
		t.Error("1 worker and 8 differ")
	}
	if len(a.Draws) != 5 || len(a.Draws[0]) != 50 || a.Evaluations != 500 || len(a.Pooled(1)) != 250 {
		t.Errorf("%d chains of %d, %d evaluations", len(a.Draws), len(a.Draws[0]), a.Evaluations)
	}
	if reflect.DeepEqual(a.Draws[0], a.Draws[1]) {
		t.Error("two chains are the same")
	}
	s.Seed++
	if b := rivals.GibbsGMM(model.GMM{X: x}, s); reflect.DeepEqual(a.Draws, b.Draws) {
		t.Error("another seed gave the same draws")
	}
}

// autoregressive draws chains x_{t+1} = φ x_t + √(1 − φ²) z, of variance 1 and autocorrelation time (1 + φ)/(1 − φ).
func autoregressive(chains, n int, phi float64, seed uint64) [][]float64 {
	r := rng(seed)
	out := make([][]float64, chains)
	for i := range out {
		v := r.NormFloat64()
		for range n {
			out[i] = append(out[i], v)
			v = phi*v + math.Sqrt(1-phi*phi)*r.NormFloat64()
		}
	}
	return out
}

func TestDiagnoseAgainstTheory(t *testing.T) {
	for _, phi := range []float64{-0.4, 0, 0.6, 0.8} {
		d := rivals.Diagnose(autoregressive(4, 8_000, phi, 7))
		want := 32_000 * (1 - phi) / (1 + phi)
		if math.Abs(d.BulkESS-want) > 0.1*want || math.Abs(d.RHat-1) > 0.01 {
			t.Errorf("φ %v: %v effective draws, want %v; R̂ %v", phi, d.BulkESS, want, d.RHat)
		}
		if want := math.Sqrt((1 + phi) / (1 - phi) / 32_000); math.Abs(d.MCSE-want) > 0.1*want || math.Abs(d.Mean) > 5*want {
			t.Errorf("φ %v: mean %v ± %v, want 0 ± %v", phi, d.Mean, d.MCSE, want)
		}
		// The tail is of indicators, which for independent draws are independent as well.
		if phi == 0 && math.Abs(d.TailESS-32_000) > 3_200 {
			t.Errorf("tail ESS %v of 32,000 independent draws", d.TailESS)
		}
	}
}

func TestDiagnoseAgainstThePaper(t *testing.T) {
	const tol = 1e-9
	text, err := os.ReadFile("../testdata/rhat.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Name                   string
			Chains                 [][]float64
			RHat, Bulk, Tail, MCSE float64
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		d := rivals.Diagnose(c.Chains)
		for _, v := range [][2]float64{{d.RHat, c.RHat}, {d.BulkESS, c.Bulk}, {d.TailESS, c.Tail}, {d.MCSE, c.MCSE}} {
			if math.Abs(v[0]-v[1]) > tol*v[1] {
				t.Errorf("%s: %+v, want R̂ %v, bulk %v, tail %v, MCSE %v", c.Name, d, c.RHat, c.Bulk, c.Tail, c.MCSE)
				break
			}
		}
	}
}

// R̂ sees chains that differ in place, in spread only, and within themselves; and heavy tails do not fool it.
func TestRHatSeesDisagreement(t *testing.T) {
	base := autoregressive(4, 1000, 0, 8)
	alter := func(f func(chain, draw int, v float64) float64) float64 {
		out := make([][]float64, len(base))
		for i, c := range base {
			for j, v := range c {
				out[i] = append(out[i], f(i, j, v))
			}
		}
		return rivals.Diagnose(out).RHat
	}
	one := func(cond bool) float64 {
		if cond {
			return 1
		}
		return 0
	}
	if r := alter(func(c, _ int, v float64) float64 { return v }); r > 1.01 {
		t.Errorf("equal chains: R̂ %v", r)
	}
	if r := alter(func(c, _ int, v float64) float64 { return v + one(c == 0) }); r < 1.05 {
		t.Errorf("one chain elsewhere: R̂ %v", r)
	}
	if r := alter(func(c, _ int, v float64) float64 { return v * (1 + 4*one(c == 0)) }); r < 1.05 {
		t.Errorf("one chain wider: R̂ %v", r)
	}
	if r := alter(func(_, j int, v float64) float64 { return v + one(j >= 500) }); r < 1.05 {
		t.Errorf("each chain moves half-way: R̂ %v", r)
	}
	cauchy := func(v float64) float64 { return math.Tan(math.Pi * (distuv.UnitNormal.CDF(v) - 0.5)) }
	if r := alter(func(_, _ int, v float64) float64 { return cauchy(v) }); r > 1.01 {
		t.Errorf("equal chains of a Cauchy: R̂ %v", r)
	}
	same := make([][]float64, 2)
	for i := range same {
		same[i] = make([]float64, 20)
	}
	if d := rivals.Diagnose(same); !math.IsNaN(d.RHat) || !math.IsNaN(d.BulkESS) {
		t.Errorf("constant chains: %+v", d)
	}
}

func TestAutocorrelation(t *testing.T) {
	r := rivals.Autocorrelation(autoregressive(1, 100_000, 0.7, 9)[0], 4)
	for lag, v := range r {
		if math.Abs(v-math.Pow(0.7, float64(lag))) > 0.02 {
			t.Errorf("lag %d: %v", lag, v)
		}
	}
}

func TestSamplerPanics(t *testing.T) {
	g, nan := model.GMM{X: []float64{1, 2}}, math.NaN()
	n := model.Normal{X: []float64{1}, Lambda0: 1, A0: 1, B0: 1}
	cov := mat.NewSymDense(2, []float64{1, 2, 2, 1})
	for want, f := range map[string]func(){
		"rivals: GMM: X has 0 points, want at least 1":                   func() { rivals.GibbsGMM(model.GMM{}, rivals.Sampling{}) },
		"rivals: GibbsGMM: Init[0] has 1 numbers, want 2":                func() { rivals.GibbsGMM(g, rivals.Sampling{Init: [][]float64{{1}}}) },
		"rivals: GibbsGMM: Init[0] holds NaN, want finite numbers":       func() { rivals.GibbsGMM(g, rivals.Sampling{Init: [][]float64{{1, nan}}}) },
		"rivals: GibbsGMM: Init has 1 points, want one for each of 2":    func() { rivals.GibbsGMM(g, rivals.Sampling{Chains: 2, Init: [][]float64{{1, 2}}}) },
		"rivals: GibbsGMM: a field of Sampling is negative":              func() { rivals.GibbsGMM(g, rivals.Sampling{Draws: -1}) },
		"rivals: GibbsNormal: Init[0] has τ = 0, want a positive number": func() { rivals.GibbsNormal(n, rivals.Sampling{Init: [][]float64{{1, 0}}}) },
		"rivals: Normal: X has 0 points, want at least 1":                func() { rivals.GibbsNormal(model.Normal{}, rivals.Sampling{}) },
		"rivals: GibbsGaussian: cov is not positive definite":            func() { rivals.GibbsGaussian([]float64{0, 0}, cov, rivals.Sampling{}) },
		"rivals: GibbsGaussian: cov does not fit 1 means":                func() { rivals.GibbsGaussian([]float64{0}, cov, rivals.Sampling{}) },
		"rivals: GibbsGaussian: mean 0 is NaN, want a finite number":     func() { rivals.GibbsGaussian([]float64{nan}, mat.NewSymDense(1, []float64{1}), rivals.Sampling{}) },
		"rivals: Chains: there is no coordinate 2 of 2":                  func() { rivals.GibbsGMM(g, rivals.Sampling{Draws: 3}).Pooled(2) },
		"rivals: Metropolis: Target is nil, want a log density":          func() { rivals.Metropolis{Step: 1}.Sample(rivals.Sampling{}) },
		"rivals: Metropolis: Step is 0, want a positive finite number":   func() { rivals.Metropolis{Target: target{}}.Sample(rivals.Sampling{}) },
		"rivals: Metropolis: Init has 0 points, want one for each chain": func() { rivals.Metropolis{Target: target{}, Step: 1}.Sample(rivals.Sampling{}) },
		"rivals: GibbsNormal: chain 0 is at [NaN NaN] after sweep 1": func() {
			rivals.GibbsNormal(model.Normal{X: []float64{-1e200, 1e200}, Lambda0: 1, A0: 1, B0: 1}, rivals.Sampling{})
		},
		"rivals: Metropolis: the log density at Init[1] is NaN, want": func() {
			rivals.Metropolis{Target: fenced{}, Step: 1}.Sample(rivals.Sampling{Init: [][]float64{{1}, {-1}}})
		},
		"rivals: Metropolis: chain 0 is at [": func() {
			rivals.Metropolis{Target: fenced{}, Step: 1e308}.Sample(rivals.Sampling{Init: [][]float64{{1e308}}})
		},
		"rivals: Diagnose: 0 chains, want at least 1":         func() { rivals.Diagnose(nil) },
		"rivals: Diagnose: chain 0 has 3 draws, want as many": func() { rivals.Diagnose([][]float64{{1, 2, 3}}) },
		"rivals: ESS: chain 0 holds NaN, want finite numbers": func() { rivals.ESS([][]float64{{nan, 1, 2, 3, 4, 5, 6, 7}}) },
		"rivals: Autocorrelation: 3 lags of 3 draws":          func() { rivals.Autocorrelation([]float64{1, 2, 3}, 3) },
	} {
		func() {
			defer func() {
				if msg, _ := recover().(string); !strings.HasPrefix(msg, want) {
					t.Errorf("panic %q, want %q", msg, want)
				}
			}()
			f()
		}()
	}
}

// fenced is flat, and makes no sense below 0.
type fenced struct{}

func (fenced) LogProb(x []float64) float64 {
	if x[0] < 0 {
		return math.NaN()
	}
	return 0
}

// Whatever the units, the chain is the same up to them: no square under- or overflows on the way.
func TestGibbsGMMInAnyUnits(t *testing.T) {
	const tol = 1e-9
	x := []float64{-2.5, -2, -1, 1, 2, 3}
	s := rivals.Sampling{Seed: 3, Chains: 1, Draws: 40}
	want := rivals.GibbsGMM(model.GMM{X: x, Tau0: 3}, s).Draws[0]
	for _, unit := range []float64{1e-300, 1e-170, 1e8, 1e250} {
		scaled := make([]float64, len(x))
		for i, v := range x {
			scaled[i] = v * unit
		}
		for j, draw := range rivals.GibbsGMM(model.GMM{X: scaled, Sigma: unit, Tau0: 3 * unit}, s).Draws[0] {
			for k, v := range draw {
				if !(math.Abs(v/unit-want[j][k]) <= tol) {
					t.Fatalf("unit %v, draw %d: μ_%d is %v units, want %v", unit, j, k, v/unit, want[j][k])
				}
			}
		}
	}
	// Noise so small that distances in units of it have no squares, and a prior as wide as numbers go.
	for _, m := range []model.GMM{{X: x, Sigma: 1e-300, Tau0: 3}, {X: x, Sigma: 1, Tau0: 1e300}} {
		for _, v := range rivals.GibbsGMM(m, s).Pooled(0) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%+v: %v", m, v)
			}
		}
	}
}

// Under a vague prior of τ a draw from it is often 1e-300: chains without burn-in must not begin there.
func TestGibbsNormalStartsNearTheData(t *testing.T) {
	x := model.SimulateNormal(50, 3, 2, rng(1))
	for _, m := range []model.Normal{
		{X: x, Lambda0: 1e-3, A0: 1e-3, B0: 1e-3}, {X: x, Lambda0: 1e12, Mu0: 3, A0: 1, B0: 1},
	} {
		c := rivals.GibbsNormal(m, rivals.Sampling{Seed: 2, Chains: 8, Draws: 20})
		for _, v := range c.Pooled(1) {
			if v < 0.05 || v > 1.5 {
				t.Errorf("Lambda0 %v: τ = %v, want about ¼", m.Lambda0, v)
			}
		}
	}
}

func ExampleGibbsGMM() {
	x, _ := model.SimulateGMM(40, []float64{-1.6, 1.9}, 1, rng(46))
	c := rivals.Sorted(rivals.GibbsGMM(model.GMM{X: x}, rivals.Sampling{Seed: 1, Burn: 100}))
	for i, name := range []string{"lower", "upper"} {
		d := rivals.Diagnose(c.Values(i))
		fmt.Printf("%s mean %.1f, R̂ %.2f\n", name, d.Mean, d.RHat)
	}
	// Output:
	// lower mean -1.8, R̂ 1.00
	// upper mean 1.9, R̂ 1.00
}

// Four chains on two bumps, and whether they may be trusted.
func ExampleMetropolis() {
	m := rivals.Metropolis{Target: kl.TwoBumps(2), Step: 4}
	c := m.Sample(rivals.Sampling{Seed: 1, Draws: 4000, Init: [][]float64{{-4}, {-1}, {1}, {4}}})
	d := rivals.Diagnose(c.Values(0))
	fmt.Printf("taken %.1f, R̂ below 1.01: %t, more than 400 effective draws: %t\n", c.Accepted[0], d.RHat < 1.01, d.BulkESS > 400)
	// Output: taken 0.5, R̂ below 1.01: true, more than 400 effective draws: true
}
