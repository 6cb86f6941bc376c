package vizlib

import (
	"fmt"
	"image/color"
	"math"
)

// pen draws scenes on a surface.
type pen struct {
	to    surface
	ts    *typesetter
	th    theme
	write writer // may be nil
	err   error  // the first that occurred
}

// writer sets a text as text; false leaves it to be drawn as outlines.
type writer func(w words, c color.NRGBA) bool

// draw draws a whole scene: what stands on top of the slide, then panel by panel.
func (d *pen) draw(s scene) error {
	left, right := 1.0, 0.0
	for _, pn := range s.Panels {
		left, right = min(left, pn.At[0]), max(right, pn.At[0]+pn.At[2])
	}
	w, _ := s.on.size()
	left, right = min(left, 0.05)*w, max(right, 0.95)*w
	d.headline(s, left, right)
	for i := range s.Panels {
		d.panel(&s.Panels[i])
	}
	return d.err
}

// smallSheet is the height in points below which the headline shrinks with its sheet.
const smallSheet = 400.0

// headline writes the title, and the caption left and the numbers right below it; what is too long for
// its line is written smaller.
func (d *pen) headline(s scene, left, right float64) {
	room := right - left
	_, high := s.on.size()
	small := min(1, high/smallSheet)
	if s.Title != "" {
		size := small * titleSize * min(1, room/max(small*d.width(s.Title, titleSize, true), 1))
		d.text(s.Title, Point{left, titleLine * high}, size, true, 0, 1, d.th.text)
	}
	const between = 2 * captionSize
	caption, numbers := d.width(s.Caption, captionSize, true), d.width(s.Numbers, captionSize, false)
	need := caption + numbers
	if caption > 0 && numbers > 0 {
		need += between
	}
	size := small * captionSize * min(1, room/max(small*need, 1))
	y := captionLine * high
	d.text(s.Caption, Point{left, y}, size, true, 0, 1, d.th.text)
	d.text(s.Numbers, Point{right, y}, size, false, 0, -1, d.th.text)
}

// panel draws spines, then marks in their order, then labels, so that no line crosses a word.
func (d *pen) panel(pn *panel) {
	fr := pn.frame()
	for _, s := range pn.Shapes {
		if r, ok := s.(*Raster); ok {
			d.raster(r, fr)
		}
	}
	d.axes(pn, fr)
	for _, s := range pn.Shapes {
		switch s := s.(type) {
		case *Path:
			d.path(s, fr)
		case *Points:
			d.points(s, fr)
		case *Arrow:
			d.arrow(s, fr)
		}
	}
	if pn.View.Legend == LegendBox {
		d.legend(pn, fr)
	}
	for _, s := range pn.Shapes {
		if l, ok := s.(*Label); ok {
			d.label(l, fr)
		}
	}
	if pn.Title != "" {
		left := fr.x0 + noteInset
		size := panelSize * min(1, (fr.wide-left-pageEdge)/max(d.width(pn.Title, panelSize, true), 1))
		d.text(pn.Title, Point{left, fr.y1 - noteInset - capHeight*panelSize}, size, true, 0, 1, d.th.text)
	}
}

// noteInset is the distance of notes inside a panel from its edges, in points; noteLine the height of a line of
// them, in letter sizes.
const (
	noteInset = 4.0
	noteLine  = 1.35
)

// axes draws the spines, ticks and axis labels.
func (d *pen) axes(pn *panel, fr frame) {
	v := pn.View
	if v.Axes == NoAxes {
		return
	}
	ink := stroke{width: spineWidth * d.th.weight, color: d.th.spine}
	lines := [][]Point{{{fr.x0, fr.y0}, {fr.x1, fr.y0}}}
	if v.Axes == LeftBottom {
		lines[0] = []Point{{fr.x0, fr.y1}, {fr.x0, fr.y0}, {fr.x1, fr.y0}}
	}
	size := textSize
	const gap = 4.0
	below := fr.y0 - tickLength - gap
	lowest := fr.y0 - gap
	for _, t := range v.XTicks {
		x := fr.point(Point{t.At, v.Y.Min}).X
		lines = append(lines, []Point{{x, fr.y0}, {x, fr.y0 - tickLength}})
		d.text(t.Label, Point{x, below - capHeight*size}, size, false, 0, 0, d.th.text)
		lowest = min(lowest, below-capHeight*size)
	}
	widest := 0.0
	for _, t := range v.YTicks {
		y := fr.point(Point{v.X.Min, t.At}).Y
		lines = append(lines, []Point{{fr.x0, y}, {fr.x0 - tickLength, y}})
		d.text(t.Label, Point{fr.x0 - tickLength - gap, y - capHeight*size/2}, size, false, 0, -1, d.th.text)
		widest = max(widest, d.width(t.Label, size, false))
	}
	d.to.stroke(lines, ink)
	if pn.X != "" {
		half := d.width(pn.X, size, false) / 2
		middle := max(min((fr.x0+fr.x1)/2, fr.wide-half-pageEdge), half+pageEdge)
		d.text(pn.X, Point{middle, max(lowest-1.55*size, 2+descent*size)}, size, false, 0, 0, d.th.text)
	}
	if pn.Y != "" {
		x := max(fr.x0-tickLength-2*gap-widest-descent*size, capHeight*size+2)
		d.text(pn.Y, Point{x, (fr.y0 + fr.y1) / 2}, size, false, math.Pi/2, 0, d.th.text)
	}
}

// path fills, hatches and strokes, clipped to the axes box.
func (d *pen) path(p *Path, fr frame) {
	box := fr.box()
	style, look := p.Style, d.th.look(p.Style.Ink)
	lines := make([][]Point, 0, len(p.Lines))
	for _, l := range p.Lines {
		if len(l) == 0 {
			continue
		}
		pts := make([]Point, len(l), len(l)+1)
		for i, q := range l {
			pts[i] = fr.point(q)
		}
		lines = append(lines, pts)
	}
	if style.Fill > 0 || style.Hatch {
		var rings [][]Point
		for _, l := range lines {
			if r := clipRing(l, box); len(r) > 2 {
				rings = append(rings, r)
			}
		}
		d.to.fill(polygon(rings...), faded(look.line, style.Fill))
		if style.Hatch {
			ink := look.line
			if style.Fill >= 0.5 {
				ink = look.text
			}
			d.to.stroke(hatch(rings, hatchGap, look.back),
				stroke{width: hatchWidth * d.th.weight, color: faded(ink, style.Fill+hatchLift)})
		}
	}
	width := d.th.width(style)
	if width == 0 {
		return
	}
	var cut [][]Point
	whole := p.Closed
	for _, l := range lines {
		for _, q := range l {
			whole = whole && box.holds(q, 0)
		}
	}
	for _, l := range lines {
		if whole {
			cut = append(cut, l)
			continue
		}
		if p.Closed {
			l = append(l, l[0])
		}
		cut = append(cut, clipLine(l, box)...)
	}
	if style.Casing {
		d.to.stroke(cut, stroke{width: width + 2*casingWidth, color: d.th.background, closed: whole})
	}
	d.to.stroke(cut, stroke{width: width, dash: d.th.dash(style), color: faded(look.line, opacity(style)), closed: whole})
}

// opacity of a style's lines; 0 stands for 1.
func opacity(s Style) float64 {
	if s.Opacity == 0 {
		return 1
	}
	return s.Opacity
}

func (d *pen) fault(err error) {
	if err != nil && d.err == nil {
		d.err = fmt.Errorf("vizlib: %w", err)
	}
}
