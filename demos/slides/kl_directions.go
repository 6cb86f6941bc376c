package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func klDirections() slide {
	return slide{
		name:     "kl-directions",
		caption:  "forward against reverse on two bumps that move apart",
		question: "Which Gaussian has the least KL, forward and reverse?",
		moves:    true,
		given:    []string{"p"},
		strip: func(l lecture, _ vizlib.Movie) vizlib.Picture {
			return figures.DirectionStrip(l.bumps(), l.bumps().Landmarks()...)
		},
		draw: func(l lecture) vizlib.Picture {
			return figures.DirectionMovie(l.bumps())
		},
	}
}
