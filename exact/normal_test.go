package exact_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"

	"elboroom/exact"
	"elboroom/model"
)

var normals = []model.Normal{
	{X: []float64{1.3}, Mu0: 0, Lambda0: 1, A0: 1, B0: 1},
	{X: []float64{1.3, -2, 0.4, 7, 3}, Mu0: 2, Lambda0: 0.3, A0: 2.5, B0: 4},
	{X: []float64{5, 5, 5}, Mu0: -1, Lambda0: 10, A0: 0.5, B0: 0.1},
	{X: []float64{101, 103, 99.5, 100}, Mu0: 90, Lambda0: 1e-3, A0: 1e-3, B0: 1e-3},
}

// With μ and τ integrated out the data are multivariate Student t: 2A0 degrees of freedom, scale matrix
// (B0/A0)(I + 11ᵀ/Lambda0).
func TestNormalEvidenceIsAStudentT(t *testing.T) {
	const tol = 1e-9
	for _, m := range normals {
		n := len(m.X)
		mean, scale := make([]float64, n), mat.NewSymDense(n, nil)
		for i := range n {
			mean[i] = m.Mu0
			for j := range i + 1 {
				v := 1 / m.Lambda0
				if i == j {
					v++
				}
				scale.SetSym(i, j, m.B0/m.A0*v)
			}
		}
		st, ok := distmv.NewStudentsT(mean, scale, 2*m.A0, nil)
		if !ok {
			t.Fatal("not a scale matrix")
		}
		p := exact.Normal(m)
		if want := st.LogProb(m.X); math.Abs(p.LogEvidence-want) > tol*(1+math.Abs(want)) {
			t.Errorf("%+v: ln p(x) = %.14g, want %.14g", m, p.LogEvidence, want)
		}
	}
}

func TestNormalPosteriorIsTheJointOverTheEvidence(t *testing.T) {
	const tol = 1e-9
	for _, m := range normals {
		p := exact.Normal(m)
		for _, at := range [][2]float64{{0, 1}, {2, 0.1}, {-1, 3}} {
			got, want := p.LogDensity(at[0], at[1]), m.LogProb(at[:])-p.LogEvidence
			if math.Abs(got-want) > tol*(1+math.Abs(want)) {
				t.Errorf("%+v at %v: ln p = %.14g, want %.14g", m, at, got, want)
			}
		}
		if d := p.Density(0, -1); d != 0 {
			t.Errorf("density %v at τ < 0", d)
		}
	}
}

func TestNormalMarginals(t *testing.T) {
	p := exact.Normal(normals[1])
	tau := p.MarginalTau()
	for _, mu := range []float64{-1, 2, 4} {
		got := quad.Fixed(func(v float64) float64 { return p.Density(mu, v) }, 0, tau.Quantile(1-1e-13), 400, nil, 0)
		if want := p.MarginalMu().Prob(mu); math.Abs(got-want) > 1e-8 {
			t.Errorf("marginal of μ at %v: by quadrature %.12g, Student t %.12g", mu, got, want)
		}
		more := normals[1]
		more.X = append(append([]float64(nil), more.X...), mu)
		if got, want := p.Predictive().LogProb(mu), exact.Normal(more).LogEvidence-p.LogEvidence; math.Abs(got-want) > 1e-10 {
			t.Errorf("ln predictive at %v is %.12g, the evidence grows by %.12g", mu, got, want)
		}
	}
	if got, want := tau.Mean(), p.A/p.B; math.Abs(got-want) > 1e-12 {
		t.Errorf("E τ = %v, want %v", got, want)
	}
}

func TestNormalPanicsWithASentence(t *testing.T) {
	defer func() {
		if msg := recover(); msg != "exact: Normal: Lambda0 is 0, want a positive finite number" {
			t.Errorf("panic %v", msg)
		}
	}()
	exact.Normal(model.Normal{X: []float64{1}, A0: 1, B0: 1})
}

func ExampleNormal() {
	p := exact.Normal(model.Normal{X: []float64{1.2, 0.7, 1.9, 1.4}, Lambda0: 1, A0: 1, B0: 1})
	fmt.Printf("μ is near %.2f, τ near %.2f, log evidence %.3f nats\n", p.Mu, p.A/p.B, p.LogEvidence)
	// Output: μ is near 1.04, τ near 1.47, log evidence -5.935 nats
}

func ExampleGMM() {
	m := model.GMM{X: []float64{-2.1, -1.4, -1.7, 1.6, 2.2, 2.0}, Tau0: 3}
	p, err := exact.GMM(m, exact.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("log evidence %.3f nats by %v\n", p.LogEvidence, p.Method)
	// Output: log evidence -12.824 nats by enumeration
}
