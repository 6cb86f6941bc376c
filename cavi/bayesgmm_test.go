package cavi

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/exact"
	"elboroom/fit"
	"elboroom/model"
)

func bayes(m BayesGMM) subject[BayesGMMFactors] {
	n, d := m.X.Dims()
	full := m
	full.BayesGMM = m.Filled()
	order := make([]float64, n)
	for i := range order {
		order[i] = float64(i)
	}
	shuffled := m
	shuffled.X = mat.NewDense(n, d, nil)
	if m.Init != nil {
		shuffled.Init = make([][]float64, n)
	}
	for i, from := range reversed(order) {
		shuffled.X.SetRow(i, m.X.RawRowView(int(from)))
		if m.Init != nil {
			shuffled.Init[i] = m.Init[int(from)]
		}
	}
	return subject[BayesGMMFactors]{
		model: m, shuffled: shuffled, evidence: math.Inf(1), tolerance: 1e-8,
		numbers: func(q BayesGMMFactors) []float64 {
			var out []float64
			for _, v := range [][]float64{q.Alpha, q.Beta, q.Nu, q.Count} {
				out = append(out, v...)
			}
			for k := range q.M {
				out = append(out, q.M[k]...)
				out = append(out, q.W[k].RawSymmetric().Data...)
			}
			return out
		},
		params: func(q BayesGMMFactors, factor string) int { return len(q.Alpha) * 5 },
		nudge: func(q BayesGMMFactors, factor string, i int, by float64) BayesGMMFactors {
			k, what := i/5, i%5
			if factor == "q(c)" {
				r := q.rule
				r.offset = append([]float64(nil), r.offset...)
				r.centre = append([][]float64(nil), r.centre...)
				r.root = append([][]float64(nil), r.root...)
				r.centre[k], r.root[k] = append([]float64(nil), r.centre[k]...), append([]float64(nil), r.root[k]...)
				switch what {
				case 0:
					r.offset[k] += by
				case 1:
					r.centre[k][0] += by
				default:
					r.root[k][0] *= 1 + by
				}
				return full.shareOut(q, r, 1)
			}
			q.Alpha, q.Beta, q.Nu = append([]float64(nil), q.Alpha...), append([]float64(nil), q.Beta...), append([]float64(nil), q.Nu...)
			q.M, q.W = append([][]float64(nil), q.M...), append([]*mat.SymDense(nil), q.W...)
			switch what {
			case 0:
				q.Alpha[k] *= 1 + by
			case 1:
				q.Beta[k] *= 1 + by
			case 2:
				q.Nu[k] *= 1 + by
			case 3:
				q.M[k] = append([]float64(nil), q.M[k]...)
				q.M[k][d-1] += by
			case 4:
				w := mat.NewSymDense(d, nil)
				w.CopySym(q.W[k])
				w.SetSym(0, 0, w.At(0, 0)*(1+by))
				q.W[k] = w
			}
			return q
		},
	}
}

// standardised returns Old Faithful, 272×2, with columns of mean 0 and sd 1 (with 1/n).
func standardised(t *testing.T) *mat.Dense {
	x := mat.NewDense(272, 2, nil)
	for j := range 2 {
		col := column(t, "../testdata/faithful.csv", j)
		var mean, square float64
		for _, v := range col {
			mean += v / 272
		}
		for _, v := range col {
			square += (v - mean) * (v - mean) / 272
		}
		for i, v := range col {
			x.Set(i, j, (v-mean)/math.Sqrt(square))
		}
	}
	return x
}

func TestBayesGMMPassesTheBattery(t *testing.T) {
	x := standardised(t)
	checkModel(t, "two components", bayes(BayesGMM{BayesGMM: model.BayesGMM{X: x}}))
	w0 := mat.NewSymDense(2, []float64{2, 0.3, 0.3, 0.5})
	checkModel(t, "four, own prior", bayes(BayesGMM{BayesGMM: model.BayesGMM{
		X: x, K: 4, Alpha0: 0.01, Beta0: 0.3, Nu0: 3.5, M0: []float64{0.2, -0.1}, W0: w0,
	}}))
	checkModel(t, "more components than data", bayes(BayesGMM{BayesGMM: model.BayesGMM{
		X: mat.NewDense(2, 1, []float64{0, 3}), K: 3,
	}}))
	many, _ := model.BayesGMM{X: mat.NewDense(1, 3, nil), K: 3, Beta0: 0.1, Nu0: 5}.Simulate(9000, rng(3))
	checkModel(t, "three dimensions, two chunks", bayes(BayesGMM{BayesGMM: model.BayesGMM{X: many, K: 3}}))
}

func TestBayesGMMOnOldFaithful(t *testing.T) {
	text, err := os.ReadFile("../testdata/bayesgmm.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct{ Cut, ELBO, Tolerance float64 }
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	m := BayesGMM{BayesGMM: model.BayesGMM{X: standardised(t), K: 2, Alpha0: 1, Beta0: 1, Nu0: 2}}
	for _, waiting := range column(t, "../testdata/faithful.csv", 1) {
		row := []float64{1, 0}
		if waiting > want.Cut {
			row = []float64{0, 1}
		}
		m.Init = append(m.Init, row)
	}
	last := Fit(m, fit.Settings{Tol: 1e-13, Sweeps: 3000}).Last()
	if math.Abs(last.Value-want.ELBO) > want.Tolerance {
		t.Errorf("ELBO %.12f, want %.12f", last.Value, want.ELBO)
	}
	if free := Fit(BayesGMM{BayesGMM: m.BayesGMM}, fit.Settings{Tol: 1e-13, Sweeps: 3000, Seed: 2}).Last(); math.Abs(free.Value-want.ELBO) > want.Tolerance {
		t.Errorf("from drawn data: ELBO %.12f, want %.12f", free.Value, want.ELBO)
	}
}

// One component in one dimension is the Normal with unknown mean and precision, and its posterior is in the family.
func TestOneComponentIsExact(t *testing.T) {
	const tol = 1e-10
	x := []float64{1.3, -2, 0.4, 7, 3}
	w0 := mat.NewSymDense(1, []float64{0.4})
	m := BayesGMM{BayesGMM: model.BayesGMM{X: mat.NewDense(5, 1, x), K: 1, Beta0: 0.3, Nu0: 3, M0: []float64{2}, W0: w0}}
	p := exact.Normal(model.Normal{X: x, Mu0: 2, Lambda0: 0.3, A0: 1.5, B0: 1 / (2 * 0.4)})
	last := Fit(m, fit.Settings{}).Last()
	if !near(last.Value, p.LogEvidence, tol) {
		t.Errorf("ELBO %.12f, log evidence %.12f", last.Value, p.LogEvidence)
	}
	q := last.Q
	if !near(q.M[0][0], p.Mu, tol) || !near(q.Beta[0], p.Lambda, tol) || !near(q.Nu[0]/2, p.A, tol) || !near(1/(2*q.W[0].At(0, 0)), p.B, tol) {
		t.Errorf("%+v, exactly %+v", q, p)
	}
	if got, want := q.Predictive([]float64{2.7}), p.Predictive().Prob(2.7); !near(got, want, tol) {
		t.Errorf("predictive %v, exactly %v", got, want)
	}
}

// In three dimensions, one component: a further datum multiplies the evidence by its predictive density.
func TestOneComponentFollowsItsPredictive(t *testing.T) {
	x, _ := model.BayesGMM{X: mat.NewDense(1, 3, nil), K: 1, Nu0: 6}.Simulate(8, rng(4))
	w0 := mat.NewSymDense(3, []float64{2, 0.3, 0, 0.3, 0.5, 0.1, 0, 0.1, 1})
	var before soFar
	for n := 1; n <= 8; n++ {
		m := BayesGMM{BayesGMM: model.BayesGMM{X: mat.DenseCopyOf(x.Slice(0, n, 0, 3)), K: 1, Nu0: 4.5, Beta0: 0.7, W0: w0, M0: []float64{1, 0, -1}}}
		last := Fit(m, fit.Settings{}).Last()
		if n > 1 {
			if got := last.Value - before.value; !near(got, math.Log(before.q.Predictive(x.RawRowView(n-1))), 1e-10) {
				t.Errorf("datum %d: the evidence grew by %v, ln predictive %v", n, got, math.Log(before.q.Predictive(x.RawRowView(n-1))))
			}
		}
		before.value, before.q = last.Value, last.Q
	}
}

// soFar is the evidence and posterior before the next datum.
type soFar struct {
	value float64
	q     BayesGMMFactors
}

func TestComponentsDie(t *testing.T) {
	m := BayesGMM{BayesGMM: model.BayesGMM{X: standardised(t), K: 6, Alpha0: 1e-3}}
	q := Fit(m, fit.Settings{Sweeps: 3000, Seed: 1}).Last().Q
	alive := 0
	for k, n := range q.Count {
		if n > 1 {
			alive++
		} else if !near(q.Nu[k], 2, 0.5) {
			t.Errorf("component %d has %v data and ν = %v, want its prior's 2", k, n, q.Nu[k])
		}
	}
	if alive != 2 {
		t.Errorf("%d components live with %v data, want 2", alive, q.Count)
	}
	var mass float64
	for a := -6.0; a < 6; a += 0.05 {
		for b := -6.0; b < 6; b += 0.05 {
			mass += q.Predictive([]float64{a, b}) * 0.05 * 0.05
		}
	}
	if math.Abs(mass-1) > 2e-3 {
		t.Errorf("∫ predictive = %v", mass)
	}
}

func TestBayesGMMPanics(t *testing.T) {
	x := mat.NewDense(2, 1, []float64{1, 2})
	for want, m := range map[string]BayesGMM{
		"cavi: BayesGMM: X has 0 points, want at least 1":                               {},
		"cavi: BayesGMM: X[0][0] is NaN, want a finite number":                          {BayesGMM: model.BayesGMM{X: mat.NewDense(1, 1, []float64{math.NaN()})}},
		"cavi: BayesGMM: Nu0 is -1 in 1 dimensions, want a finite number above 0":       {BayesGMM: model.BayesGMM{X: x, Nu0: -1}},
		"cavi: BayesGMM: M0 has 2 numbers, want D = 1":                                  {BayesGMM: model.BayesGMM{X: x, M0: []float64{1, 2}}},
		"cavi: BayesGMM: W0 is 2×2, want 1×1":                                           {BayesGMM: model.BayesGMM{X: x, W0: mat.NewSymDense(2, []float64{1, 0, 0, 1})}},
		"cavi: BayesGMM: W0 is not positive definite, want a scale matrix of full rank": {BayesGMM: model.BayesGMM{X: x, W0: mat.NewSymDense(1, []float64{-1})}},
		"cavi: BayesGMM: Alpha0 is -1, want a positive finite number":                   {BayesGMM: model.BayesGMM{X: x, Alpha0: -1}},
		"cavi: BayesGMM: Init has 1 rows, want one for each of 2 data":                  {BayesGMM: model.BayesGMM{X: x}, Init: [][]float64{{1, 0}}},
		"cavi: BayesGMM: Init[0] is [1 1], want 2 numbers of at least 0 that sum to 1":  {BayesGMM: model.BayesGMM{X: x}, Init: [][]float64{{1, 1}, {1, 0}}},
	} {
		if msg := panics(func() { Fit(m, fit.Settings{}) }); msg != want {
			t.Errorf("panic %q, want %q", msg, want)
		}
	}
	q := Fit(BayesGMM{BayesGMM: model.BayesGMM{X: x}}, fit.Settings{}).Last().Q
	if msg := panics(func() { q.Responsibilities([]float64{1, 2}) }); msg != "cavi: BayesGMM: Responsibilities at 2 numbers, want D = 1" {
		t.Errorf("panic %q", msg)
	}
	if msg := panics(func() { q.Predictive(nil) }); msg != "cavi: BayesGMM: Predictive at 0 numbers, want D = 1" {
		t.Errorf("panic %q", msg)
	}
}
