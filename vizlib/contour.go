package vizlib

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Contour is the lines on which a function of two variables keeps a value, over the whole window.
//
// Give Levels, or Masses: for a density (of any scale) the level whose region, where the density is at least
// that high, holds this share of what the window holds. Style.Fill fills each region; where regions lie in one
// another, the inner ones look darker.
type Contour struct {
	F      func(x, y float64) float64 // finite all over the window
	Levels []float64
	Masses []float64 // each in 0…1, exclusive
	N      int       // knots along each side; 0 means 161
	Name   string
	Unit   string
	Key    string
	Style  Style
}

// contourKnots is fine enough for contours that look smooth over half a slide.
const contourKnots = 161

// Bounds has no opinion: a contour fills the window that it is given.
func (c Contour) Bounds() (Box, bool) { return Box{}, false }

// Shapes is a path for each level: its region where that is filled, and its line.
func (c Contour) Shapes(v View) ([]Shape, error) {
	kind := called("Contour", c.Name)
	if len(c.Levels)+len(c.Masses) == 0 {
		return nil, fmt.Errorf("%s has neither Levels nor Masses", kind)
	}
	if err := c.Style.check(kind); err != nil { // the fill is not drawn where a contour leaves the window
		return nil, err
	}
	grid, err := gridOf(kind, c.F, v, c.N, contourKnots)
	if err != nil {
		return nil, err
	}
	levels := slices.Clone(c.Levels)
	for i, l := range levels {
		if err := checkValue(kind, "Levels", i, l); err != nil {
			return nil, err
		}
	}
	byMass, err := grid.massLevels(kind, c.Masses, v)
	if err != nil {
		return nil, err
	}
	levels = append(levels, byMass...)
	var shapes []Shape
	for i, level := range levels {
		base := common(c.Name, c.Unit, keyed(c.Key, fmt.Sprint(i)), c.Style)
		if i > 0 {
			base.Name = ""
		}
		shapes = append(shapes, grid.levelShapes(base, level, v)...)
	}
	return shapes, nil
}

// levelShapes is one level's region and line in data coordinates.
func (l lattice) levelShapes(base Common, level float64, v View) []Shape {
	const tolerance = 2.5e-4 // of the window
	back := func(lines [][]Point, place func(Point) Point) [][]Point {
		out := make([][]Point, len(lines))
		for i, line := range lines {
			line = thin(line, tolerance)
			for k, p := range line {
				p = place(p)
				line[k] = Point{at(v.X, v.LogX, p.X), at(v.Y, v.LogY, p.Y)}
			}
			out[i] = line
		}
		return out
	}
	same := func(p Point) Point { return p }
	rings, open := l.contour(level)
	if len(open) == 0 {
		return []Shape{&Path{Common: base, Lines: back(rings, same), Closed: true}}
	}
	var shapes []Shape
	if base.Style.Fill > 0 || base.Style.Hatch {
		lowest := slices.Min(l.value)
		walled := l.walled(min(lowest, level) - 1)
		closed, _ := walled.contour(level)
		region := &Path{Common: base, Lines: back(closed, walled.unwalled), Closed: true}
		region.Name, region.Key = "", keyed(base.Key, "region")
		region.Style.Width = -1
		shapes = append(shapes, region)
	}
	base.Style.Fill, base.Style.Hatch = 0, false
	for i := range rings {
		rings[i] = append(rings[i], rings[i][0])
	}
	return append(shapes, &Path{Common: base, Lines: back(append(rings, open...), same)})
}

// gridOf evaluates a function on n×n knots over the window, even on the screen.
func gridOf(kind string, f func(x, y float64) float64, v View, n, usual int) (lattice, error) {
	if f == nil {
		return lattice{}, fmt.Errorf("%s has no function F", kind)
	}
	if n == 0 {
		n = usual
	}
	if n < 2 || n > 2000 {
		return lattice{}, fmt.Errorf("%s: N is %d, want 0 (for the default) or 2…2000", kind, n)
	}
	l := lattice{w: n, h: n, value: make([]float64, n*n)}
	for j := range n {
		for i := range n {
			p := l.place(i, j)
			x, y := at(v.X, v.LogX, p.X), at(v.Y, v.LogY, p.Y)
			z := f(x, y)
			if math.IsNaN(z) || math.IsInf(z, 0) {
				return lattice{}, fmt.Errorf("%s: F(%.6g, %.6g) is %v, want a finite number", kind, x, y, z)
			}
			l.value[j*n+i] = z
		}
	}
	return l, nil
}

// massLevels finds for each share of mass the level whose region holds it.
func (l lattice) massLevels(kind string, masses []float64, v View) ([]float64, error) {
	if len(masses) == 0 {
		return nil, nil
	}
	type knot struct{ density, mass float64 }
	knots := make([]knot, 0, len(l.value))
	total := 0.0
	for j := range l.h {
		tall := l.stretch(j, l.h, v.Y, v.LogY)
		for i := range l.w {
			d := l.value[j*l.w+i]
			if d < 0 {
				return nil, fmt.Errorf("%s: F is %v somewhere, want a density (at least 0) for Masses", kind, d)
			}
			m := d * tall * l.stretch(i, l.w, v.X, v.LogX)
			knots = append(knots, knot{d, m})
			total += m
		}
	}
	if total == 0 {
		return nil, fmt.Errorf("%s: F is 0 all over the window, so no level holds a mass", kind)
	}
	slices.SortFunc(knots, func(a, b knot) int { return cmp.Compare(b.density, a.density) })
	levels := make([]float64, len(masses))
	for i, m := range masses {
		if !(m > 0 && m < 1) {
			return nil, fmt.Errorf("%s: Masses[%d] is %v, want more than 0 and less than 1", kind, i, m)
		}
		sum := 0.0
		for k, kn := range knots {
			before := sum
			sum += kn.mass
			if sum >= m*total {
				levels[i] = kn.density
				if k > 0 && kn.mass > 0 {
					t := (m*total - before) / kn.mass
					levels[i] = knots[k-1].density + t*(kn.density-knots[k-1].density)
				}
				break
			}
		}
	}
	return levels, nil
}

// stretch is the length of the axis that knot i stands for: half a step at the ends.
func (l lattice) stretch(i, n int, w Interval, log bool) float64 {
	lo, hi := max(float64(i)-0.5, 0), min(float64(i)+0.5, float64(n-1))
	return at(w, log, hi/float64(n-1)) - at(w, log, lo/float64(n-1))
}
