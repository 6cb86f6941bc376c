package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func klTriangle() slide {
	return slide{
		name:     "kl-triangle",
		caption:  "KL is no distance: a detour can be shorter",
		question: "From a to b to c, or straight from a to c: what do they cost in KL?",
		given:    []string{"a", "b", "c"},
		draw: func(lecture) vizlib.Picture {
			return figures.DirectionTriangle(line(0, 1), line(1, 1), line(2, 1))
		},
	}
}
