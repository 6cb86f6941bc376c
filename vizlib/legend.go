package vizlib

// legend draws a box with the names of the series, in the corner where it hides the fewest points.
func (d *pen) legend(pn *panel, fr frame) {
	type entry struct {
		s    Shape
		name string
	}
	var entries []entry
	seen := map[string]bool{}
	widest := 0.0
	for _, s := range pn.Shapes {
		name := s.base().Name
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		entries = append(entries, entry{s, name})
		widest = max(widest, d.width(name, textSize, false))
	}
	if len(entries) == 0 {
		return
	}
	const pad, swatch, row = 8.0, 26.0, textSize * 1.45
	w, h := pad*3+swatch+widest, 2*pad+row*float64(len(entries))-4
	b := emptiestCorner(pn, fr, w, h)
	ring := []Point{b.Min, {b.Max.X, b.Min.Y}, b.Max, {b.Min.X, b.Max.Y}}
	d.to.fill(polygon(ring), d.th.background)
	d.to.stroke([][]Point{ring}, stroke{width: spineWidth, color: d.th.look(Muted).line, closed: true})
	for i, e := range entries {
		y := b.Max.Y - pad - row*(float64(i)+0.5) + 2
		x := b.Min.X + pad
		style := e.s.base().Style
		look := d.th.look(style.Ink)
		if p, ok := e.s.(*Points); ok {
			d.glyph(p.Glyph, Point{x + swatch/2, y}, p.Size, look.line, style)
		} else if width := d.th.width(style); width > 0 {
			d.to.stroke([][]Point{{{x, y}, {x + swatch, y}}}, stroke{width: width, dash: d.th.dash(style), color: look.line})
		} else {
			patch := []Point{{x, y - 5}, {x + swatch, y - 5}, {x + swatch, y + 5}, {x, y + 5}}
			d.to.fill(polygon(patch), faded(look.line, style.Fill))
		}
		d.text(e.name, Point{x + swatch + pad, y - capHeight*textSize/2}, textSize, false, 0, 1, d.th.text)
	}
}

// emptiestCorner is the place of a w×h box in the corner of the axes that holds the fewest points.
func emptiestCorner(pn *panel, fr frame, w, h float64) Box {
	const inset = 6.0
	var best Box
	fewest := -1
	for _, c := range [4]Point{{fr.x1 - inset - w, fr.y1 - inset - h}, {fr.x0 + inset, fr.y1 - inset - h},
		{fr.x1 - inset - w, fr.y0 + inset}, {fr.x0 + inset, fr.y0 + inset}} {
		b := Box{c, Point{c.X + w, c.Y + h}}
		n := 0
		for _, s := range pn.Shapes {
			each(s, func(p Point) {
				if b.holds(fr.point(p), 2) {
					n++
				}
			})
		}
		if fewest < 0 || n < fewest {
			best, fewest = b, n
		}
	}
	return best
}
