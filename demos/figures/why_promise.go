package figures

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/vizlib"
)

// WhyPromise is what mean field's promise is worth at one correlation: on the left the first intervals of one method, those
// that miss the truth in vermillion; on the right the coverage against the correlation, promised and by calculation,
// with the count of all intervals as a dot.
//
//	coverage(ρ) = 2Φ(z √(1 − ρ²)) − 1,    Φ(z) = (1 + promised)/2
func WhyPromise(rho, promised, truth float64, s Intervals) vizlib.Grid {
	if !(promised > 0 && promised < 1) || !(math.Abs(rho) < 1) || len(s.Low) == 0 || len(s.High) != len(s.Low) {
		panic(fmt.Sprintf("figures: WhyPromise: promised %v, ρ = %v and %d intervals, want both below 1, promised above 0, and at least 1 interval", promised, rho, len(s.Low)))
	}
	const most, knots, reach = 80, 100, 4.2
	part := Intervals{s.Name, s.Low[:min(most, len(s.Low))], s.High[:min(most, len(s.High))]}
	n := len(s.Low)
	held := float64(s.Hits(truth)) / float64(n)
	z := distuv.UnitNormal.Quantile((1 + promised) / 2)
	curve := vizlib.Line{X: evenly(0, 1, knots+1), Name: "mean field, by calculation", Key: "curve", Style: vizlib.Style{Ink: vizlib.Q, Width: 3.5}}
	for _, r := range curve.X {
		curve.Y = append(curve.Y, 100*(2*distuv.UnitNormal.CDF(z*math.Sqrt(1-r*r))-1))
	}
	return vizlib.Grid{
		Title:   "What the promise is worth",
		Caption: fmt.Sprintf("ρ = %.2f, promised %.0f %%", rho, 100*promised),
		Numbers: fmt.Sprintf("%d of %d hold the truth: %.0f %%", s.Hits(truth), n, 100*held),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.06, .13, .46, .69}, Figure: vizlib.Figure{
				Title: fmt.Sprintf("%s, %d of the intervals", s.Name, len(part.Low)), X: "data set",
				View:  vizlib.View{X: vizlib.Interval{Max: float64(len(part.Low) + 1)}, Y: vizlib.Interval{Min: -reach, Max: reach + 1}, Legend: vizlib.NoLegend},
				Marks: append(part.bars(truth), vizlib.Rule{At: truth, Name: "truth", Key: "truth", Style: vizlib.Style{Ink: vizlib.Exact, Width: 2}})}},
			{At: vizlib.Rect{.63, .13, .34, .69}, Figure: vizlib.Figure{
				Title: "held, in per cent", X: "correlation ρ",
				View: vizlib.View{X: vizlib.Interval{Max: 1}, Y: vizlib.Interval{Max: 112}, Legend: vizlib.NoLegend},
				Marks: []vizlib.Mark{
					vizlib.Rule{At: 100 * promised, Name: "promised", Key: "promised", Style: vizlib.Style{Ink: vizlib.Exact, Width: 2, Dash: vizlib.Dashed}},
					curve,
					vizlib.Dots{X: []float64{math.Abs(rho)}, Y: []float64{100 * held}, Size: 14, Name: "counted", Key: "counted", Style: vizlib.Style{Ink: vizlib.Path1, Rim: true}},
					vizlib.Text{Text: "promised", InBox: true, At: vizlib.Point{X: .03, Y: .14}, AlignX: 1, Bold: true, Style: vizlib.Style{Ink: vizlib.Exact}},
					vizlib.Text{Text: "mean field", InBox: true, At: vizlib.Point{X: .03, Y: .08}, AlignX: 1, Bold: true, Style: vizlib.Style{Ink: vizlib.Q}},
					vizlib.Text{Text: "● counted", InBox: true, At: vizlib.Point{X: .03, Y: .02}, AlignX: 1, Bold: true, Style: vizlib.Style{Ink: vizlib.Path1}},
				}}},
		},
	}
}
