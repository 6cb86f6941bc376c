package vizlib

import (
	"errors"
	"fmt"
	"math"
)

// How the window of a panel is found: what the View sets stands; the rest is the union of what the marks
// want, over all frames of a movie and over all cells that share an axis, with a little air around it.

// reacher is a mark whose height depends on the part of the x axis that is seen: a curve of a function.
type reacher interface {
	reach(x Interval, log bool) (Interval, error)
}

// sideReacher is a mark whose width depends on the part of the y axis that is seen: a curve on its side.
type sideReacher interface {
	sideReach(y Interval, log bool) (Interval, bool, error)
}

// air is the share of the window left free on each side of automatic windows.
const air = 0.04

// none is the interval that wants nothing; its union with another is the other.
var none = Interval{math.Inf(1), math.Inf(-1)}

func (w Interval) isSet() bool   { return w != Interval{} }
func (w Interval) isNone() bool  { return w.Min > w.Max }
func (w Interval) span() float64 { return w.Max - w.Min }

func (w Interval) union(o Interval) Interval {
	return Interval{math.Min(w.Min, o.Min), math.Max(w.Max, o.Max)}
}

// add takes v into the interval unless it is NaN or infinite.
func (w Interval) add(v float64) Interval {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return w
	}
	return w.union(Interval{v, v})
}

// check refuses a window that a picture cannot have.
func (w Interval) check(axis string, log bool) error {
	switch {
	case math.IsNaN(w.Min+w.Max) || math.IsInf(w.Min, 0) || math.IsInf(w.Max, 0):
		return fmt.Errorf("the window View.%s is [%v, %v], want two finite numbers", axis, w.Min, w.Max)
	case w.Min == w.Max:
		return fmt.Errorf("the window View.%s is [%v, %v]: its ends are the same", axis, w.Min, w.Max)
	case w.Min > w.Max:
		return fmt.Errorf("the window View.%s is [%v, %v]: it is upside down, want Min < Max", axis, w.Min, w.Max)
	case log && w.Min <= 0:
		return fmt.Errorf("the window View.%s is [%v, %v]: a log axis needs a window above 0", axis, w.Min, w.Max)
	}
	return nil
}

// widened gives an automatic interval air; an interval that begins or ends at exactly 0 keeps its 0.
func (w Interval) widened(log, keepZero bool) Interval {
	if log {
		if !(w.Min > 0) {
			w.Min = w.Max * 1e-3
		}
		lo, hi := math.Log(w.Min), math.Log(w.Max)
		pad := air * (hi - lo)
		if hi == lo {
			pad = 0.5
		}
		return Interval{math.Exp(lo - pad), math.Exp(hi + pad)}
	}
	pad := air * w.span()
	if pad == 0 {
		pad = math.Max(math.Abs(w.Min)*0.1, 0.5)
	}
	out := Interval{w.Min - pad, w.Max + pad}
	if keepZero && w.Min == 0 {
		out.Min = 0
	}
	if keepZero && w.Max == 0 {
		out.Max = 0
	}
	return out
}

// windows finds the view of every cell, the same for all pages of a movie. Every page has the same cells.
func windows(pages []page) ([]View, error) {
	n := len(pages[0].cells)
	xs, ys := newAxisSet(n), newAxisSet(n)
	for i := range n {
		xs.name(i, pages[0].cells[i].ShareX)
		ys.name(i, pages[0].cells[i].ShareY)
	}
	for _, p := range pages {
		for i, c := range p.cells {
			v := c.Figure.View
			if err := xs.set(i, "X", v.X, v.LogX); err != nil {
				return nil, cellError(p, i, err)
			}
			if err := ys.set(i, "Y", v.Y, v.LogY); err != nil {
				return nil, cellError(p, i, err)
			}
			for _, m := range c.Figure.Marks {
				if b, ok := m.Bounds(); ok {
					xs.want(i, Interval{b.Min.X, b.Max.X})
					ys.want(i, Interval{b.Min.Y, b.Max.Y})
				}
			}
		}
	}
	for _, p := range pages {
		for i, c := range p.cells {
			for _, m := range c.Figure.Marks {
				r, isSide := m.(sideReacher)
				y, known := ys.window(i, c.Figure.View.LogY, true)
				if !isSide || !known || xs.isFixed(i) {
					continue
				}
				x, ok, err := r.sideReach(y, c.Figure.View.LogY)
				if err != nil {
					return nil, cellError(p, i, err)
				}
				if ok {
					xs.want(i, x)
					xs.zero[xs.group[i]] = true
				}
			}
		}
	}
	views := make([]View, n)
	for i := range n {
		v := pages[0].cells[i].Figure.View
		x, ok := xs.window(i, v.LogX, xs.zero[xs.group[i]])
		if !ok {
			return nil, cellError(pages[0], i, firstFault(pages, i, "x", "View.X, or From and To of a curve"))
		}
		v.X = x
		views[i] = v
	}
	for _, p := range pages {
		for i, c := range p.cells {
			if ys.isFixed(i) {
				continue
			}
			for _, m := range c.Figure.Marks {
				r, ok := m.(reacher)
				if !ok {
					continue
				}
				y, err := r.reach(views[i].X, views[i].LogX)
				if err != nil {
					return nil, cellError(p, i, err)
				}
				ys.want(i, y)
			}
		}
	}
	for i := range n {
		ys.addHeadroom(i, pages)
	}
	for i := range n {
		y, ok := ys.window(i, views[i].LogY, true)
		if !ok {
			if views[i].Axes == LeftBottom || len(pages[0].cells[i].Figure.Marks) == 0 {
				return nil, cellError(pages[0], i, firstFault(pages, i, "y", "View.Y"))
			}
			y = Interval{0, 1}
		}
		views[i].Y = y
	}
	for i := range n {
		if err := views[i].drawable(); err != nil {
			return nil, cellError(pages[0], i, err)
		}
		if views[i].Equal {
			views[i].X, views[i].Y = equalWindows(pages[0].on, views[i], pages[0].cells[i].At, xs.isFixed(i), ys.isFixed(i))
			xs.spread(i, views, func(v *View) { v.X = views[i].X })
			ys.spread(i, views, func(v *View) { v.Y = views[i].Y })
		}
	}
	return views, nil
}

// drawable refuses windows that are definite and still cannot be drawn.
func (v View) drawable() error {
	if v.Equal && (v.LogX || v.LogY) {
		return errors.New("View asks for Equal and for a log axis: they exclude one another")
	}
	const grain = 1e-12 // of the larger end: closer ends leave no digits for what lies between
	for _, w := range [2]Interval{v.X, v.Y} {
		far := max(math.Abs(w.Min), math.Abs(w.Max))
		if !(w.span() > grain*far) || far > 1e150 || far < 1e-150 {
			return fmt.Errorf("the window [%v, %v] is too narrow, too wide or too small to be drawn", w.Min, w.Max)
		}
	}
	return nil
}

// equalWindows widens what is automatic so that a unit of x is as long as a unit of y in the box at.
func equalWindows(on sheet, v View, at Rect, fixedX, fixedY bool) (x, y Interval) {
	w, h := on.size()
	unitX, unitY := at[2]*w/v.X.span(), at[3]*h/v.Y.span()
	grow := func(w Interval, by float64) Interval {
		mid, half := (w.Min+w.Max)/2, w.span()/2*by
		return Interval{mid - half, mid + half}
	}
	switch {
	case unitX > unitY && !fixedX:
		return grow(v.X, unitX/unitY), v.Y
	case unitY > unitX && !fixedY:
		return v.X, grow(v.Y, unitY/unitX)
	}
	return v.X, v.Y
}

// firstFault is the error of the first mark that has one of its own, and otherwise a sentence that no
// mark says where the axis begins and ends.
func firstFault(pages []page, i int, axis, cure string) error {
	trial := View{X: Interval{1, 2}, Y: Interval{1, 2}}
	for _, p := range pages {
		for _, m := range p.cells[i].Figure.Marks {
			if _, err := m.Shapes(trial); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("no mark says where %s begins and ends: set %s", axis, cure)
}
