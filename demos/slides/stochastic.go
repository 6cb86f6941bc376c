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

// stochasticSlides are steps from few data at a time, and the topic models that need them.
func stochasticSlides() []slide {
	return []slide{
		{name: "stochastic-paths", caption: "full, mini-batch and black-box steps on one map, the same number of data touched", moves: true, fromStart: true, draw: stochasticPaths},
		{name: "lda-plates", caption: "latent Dirichlet allocation as a graphical model", diagram: true, draw: ldaPlates},
		{name: "lda-bars", caption: "ten topics emerge from noise: rows and columns of an image", moves: true, fromStart: true, draw: ldaBars},
	}
}

func stochasticPaths(lecture) vizlib.Picture {
	const n, batch, sweeps = 1000, 20, 6
	x, _ := model.SimulateGMM(n, mixtureMeans(), 1, rand.New(rand.NewPCG(mixtureSeed, 0)))
	m := model.GMM{X: x, Sigma: 1, Tau0: mixtureTau0}
	c := cavi.GMM{GMM: m, Init: []float64{-0.4, 3.2}}
	full := cavi.Fit(c, fit.Settings{Tol: -1, Sweeps: sweeps, Keep: fit.EverySweep})
	mini := cavi.FitStochastic(c, cavi.Shuffled(x, sweeps, 1), cavi.Stochastic{Of: n, Batch: batch}, fit.Settings{})
	box := figures.BlackBoxWalk(m, [2]float64{-0.4, 3.2}, kl.BlackBox{Draws: 1, Rate: 0.4}, fit.Settings{Seed: 1, Sweeps: sweeps / 2})
	return figures.StochasticPaths(m, figures.WalkOf("all data", full, n), figures.WalkOf("mini-batches", mini, batch), box)
}

func ldaPlates(lecture) vizlib.Picture { return figures.TopicsPlate() }

// ldaBars is the experiment of Griffiths & Steyvers (2004): images of 5×5 pixels, each a mixture of rows and columns.
func ldaBars(lecture) vizlib.Picture {
	const images, words, alpha, eta, sweeps = 400, 100, 0.3, 0.2, 60
	truth, vocab := model.Bars(5)
	docs, _ := model.SimulateLDA(images, words, truth, alpha, rand.New(rand.NewPCG(7, 0)))
	m := cavi.LDA{LDA: model.LDA{Docs: docs, Vocab: vocab, K: 10, Alpha: alpha, Eta: eta}, Warm: -1}
	return figures.TopicsBars(truth, cavi.Fit(m, fit.Settings{Seed: 14, Sweeps: sweeps, Keep: fit.EverySweep}))
}
