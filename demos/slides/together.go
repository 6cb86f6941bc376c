package main

import (
	"gonum.org/v1/gonum/mat"

	"elboroom/demos/figures"
	"elboroom/kl"
	"elboroom/vizlib"
)

func together() slide {
	return slide{
		name:     "together",
		caption:  "updates made at the same time can diverge",
		question: "All means at once, or one after the other: what happens?",
		draw: func(lecture) vizlib.Picture {
			const pull, sweeps = -0.4, 10
			p := kl.Gaussian{Mean: []float64{0, 0, 0}, Cov: mat.NewSymDense(3, []float64{1, pull, pull, pull, 1, pull, pull, pull, 1})}
			return figures.MeanFieldTogether(p, []float64{1, 1, 1}, sweeps)
		},
	}
}
