package figures

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/vizlib"
)

func thousand() model.GMM {
	x, _ := model.SimulateGMM(1000, []float64{-1.6, 1.9}, 1, rand.New(rand.NewPCG(48, 0)))
	return model.GMM{X: x, Tau0: 5}
}

func TestStochasticPathsSpendTheSameLooks(t *testing.T) {
	m := thousand()
	c := cavi.GMM{GMM: m, Init: []float64{-0.4, 3.2}}
	full := WalkOf("all data", cavi.Fit(c, fit.Settings{Tol: -1, Sweeps: 6, Keep: fit.EverySweep}), 1000)
	mini := WalkOf("mini-batches", cavi.FitStochastic(c, cavi.Shuffled(m.X, 6, 1), cavi.Stochastic{Of: 1000, Batch: 20}, fit.Settings{}), 20)
	box := BlackBoxWalk(m, [2]float64{-0.4, 3.2}, kl.BlackBox{Draws: 1, Rate: .4}, fit.Settings{Seed: 1, Sweeps: 3})
	if end := box.Touched[len(box.Touched)-1]; end < 3*2000 {
		t.Errorf("three steps of one draw cost %v looks, want at least a value and a gradient each", end)
	}
	movie := StochasticPaths(m, full, mini, box)
	mustDraw(t, movie)
	last := movie.Frame(movie.Len - 1).(vizlib.Grid)
	if want := fmt.Sprintf("steps: 6 all data · 300 mini-batches · %d black box", newPaths(m.Filled(), []Walk{full, mini, box}).reached(2, 6000)-1); last.Numbers != want {
		t.Errorf("%q, want %q", last.Numbers, want)
	}
	if first := movie.Frame(0).(vizlib.Grid); first.Numbers != "steps: 0 all data · 0 mini-batches · 0 black box" {
		t.Errorf("the start says %q", first.Numbers)
	}
}

func TestCountedGradient(t *testing.T) {
	const h, tol = 1e-5, 1e-4
	looks := 0
	c := Counted{thousand().Filled(), &looks}
	at := []float64{-0.7, 2.4}
	for k, slope := range c.ScoreInput(nil, at) {
		up, down := append([]float64(nil), at...), append([]float64(nil), at...)
		up[k], down[k] = up[k]+h, down[k]-h
		if want := (c.LogProb(up) - c.LogProb(down)) / (2 * h); math.Abs(slope-want) > tol*(1+math.Abs(want)) {
			t.Errorf("slope %d is %v, by differences %v", k, slope, want)
		}
	}
	if looks != 5*1000 {
		t.Errorf("a gradient and four values took %d looks", looks)
	}
}

func TestStochasticRatesAndCost(t *testing.T) {
	m := thousand()
	plan := func(power, always float64) cavi.Stochastic {
		return cavi.Stochastic{Of: 1000, Batch: 20, Power: power, Const: always}
	}
	f := StochasticRates(m, []float64{-0.4, 3.2}, 100, 1, plan(0, .3), plan(.75, 0)).(vizlib.Figure)
	mustDraw(t, f)
	end := func(i int) float64 { y := f.Marks[i].(vizlib.Line).Y; return y[len(y)-1] }
	if end(0) < 10*end(1) {
		t.Errorf("a constant rate ends %v away, a falling one %v", end(0), end(1))
	}
	c := StochasticCost([]float64{-1.6, 1.9}, []float64{-0.4, 3.2}, []int{1000, 30_000}, 100, .1, 1).(vizlib.Figure)
	mustDraw(t, c)
	full, mini := c.Marks[0].(vizlib.Line).Y, c.Marks[2].(vizlib.Line).Y
	if full[1] != 30*full[0] || mini[1] > 5*mini[0] {
		t.Errorf("all data: %v looks, mini-batches: %v", full, mini)
	}
}
