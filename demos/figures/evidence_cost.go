package figures

import (
	"fmt"
	"math"

	"elboroom/vizlib"
)

// EvidenceCost shows what a grid with so many points a side costs in 1, 2, … dimensions, beside what a machine that
// evaluates the joint density perSecond times a second gets done in a second, a day, a year.
func EvidenceCost(side, dimensions int, perSecond float64) vizlib.Figure {
	if side < 2 || dimensions < 1 || !(perSecond > 0) {
		panic(fmt.Sprintf("figures: EvidenceCost: %d points a side, %d dimensions, %v a second, want at least 2, 1 and more than 0", side, dimensions, perSecond))
	}
	const half = 0.36 // of a bar's width
	var bars []vizlib.Box
	var ticks []vizlib.Tick
	for d := 1; d <= dimensions; d++ {
		bars = append(bars, vizlib.Box{Min: vizlib.Point{X: float64(d) - half, Y: 1}, Max: vizlib.Point{X: float64(d) + half, Y: math.Pow(float64(side), float64(d))}})
		ticks = append(ticks, vizlib.Tick{At: float64(d), Label: fmt.Sprint(d)})
	}
	top := bars[len(bars)-1].Max.Y
	f := vizlib.Figure{
		Title: fmt.Sprintf("The evidence on a grid: %d points a side, %d dimensions", side, dimensions),
		X:     "dimension of θ", Y: "evaluations of p(x, θ)",
		View: vizlib.View{X: vizlib.Interval{Min: .5, Max: float64(dimensions) + .5}, Y: vizlib.Interval{Min: 1, Max: top * math.Pow(top, .06)},
			LogY: true, XTicks: ticks, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{vizlib.Blocks{At: bars, Name: "evaluations", Key: "bars", Style: vizlib.Style{Ink: vizlib.Gap, Fill: .8}}},
	}
	const day, year = 86400, 365.25 * 86400
	for _, span := range []struct {
		name    string
		seconds float64
	}{{"a second", 1}, {"a day", day}, {"a year", year}, {"a thousand years", 1000 * year}, {"since the Big Bang", 13.8e9 * year}} {
		at := span.seconds * perSecond
		if at >= top {
			break
		}
		f.Marks = append(f.Marks,
			vizlib.Rule{At: at, Name: span.name, Key: span.name, Style: vizlib.Style{Ink: vizlib.Black, Width: 1.5, Dash: vizlib.Dashed}},
			vizlib.Text{Text: span.name, At: vizlib.Point{X: .6, Y: at * math.Pow(top, .012)}, AlignX: 1, AlignY: 1, Bold: true, Size: 15})
	}
	return f
}
