package vizlib

import "math"

// lattice is a grid of values over the unit square: W×H knots, row by row from the bottom, the first and
// last knots on the square's edges.
type lattice struct {
	w, h  int
	value []float64
}

// place of a knot in the unit square.
func (l lattice) place(i, j int) Point {
	return Point{float64(i) / float64(l.w-1), float64(j) / float64(l.h-1)}
}

// contour is the level set of a lattice by marching squares: polylines with the higher side on their left,
// closed ones with closed = true. Values are interpolated linearly along the edges of cells; in a saddle
// cell the mean of the corners decides which corners are joined (Lorensen and Cline 1987; the two-dimensional
// case with the centre rule).
func (l lattice) contour(level float64) (rings, open [][]Point) {
	// Edge 2k leads from knot k to its right neighbour, edge 2k+1 to its upper neighbour. Each crossing has
	// at most one way out, so the lines are chains.
	next := make([]int32, 2*l.w*l.h)
	entered := make([]bool, len(next))
	for k := range next {
		next[k] = -1
	}
	link := func(from, to int) { next[from], entered[to] = int32(to), true }
	for j := range l.h - 1 {
		for i := range l.w - 1 {
			k := j*l.w + i
			a, b, c, d := l.value[k], l.value[k+1], l.value[k+l.w+1], l.value[k+l.w] // counter-clockwise
			bottom, right, top, left := 2*k, 2*(k+1)+1, 2*(k+l.w), 2*k+1
			mask := 0
			for bit, v := range [4]float64{a, b, c, d} {
				if v >= level {
					mask |= 1 << bit
				}
			}
			switch mask {
			case 1:
				link(bottom, left)
			case 2:
				link(right, bottom)
			case 3:
				link(right, left)
			case 4:
				link(top, right)
			case 6:
				link(top, bottom)
			case 7:
				link(top, left)
			case 8:
				link(left, top)
			case 9:
				link(bottom, top)
			case 11:
				link(right, top)
			case 12:
				link(left, right)
			case 13:
				link(bottom, right)
			case 14:
				link(left, bottom)
			case 5, 10:
				joined := (a+b+c+d)/4 >= level // the two high corners meet in the middle
				switch {
				case mask == 5 && joined:
					link(bottom, right)
					link(top, left)
				case mask == 5:
					link(bottom, left)
					link(top, right)
				case joined:
					link(right, top)
					link(left, bottom)
				default:
					link(right, bottom)
					link(left, top)
				}
			}
		}
	}
	walk := func(start int) []Point {
		var line []Point
		for e := start; e >= 0; {
			line = append(line, l.crossing(e, level))
			after := int(next[e])
			next[e] = -1
			if after == start {
				break
			}
			e = after
		}
		return line
	}
	for e := range next {
		if next[e] >= 0 && !entered[e] {
			open = append(open, walk(e))
		}
	}
	for e := range next {
		if next[e] >= 0 {
			rings = append(rings, walk(e))
		}
	}
	return rings, open
}

// crossing is where the level is met on an edge.
func (l lattice) crossing(edge int, level float64) Point {
	k := edge / 2
	i, j := k%l.w, k/l.w
	p, q, other := l.place(i, j), l.place(i+1, j), k+1
	if edge%2 == 1 {
		q, other = l.place(i, j+1), k+l.w
	}
	a, b := l.value[k], l.value[other]
	t := (level - a) / (b - a)
	return Point{p.X + t*(q.X-p.X), p.Y + t*(q.Y-p.Y)}
}

// walled is the lattice with a rim of values below everything around it, so that what reaches the edge of
// the square is closed along that edge.
func (l lattice) walled(below float64) lattice {
	w := lattice{w: l.w + 2, h: l.h + 2, value: make([]float64, (l.w+2)*(l.h+2))}
	for k := range w.value {
		w.value[k] = below
	}
	for j := range l.h {
		copy(w.value[(j+1)*w.w+1:], l.value[j*l.w:(j+1)*l.w])
	}
	return w
}

// unwalled maps the unit square of a walled lattice back to that of the lattice inside.
func (l lattice) unwalled(p Point) Point {
	inner := func(s float64, n int) float64 {
		return min(max((s*float64(n-1)-1)/float64(n-3), 0), 1)
	}
	return Point{inner(p.X, l.w), inner(p.Y, l.h)}
}

// thin leaves out points that lie within tol of the line between those that stay (Douglas and Peucker 1973).
func thin(line []Point, tol float64) []Point {
	if len(line) < 3 {
		return line
	}
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	type span struct{ a, b int }
	todo := []span{{0, len(line) - 1}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		worst, far := -1, tol
		for i := s.a + 1; i < s.b; i++ {
			if d := offLine(line[s.a], line[s.b], line[i]); d > far {
				worst, far = i, d
			}
		}
		if worst >= 0 {
			keep[worst] = true
			todo = append(todo, span{s.a, worst}, span{worst, s.b})
		}
	}
	var out []Point
	for i, p := range line {
		if keep[i] {
			out = append(out, p)
		}
	}
	return out
}

// offLine is the distance of p from the segment a–b.
func offLine(a, b, p Point) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	d2 := dx*dx + dy*dy
	if d2 == 0 {
		return math.Hypot(p.X-a.X, p.Y-a.Y)
	}
	t := min(max(((p.X-a.X)*dx+(p.Y-a.Y)*dy)/d2, 0), 1)
	return math.Hypot(p.X-a.X-t*dx, p.Y-a.Y-t*dy)
}
