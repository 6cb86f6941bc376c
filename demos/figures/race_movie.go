package figures

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"elboroom/vizlib"
)

// RaceMovie is the race as a movie over the passes that all have used. Left: the density of the next datum, exact (grey)
// and by each method, and below how far each is off. Right: the error of each against the passes, on log scales; for
// the samplers the median of the chains and a band that holds eight of ten. CAVI dives to its floor (dotted) and stays;
// the samplers come later, cross it, and go on.
func RaceMovie(r Race) vizlib.Movie {
	return vizlib.Movie{
		Len:   len(r.At),
		Frame: func(i int) vizlib.Picture { return r.frame(i) },
		Hold: func(i int) time.Duration {
			switch {
			case i == len(r.At)-1:
				return 3 * time.Second
			case r.At[i] <= 10:
				return 900 * time.Millisecond
			}
			return 400 * time.Millisecond
		},
	}
}

// raceStyle is how the line of a runner looks.
func raceStyle(runner int) vizlib.Style {
	return []vizlib.Style{
		RaceCAVI:       {Ink: vizlib.Q, Width: 3.5, Dash: vizlib.Solid},
		RaceEM:         {Ink: vizlib.Bound, Width: 2.5, Dash: vizlib.Dotted},
		RaceGibbs:      {Ink: vizlib.Two, Width: 2.5, Dash: vizlib.Dashed},
		RaceMetropolis: {Ink: vizlib.Gap, Width: 2.5, Dash: vizlib.Solid},
	}[runner]
}

func (r Race) frame(i int) vizlib.Grid {
	caption, numbers := "after "+passes(r.At[i]), ""
	if i == len(r.At)-1 {
		caption, numbers = "CAVI first, the samplers nearer", "under its floor after "+r.crossings(r.tv())+" passes"
	}
	return vizlib.Grid{
		Title: "The race: four ways to one answer", Caption: caption, Numbers: numbers,
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.04, .52, .40, .31}, Figure: r.densities(i)},
			{At: vizlib.Rect{.04, .125, .40, .29}, Figure: r.differences(i)},
			{At: vizlib.Rect{.545, .125, .43, .70}, Figure: r.errors("total variation of the predictive density", r.tv(), i)},
		},
	}
}

// passes is a number of passes in words.
func passes(t int) string {
	if t == 1 {
		return "1 pass over the data"
	}
	return strconv.Itoa(t) + " passes over the data"
}

// crossings says when each sampler fell below CAVI's floor.
func (r Race) crossings(errors [][][]float64) string {
	floor := r.Runners[RaceCAVI].Floor(errors[RaceCAVI])
	words := ""
	for _, k := range []int{RaceGibbs, RaceMetropolis} {
		if words != "" {
			words += ", "
		}
		if at, ok := r.Crossing(errors[k], floor); ok {
			words += fmt.Sprintf("%d (%s)", at, r.Runners[k].Name)
		} else {
			words += fmt.Sprintf("more than %d (%s)", r.At[len(r.At)-1], r.Runners[k].Name)
		}
	}
	return words
}

// tv and w1 are the errors of all runners.
func (r Race) tv() [][][]float64 {
	var out [][][]float64
	for _, runner := range r.Runners {
		out = append(out, runner.TV)
	}
	return out
}

func (r Race) w1() [][][]float64 {
	var out [][][]float64
	for _, runner := range r.Runners {
		out = append(out, runner.W1)
	}
	return out
}

// densities are the exact predictive density and everybody's.
func (r Race) densities(i int) vizlib.Figure {
	f := vizlib.Figure{
		Title: "density of the next datum",
		View:  vizlib.View{X: r.span(), Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{vizlib.Line{X: r.X, Y: r.Exact, Name: "exact", Key: "exact", Style: vizlib.Style{Ink: vizlib.P, Fill: 0.45, Width: 1}}},
	}
	for k, runner := range r.Runners {
		f.Marks = append(f.Marks, vizlib.Line{X: r.X, Y: runner.Predictive[i], Name: runner.Name, Key: runner.Name, Style: raceStyle(k)})
	}
	return f
}

// differences are everybody's density minus the exact one. The window is the widest error from the settling on.
func (r Race) differences(i int) vizlib.Figure {
	const settled = 50 // passes: before that the samplers' errors are off the scale
	reach := 0.0
	for _, runner := range r.Runners {
		for t, density := range runner.Predictive {
			for l, d := range density {
				if r.At[t] >= min(settled, r.At[len(r.At)-1]) {
					reach = math.Max(reach, math.Abs(d-r.Exact[l]))
				}
			}
		}
	}
	f := vizlib.Figure{
		Title: "its error",
		View:  vizlib.View{X: r.span(), Y: vizlib.Interval{Min: -reach, Max: reach}, Legend: vizlib.NoLegend, YTicks: []vizlib.Tick{{At: 0, Label: "0"}}},
		Marks: []vizlib.Mark{zeroLine()},
	}
	for k, runner := range r.Runners {
		signed := make([]float64, len(r.X))
		for l, d := range runner.Predictive[i] {
			signed[l] = d - r.Exact[l]
		}
		f.Marks = append(f.Marks, vizlib.Line{X: r.X, Y: signed, Name: runner.Name, Key: runner.Name, Style: raceStyle(k)})
	}
	return f
}

func (r Race) span() vizlib.Interval { return vizlib.Interval{Min: r.X[0], Max: r.X[len(r.X)-1]} }

// errors is the race itself up to the i-th time, with everybody's error now.
func (r Race) errors(title string, errors [][][]float64, i int) vizlib.Figure {
	low, high := math.Inf(1), 0.0
	for _, e := range errors {
		for _, at := range e {
			low, high = math.Min(low, quantileOf(at, 0.1)), math.Max(high, quantileOf(at, 0.9))
		}
	}
	const key, head = 12, 3 // the key needs this much of the log axis below the least error, the title this much above the greatest
	f := vizlib.Figure{
		Title: title, X: "passes over the data",
		View: vizlib.View{X: vizlib.Interval{Min: 1, Max: float64(r.At[len(r.At)-1])}, Y: vizlib.Interval{Min: low / key, Max: high * head}, LogX: true, LogY: true, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{vizlib.Rule{At: r.Runners[RaceCAVI].Floor(errors[RaceCAVI]), Name: "CAVI's floor", Key: "floor",
			Style: vizlib.Style{Ink: vizlib.Q, Width: 1.5, Dash: vizlib.Dotted}},
			vizlib.Text{Text: "CAVI’s floor", At: vizlib.Point{X: 1.1, Y: .93 * r.Runners[RaceCAVI].Floor(errors[RaceCAVI])}, AlignX: 1, AlignY: -1, Key: "floor/name", Style: vizlib.Style{Ink: vizlib.Q}}},
	}
	x := make([]float64, i+1)
	for t := range x {
		x[t] = float64(r.At[t])
	}
	for k := len(r.Runners) - 1; k >= 0; k-- { // CAVI on top
		runner := r.Runners[k]
		band := vizlib.Band{X: x, Name: "8 of 10 chains of " + runner.Name, Key: runner.Name + "/band", Style: vizlib.Style{Ink: raceStyle(k).Ink, Fill: 0.18}}
		middle := make([]float64, len(x))
		for t := range x {
			band.Low = append(band.Low, quantileOf(errors[k][t], 0.1))
			band.High = append(band.High, quantileOf(errors[k][t], 0.9))
			middle[t] = quantileOf(errors[k][t], 0.5)
		}
		style := raceStyle(k)
		style.Casing = true
		if i > 0 {
			if len(errors[k][0]) > 1 {
				f.Marks = append(f.Marks, band)
			}
			f.Marks = append(f.Marks, vizlib.Line{X: x, Y: middle, Name: runner.Name, Key: runner.Name, Style: style})
		}
		f.Marks = append(f.Marks,
			vizlib.Dots{X: x[i:], Y: middle[i:], Size: 11, Name: runner.Name, Key: runner.Name + "/now", Style: vizlib.Style{Ink: style.Ink, Rim: true}},
			vizlib.Text{Text: fmt.Sprintf("%s %.4f", runner.Name, middle[i]), At: vizlib.Point{X: .03, Y: .03 + .065*float64(len(errors)-1-k)}, InBox: true,
				AlignX: 1, AlignY: 1, Bold: true, Key: runner.Name + "/value", Style: vizlib.Style{Ink: style.Ink}})
	}
	return f
}

// RaceErrors shows both errors of a finished race side by side: of the prediction, and of the means themselves. EM, which
// says nothing of how far its means may be off, is hardly worse than the others in the first and far behind in the second.
func RaceErrors(r Race) vizlib.Grid {
	last := len(r.At) - 1
	return vizlib.Grid{
		Title:   "Two errors: what comes next, and what the means are",
		Caption: "the same race, judged twice",
		Numbers: fmt.Sprintf("Metropolis took %.0f %% of its proposals", 100*r.Runners[RaceMetropolis].Accepted),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.065, .125, .41, .70}, Figure: r.errors("total variation of the prediction", r.tv(), last)},
			{At: vizlib.Rect{.565, .125, .41, .70}, Figure: r.errors("W₁ of the sorted means", r.w1(), last)},
		},
	}
}
