package vizlib

import "math"

// How a panel finds its ticks, its box and the notes inside it.

// ticks fills in the automatic ticks and drops those outside the window.
func (pn *panel) ticks() {
	v := &pn.View
	fr := pn.frame()
	const everyX, everyY = 55.0, 40.0 // points between ticks, about
	const mostX, mostY = 7.0, 5.0     // ticks, about: more on the side of a tall panel read as a ruler
	alongX, alongY := min((fr.x1-fr.x0)/everyX, mostX), min((fr.y1-fr.y0)/everyY, mostY)
	if v.XTicks == nil {
		v.XTicks = autoTicks(v.X, v.LogX, alongX)
	}
	switch {
	case v.YTicks != nil:
	case v.Equal: // the same steps as along x
		v.YTicks = ticksEvery(v.Y, niceStep(v.X.span()/math.Floor(max(alongX, 2))))
	default:
		v.YTicks = autoTicks(v.Y, v.LogY, alongY)
	}
	if v.Axes == NoAxes {
		v.XTicks = []Tick{}
	}
	if v.Axes != LeftBottom {
		v.YTicks = []Tick{}
	}
	v.XTicks, v.YTicks = within(v.XTicks, v.X), within(v.YTicks, v.Y)
}

func autoTicks(w Interval, log bool, want float64) []Tick {
	n := int(max(want, 2))
	if log {
		return logTicks(w, n)
	}
	return linearTicks(w, n)
}

func within(ticks []Tick, w Interval) []Tick {
	kept := make([]Tick, 0, len(ticks))
	slack := 1e-9 * w.span()
	for _, t := range ticks {
		if t.At >= w.Min-slack && t.At <= w.Max+slack {
			kept = append(kept, t)
		}
	}
	return kept
}

// equalBox shrinks a box around its centre until a unit of x is as long as a unit of y.
func equalBox(on sheet, at Rect, v View) Rect {
	w, h := on.size()
	unitX, unitY := at[2]*w/v.X.span(), at[3]*h/v.Y.span()
	if unitX > unitY {
		width := at[2] * unitY / unitX
		return Rect{at[0] + (at[2]-width)/2, at[1], width, at[3]}
	}
	height := at[3] * unitX / unitY
	return Rect{at[0], at[1] + (at[3]-height)/2, at[2], height}
}

// notes writes a cell's Caption below its title and its Numbers at the top right, inside the panel.
func (pn *panel) notes(f Figure) {
	fr := pn.frame()
	y := fr.y1 - noteInset
	if f.Title != "" {
		y -= panelSize * noteLine
	}
	note := func(text, key string, x, side float64, y float64) {
		if text == "" {
			return
		}
		at := fr.data(Point{x, y})
		pn.Shapes = append(pn.Shapes, &Label{Common: Common{Key: key, Still: true}, At: at, Text: text,
			Size: textSize, AlignX: side, AlignY: -1})
	}
	note(f.Caption, "caption", fr.x0+noteInset, 1, y)
	note(f.Numbers, "numbers", fr.x1-noteInset, -1, fr.y1-noteInset)
}

// loneBox is the axes box of a Figure that stands alone; its left side is found later from its ticks.
func loneBox(pg page, f Figure) Rect {
	top := topUnderNobody
	switch {
	case pg.Caption != "" || pg.Numbers != "":
		top = topUnderBoth
	case pg.Title != "":
		top = topUnderTitle
	}
	points := 16.0
	if f.View.Axes != NoAxes {
		points += 22
	}
	if f.X != "" {
		points += 27
	}
	_, h := pg.on.size()
	bottom := points / h
	return Rect{0.08, bottom, 0.89, top - bottom}
}

// loneLeft is the left side and width of a lone Figure's box, with room for its ticks and label.
func loneLeft(pn panel, ts *typesetter) (left, width float64) {
	room := 24.0
	widest := 0.0
	for _, t := range pn.View.YTicks {
		if w, err := ts.width(t.Label, textSize, false); err == nil {
			widest = max(widest, w)
		}
	}
	room += widest
	if pn.Y != "" {
		room += 1.5 * textSize
	}
	w, _ := pn.on.size()
	left = room / w
	return left, 0.97 - left
}
