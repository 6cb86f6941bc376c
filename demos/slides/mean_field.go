package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func meanFieldCorrelation() slide {
	return slide{
		name:     "mean-field",
		caption:  "mean field against the exact posterior as the correlation grows",
		question: "Draw the best q with independent parts, in either direction of KL",
		moves:    true,
		given:    []string{"p", "p, 50 % of its mass", "p, 95 % of its mass", "exact"},
		draw: func(lecture) vizlib.Picture {
			const stops = 34 // 0, 0.03, … 0.99
			rhos := make([]float64, stops)
			for i := range rhos {
				rhos[i] = float64(3*i) / 100
			}
			return figures.MeanFieldCorrelation(figures.SweepCorrelation(rhos...))
		},
	}
}
