package figures

import (
	"fmt"
	"math"

	"elboroom/vizlib"
)

// Milestone is a year, who published, and what was new in it, in a few words each.
type Milestone struct {
	Year      int
	Who, What string
}

// Milestones are the works that the lecture names, by year.
//
// Sources: Rustagi, Variational Methods in Statistics (1976); Jordan, Ghahramani, Jaakkola & Saul, Machine Learning 37
// (1999); Blei, Ng & Jordan, JMLR 3 (2003); Kingma & Welling, arXiv:1312.6114 (2013); Rombach, Blattmann, Lorenz,
// Esser & Ommer, arXiv:2112.10752 (2021).
func Milestones() []Milestone {
	return []Milestone{
		{1976, "Rustagi", "variational methods in statistics"},
		{1999, "Jordan et al.", "for graphical models"},
		{2003, "Blei, Ng & Jordan", "topics: LDA"},
		{2013, "Kingma & Welling", "autoencoders: VAE"},
		{2021, "Rombach et al.", "latent diffusion"},
	}
}

// LectureHistory is a time line, a dot a milestone, its words above and below the line in turn.
func LectureHistory(events ...Milestone) vizlib.Figure {
	if len(events) == 0 {
		panic("figures: LectureHistory: there are no milestones, want at least 1")
	}
	first, last := math.Inf(1), math.Inf(-1)
	for _, e := range events {
		first, last = min(first, float64(e.Year)), max(last, float64(e.Year))
	}
	span := max(last-first, 1)
	f := vizlib.Figure{
		Title: fmt.Sprintf("Variational inference, %v to %v", first, last),
		View: vizlib.View{X: vizlib.Interval{Min: first - .22*span, Max: last + .15*span}, Y: vizlib.Interval{Min: -1, Max: 1},
			Axes: vizlib.NoAxes, Legend: vizlib.NoLegend},
	}
	f.Marks = append(f.Marks, vizlib.Rule{At: 0, Name: "years", Style: vizlib.Style{Ink: vizlib.Muted, Width: 3}})
	var dots, ends []vizlib.Point
	for i, e := range events {
		x, side := float64(e.Year), 1.0
		if i%2 == 1 {
			side = -1
		}
		far := .26 * float64(i/2%2) // neighbours on one side stand at different heights: their words may be wider than the years between
		dots, ends = append(dots, vizlib.Point{X: x}), append(ends, vizlib.Point{X: x, Y: (.26 + far) * side})
		for _, line := range []struct {
			text string
			y    float64
			size float64
			bold bool
			ink  vizlib.Ink
		}{
			{fmt.Sprint(e.Year), (.49+far)*side + .14, 28, true, vizlib.Q},
			{e.Who, (.49 + far) * side, 17, true, vizlib.Black},
			{e.What, (.49+far)*side - .12, 15, false, vizlib.Black},
		} {
			f.Marks = append(f.Marks, vizlib.Text{Text: line.text, At: vizlib.Point{X: x, Y: line.y}, Size: line.size, Bold: line.bold,
				Style: vizlib.Style{Ink: line.ink}})
		}
	}
	x, y := make([]float64, len(dots)), make([]float64, len(dots))
	for i, d := range dots {
		x[i] = d.X
	}
	f.Marks = append(f.Marks,
		vizlib.Segments{From: dots, To: ends, Style: vizlib.Style{Ink: vizlib.Muted, Width: 2}},
		vizlib.Dots{X: x, Y: y, Size: 14, Name: "milestones", Style: vizlib.Style{Ink: vizlib.Q}})
	return f
}
