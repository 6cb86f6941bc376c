package vizlib

import (
	"fmt"
	"slices"
)

// Band is the area between two lines over the same x: an interval that changes, a spread around a mean.
type Band struct {
	X, Low, High []float64 // equally many
	Name         string
	Unit         string
	Key          string
	Style        Style // Fill 0 means 0.3; no line around it unless Width says so
}

const bandFill = 0.3

// Bounds is the box around both lines.
func (b Band) Bounds() (Box, bool) {
	low, ok := boundsOf(b.X, b.Low)
	high, ok2 := boundsOf(b.X, b.High)
	if !ok || !ok2 {
		return Box{}, false
	}
	y := Interval{low.Min.Y, low.Max.Y}.union(Interval{high.Min.Y, high.Max.Y})
	return Box{Point{low.Min.X, y.Min}, Point{low.Max.X, y.Max}}, true
}

// Shapes is one closed path.
func (b Band) Shapes(View) ([]Shape, error) {
	kind := called("Band", b.Name)
	if len(b.Low) != len(b.X) || len(b.High) != len(b.X) || len(b.X) < 2 {
		return nil, fmt.Errorf("%s: %d X, %d Low, %d High: want equally many and at least 2", kind, len(b.X), len(b.Low), len(b.High))
	}
	ring := make([]Point, 0, 2*len(b.X))
	for i, x := range b.X {
		if err := checkValue(kind, "X", i, x); err != nil {
			return nil, err
		}
		if err := checkValue(kind, "Low", i, b.Low[i]); err != nil {
			return nil, err
		}
		if err := checkValue(kind, "High", i, b.High[i]); err != nil {
			return nil, err
		}
		ring = append(ring, Point{x, b.High[i]})
	}
	for i, x := range slices.Backward(b.X) {
		ring = append(ring, Point{x, b.Low[i]})
	}
	return []Shape{&Path{Common: filledOnly(common(b.Name, b.Unit, b.Key, b.Style), bandFill), Lines: [][]Point{ring}, Closed: true}}, nil
}

// filledOnly is the common part of a mark that is an area by nature: filled, without a line, unless its style
// says otherwise.
func filledOnly(c Common, fill float64) Common {
	if c.Style.Fill == 0 {
		c.Style.Fill = fill
	}
	if c.Style.Width == 0 {
		c.Style.Width = -1
	}
	return c
}
