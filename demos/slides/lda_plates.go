package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func ldaPlates() slide {
	return slide{
		name:     "lda-plates",
		caption:  "latent Dirichlet allocation as a graphical model",
		question: "Draw the arrows: how is a document made?",
		diagram:  true,
		draw: func(lecture) vizlib.Picture {
			return figures.TopicsPlate()
		},
	}
}
