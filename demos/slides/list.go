package main

import (
	"slices"

	"elboroom/vizlib"
)

// slide is one figure of the lecture.
type slide struct {
	name    string
	caption string // one line for the list
	moves   bool   // draw makes a vizlib.Movie
	draw    func(l lecture) vizlib.Picture
	strip   func(l lecture, m vizlib.Movie) vizlib.Picture // of a movie on paper; nil takes four frames

	// Its form without the answer, for the question "what will it look like?": the axes with those marks that carry
	// one of the names given, or a movie's first frame.
	given     []string
	fromStart bool
}

// blank is a slide without its answer.
func (s slide) blank(p vizlib.Picture) vizlib.Picture {
	if m, ok := p.(vizlib.Movie); ok && s.fromStart {
		return vizlib.Strip(m, 0)
	}
	return vizlib.Blank(p, s.given...)
}

// onPaper is a movie's strip.
func (s slide) onPaper(l lecture, p vizlib.Picture) vizlib.Picture {
	m, ok := p.(vizlib.Movie)
	if !ok {
		panic("slides: " + s.name + " is listed as a movie and is none")
	}
	if s.strip != nil {
		return s.strip(l, m)
	}
	return vizlib.Strip(m)
}

// lectureSlides are all figures in the order of the lecture.
func lectureSlides() []slide {
	return slices.Concat(posteriorSlides(), divergenceSlides(), elboSlides(), meanFieldSlides(), mixtureSlides())
}
