package main

import (
	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func history() slide {
	return slide{
		name:     "history",
		caption:  "variational inference on a time line, 1976 to 2021",
		question: "Variational inference: who did what in these years?",
		given:    []string{"years", "milestones", "1976", "1999", "2003", "2013", "2021"},
		draw: func(lecture) vizlib.Picture {
			return figures.LectureHistory(figures.Milestones()...)
		},
	}
}
