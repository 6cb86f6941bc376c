package rivals_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/rivals"
)

func rng(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// faithful returns Old Faithful as 272×2: eruptions, waiting.
func faithful(t *testing.T) *mat.Dense {
	t.Helper()
	f, err := os.Open("../testdata/faithful.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	x := mat.NewDense(len(rows)-1, 2, nil)
	for i, row := range rows[1:] {
		for j, cell := range row {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			x.Set(i, j, v)
		}
	}
	return x
}

// hard returns responsibilities of 0 and 1: the second component above the cut.
func hard(x []float64, cut float64) [][]float64 {
	r := make([][]float64, len(x))
	for i, v := range x {
		r[i] = []float64{1, 0}
		if v > cut {
			r[i] = []float64{0, 1}
		}
	}
	return r
}

func TestEMOnOldFaithful(t *testing.T) {
	text, err := os.ReadFile("../testdata/em.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Weight, LogLikelihood float64
		Means, Sds            []float64
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	waiting := mat.Col(nil, 1, faithful(t))
	for name, m := range map[string]rivals.EM{
		"from a hard split": {X: mat.NewDense(len(waiting), 1, waiting), K: 2, Init: hard(waiting, 68)},
		"from two data":     {X: mat.NewDense(len(waiting), 1, waiting), K: 2},
	} {
		tr := m.Fit(fit.Settings{Tol: 1e-13, Sweeps: 2000, Seed: 3})
		q := tr.Last().Q
		low, high := 0, 1
		if q.Mean[0][0] > q.Mean[1][0] {
			low, high = 1, 0
		}
		for i, k := range []int{low, high} {
			if math.Abs(q.Mean[k][0]-want.Means[i]) > 1e-5 || math.Abs(math.Sqrt(q.Cov[k].At(0, 0))-want.Sds[i]) > 1e-5 {
				t.Errorf("%s: component %d: mean %v, sd %v, want %v, %v", name, k, q.Mean[k], math.Sqrt(q.Cov[k].At(0, 0)), want.Means[i], want.Sds[i])
			}
		}
		if math.Abs(q.Weight[low]-want.Weight) > 1e-7 || math.Abs(tr.Last().Value-want.LogLikelihood) > 1e-9 {
			t.Errorf("%s: weight %v, log likelihood %.12f, want %v, %.12f", name, q.Weight[low], tr.Last().Value, want.Weight, want.LogLikelihood)
		}
	}
}

// In two dimensions: the log likelihood never falls, is that of gonum's densities, and is stationary at the end.
func TestEMInTwoDimensions(t *testing.T) {
	x := faithful(t)
	for k := 1; k <= 3; k++ {
		tr := rivals.EM{X: x, K: k}.Fit(fit.Settings{Tol: 1e-12, Sweeps: 3000, Seed: 1})
		if tr.Status == fit.Broken || tr.Objective != "log likelihood" {
			t.Fatalf("K %d: %v, %s", k, tr.Status, tr.Reason)
		}
		for i, v := range tr.Values() {
			if i > 0 && v < tr.Steps[i-1].Value-1e-9 {
				t.Errorf("K %d, sweep %d: the log likelihood fell from %v to %v", k, i, tr.Steps[i-1].Value, v)
			}
		}
		q := tr.Last().Q
		want := logLik(x, q)
		if math.Abs(tr.Last().Value-want) > 1e-9 {
			t.Errorf("K %d: log likelihood %v, by gonum %v", k, tr.Last().Value, want)
		}
		row := mat.Row(nil, 7, x)
		if got, want := q.Density(row), density(row, q); math.Abs(got-want) > 1e-12 {
			t.Errorf("K %d: density %v, by gonum %v", k, got, want)
		}
		for c := range q.Mean {
			for j := range 2 {
				const h = 1e-4
				kept := q.Mean[c][j]
				q.Mean[c][j] = kept + h
				up := logLik(x, q)
				q.Mean[c][j] = kept - h
				down := logLik(x, q)
				q.Mean[c][j] = kept
				if math.Abs(up-down)/(2*h) > 0.01 || up > want+1e-9 || down > want+1e-9 {
					t.Errorf("K %d: mean %d,%d is not a maximum: %v, %v, %v", k, c, j, down, want, up)
				}
			}
		}
	}
	// One component is the sample's mean and covariance.
	q := rivals.EM{X: x, K: 1}.Fit(fit.Settings{}).Last().Q
	var mean float64
	for i := range 272 {
		mean += x.At(i, 1) / 272
	}
	if math.Abs(q.Mean[0][1]-mean) > 1e-10 || q.Weight[0] != 1 {
		t.Errorf("one component has mean %v, weight %v", q.Mean[0], q.Weight)
	}
}

func density(x []float64, q rivals.EMFactors) float64 {
	var p float64
	for k, w := range q.Weight {
		g, ok := distmv.NewNormal(q.Mean[k], q.Cov[k], nil)
		if !ok {
			panic("not a covariance")
		}
		p += w * g.Prob(x)
	}
	return p
}

func logLik(x *mat.Dense, q rivals.EMFactors) float64 {
	var ln float64
	n, _ := x.Dims()
	for i := range n {
		ln += math.Log(density(mat.Row(nil, i, x), q))
	}
	return ln
}

func TestEMReportsCollapse(t *testing.T) {
	x := []float64{0, 0.1, -0.2, 0.05, 9}
	tr := rivals.EM{X: mat.NewDense(5, 1, x), K: 2, Init: hard(x, 5)}.Fit(fit.Settings{})
	if tr.Status != fit.Broken || !strings.Contains(tr.Reason, "component 1 has collapsed onto 1 data") {
		t.Errorf("%v, %q", tr.Status, tr.Reason)
	}
	tr = rivals.EM{X: mat.NewDense(5, 1, x), K: 2, Init: hard(x, 50)}.Fit(fit.Settings{})
	if tr.Status != fit.Broken || !strings.Contains(tr.Reason, "component 1 has collapsed onto 0 data") {
		t.Errorf("%v, %q", tr.Status, tr.Reason)
	}
	tr = rivals.EM{X: mat.NewDense(4, 1, []float64{3, 3, 3, 3}), K: 1}.Fit(fit.Settings{})
	if tr.Status != fit.Broken || len(tr.Steps) != 1 {
		t.Errorf("constant data: %v, %d steps", tr.Status, len(tr.Steps))
	}
}

func TestEMMeansIsAMaximum(t *testing.T) {
	x, _ := model.SimulateGMM(80, []float64{-3, 0, 4}, 1.2, rng(4))
	m := rivals.EMMeans{GMM: model.GMM{X: x, K: 3, Sigma: 1.2, Mu0: 0.7, Tau0: 3}, Init: []float64{-1, 0, 1}}
	tr := m.Fit(fit.Settings{Tol: 1e-13, Sweeps: 2000})
	for i, v := range tr.Values() {
		if i > 0 && v < tr.Steps[i-1].Value-1e-10 {
			t.Errorf("sweep %d: the log joint fell", i)
		}
	}
	mean := append([]float64(nil), tr.Last().Q.Mean...)
	for k := range mean {
		const h = 1e-4
		mean[k] += h
		up := m.LogProb(mean)
		mean[k] -= 2 * h
		down := m.LogProb(mean)
		mean[k] += h
		if best := m.LogProb(mean); up > best || down > best || math.Abs(up-down)/(2*h) > 1e-4 {
			t.Errorf("mean %d: %v, %v, %v", k, down, best, up)
		}
	}
}

// As n grows the variances of q(μ) go to 0, and CAVI meets EM.
func TestCAVIMeetsEM(t *testing.T) {
	var apart []float64
	for _, n := range []int{30, 1000, 30_000} {
		x, _ := model.SimulateGMM(n, []float64{-1.6, 1.9}, 1, rng(2))
		m := model.GMM{X: x}
		init := []float64{-1, 1}
		q := cavi.Fit(cavi.GMM{GMM: m, Init: init}, fit.Settings{Tol: 1e-10, Keep: fit.LastOnly}).Last().Q
		p := rivals.EMMeans{GMM: m, Init: init}.Fit(fit.Settings{Tol: 1e-10, Keep: fit.LastOnly}).Last().Q
		apart = append(apart, math.Abs(q.Mean[0]-p.Mean[0])+math.Abs(q.Mean[1]-p.Mean[1]))
	}
	if apart[1] > apart[0]/10 || apart[2] > apart[1]/10 || apart[2] > 1e-3 {
		t.Errorf("CAVI's and EM's means are %v apart at n = 30, 1,000 and 30,000", apart)
	}
}

func TestEMPanics(t *testing.T) {
	x := mat.NewDense(2, 1, []float64{1, 2})
	for want, f := range map[string]func(){
		"rivals: EM: X has 0 points, want at least 1":         func() { rivals.EM{K: 1}.Fit(fit.Settings{}) },
		"rivals: EM: K is 3 with 2 data, want 1 … 2":          func() { rivals.EM{X: x, K: 3}.Fit(fit.Settings{}) },
		"rivals: EM: K is 0 with 2 data, want 1 … 2":          func() { rivals.EM{X: x}.Fit(fit.Settings{}) },
		"rivals: EM: X[0][0] is NaN, want a finite number":    func() { rivals.EM{X: mat.NewDense(1, 1, []float64{math.NaN()}), K: 1}.Fit(fit.Settings{}) },
		"rivals: EM: Init has 1 rows, want one for each of 2": func() { rivals.EM{X: x, K: 1, Init: [][]float64{{1}}}.Fit(fit.Settings{}) },
		"rivals: EM: Init[1] is [0.5 0.6], want 2 numbers":    func() { rivals.EM{X: x, K: 2, Init: [][]float64{{1, 0}, {0.5, 0.6}}}.Fit(fit.Settings{}) },
		"rivals: EMMeans: Init has 1 means, want K = 2":       func() { rivals.EMMeans{GMM: model.GMM{X: []float64{1}}, Init: []float64{1}}.Fit(fit.Settings{}) },
		"rivals: GMM: X has 0 points, want at least 1":        func() { rivals.EMMeans{}.Fit(fit.Settings{}) },
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

func ExampleEM() {
	x, _ := model.SimulateGMM(400, []float64{-2, 3}, 1, rng(5))
	tr := rivals.EM{X: mat.NewDense(400, 1, x), K: 2}.Fit(fit.Settings{Seed: 1})
	q := tr.Last().Q
	for k := range q.Mean {
		fmt.Printf("weight %.2f, mean %.1f, variance %.1f\n", q.Weight[k], q.Mean[k][0], q.Cov[k].At(0, 0))
	}
	// Output:
	// weight 0.52, mean -2.0, variance 0.9
	// weight 0.48, mean 3.1, variance 1.2
}
