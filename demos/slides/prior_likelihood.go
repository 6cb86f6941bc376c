package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func priorLikelihood() slide {
	return slide{
		name:     "prior-likelihood",
		caption:  "prior × likelihood ∝ posterior, toss by toss",
		question: "9 heads in 12 tosses: what becomes of the prior?",
		moves:    true,
		given:    []string{"p(θ)"},
		draw: func(lecture) vizlib.Picture {
			return figures.EvidenceDivision(coinPrior(), coinTosses())
		},
	}
}
