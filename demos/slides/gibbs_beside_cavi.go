package main

import (
	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/rivals"
	"elboroom/vizlib"
)

func gibbsBesideCAVI() slide {
	return slide{
		name:      "gibbs-beside-cavi",
		caption:   "on a correlated Gaussian one stops, the other walks on",
		question:  "One coordinate at a time: which of the two comes to rest?",
		moves:     true,
		fromStart: true,
		without:   []string{"ρ²ᵗ"},
		draw: func(lecture) vizlib.Picture {
			p, from := kl.Correlated(0.9), []float64{-2.2, 1.6}
			climb := cavi.Fit(cavi.Gaussian{Target: p, Init: from}, fit.Settings{Sweeps: 24, Tol: -1})
			chains := rivals.GibbsGaussian(p.Mean, p.Cov, rivals.Sampling{Seed: 3, Draws: 5000, Init: [][]float64{from, from, from, from}})
			return figures.RivalsWalks(p, climb, from, chains)
		},
	}
}
