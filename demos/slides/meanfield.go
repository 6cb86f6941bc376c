package main

import (
	"gonum.org/v1/gonum/mat"

	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/vizlib"
)

// meanFieldSlides are what factorising costs.
func meanFieldSlides() []slide {
	return []slide{
		{name: "mean-field", caption: "mean field against the exact posterior as the correlation grows", moves: true, given: []string{"p", "exact"}, draw: meanFieldCorrelation},
		{name: "staircase", caption: "coordinate ascent on a correlated Gaussian climbs a staircase", moves: true, fromStart: true, draw: staircase},
		{name: "unknown-precision", caption: "a Gaussian of unknown mean and precision, half-step by half-step", moves: true, fromStart: true, draw: unknownPrecision,
			strip: func(_ lecture, m vizlib.Movie) vizlib.Picture { return vizlib.Strip(m, 0, 1, 2, m.Len-1) }}, // PRML's four panels
		{name: "together", caption: "updates made at the same time can diverge", draw: together},
	}
}

func meanFieldCorrelation(lecture) vizlib.Picture {
	const stops = 34 // 0, 0.03, … 0.99
	rhos := make([]float64, stops)
	for i := range rhos {
		rhos[i] = float64(3*i) / 100
	}
	return figures.MeanFieldCorrelation(figures.SweepCorrelation(rhos...))
}

func staircase(lecture) vizlib.Picture {
	p := kl.Correlated(0.9)
	return figures.MeanFieldStaircase(p, cavi.Fit(cavi.Gaussian{Target: p, Init: []float64{-2.2, 1.6}}, fit.Settings{Sweeps: 12, Tol: -1}))
}

// unknownPrecision starts from a q that is wrong in both factors: Bishop, PRML (2006), fig. 10.4.
func unknownPrecision(lecture) vizlib.Picture {
	m := model.Normal{X: []float64{1.2, 0.4, 2.8, 1.9, 0.2, 1.5}, Lambda0: 0.1, A0: 1, B0: 1}
	start := cavi.NormalFactors{Mu: 0.2, Lambda: 9, A: 6, B: 3}
	return figures.MeanFieldNormal(cavi.Fit(cavi.Normal{Normal: m, Init: start}, fit.Settings{Tol: 1e-12}), exact.Normal(m))
}

func together(lecture) vizlib.Picture {
	const pull, sweeps = -0.4, 10
	p := kl.Gaussian{Mean: []float64{0, 0, 0}, Cov: mat.NewSymDense(3, []float64{1, pull, pull, pull, 1, pull, pull, pull, 1})}
	return figures.MeanFieldTogether(p, []float64{1, 1, 1}, sweeps)
}
