package figures

import (
	"fmt"

	"elboroom/vizlib"
)

// Intervals are what one method says about one unknown, an interval a data set.
type Intervals struct {
	Name      string
	Low, High []float64 // equally many
}

// Hits is how many of the intervals hold the truth.
func (s Intervals) Hits(truth float64) int {
	hits := 0
	for i := range s.Low {
		if s.Low[i] <= truth && truth <= s.High[i] {
			hits++
		}
	}
	return hits
}

// WhyCoverage is the movie of a promise being kept or broken. Each upright bar is the interval that a method gives for one
// data set; the level line is the truth, the same for all. Pale bars hold it, vermillion ones do not. Every frame adds
// data sets.
func WhyCoverage(truth, promised float64, methods ...Intervals) vizlib.Movie {
	if len(methods) == 0 || len(methods) > 2 || len(methods[0].Low) == 0 {
		panic(fmt.Sprintf("figures: WhyCoverage: there are %d methods, want 1 or 2 with an interval each", len(methods)))
	}
	for _, m := range methods {
		if len(m.Low) != len(methods[0].Low) || len(m.High) != len(m.Low) {
			panic(fmt.Sprintf("figures: WhyCoverage: %s has %d lower and %d upper ends, want %d of each", m.Name, len(m.Low), len(m.High), len(methods[0].Low)))
		}
	}
	const frames = 20
	n := len(methods[0].Low)
	return vizlib.Movie{Len: min(frames, n), Frame: func(i int) vizlib.Picture {
		return coverageFrame(truth, promised, methods, n*(i+1)/min(frames, n))
	}}
}

func coverageFrame(truth, promised float64, methods []Intervals, shown int) vizlib.Grid {
	const bottom, top, between = .11, .83, .05
	tall := (top - bottom - between*float64(len(methods)-1)) / float64(len(methods))
	g := vizlib.Grid{
		Title:   fmt.Sprintf("Intervals that promise %.0f %%", 100*promised),
		Caption: fmt.Sprintf("%d data sets", shown),
	}
	for k, m := range methods {
		part := Intervals{m.Name, m.Low[:shown], m.High[:shown]}
		hold := float64(part.Hits(truth)) / float64(shown)
		if k > 0 {
			g.Numbers += " · "
		}
		g.Numbers += fmt.Sprintf("%s holds %.0f %%", m.Name, 100*hold)
		f := vizlib.Figure{
			Title: m.Name,
			View:  vizlib.View{X: vizlib.Interval{Min: 0, Max: float64(len(m.Low) + 1)}, Legend: vizlib.NoLegend},
			Marks: append(part.bars(truth), vizlib.Rule{At: truth, Name: "truth", Key: "truth", Style: vizlib.Style{Ink: vizlib.Exact, Width: 2}}),
		}
		if k == len(methods)-1 {
			f.X = "data set"
		}
		g.Cells = append(g.Cells, vizlib.Cell{At: vizlib.Rect{.06, top - tall - float64(k)*(tall+between), .915, tall}, Figure: f, ShareY: "θ"})
	}
	return g
}

// bars are the intervals, those that hold the truth apart from those that do not.
func (s Intervals) bars(truth float64) []vizlib.Mark {
	var hit, miss vizlib.Segments
	for i := range s.Low {
		to := &miss
		if s.Low[i] <= truth && truth <= s.High[i] {
			to = &hit
		}
		to.From = append(to.From, vizlib.Point{X: float64(i + 1), Y: s.Low[i]})
		to.To = append(to.To, vizlib.Point{X: float64(i + 1), Y: s.High[i]})
	}
	hit.Name, hit.Key, hit.Style = "holds the truth", "hit", vizlib.Style{Ink: vizlib.Muted, Width: 2.2, Dash: vizlib.Solid}
	miss.Name, miss.Key, miss.Style = "misses it", "miss", vizlib.Style{Ink: vizlib.Path1, Width: 2.6, Dash: vizlib.Solid}
	var marks []vizlib.Mark
	for _, m := range []vizlib.Segments{hit, miss} {
		if len(m.From) > 0 {
			marks = append(marks, m)
		}
	}
	return marks
}
