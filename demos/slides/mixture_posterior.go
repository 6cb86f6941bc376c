package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func mixturePosterior() slide {
	return slide{
		name:     "mixture-posterior",
		caption:  "q beside the exact posterior of both means, and what each predicts",
		question: "Draw the posterior of both means, and q",
		given:    []string{"data", "μ₁ = μ₂"},
		draw: func(l lecture) vizlib.Picture {
			return figures.MixturePosterior(l.mixture, l.truth, l.fitFrom(-0.4, 3.2).Last().Q)
		},
	}
}
