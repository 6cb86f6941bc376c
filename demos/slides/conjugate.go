package main

import (
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func conjugate() slide {
	return slide{
		name:     "conjugate",
		caption:  "conjugate against non-conjugate: a posterior with a name, and a table",
		question: "9 heads in 12 tosses: draw both posteriors",
		given:    []string{"prior", "Beta(2, 2)"},
		draw: func(lecture) vizlib.Picture {
			return figures.EvidencePairs(coinPrior(), distuv.Normal{Mu: 0, Sigma: 1}, coinHeads, coinSize)
		},
	}
}
