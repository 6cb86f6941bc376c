package vizlib

// Canvases of gonum/plot cannot clip, so lines and areas are cut to the axes box here.

// clipLine cuts a polyline to a box; what leaves and comes back becomes several lines.
func clipLine(line []Point, b Box) [][]Point {
	var out [][]Point
	var run []Point
	for i := 1; i < len(line); i++ {
		p, q, ok := clipSegment(line[i-1], line[i], b)
		if !ok {
			if len(run) > 1 {
				out = append(out, run)
			}
			run = nil
			continue
		}
		if len(run) == 0 || run[len(run)-1] != p {
			if len(run) > 1 {
				out = append(out, run)
			}
			run = []Point{p}
		}
		run = append(run, q)
	}
	if len(run) > 1 {
		out = append(out, run)
	}
	return out
}

// clipSegment is the part of p–q inside the box (Liang and Barsky 1984).
func clipSegment(p, q Point, b Box) (Point, Point, bool) {
	t0, t1 := 0.0, 1.0
	dx, dy := q.X-p.X, q.Y-p.Y
	for _, e := range [4][2]float64{{-dx, p.X - b.Min.X}, {dx, b.Max.X - p.X}, {-dy, p.Y - b.Min.Y}, {dy, b.Max.Y - p.Y}} {
		d, room := e[0], e[1]
		switch {
		case d == 0:
			if room < 0 {
				return p, q, false
			}
		case d < 0:
			t0 = max(t0, room/d)
		default:
			t1 = min(t1, room/d)
		}
	}
	if t0 > t1 {
		return p, q, false
	}
	start, end := p, q
	if t0 > 0 {
		start = Point{p.X + t0*dx, p.Y + t0*dy}
	}
	if t1 < 1 {
		end = Point{p.X + t1*dx, p.Y + t1*dy}
	}
	return start, end, true
}

// clipRing cuts a filled ring to a box (Sutherland and Hodgman 1974). Parts that the box separates stay
// joined along its edge, which a fill does not show.
func clipRing(ring []Point, b Box) []Point {
	edges := [4]struct {
		inside func(p Point) bool
		cross  func(p, q Point) Point
	}{
		{func(p Point) bool { return p.X >= b.Min.X }, func(p, q Point) Point { return crossX(p, q, b.Min.X) }},
		{func(p Point) bool { return p.X <= b.Max.X }, func(p, q Point) Point { return crossX(p, q, b.Max.X) }},
		{func(p Point) bool { return p.Y >= b.Min.Y }, func(p, q Point) Point { return crossY(p, q, b.Min.Y) }},
		{func(p Point) bool { return p.Y <= b.Max.Y }, func(p, q Point) Point { return crossY(p, q, b.Max.Y) }},
	}
	for _, e := range edges {
		if len(ring) == 0 {
			return nil
		}
		out := make([]Point, 0, len(ring)+4)
		p := ring[len(ring)-1]
		for _, q := range ring {
			if e.inside(q) {
				if !e.inside(p) {
					out = append(out, e.cross(p, q))
				}
				out = append(out, q)
			} else if e.inside(p) {
				out = append(out, e.cross(p, q))
			}
			p = q
		}
		ring = out
	}
	return ring
}

func crossX(p, q Point, x float64) Point {
	return Point{x, p.Y + (q.Y-p.Y)*(x-p.X)/(q.X-p.X)}
}

func crossY(p, q Point, y float64) Point {
	return Point{p.X + (q.X-p.X)*(y-p.Y)/(q.Y-p.Y), y}
}

// holds says whether a point lies in the box, with some points of slack.
func (b Box) holds(p Point, slack float64) bool {
	return p.X >= b.Min.X-slack && p.X <= b.Max.X+slack && p.Y >= b.Min.Y-slack && p.Y <= b.Max.Y+slack
}
