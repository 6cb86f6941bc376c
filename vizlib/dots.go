package vizlib

import (
	"fmt"
	"math"
)

// Dots are equal glyphs at many places: data, or the states of a path.
type Dots struct {
	X, Y  []float64 // as many of one as of the other
	Glyph Glyph
	Size  float64   // diameter in points of a 960×540 slide; 0 means 6
	Shade []float64 // optional, one a dot, 0…1: the colour mixed from Style.Ink to Style.Ink2
	Name  string
	Unit  string // of the values, for the hover text
	Key   string
	Style Style
}

// Bounds is the box around the dots.
func (d Dots) Bounds() (Box, bool) { return boundsOf(d.X, d.Y) }

// Shapes is one group of points.
func (d Dots) Shapes(View) ([]Shape, error) {
	kind := called("Dots", d.Name)
	if err := checkSeries(kind, d.X, d.Y); err != nil {
		return nil, err
	}
	if len(d.Shade) != 0 && len(d.Shade) != len(d.X) {
		return nil, fmt.Errorf("%s: Shade has %d values for %d dots, want as many or none", kind, len(d.Shade), len(d.X))
	}
	for i, s := range d.Shade {
		if math.IsNaN(s) || s < 0 || s > 1 {
			return nil, fmt.Errorf("%s: Shade[%d] is %v, want 0…1", kind, i, s)
		}
	}
	if d.Size < 0 {
		return nil, fmt.Errorf("%s: Size is %v, want 0 (for the default) or more", kind, d.Size)
	}
	p := &Points{Common: common(d.Name, d.Unit, d.Key, d.Style), Glyph: d.Glyph, Size: d.Size, Shade: d.Shade}
	if p.Size == 0 {
		p.Size = dotSize
	}
	p.At = make([]Point, len(d.X))
	for i := range d.X {
		p.At[i] = Point{d.X[i], d.Y[i]}
	}
	return []Shape{p}, nil
}
