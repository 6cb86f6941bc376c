package figures

import (
	"fmt"
	"math"
	"slices"

	"elboroom/vizlib"
)

// linesTop is up to where the panel of curves draws lines, in nats, and curvesTop where it ends, above its title.
func (d Directions) linesTop() float64 {
	const most, air = 1.1, 1.1
	if !math.IsNaN(d.Switch) {
		return most // with room for the branches that lost
	}
	var top float64
	for _, s := range d.Stops {
		top = math.Max(top, air*math.Max(s.Forward.KL, s.Reverse[s.Best()].KL))
	}
	return math.Min(most, top)
}

func (d Directions) curvesTop() float64 { return 1.14 * d.linesTop() }

// curvesPanel is the divergence at every optimum against the distance, with two dots for now.
func curvesPanel(d Directions, now DirectionStop) vizlib.Figure {
	last := d.Stops[len(d.Stops)-1]
	fig := vizlib.Figure{
		Title: "KL of each, in nats",
		X:     "a: the bumps stand at ±a",
		View: vizlib.View{
			X:      vizlib.Interval{Min: 0, Max: last.A + 0.1},
			Y:      vizlib.Interval{Min: 0, Max: d.curvesTop()},
			XTicks: wholeTicks(last.A),
			YTicks: d.levels(),
			Legend: vizlib.NoLegend,
		},
	}
	fig.Marks = append(fig.Marks, landmarks(d)...)
	add := func(name string, style vizlib.Style, value func(s DirectionStop) (float64, bool)) {
		x, y := series(d, value)
		if len(x) > 1 {
			fig.Marks = append(fig.Marks, vizlib.Line{X: x, Y: y, Name: name, Unit: "nats", Key: name, Style: style})
		}
	}
	dotted := vizlib.Style{Ink: vizlib.Q, Width: 2, Dash: vizlib.Dotted}
	add("reverse, covering both", dotted, losing(Covering))
	add("reverse, on the right bump", dotted, losing(OnRight))
	if !d.equal() {
		add("reverse, on the left bump", dotted, losing(OnLeft))
	}
	add("forward", vizlib.Style{Ink: vizlib.Two, Width: 2.5}, func(s DirectionStop) (float64, bool) { return s.Forward.KL, true })
	add("reverse, the best", vizlib.Style{Ink: vizlib.Q, Width: 4}, func(s DirectionStop) (float64, bool) { return s.Reverse[s.Best()].KL, true })
	best := now.Reverse[now.Best()]
	fig.Marks = append(fig.Marks,
		vizlib.Dots{X: []float64{now.A}, Y: []float64{now.Forward.KL}, Size: 11, Name: "forward, now", Key: "now forward", Style: vizlib.Style{Ink: vizlib.Two, Rim: true}},
		vizlib.Dots{X: []float64{now.A}, Y: []float64{best.KL}, Size: 11, Name: "reverse, now", Key: "now reverse", Style: vizlib.Style{Ink: vizlib.Q, Rim: true}},
	)
	return fig
}

// losing reads a branch where it is a local optimum only, and at its neighbours, so that lines meet.
func losing(branch int) func(s DirectionStop) (float64, bool) {
	return func(s DirectionStop) (float64, bool) {
		f := s.Reverse[branch]
		return f.KL, f.Exists() && (s.Best() != branch || s.Tie())
	}
}

// series gathers a value over the stops at which it exists, up to where it leaves the panel.
func series(d Directions, value func(s DirectionStop) (float64, bool)) (x, y []float64) {
	top := d.linesTop()
	for _, s := range d.Stops {
		v, ok := value(s)
		n := len(y)
		switch {
		case !ok:
		case v <= top:
			x, y = append(x, s.A), append(y, v)
		case n > 0:
			share := (top - y[n-1]) / (v - y[n-1])
			return append(x, x[n-1]+share*(s.A-x[n-1])), append(y, top)
		}
	}
	return x, y
}

// levels are the ticks of the divergence, with −ln w for each weight w: what q on one bump pays for leaving
// the other out, in the limit of distant bumps.
func (d Directions) levels() []vizlib.Tick {
	if d.curvesTop() < 0.75 {
		return nil // ticks of its own
	}
	ticks := []vizlib.Tick{{At: 0, Label: "0"}, {At: 1, Label: "1"}}
	if d.equal() {
		return append(ticks, vizlib.Tick{At: 0.5, Label: "0.5"}, vizlib.Tick{At: math.Ln2, Label: "ln 2"})
	}
	for _, w := range []float64{d.Right, 1 - d.Right} {
		const apart = 0.06 // closer ticks would write over each other
		at := -math.Log(w)
		if at > d.curvesTop() {
			continue
		}
		ticks = slices.DeleteFunc(ticks, func(t vizlib.Tick) bool { return math.Abs(t.At-at) < apart })
		ticks = append(ticks, vizlib.Tick{At: at, Label: fmt.Sprintf("−ln %.3g", w)})
	}
	return ticks
}

// wholeTicks are 0, 1, … up to last.
func wholeTicks(last float64) []vizlib.Tick {
	var ticks []vizlib.Tick
	for v := 0.0; v <= last; v++ {
		ticks = append(ticks, vizlib.Tick{At: v, Label: fmt.Sprint(v)})
	}
	return ticks
}

// landmarks are the level ln 2, the upright lines at the two special distances, and the names of the lines.
func landmarks(d Directions) []vizlib.Mark {
	var marks []vizlib.Mark
	// A line's number stands at its foot on the right, at its head on the left, where no curve passes.
	upright := func(a, top float64, ink vizlib.Ink, side float64) {
		y := 0.02
		if side < 0 {
			y = top
		}
		marks = append(marks,
			vizlib.Rule{At: a, Upright: true, From: 0, To: top, Key: fmt.Sprintf("at%.3f", a), Style: vizlib.Style{Ink: ink, Width: 1.4}},
			vizlib.Text{Text: fmt.Sprintf("%.3f", a), At: vizlib.Point{X: a + 0.07*side, Y: y}, AlignX: side, AlignY: side, Key: fmt.Sprintf("at%.3f/text", a), Style: vizlib.Style{Ink: ink}},
		)
	}
	note := func(text string, x, y, side float64, ink vizlib.Ink) {
		marks = append(marks, vizlib.Text{Text: text, At: vizlib.Point{X: x, Y: y}, AlignX: side, Key: text, Style: vizlib.Style{Ink: ink}})
	}
	last := d.Stops[len(d.Stops)-1]
	kink := last.Reverse[last.Best()].KL
	for _, s := range d.Stops {
		if s.A == d.Switch {
			kink = s.Reverse[s.Best()].KL
		}
	}
	for _, s := range d.Stops { // halfway up the reverse line, on its left
		if v := s.Reverse[s.Best()].KL; v > kink/2 {
			note("reverse", s.A-0.25, v, -1, vizlib.Q)
			break
		}
	}
	low := d.nearest(0.68 * last.A)
	for _, s := range d.Stops { // on the right of the forward line
		if s.Forward.KL > d.linesTop()/2 && s.A < low.A {
			low = s
		}
	}
	note("forward", low.A, low.Forward.KL-0.07*d.curvesTop(), 1, vizlib.Two)
	if x, y := series(d, losing(Covering)); len(y) > 0 && y[len(y)-1] == d.linesTop() {
		note("covering", x[len(x)-1]+0.08, 0.97*d.linesTop(), 1, vizlib.Q)
		if d.equal() {
			note("lives on", x[len(x)-1]+0.08, 0.915*d.linesTop(), 1, vizlib.Q)
		}
	}
	for _, s := range d.Stops {
		switch s.A {
		case d.Born:
			upright(s.A, s.seeking().KL, vizlib.Muted, -1)
		case d.Switch:
			upright(s.A, s.Reverse[s.Best()].KL, vizlib.Black, 1)
		}
	}
	return marks
}
