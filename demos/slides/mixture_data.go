package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func mixtureData() slide {
	return slide{
		name:     "mixture-data",
		caption:  "the mixture's data, and where they came from",
		question: "Which number came from which bump?",
		given:    []string{"data"},
		draw: func(l lecture) vizlib.Picture {
			return figures.LectureData(l.mixture.X, l.components, mixtureMeans(), l.mixture.Sigma)
		},
	}
}
