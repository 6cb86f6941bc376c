package main

import (
	"math/rand/v2"

	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/vae"
	"elboroom/vizlib"
)

// autoencoderSlides are inference by a network.
func autoencoderSlides() []slide {
	return []slide{
		{name: "vae-diagram", caption: "the variational autoencoder: encoder, noise, decoder", diagram: true, draw: vaeDiagram},
		{name: "vae-latent", caption: "the latent plane while an autoencoder learns, and what the decoder draws at each place", moves: true, fromStart: true, draw: vaeLatent},
	}
}

func vaeDiagram(lecture) vizlib.Picture { return figures.VAEDiagram() }

func vaeLatent(lecture) vizlib.Picture {
	const images, noise, epochs = 400, 0.02, 60
	im := vae.Glyphs(images, noise, rand.New(rand.NewPCG(1, 0)))
	return figures.VAETraining(im, vae.Fit(vae.Model{X: im.X}, fit.Settings{Sweeps: epochs, Seed: 1}))
}
