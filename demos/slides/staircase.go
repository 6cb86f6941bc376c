package main

import (
	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/vizlib"
)

func staircase() slide {
	return slide{
		name:      "staircase",
		caption:   "coordinate ascent on a correlated Gaussian climbs a staircase",
		question:  "One coordinate at a time: where do the means go, how wide is q?",
		moves:     true,
		fromStart: true,
		without:   []string{"√(1 − ρ²)", "now", "0.44", "× ρ⁴ = 0.656 a sweep"},
		draw: func(lecture) vizlib.Picture {
			p := kl.Correlated(0.9)
			return figures.MeanFieldStaircase(p, cavi.Fit(cavi.Gaussian{Target: p, Init: []float64{-2.2, 1.6}}, fit.Settings{Sweeps: 12, Tol: -1}))
		},
	}
}
