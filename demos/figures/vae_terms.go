package figures

import (
	"fmt"

	"elboroom/vae"
	"elboroom/vizlib"
)

// DiffusionTerms is the ELBO of a diffusion model by its terms: a bar for the KL of each step that is undone, blue what
// the network's guess costs together with the variances. Above them the sum: what p(z₀|z₁) says of the codes, minus all
// bars, minus the KL at the end, is a bound on the codes' log density; beside it stands what N(0, I) alone says of them.
func DiffusionTerms(b vae.DiffusionBound, standard float64) vizlib.Grid {
	edges, top, total := []float64{1.5}, 0.0, 0.0
	for i, v := range b.Steps {
		edges = append(edges, float64(i)+2.5)
		top, total = max(top, v), total+v
	}
	last := len(b.Steps) + 1
	sum := fmt.Sprintf("%s − %.3f − %.3f = %s nats", signed(b.Last, 3), total, b.Prior, signed(b.ELBO(), 3))
	return vizlib.Grid{
		Title:   "The loss of a diffusion model is an ELBO",
		Caption: fmt.Sprintf("%d steps to undo, a KL of two Gaussians each", last-1),
		Numbers: fmt.Sprintf("ELBO %s nats a code; N(0, I) says %s", signed(b.ELBO(), 2), signed(standard, 2)),
		Cells: []vizlib.Cell{{At: vizlib.Rect{.085, .13, .89, .70}, Figure: vizlib.Figure{X: "step t", Y: "E KL(q(zₜ₋₁|zₜ, z₀) ‖ p(zₜ₋₁|zₜ)), nats",
			View: vizlib.View{X: vizlib.Interval{Min: .5, Max: float64(last) + 1}, Y: vizlib.Interval{Max: 1.45 * top}, Legend: vizlib.NoLegend},
			Marks: []vizlib.Mark{
				vizlib.Bars{Edges: edges, Counts: b.Steps, Name: "KL of a step", Unit: "nats", Style: vizlib.Style{Ink: vizlib.Q}},
				vizlib.Text{Text: "ELBO = E ln p(z₀|z₁) − all bars − KL(q(z" + sub(last) + "|z₀) ‖ N(0, I))", InBox: true, At: vizlib.Point{X: .98, Y: .98}, AlignX: -1, AlignY: -1, Size: 15},
				vizlib.Text{Text: sum, InBox: true, At: vizlib.Point{X: .98, Y: .90}, AlignX: -1, AlignY: -1, Size: 15, Bold: true, Style: vizlib.Style{Ink: vizlib.Bound}},
			}}}},
	}
}
