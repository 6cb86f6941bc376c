package figures

import (
	"fmt"
	"math"
	"math/rand/v2"

	"elboroom/vae"
	"elboroom/vizlib"
)

// VAEGap is what amortised inference loses. On the left one datum, the first: its exact posterior p(z|x) grey, the
// encoder's q(z|x) dashed, and the Gaussian of the same family fitted to this datum alone. On the right, for each
// datum, the nats between the ELBO and ln p(x): below what its own q would save (the amortisation gap), on top what
// the family costs.
//
// Source: Cremer, Li and Duvenaud (2018), §3.
func VAEGap(im vae.Images, w vae.Weights, which []int) vizlib.Grid {
	if len(which) == 0 {
		panic("figures: VAEGap: want at least one datum")
	}
	const cells, steps, draws, mass = 240, 250, 800, .9
	plane := w.Plane(cells)
	var amortised, family []float64
	edges := []float64{.5}
	var left vizlib.Figure
	for i, at := range which {
		x := im.X.RawRowView(at)
		exact, own := plane.Evidence(x), w.Refine(x, steps, 1)
		elbo := func(q vae.Code) float64 { return w.ELBOUnder(q, x, draws, rand.New(rand.NewPCG(1, 0))).ELBO() }
		first, last := elbo(own.Path[0]), elbo(own.Last())
		amortised = append(amortised, max(last-first, 0))
		family = append(family, max(exact.LogEvidence-max(last, first), 0))
		edges = append(edges, float64(i)+1.5)
		if i == 0 {
			left = posteriorPanel(exact.Posterior, own, mass)
			left.Title = fmt.Sprintf("datum 1, a noisy %s", im.Names[im.Label[at]])
		}
	}
	var sumA, sumF, top float64
	for i := range amortised {
		sumA += amortised[i] / float64(len(which))
		sumF += family[i] / float64(len(which))
		top = max(top, amortised[i]+family[i])
	}
	var ticks []vizlib.Tick
	for i := range which {
		ticks = append(ticks, vizlib.Tick{At: float64(i + 1), Label: fmt.Sprint(i + 1)})
	}
	return vizlib.Grid{
		Title:   "One network for all data: what it costs",
		Caption: "the encoder's answer, and what this datum alone would have chosen",
		Numbers: fmt.Sprintf("mean gap %.2f nats: %.2f amortisation, %.2f family", sumA+sumF, sumA, sumF),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.06, .13, .38, .676}, Figure: left},
			{At: vizlib.Rect{.53, .13, .44, .676}, Figure: vizlib.Figure{X: "datum", Y: "ln p(x) − ELBO, nats",
				View: vizlib.View{Y: vizlib.Interval{Max: 1.25 * top}, XTicks: ticks, Legend: vizlib.NoLegend},
				Marks: []vizlib.Mark{
					vizlib.Bars{Edges: edges, Counts: amortised, Upper: family, Name: "gap", Unit: "nats", Style: vizlib.Style{Ink: vizlib.Q, Ink2: vizlib.Gap}},
					vizlib.Text{Text: "blue: amortisation", InBox: true, At: vizlib.Point{X: .03, Y: .97}, AlignX: 1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.Q}},
					vizlib.Text{Text: "hatched: the family", InBox: true, At: vizlib.Point{X: .97, Y: .97}, AlignX: -1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.Gap}},
				}}},
		},
	}
}

// posteriorPanel is an exact posterior on its grid, and the way from the encoder's q to the datum's own.
func posteriorPanel(density [][]float64, own vae.Refined, mass float64) vizlib.Figure {
	side := 2 * vae.CodeRange / float64(len(density))
	at := func(x, y float64) float64 { // bilinear between the middles of cells
		u, v := (x+vae.CodeRange)/side-.5, (y+vae.CodeRange)/side-.5
		i, j := clampCell(u, len(density)), clampCell(v, len(density))
		s, t := u-float64(i), v-float64(j)
		return (1-t)*((1-s)*density[j][i]+s*density[j][i+1]) + t*((1-s)*density[j+1][i]+s*density[j+1][i+1])
	}
	var mx, my, total, spread float64
	for j, row := range density {
		for i, p := range row {
			mx, my, total = mx+p*(float64(i)+.5), my+p*(float64(j)+.5), total+p
		}
	}
	mx, my = mx/total*side-vae.CodeRange, my/total*side-vae.CodeRange
	ellipse := func(q vae.Code, name string, s vizlib.Style) vizlib.Ellipse {
		spread = max(spread, 3.2*q.SD[0]+math.Abs(q.Mean[0]-mx), 3.2*q.SD[1]+math.Abs(q.Mean[1]-my))
		e := vizlib.EllipseOf(vizlib.Point{X: q.Mean[0], Y: q.Mean[1]}, q.SD[0]*q.SD[0], 0, q.SD[1]*q.SD[1], mass)
		e.Name, e.Key, e.Style = name, name, s
		return e
	}
	encoder := ellipse(own.Path[0], "the encoder's", vizlib.Style{Ink: vizlib.Path1, Width: 3.5, Dash: vizlib.Dashed})
	alone := ellipse(own.Last(), "its own", vizlib.Style{Ink: vizlib.Q, Width: 3.5})
	return vizlib.Figure{X: "z₁", Y: "z₂",
		View: vizlib.View{X: vizlib.Interval{Min: mx - spread, Max: mx + spread}, Y: vizlib.Interval{Min: my - spread, Max: my + spread}, Equal: true},
		Marks: []vizlib.Mark{
			vizlib.Contour{F: at, Masses: []float64{.5, mass}, Name: "exact p(z|x)", Key: "exact", Style: vizlib.Style{Ink: vizlib.P, Fill: .25, Width: 1}},
			encoder, alone}}
}

// clampCell is the lower of the two cells that u lies between.
func clampCell(u float64, n int) int { return min(max(int(math.Floor(u)), 0), n-2) }
