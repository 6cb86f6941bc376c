package main

import (
	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vizlib"
)

// unknownPrecision starts from a q that is wrong in both factors: Bishop, PRML (2006), fig. 10.4.
func unknownPrecision() slide {
	return slide{
		name:      "unknown-precision",
		caption:   "a Gaussian of unknown mean and precision, half-step by half-step",
		question:  "Where does q(μ) q(τ) settle, and how far from the evidence?",
		moves:     true,
		fromStart: true,
		strip: func(_ lecture, m vizlib.Movie) vizlib.Picture {
			return vizlib.Strip(m, 0, 1, 2, m.Len-1) // PRML's four panels
		},
		draw: func(lecture) vizlib.Picture {
			m := model.Normal{X: []float64{1.2, 0.4, 2.8, 1.9, 0.2, 1.5}, Lambda0: 0.1, A0: 1, B0: 1}
			start := cavi.NormalFactors{Mu: 0.2, Lambda: 9, A: 6, B: 3}
			return figures.MeanFieldNormal(cavi.Fit(cavi.Normal{Normal: m, Init: start}, fit.Settings{Tol: 1e-12}), exact.Normal(m))
		},
	}
}
