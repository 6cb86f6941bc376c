package vizlib

import "math"

// frame maps data coordinates to points of the slide, the origin bottom left.
type frame struct {
	wide, high     float64 // of the sheet
	x0, y0, x1, y1 float64 // the axes box, in points
	view           View
}

func (pn *panel) frame() frame {
	w, h := pn.on.size()
	return frame{
		wide: w, high: h,
		x0: pn.At[0] * w, x1: (pn.At[0] + pn.At[2]) * w,
		y0: pn.At[1] * h, y1: (pn.At[1] + pn.At[3]) * h,
		view: pn.View,
	}
}

// point is where p stands on the slide.
func (f frame) point(p Point) Point {
	return Point{
		f.x0 + (f.x1-f.x0)*share(f.view.X, f.view.LogX, p.X),
		f.y0 + (f.y1-f.y0)*share(f.view.Y, f.view.LogY, p.Y),
	}
}

// data is what stands at a point of the slide.
func (f frame) data(p Point) Point {
	return Point{
		at(f.view.X, f.view.LogX, (p.X-f.x0)/(f.x1-f.x0)),
		at(f.view.Y, f.view.LogY, (p.Y-f.y0)/(f.y1-f.y0)),
	}
}

// box is the axes box in points.
func (f frame) box() Box { return Box{Point{f.x0, f.y0}, Point{f.x1, f.y1}} }

// share is how far v lies along a window: 0 at Min, 1 at Max.
func share(w Interval, log bool, v float64) float64 {
	if log {
		return math.Log(v/w.Min) / math.Log(w.Max/w.Min)
	}
	return (v - w.Min) / (w.Max - w.Min)
}

// at is the value at a share of a window, the inverse of share.
func at(w Interval, log bool, s float64) float64 {
	if log {
		return w.Min * math.Pow(w.Max/w.Min, s)
	}
	return w.Min + s*(w.Max-w.Min)
}
