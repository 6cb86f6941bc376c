package figures

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"elboroom/cavi"
	"elboroom/kl"
	"elboroom/vizlib"
)

// MeanFieldTogether shows why coordinates take turns: the error of the means, sweep by sweep, when each coordinate
// uses the others' newest means, and when all move at once from the old ones.
func MeanFieldTogether(p kl.Gaussian, start []float64, sweeps int) vizlib.Figure {
	if sweeps < 1 {
		panic(fmt.Sprintf("figures: MeanFieldTogether: %d sweeps, want at least 1", sweeps))
	}
	const early, late = 40, 60 // sweeps between which the rate has settled
	turns, atOnce := meanFieldErrors(p, start, max(sweeps, late))
	rate := func(y []float64) float64 { return math.Pow(y[late]/y[early], 1./(late-early)) }
	words := func(name string, y []float64) string { return fmt.Sprintf("%s: × %.3f a sweep", name, rate(y)) }
	x := make([]float64, sweeps+1)
	low, high := math.Inf(1), 0.0
	for i := range x {
		x[i] = float64(i)
		low, high = min(low, turns[i], atOnce[i]), max(high, turns[i], atOnce[i])
	}
	end, middle := float64(sweeps), (sweeps+1)/2
	line := func(y []float64, name string, ink vizlib.Ink, alignX float64) []vizlib.Mark {
		style := vizlib.Style{Ink: ink, Width: 3.5, Dash: vizlib.Solid}
		return []vizlib.Mark{
			vizlib.Line{X: x, Y: y[:sweeps+1], Name: name, Key: name, Style: style},
			vizlib.Dots{X: x, Y: y[:sweeps+1], Size: 8, Name: name, Key: name + "/dots", Style: style},
			vizlib.Text{Text: words(name, y), At: vizlib.Point{X: x[middle] + alignX*.02*end, Y: y[middle] * math.Pow(high/low, .04)},
				AlignX: alignX, AlignY: 1, Bold: true, Size: 16, Style: style},
		}
	}
	return vizlib.Figure{
		Title: "Take turns: updates made at the same time can diverge",
		X:     "sweeps", Y: "distance of the means from the truth",
		View: vizlib.View{X: vizlib.Interval{Min: -.02 * end, Max: 1.02 * end}, Y: vizlib.Interval{Min: low / 1.3, Max: high * math.Pow(high/low, .14)},
			LogY: true, XTicks: sweepTicks(end), Legend: vizlib.NoLegend},
		Marks: append(line(turns, "one at a time", vizlib.Q, 1), line(atOnce, "all at once", vizlib.Path1, -1)...),
	}
}

// meanFieldErrors is the Euclidean error of the means at the start and after each sweep, both ways. The error does
// not depend on where the target stands, so the target is taken at 0: there small errors keep their digits.
func meanFieldErrors(p kl.Gaussian, start []float64, sweeps int) (turns, atOnce []float64) {
	centred := kl.Gaussian{Mean: make([]float64, len(p.Mean)), Cov: p.Cov}
	m := cavi.Gaussian{Target: centred, Init: append([]float64(nil), start...)}
	for i, v := range p.Mean {
		m.Init[i] -= v
	}
	updates := m.Updates()
	q := m.Start(nil)
	r := q
	turns, atOnce = append(turns, floats.Norm(q.Mean, 2)), append(atOnce, floats.Norm(r.Mean, 2))
	for range sweeps {
		next := make([]float64, len(r.Mean))
		for i, u := range updates {
			q = u.Move(q)
			next[i] = u.Move(r).Mean[i]
		}
		r.Mean = next
		turns, atOnce = append(turns, floats.Norm(q.Mean, 2)), append(atOnce, floats.Norm(r.Mean, 2))
	}
	return turns, atOnce
}
