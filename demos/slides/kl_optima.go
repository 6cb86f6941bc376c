package main

import (
	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/vizlib"
)

func klOptima() slide {
	return slide{
		name:      "kl-optima",
		caption:   "reverse KL over mean and sd of q: the start decides",
		question:  "Where does each of these starts lead?",
		moves:     true,
		fromStart: true,
		draw: func(lecture) vizlib.Picture {
			p := kl.TwoBumps(3.2)
			from := func(mean, sd float64) fit.Trace[kl.Gaussian] {
				return kl.Reverse(p, line(mean, sd), kl.FullRank, fit.Settings{})
			}
			return figures.DirectionMap(p, from(0, 0.6), from(2, 0.5), from(-5.5, 3))
		},
	}
}
