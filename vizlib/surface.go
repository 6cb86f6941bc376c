package vizlib

import (
	"image"
	"image/color"
	"image/draw"
	"math"

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

// vgSurface draws on a canvas of gonum/plot.
type vgSurface struct {
	c vg.Canvas
	// straight is set for canvases that write a colour's premultiplied channels next to its alpha, and so
	// would darken what is transparent: those of PDF and TeX.
	straight bool
	// widths, not nil for PDF alone, holds the images' widths in pixels so far. No two become equal: fpdf writes images of
	// one width in the order of a map, and so not always the same bytes.
	widths map[int]bool
}

func (s vgSurface) color(c color.NRGBA) color.Color {
	if s.straight {
		return straight(c)
	}
	return c
}

// straight is a colour whose RGBA is not premultiplied.
type straight color.NRGBA

// RGBA returns the channels as they are.
func (c straight) RGBA() (r, g, b, a uint32) {
	const wide = 0x101 // 8 bits to 16
	return uint32(c.R) * wide, uint32(c.G) * wide, uint32(c.B) * wide, uint32(c.A) * wide
}

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
	s.c.SetColor(s.color(c))
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
	s.c.SetColor(s.color(st.color))
	s.c.SetLineWidth(vg.Length(st.width))
	s.c.SetLineDash(dash, 0)
	s.c.Stroke(path)
}

func (s vgSurface) image(at Box, img image.Image) {
	if s.widths != nil {
		at, img = s.forPDF(at, img)
		s.widths[img.Bounds().Dx()] = true
	}
	s.c.DrawImage(vg.Rectangle{Min: vgPoint(at.Min), Max: vgPoint(at.Max)}, img)
}

// forPDF is an image upside down, since gonum's PDF canvas points its y axis up and turns images with it, and with so many
// transparent columns on its right that no earlier one was as wide.
func (s vgSurface) forPDF(at Box, img image.Image) (Box, image.Image) {
	old := img.Bounds()
	wide := old.Dx()
	for s.widths[wide] {
		wide++
	}
	out := image.NewNRGBA(image.Rect(0, 0, wide, old.Dy()))
	for y := range old.Dy() {
		from := image.Pt(old.Min.X, old.Max.Y-1-y)
		draw.Draw(out, image.Rect(0, y, old.Dx(), y+1), img, from, draw.Src)
	}
	at.Max.X = at.Min.X + (at.Max.X-at.Min.X)*float64(wide)/float64(old.Dx())
	return at, out
}
