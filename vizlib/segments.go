package vizlib

import "fmt"

// Segments are straight pieces, each from one point to another: stems, error bars, the sticks of a path.
type Segments struct {
	From, To []Point // equally many
	Name     string
	Key      string
	Style    Style
}

// Bounds is the box around all ends.
func (s Segments) Bounds() (Box, bool) { return boundsOfPoints(s.From, s.To) }

// Shapes is one path with a line for each piece.
func (s Segments) Shapes(View) ([]Shape, error) {
	if len(s.From) != len(s.To) || len(s.From) == 0 {
		return nil, fmt.Errorf("%s: %d From and %d To, want equally many and at least 1", called("Segments", s.Name), len(s.From), len(s.To))
	}
	p := &Path{Common: common(s.Name, "", s.Key, s.Style)}
	for i := range s.From {
		p.Lines = append(p.Lines, []Point{s.From[i], s.To[i]})
	}
	return []Shape{p}, nil
}

// Arrows point from one place to another, each with a head at its end.
type Arrows struct {
	From, To []Point // equally many
	Key      string
	Style    Style
}

// Bounds is the box around all ends.
func (a Arrows) Bounds() (Box, bool) { return boundsOfPoints(a.From, a.To) }

// Shapes is one arrow each.
func (a Arrows) Shapes(View) ([]Shape, error) {
	if len(a.From) != len(a.To) || len(a.From) == 0 {
		return nil, fmt.Errorf("Arrows: %d From and %d To, want equally many and at least 1", len(a.From), len(a.To))
	}
	shapes := make([]Shape, len(a.From))
	for i := range a.From {
		shapes[i] = &Arrow{Common: common("", "", keyed(a.Key, fmt.Sprint(i)), a.Style), From: a.From[i], To: a.To[i]}
	}
	return shapes, nil
}

func boundsOfPoints(lists ...[]Point) (Box, bool) {
	x, y := none, none
	for _, l := range lists {
		for _, p := range l {
			x, y = x.add(p.X), y.add(p.Y)
		}
	}
	if x.isNone() || y.isNone() {
		return Box{}, false
	}
	return Box{Point{x.Min, y.Min}, Point{x.Max, y.Max}}, true
}
