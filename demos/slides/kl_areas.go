package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func klAreas() slide {
	return slide{
		name:     "kl-areas",
		caption:  "KL(p‖q) and KL(q‖p) as signed areas",
		question: "Draw p ln(p/q) and q ln(q/p): which area is larger?",
		given:    []string{"p", "q"},
		draw: func(lecture) vizlib.Picture {
			return figures.DirectionAreas(line(0, 1), line(1, 2))
		},
	}
}
