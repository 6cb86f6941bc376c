package exact_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"

	"elboroom/exact"
	"elboroom/model"
)

func rng(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// hardData are data sets whose posteriors differ in kind: one peak, two, many, ridges, needles.
func hardData() map[string][]float64 {
	r := rng(3)
	wide := make([]float64, 14)
	for i := range wide {
		wide[i] = 200 * (r.Float64() - 0.5)
	}
	one := model.SimulateNormal(13, 0.3, 1, r)
	two, _ := model.SimulateGMM(14, []float64{-1.6, 1.9}, 1, r)
	three, _ := model.SimulateGMM(15, []float64{-6, 0, 6}, 1, r)
	far, _ := model.SimulateGMM(13, []float64{-30, 40}, 1, r)
	return map[string][]float64{
		"one datum":        {0.7},
		"two data":         {-0.4, 2.5},
		"same datum twice": {1, 1},
		"identical":        {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2},
		"two values":       {0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 3, 3, 3},
		"one bump":         one,
		"two bumps":        two,
		"three bumps":      three,
		"far apart":        far,
		"spread out":       wide,
		"an outlier":       append(model.SimulateNormal(13, 0, 1, r), 60),
	}
}

func TestEnumerationAndQuadratureAgree(t *testing.T) {
	const agreement = 1e-10 // nats; what the quadrature promises
	for name, x := range hardData() {
		for _, tau0 := range []float64{0.3, 3, 1e4} {
			for _, sigma := range []float64{0.5, 2} {
				m := model.GMM{X: x, Sigma: sigma, Mu0: -0.7, Tau0: tau0}
				a, errA := exact.GMM(m, exact.Config{Method: exact.Enumeration})
				b, errB := exact.GMM(m, exact.Config{Method: exact.Quadrature})
				if errA != nil || errB != nil {
					t.Errorf("%s, σ %v, τ₀ %v: %v, %v", name, sigma, tau0, errA, errB)
					continue
				}
				diff := math.Abs(a.LogEvidence - b.LogEvidence)
				if diff > agreement*(1+math.Abs(a.LogEvidence)) || diff > a.ErrBound+b.ErrBound {
					t.Errorf("%s, σ %v, τ₀ %v: enumeration %.15g ± %.1g, quadrature %.15g ± %.1g in %d points",
						name, sigma, tau0, a.LogEvidence, a.ErrBound, b.LogEvidence, b.ErrBound, b.Evaluations)
				}
			}
		}
	}
}

// Random mixtures, priors from far too narrow to far too wide: the two methods differ by less than their bounds.
func TestErrBoundIsHonest(t *testing.T) {
	const relative = 1e-9 // what the quadrature promises
	for seed := range uint64(200) {
		r := rng(seed)
		apart := 8 * r.Float64() * r.Float64()
		x, _ := model.SimulateGMM(4+r.IntN(11), []float64{-apart, apart * r.Float64(), apart}, 1, r)
		if r.IntN(3) == 0 {
			for i := range x {
				x[i] = math.Round(x[i])
			}
		}
		m := model.GMM{X: x, Tau0: math.Exp(4 * r.NormFloat64()), Sigma: math.Exp(r.NormFloat64()), Mu0: 3 * r.NormFloat64()}
		a, errA := exact.GMM(m, exact.Config{Method: exact.Enumeration})
		b, errB := exact.GMM(m, exact.Config{Method: exact.Quadrature})
		if errA != nil || errB != nil {
			t.Errorf("%+v: %v, %v", m, errA, errB)
		} else if diff := math.Abs(a.LogEvidence - b.LogEvidence); diff > a.ErrBound+b.ErrBound || b.ErrBound > relative*math.Abs(b.LogEvidence) {
			t.Errorf("%+v: %.15g and %.15g differ by %.1g, the bounds are %.1g and %.1g",
				m, a.LogEvidence, b.LogEvidence, diff, a.ErrBound, b.ErrBound)
		}
	}
}

// sumOverAssignments is ln p(x) by the definition: all Kⁿ assignments, each a multivariate Gaussian in which data
// of one component share the variance τ₀².
func sumOverAssignments(m model.GMM) float64 {
	m = m.Filled()
	n := len(m.X)
	mean := make([]float64, n)
	for i := range mean {
		mean[i] = m.Mu0
	}
	var total float64
	c := make([]int, n)
	for {
		cov := mat.NewSymDense(n, nil)
		for i := range n {
			for j := range i + 1 {
				v := 0.0
				if c[i] == c[j] {
					v += m.Tau0 * m.Tau0
				}
				if i == j {
					v += m.Sigma * m.Sigma
				}
				cov.SetSym(i, j, v)
			}
		}
		g, ok := distmv.NewNormal(mean, cov, nil)
		if !ok {
			panic("not a covariance")
		}
		total += math.Exp(g.LogProb(m.X)) * math.Pow(float64(m.K), -float64(n))
		i := 0
		for ; i < n; i++ {
			if c[i]++; c[i] < m.K {
				break
			}
			c[i] = 0
		}
		if i == n {
			return math.Log(total)
		}
	}
}

func TestEvidenceIsTheSumOverAssignments(t *testing.T) {
	const tol = 1e-11
	for _, m := range []model.GMM{
		{X: []float64{1.3}, K: 1},
		{X: []float64{1.3, -2, 0.4, 7}, K: 1, Sigma: 2, Mu0: 1, Tau0: 3},
		{X: []float64{1.3, -2, 0.4, 3, 3.5}},
		{X: []float64{1.3, -2, 0.4, 3, 3.5}, K: 3, Sigma: 0.7, Mu0: 0.5, Tau0: 2},
		{X: []float64{0.1, 0.2}, K: 5, Tau0: 1},
		{X: []float64{-3, 0.1, 0.2, 4}, K: 6, Tau0: 1.5},
	} {
		p, err := exact.GMM(m, exact.Config{Method: exact.Enumeration})
		if err != nil {
			t.Fatal(err)
		}
		if want := sumOverAssignments(m); math.Abs(p.LogEvidence-want) > tol {
			t.Errorf("K %d, n %d: ln p(x) = %.15g, the sum over assignments %.15g", m.K, len(m.X), p.LogEvidence, want)
		}
	}
}

// plain integrates f over the square [a, b]² by the trapezoidal rule with n steps a side.
func plain(f func(mu []float64) float64, a, b float64, n int) float64 {
	var sum float64
	h := (b - a) / float64(n)
	for i := range n + 1 {
		for j := range n + 1 {
			sum += f([]float64{a + float64(i)*h, a + float64(j)*h})
		}
	}
	return sum * h * h
}

func TestQuadratureAtAnyN(t *testing.T) {
	const tol = 1e-9 // relative; what the quadrature promises
	for _, n := range []int{25, 120} {
		for _, apart := range []float64{0, 1.5, 5} {
			x, _ := model.SimulateGMM(n, []float64{-apart / 2, apart / 2}, 1.3, rng(uint64(n)))
			m := model.GMM{X: x, Sigma: 1.3, Mu0: 0.4, Tau0: 2}
			p, err := exact.GMM(m, exact.Config{})
			if err != nil {
				t.Fatal(err)
			}
			top := math.Inf(-1)
			for i := range 81 {
				for j := range 81 {
					top = max(top, m.LogProb([]float64{-4 + 0.1*float64(i), -4 + 0.1*float64(j)}))
				}
			}
			// Steps of half the narrowest sd that a mean can have.
			steps := int(16 / (0.5 * 1.3 / math.Sqrt(float64(n))))
			want := top + math.Log(plain(func(mu []float64) float64 { return math.Exp(m.LogProb(mu) - top) }, -8, 8, steps))
			if math.Abs(p.LogEvidence-want) > tol*math.Abs(want) {
				t.Errorf("n %d, bumps %v apart: ln p(x) = %.15g ± %.1g, the plain rule %.15g", n, apart, p.LogEvidence, p.ErrBound, want)
			}
		}
	}
}

// Adding one datum multiplies the evidence by its predictive density: the chain rule.
func TestEvidenceFollowsThePredictive(t *testing.T) {
	const tol = 1e-10
	for _, means := range [][]float64{{-4, 3}, {-1, 1}, {0, 0}} {
		x, _ := model.SimulateGMM(1501, means, 1, rng(5))
		for _, n := range []int{7, 60, 1500} {
			before, err := exact.GMM(model.GMM{X: x[:n], Tau0: 5}, exact.Config{})
			if err != nil {
				t.Fatal(err)
			}
			after, err := exact.GMM(model.GMM{X: x[:n+1], Tau0: 5}, exact.Config{})
			if err != nil {
				t.Fatal(err)
			}
			got, want := math.Log(before.Predictive(x[n])), after.LogEvidence-before.LogEvidence
			if math.Abs(got-want) > min(tol, before.ErrBound+after.ErrBound) {
				t.Errorf("means %v, datum %d: ln predictive %.12g, the evidence grew by %.12g", means, n, got, want)
			}
		}
	}
}

func TestReadOutsAgreeBetweenMethods(t *testing.T) {
	const tol = 1e-10
	for name, x := range hardData() {
		if len(x) > 13 {
			x = x[:13]
		}
		m := model.GMM{X: x, Mu0: 0.3, Tau0: 4}
		a, errA := exact.GMM(m, exact.Config{Method: exact.Enumeration})
		b, errB := exact.GMM(m, exact.Config{Method: exact.Quadrature})
		if errA != nil || errB != nil {
			t.Fatal(name, errA, errB)
		}
		for _, v := range []float64{-7, -1.5, 0, 0.8, 2, 5.5} {
			if got, want := b.Marginal(v), a.Marginal(v); math.Abs(got-want) > tol {
				t.Errorf("%s: marginal at %v: quadrature %.14g, enumeration %.14g", name, v, got, want)
			}
			if got, want := b.Predictive(v), a.Predictive(v); math.Abs(got-want) > tol {
				t.Errorf("%s: predictive at %v: quadrature %.14g, enumeration %.14g", name, v, got, want)
			}
		}
	}
}

func TestDensityIntegratesToOneAndIsSymmetric(t *testing.T) {
	x, _ := model.SimulateGMM(30, []float64{-1, 2}, 1, rng(8))
	p, err := exact.GMM(model.GMM{X: x, Tau0: 3}, exact.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if one := plain(p.Density, -6, 7, 260); math.Abs(one-1) > 1e-10 {
		t.Errorf("∫ density = %.15g", one)
	}
	if a, b := p.Density([]float64{-1, 2}), p.Density([]float64{2, -1}); math.Abs(a-b) > 1e-12*a {
		t.Errorf("swapped means: %v and %v", a, b)
	}
}

func TestGMMInvariances(t *testing.T) {
	x, _ := model.SimulateGMM(200, []float64{-1, 2}, 1, rng(9))
	base, err := exact.GMM(model.GMM{X: x, Tau0: 3, Mu0: 0.2}, exact.Config{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	again, _ := exact.GMM(model.GMM{X: x, Tau0: 3, Mu0: 0.2}, exact.Config{Workers: 7})
	if base.LogEvidence != again.LogEvidence || base.ErrBound != again.ErrBound {
		t.Errorf("1 worker %v, 7 workers %v", base.LogEvidence, again.LogEvidence)
	}
	moved := make([]float64, len(x))
	for i, v := range x {
		moved[i] = 1000 - 3*v
	}
	p, _ := exact.GMM(model.GMM{X: moved, Sigma: 3, Tau0: 9, Mu0: 1000 - 0.6}, exact.Config{})
	if want := base.LogEvidence - float64(len(x))*math.Log(3); math.Abs(p.LogEvidence-want) > 1e-9 {
		t.Errorf("after x → 1000 − 3x: %.14g, want %.14g", p.LogEvidence, want)
	}
}

// Numbers with few binary digits move by a power of two without rounding, so the evidence must not move at all: not
// by more than the bounds, and the bounds must stay small.
func TestGMMFarFromZero(t *testing.T) {
	const far, relative = 0x1p30, 1e-9
	for seed := range uint64(60) {
		r := rng(seed)
		m := model.GMM{X: make([]float64, 5+r.IntN(8)), Sigma: math.Exp(2 * r.NormFloat64()), Mu0: 0.25, Tau0: math.Exp(2 * r.NormFloat64())}
		for i := range m.X {
			m.X[i] = math.Round(64*3*r.NormFloat64()) / 64
		}
		moved := m
		moved.X, moved.Mu0 = make([]float64, len(m.X)), m.Mu0+far
		for i, v := range m.X {
			moved.X[i] = v + far
		}
		for _, method := range []exact.Method{exact.Enumeration, exact.Quadrature} {
			a, errA := exact.GMM(m, exact.Config{Method: exact.Enumeration})
			b, errB := exact.GMM(moved, exact.Config{Method: method})
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if diff := math.Abs(a.LogEvidence - b.LogEvidence); diff > a.ErrBound+b.ErrBound || b.ErrBound > relative*(1+math.Abs(b.LogEvidence)) {
				t.Errorf("%+v, %v: %.15g ± %.1g, far from 0 %.15g ± %.1g", m, method, a.LogEvidence, a.ErrBound, b.LogEvidence, b.ErrBound)
			}
			for _, at := range []float64{-1, 0.5, 3} {
				for name, read := range map[string]func(p exact.GMMPosterior, at float64) float64{
					"marginal": exact.GMMPosterior.Marginal, "predictive": exact.GMMPosterior.Predictive,
				} {
					if got, want := read(b, at+far), read(a, at); math.Abs(got-want) > 1e-9*(1+want) {
						t.Errorf("%+v, %v: %s at %v is %.12g, far from 0 %.12g", m, method, name, at, want, got)
					}
				}
			}
		}
	}
}

// A prior many of its sds from the data gives all of them to one component: the other ways to share them out have a
// bound, which says so without any search.
func TestGMMPriorFarFromTheData(t *testing.T) {
	for _, m := range []model.GMM{
		{X: []float64{11.4, 11.4, 11.4}, Sigma: 0.12, Mu0: -4.8, Tau0: 0.063},
		{X: []float64{-1, -0.2, 0.8, 3.7, 1.2, 1.3, -1.8, 9.4}, Sigma: 0.4, Mu0: -30, Tau0: 0.24},
	} {
		a, errA := exact.GMM(m, exact.Config{Method: exact.Enumeration})
		b, errB := exact.GMM(m, exact.Config{Method: exact.Quadrature})
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if diff := math.Abs(a.LogEvidence - b.LogEvidence); diff > a.ErrBound+b.ErrBound {
			t.Errorf("%+v: enumeration %.15g ± %.1g, quadrature %.15g ± %.1g", m, a.LogEvidence, a.ErrBound, b.LogEvidence, b.ErrBound)
		}
	}
	x, _ := model.SimulateGMM(82, []float64{-1, 2}, 1, rng(4))
	if p, err := exact.GMM(model.GMM{X: x, Mu0: 74, Tau0: 0.4}, exact.Config{}); err != nil || p.Evaluations > 0 {
		t.Errorf("%d points, error %v", p.Evaluations, err)
	}
}

func TestGMMErrors(t *testing.T) {
	many := make([]float64, 40)
	for want, c := range map[string]struct {
		m model.GMM
		c exact.Config
	}{
		"exact: GMM: X has 0 points, want at least 1":                 {},
		"exact: GMM: X[1] is NaN, want a finite number":               {m: model.GMM{X: []float64{1, math.NaN()}}},
		"exact: GMM: quadrature is over 2 or 3 means, not over K":     {m: model.GMM{X: many, K: 4}, c: exact.Config{Method: exact.Quadrature}},
		"exact: GMM: 40 data can be shared out among K = 4":           {m: model.GMM{X: many, K: 4}},
		"exact: GMM: the quadrature over 3 means of 50000 data needs": {m: model.GMM{X: make([]float64, 50_000), K: 3}},
		"exact: GMM: Method 9 is none of":                             {m: model.GMM{X: many}, c: exact.Config{Method: 9}},
		"exact: GMM: the log evidence is -Inf":                        {m: model.GMM{X: []float64{1e308, -1e308}}},
		"exact: GMM: Sigma is -1, want a positive finite number":      {m: model.GMM{X: many, Sigma: -1}},
		"exact: GMM: K is -2, want at least 1, or 0 for 2":            {m: model.GMM{X: many, K: -2}},
		"exact: GMM: 40 data can be shared out among K = 2 compo":     {m: model.GMM{X: many}, c: exact.Config{Method: exact.Enumeration}},
		"exact: GMM: Tau0 is +Inf, want a positive finite number":     {m: model.GMM{X: many, Tau0: math.Inf(1)}},
	} {
		if _, err := exact.GMM(c.m, c.c); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %q, want %q", err, want)
		}
	}
}

func BenchmarkGMMQuadrature(b *testing.B) {
	x, _ := model.SimulateGMM(100_000, []float64{-1.6, 1.9}, 1, rng(1))
	var points int
	for b.Loop() {
		p, err := exact.GMM(model.GMM{X: x}, exact.Config{})
		if err != nil {
			b.Fatal(err)
		}
		points = p.Evaluations
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(points)/float64(len(x)), "ns/datum/point")
}

// 2.4 million ways to share 15 data out among three components.
func BenchmarkGMMEnumeration(b *testing.B) {
	x, _ := model.SimulateGMM(15, []float64{-4, 0, 4}, 1, rng(1))
	for b.Loop() {
		if _, err := exact.GMM(model.GMM{X: x, K: 3}, exact.Config{Method: exact.Enumeration}); err != nil {
			b.Fatal(err)
		}
	}
}
