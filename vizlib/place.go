package vizlib

import (
	"math"
	"slices"
)

// Names stand beside their lines, so that nobody has to look up a legend. For each name many places along its
// line are tried, and the one that hides least is taken; places high on the line and to the right are
// preferred, and in a movie the place of the frame before. A name that fits nowhere is left out: it is still in
// the hover text and in Alt.

// places remembers where the names of a panel stood in the frame before.
type places map[string]Point

// The costs that are weighed against each other, in no unit.
const (
	costLine   = 3.0  // a cell with a line or a dot
	costStrong = 0.5  // a cell with a fill of half opacity or more
	costWeak   = 0.02 // a cell with a paler fill
	costLow    = 3.0  // for standing at the lowest rather than the highest point of a line
	costLeft   = 1.0  // for standing at its left rather than its right end
	costMoved  = 0.05 // for each point of distance from the place in the frame before
	cellSize   = 3.0  // of the grid that says what is covered, in points
	nameGap    = 4.0  // between a name and its line
	tries      = 48   // places along a line
)

// directions in which a name can stand from a place on its line, the better ones first.
var directions = [8]struct{ dx, dy, cost float64 }{
	{0, 1, 0}, {1, 1, 0.2}, {-1, 1, 0.3}, {1, 0, 0.3}, {-1, 0, 0.6}, {1, -1, 0.7}, {-1, -1, 0.8}, {0, -1, 0.8},
}

// placeNames adds a label for the name of each series.
func (pn *panel) placeNames(ts *typesetter, before *places) error {
	if pn.View.Legend != Direct {
		return nil
	}
	fr := pn.frame()
	c := newCover(fr)
	if err := c.mark(pn, fr, ts); err != nil {
		return err
	}
	now := places{}
	seen := map[string]bool{}
	var labels []Shape
	for _, s := range pn.Shapes {
		base := s.base()
		if base.Name == "" || seen[base.Name] {
			continue
		}
		anchors := anchorsOf(s, fr)
		if len(anchors) == 0 {
			continue
		}
		seen[base.Name] = true
		w, err := ts.width(base.Name, textSize, false)
		if err != nil {
			return err
		}
		b, ok := c.inside(s, fr, w, textSize)
		if !ok {
			b, ok = c.best(anchors, clearance(s), w, textSize, (*before)[base.Name])
		}
		if !ok {
			continue
		}
		c.taken = append(c.taken, b)
		middle := Point{b.Min.X, (b.Min.Y + b.Max.Y) / 2}
		now[base.Name] = middle
		labels = append(labels, &Label{Common: Common{Style: Style{Ink: base.Style.Ink}, Key: "name/" + base.Name, of: base.Name},
			At: fr.data(middle), Text: base.Name, Size: textSize, AlignX: 1})
	}
	*before = now
	pn.Shapes = append(pn.Shapes, labels...)
	return nil
}

// clearance is how far a name must stay from the middle of its line or dots.
func clearance(s Shape) float64 {
	if p, ok := s.(*Points); ok {
		return nameGap + p.Size/2
	}
	return nameGap + max(s.base().Style.Width, 0)/2
}

// anchorsOf are places along a shape, in points, inside the axes box.
func anchorsOf(s Shape, fr frame) []Point {
	box := fr.box()
	var lines [][]Point
	switch s := s.(type) {
	case *Path:
		for _, l := range s.Lines {
			pts := make([]Point, 0, len(l)+1)
			for _, p := range l {
				pts = append(pts, fr.point(p))
			}
			if s.Closed && len(pts) > 0 {
				pts = append(pts, pts[0])
			}
			lines = append(lines, clipLine(pts, box)...)
		}
	case *Points:
		var at []Point
		for _, p := range s.At {
			if q := fr.point(p); box.holds(q, 0) {
				at = append(at, q)
			}
		}
		step := max(1, len(at)/tries)
		var out []Point
		for i := 0; i < len(at); i += step {
			out = append(out, at[i])
		}
		return out
	default:
		return nil
	}
	total := 0.0
	for _, l := range lines {
		total += length(l)
	}
	var out []Point
	for _, l := range lines {
		n := 2 + int(tries*length(l)/max(total, 1))
		out = append(out, along(l, n)...)
		out = append(out, slices.MaxFunc(l, func(a, b Point) int {
			switch {
			case a.Y < b.Y:
				return -1
			case a.Y > b.Y:
				return 1
			}
			return 0
		}))
	}
	return out
}

func length(l []Point) float64 {
	d := 0.0
	for i := 1; i < len(l); i++ {
		d += math.Hypot(l[i].X-l[i-1].X, l[i].Y-l[i-1].Y)
	}
	return d
}

// along is n points on a line, equally far apart, its ends among them.
func along(l []Point, n int) []Point {
	step := length(l) / float64(n-1)
	out := []Point{l[0]}
	left := step
	for i := 1; i < len(l) && len(out) < n-1; i++ {
		a, b := l[i-1], l[i]
		d := math.Hypot(b.X-a.X, b.Y-a.Y)
		for done := 0.0; d-done >= left && d > 0 && len(out) < n-1; {
			done += left
			out = append(out, Point{a.X + (b.X-a.X)*done/d, a.Y + (b.Y-a.Y)*done/d})
			left = step
			a, d = out[len(out)-1], d-done
			done = 0
		}
		left -= d
	}
	return append(out, l[len(l)-1])
}

// best is the cheapest box of w×h points beside one of the anchors.
func (c *cover) best(anchors []Point, gap, w, h float64, before Point) (Box, bool) {
	x, y := none, none
	for _, p := range anchors {
		x, y = x.add(p.X), y.add(p.Y)
	}
	var found Box
	least := math.Inf(1)
	for _, p := range anchors {
		toll := costLeft * (x.Max - p.X) / max(x.span(), 1)
		if y.span() > 2*h {
			toll += costLow * (y.Max - p.Y) / y.span()
		}
		for _, d := range directions {
			mid := Point{p.X + d.dx*(gap+w/2), p.Y + d.dy*(gap+h/2)}
			b := Box{Point{mid.X - w/2, mid.Y - h/2}, Point{mid.X + w/2, mid.Y + h/2}}
			cost := toll + d.cost
			if before != (Point{}) {
				cost += costMoved * math.Hypot(b.Min.X-before.X, mid.Y-before.Y)
			}
			if cost >= least || !c.free(b) {
				continue
			}
			if cost += c.hidden(b); cost < least {
				found, least = b, cost
			}
		}
	}
	return found, !math.IsInf(least, 1)
}

// inside is the middle of a pale area without a line, where the name fits there and hides nothing.
func (c *cover) inside(s Shape, fr frame, w, h float64) (Box, bool) {
	p, ok := s.(*Path)
	if !ok || !p.Closed || p.Style.Width >= 0 || p.Style.Fill >= 0.5 || len(p.Lines) != 1 || len(p.Lines[0]) != 4 {
		return Box{}, false
	}
	x, y := none, none
	for _, q := range p.Lines[0] {
		q = fr.point(q)
		x, y = x.add(min(max(q.X, c.box.Min.X), c.box.Max.X)), y.add(min(max(q.Y, c.box.Min.Y), c.box.Max.Y))
	}
	if x.span() < w+2*nameGap || y.span() < h+2 {
		return Box{}, false
	}
	for _, side := range [3]float64{0.5, 0.8, 0.2} {
		mx := min(max(x.Min+side*x.span(), x.Min+nameGap+w/2), x.Max-nameGap-w/2)
		my := (y.Min + y.Max) / 2
		b := Box{Point{mx - w/2, my - h/2}, Point{mx + w/2, my + h/2}}
		if c.free(b) && c.hidden(b) < costLine {
			return b, true
		}
	}
	return Box{}, false
}
