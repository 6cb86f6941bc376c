package vizlib

import (
	"image"
	"image/color"
)

// placed draws on a part of another surface, enlarged.
type placed struct {
	to    surface
	at    Point
	scale float64
}

func (s placed) move(p Point) Point { return Point{s.at.X + s.scale*p.X, s.at.Y + s.scale*p.Y} }

func (s placed) outline(o outline) outline {
	out := make(outline, len(o))
	for i, m := range o {
		for k := range m.at {
			m.at[k] = s.move(m.at[k])
		}
		out[i] = m
	}
	return out
}

func (s placed) lines(lines [][]Point) [][]Point {
	out := make([][]Point, len(lines))
	for i, l := range lines {
		out[i] = make([]Point, len(l))
		for k, p := range l {
			out[i][k] = s.move(p)
		}
	}
	return out
}

func (s placed) stroked(st stroke) stroke {
	st.width *= s.scale
	dash := make([]float64, len(st.dash))
	for i, d := range st.dash {
		dash[i] = d * s.scale
	}
	st.dash = dash
	return st
}

func (s placed) words(w words) words {
	w.at, w.left, w.size = s.move(w.at), s.move(w.left), w.size*s.scale
	return w
}

func (s placed) fill(o outline, c color.NRGBA) { s.to.fill(s.outline(o), c) }

func (s placed) stroke(lines [][]Point, st stroke) { s.to.stroke(s.lines(lines), s.stroked(st)) }

func (s placed) image(at Box, img image.Image) {
	s.to.image(Box{s.move(at.Min), s.move(at.Max)}, img)
}
