package figures

import (
	"fmt"
	"math"
	"slices"
	"time"

	"elboroom/vizlib"
)

// DirectionMovie is forward against reverse KL while the bumps move apart, a frame a stop.
//
// One sees, left to right: the Gaussian of forward KL (vermillion, dashed), which always covers both bumps;
// that of reverse KL (blue), which covers them while they are near and then takes one, with its other local
// optima dotted; below each the integrand whose area is the divergence; and on the right the divergence at
// every optimum against the distance, where the kink is the distance at which reverse KL stops covering.
func DirectionMovie(d Directions) vizlib.Movie {
	if len(d.Stops) < 2 {
		panic(fmt.Sprintf("figures: DirectionMovie: there are %d stops, want at least 2", len(d.Stops)))
	}
	return vizlib.Movie{
		Len:   len(d.Stops),
		Frame: func(i int) vizlib.Picture { return directionFrame(d, d.Stops[i]) },
		Hold:  func(i int) time.Duration { return directionHold(d, i) },
	}
}

// directionFrame is the five panels at one stop.
func directionFrame(d Directions, s DirectionStop) vizlib.Grid {
	best := s.Reverse[s.Best()]
	branch := fmt.Sprintf("reverse%d", s.Best())
	p, forward, reverse := density(s.P), density(s.Forward.Q), density(best.Q)
	high := vizlib.Interval{Min: -0.15, Max: 0.45}
	reverseFigure := stopPanel(d, s, branch, "KL(q‖p) reverse: VI", best, vizlib.Q)
	reverseFigure.Marks = append(reverseFigure.Marks, otherOptima(s)...)
	return vizlib.Grid{
		Title:   d.title(),
		Caption: d.caption(s),
		Numbers: fmt.Sprintf("forward %.3f · reverse %.3f nats", positive(s.Forward.KL), positive(best.KL)),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.03, .40, .30, .44}, Figure: stopPanel(d, s, "forward", "KL(p‖q) forward", s.Forward, vizlib.Two)},
			{At: vizlib.Rect{.355, .40, .30, .44}, Figure: reverseFigure},
			{At: vizlib.Rect{.03, .10, .30, .27}, Figure: integrandPanel("forward", "p ln(p/q)", p, forward, vizlib.Two, d.window(), high)},
			{At: vizlib.Rect{.355, .10, .30, .27}, Figure: integrandPanel(branch, "q ln(q/p)", reverse, p, vizlib.Q, d.window(), high)},
			{At: vizlib.Rect{.735, .10, .25, .74}, Figure: curvesPanel(d, s)},
		},
	}
}

func (d Directions) title() string {
	if d.equal() {
		return "One Gaussian on two bumps: forward against reverse KL"
	}
	return fmt.Sprintf("One Gaussian on two bumps of weight %.3g and %.3g: forward against reverse", 1-d.Right, d.Right)
}

// equal reports whether the bumps weigh the same, so that each optimum on one of them has a mirror image.
func (d Directions) equal() bool { return d.Right == 0.5 }

// caption says what reverse KL does at this stop.
func (d Directions) caption(s DirectionStop) string {
	best := s.Reverse[s.Best()]
	switch {
	case s.A == d.Born && best.Covers(s.A):
		return fmt.Sprintf("bumps at ±%.3f · a second optimum is born", s.A)
	case s.Tie():
		return fmt.Sprintf("bumps at ±%.3f · both optima are as good", s.A)
	case best.Covers(s.A):
		return fmt.Sprintf("bumps at ±%.1f · reverse KL covers both", s.A)
	case d.equal():
		return fmt.Sprintf("bumps at ±%.1f · reverse KL seeks one bump (its mirror is as good)", s.A)
	}
	return fmt.Sprintf("bumps at ±%.1f · reverse KL seeks the heavier bump", s.A)
}

// directionHold lets the movie run, and rest where something happens.
func directionHold(d Directions, i int) time.Duration {
	const (
		run  = 300 * time.Millisecond
		rest = 2500 * time.Millisecond
		near = 1e-6
	)
	a := d.Stops[i].A
	if i == 0 || i == len(d.Stops)-1 || slices.ContainsFunc(d.Landmarks(), func(at float64) bool { return math.Abs(a-at) < near }) {
		return rest
	}
	return run
}

// nats is a divergence as a label.
func nats(v float64) string { return fmt.Sprintf("%.3f nats", positive(v)) }

// positive keeps a divergence that vanishes from being printed as −0.
func positive(v float64) float64 { return math.Max(v, 0) }

// DirectionAt is the frame of DirectionMovie at the stop nearest to the distance a, for pictures of several weights in
// a row: the ticks of its curves are the same for each.
func DirectionAt(d Directions, a float64) vizlib.Grid {
	if len(d.Stops) < 2 {
		panic(fmt.Sprintf("figures: DirectionAt: there are %d stops, want at least 2", len(d.Stops)))
	}
	g := directionFrame(d, d.nearest(a))
	curves := &g.Cells[len(g.Cells)-1].Figure
	curves.View.YTicks = []vizlib.Tick{{At: 0, Label: "0"}, {At: .5, Label: "0.5"}, {At: 1, Label: "1"}}
	return g
}
