package figures

import (
	"fmt"
	"math"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vizlib"
)

// StochasticPlan shows one plan of step sizes and what becomes of it: on the left ε_t = (t + delay)^−κ, on the right how
// far the means are from those of all data, against the looks at a datum. Both axes are logarithmic. The grey line is
// a plan to compare with: κ = 0.7, mini-batches of 20, no delay.
func StochasticPlan(m model.GMM, start []float64, passes int, seed uint64, plan cavi.Stochastic) vizlib.Grid {
	const lastSize = 1e-3
	m, plan = m.Filled(), plan.Filled()
	best := cavi.Fit(cavi.GMM{GMM: m, Init: start}, fit.Settings{Keep: fit.LastOnly}).Last().Q.Mean
	usual := cavi.Stochastic{Of: len(m.X), Batch: min(20, len(m.X)), Power: .7}.Filled()
	looks := float64(passes * len(m.X))
	sizes := vizlib.Figure{Title: "step size εₜ", X: "step t", View: vizlib.View{LogX: true, LogY: true, Legend: vizlib.NoLegend,
		X: vizlib.Interval{Min: 1, Max: looks / 5}, Y: vizlib.Interval{Min: lastSize, Max: 3}}}
	far := vizlib.Figure{Title: "distance of the means from the best", X: "looks at a datum", View: vizlib.View{LogX: true, LogY: true, Legend: vizlib.NoLegend,
		X: vizlib.Interval{Min: 4, Max: looks * 1.1}, Y: vizlib.Interval{Min: 5e-4, Max: 10}}}
	end := 0.0
	for _, p := range []struct {
		name  string
		plan  cavi.Stochastic
		style vizlib.Style
	}{{"usual", usual, vizlib.Style{Ink: vizlib.P, Width: 3}}, {"this plan", plan, vizlib.Style{Ink: vizlib.Path1, Width: 3.5, Dash: vizlib.Solid}}} {
		steps, distance := settling(m, start, passes, seed, p.plan, best)
		var at, rate []float64
		for i, t := range steps {
			if e := math.Pow(t+p.plan.Delay, -p.plan.Power); e >= lastSize {
				at, rate = append(at, t), append(rate, e)
			}
			steps[i] = t * float64(p.plan.Batch)
		}
		sizes.Marks = append(sizes.Marks, vizlib.Line{X: at, Y: rate, Name: p.name, Key: p.name, Style: p.style})
		far.Marks = append(far.Marks, vizlib.Line{X: steps, Y: distance, Name: p.name, Key: p.name, Style: p.style})
		end = distance[len(distance)-1]
	}
	sizes.Marks = append(sizes.Marks, vizlib.Text{Text: "grey: κ = 0.7, batch 20", InBox: true, At: vizlib.Point{X: .03, Y: .03}, AlignX: 1, AlignY: 1, Style: vizlib.Style{Ink: vizlib.Muted}})
	return vizlib.Grid{
		Title:   "A plan of step sizes, and where it leads",
		Caption: fmt.Sprintf("κ = %.2g, mini-batches of %d, delay %g", plan.Power, plan.Batch, plan.Delay),
		Numbers: fmt.Sprintf("after %d passes %.3f away", passes, end),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.07, .13, .36, .69}, Figure: sizes},
			{At: vizlib.Rect{.545, .13, .43, .69}, Figure: far},
		},
	}
}
