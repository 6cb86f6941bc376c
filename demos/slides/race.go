package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func race() slide {
	return slide{
		name:      "race",
		caption:   "coordinate ascent, EM, Gibbs and Metropolis in time: the first has a floor",
		question:  "Four ways to one answer: who is first, who comes nearest?",
		moves:     true,
		fromStart: true,
		without:   []string{"CAVI's floor"},
		draw: func(l lecture) vizlib.Picture {
			return figures.RaceMovie(figures.RunRace(l.mixture, l.truth, figures.RaceRules{Start: []float64{-0.4, 3.2}, Passes: 3000, Chains: 12, Step: 0.5, Seed: 1}))
		},
	}
}
