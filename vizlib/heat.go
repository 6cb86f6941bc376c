package vizlib

import (
	"fmt"
	"math"
	"slices"
)

// Heat shows values over the plane as colours, from the background (Low) to Style.Ink (High): a function over
// the whole window, or a table of cells.
type Heat struct {
	F         func(x, y float64) float64 // finite all over the window …
	N         int                        // knots along each side; 0 means 121
	Cells     [][]float64                // … or rows of equally many values, from the bottom
	Box       Box                        // where the cells lie; the zero Box means one unit a cell from (0, 0)
	Low, High float64                    // both 0 means the least and the greatest value (set them for a movie)
	Name      string
	Unit      string
	Key       string
	Style     Style
}

const heatKnots = 121

// Bounds is the box of the cells; a function has no opinion.
func (h Heat) Bounds() (Box, bool) {
	if len(h.Cells) == 0 {
		return Box{}, false
	}
	return h.cellBox(), true
}

func (h Heat) cellBox() Box {
	if h.Box != (Box{}) {
		return h.Box
	}
	return Box{Max: Point{float64(len(h.Cells[0])), float64(len(h.Cells))}}
}

// Shapes is one raster.
func (h Heat) Shapes(v View) ([]Shape, error) {
	kind := called("Heat", h.Name)
	r := &Raster{Common: common(h.Name, h.Unit, h.Key, h.Style), Low: h.Low, High: h.High}
	switch {
	case len(h.Cells) > 0 && h.F != nil:
		return nil, fmt.Errorf("%s has both F and Cells, want one of them", kind)
	case len(h.Cells) > 0:
		r.W, r.H, r.Box, r.Crisp = len(h.Cells[0]), len(h.Cells), h.cellBox(), true
		for j, row := range h.Cells {
			if len(row) != r.W || r.W == 0 {
				return nil, fmt.Errorf("%s: row %d of Cells has %d values, want %d and at least 1", kind, j, len(row), r.W)
			}
			for i, z := range row {
				if math.IsNaN(z) || math.IsInf(z, 0) {
					return nil, fmt.Errorf("%s: Cells[%d][%d] is %v, want a finite number", kind, j, i, z)
				}
			}
			r.Value = append(r.Value, row...)
		}
	default:
		// The knots of the grid are the centres of the raster's cells, half a cell inside the window.
		inner := v
		n := h.N
		if n == 0 {
			n = heatKnots
		}
		half := 0.5 / float64(max(n, 1))
		inner.LogX, inner.LogY = false, false
		inner.X = Interval{at(v.X, false, half), at(v.X, false, 1-half)}
		inner.Y = Interval{at(v.Y, false, half), at(v.Y, false, 1-half)}
		grid, err := gridOf(kind, h.F, inner, n, heatKnots)
		if err != nil {
			return nil, err
		}
		r.W, r.H, r.Value = grid.w, grid.h, grid.value
		r.Box = Box{Point{v.X.Min, v.Y.Min}, Point{v.X.Max, v.Y.Max}}
	}
	if r.Low == 0 && r.High == 0 {
		r.Low, r.High = slices.Min(r.Value), slices.Max(r.Value)
		if r.Low == r.High {
			r.High = r.Low + 1
		}
	}
	if !(r.Low < r.High) {
		return nil, fmt.Errorf("%s: Low is %v and High is %v, want Low < High", kind, r.Low, r.High)
	}
	return []Shape{r}, nil
}
