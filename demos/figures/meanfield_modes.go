package figures

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/vizlib"
)

// MeanFieldModes is the exact posterior of a mixture's two means beside a fit of it.
//
// On the left, in the plane of μ₁ and μ₂: the exact posterior has two modes that differ only in the components'
// names, mirror images over the dotted diagonal; q sits on one of them. On the right: the marginal of μ₁, exact
// with both bumps, and q(μ₁) with one.
func MeanFieldModes(m model.GMM, post exact.GMMPosterior, q cavi.GMMFactors) vizlib.Grid {
	if len(q.Mean) != 2 {
		panic(fmt.Sprintf("figures: MeanFieldModes: q has %d means, want 2", len(q.Mean)))
	}
	const reach = 6.0 // sds of q around both means
	lo, hi := math.Inf(1), math.Inf(-1)
	for k, mean := range q.Mean {
		sd := math.Sqrt(q.Var[k])
		lo, hi = min(lo, mean-reach*sd), max(hi, mean+reach*sd)
	}
	w := vizlib.Interval{Min: lo, Max: hi}
	density := func(x, y float64) float64 { return post.Density([]float64{x, y}) }
	factors := kl.Gaussian{Mean: q.Mean, Cov: mat.NewSymDense(2, []float64{q.Var[0], 0, 0, q.Var[1]})}
	plane := vizlib.Figure{X: "μ₁", Y: "μ₂", View: vizlib.View{X: w, Y: w, Equal: true, Legend: vizlib.NoLegend}, Marks: []vizlib.Mark{
		vizlib.Contour{F: density, Masses: []float64{halfMass, mostMass}, Name: "exact posterior", Key: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: .35, Width: 1}},
		vizlib.Line{X: []float64{lo, hi}, Y: []float64{lo, hi}, Name: "μ₁ = μ₂", Key: "mirror", Style: vizlib.Style{Ink: vizlib.Muted, Width: 1.5, Dash: vizlib.Dotted}},
	}}
	plane.Marks = append(plane.Marks, rings(factors, "q", vizlib.Style{Ink: vizlib.Q, Width: 3.5})...)
	// Each name stands on the side of its mode that looks away from the diagonal.
	const offset = 3.2 // sds from a mode to its label
	side := 1.0
	if q.Mean[1] < q.Mean[0] {
		side = -1
	}
	plane.Marks = append(plane.Marks,
		vizlib.Text{Text: "q is here", At: vizlib.Point{X: q.Mean[0], Y: q.Mean[1] + side*offset*math.Sqrt(q.Var[1])}, AlignY: side, Bold: true, Style: vizlib.Style{Ink: vizlib.Q}},
		vizlib.Text{Text: "the same, names swapped", At: vizlib.Point{X: q.Mean[1], Y: q.Mean[0] - side*offset*math.Sqrt(q.Var[0])}, AlignY: -side, Style: vizlib.Style{Ink: vizlib.P}})
	gap := cavi.GMM{GMM: m}.Gap(q, post.LogEvidence)
	marginal := vizlib.Figure{X: "μ₁", Title: "the marginal of μ₁", View: vizlib.View{X: w, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend,
		Y: vizlib.Interval{Max: 1.35 * bell(0, 0, q.Var[0])}}, Marks: []vizlib.Mark{
		vizlib.Curve{F: post.Marginal, Name: "exact", Key: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: .45, Width: 1}},
		vizlib.Curve{F: func(x float64) float64 { return bell(x, q.Mean[0], q.Var[0]) }, Name: "q(μ₁)", Key: "q", Style: vizlib.Style{Ink: vizlib.Q, Width: 4}},
		vizlib.Text{Text: "q(μ₁)", At: vizlib.Point{X: q.Mean[0], Y: 1.03 * bell(0, 0, q.Var[0])}, AlignY: 1, Bold: true, Style: vizlib.Style{Ink: vizlib.Q}},
		vizlib.Text{Text: "exact", At: vizlib.Point{X: q.Mean[1], Y: post.Marginal(q.Mean[1]) + .03*bell(0, 0, q.Var[0])}, AlignY: 1, Bold: true, Style: vizlib.Style{Ink: vizlib.P}},
	}}
	return vizlib.Grid{
		Title:   "Two names, two modes: q takes one",
		Caption: "half of the exact mass is left out",
		Numbers: fmt.Sprintf("gap %.2f nats, of it labels %.2f", gap.Total, gap.Labels),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.06, .11, .40, .71}, Figure: plane},
			{At: vizlib.Rect{.56, .11, .41, .71}, Figure: marginal},
		},
	}
}
