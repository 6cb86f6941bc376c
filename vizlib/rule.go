package vizlib

import (
	"fmt"
	"math"
)

// Rule is a straight line along an axis: a threshold, an exact value, a mean.
type Rule struct {
	At       float64 // the y of a level rule, the x of an upright one
	Upright  bool
	From, To float64 // the stretch along the line; both 0 means across the whole window
	Name     string
	Unit     string
	Key      string
	Style    Style
}

// Bounds is where the rule stands; along itself it wants no more than From…To.
func (r Rule) Bounds() (Box, bool) {
	from, to := r.From, r.To
	if from == to {
		from, to = math.NaN(), math.NaN()
	}
	if r.Upright {
		return Box{Point{r.At, from}, Point{r.At, to}}, true
	}
	return Box{Point{from, r.At}, Point{to, r.At}}, true
}

// Shapes is one line.
func (r Rule) Shapes(v View) ([]Shape, error) {
	if s := r.At + r.From + r.To; math.IsNaN(s) || math.IsInf(s, 0) {
		return nil, fmt.Errorf("%s stands at %v from %v to %v, want finite numbers", called("Rule", r.Name), r.At, r.From, r.To)
	}
	along := v.X
	if r.Upright {
		along = v.Y
	}
	if r.From != r.To {
		along = Interval{r.From, r.To}
	}
	line := []Point{{along.Min, r.At}, {along.Max, r.At}}
	if r.Upright {
		line = []Point{{r.At, along.Min}, {r.At, along.Max}}
	}
	return []Shape{&Path{Common: common(r.Name, r.Unit, r.Key, r.Style), Lines: [][]Point{line}}}, nil
}
