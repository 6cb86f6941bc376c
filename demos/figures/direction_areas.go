package figures

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/kl"
	"elboroom/vizlib"
)

// DirectionAreas shows why KL(p‖q) and KL(q‖p) differ: the two densities, and beside them the two integrands,
// whose areas are the divergences. Each integrand is high only where its first density has mass.
func DirectionAreas(p, q distuv.Normal) vizlib.Grid {
	const sds, above, knots = 3.5, 1.35, 400
	x := vizlib.Interval{
		Min: math.Min(p.Mu-sds*p.Sigma, q.Mu-sds*q.Sigma),
		Max: math.Max(p.Mu+sds*p.Sigma, q.Mu+sds*q.Sigma),
	}
	forward, reverse := integrand(p.LogProb, q.LogProb), integrand(q.LogProb, p.LogProb)
	var most, least float64
	for i := range knots + 1 {
		at := x.Min + (x.Max-x.Min)*float64(i)/knots
		most = math.Max(most, math.Max(forward(at), reverse(at)))
		least = math.Min(least, math.Min(forward(at), reverse(at)))
	}
	y := vizlib.Interval{Min: above * least, Max: above * most}
	peak := vizlib.Interval{Max: above * math.Max(p.Prob(p.Mu), q.Prob(q.Mu))}
	densities := densityPanel("p and q", fmt.Sprintf("p = N(%.3g, %.3g²), q = N(%.3g, %.3g²)", p.Mu, p.Sigma, q.Mu, q.Sigma), peak)
	densities.View.XTicks = nil
	densities.Marks = []vizlib.Mark{
		targetArea(p.LogProb),
		vizlib.Curve{F: q.Prob, Name: "q", Key: "q", Style: vizlib.Style{Ink: vizlib.Q, Width: 4.5}},
	}
	left := integrandPanel("p ln(p/q)", p.LogProb, q.LogProb, vizlib.Two, y)
	left.Caption = "area = KL(p‖q) = " + nats(kl.Normal(p, q))
	right := integrandPanel("q ln(q/p)", q.LogProb, p.LogProb, vizlib.Q, y)
	right.Caption = "area = KL(q‖p) = " + nats(kl.Normal(q, p))
	for _, f := range []*vizlib.Figure{&densities, &left, &right} {
		f.View.X = x
	}
	return vizlib.Grid{
		Title:   "The same two curves, two different areas",
		Caption: fmt.Sprintf("KL(p‖q) %.3f · KL(q‖p) %.3f nats", kl.Normal(p, q), kl.Normal(q, p)),
		Numbers: "filled +, hatched −",
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.03, .10, .30, .74}, Figure: densities},
			{At: vizlib.Rect{.355, .10, .30, .74}, Figure: left},
			{At: vizlib.Rect{.68, .10, .30, .74}, Figure: right},
		},
	}
}

// DirectionTriangle shows that KL is no distance: going from a to c by way of b can cost less than going straight.
// The three densities stand on one axis, an arrow from one to another carries the divergence.
func DirectionTriangle(a, b, c distuv.Normal) vizlib.Figure {
	const sds = 3.2
	ab, bc, ac := kl.Normal(a, b), kl.Normal(b, c), kl.Normal(a, c)
	peak := math.Max(a.Prob(a.Mu), math.Max(b.Prob(b.Mu), c.Prob(c.Mu)))
	relation := "≥"
	if ab+bc < ac {
		relation = "<"
	}
	fig := vizlib.Figure{
		Title:   "KL is not a distance",
		Caption: fmt.Sprintf("KL(a‖b) + KL(b‖c) = %.3g %s %.3g = KL(a‖c)", ab+bc, relation, ac),
		Numbers: "in nats",
		View: vizlib.View{
			X:      vizlib.Interval{Min: math.Min(a.Mu-sds*a.Sigma, c.Mu-sds*c.Sigma), Max: math.Max(a.Mu+sds*a.Sigma, c.Mu+sds*c.Sigma)},
			Y:      vizlib.Interval{Max: 2.15 * peak},
			Axes:   vizlib.BottomOnly,
			Legend: vizlib.NoLegend,
		},
	}
	for i, d := range []distuv.Normal{a, b, c} {
		ink := [3]vizlib.Ink{vizlib.One, vizlib.P, vizlib.Two}[i]
		name := [3]string{"a", "b", "c"}[i]
		fig.Marks = append(fig.Marks,
			vizlib.Curve{F: d.Prob, Name: name, Key: name, Style: vizlib.Style{Ink: ink, Fill: 0.2, Width: 3}},
			vizlib.Text{Text: name, At: vizlib.Point{X: d.Mu, Y: 0.05 * peak}, Size: 18, Bold: true, AlignY: 1, Style: vizlib.Style{Ink: ink}},
		)
	}
	fig.Marks = append(fig.Marks, arc(a.Mu, b.Mu, 1.08*peak, 0.22*peak, fmt.Sprintf("%.3g", ab))...)
	fig.Marks = append(fig.Marks, arc(b.Mu, c.Mu, 1.08*peak, 0.22*peak, fmt.Sprintf("%.3g", bc))...)
	fig.Marks = append(fig.Marks, arc(a.Mu, c.Mu, 1.5*peak, 0.36*peak, fmt.Sprintf("%.3g", ac))...)
	return fig
}

// arc is a bowed arrow from one place to another at height y, with a text on top.
func arc(from, to, y, rise float64, text string) []vizlib.Mark {
	const knots, inset = 40, 0.06
	from, to = from+inset*(to-from), to-inset*(to-from)
	xs, ys := make([]float64, knots+1), make([]float64, knots+1)
	for i := range xs {
		s := float64(i) / knots
		xs[i], ys[i] = from+s*(to-from), y+rise*4*s*(1-s)
	}
	style := vizlib.Style{Ink: vizlib.Black, Width: 2}
	tip := func(i int) []vizlib.Point { return []vizlib.Point{{X: xs[i], Y: ys[i]}} }
	return []vizlib.Mark{
		vizlib.Line{X: xs, Y: ys, Style: style},
		vizlib.Arrows{From: tip(knots - 1), To: tip(knots), Style: style},
		vizlib.Text{Text: text, At: vizlib.Point{X: (from + to) / 2, Y: y + 1.1*rise}, Size: 20, AlignY: 1},
	}
}
