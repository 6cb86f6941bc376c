package figures

import (
	"fmt"
	"math"

	"elboroom/vizlib"
)

// The panels of MixtureFit that count nats.

// climbPanel has the ELBO as a step line below the exact log evidence.
func (s *mixtureStory) climbPanel(i int) vizlib.Figure {
	end := s.sweeps(len(s.frames) - 1)
	w := vizlib.Interval{Min: -.03 * max(end, 1), Max: max(end, 1) * 1.03}
	f := vizlib.Figure{X: "sweeps", Y: "ELBO in nats", View: vizlib.View{X: w, Y: s.y.elbo, XTicks: sweepTicks(end), Legend: vizlib.NoLegend}}
	now := s.step(i).Value
	if s.gaps != nil {
		low := max(now, s.y.elbo.Min)
		f.Marks = append(f.Marks, vizlib.Band{X: []float64{w.Min, w.Max}, Low: []float64{low, low}, High: []float64{s.ln, s.ln},
			Name: "gap", Key: "gap", Style: vizlib.Style{Ink: vizlib.Gap, Fill: .25}})
	}
	var x, y []float64
	var rings, squares []vizlib.Point
	for j := range i + 1 {
		p := vizlib.Point{X: s.sweeps(j), Y: s.step(j).Value}
		x, y = append(x, p.X), append(y, p.Y)
		if s.step(j).Update == "q(c)" {
			rings = append(rings, p)
		} else if j > 0 {
			squares = append(squares, p)
		}
	}
	f.Marks = append(f.Marks, vizlib.Line{X: x, Y: y, Step: true, Name: "ELBO", Unit: "nats", Key: "elbo", Style: vizlib.Style{Ink: vizlib.Bound, Width: 3.5}})
	glyph := func(at []vizlib.Point, g vizlib.Glyph, name string) {
		if len(at) == 0 {
			return
		}
		x, y := coordinates(at)
		f.Marks = append(f.Marks, jumping{vizlib.Dots{X: x, Y: y, Glyph: g, Size: 8, Name: name, Unit: "nats", Key: name,
			Style: vizlib.Style{Ink: vizlib.Bound, Width: 2}}})
	}
	glyph(rings, vizlib.Ring, "after q(c)")
	glyph(squares, vizlib.Square, "after q(μ)")
	if s.gaps != nil {
		const lift = .02 // of the axis: the words clear the line
		f.Marks = append(f.Marks, vizlib.Rule{At: s.ln, Name: "log evidence", Unit: "nats", Key: "evidence", Style: vizlib.Style{Ink: vizlib.Exact, Width: 3.5}},
			vizlib.Text{Text: "log evidence " + signed(s.ln, 2), At: vizlib.Point{X: w.Max, Y: s.ln + lift*(s.y.elbo.Max-s.y.elbo.Min)}, AlignX: -1, AlignY: 1, Bold: true})
	}
	if now < s.y.elbo.Min {
		f.Marks = append(f.Marks, vizlib.Text{Text: "▼ " + signed(now, 0), At: vizlib.Point{X: .05, Y: .03}, InBox: true, AlignX: 1, AlignY: 1, Bold: true,
			Size: 15, Style: vizlib.Style{Ink: vizlib.Bound}})
	}
	return f
}

// sweeps is where frame j stands on the axis of the climb: q(c) is half a sweep.
func (s *mixtureStory) sweeps(j int) float64 {
	st := s.step(j)
	if st.Update == "q(c)" {
		return float64(st.Sweep) - .5
	}
	return float64(st.Sweep)
}

// gapPanel has the gap as a bar: solid what the labels account for, pale the rest.
func (s *mixtureStory) gapPanel(i int) vizlib.Figure {
	f := vizlib.Figure{View: vizlib.View{X: vizlib.Interval{Max: s.nats}, Y: vizlib.Interval{Max: 1}, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend}}
	if s.gaps == nil {
		f.View.Axes = vizlib.NoAxes
		for j, line := range []string{"exact evidence out of reach:", "nobody knows the gap"} {
			f.Marks = append(f.Marks, vizlib.Text{Text: line, At: vizlib.Point{X: 0, Y: .75 - .4*float64(j)}, AlignX: 1, Size: 14,
				Style: vizlib.Style{Ink: vizlib.Gap}})
		}
		return f
	}
	g := s.gaps[i]
	names := logFactorial(s.m.K)
	f.Title = "gap in nats, solid: labels"
	f.View.XTicks = gapTicks(s.nats, names, s.m.K)
	bar := func(from, to float64, fill float64, name string) {
		to = min(to, s.nats)
		if to > from {
			f.Marks = append(f.Marks, vizlib.Blocks{At: []vizlib.Box{{Min: vizlib.Point{X: from, Y: .06}, Max: vizlib.Point{X: to, Y: .5}}},
				Name: name, Unit: "nats", Key: name, Style: vizlib.Style{Ink: vizlib.Gap, Fill: fill}})
		}
	}
	bar(0, g.Labels, .95, "labels’ share")
	bar(g.Labels, g.Total, .35, "mean field")
	const edge = .86 // of the axis: a value further right stands inside its bar
	say := func(text string, x, side float64) {
		f.Marks = append(f.Marks, vizlib.Text{Text: text, At: vizlib.Point{X: x, Y: .28}, AlignX: side, Bold: true, Size: 14,
			Key: "value", Style: vizlib.Style{Ink: vizlib.Gap}})
	}
	switch {
	case g.Total > s.nats:
		say(fmt.Sprintf("%.1f →", g.Total), s.nats*.99, -1)
	case g.Total > edge*s.nats:
		say(fmt.Sprintf("%.2f", g.Total), g.Total-.01*s.nats, -1)
	default:
		say(fmt.Sprintf("%.2f", g.Total), g.Total+.02*s.nats, 1)
	}
	return f
}

// gapTicks are whole nats and ln K!, the most that the labels can cost.
func gapTicks(end, names float64, k int) []vizlib.Tick {
	step := max(1, math.Ceil(end/5))
	const near, beside = .1, .13 // of the axis: closer labels would touch, to the corner and to one another
	ticks := []vizlib.Tick{{At: 0, Label: "0"}}
	if names > 0 && names < end {
		t := vizlib.Tick{At: names}
		if names > near*end {
			t.Label = fmt.Sprintf("ln %d", factorial(k))
		}
		ticks = append(ticks, t)
	}
	for v := step; v <= end; v += step {
		t := vizlib.Tick{At: v, Label: fmt.Sprint(v)}
		if names > near*end && math.Abs(v-names) < beside*end {
			t.Label = ""
		}
		ticks = append(ticks, t)
	}
	return ticks
}

// sweepTicks are about five whole sweeps.
func sweepTicks(end float64) []vizlib.Tick {
	step := 1.0
	for _, next := range []float64{2, 5, 10, 20, 50, 100, 200, 500} {
		if end/step > 6 {
			step = next
		}
	}
	var ticks []vizlib.Tick
	for v := 0.0; v <= end; v += step {
		ticks = append(ticks, vizlib.Tick{At: v, Label: fmt.Sprint(v)})
	}
	return ticks
}
