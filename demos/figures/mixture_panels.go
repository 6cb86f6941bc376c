package figures

import (
	"fmt"
	"math"

	"elboroom/cavi"
	"elboroom/vizlib"
)

// The panels of MixtureFit that stand over the data's axis.

// meansPanel has q(μ_k). Where it just moved it stands out, its last place a hairline, an arrow between the means.
func (s *mixtureStory) meansPanel(i int) vizlib.Figure {
	q, old := s.step(i).Q, s.before(i)
	moved := s.moved(i, "q(μ)")
	f := vizlib.Figure{View: vizlib.View{X: s.x, Y: s.y.means, Axes: vizlib.BottomOnly, XTicks: []vizlib.Tick{}, Legend: vizlib.NoLegend}}
	var over []vizlib.Mark // on top of all curves
	left := leftmost(q.Mean)
	for k := range q.Mean {
		ink := componentInk(k)
		style := vizlib.Style{Ink: ink, Width: 2, Fill: .15, Hatch: componentHatched(k)}
		if moved {
			style.Width, style.Fill = 4.5, .5
			was := s.bump(old.Mean[k], old.Var[k], 1)
			was.Name, was.Key = meanName(k)+" before", fmt.Sprint("was", k)
			was.Style = vizlib.Style{Ink: ink, Width: .8, Dash: vizlib.Solid}
			f.Marks = append(f.Marks, was)
			const worth = 0.01 // of the axis: shorter arrows are only heads
			if d := q.Mean[k] - old.Mean[k]; math.Abs(d) > worth*(s.x.Max-s.x.Min) {
				y := s.y.means.Max * (.42 - .17*float64(k%componentCycle))
				over = append(over, vizlib.Arrows{From: []vizlib.Point{{X: old.Mean[k], Y: y}}, To: []vizlib.Point{{X: q.Mean[k], Y: y}},
					Key: fmt.Sprint("move", k), Style: vizlib.Style{Width: 2.2}})
			}
		}
		now := s.bump(q.Mean[k], q.Var[k], 1)
		now.Name, now.Key, now.Style = meanName(k), fmt.Sprint("now", k), style
		f.Marks = append(f.Marks, now)
		over = append(over, s.meanLabel(q, k, k == left))
	}
	f.Marks = append(f.Marks, over...)
	return f
}

// meanLabel names a curve: beside it where it is steep, above it where it is flat.
func (s *mixtureStory) meanLabel(q cavi.GMMFactors, k int, leftmost bool) vizlib.Text {
	const flat = .45 // of the axis
	wide, tall := s.x.Max-s.x.Min, s.y.means.Max
	peak := bell(0, 0, q.Var[k])
	name := vizlib.Text{Text: meanName(k), At: vizlib.Point{X: q.Mean[k], Y: peak + .05*tall}, AlignY: 1, Bold: true, Size: 14,
		Key: fmt.Sprint("name", k), Style: vizlib.Style{Ink: componentInk(k)}}
	const word = .09 // of the axis: the width of a name
	side := 1.0
	if leftmost {
		side = -1
	}
	switch {
	case peak > flat*tall:
		name.At = vizlib.Point{X: q.Mean[k] + side*(1.1*math.Sqrt(q.Var[k])+.006*wide), Y: .62*peak + .02*tall}
		name.AlignX, name.AlignY = side, 0
	case s.m.K == 2 && math.Abs(q.Mean[1]-q.Mean[0]) < word*wide: // two names side by side
		name.At.X += side * .01 * wide
		name.AlignX = side
	}
	name.At.X = min(max(name.At.X, s.x.Min+word*wide*(1-name.AlignX)/2), s.x.Max-word*wide*(1+name.AlignX)/2)
	return name
}

// bump is the curve of weight·N(mean, variance) as far as it can be told from 0.
func (s *mixtureStory) bump(mean, variance, weight float64) vizlib.Curve {
	const reach = 3.7 // sds: the density is a thousandth of its peak there
	sd := math.Sqrt(variance)
	return vizlib.Curve{F: func(x float64) float64 { return weight * bell(x, mean, variance) },
		From: max(mean-reach*sd, s.x.Min), To: min(mean+reach*sd, s.x.Max)}
}

// dataPanel has the histogram, shared out by φ, under the components' curves.
func (s *mixtureStory) dataPanel(i int) vizlib.Figure {
	q := s.step(i).Q
	f := vizlib.Figure{Title: "data, shared out by φ",
		View: vizlib.View{X: s.x, Y: s.y.data, Axes: vizlib.BottomOnly, XTicks: []vizlib.Tick{}, Legend: vizlib.NoLegend}}
	fill := .4
	if s.moved(i, "q(c)") {
		fill = .75
	}
	blocks := make([][]vizlib.Box, s.m.K)
	for _, st := range s.stacks(q.Responsibilities) {
		floor := 0.0
		for k, h := range st.parts {
			blocks[k] = append(blocks[k], vizlib.Box{Min: vizlib.Point{X: st.from, Y: floor}, Max: vizlib.Point{X: st.to, Y: floor + h}})
			floor += h
		}
	}
	for k, at := range blocks {
		f.Marks = append(f.Marks, vizlib.Blocks{At: at, Name: fmt.Sprintf("Σφ of component %d", k+1), Key: fmt.Sprint("bars", k),
			Style: vizlib.Style{Ink: componentInk(k), Fill: fill, Hatch: componentHatched(k)}})
	}
	noise := s.m.Sigma * s.m.Sigma
	for k, m := range q.Mean {
		curve := s.bump(m, noise, 1/float64(s.m.K))
		curve.Name, curve.Key = fmt.Sprintf("N(m%s, σ²)/%d", sub(k+1), s.m.K), fmt.Sprint("bump", k)
		curve.Style = vizlib.Style{Ink: componentInk(k), Width: 3.5, Casing: true}
		f.Marks = append(f.Marks, curve)
	}
	return f
}

// sharesPanel has one dot a datum at (x, φ), and dotted what φ would be now.
func (s *mixtureStory) sharesPanel(i int) vizlib.Figure {
	q, old := s.step(i).Q, s.before(i)
	f := vizlib.Figure{X: "x", View: vizlib.View{X: s.x, Y: vizlib.Interval{Min: -.1, Max: 1.1}, Legend: vizlib.NoLegend,
		YTicks: []vizlib.Tick{{At: 0, Label: "0"}, {At: 1, Label: "1"}}}}
	moved := s.moved(i, "q(c)")
	components := []int{1}
	if s.m.K != 2 {
		components = components[:0]
		for k := range s.m.K {
			components = append(components, k)
		}
	}
	var dots []vizlib.Mark
	for _, k := range components {
		style := vizlib.Style{Ink: componentInk(k), Ink2: componentInk(k), Rim: moved}
		line := vizlib.Style{Ink: componentInk(k), Width: 2, Dash: vizlib.Dotted}
		if s.m.K == 2 {
			style.Ink, style.Ink2 = componentInk(0), componentInk(1)
			line.Ink = vizlib.Black
		}
		at := make([]float64, len(s.shown))
		was := make([]float64, len(s.shown))
		for j, x := range s.shown {
			at[j], was[j] = q.Responsibilities(x)[k], old.Responsibilities(x)[k]
		}
		best := func(x float64) float64 { return q.BestResponsibilities(x)[k] }
		f.Marks = append(f.Marks, vizlib.Curve{F: best, Name: "what φ would be now", Key: fmt.Sprint("best", k), Style: line})
		if moved {
			f.Marks = append(f.Marks, vizlib.Segments{From: points(s.shown, was), To: points(s.shown, at), Key: fmt.Sprint("stems", k),
				Style: vizlib.Style{Ink: vizlib.Black, Width: .7, Dash: vizlib.Solid, Opacity: .55}})
		}
		dots = append(dots, vizlib.Dots{X: s.shown, Y: at, Shade: at, Size: 8, Name: "φᵢ" + sub(k+1), Key: fmt.Sprint("dots", k), Style: style})
	}
	f.Marks = append(f.Marks, dots...)
	return s.withKey(f)
}

// withKey says what dots and dotted lines are: where the curve of the second component does not run, and for other
// K, whose curves leave no room, below the axis.
func (s *mixtureStory) withKey(f vizlib.Figure) vizlib.Figure {
	if s.m.K != 2 {
		f.X = "x · dots: φᵢₖ as held, dotted: as it would be now"
		return f
	}
	at, side := .008, 1.0
	if start := s.steps[0].Q.Mean; start[1] < start[0] {
		at, side = .992, -1
	}
	for j, line := range []string{"φᵢ₂: dots as held,", "dotted as it would be now"} {
		f.Marks = append(f.Marks, vizlib.Text{Text: line, At: vizlib.Point{X: at, Y: .90 - .19*float64(j)}, InBox: true, AlignX: side, AlignY: -1})
	}
	return f
}

// stack is one bar of the histogram, its parts from the bottom as densities.
type stack struct {
	from, to, top float64
	parts         []float64
}

// stacks are the bars over the whole axis; share gives a datum's responsibilities, nil an equal share.
func (s *mixtureStory) stacks(share func(x float64) []float64) []stack {
	const gap = .03 // of a bar's width, free on each side
	width := (s.x.Max - s.x.Min) / float64(s.bins)
	unit := 1 / (width * float64(len(s.m.X)))
	bars := make([]stack, s.bins)
	for b := range bars {
		from := s.x.Min + float64(b)*width
		bars[b] = stack{from: from + gap*width, to: from + (1-gap)*width, parts: make([]float64, s.m.K)}
	}
	for _, x := range s.m.X {
		b := &bars[min(int((x-s.x.Min)/width), s.bins-1)]
		b.top += unit
		if share == nil {
			continue
		}
		for k, p := range share(x) {
			b.parts[k] += p * unit
		}
	}
	return bars
}
