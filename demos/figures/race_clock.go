package figures

import (
	"fmt"
	"math"
	"slices"

	"elboroom/vizlib"
)

// RaceClock is the race against time: the same errors as in RaceErrors, total variation of the prediction, against the
// seconds that so many passes take. secondsAPass is what a pass of each runner took on some machine, in the order
// of Race.Runners.
func RaceClock(r Race, secondsAPass ...float64) vizlib.Figure {
	if len(secondsAPass) != len(r.Runners) {
		panic(fmt.Sprintf("figures: RaceClock: %d times for %d runners, want one each", len(secondsAPass), len(r.Runners)))
	}
	low, high := math.Inf(1), 0.0
	for k, s := range secondsAPass {
		if !(s > 0) {
			panic(fmt.Sprintf("figures: RaceClock: a pass of %s took %v seconds, want more than 0", r.Runners[k].Name, s))
		}
		for _, e := range r.Runners[k].TV {
			low, high = min(low, quantileOf(e, .5)), max(high, quantileOf(e, .5))
		}
	}
	f := vizlib.Figure{
		Title: "The race in seconds, on this machine", X: "seconds", Caption: "total variation of the prediction",
		View: vizlib.View{LogX: true, LogY: true, Y: vizlib.Interval{Min: low / 20, Max: 2 * high}, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{vizlib.Rule{At: r.Runners[RaceCAVI].Floor(r.Runners[RaceCAVI].TV), Name: "CAVI's floor",
			Style: vizlib.Style{Ink: vizlib.Q, Width: 1.5, Dash: vizlib.Dotted}},
			vizlib.Text{Text: "CAVI’s floor", At: vizlib.Point{X: 1.2 * slices.Min(secondsAPass), Y: .93 * r.Runners[RaceCAVI].Floor(r.Runners[RaceCAVI].TV)},
				AlignX: 1, AlignY: -1, Style: vizlib.Style{Ink: vizlib.Q}}},
	}
	for k := len(r.Runners) - 1; k >= 0; k-- { // CAVI on top
		runner, style := r.Runners[k], raceStyle(k)
		style.Casing = true
		var x, y []float64
		for i, t := range r.At {
			x, y = append(x, float64(t)*secondsAPass[k]), append(y, quantileOf(runner.TV[i], .5))
		}
		f.Marks = append(f.Marks, vizlib.Line{X: x, Y: y, Name: runner.Name, Style: style},
			vizlib.Text{Text: fmt.Sprintf("%s %s a pass", runner.Name, shortTime(secondsAPass[k])), At: vizlib.Point{X: .03, Y: .03 + .065*float64(len(r.Runners)-1-k)}, InBox: true,
				AlignX: 1, AlignY: 1, Bold: true, Style: vizlib.Style{Ink: style.Ink}})
	}
	return f
}

// shortTime is a short time in words.
func shortTime(seconds float64) string {
	unit, scale := "µs", 1e6
	switch {
	case seconds >= 1:
		unit, scale = "s", 1
	case seconds >= 1e-3:
		unit, scale = "ms", 1e3
	}
	if v := seconds * scale; v < 10 {
		return fmt.Sprintf("%.1f %s", v, unit)
	}
	return fmt.Sprintf("%.0f %s", seconds*scale, unit)
}
