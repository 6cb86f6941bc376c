package figures

import (
	"fmt"
	"math"
	"time"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/rivals"
	"elboroom/vizlib"
)

// RivalsWalks is the movie of coordinate ascent and Gibbs sampling on one Gaussian in the plane, sweep by sweep. Both move
// one coordinate at a time. Left: the means of q walk up the staircase and stop. Middle: a chain of Gibbs, where each leg is a
// draw, walks all over p and never stops. Right: what is left of the start after t sweeps, for CAVI the distance of the
// means, for Gibbs the autocorrelation: both are ρ²ᵗ. A trace with every half-step; a chain that began where it did.
func RivalsWalks(p kl.Gaussian, tr fit.Trace[cavi.GaussianFactors], start []float64, c rivals.Chains) vizlib.Movie {
	if len(tr.Steps) < 5 || len(start) != 2 || len(c.Draws) == 0 || len(c.Draws[0]) < tr.Last().Sweep {
		panic(fmt.Sprintf("figures: RivalsWalks: %d steps, %d starting values and %d chains, want two sweeps, 2 and a chain as long as the trace", len(tr.Steps), len(start), len(c.Draws)))
	}
	w := walks{plane: newPlane("RivalsWalks", p), tr: tr}
	w.sweeps = (len(tr.Steps) - 1) / 2
	w.gibbs = staircaseOf(start, c.Draws[0][:w.sweeps])
	first := tr.Steps[2].Q.Mean[1] - p.Mean[1]
	for t := 0; t < w.sweeps; t++ {
		w.left = append(w.left, math.Abs((tr.Steps[2*t+2].Q.Mean[1]-p.Mean[1])/first))
	}
	lags := make([]float64, w.sweeps)
	for _, chain := range c.Values(1) {
		for t, r := range rivals.Autocorrelation(chain, w.sweeps-1) {
			lags[t] += r / float64(len(c.Draws))
		}
	}
	w.lags = lags
	return vizlib.Movie{
		Len:   w.sweeps + 1,
		Frame: func(i int) vizlib.Picture { return w.frame(i) },
		Hold:  steady(w.sweeps+1, 600*time.Millisecond),
	}
}

// walks is what the frames share.
type walks struct {
	plane
	tr         fit.Trace[cavi.GaussianFactors]
	sweeps     int
	gibbs      [][]float64 // the start and each leg's end
	left, lags []float64   // after t further sweeps
}

// staircaseOf is a walk leg by leg: first the first coordinate of a draw, then the second.
func staircaseOf(start []float64, draws [][]float64) [][]float64 {
	out := [][]float64{start}
	for _, d := range draws {
		out = append(out, []float64{d[0], out[len(out)-1][1]}, d)
	}
	return out
}

func (w walks) frame(i int) vizlib.Grid {
	var means [][]float64
	for _, s := range w.tr.Steps[:2*i+1] {
		means = append(means, s.Q.Mean)
	}
	q := w.tr.Steps[2*i].Q.Gaussian()
	caption := fmt.Sprintf("ρ = %.3g · sweep %d", w.rho, i)
	if i == 0 {
		caption = fmt.Sprintf("ρ = %.3g · the start", w.rho)
	}
	left := w.walk("CAVI moves its means", means, vizlib.Q)
	left.Marks = append(left.Marks, rings(q, "q", vizlib.Style{Ink: vizlib.Q, Width: 3})...)
	return vizlib.Grid{
		Title:   "One coordinate at a time: expectations or draws",
		Caption: caption,
		Numbers: fmt.Sprintf("ρ² = %.3g a sweep, for both", w.rho*w.rho),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.05, .21, .2925, .52}, Figure: left},
			{At: vizlib.Rect{.38, .21, .2925, .52}, Figure: w.walk("Gibbs draws", w.gibbs[:2*i+1], vizlib.Two)},
			{At: vizlib.Rect{.735, .21, .24, .52}, Figure: w.memory(i)},
		},
	}
}

// walk is p with a path of legs on it. Each frame has a path of its own: it grows by a leg, it does not bend.
func (w walks) walk(title string, path [][]float64, ink vizlib.Ink) vizlib.Figure {
	f := w.panel()
	f.Title = title
	var x, y []float64
	for _, at := range path {
		x, y = append(x, at[0]), append(y, at[1])
	}
	if len(x) > 1 {
		f.Marks = append(f.Marks, vizlib.Line{X: x, Y: y, Name: "legs", Key: fmt.Sprintf("legs/%d", len(x)), Style: vizlib.Style{Ink: ink, Width: 1.5, Dash: vizlib.Solid, Opacity: 0.8}})
		ends, up := everySecond(x), everySecond(y)
		f.Marks = append(f.Marks, vizlib.Dots{X: ends, Y: up, Size: 5, Name: "sweeps", Key: fmt.Sprintf("sweeps/%d", len(x)), Style: vizlib.Style{Ink: ink}})
	}
	f.Marks = append(f.Marks, vizlib.Dots{X: x[len(x)-1:], Y: y[len(y)-1:], Size: 11, Name: "now", Key: "now", Style: vizlib.Style{Ink: ink, Rim: true}})
	return f
}

func everySecond(v []float64) []float64 {
	var out []float64
	for i := 0; i < len(v); i += 2 {
		out = append(out, v[i])
	}
	return out
}

// memory is what is left of the start after t further sweeps.
func (w walks) memory(i int) vizlib.Figure {
	last := float64(w.sweeps - 1)
	f := vizlib.Figure{Title: "what is left", X: "t, sweeps", View: vizlib.View{
		X: vizlib.Interval{Max: last}, Y: vizlib.Interval{Min: -0.1, Max: 1.2}, Legend: vizlib.NoLegend,
	}, Marks: []vizlib.Mark{
		vizlib.Curve{F: func(t float64) float64 { return math.Pow(w.rho*w.rho, t) }, From: 0, To: last, Name: "ρ²ᵗ", Key: "theory", Style: vizlib.Style{Ink: vizlib.P, Width: 6, Dash: vizlib.Solid}},
		vizlib.Text{Text: "ρ²ᵗ", At: vizlib.Point{X: .97, Y: .80}, InBox: true, AlignX: -1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.P}},
		vizlib.Text{Text: "CAVI: distance", At: vizlib.Point{X: .97, Y: .72}, InBox: true, AlignX: -1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.Q}},
		vizlib.Text{Text: "Gibbs: autocorr.", At: vizlib.Point{X: .97, Y: .64}, InBox: true, AlignX: -1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.Two}},
	}}
	if i == 0 {
		return f
	}
	t := make([]float64, i)
	for k := range t {
		t[k] = float64(k)
	}
	f.Marks = append(f.Marks,
		vizlib.Dots{X: t, Y: w.left[:i], Size: 13, Name: "CAVI: distance of the means", Key: "cavi", Style: vizlib.Style{Ink: vizlib.Q}},
		vizlib.Dots{X: t, Y: w.lags[:i], Glyph: vizlib.Ring, Size: 6, Name: "Gibbs: autocorrelation at lag t", Key: "gibbs", Style: vizlib.Style{Ink: vizlib.Two, Width: 2}})
	return f
}
