package figures

import (
	"fmt"
	"math"

	"elboroom/kl"
	"elboroom/vizlib"
)

// DirectionAreas shows why KL(p‖q) and KL(q‖p) differ for two Gaussians on the line: the two densities, and beside
// them the two integrands, whose areas are the divergences. Each is high only where its first density has mass.
func DirectionAreas(p, q kl.Gaussian) vizlib.Grid {
	const sds, above, knots = 3.5, 1.35, 400
	x := aroundAll(sds, p, q)
	lnp, lnq := density(p), density(q)
	forward, reverse := integrand(lnp, lnq), integrand(lnq, lnp)
	var most, least float64
	for i := range knots + 1 {
		at := x.Min + (x.Max-x.Min)*float64(i)/knots
		most = math.Max(most, math.Max(forward(at), reverse(at)))
		least = math.Min(least, math.Min(forward(at), reverse(at)))
	}
	y := vizlib.Interval{Min: above * least, Max: above * most}
	peak := vizlib.Interval{Max: above * math.Max(height(p), height(q))}
	densities := densityPanel("p and q", fmt.Sprintf("p = N(%.3g, %.3g²), q = N(%.3g, %.3g²)", p.Mean[0], p.Sd(0), q.Mean[0], q.Sd(0)), x, peak)
	densities.View.XTicks = nil
	densities.Marks = []vizlib.Mark{
		targetArea(lnp),
		vizlib.Curve{F: lnq.at, Name: "q", Key: "q", Style: vizlib.Style{Ink: vizlib.Q, Width: 4.5}},
		onShoulder("p", p, q.Mean[0] < p.Mean[0], peak, vizlib.P),
		onShoulder("q", q, q.Mean[0] >= p.Mean[0], peak, vizlib.Q),
	}
	left := integrandPanel("area", "p ln(p/q)", lnp, lnq, vizlib.Two, x, y)
	left.Caption = "area = KL(p‖q) = " + nats(kl.MvNormal(p, q))
	right := integrandPanel("area", "q ln(q/p)", lnq, lnp, vizlib.Q, x, y)
	right.Caption = "area = KL(q‖p) = " + nats(kl.MvNormal(q, p))
	return vizlib.Grid{
		Title:   "The same two curves, two different areas",
		Caption: fmt.Sprintf("KL(p‖q) %.3f · KL(q‖p) %.3f nats", kl.MvNormal(p, q), kl.MvNormal(q, p)),
		Numbers: "filled +, hatched −",
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.03, .10, .30, .74}, Figure: densities},
			{At: vizlib.Rect{.355, .10, .30, .74}, Figure: left},
			{At: vizlib.Rect{.68, .10, .30, .74}, Figure: right},
		},
	}
}

// onShoulder writes a name beside the curve of a Gaussian, one sd to the right of its mean or to the left.
func onShoulder(name string, g kl.Gaussian, right bool, y vizlib.Interval, ink vizlib.Ink) vizlib.Mark {
	side := -1.0
	if right {
		side = 1
	}
	x := g.Mean[0] + side*g.Sd(0)
	return vizlib.Text{Text: name, At: vizlib.Point{X: x + .15*side*g.Sd(0), Y: density(g).at(x) + .02*y.Max}, AlignX: side, AlignY: 1,
		Size: 18, Bold: true, Key: name + "/name", Style: vizlib.Style{Ink: ink}}
}

// aroundAll is the stretch of x that holds the mean of every Gaussian with so many sds on either side.
func aroundAll(sds float64, gs ...kl.Gaussian) vizlib.Interval {
	x := vizlib.Interval{Min: math.Inf(1), Max: math.Inf(-1)}
	for _, g := range gs {
		if g.Dim() != 1 {
			panic(fmt.Sprintf("figures: a Gaussian has %d dimensions, want 1", g.Dim()))
		}
		x.Min, x.Max = math.Min(x.Min, g.Mean[0]-sds*g.Sd(0)), math.Max(x.Max, g.Mean[0]+sds*g.Sd(0))
	}
	return x
}

// DirectionTriangle shows that KL is no distance: going from a to c by way of b can cost less than going straight.
// The three densities stand on one axis, an arrow from one to another carries the divergence.
func DirectionTriangle(a, b, c kl.Gaussian) vizlib.Figure {
	const sds = 3.2
	x := aroundAll(sds, a, b, c)
	ab, bc, ac := kl.MvNormal(a, b), kl.MvNormal(b, c), kl.MvNormal(a, c)
	peak := math.Max(height(a), math.Max(height(b), height(c)))
	relation := "≥"
	if ab+bc < ac {
		relation = "<"
	}
	fig := vizlib.Figure{
		Title:   "KL is not a distance",
		Caption: fmt.Sprintf("KL(a‖b) + KL(b‖c) = %.3g %s %.3g = KL(a‖c)", ab+bc, relation, ac),
		Numbers: "in nats",
		View: vizlib.View{
			X:      x,
			Y:      vizlib.Interval{Max: 2.15 * peak},
			Axes:   vizlib.BottomOnly,
			Legend: vizlib.NoLegend,
		},
	}
	for i, g := range []kl.Gaussian{a, b, c} {
		ink := [3]vizlib.Ink{vizlib.One, vizlib.P, vizlib.Two}[i]
		name := [3]string{"a", "b", "c"}[i]
		fig.Marks = append(fig.Marks,
			vizlib.Curve{F: density(g).at, Name: name, Key: name, Style: vizlib.Style{Ink: ink, Fill: 0.2, Width: 3}},
			vizlib.Text{Text: name, At: vizlib.Point{X: g.Mean[0], Y: 0.05 * peak}, Size: 18, Bold: true, AlignY: 1, Style: vizlib.Style{Ink: ink}},
		)
	}
	fig.Marks = append(fig.Marks, arc(a.Mean[0], b.Mean[0], 1.08*peak, 0.22*peak, fmt.Sprintf("%.3g", ab))...)
	fig.Marks = append(fig.Marks, arc(b.Mean[0], c.Mean[0], 1.08*peak, 0.22*peak, fmt.Sprintf("%.3g", bc))...)
	fig.Marks = append(fig.Marks, arc(a.Mean[0], c.Mean[0], 1.5*peak, 0.36*peak, fmt.Sprintf("%.3g", ac))...)
	return fig
}

// arc is a bowed arrow from one place to another at height y, with a text on top.
func arc(from, to, y, rise float64, text string) []vizlib.Mark {
	const knots, inset = 40, 0.06
	const head = 6 // knots from which the arrow's head is drawn straight
	from, to = from+inset*(to-from), to-inset*(to-from)
	xs, ys := make([]float64, knots+1), make([]float64, knots+1)
	for i := range xs {
		s := float64(i) / knots
		xs[i], ys[i] = from+s*(to-from), y+rise*4*s*(1-s)
	}
	style := vizlib.Style{Ink: vizlib.Black, Width: 2}
	tip := func(i int) []vizlib.Point { return []vizlib.Point{{X: xs[i], Y: ys[i]}} }
	return []vizlib.Mark{
		vizlib.Line{X: xs[:knots-head+1], Y: ys[:knots-head+1], Style: style},
		vizlib.Arrows{From: tip(knots - head), To: tip(knots), Style: style},
		vizlib.Text{Text: text, At: vizlib.Point{X: (from + to) / 2, Y: y + 1.1*rise}, Size: 20, AlignY: 1},
	}
}
