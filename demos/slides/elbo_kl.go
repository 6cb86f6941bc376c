package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func elboKL() slide {
	return slide{
		name:      "elbo-kl",
		caption:   "log evidence = ELBO + KL, a bar that coordinate ascent fills",
		question:  "Three starts: how far will the ELBO rise from each?",
		moves:     true,
		fromStart: true,
		draw: func(l lecture) vizlib.Picture {
			return figures.ElboFill(l.truth.LogEvidence, l.fitFrom(-0.4, 3.2), l.fitFrom(3, -1), l.fitFrom(0.3, 0.4))
		},
	}
}
