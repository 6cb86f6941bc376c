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
	// one of the names given, or a movie's first frame, or a diagram without its arrows.
	given     []string
	fromStart bool
	diagram   bool
}

// blank is a slide without its answer.
func (s slide) blank(p vizlib.Picture) vizlib.Picture {
	if m, ok := p.(vizlib.Movie); ok && s.fromStart {
		return vizlib.Strip(m, 0)
	}
	if s.diagram {
		return withoutArrows(p)
	}
	return vizlib.Blank(p, s.given...)
}

// withoutArrows is a picture whose diagrams have lost their edges.
func withoutArrows(p vizlib.Picture) vizlib.Picture {
	bare := func(f vizlib.Figure) vizlib.Figure {
		f.Caption, f.Numbers = "", ""
		f.Marks = slices.Clone(f.Marks)
		for i, m := range f.Marks {
			if d, ok := m.(vizlib.Diagram); ok {
				d.Edges = nil
				f.Marks[i] = d
			}
		}
		return f
	}
	switch p := p.(type) {
	case vizlib.Figure:
		return bare(p)
	case vizlib.Grid:
		p.Caption, p.Numbers = "", ""
		p.Cells = slices.Clone(p.Cells)
		for i := range p.Cells {
			p.Cells[i].Figure = bare(p.Cells[i].Figure)
		}
		return p
	}
	return p
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
	return slices.Concat(posteriorSlides(), divergenceSlides(), elboSlides(), meanFieldSlides(), mixtureSlides(), rivalSlides(), stochasticSlides(), autoencoderSlides())
}
