package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func evidenceCost() slide {
	return slide{
		name:     "evidence-cost",
		caption:  "what a grid costs as the dimension grows",
		question: "100 points a side: how many evaluations?",
		draw: func(lecture) vizlib.Picture {
			const side, dimensions, perSecond = 100, 10, 1e9
			return figures.EvidenceCost(side, dimensions, perSecond)
		},
	}
}
