package vizlib

// Line joins points in the order given.
//
// A Step line keeps each value until the next x: right for a value that changes all at once, such as an
// objective after each update. It never tweens between frames. With Style.Fill the area down to 0 is filled.
type Line struct {
	X, Y  []float64 // as many of one as of the other
	Step  bool
	Name  string
	Unit  string // of the values, for the hover text
	Key   string
	Style Style
}

// Bounds is the box around the points.
func (l Line) Bounds() (Box, bool) { return boundsOf(l.X, l.Y) }

// Shapes is the line and, where it is filled, the area below it.
func (l Line) Shapes(v View) ([]Shape, error) {
	if err := checkSeries(called("Line", l.Name), l.X, l.Y); err != nil {
		return nil, err
	}
	pts := make([]Point, 0, 2*len(l.X))
	for i := range l.X {
		if l.Step && i > 0 {
			pts = append(pts, Point{l.X[i], l.Y[i-1]})
		}
		pts = append(pts, Point{l.X[i], l.Y[i]})
	}
	base := common(l.Name, l.Unit, l.Key, l.Style)
	base.Still = l.Step
	return lineAndArea(base, pts, v), nil
}
