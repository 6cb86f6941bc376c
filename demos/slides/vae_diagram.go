package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func vaeDiagram() slide {
	return slide{
		name:     "vae-diagram",
		caption:  "the variational autoencoder: encoder, noise, decoder",
		question: "Draw the arrows: how does x become z, and z become x?",
		diagram:  true,
		without:  []string{"z = μ + σ ε"},
		draw: func(lecture) vizlib.Picture {
			return figures.VAEDiagram()
		},
	}
}
