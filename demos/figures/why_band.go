package figures

import (
	"fmt"
	"slices"

	"elboroom/vizlib"
)

// WhyBand shows the estimates k̂ of several seeds against the correlation that mean field ignores: a dot a seed, a band that
// holds eight of ten, the true shape (for a Gaussian it is |ρ|), and the two levels from which on importance weights have no
// variance (½) and are not to be trusted (0.7).
func WhyBand(rho []float64, estimates [][]float64) vizlib.Figure {
	if len(rho) < 2 || len(estimates) != len(rho) || slices.ContainsFunc(estimates, func(e []float64) bool { return len(e) == 0 }) {
		panic(fmt.Sprintf("figures: WhyBand: %d correlations and %d sets of estimates, want equally many, at least 2, none empty", len(rho), len(estimates)))
	}
	const noVariance, noTrust = 0.5, 0.7
	band := vizlib.Band{X: rho, Name: "8 of 10 seeds", Style: vizlib.Style{Ink: vizlib.Q, Fill: 0.25}}
	var x, y []float64
	for i, e := range estimates {
		band.Low, band.High = append(band.Low, quantileOf(e, 0.1)), append(band.High, quantileOf(e, 0.9))
		for _, k := range e {
			x, y = append(x, rho[i]), append(y, k)
		}
	}
	level := func(at float64, words string) []vizlib.Mark {
		return []vizlib.Mark{
			vizlib.Rule{At: at, Name: words, Style: vizlib.Style{Ink: vizlib.Path1, Width: 1.5, Dash: vizlib.Dashed}},
			vizlib.Text{Text: words, At: vizlib.Point{X: rho[0], Y: at + 0.015}, AlignX: 1, AlignY: 1, Style: vizlib.Style{Ink: vizlib.Path1}},
		}
	}
	last := rho[len(rho)-1]
	f := vizlib.Figure{
		Title: "The alarm k̂ has a band", X: "correlation ρ", Y: "k̂",
		Caption: fmt.Sprintf("%d seeds at each ρ", len(estimates[0])),
		Numbers: fmt.Sprintf("at ρ = %.2f from %.2f to %.2f", last, slices.Min(estimates[len(rho)-1]), slices.Max(estimates[len(rho)-1])),
		View:    vizlib.View{Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{
			band,
			vizlib.Dots{X: x, Y: y, Size: 4, Name: "one seed", Style: vizlib.Style{Ink: vizlib.Q}},
			vizlib.Line{X: rho, Y: rho, Name: "k = |ρ|", Style: vizlib.Style{Ink: vizlib.Exact, Width: 2.5}},
			vizlib.Text{Text: "k = |ρ|", At: vizlib.Point{X: last, Y: last + 0.02}, AlignX: -1, AlignY: 1, Bold: true},
		},
	}
	f.Marks = append(f.Marks, level(noVariance, "above: no variance")...)
	f.Marks = append(f.Marks, level(noTrust, "above: do not trust")...)
	return f
}
