package figures

import (
	"math"

	"elboroom/vizlib"
)

// LectureEvidence shows the evidence as an area: the joint density p(x, θ) as a function of θ, x being seen, and below it
// the prior that it came from. logEvidence is the logarithm of the area, in nats.
func LectureEvidence(prior, joint func(theta float64) float64, logEvidence float64, window vizlib.Interval) vizlib.Grid {
	var tall, high float64
	for i := range 401 {
		t := window.Min + (window.Max-window.Min)*(float64(i)+.5)/401
		tall, high = max(tall, prior(t)), max(high, joint(t))
	}
	const air = 1.25
	panel := func(title, x string, f func(float64) float64, name string, top float64, style vizlib.Style) vizlib.Figure {
		return vizlib.Figure{Title: title, X: x,
			View:  vizlib.View{X: window, Y: vizlib.Interval{Max: air * top}, Legend: vizlib.NoLegend},
			Marks: []vizlib.Mark{vizlib.Curve{F: f, Name: name, Style: style}}}
	}
	before := panel("prior p(θ): its area is 1", "θ", prior, "p(θ)", tall, vizlib.Style{Ink: vizlib.Aux, Width: 3, Fill: .25, Dash: vizlib.Solid})
	after := panel("p(x, θ): its area is the evidence", "θ", joint, "p(x, θ)", high,
		vizlib.Style{Ink: vizlib.Gap, Width: 3.5, Fill: .35, Dash: vizlib.Solid})
	return vizlib.Grid{
		Title:   "The evidence is an area",
		Caption: "p(x) = ∫ p(x|θ) p(θ) dθ",
		Numbers: "p(x) = " + small(math.Exp(logEvidence)) + "  ln p(x) = " + signed(logEvidence, 2) + " nats",
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.06, .12, .39, .70}, Figure: before},
			{At: vizlib.Rect{.55, .12, .42, .70}, Figure: after},
		},
	}
}
