package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func caviFit() slide {
	return slide{
		name:      "cavi-fit",
		caption:   "coordinate ascent fits the mixture, half-step by half-step",
		question:  "Where will the means go, and how will the data be shared out?",
		moves:     true,
		fromStart: true,
		draw: func(l lecture) vizlib.Picture {
			return figures.MixtureFit(l.mixture, l.fitFrom(-0.4, 3.2), l.truth)
		},
	}
}
