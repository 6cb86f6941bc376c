package figures

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vizlib"
)

// MixtureLandscape maps the ELBO over the two means (m₁, m₂) of a mixture, everything else at its best, with the
// paths of several fits on it; beside it, on a log scale, how far below the log evidence each fit is.
//
// One sees that the map is its own mirror image in the diagonal m₁ = m₂: whoever starts on the diagonal stays on
// it, whoever starts beside it ends on that side. Letters tie a path on the map to its line.
func MixtureLandscape(m model.GMM, post exact.GMMPosterior, runs ...fit.Trace[cavi.GMMFactors]) vizlib.Picture {
	return MixtureMap(m, post)(runs...)
}

// MixtureMap draws MixtureLandscape for one set of fits after another, and computes the map beneath them once: for
// an Explorer of starts.
func MixtureMap(m model.GMM, post exact.GMMPosterior) func(runs ...fit.Trace[cavi.GMMFactors]) vizlib.Picture {
	m = m.Filled()
	c := cavi.GMM{GMM: m}
	elbo := remembered(func(m1, m2 float64) float64 { return profile(c, m1, m2) })
	best := math.Inf(-1) // of a fit from the quartiles; the runs may know a better one
	if x := sorted(m.X); m.K == 2 && len(x) > 0 {
		apart := cavi.GMM{GMM: m, Init: []float64{x[len(x)/4], x[3*len(x)/4]}}
		best = cavi.Fit(apart, fit.Settings{Keep: fit.LastOnly}).Last().Value
	}
	return func(runs ...fit.Trace[cavi.GMMFactors]) vizlib.Picture { return landscape(m, post, elbo, best, runs) }
}

func landscape(m model.GMM, post exact.GMMPosterior, elbo func(m1, m2 float64) float64, best float64, runs []fit.Trace[cavi.GMMFactors]) vizlib.Picture {
	if m.K != 2 || len(runs) == 0 {
		panic("figures: MixtureLandscape: want K = 2 and at least one fit")
	}
	w := landscapeWindow(m, runs)
	top := best
	for _, r := range runs {
		top = max(top, r.Last().Value)
	}
	levels := make([]float64, 0, 9)
	for _, below := range []float64{500, 200, 100, 50, 20, 10, 7, 5, 2, .5} {
		levels = append(levels, top-below)
	}
	ends := []float64{2*w.Min - w.Max, 2*w.Max - w.Min} // beyond the window, which other pictures of a series may widen
	place := vizlib.Figure{X: "m₁", Y: "m₂", View: vizlib.View{X: w, Y: w, Equal: true, Legend: vizlib.NoLegend}}
	place.Marks = []vizlib.Mark{
		vizlib.Contour{F: elbo, Levels: levels, N: 121, Name: "ELBO", Unit: "nats",
			Style: vizlib.Style{Ink: vizlib.P, Width: .8, Fill: .1}},
		vizlib.Line{X: ends, Y: ends, Name: "m₁ = m₂", Style: vizlib.Style{Width: 1, Dash: vizlib.Dashed}},
	}
	for i, r := range runs {
		ink, letter := fitInk(i), string(rune('A'+i))
		x, y := meansPath(r)
		const beside = .02 // of the axis, so that a letter clears its ring
		off := beside * (w.Max - w.Min)
		side := -1.0 // away from where the path goes
		if len(x) > 1 && x[1] < x[0] {
			side = 1
		}
		name := vizlib.Text{Text: letter, At: vizlib.Point{X: x[0] + side*off, Y: y[0] + off/2}, AlignX: side, Bold: true, Size: 15, Style: vizlib.Style{Ink: ink}}
		place.Marks = append(place.Marks,
			vizlib.Line{X: x, Y: y, Name: "fit " + letter, Style: vizlib.Style{Ink: ink, Width: 2.5, Dash: vizlib.Solid, Casing: true}},
			vizlib.Dots{X: x, Y: y, Size: 5, Style: vizlib.Style{Ink: ink}},
			vizlib.Dots{X: x[:1], Y: y[:1], Glyph: vizlib.Ring, Size: 10, Name: "start " + letter, Style: vizlib.Style{Ink: ink, Width: 2.5}},
			vizlib.Dots{X: x[len(x)-1:], Y: y[len(y)-1:], Glyph: vizlib.Square, Size: 9, Name: "end " + letter, Style: vizlib.Style{Ink: ink, Rim: true}},
			name)
	}
	title := "The ELBO over the two means, with one fit"
	if len(runs) > 1 {
		title = "The ELBO over the two means, with " + numeral(len(runs)) + " fits"
	}
	return vizlib.Grid{
		Title:   title,
		Caption: "○ start  ■ end, a dot a sweep",
		Numbers: "contours 0.5, 2, 5, 7, 10, 20, 50 … nats below the best",
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.07, .11, .42, .73}, Figure: place},
			{At: vizlib.Rect{.60, .11, .37, .70}, Figure: shortfall(post, runs)},
		},
	}
}

// profile is the ELBO at the means m1 and m2 with q(c) and the variances at their best, to a thousandth of a nat:
// a few rounds of the two in turn.
func profile(c cavi.GMM, m1, m2 float64) float64 {
	const rounds = 4
	prior, noise := 1/(c.Tau0*c.Tau0), c.Sigma*c.Sigma
	mean := []float64{m1, m2}
	half := 1 / (prior + float64(len(c.X))/(2*noise))
	q := c.Factors(mean, []float64{half, half})
	for range rounds {
		q = c.Factors(mean, []float64{1 / (prior + q.Count[0]/noise), 1 / (prior + q.Count[1]/noise)})
	}
	return c.ELBO(q)
}

// landscapeWindow is one interval for both means: the data and every path.
func landscapeWindow(m model.GMM, runs []fit.Trace[cavi.GMMFactors]) vizlib.Interval {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, x := range m.X {
		lo, hi = min(lo, x), max(hi, x)
	}
	for _, r := range runs {
		for _, st := range r.Steps {
			for _, v := range st.Q.Mean {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	pad := max(.06*(hi-lo), .3*m.Sigma)
	return vizlib.Interval{Min: lo - pad, Max: hi + pad}
}

// meansPath is (m₁, m₂) at the start and after each sweep.
func meansPath(r fit.Trace[cavi.GMMFactors]) (x, y []float64) {
	for _, st := range r.Steps {
		if st.Update == "q(c)" {
			continue
		}
		x, y = append(x, st.Q.Mean[0]), append(y, st.Q.Mean[1])
	}
	return x, y
}

// shortfall has a line a fit: how many nats each sweep's ELBO lies below the log evidence. A fit that ends well below
// the best says so.
func shortfall(post exact.GMMPosterior, runs []fit.Trace[cavi.GMMFactors]) vizlib.Figure {
	const worse = 1 // nats
	f := vizlib.Figure{Title: "nats below the log evidence", X: "sweeps", View: vizlib.View{LogY: true, Legend: vizlib.NoLegend}}
	least, end := math.Inf(1), 0.0
	starts := make([]float64, len(runs))
	for i, r := range runs {
		least, end = min(least, post.LogEvidence-r.Last().Value), max(end, float64(r.Last().Sweep))
		starts[i] = post.LogEvidence - r.Steps[0].Value
	}
	f.View.X = vizlib.Interval{Min: -.09 * end, Max: 1.04 * end}
	if len(runs) > 1 {
		f.View.XTicks = sweepTicks(end)
	}
	ends := map[string]ending{} // fits that end alike are named together
	for i, y := range apart(starts) {
		r, letter := runs[i], string(rune('A'+i))
		ink := fitInk(i)
		sweeps, elbo := climbOf(r)
		for j := range elbo {
			elbo[j] = post.LogEvidence - elbo[j]
		}
		last := len(elbo) - 1
		f.Marks = append(f.Marks,
			vizlib.Line{X: sweeps, Y: elbo, Step: true, Name: "fit " + letter, Unit: "nats", Style: vizlib.Style{Ink: ink, Width: 3, Dash: fitDash(i)}},
			vizlib.Dots{X: sweeps[last:], Y: elbo[last:], Glyph: vizlib.Square, Size: 9, Name: "end " + letter, Unit: "nats", Style: vizlib.Style{Ink: ink, Rim: true}},
			vizlib.Text{Text: letter, At: vizlib.Point{X: -.025 * end, Y: y}, AlignX: -1, Bold: true, Size: 15, Style: vizlib.Style{Ink: ink}})
		if elbo[last] <= least+worse {
			continue
		}
		short := fmt.Sprintf("%.2f short", elbo[last])
		at := vizlib.Point{X: sweeps[last], Y: elbo[last] * 1.12}
		if earlier, ok := ends[short]; ok {
			letter, at = earlier.letters+" and "+letter, earlier.at
		}
		ends[short] = ending{letter, at}
	}
	for _, short := range slices.Sorted(maps.Keys(ends)) {
		e, verb := ends[short], " ends "
		if len(e.letters) > 1 {
			verb = " end "
		}
		f.Marks = append(f.Marks, vizlib.Text{Text: e.letters + verb + short, At: e.at, AlignX: endSide(e.at.X, end), AlignY: 1, Bold: true})
	}
	return f
}

// ending is where a word about the fits that end alike stands.
type ending struct {
	letters string
	at      vizlib.Point
}

// endSide says on which side of x a word has room.
func endSide(x, end float64) float64 {
	if x > end/2 {
		return -1
	}
	return 1
}

// apart moves values on a log scale until neighbours are a letter's height apart, upwards from the least.
func apart(v []float64) []float64 {
	const ratio = 1.28
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(v[a], v[b]) })
	out := slices.Clone(v)
	for j := 1; j < len(order); j++ {
		out[order[j]] = max(out[order[j]], ratio*out[order[j-1]])
	}
	return out
}

// fitInk is the ink of the i-th fit; six are told apart.
func fitInk(i int) vizlib.Ink {
	inks := [...]vizlib.Ink{vizlib.One, vizlib.Two, vizlib.Bound, vizlib.Gap, vizlib.Three, vizlib.Aux}
	return inks[i%len(inks)]
}

// fitDash tells neighbouring lines apart in grey.
func fitDash(i int) vizlib.Dash {
	return [...]vizlib.Dash{vizlib.Solid, vizlib.Dashed, vizlib.Dotted}[i%3]
}
