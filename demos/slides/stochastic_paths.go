package main

import (
	"math/rand/v2"

	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/vizlib"
)

func stochasticPaths() slide {
	return slide{
		name:      "stochastic-paths",
		caption:   "full, mini-batch and black-box steps on one map, the same number of data touched",
		question:  "The same looks at the data: which path gets nearest?",
		moves:     true,
		fromStart: true,
		draw: func(lecture) vizlib.Picture {
			const n, batch, sweeps = 1000, 20, 6
			x, _ := model.SimulateGMM(n, mixtureMeans(), 1, rand.New(rand.NewPCG(mixtureSeed, 0)))
			m := model.GMM{X: x, Sigma: 1, Tau0: mixtureTau0}
			c := cavi.GMM{GMM: m, Init: []float64{-0.4, 3.2}}
			full := cavi.Fit(c, fit.Settings{Tol: -1, Sweeps: sweeps, Keep: fit.EverySweep})
			mini := cavi.FitStochastic(c, cavi.Shuffled(x, sweeps, 1), cavi.Stochastic{Of: n, Batch: batch}, fit.Settings{})
			box := figures.BlackBoxWalk(m, [2]float64{-0.4, 3.2}, kl.BlackBox{Draws: 1, Rate: 0.4}, fit.Settings{Seed: 1, Sweeps: sweeps / 2})
			return figures.StochasticPaths(m, figures.WalkOf("all data", full, n), figures.WalkOf("mini-batches", mini, batch), box)
		},
	}
}
