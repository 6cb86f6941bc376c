package model_test

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmat"
	"gonum.org/v1/gonum/stat/distmv"

	"elboroom/model"
)

func TestBayesGMMLogProbIsTheProductOfItsParts(t *testing.T) {
	const tol = 1e-11
	w0 := mat.NewSymDense(2, []float64{0.5, 0.1, 0.1, 0.8})
	x := mat.NewDense(3, 2, []float64{0, 1, 2, -1, 0.5, 0.5})
	m := model.BayesGMM{X: x, K: 2, Alpha0: 1.7, Beta0: 0.4, Nu0: 4.5, M0: []float64{0.3, -0.2}, W0: w0}
	weight, mean := []float64{0.3, 0.7}, [][]float64{{0, 0.5}, {2, -1}}
	lambda := []*mat.SymDense{mat.NewSymDense(2, []float64{2, 0.3, 0.3, 1}), mat.NewSymDense(2, []float64{1, -0.2, -0.2, 3})}

	want := distmv.NewDirichlet([]float64{1.7, 1.7}, nil).LogProb(weight)
	wishart, ok := distmat.NewWishart(w0, 4.5, nil)
	if !ok {
		t.Fatal("not a scale matrix")
	}
	parts := make([]*distmv.Normal, 2)
	for k := range parts {
		want += wishart.LogProbSym(lambda[k])
		var scaled mat.SymDense
		scaled.ScaleSym(0.4, lambda[k])
		prior, _ := distmv.NewNormalPrecision(m.M0, &scaled, nil)
		want += prior.LogProb(mean[k])
		parts[k], _ = distmv.NewNormalPrecision(mean[k], lambda[k], nil)
	}
	for i := range 3 {
		want += math.Log(weight[0]*parts[0].Prob(x.RawRowView(i)) + weight[1]*parts[1].Prob(x.RawRowView(i)))
	}
	if got := m.LogProb(weight, mean, lambda); math.Abs(got-want) > tol*math.Abs(want) {
		t.Errorf("%.14g, want %.14g", got, want)
	}
	if v := m.LogProb([]float64{0, 1}, mean, lambda); !math.IsInf(v, -1) {
		t.Errorf("a weight of 0 has %v", v)
	}
	lambda[0] = mat.NewSymDense(2, []float64{1, 2, 2, 1})
	if v := m.LogProb(weight, mean, lambda); !math.IsInf(v, -1) {
		t.Errorf("an indefinite precision has %v", v)
	}
}

func TestBayesGMMDefaultsAndCheck(t *testing.T) {
	x := mat.NewDense(2, 3, []float64{1, 2, 3, 4, 5, 7})
	f := model.BayesGMM{X: x}.Filled()
	if f.K != 2 || f.Alpha0 != 1 || f.Beta0 != 1 || f.Nu0 != 3 || len(f.M0) != 3 || f.W0.At(1, 1) != 1 || f.W0.At(0, 1) != 0 {
		t.Errorf("filled %+v", f)
	}
	if err := (model.BayesGMM{X: x}).Check(); err != nil {
		t.Error(err)
	}
	for want, m := range map[string]model.BayesGMM{
		"BayesGMM: X has 0 points":                                       {},
		"BayesGMM: K is -1, want at least 1, or 0 for 2":                 {X: x, K: -1},
		"BayesGMM: Beta0 is -1, want a positive finite number":           {X: x, Beta0: -1},
		"BayesGMM: Nu0 is 2 in 3 dimensions, want a finite number above": {X: x, Nu0: 2},
		"BayesGMM: M0[0] is NaN, want a finite number":                   {X: x, M0: []float64{math.NaN(), 0, 0}},
	} {
		if err := m.Check(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Data from the prior: mean M0 and covariance E Λ⁻¹ (1 + 1/Beta0), where E Λ⁻¹ = W0⁻¹/(Nu0 − D − 1).
func TestBayesGMMSimulate(t *testing.T) {
	const draws, sds = 20_000, 5
	w0 := mat.NewSymDense(2, []float64{0.5, 0.1, 0.1, 0.8})
	m := model.BayesGMM{X: mat.NewDense(1, 2, nil), K: 3, Beta0: 2, Nu0: 12, M0: []float64{1, -2}, W0: w0}
	r := rng(5)
	var mean [2]float64
	var square [3]float64
	for range draws {
		x, c := m.Simulate(1, r)
		if c[0] < 0 || c[0] > 2 {
			t.Fatalf("assignment %d", c[0])
		}
		a, b := x.At(0, 0)-1, x.At(0, 1)+2
		mean[0] += a / draws
		mean[1] += b / draws
		square[0] += a * a / draws
		square[1] += a * b / draws
		square[2] += b * b / draws
	}
	det := 0.5*0.8 - 0.01
	for i, want := range []float64{0.8 / det, -0.1 / det, 0.5 / det} {
		want *= 1.5 / 9
		if se := 3 * 0.8 / det * 1.5 / 9 / math.Sqrt(draws); math.Abs(square[i]-want) > sds*se {
			t.Errorf("second moment %d is %v, want %v ± %v", i, square[i], want, se)
		}
	}
	for _, v := range mean {
		if math.Abs(v) > sds*math.Sqrt(0.4/draws) {
			t.Errorf("mean is off by %v", mean)
		}
	}
}
