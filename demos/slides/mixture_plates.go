package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func mixturePlates() slide {
	return slide{
		name:     "mixture-plates",
		caption:  "the mixture as a graphical model",
		question: "Draw the arrows: what depends on what?",
		diagram:  true,
		draw: func(lecture) vizlib.Picture {
			return figures.LectureMixturePlates()
		},
	}
}
