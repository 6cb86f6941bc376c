package vizlib

import (
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
