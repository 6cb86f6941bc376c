package exact_test

import (
	"math"
	"testing"

	"elboroom/exact"
	"elboroom/model"
)

// Three components by both methods: random mixtures and priors, in odd units, far from 0, with equal data.
func TestQuadratureOverThreeMeans(t *testing.T) {
	const relative, reading = 1e-9, 1e-6
	for seed := range uint64(120) {
		r := rng(seed)
		m := model.GMM{X: make([]float64, 1+r.IntN(9)), K: 3, Sigma: math.Exp(r.NormFloat64()), Mu0: 3 * r.NormFloat64(), Tau0: math.Exp(1 + 2*r.NormFloat64())}
		unit, far := []float64{1, 0x1p30, 0x1p-30, 1}[seed%4], []float64{0, 0, 0, 0x1p20}[seed%4]
		for i := range m.X {
			m.X[i] = 3 * r.NormFloat64() * r.NormFloat64()
			if i > 0 && r.IntN(4) == 0 {
				m.X[i] = m.X[0]
			}
		}
		for i, x := range m.X {
			m.X[i] = x*unit + far
		}
		m.Sigma, m.Mu0, m.Tau0 = m.Sigma*unit, m.Mu0*unit+far, m.Tau0*unit
		a, errA := exact.GMM(m, exact.Config{Method: exact.Enumeration})
		b, errB := exact.GMM(m, exact.Config{Method: exact.Quadrature})
		if errA != nil || errB != nil {
			t.Errorf("%+v: %v, %v", m, errA, errB)
			continue
		}
		if diff := math.Abs(a.LogEvidence - b.LogEvidence); diff > a.ErrBound+b.ErrBound || b.ErrBound > relative*(1+math.Abs(b.LogEvidence)) {
			t.Errorf("%+v: enumeration %.15g ± %.1g, quadrature %.15g ± %.1g in %d points",
				m, a.LogEvidence, a.ErrBound, b.LogEvidence, b.ErrBound, b.Evaluations)
		}
		for _, z := range []float64{-2, 0.3, 4} {
			at := z*unit + far
			if got, want := b.Predictive(at), a.Predictive(at); math.Abs(got-want)*m.Sigma > reading {
				t.Errorf("%+v: predictive at %v: quadrature %.12g, enumeration %.12g", m, at, got, want)
			}
			if got, want := b.Marginal(at), a.Marginal(at); math.Abs(got-want)*min(m.Sigma, m.Tau0) > reading {
				t.Errorf("%+v: marginal at %v: quadrature %.12g, enumeration %.12g", m, at, got, want)
			}
		}
	}
}

// Beyond enumeration: adding a datum multiplies the evidence by its predictive density, workers change nothing, and
// the marginal integrates to 1.
func TestThreeMeansFollowThePredictive(t *testing.T) {
	const tol = 1e-10
	for _, means := range [][]float64{{-5, 0, 5}, {-1.5, 0, 1.5}, {-4, -4, 4}, {0, 0, 0}} {
		x, _ := model.SimulateGMM(121, means, 1, rng(5))
		for _, n := range []int{24, 120} {
			before, err := exact.GMM(model.GMM{X: x[:n], K: 3, Tau0: 4}, exact.Config{Workers: 1})
			if err != nil {
				t.Fatal(err)
			}
			after, err := exact.GMM(model.GMM{X: x[:n+1], K: 3, Tau0: 4}, exact.Config{})
			if err != nil {
				t.Fatal(err)
			}
			got, want := math.Log(before.Predictive(x[n])), after.LogEvidence-before.LogEvidence
			if before.Method != exact.Quadrature || math.Abs(got-want) > min(tol, before.ErrBound+after.ErrBound) {
				t.Errorf("means %v, datum %d: ln predictive %.12g, the evidence grew by %.12g", means, n, got, want)
			}
			again, _ := exact.GMM(model.GMM{X: x[:n], K: 3, Tau0: 4}, exact.Config{Workers: 7})
			if again.LogEvidence != before.LogEvidence || again.ErrBound != before.ErrBound {
				t.Errorf("means %v, %d data: 1 worker %v, 7 workers %v", means, n, before.LogEvidence, again.LogEvidence)
			}
			if n > 24 || means[0] != -5 {
				continue
			}
			var mass, mean float64
			const h, end = 0.3, 24.0
			for z := -end; z < end; z += h {
				p := before.Marginal(z)
				mass, mean = mass+h*p, mean+h*p*z
			}
			// Each mean is as likely to be any component's: E μ_k is what E x_new is.
			var next float64
			for z := -end; z < end; z += h {
				next += h * z * before.Predictive(z)
			}
			if math.Abs(mass-1) > 1e-6 || math.Abs(mean-next) > 1e-6 {
				t.Errorf("means %v: the marginal has mass %.9g and mean %.9g, the predictive mean %.9g", means, mass, mean, next)
			}
		}
	}
}

// Data very many sds apart: the lattice reaches them, or an error says that it does not.
func TestThreeMeansFarApart(t *testing.T) {
	for _, far := range []float64{1e8, 1e9, 1e10, 1e12, 1e18, 1e100} {
		m := model.GMM{X: []float64{0, 1, 2, 3, 4, far, far + 1, -far}, K: 3, Sigma: 1, Tau0: far}
		a, errA := exact.GMM(m, exact.Config{Method: exact.Enumeration})
		b, errB := exact.GMM(m, exact.Config{Method: exact.Quadrature})
		if errA != nil || (errB != nil) != (far > 1e12) {
			t.Errorf("%v apart: %v, %v", far, errA, errB)
		}
		if diff := math.Abs(a.LogEvidence - b.LogEvidence); errB == nil && !(diff <= a.ErrBound+b.ErrBound) {
			t.Errorf("%v apart: enumeration %.15g ± %.1g, quadrature %.15g ± %.1g", far, a.LogEvidence, a.ErrBound, b.LogEvidence, b.ErrBound)
		}
	}
}

func BenchmarkGMMThreeMeans(b *testing.B) {
	x, _ := model.SimulateGMM(300, []float64{-3, 0, 3}, 1, rng(1))
	var points int
	for b.Loop() {
		p, err := exact.GMM(model.GMM{X: x, K: 3}, exact.Config{})
		if err != nil {
			b.Fatal(err)
		}
		points = p.Evaluations
	}
	b.ReportMetric(float64(points), "points")
}
