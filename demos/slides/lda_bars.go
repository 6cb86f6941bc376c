package main

import (
	"math/rand/v2"

	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vizlib"
)

// ldaBars is the experiment of Griffiths & Steyvers (2004): images of 5×5 pixels, each a mixture of rows and columns.
func ldaBars() slide {
	return slide{
		name:      "lda-bars",
		caption:   "ten topics emerge from noise: rows and columns of an image",
		question:  "What will the ten topics look like after 60 sweeps?",
		moves:     true,
		fromStart: true,
		draw: func(lecture) vizlib.Picture {
			const images, words, alpha, eta, sweeps = 400, 100, 0.3, 0.2, 60
			truth, vocab := model.Bars(5)
			docs, _ := model.SimulateLDA(images, words, truth, alpha, rand.New(rand.NewPCG(7, 0)))
			m := cavi.LDA{LDA: model.LDA{Docs: docs, Vocab: vocab, K: 10, Alpha: alpha, Eta: eta}, Warm: -1}
			return figures.TopicsBars(truth, cavi.Fit(m, fit.Settings{Seed: 14, Sweeps: sweeps, Keep: fit.EverySweep}))
		},
	}
}
