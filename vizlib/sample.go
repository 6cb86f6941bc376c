package vizlib

import (
	"fmt"
	"math"
)

// Sampling starts from an even grid and halves each piece whose middle lies off its chord by more than a
// thousandth of the graph's height, until maxSamples points are spent.
const (
	firstSamples = 97
	maxSamples   = 400
	maxHalvings  = 6
	flatness     = 7e-4
)

// sampleFunc is the graph of f over w, evenly spaced on the screen first and finer where it bends.
func sampleFunc(f func(float64) float64, w Interval, v View) ([]Point, error) {
	eval := func(s float64) (Point, error) {
		x := at(w, v.LogX, s)
		y := f(x)
		if math.IsNaN(y) || math.IsInf(y, 0) {
			return Point{}, fmt.Errorf("F(%.6g) is %v, want a finite number", x, y)
		}
		return Point{x, y}, nil
	}
	type sample struct {
		s float64
		p Point
	}
	pts := make([]sample, firstSamples, maxSamples)
	height := none
	for i := range pts {
		s := float64(i) / (firstSamples - 1)
		p, err := eval(s)
		if err != nil {
			return nil, err
		}
		pts[i] = sample{s, p}
		height = height.add(p.Y)
	}
	tall := height.span()
	if v.Y.isSet() && !v.LogY {
		tall = math.Min(tall, v.Y.span())
	}
	for range maxHalvings {
		if tall == 0 || v.LogY {
			break
		}
		next := make([]sample, 0, maxSamples)
		budget := maxSamples - len(pts)
		for i, a := range pts {
			next = append(next, a)
			if i == len(pts)-1 || budget <= 0 {
				continue
			}
			bent := 0.0
			if i > 0 {
				bent = bend(pts[i-1].p, a.p, pts[i+1].p)
			}
			if i+2 < len(pts) {
				bent = max(bent, bend(a.p, pts[i+1].p, pts[i+2].p))
			}
			if bent <= 4*flatness*tall {
				continue
			}
			s := (a.s + pts[i+1].s) / 2
			p, err := eval(s)
			if err != nil {
				return nil, err
			}
			next = append(next, sample{s, p})
			budget--
		}
		if len(next) == len(pts) {
			break
		}
		pts = next
	}
	out := make([]Point, len(pts))
	for i, p := range pts {
		out[i] = p.p
	}
	return out, nil
}

// bend is how far b lies above or below the chord from a to c.
func bend(a, b, c Point) float64 {
	if c.X == a.X {
		return 0
	}
	return math.Abs(a.Y + (c.Y-a.Y)*(b.X-a.X)/(c.X-a.X) - b.Y)
}
