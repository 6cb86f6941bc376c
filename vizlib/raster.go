package vizlib

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// pixels is a surface of pixels. It strokes by itself (segments, joins, dashes as small polygons) and leaves
// their anti-aliasing to the accumulating rasteriser of golang.org/x/image/vector.
type pixels struct {
	img   *image.RGBA
	scale float64 // pixels per point
	high  float64 // of the slide in points
	r     vector.Rasterizer
	mask  image.Alpha // of the path that is drawn now: its coverage of each pixel
}

// newPixels is an empty picture, wide pixels wide, of a slide w×h points.
func newPixels(wide int, w, h float64, background color.NRGBA) *pixels {
	scale := float64(wide) / w
	p := &pixels{scale: scale, high: h}
	p.img = image.NewRGBA(image.Rect(0, 0, wide, int(h*scale+0.5)))
	draw.Draw(p.img, p.img.Bounds(), image.NewUniform(background), image.Point{}, draw.Src)
	return p
}

// px is where a point stands in pixels, y downwards.
func (p *pixels) px(q Point) Point { return Point{q.X * p.scale, (p.high - q.Y) * p.scale} }

func (p *pixels) fill(o outline, c color.NRGBA) {
	if len(o) == 0 || c.A == 0 {
		return
	}
	area := none
	tall := none
	moved := make(outline, len(o))
	for i, m := range o {
		for k := range m.at {
			m.at[k] = p.px(m.at[k])
		}
		moved[i] = m
		for _, q := range m.points() {
			area, tall = area.add(q.X), tall.add(q.Y)
		}
	}
	off, ok := p.begin(area, tall)
	if !ok {
		return
	}
	at := func(q Point) (float32, float32) { return float32(q.X - off.X), float32(q.Y - off.Y) }
	for i, m := range moved {
		a, b := at(m.at[0])
		switch m.op {
		case moveTo:
			if i > 0 {
				p.r.ClosePath()
			}
			p.r.MoveTo(a, b)
		case lineTo:
			p.r.LineTo(a, b)
		case quadTo:
			c, d := at(m.at[1])
			p.r.QuadTo(a, b, c, d)
		case cubeTo:
			c, d := at(m.at[1])
			e, f := at(m.at[2])
			p.r.CubeTo(a, b, c, d, e, f)
		}
	}
	p.r.ClosePath()
	p.finish(off, c)
}

// begin readies the rasteriser for the part of the picture that an area covers, and says where it begins.
func (p *pixels) begin(x, y Interval) (Point, bool) {
	b := image.Rect(int(math.Floor(max(x.Min, -1))), int(math.Floor(max(y.Min, -1))),
		int(math.Ceil(min(x.Max, 1e5)))+1, int(math.Ceil(min(y.Max, 1e5)))+1).Intersect(p.img.Bounds())
	if b.Empty() || x.isNone() {
		return Point{}, false
	}
	p.r.Reset(b.Dx(), b.Dy())
	p.r.DrawOp = draw.Src
	return Point{float64(b.Min.X), float64(b.Min.Y)}, true
}

// finish lays a colour over the pixels that the path covers. Most of them it does not: they cost one comparison.
func (p *pixels) finish(off Point, c color.NRGBA) {
	size := p.r.Size()
	if n := size.X * size.Y; cap(p.mask.Pix) < n {
		p.mask.Pix = make([]uint8, n)
	}
	p.mask.Pix = p.mask.Pix[:size.X*size.Y]
	p.mask.Stride, p.mask.Rect = size.X, image.Rectangle{Max: size}
	p.r.Draw(&p.mask, p.mask.Rect, image.Opaque, image.Point{})
	ink := [3]uint32{uint32(c.R), uint32(c.G), uint32(c.B)}
	for y := range size.Y {
		row := p.mask.Pix[y*size.X : (y+1)*size.X]
		at := p.img.PixOffset(int(off.X), int(off.Y)+y)
		for x, cover := range row {
			if cover == 0 {
				continue
			}
			const full = 0xff * 0xff
			a := uint32(cover) * uint32(c.A)
			px := p.img.Pix[at+4*x : at+4*x+3 : at+4*x+3]
			for k := range px {
				px[k] = uint8((ink[k]*a + uint32(px[k])*(full-a) + full/2) / full)
			}
		}
	}
}

func (p *pixels) image(at Box, img image.Image) {
	a, b := p.px(at.Min), p.px(at.Max)
	to := image.Rect(int(a.X+0.5), int(b.Y+0.5), int(b.X+0.5), int(a.Y+0.5))
	xdraw.BiLinear.Scale(p.img, to, img, img.Bounds(), draw.Over, nil)
}

func (p *pixels) stroke(lines [][]Point, s stroke) {
	if s.width <= 0 || s.color.A == 0 {
		return
	}
	half := s.width * p.scale / 2
	x, y := none, none
	moved := make([][]Point, 0, len(lines))
	for _, l := range lines {
		m := make([]Point, 0, len(l)+1)
		for _, q := range l {
			q = p.px(q)
			if n := len(m); n > 0 && math.Hypot(q.X-m[n-1].X, q.Y-m[n-1].Y) < 0.05 {
				continue
			}
			m = append(m, q)
			x, y = x.add(q.X), y.add(q.Y)
		}
		if len(m) > 1 {
			moved = append(moved, m)
		}
	}
	reach := half * miterLimit
	off, ok := p.begin(Interval{x.Min - reach, x.Max + reach}, Interval{y.Min - reach, y.Max + reach})
	if !ok {
		return
	}
	for _, l := range moved {
		if len(s.dash) > 0 {
			if s.closed {
				l = append(l, l[0])
			}
			for _, d := range dashed(l, s.dash, p.scale) {
				p.strokeLine(d, half, false, off)
			}
			continue
		}
		p.strokeLine(l, half, s.closed, off)
	}
	p.finish(off, s.color)
}

// miterLimit is how far a sharp corner may reach, in half widths; beyond that it is cut off.
const miterLimit = 3.0

// strokeLine adds a line as one quadrilateral a segment and one wedge a corner, all wound alike.
func (p *pixels) strokeLine(l []Point, half float64, closed bool, off Point) {
	n := len(l)
	segments := n - 1
	if closed {
		segments = n
	}
	for i := range segments {
		a, b := l[i], l[(i+1)%n]
		nx, ny, ok := normal(a, b, half)
		if !ok {
			continue
		}
		p.polygon(off, Point{a.X + nx, a.Y + ny}, Point{b.X + nx, b.Y + ny}, Point{b.X - nx, b.Y - ny}, Point{a.X - nx, a.Y - ny})
		if i+1 < segments || closed {
			p.join(a, b, l[(i+2)%n], half, off)
		}
	}
}

// normal is the vector across a segment, half a width long.
func normal(a, b Point, half float64) (x, y float64, ok bool) {
	d := math.Hypot(b.X-a.X, b.Y-a.Y)
	if d == 0 {
		return 0, 0, false
	}
	return -(b.Y - a.Y) / d * half, (b.X - a.X) / d * half, true
}

// join closes the outer side of the corner at b.
func (p *pixels) join(a, b, c Point, half float64, off Point) {
	x0, y0, ok0 := normal(a, b, half)
	x1, y1, ok1 := normal(b, c, half)
	if !ok0 || !ok1 {
		return
	}
	if (b.X-a.X)*(c.Y-b.Y)-(b.Y-a.Y)*(c.X-b.X) > 0 {
		x0, y0, x1, y1 = -x0, -y0, -x1, -y1
	}
	from, to := Point{b.X + x0, b.Y + y0}, Point{b.X + x1, b.Y + y1}
	mx, my := x0+x1, y0+y1
	if m2 := mx*mx + my*my; m2 > 0 {
		k := 2 * half * half / m2 // the tip lies at b + k·(mx, my)
		if k*math.Sqrt(m2) <= miterLimit*half {
			p.polygon(off, b, from, Point{b.X + k*mx, b.Y + k*my}, to)
			return
		}
	}
	p.polygon(off, b, from, to)
}

// polygon adds a convex polygon, turned so that all wind the same way and overlaps add up.
func (p *pixels) polygon(off Point, pts ...Point) {
	area := 0.0
	for i, q := range pts {
		r := pts[(i+1)%len(pts)]
		area += q.X*r.Y - r.X*q.Y
	}
	n := len(pts)
	for i := range pts {
		q := pts[i]
		if area < 0 {
			q = pts[n-1-i]
		}
		x, y := float32(q.X-off.X), float32(q.Y-off.Y)
		if i == 0 {
			p.r.MoveTo(x, y)
		} else {
			p.r.LineTo(x, y)
		}
	}
	p.r.ClosePath()
}

// dashed cuts a line into its dashes.
func dashed(l []Point, dash []float64, scale float64) [][]Point {
	var out [][]Point
	k, left, on := 0, dash[0]*scale, true
	run := []Point{l[0]}
	for i := 1; i < len(l); i++ {
		a, b := l[i-1], l[i]
		d := math.Hypot(b.X-a.X, b.Y-a.Y)
		done := 0.0
		for d-done > left {
			done += left
			q := Point{a.X + (b.X-a.X)*done/d, a.Y + (b.Y-a.Y)*done/d}
			if on {
				out = append(out, append(run, q))
			}
			run = []Point{q}
			on = !on
			k = (k + 1) % len(dash)
			left = dash[k] * scale
		}
		left -= d - done
		if on {
			run = append(run, b)
		}
	}
	if on && len(run) > 1 {
		out = append(out, run)
	}
	return out
}
