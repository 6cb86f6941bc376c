package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func elboLandscape() slide {
	return slide{
		name:     "elbo-landscape",
		caption:  "the ELBO over the two means: two optima and a saddle",
		question: "Where does each of these starts end?",
		given:    []string{"ELBO", "m₁ = m₂", "start A", "start B", "start C", "start D", "A", "B", "C", "D"},
		draw: func(l lecture) vizlib.Picture {
			return figures.MixtureLandscape(l.mixture, l.truth, l.fitFrom(-0.4, 3.2), l.fitFrom(4, 3.2), l.fitFrom(-3, -3.4), l.fitFrom(2.5, 2.5))
		},
	}
}
