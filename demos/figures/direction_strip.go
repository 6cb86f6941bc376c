package figures

import (
	"fmt"
	"math"

	"elboroom/vizlib"
)

// DirectionStrip is DirectionMovie on paper: the stops nearest to the distances given, side by side, the forward
// fit above the reverse one. It takes one to four distances.
func DirectionStrip(d Directions, distances ...float64) vizlib.Grid {
	const left, right, gap, most = 0.03, 0.98, 0.025, 4
	if len(distances) < 1 || len(distances) > most {
		panic(fmt.Sprintf("figures: DirectionStrip: there are %d distances, want 1 to %d", len(distances), most))
	}
	if len(d.Stops) == 0 {
		panic("figures: DirectionStrip: there are 0 stops, want at least 1")
	}
	g := vizlib.Grid{
		Title:   d.title(),
		Caption: "forward KL(p‖q) above, reverse KL(q‖p) below",
		Numbers: "dotted: other local optima",
	}
	width := (right-left+gap)/float64(len(distances)) - gap
	for i, a := range distances {
		s := d.nearest(a)
		x := left + float64(i)*(width+gap)
		best := s.Reverse[s.Best()]
		above := stopPanel(d, s, "q", fmt.Sprintf("bumps at ±%.4g", math.Round(1000*s.A)/1000), s.Forward, vizlib.Two)
		below := stopPanel(d, s, "q", "", best, vizlib.Q)
		below.Marks = append(below.Marks, otherOptima(s)...)
		below.View.XTicks = nil
		g.Cells = append(g.Cells,
			vizlib.Cell{At: vizlib.Rect{x, .49, width, .35}, Figure: above},
			vizlib.Cell{At: vizlib.Rect{x, .08, width, .35}, Figure: below},
		)
	}
	return g
}

// nearest is the stop whose distance is closest to a.
func (d Directions) nearest(a float64) DirectionStop {
	best := d.Stops[0]
	for _, s := range d.Stops {
		if math.Abs(s.A-a) < math.Abs(best.A-a) {
			best = s
		}
	}
	return best
}

// stopPanel is p and one fit at one stop.
func stopPanel(d Directions, s DirectionStop, key, title string, f DirectionFit, ink vizlib.Ink) vizlib.Figure {
	y := d.densityWindow()
	fig := densityPanel(title, nats(f.KL), d.window(), y)
	fig.Marks = append(targetMarks(s.P), approximationMarks(key, f.Q, ink, y)...)
	return fig
}

// window is the stretch of x that holds the bumps when they are farthest apart.
func (d Directions) window() vizlib.Interval {
	half := d.Stops[len(d.Stops)-1].A + 2.4
	return vizlib.Interval{Min: -half, Max: half}
}

// densityWindow is the window of the densities; where the weights differ a dotted optimum stands on the left bump
// too, below the title.
func (d Directions) densityWindow() vizlib.Interval {
	if d.equal() {
		return vizlib.Interval{Max: 0.5}
	}
	return vizlib.Interval{Max: 0.62}
}

// Landmarks are the distances at which the movie rests and which the strip shows: 2, Born, Switch and 3.2, as far
// as they are seen, and the ends where none of them is.
func (d Directions) Landmarks() []float64 {
	const close = 1e-6
	var at []float64
	for _, a := range []float64{2, d.Born, d.Switch, 3.2} {
		if len(d.Stops) > 0 && math.Abs(d.nearest(a).A-a) < close {
			at = append(at, a)
		}
	}
	if len(at) == 0 && len(d.Stops) > 0 {
		at = []float64{d.Stops[0].A, d.Stops[len(d.Stops)-1].A}
	}
	return at
}
