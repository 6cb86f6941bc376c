package figures

import (
	"fmt"
	"math"
	"math/rand/v2"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vizlib"
)

// StochasticRates shows how the rate decides where a stochastic fit ends: for each plan, how far its two means are from
// those of coordinate ascent on all data, after every step. A constant rate stays as far as its noise throws it; a
// falling one comes to rest. On top stands the plan's rate at its last step.
func StochasticRates(m model.GMM, start []float64, passes int, seed uint64, plans ...cavi.Stochastic) vizlib.Picture {
	m = m.Filled()
	best := cavi.Fit(cavi.GMM{GMM: m, Init: start}, fit.Settings{Keep: fit.LastOnly}).Last().Q
	f := vizlib.Figure{Title: "Step sizes decide where it comes to rest", Caption: "distance of the means from those of all data",
		Numbers: fmt.Sprintf("%d data, mini-batches of %d, the same order", len(m.X), plans[0].Filled().Batch), X: "steps",
		View: vizlib.View{LogX: true, LogY: true, Legend: vizlib.NoLegend}}
	low, high, end := math.Inf(1), 0.0, 1.0
	var last []float64
	for j, plan := range plans {
		x, y := settling(m, start, passes, seed, plan, best.Mean)
		name := fmt.Sprintf("κ = %.2g", plan.Filled().Power)
		if plan.Const != 0 {
			name = fmt.Sprintf("always %g", plan.Const)
		}
		f.Marks = append(f.Marks, vizlib.Line{X: x, Y: y, Name: name, Style: vizlib.Style{Ink: rateInk(j), Width: 3, Dash: rateDash(j)}})
		last = append(last, y[len(y)-1])
		for _, v := range y {
			low, high = min(low, v), max(high, v)
		}
		end = x[len(x)-1]
	}
	for j, y := range spread(last, 1.55) {
		name := fmt.Sprintf("κ = %.2g", plans[j].Filled().Power)
		if plans[j].Const != 0 {
			name = fmt.Sprintf("ε = %g always", plans[j].Const)
		}
		f.Marks = append(f.Marks, vizlib.Text{Text: name, At: vizlib.Point{X: end * 1.12, Y: y}, AlignX: 1, Bold: true, Size: 15, Style: vizlib.Style{Ink: rateInk(j)}})
	}
	f.View.X = vizlib.Interval{Min: 1, Max: end * 6}
	f.View.XTicks = powers(1, end)
	f.View.Y = vizlib.Interval{Min: low / 1.6, Max: high * 1.4}
	return f
}

// settling is how far the means of a stochastic fit are from best after every step, averaged over a tenth of the steps so far.
func settling(m model.GMM, start []float64, passes int, seed uint64, plan cavi.Stochastic, best []float64) (steps, distance []float64) {
	const lowest = 1e-4
	tr := cavi.FitStochastic(cavi.GMM{GMM: m, Init: start}, cavi.Shuffled(m.X, passes, seed), plan, fit.Settings{})
	sum, count, window := 0.0, 0.0, 1.0
	for t, s := range tr.Steps[1:] {
		sum, count = sum+squared(s.Q.Mean, best), count+1
		if count >= window {
			steps, distance = append(steps, float64(t+1)), append(distance, max(math.Sqrt(sum/count), lowest))
			sum, count, window = 0, 0, max(1, float64(t+1)/10)
		}
	}
	return steps, distance
}

// spread moves values apart until neighbours differ at least by the factor, for labels on a log axis.
func spread(v []float64, factor float64) []float64 {
	out := append([]float64(nil), v...)
	for range 100 {
		for i := range out {
			for j := range out {
				if i == j || out[i] < out[j] || (out[i] == out[j] && i > j) {
					continue
				}
				if r := out[i] / out[j]; r < factor {
					by := math.Pow(factor/r, .5)
					out[i], out[j] = out[i]*by, out[j]/by
				}
			}
		}
	}
	return out
}

func squared(a, b []float64) float64 {
	var s float64
	for i := range a {
		s += (a[i] - b[i]) * (a[i] - b[i])
	}
	return s
}

// powers are ticks at the powers of ten from … to.
func powers(from, to float64) []vizlib.Tick {
	var ticks []vizlib.Tick
	for v := from; v <= to*1.0001; v *= 10 {
		ticks = append(ticks, vizlib.Tick{At: v, Label: grouped(v)})
	}
	return ticks
}

// grouped writes a whole number with thin spaces between its thousands.
func grouped(v float64) string {
	text := fmt.Sprintf("%.0f", v)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + " " + text[i:]
	}
	return text
}

func rateInk(j int) vizlib.Ink {
	return [...]vizlib.Ink{vizlib.Path1, vizlib.Q, vizlib.Bound, vizlib.Gap}[j%4]
}
func rateDash(j int) vizlib.Dash {
	return [...]vizlib.Dash{vizlib.Dashed, vizlib.Solid, vizlib.Dotted, vizlib.Solid}[j%4]
}

// StochasticCost sets the looks at a datum that a fit needs against the number of data there are: coordinate ascent
// until its means are within tolerance of where it ends, and mini-batches until theirs first stay there for ten
// steps. The first grows with n, the second does not. Each n has data of its own, drawn with the given means.
func StochasticCost(means, start []float64, sizes []int, batch int, tolerance float64, seed uint64) vizlib.Picture {
	var x, full, mini []float64
	for _, n := range sizes {
		data, _ := model.SimulateGMM(n, means, 1, rand.New(rand.NewPCG(seed, 0)))
		m := cavi.GMM{GMM: model.GMM{X: data}, Init: start}
		tr := cavi.Fit(m, fit.Settings{Keep: fit.EverySweep})
		best := tr.Last().Q.Mean
		x = append(x, float64(n))
		for i, s := range tr.Steps {
			if squared(s.Q.Mean, best) < tolerance*tolerance {
				full = append(full, float64(i*n))
				break
			}
		}
		const still = 10 // steps
		plan := cavi.Stochastic{Of: n, Batch: batch, Power: .7}
		walk := cavi.FitStochastic(m, cavi.Shuffled(data, 1+400*batch/n, seed), plan, fit.Settings{})
		inside, looks := 0, len(walk.Steps)*batch
		for i, s := range walk.Steps {
			if inside++; squared(s.Q.Mean, best) >= tolerance*tolerance {
				inside = 0
			}
			if inside == still {
				looks = (i - still + 1) * batch
				break
			}
		}
		mini = append(mini, float64(looks))
	}
	end := x[len(x)-1]
	label := func(text string, y float64, ink vizlib.Ink) vizlib.Mark {
		return vizlib.Text{Text: text, At: vizlib.Point{X: end * 1.15, Y: y}, AlignX: 1, Bold: true, Size: 15, Style: vizlib.Style{Ink: ink}}
	}
	return vizlib.Figure{Title: "What an answer costs", Caption: fmt.Sprintf("looks at a datum until the means are within %g", tolerance),
		Numbers: fmt.Sprintf("mini-batches of %d, κ = 0.7", batch), X: "n, data there are", Y: "looks at a datum",
		View: vizlib.View{LogX: true, LogY: true, X: vizlib.Interval{Min: x[0] / 1.5, Max: end * 5}, XTicks: powers(x[0], end), Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{
			vizlib.Line{X: x, Y: full, Name: "all data each step", Style: vizlib.Style{Ink: vizlib.Q, Width: 3}},
			vizlib.Dots{X: x, Y: full, Glyph: vizlib.Square, Size: 9, Name: "all data each step", Style: vizlib.Style{Ink: vizlib.Q}},
			vizlib.Line{X: x, Y: mini, Name: "mini-batches", Style: vizlib.Style{Ink: vizlib.Path1, Width: 3, Dash: vizlib.Dashed}},
			vizlib.Dots{X: x, Y: mini, Size: 9, Name: "mini-batches", Style: vizlib.Style{Ink: vizlib.Path1}},
			label("all data", full[len(full)-1], vizlib.Q), label("mini-batches", mini[len(mini)-1], vizlib.Path1),
		}}
}
