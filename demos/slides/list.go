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

	// Its form without the answer, with a question as its title: the axes with those marks that carry one of the names
	// given; or a movie's first frame, without those that carry one of the names in without; or a diagram without its
	// arrows.
	question  string
	given     []string
	fromStart bool
	diagram   bool
	without   []string
}

// blank is a slide without its answer.
func (s slide) blank(p vizlib.Picture) vizlib.Picture {
	m, moves := p.(vizlib.Movie)
	switch {
	case moves && s.fromStart:
		p = m.Still(0)
	case !s.diagram:
		p = vizlib.Blank(p, s.given...)
	}
	caption := func(was string) string {
		if s.diagram { // it speaks of what the arrows show
			return ""
		}
		return was
	}
	switch p := p.(type) {
	case vizlib.Figure:
		p = s.bare(p)
		p.Title, p.Caption, p.Numbers = s.question, caption(p.Caption), ""
		return p
	case vizlib.Grid:
		p.Title, p.Caption, p.Numbers = s.question, caption(p.Caption), ""
		p.Cells = slices.Clone(p.Cells)
		for i := range p.Cells {
			p.Cells[i].Figure = s.bare(p.Cells[i].Figure)
		}
		return p
	}
	return p
}

// bare is a panel without what its blank form leaves out.
func (s slide) bare(f vizlib.Figure) vizlib.Figure {
	var kept []vizlib.Mark
	for _, m := range f.Marks {
		if d, ok := m.(vizlib.Diagram); ok && s.diagram {
			d.Edges = nil
			m = d
		}
		if !slices.Contains(s.without, nameOf(m)) {
			kept = append(kept, m)
		}
	}
	f.Marks = kept
	return f
}

// nameOf is the name of a mark, or what a text says.
func nameOf(m vizlib.Mark) string {
	switch m := m.(type) {
	case vizlib.Curve:
		return m.Name
	case vizlib.Dots:
		return m.Name
	case vizlib.Rule:
		return m.Name
	case vizlib.Text:
		return m.Text
	}
	return ""
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

// lectureSlides are all figures in the order of the lecture, each in a file of its name.
func lectureSlides() []slide {
	return []slide{
		priorLikelihood(),
		evidenceArea(),
		evidenceCost(),
		conjugate(),
		history(),
		support(),
		klAreas(),
		klTriangle(),
		klDirections(),
		klOptima(),
		functional(),
		elboKL(),
		meanFieldCorrelation(),
		staircase(),
		unknownPrecision(),
		together(),
		mixtureData(),
		mixturePlates(),
		caviFit(),
		elboLandscape(),
		plateau(),
		mixturePosterior(),
		race(),
		gibbsBesideCAVI(),
		coverage(),
		stochasticPaths(),
		ldaPlates(),
		ldaBars(),
		vaeDiagram(),
		vaeLatent(),
	}
}
