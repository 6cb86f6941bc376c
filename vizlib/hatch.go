package vizlib

import (
	"cmp"
	"math"
	"slices"
)

// hatch fills rings with slanted lines, gap points apart, all on one grid of the slide, so that the hatching
// of neighbouring bars runs through. Rings follow the non-zero winding rule.
func hatch(rings [][]Point, gap float64, back bool) [][]Point {
	// Turned by 45° the lines are level: v is constant along each, u runs along it.
	turn := func(p Point) (u, v float64) {
		if back {
			return (p.X - p.Y) * math.Sqrt2 / 2, (p.X + p.Y) * math.Sqrt2 / 2
		}
		return (p.X + p.Y) * math.Sqrt2 / 2, (p.Y - p.X) * math.Sqrt2 / 2
	}
	unturn := func(u, v float64) Point {
		if back {
			return Point{(u + v) * math.Sqrt2 / 2, (v - u) * math.Sqrt2 / 2}
		}
		return Point{(u - v) * math.Sqrt2 / 2, (u + v) * math.Sqrt2 / 2}
	}
	type crossing struct {
		row  int
		u    float64
		wind int
	}
	var crossings []crossing
	for _, ring := range rings {
		for i, q := range ring {
			p := ring[(i+len(ring)-1)%len(ring)]
			u0, v0 := turn(p)
			u1, v1 := turn(q)
			wind := 1
			if v0 > v1 {
				u0, v0, u1, v1, wind = u1, v1, u0, v0, -1
			}
			for row := int(math.Ceil(v0 / gap)); float64(row)*gap < v1; row++ {
				v := float64(row) * gap
				crossings = append(crossings, crossing{row, u0 + (u1-u0)*(v-v0)/(v1-v0), wind})
			}
		}
	}
	slices.SortStableFunc(crossings, func(a, b crossing) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.u, b.u))
	})
	var lines [][]Point
	wind := 0
	var from float64
	for _, c := range crossings {
		before := wind
		wind += c.wind
		v := float64(c.row) * gap
		if before == 0 && wind != 0 {
			from = c.u
		}
		if before != 0 && wind == 0 && c.u > from {
			lines = append(lines, []Point{unturn(from, v), unturn(c.u, v)})
		}
	}
	return lines
}
