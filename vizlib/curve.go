package vizlib

import (
	"errors"
	"fmt"
	"math"
)

// Curve is the graph of a function of one variable, sampled finely where it bends.
//
// With Style.Fill the area down to 0 (or to the bottom of a window that does not hold 0) is filled as well.
type Curve struct {
	F        func(x float64) float64 // finite wherever it is drawn
	From, To float64                 // the stretch drawn; both 0 means the whole window
	Sideways bool                    // x = F(y): a density beside the axis that it belongs to
	Name     string
	Unit     string // of the values, for the hover text
	Key      string
	Style    Style
}

// Bounds is the stretch From…To; a Curve over the whole window has no opinion.
func (c Curve) Bounds() (Box, bool) {
	if c.From == c.To {
		return Box{}, false
	}
	if c.Sideways {
		return Box{Point{math.NaN(), c.From}, Point{math.NaN(), c.To}}, true
	}
	return Box{Point{c.From, math.NaN()}, Point{c.To, math.NaN()}}, true
}

// reach is the range of the function over the stretch of x that is seen.
func (c Curve) reach(x Interval, log bool) (Interval, error) {
	if c.Sideways {
		return none, nil
	}
	return c.rangeOver(x, log)
}

// sideReach is the same for a curve on its side.
func (c Curve) sideReach(y Interval, log bool) (Interval, bool, error) {
	if !c.Sideways {
		return none, false, nil
	}
	x, err := c.rangeOver(y, log)
	return x, true, err
}

func (c Curve) rangeOver(x Interval, log bool) (Interval, error) {
	pts, err := c.sample(View{X: x, LogX: log})
	if err != nil {
		return none, err
	}
	y := none
	for _, p := range pts {
		y = y.add(p.Y)
	}
	if c.Style.Fill > 0 || c.Style.Hatch {
		y = y.add(0)
	}
	return y, nil
}

// Shapes is the line and, where it is filled, the area below it.
func (c Curve) Shapes(v View) ([]Shape, error) {
	if c.Sideways {
		return c.sideShapes(v)
	}
	pts, err := c.sample(v)
	if err != nil {
		return nil, err
	}
	if len(pts) < 2 {
		return nil, nil
	}
	return lineAndArea(common(c.Name, c.Unit, c.Key, c.Style), pts, v), nil
}

// sideShapes draws the curve upright in the mirrored window and mirrors what comes out.
func (c Curve) sideShapes(v View) ([]Shape, error) {
	c.Sideways = false
	v.X, v.Y, v.LogX, v.LogY = v.Y, v.X, v.LogY, v.LogX
	shapes, err := c.Shapes(v)
	for _, s := range shapes {
		if p, ok := s.(*Path); ok {
			for _, l := range p.Lines {
				for i, q := range l {
					l[i] = Point{q.Y, q.X}
				}
			}
		}
	}
	return shapes, err
}

// lineAndArea is an open line and, where the style fills, the area between it and 0.
func lineAndArea(base Common, pts []Point, v View) []Shape {
	line := &Path{Common: base, Lines: [][]Point{pts}}
	s := base.Style
	if s.Fill <= 0 && !s.Hatch {
		return []Shape{line}
	}
	floor := v.floor()
	ring := append([]Point{{pts[0].X, floor}}, pts...)
	ring = append(ring, Point{pts[len(pts)-1].X, floor})
	area := &Path{Common: base, Lines: [][]Point{ring}, Closed: true}
	area.Name = ""
	area.Key = keyed(base.Key, "area")
	area.Style.Width = -1
	area.Style.Casing = false
	line.Style.Fill, line.Style.Hatch = 0, false
	if s.Width < 0 {
		area.Name = base.Name
		return []Shape{area}
	}
	return []Shape{area, line}
}

// floor is the height from which areas and bars stand: 0, or the bottom of a window that lies above it.
func (v View) floor() float64 {
	if v.LogY {
		return v.Y.Min
	}
	return min(max(0, v.Y.Min), v.Y.Max)
}

// sample is the graph over the stretch that is both asked for and seen.
func (c Curve) sample(v View) ([]Point, error) {
	if c.F == nil {
		return nil, fmt.Errorf("%s has no function F", called("Curve", c.Name))
	}
	w := v.X
	if c.From != c.To {
		if c.From > c.To {
			return nil, fmt.Errorf("%s runs from %v to %v: want From < To", called("Curve", c.Name), c.From, c.To)
		}
		w = Interval{max(w.Min, c.From), min(w.Max, c.To)}
		if w.Min >= w.Max {
			return nil, nil
		}
	}
	pts, err := sampleFunc(c.F, w, v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", called("Curve", c.Name), err)
	}
	return pts, nil
}

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

// common gathers what all shapes of a mark carry.
func common(name, unit, key string, s Style) Common {
	return Common{Style: s, Name: name, Unit: unit, Key: key}
}

// keyed is the key of a part of a mark; a mark without a key has parts without keys.
func keyed(key, part string) string {
	if key == "" {
		return ""
	}
	return key + "/" + part
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
