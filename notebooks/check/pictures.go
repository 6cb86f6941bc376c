package check

import (
	"math"

	"elboroom/vizlib"
)

// bell is a Normal density to draw.
type bell struct {
	name     string
	mean, sd float64
	ink      vizlib.Ink
}

// bells draws Normal densities over each other, or nothing where one of them is no density.
func bells(title string, all ...bell) vizlib.Picture {
	low, high := math.Inf(1), math.Inf(-1)
	var marks []vizlib.Mark
	for _, b := range all {
		if !(b.sd > 0) || math.IsInf(b.sd, 0) || math.IsNaN(b.mean) || math.IsInf(b.mean, 0) {
			return nil
		}
		low, high = math.Min(low, b.mean-4*b.sd), math.Max(high, b.mean+4*b.sd)
		style := vizlib.Style{Ink: b.ink, Width: 3}
		if b.ink == vizlib.P {
			style.Fill = 0.4
		}
		marks = append(marks, vizlib.Curve{Name: b.name, Style: style,
			F: func(x float64) float64 { return math.Exp(normalLog(x, b.mean, b.sd)) }})
	}
	return vizlib.Figure{Title: title, X: "θ", Marks: marks,
		View: vizlib.View{X: vizlib.Interval{Min: low, Max: high}, Axes: vizlib.BottomOnly}}
}

// slice draws an objective along one number of an answer, with the place where the answer lies and where the top is.
func slice(title, x string, f func(at float64) float64, got, want, scale float64) vizlib.Picture {
	low, high := math.Min(got, want), math.Max(got, want)
	pad := math.Max(0.4*(high-low), scale)
	low, high = low-pad, high+pad
	for _, at := range []float64{low, got, want, high} {
		if v := f(at); math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	}
	return vizlib.Figure{Title: title, X: x, Y: "nats",
		View: vizlib.View{X: vizlib.Interval{Min: low, Max: high}},
		Marks: []vizlib.Mark{
			vizlib.Curve{F: f, Name: "ELBO", Style: vizlib.Style{Ink: vizlib.Bound, Width: 3}},
			vizlib.Dots{X: []float64{got}, Y: []float64{f(got)}, Size: 14, Name: "your update", Style: vizlib.Style{Ink: vizlib.Q}},
			vizlib.Dots{X: []float64{want}, Y: []float64{f(want)}, Size: 14, Glyph: vizlib.Ring, Name: "the top", Style: vizlib.Style{Ink: vizlib.Black}},
		}}
}
