package cavi

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"elboroom/exact"
	"elboroom/fit"
	"elboroom/model"
)

// lecture is the data of the lecture's picture: 40 data from bumps at −1.6 and 1.9, and its poor start.
func lecture() GMM {
	x, _ := model.SimulateGMM(40, []float64{-1.6, 1.9}, 1, rng(46))
	return GMM{GMM: model.GMM{X: x}, Init: []float64{-0.4, 3.2}}
}

// naive is the ELBO with every φ_ik written out, as in REFERENCES: the independent reference of Terms and updates.
func naive(m model.GMM, mean, variance []float64, phi [][]float64) float64 {
	m = m.Filled()
	s2, t2 := m.Sigma*m.Sigma, m.Tau0*m.Tau0
	var elbo float64
	for k := range mean {
		d := mean[k] - m.Mu0
		elbo += -0.5*math.Log(2*math.Pi*t2) - (d*d+variance[k])/(2*t2) + 0.5*math.Log(2*math.Pi*math.E*variance[k])
	}
	elbo -= float64(len(m.X)) * math.Log(float64(m.K))
	for i, x := range m.X {
		for k, p := range phi[i] {
			if p > 0 {
				elbo += p * (-0.5*math.Log(2*math.Pi*s2) - ((x-mean[k])*(x-mean[k])+variance[k])/(2*s2) - math.Log(p))
			}
		}
	}
	return elbo
}

func phiOf(q GMMFactors, x []float64) [][]float64 {
	phi := make([][]float64, len(x))
	for i, v := range x {
		phi[i] = q.Responsibilities(v)
	}
	return phi
}

// The textbook's updates with the whole n×K table, beside ours.
func TestGMMIsTheTextbook(t *testing.T) {
	const tol = 1e-11
	x, _ := model.SimulateGMM(60, []float64{-3, 0, 4}, 1.2, rng(4))
	for _, k := range []int{1, 2, 3, 5} {
		m := GMM{GMM: model.GMM{X: x, K: k, Sigma: 1.2, Mu0: 0.7, Tau0: 3}}
		tr := Fit(m, fit.Settings{Seed: 2, Tol: -1, Sweeps: 8})
		q := tr.Steps[0].Q
		mean, variance := append([]float64(nil), q.Mean...), append([]float64(nil), q.Var...)
		phi := phiOf(q, x)
		for i, step := range tr.Steps {
			if i > 0 && step.Update == "q(c)" {
				for i, x := range x {
					var total float64
					for j := range k {
						phi[i][j] = math.Exp((mean[j]*x - (variance[j]+mean[j]*mean[j])/2) / (1.2 * 1.2))
						total += phi[i][j]
					}
					for j := range k {
						phi[i][j] /= total
					}
				}
			} else if i > 0 {
				for j := range k {
					var n, s float64
					for i, x := range x {
						n += phi[i][j]
						s += phi[i][j] * x
					}
					variance[j] = 1 / (1/9.0 + n/(1.2*1.2))
					mean[j] = variance[j] * (0.7/9 + s/(1.2*1.2))
				}
			}
			if want := naive(m.GMM, mean, variance, phi); !near(step.Value, want, tol) {
				t.Fatalf("K %d, step %d: ELBO %.14g, the textbook's %.14g", k, i, step.Value, want)
			}
			for j := range k {
				if !near(step.Q.Mean[j], mean[j], tol) || !near(step.Q.Var[j], variance[j], tol) {
					t.Fatalf("K %d, step %d: q(μ) %v %v, the textbook's %v %v", k, i, step.Q.Mean, step.Q.Var, mean, variance)
				}
			}
		}
	}
}

// No table of φ close to the held one has a higher ELBO.
func TestHalfStepIsStationaryInEveryResponsibility(t *testing.T) {
	m := lecture()
	q := Fit(m, fit.Settings{Sweeps: 2, Tol: -1}).Last().Q
	q = m.Updates()[0].Move(q)
	phi := phiOf(q, m.X)
	best := naive(m.GMM, q.Mean, q.Var, phi)
	const h = 1e-4
	for i := range phi {
		p := phi[i][0]
		if p < 10*h || p > 1-10*h {
			continue
		}
		phi[i] = []float64{p + h, 1 - p - h}
		up := naive(m.GMM, q.Mean, q.Var, phi)
		phi[i] = []float64{p - h, 1 - p + h}
		down := naive(m.GMM, q.Mean, q.Var, phi)
		phi[i] = []float64{p, 1 - p}
		// The curvature in φ is −1/(φ(1−φ)); the third derivative leaves a slope of order h³/φ².
		if up > best || down > best || math.Abs(up-down) > 10*h*math.Abs(2*best-up-down)/(p*(1-p))+1e-12 {
			t.Errorf("φ_%d = %v: ELBO %.15g, up %.15g, down %.15g", i, p, best, up, down)
		}
	}
}

func column(t *testing.T, path string, at int) []float64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var x []float64
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[at], 64)
		if err != nil {
			t.Fatal(err)
		}
		x = append(x, v)
	}
	return x
}

func TestOldFaithful(t *testing.T) {
	text, err := os.ReadFile("../testdata/gmm.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]struct {
		Sigma, Mu0, Tau0, ELBO float64
		Means, Sds             []float64
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	want := cases["old faithful"]
	x := column(t, "../testdata/faithful.csv", 1)
	m := GMM{GMM: model.GMM{X: x, Sigma: want.Sigma, Mu0: want.Mu0, Tau0: want.Tau0}}
	last := Fit(m, fit.Settings{Seed: 1}).Last()
	for k := range want.Means {
		if math.Abs(last.Q.Mean[k]-want.Means[k]) > 0.005 || math.Abs(math.Sqrt(last.Q.Var[k])-want.Sds[k]) > 0.0005 {
			t.Errorf("component %d: mean %v, sd %v, want %v, %v", k, last.Q.Mean[k], math.Sqrt(last.Q.Var[k]), want.Means[k], want.Sds[k])
		}
	}
	if math.Abs(last.Value-want.ELBO) > 0.005 {
		t.Errorf("ELBO %v, want %v", last.Value, want.ELBO)
	}
	// With noise sd 1 on minutes no datum is shared: the fit is nonsense, and says so by its φ.
	q := Fit(GMM{GMM: model.GMM{X: x, Mu0: 70.9, Tau0: 20}}, fit.Settings{Seed: 1}).Last().Q
	var shared int
	for _, v := range x {
		if phi := q.Responsibilities(v); phi[0] > 0.01 && phi[0] < 0.99 {
			shared++
		}
	}
	if shared > 5 {
		t.Errorf("%d data are shared at σ = 1", shared)
	}
}

// A larger starting mean on the other side ends with the names swapped and the same ELBO; equal means stay equal.
func TestStartsDecide(t *testing.T) {
	m := lecture()
	a := Fit(m, fit.Settings{Tol: 1e-12}).Last()
	m.Init = []float64{4, 3.2}
	b := Fit(m, fit.Settings{Tol: 1e-12}).Last()
	if !near(a.Value, b.Value, 1e-10) || !near(a.Q.Mean[0], b.Q.Mean[1], 1e-5) || a.Q.Mean[0] > a.Q.Mean[1] {
		t.Errorf("from (−0.4, 3.2): %v at %v; from (4, 3.2): %v at %v", a.Q.Mean, a.Value, b.Q.Mean, b.Value)
	}
	m.Init = []float64{1, 1}
	tr := Fit(m, fit.Settings{Tol: -1, Sweeps: 30})
	for _, s := range tr.Steps {
		if s.Q.Mean[0] != s.Q.Mean[1] || s.Q.Var[0] != s.Q.Var[1] {
			t.Fatalf("equal starting means part in sweep %d: %v", s.Sweep, s.Q.Mean)
		}
	}
	if tr.Last().Value > a.Value-1 {
		t.Errorf("the saddle's ELBO %v is no lower than the optimum's %v", tr.Last().Value, a.Value)
	}
	if q := tr.Last().Q; !near(q.Count[0], float64(len(m.X))/2, 1e-12) {
		t.Errorf("at the saddle each component has %v data", q.Count)
	}
}

// Whether the symmetric point is left depends on s² Σ(x − m)²/(2σ⁴): the transition, from both sides.
func TestSaddleTransition(t *testing.T) {
	x, _ := model.SimulateGMM(200, []float64{0}, 1, rng(7))
	for _, sigma := range []float64{0.7, 0.9, 0.95, 1.05, 1.1, 1.5} {
		m := GMM{GMM: model.GMM{X: x, Sigma: sigma, Tau0: 50}, Init: []float64{0, 0}}
		q := Fit(m, fit.Settings{Tol: -1, Sweeps: 200}).Last().Q
		centre := q.Mean[0]
		var squares float64
		for _, v := range x {
			squares += (v - centre) * (v - centre)
		}
		growth := q.Var[0] * squares / (2 * math.Pow(sigma, 4))
		const off = 1e-5
		m.Init = []float64{centre - off, centre + off}
		tr := Fit(m, fit.Settings{Tol: -1, Sweeps: 4})
		first, last := tr.Steps[2].Q, tr.Last().Q
		got := math.Pow((last.Mean[1]-last.Mean[0])/(first.Mean[1]-first.Mean[0]), 1.0/3)
		if math.Abs(got-growth) > 1e-3*growth {
			t.Errorf("σ %v: the difference of the means grows by %v a sweep, want %v", sigma, got, growth)
		}
		end := Fit(m, fit.Settings{Tol: -1, Sweeps: 3000, Keep: fit.LastOnly}).Last().Q
		if left := math.Abs(end.Mean[1]-end.Mean[0]) > 0.1; left != (growth > 1) {
			t.Errorf("σ %v: growth %v, but the means end at %v", sigma, growth, end.Mean)
		}
	}
}

// Converged is a statement about gains, not about optima.
func TestConvergedOnThePlateau(t *testing.T) {
	m := lecture()
	m.Init = []float64{0, 0}
	saddle := Fit(m, fit.Settings{}).Last()
	at := saddle.Q.Mean[0]
	m.Init = []float64{at - 1e-6, at + 1e-6}
	stuck := Fit(m, fit.Settings{})
	if stuck.Status != fit.Converged || stuck.Last().Sweep > 3 || stuck.Last().Value > saddle.Value+1e-6 {
		t.Errorf("%v in sweep %d at %v, the saddle is at %v", stuck.Status, stuck.Last().Sweep, stuck.Last().Value, saddle.Value)
	}
	free := Fit(m, fit.Settings{Tol: -1, Sweeps: 200})
	if free.Last().Value < saddle.Value+1 {
		t.Errorf("a negative Tol does not leave the plateau: %v", free.Last().Value)
	}
}

func TestEmptyComponentReturnsToItsPrior(t *testing.T) {
	m := GMM{GMM: model.GMM{X: []float64{0, 0.5, -0.5}, Mu0: 1, Tau0: 30}, Init: []float64{0, 500}}
	q := Fit(m, fit.Settings{Sweeps: 1, Tol: -1}).Last().Q
	if q.Count[1] > 1e-300 || !near(q.Mean[1], 1, 1e-12) || !near(q.Var[1], 900, 1e-12) {
		t.Errorf("the empty component: count %v, N(%v, %v), want its prior N(1, 900)", q.Count[1], q.Mean[1], q.Var[1])
	}
	// One component has all data and its exact posterior.
	if want := 1 / (3 + 1/900.0); !near(q.Var[0], want, 1e-12) {
		t.Errorf("the full component has variance %v, want %v", q.Var[0], want)
	}
}

func TestPredictiveAndDensityIntegrateToOne(t *testing.T) {
	q := Fit(lecture(), fit.Settings{}).Last().Q
	var predictive, density, phi float64
	const h = 0.01
	for x := -12.0; x < 12; x += h {
		predictive += q.Predictive(x) * h
		phi += q.Responsibilities(x)[0] + q.Responsibilities(x)[1] - 1
	}
	for a := -4.0; a < 4; a += 0.02 {
		for b := -4.0; b < 4; b += 0.02 {
			density += q.Density([]float64{a, b}) * 0.02 * 0.02
		}
	}
	if math.Abs(predictive-1) > 1e-9 || math.Abs(density-1) > 1e-9 || math.Abs(phi) > 1e-10 {
		t.Errorf("∫ predictive %v, ∫ q(μ) %v, Σ(Σφ − 1) %v", predictive, density, phi)
	}
}

func TestFactorsHoldTheBestAssignments(t *testing.T) {
	m := lecture()
	q := m.Factors([]float64{-1, 2}, []float64{0.1, 0.2})
	moved := m.Updates()[0].Move(q)
	if m.ELBO(q) != m.ELBO(moved) {
		t.Errorf("ELBO %v, after q(c) %v", m.ELBO(q), m.ELBO(moved))
	}
	if a, b := q.Responsibilities(0.3), q.BestResponsibilities(0.3); a[0] != b[0] {
		t.Errorf("held %v, best %v", a, b)
	}
}

func TestLectureDataTellTheStory(t *testing.T) {
	m := lecture()
	p, err := exact.GMM(m.GMM, exact.Config{})
	if err != nil {
		t.Fatal(err)
	}
	tr := Fit(m, fit.Settings{})
	g := m.Gap(tr.Last().Q, p.LogEvidence)
	if math.Abs(g.Total-1) > 0.005 || math.Abs(g.Labels-math.Ln2) > 0.005 || math.Abs(g.MeanField-0.30) > 0.005 {
		t.Errorf("stops %.3f short: %.3f labels, %.3f mean field; the caption says 1.00, 0.69 and 0.30", g.Total, g.Labels, g.MeanField)
	}
}
