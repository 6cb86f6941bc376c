package vizlib

import (
	"image"
	"image/color"
	"math"
)

// heatDensity is the resolution of rasters in pixels per point.
const heatDensity = 1.5

// raster draws a grid of values as a smooth image, cut to the axes box, on linear and log axes alike.
func (d *pen) raster(r *Raster, fr frame) {
	a, b := fr.point(r.Box.Min), fr.point(r.Box.Max)
	x0, x1 := max(a.X, fr.x0), min(b.X, fr.x1)
	y0, y1 := max(a.Y, fr.y0), min(b.Y, fr.y1)
	w, h := int((x1-x0)*heatDensity), int((y1-y0)*heatDensity)
	if w < 1 || h < 1 {
		return
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	full := d.th.look(r.Style.Ink).line
	xs := make([]float64, w) // in data coordinates, of each column of pixels
	for px := range xs {
		xs[px] = fr.data(Point{X: x0 + (float64(px)+0.5)/float64(w)*(x1-x0)}).X
	}
	for py := range h {
		y := fr.data(Point{Y: y1 - (float64(py)+0.5)/float64(h)*(y1-y0)}).Y
		for px, x := range xs {
			s := (r.value(Point{x, y}) - r.Low) / (r.High - r.Low)
			c := mix(d.th.background, full, math.Min(math.Max(s, 0), 1)*opacity(r.Style))
			img.SetRGBA(px, py, color.RGBA(c)) // opaque, as all looks are
		}
	}
	d.to.image(Box{Point{x0, y0}, Point{x1, y1}}, img)
}

// value at a place, interpolated between the centres of the four cells around it, or that of its cell.
func (r *Raster) value(p Point) float64 {
	u := (p.X-r.Box.Min.X)/(r.Box.Max.X-r.Box.Min.X)*float64(r.W) - 0.5
	v := (p.Y-r.Box.Min.Y)/(r.Box.Max.Y-r.Box.Min.Y)*float64(r.H) - 0.5
	if r.Crisp {
		i, j := min(max(int(u+0.5), 0), r.W-1), min(max(int(v+0.5), 0), r.H-1)
		return r.Value[j*r.W+i]
	}
	u = min(max(u, 0), float64(r.W-1))
	v = min(max(v, 0), float64(r.H-1))
	i, j := min(int(u), max(r.W-2, 0)), min(int(v), max(r.H-2, 0))
	i1, j1 := min(i+1, r.W-1), min(j+1, r.H-1)
	s, t := u-float64(i), v-float64(j)
	low := r.Value[j*r.W+i]*(1-s) + r.Value[j*r.W+i1]*s
	high := r.Value[j1*r.W+i]*(1-s) + r.Value[j1*r.W+i1]*s
	return low*(1-t) + high*t
}
