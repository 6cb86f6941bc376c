package figures

import (
	"fmt"
	"math"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/vizlib"
)

// MixturePlateau shows the ELBO of fits that start ever nearer to the saddle m₁ = m₂, sweep by sweep below the log
// evidence. Each stays on the plateau for a while and leaves it; the nearer its start, the later. A cross stands
// where a fit with the tolerance tol (nats) would have stopped and said Converged: at the first sweep that gains less.
//
// Give fits that were made to go on (a negative Tol).
func MixturePlateau(post exact.GMMPosterior, tol float64, runs ...fit.Trace[cavi.GMMFactors]) vizlib.Picture {
	if len(runs) == 0 {
		panic("figures: MixturePlateau: want at least one fit")
	}
	f := vizlib.Figure{X: "sweeps", Y: "ELBO in nats", Title: "A plateau is not the top",
		Caption: fmt.Sprintf("starts ever nearer to m₁ = m₂; × is where Tol = %s stops", power(tol)),
		View:    vizlib.View{Legend: vizlib.NoLegend}}
	const early = 1 // nats: whoever stops with more to gain has stopped on the plateau
	low, end, onPlateau := math.Inf(1), 0.0, 0
	for i, r := range runs {
		x, y := climbOf(r)
		end = max(end, x[len(x)-1])
		low = min(low, y[1])
		ink := fitInk(i)
		f.Marks = append(f.Marks, vizlib.Line{X: x[1:], Y: y[1:], Name: "off by " + offset(r), Unit: "nats",
			Style: vizlib.Style{Ink: ink, Width: 3.2, Dash: fitDash(i)}})
		if at, ok := halfWay(x[1:], y[1:]); ok {
			f.Marks = append(f.Marks, vizlib.Text{Text: offset(r), At: vizlib.Point{X: at.X - .012*x[len(x)-1], Y: at.Y}, AlignX: -1, Bold: true, Style: vizlib.Style{Ink: ink}})
		}
		for j := 2; j < len(y); j++ {
			if y[j]-y[j-1] < tol {
				f.Marks = append(f.Marks, vizlib.Dots{X: x[j : j+1], Y: y[j : j+1], Glyph: vizlib.Cross, Size: 13, Name: "Converged, says Tol",
					Unit: "nats", Style: vizlib.Style{Width: 3}})
				if y[len(y)-1]-y[j] > early {
					onPlateau++
					f.Marks = append(f.Marks, vizlib.Text{Text: offset(r) + " stops here", At: vizlib.Point{X: x[j] + .012*end, Y: y[j] - .02*(post.LogEvidence-y[j])},
						AlignX: 1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: ink}})
				}
				break
			}
		}
	}
	const head = .08 // of the axis above the evidence and below the plateau
	tall := post.LogEvidence - low
	f.View.X = vizlib.Interval{Min: 0, Max: end + .5}
	f.View.Y = vizlib.Interval{Min: low - head*tall, Max: post.LogEvidence + head*tall}
	f.Marks = append(f.Marks, vizlib.Rule{At: post.LogEvidence, Name: "log evidence", Unit: "nats", Style: vizlib.Style{Ink: vizlib.Exact, Width: 3.5}},
		vizlib.Text{Text: "log evidence " + signed(post.LogEvidence, 2), At: vizlib.Point{X: end + .5, Y: post.LogEvidence + .015*tall}, AlignX: -1, AlignY: 1, Bold: true})
	f.Numbers = fmt.Sprintf("%d of %d stop on the plateau", onPlateau, len(runs))
	return f
}

// climbOf is the ELBO at the start and after each sweep.
func climbOf(r fit.Trace[cavi.GMMFactors]) (sweeps, elbo []float64) {
	for _, st := range r.Steps {
		if st.Update != "q(c)" {
			sweeps, elbo = append(sweeps, float64(st.Sweep)), append(elbo, st.Value)
		}
	}
	return sweeps, elbo
}

// halfWay is where a climb passes the middle of its height; false where it has none.
func halfWay(x, y []float64) (vizlib.Point, bool) {
	last := len(y) - 1
	middle := (y[0] + y[last]) / 2
	for j := 1; j <= last; j++ {
		if y[j-1] < middle && y[j] >= middle {
			t := (middle - y[j-1]) / (y[j] - y[j-1])
			return vizlib.Point{X: x[j-1] + t*(x[j]-x[j-1]), Y: middle}, true
		}
	}
	return vizlib.Point{}, false
}

// offset is half the distance between a fit's starting means, such as 10⁻⁶.
func offset(r fit.Trace[cavi.GMMFactors]) string {
	q := r.Steps[0].Q
	return power(math.Abs(q.Mean[1]-q.Mean[0]) / 2)
}

// power writes 1e-6 as 10⁻⁶ and other numbers shortly.
func power(v float64) string {
	e := math.Round(math.Log10(v))
	if !(v > 0) || math.Abs(v/math.Pow(10, e)-1) > 1e-3 {
		return fmt.Sprintf("%.3g", v)
	}
	digits := map[rune]rune{'-': '⁻', '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹'}
	out := "10"
	for _, r := range fmt.Sprint(int(e)) {
		out += string(digits[r])
	}
	return out
}
