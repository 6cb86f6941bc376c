package figures

import (
	"fmt"
	"math"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/model"
	"elboroom/vizlib"
)

// MixturePosterior sets q beside the truth for a mixture of two: on the left over (μ₁, μ₂), on the right as what
// both predict for the next datum.
//
// One sees two grey peaks, mirror images in μ₁ = μ₂, and q's rings at the same masses around one of them; and two
// predictive curves that can hardly be told apart, because a prediction does not care which component is called 1.
// Where the components overlap there is less to choose: the peaks run together, and the labels' share of the gap goes.
func MixturePosterior(m model.GMM, post exact.GMMPosterior, q cavi.GMMFactors) vizlib.Picture {
	m = m.Filled()
	if m.K != 2 || post.Method == exact.Auto {
		panic("figures: MixturePosterior: want K = 2 and its exact posterior")
	}
	gap := cavi.GMM{GMM: m}.Gap(q, post.LogEvidence)
	title := "The posterior has two peaks, and q sits on one"
	const distinct = .9 // of ln 2: with less, the peaks overlap
	if gap.Labels < distinct*math.Ln2 {
		title = "The peaks run together, and names cost less"
	}
	return vizlib.Grid{
		Title:   title,
		Caption: fmt.Sprintf("gap %.3f nats = %.3f labels + %.3f mean field", gap.Total, gap.Labels, gap.MeanField),
		Numbers: "filled areas and rings hold 50 % and 95 %",
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.07, .11, .42, .73}, Figure: peaks(post, q)},
			{At: vizlib.Rect{.56, .11, .41, .73}, Figure: predictions(m, post, q)},
		},
	}
}

// peaks has the posterior of the two means, filled at 50 % and 95 %, and q's rings at the same masses.
func peaks(post exact.GMMPosterior, q cavi.GMMFactors) vizlib.Figure {
	const sds = 4.5
	lo, hi := math.Inf(1), math.Inf(-1)
	for k, m := range q.Mean {
		sd := math.Sqrt(q.Var[k])
		lo, hi = min(lo, m-sds*sd), max(hi, m+sds*sd)
	}
	w := vizlib.Interval{Min: lo, Max: hi}
	masses := []float64{.5, .95}
	swapped := vizlib.Point{X: q.Mean[1], Y: q.Mean[0]}
	f := vizlib.Figure{X: "μ₁", Y: "μ₂", View: vizlib.View{X: w, Y: w, Equal: true, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{
			vizlib.Contour{F: func(a, b float64) float64 { return post.Density([]float64{a, b}) }, Masses: masses,
				Name: "p(μ₁, μ₂ | x)", Style: vizlib.Style{Ink: vizlib.P, Fill: .3, Width: 1}},
			vizlib.Contour{F: func(a, b float64) float64 { return q.Density([]float64{a, b}) }, Masses: masses,
				Name: "q(μ₁) q(μ₂)", Style: vizlib.Style{Ink: vizlib.Q, Width: 4}},
			vizlib.Line{X: []float64{2*lo - hi, 2*hi - lo}, Y: []float64{2*lo - hi, 2*hi - lo}, Name: "μ₁ = μ₂", Style: vizlib.Style{Width: 1, Dash: vizlib.Dashed}},
			beside("q", vizlib.Point{X: q.Mean[0], Y: q.Mean[1]}, w, vizlib.Q),
		}}
	const clear = 9 // sds between the means, so that the words for each peak stand apart
	if math.Abs(q.Mean[1]-q.Mean[0]) > clear*math.Sqrt(max(q.Var[0], q.Var[1])) {
		f.Marks = append(f.Marks, beside("names swapped", swapped, w, vizlib.P))
	}
	return f
}

// beside writes a word above or below a peak, towards the middle of the map.
func beside(word string, peak vizlib.Point, w vizlib.Interval, ink vizlib.Ink) vizlib.Text {
	const off = .17 // of the axis
	side := 1.0
	if peak.Y > (w.Min+w.Max)/2 {
		side = -1
	}
	peak.Y += side * off * (w.Max - w.Min)
	align := 0.0
	const edge = .6 // of the axis: beyond it a long word ends at the map's edge
	if peak.X > w.Min+edge*(w.Max-w.Min) {
		peak.X, align = w.Max, -1
	}
	return vizlib.Text{Text: word, At: peak, AlignX: align, AlignY: side, Bold: true, Size: 15, Style: vizlib.Style{Ink: ink}}
}

// predictions has the density of the next datum, exact and under q, over the data.
func predictions(m model.GMM, post exact.GMMPosterior, q cavi.GMMFactors) vizlib.Figure {
	const reach = 2.2 // noise sds beyond the data
	v := sorted(m.X)
	w := vizlib.Interval{Min: v[0] - reach*m.Sigma, Max: v[len(v)-1] + reach*m.Sigma}
	x := everySoMany(v, mostDots)
	zero := make([]float64, len(x))
	const (
		knots = 200
		head  = 1.25 // room above the curves for the words
	)
	top := 0.0
	for i := range knots + 1 {
		top = max(top, post.Predictive(w.Min+(w.Max-w.Min)*float64(i)/knots))
	}
	return vizlib.Figure{Title: "density of the next datum", X: "x", View: vizlib.View{X: w, Y: vizlib.Interval{Max: head * top}, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{
			vizlib.Curve{F: post.Predictive, Name: "exact", Style: vizlib.Style{Ink: vizlib.P, Fill: .3}},
			vizlib.Curve{F: q.Predictive, Name: "under q", Style: vizlib.Style{Ink: vizlib.Q, Width: 3, Dash: vizlib.Dashed}},
			vizlib.Dots{X: x, Y: zero, Size: 6, Name: "data", Style: vizlib.Style{Ink: vizlib.Data, Opacity: .6}},
			vizlib.Text{Text: "exact, grey", At: vizlib.Point{X: .985, Y: .97}, InBox: true, AlignX: -1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.P}},
			vizlib.Text{Text: "under q, dashed", At: vizlib.Point{X: .985, Y: .91}, InBox: true, AlignX: -1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.Q}},
		}}
}
