package main

import (
	"math/rand/v2"

	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/vae"
	"elboroom/vizlib"
)

func vaeLatent() slide {
	return slide{
		name:      "vae-latent",
		caption:   "the latent plane while an autoencoder learns, and what the decoder draws at each place",
		question:  "Where will the six shapes lie, and what is between them?",
		moves:     true,
		fromStart: true,
		draw: func(lecture) vizlib.Picture {
			const images, noise, epochs = 400, 0.02, 60
			im := vae.Glyphs(images, noise, rand.New(rand.NewPCG(1, 0)))
			return figures.VAETraining(im, vae.Fit(vae.Model{X: im.X}, fit.Settings{Sweeps: epochs, Seed: 1}))
		},
	}
}
