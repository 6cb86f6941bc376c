package vizlib

import (
	"image"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// surface is what a static backend must be able to do. Everything else (text, hatching, clipping, glyphs)
// is made of these. Coordinates are points of the slide, the origin bottom left.
type surface interface {
	fill(o outline, c color.NRGBA)
	stroke(lines [][]Point, s stroke)
	image(at Box, img image.Image)
}

// stroke is how lines are drawn. A closed line joins its ends.
type stroke struct {
	width  float64
	dash   []float64 // alternating lengths of line and gap; nil is solid
	color  color.NRGBA
	closed bool
}

// outline is a filled path of closed contours (non-zero winding rule).
type outline []move

// move is one step of an outline; the last of its points is where it ends.
type move struct {
	op step
	at [3]Point
}

type step uint8

const (
	moveTo step = iota
	lineTo
	quadTo
	cubeTo
)

// points are those that the step uses.
func (m *move) points() []Point {
	return m.at[:[...]int{moveTo: 1, lineTo: 1, quadTo: 2, cubeTo: 3}[m.op]]
}

// polygon is the outline of rings of points.
func polygon(rings ...[]Point) outline {
	n := 0
	for _, r := range rings {
		n += len(r)
	}
	o := make(outline, 0, n)
	for _, r := range rings {
		for i, p := range r {
			m := move{op: lineTo}
			if i == 0 {
				m.op = moveTo
			}
			m.at[0] = p
			o = append(o, m)
		}
	}
	return o
}

// disc is the outline of a circle: four cubic arcs, off by less than 3 parts in 10 000 of the radius.
func disc(at Point, r float64) outline {
	const k = 0.5522847498307936 // 4/3·(√2 − 1)
	p := func(x, y float64) Point { return Point{at.X + r*x, at.Y + r*y} }
	return outline{
		{op: moveTo, at: [3]Point{p(1, 0)}},
		{op: cubeTo, at: [3]Point{p(1, k), p(k, 1), p(0, 1)}},
		{op: cubeTo, at: [3]Point{p(-k, 1), p(-1, k), p(-1, 0)}},
		{op: cubeTo, at: [3]Point{p(-1, -k), p(-k, -1), p(0, -1)}},
		{op: cubeTo, at: [3]Point{p(k, -1), p(1, -k), p(1, 0)}},
	}
}

// circle is disc's edge as a ring of points.
func circle(at Point, r float64) []Point {
	n := int(min(max(16, 4*math.Sqrt(r)*4), 96))
	ring := make([]Point, n)
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		ring[i] = Point{at.X + r*cos, at.Y + r*sin}
	}
	return ring
}

// raised is a quadratic arc from a by way of b to c as a cubic one: its two inner points.
func raised(a, b, c Point) (Point, Point) {
	return Point{a.X + (b.X-a.X)*2/3, a.Y + (b.Y-a.Y)*2/3}, Point{c.X + (b.X-c.X)*2/3, c.Y + (b.Y-c.Y)*2/3}
}

// drawsLine says whether any of the lines has two points.
func drawsLine(lines [][]Point) bool {
	return slices.ContainsFunc(lines, func(l []Point) bool { return len(l) > 1 })
}

// vgSurface draws on a canvas of gonum/plot.
type vgSurface struct{ c vg.Canvas }

func vgPoint(p Point) vg.Point { return vg.Point{X: vg.Length(p.X), Y: vg.Length(p.Y)} }

func (s vgSurface) fill(o outline, c color.NRGBA) {
	if len(o) == 0 || c.A == 0 {
		return
	}
	path := make(vg.Path, 0, len(o)+8)
	for i, m := range o {
		switch m.op {
		case moveTo:
			if i > 0 {
				path.Close()
			}
			path.Move(vgPoint(m.at[0]))
		case lineTo:
			path.Line(vgPoint(m.at[0]))
		case quadTo:
			path.QuadTo(vgPoint(m.at[0]), vgPoint(m.at[1]))
		case cubeTo:
			path.CubeTo(vgPoint(m.at[0]), vgPoint(m.at[1]), vgPoint(m.at[2]))
		}
	}
	path.Close()
	s.c.SetColor(c)
	s.c.Fill(path)
}

func (s vgSurface) stroke(lines [][]Point, st stroke) {
	if st.width <= 0 || st.color.A == 0 {
		return
	}
	var path vg.Path
	for _, l := range lines {
		if len(l) < 2 {
			continue
		}
		path.Move(vgPoint(l[0]))
		for _, p := range l[1:] {
			path.Line(vgPoint(p))
		}
		if st.closed {
			path.Close()
		}
	}
	if len(path) == 0 {
		return
	}
	dash := make([]vg.Length, len(st.dash))
	for i, d := range st.dash {
		dash[i] = vg.Length(d)
	}
	s.c.SetColor(st.color)
	s.c.SetLineWidth(vg.Length(st.width))
	s.c.SetLineDash(dash, 0)
	s.c.Stroke(path)
}

func (s vgSurface) image(at Box, img image.Image) {
	s.c.DrawImage(vg.Rectangle{Min: vgPoint(at.Min), Max: vgPoint(at.Max)}, img)
}
