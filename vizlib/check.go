package vizlib

import (
	"errors"
	"fmt"
	"math"
)

// checkShape refuses numbers that cannot be drawn.
func checkShape(s Shape, v View) error {
	name := s.base().Name
	var bad error
	look := func(p Point) {
		switch {
		case bad != nil:
		case math.IsNaN(p.X+p.Y) || math.IsInf(p.X, 0) || math.IsInf(p.Y, 0):
			bad = fmt.Errorf("%s has a point at (%v, %v), want finite numbers", called("a mark", name), p.X, p.Y)
		case v.LogX && p.X <= 0:
			bad = fmt.Errorf("%s has a point at x = %v, which a log axis cannot show", called("a mark", name), p.X)
		case v.LogY && p.Y <= 0:
			bad = fmt.Errorf("%s has a point at y = %v, which a log axis cannot show", called("a mark", name), p.Y)
		}
	}
	each(s, look)
	return bad
}

// each visits every point of a shape.
func each(s Shape, visit func(p Point)) {
	switch s := s.(type) {
	case *Path:
		for _, l := range s.Lines {
			for _, p := range l {
				visit(p)
			}
		}
	case *Points:
		for _, p := range s.At {
			visit(p)
		}
	case *Label:
		visit(s.At)
	case *Raster:
		visit(s.Box.Min)
		visit(s.Box.Max)
	case *Arrow:
		visit(s.From)
		visit(s.To)
	}
}

// called names a mark in an error: `Line "data"`, or `Line` where it has no name.
func called(kind, name string) string {
	if name == "" {
		return kind
	}
	return fmt.Sprintf("%s %q", kind, name)
}

// checkSeries refuses series of unequal length, empty ones, and NaN or infinite values.
func checkSeries(kind string, x, y []float64) error {
	if len(x) != len(y) {
		return fmt.Errorf("%s: X has %d values and Y has %d, want as many", kind, len(x), len(y))
	}
	if len(x) == 0 {
		return errors.New(kind + " has no points, want at least 1")
	}
	for i := range x {
		if err := checkValue(kind, "X", i, x[i]); err != nil {
			return err
		}
		if err := checkValue(kind, "Y", i, y[i]); err != nil {
			return err
		}
	}
	return nil
}

func checkValue(kind, field string, i int, v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("%s: %s[%d] is %v, want a finite number", kind, field, i, v)
	}
	return nil
}

// boundsOf is the box around a series; what is not finite is left out (Shapes reports it).
func boundsOf(x, y []float64) (Box, bool) {
	bx, by := none, none
	for _, v := range x {
		bx = bx.add(v)
	}
	for _, v := range y {
		by = by.add(v)
	}
	if bx.isNone() || by.isNone() {
		return Box{}, false
	}
	return Box{Point{bx.Min, by.Min}, Point{bx.Max, by.Max}}, true
}
