package vizlib

import (
	"image/color"
	"math"
)

// points draws the glyphs whose centre is in the window.
func (d *pen) points(p *Points, fr frame) {
	box := fr.box()
	ink, other := d.th.look(p.Style.Ink).line, d.th.look(p.Style.Ink2).line
	op := opacity(p.Style)
	for i, q := range p.At {
		at := fr.point(q)
		if !box.holds(at, 0.5) {
			continue
		}
		c := ink
		if len(p.Shade) > 0 {
			c = mix(ink, other, p.Shade[i])
		}
		d.glyph(p.Glyph, at, p.Size, faded(c, op), p.Style)
	}
}

// glyph draws one glyph of the given diameter.
func (d *pen) glyph(g Glyph, at Point, size float64, c color.NRGBA, s Style) {
	r := size / 2
	edge := max(size/5, 1)
	if s.Width > 0 {
		edge = d.th.width(s)
	}
	var ring []Point
	switch g {
	case Disc:
		d.to.fill(disc(at, r), c)
		if s.Rim {
			ring = circle(at, r)
		}
	case Ring:
		d.to.fill(disc(at, r), d.th.background)
		d.to.stroke([][]Point{circle(at, r)}, stroke{width: edge, color: c, closed: true})
		return
	case Square:
		h := r * 0.9
		ring = []Point{{at.X - h, at.Y - h}, {at.X + h, at.Y - h}, {at.X + h, at.Y + h}, {at.X - h, at.Y + h}}
		d.to.fill(polygon(ring), c)
	case Cross:
		h := r * 0.8
		d.to.stroke([][]Point{{{at.X - h, at.Y - h}, {at.X + h, at.Y + h}}, {{at.X - h, at.Y + h}, {at.X + h, at.Y - h}}},
			stroke{width: edge, color: c})
		return
	case Down:
		ring = []Point{{at.X - r, at.Y + 0.8*r}, {at.X, at.Y - r}, {at.X + r, at.Y + 0.8*r}}
		d.to.fill(polygon(ring), c)
	}
	if s.Rim {
		d.to.stroke([][]Point{ring}, stroke{width: rimWidth * d.th.weight, color: d.th.text, closed: true})
	}
}

// arrow draws a shaft and, where its end is in the window, a head.
func (d *pen) arrow(a *Arrow, fr frame) {
	from, to := fr.point(a.From), fr.point(a.To)
	length := math.Hypot(to.X-from.X, to.Y-from.Y)
	if length == 0 {
		return
	}
	c := faded(d.th.look(a.Style.Ink).line, opacity(a.Style))
	width := d.th.width(a.Style)
	head := min(headLength+width, length)
	ux, uy := (to.X-from.X)/length, (to.Y-from.Y)/length
	neck := Point{to.X - ux*head*0.8, to.Y - uy*head*0.8}
	inside := fr.box().holds(to, 0.5)
	end := neck
	if !inside {
		end = to
	}
	if p, q, ok := clipSegment(from, end, fr.box()); ok && width > 0 {
		d.to.stroke([][]Point{{p, q}}, stroke{width: width, dash: d.th.dash(a.Style), color: c})
	}
	if !inside {
		return
	}
	base := Point{to.X - ux*head, to.Y - uy*head}
	half := head * 0.42
	d.to.fill(polygon([]Point{to, {base.X - uy*half, base.Y + ux*half}, neck, {base.X + uy*half, base.Y - ux*half}}), c)
}
