package vizlib

import (
	"fmt"
	"math"
	"slices"
)

// Area is the area between two graphs, signed: filled where F lies above G, pale and hatched where it lies
// below. The line of F is drawn as well, unless Style.Width is negative.
type Area struct {
	F        func(x float64) float64 // finite wherever it is drawn
	G        func(x float64) float64 // nil means 0
	From, To float64                 // the stretch drawn; both 0 means the whole window
	Name     string
	Unit     string
	Key      string
	Style    Style // Fill 0 means 0.5
}

// The opacity of the positive part where the style asks for none, and of the negative part relative to it.
const (
	areaFill = 0.5
	paleness = 0.3
)

// Bounds is the stretch From…To.
func (a Area) Bounds() (Box, bool) { return a.upper().Bounds() }

func (a Area) upper() Curve { return Curve{F: a.F, From: a.From, To: a.To, Name: a.Name} }

func (a Area) lower() Curve {
	c := Curve{F: a.G, From: a.From, To: a.To, Name: a.Name}
	if a.G == nil {
		c.F = func(float64) float64 { return 0 }
	}
	return c
}

func (a Area) reach(x Interval, log bool) (Interval, error) {
	y, err := a.upper().reach(x, log)
	if err != nil {
		return none, err
	}
	z, err := a.lower().reach(x, log)
	return y.union(z), err
}

// Shapes is the positive part, the negative part, and the line of F.
func (a Area) Shapes(v View) ([]Shape, error) {
	high, err := a.upper().sample(v)
	if err != nil {
		return nil, fmt.Errorf("the upper line of %s: %w", called("Area", a.Name), err)
	}
	low, err := a.lower().sample(v)
	if err != nil {
		return nil, fmt.Errorf("the lower line of %s: %w", called("Area", a.Name), err)
	}
	if len(high) < 2 {
		return nil, nil
	}
	base := common(a.Name, a.Unit, a.Key, a.Style)
	if base.Style.Fill == 0 {
		base.Style.Fill = areaFill
	}
	above, below := a.between(high, low, v)
	part := func(key string, rings [][]Point, fill float64, hatched bool) *Path {
		p := &Path{Common: base, Lines: rings, Closed: true}
		p.Name, p.Key = "", keyed(a.Key, key)
		p.Style.Width, p.Style.Fill, p.Style.Hatch, p.Style.Casing = -1, fill, hatched, false
		return p
	}
	shapes := []Shape{
		part("above", above, base.Style.Fill, a.Style.Hatch),
		part("below", below, base.Style.Fill*paleness, true),
	}
	if a.Style.Width < 0 {
		shapes[0].base().Name = a.Name
		return shapes, nil
	}
	base.Style.Fill, base.Style.Hatch = 0, false
	return append(shapes, &Path{Common: base, Lines: [][]Point{high}}), nil
}

// between splits the area at the crossings into rings above and below.
func (a Area) between(high, low []Point, v View) (above, below [][]Point) {
	xs := make([]float64, 0, len(high)+len(low))
	for _, p := range high {
		xs = append(xs, p.X)
	}
	for _, p := range low {
		xs = append(xs, p.X)
	}
	slices.Sort(xs)
	xs = slices.Compact(xs)
	f, g := a.F, a.lower().F
	clamp := func(y float64) float64 { // a log axis has no 0 to stand on
		if v.LogY {
			return max(y, v.Y.Min)
		}
		return y
	}
	var top, bottom []Point
	sign := 0.0
	flush := func() {
		if len(top) > 1 {
			slices.Reverse(bottom)
			ring := append(top, bottom...)
			if sign > 0 {
				above = append(above, ring)
			} else {
				below = append(below, ring)
			}
		}
		top, bottom = nil, nil
	}
	var x0, f0, g0 float64
	for i, x := range xs {
		fx, gx := clamp(f(x)), clamp(g(x))
		s := math.Copysign(1, fx-gx)
		if fx == gx {
			s = sign
		}
		if i > 0 && s != sign && sign != 0 {
			t := (f0 - g0) / ((f0 - g0) - (fx - gx))
			c := Point{x0 + t*(x-x0), f0 + t*(fx-f0)}
			top, bottom = append(top, c), append(bottom, c)
			flush()
			top, bottom = append(top, c), append(bottom, c)
		}
		sign = s
		top, bottom = append(top, Point{x, fx}), append(bottom, Point{x, gx})
		x0, f0, g0 = x, fx, gx
	}
	flush()
	return above, below
}
