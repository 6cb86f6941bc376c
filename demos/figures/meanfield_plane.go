package figures

import (
	"fmt"
	"math"

	"elboroom/kl"
	"elboroom/vizlib"
)

// plane is the window on a Gaussian in two dimensions: the square panel and the marginals beside it.
type plane struct {
	p    kl.Gaussian
	rho  float64
	x, y vizlib.Interval
}

// The masses that p and q are drawn at.
const (
	halfMass = 0.50
	mostMass = 0.95
)

func newPlane(figure string, p kl.Gaussian) plane {
	if p.Dim() != 2 {
		panic(fmt.Sprintf("figures: %s: the target has %d dimensions, want 2", figure, p.Dim()))
	}
	const reach = 3.2 // sds from the mean to the edge
	r := reach * max(p.Sd(0), p.Sd(1))
	return plane{
		p:   p,
		rho: p.Cov.At(0, 1) / (p.Sd(0) * p.Sd(1)),
		x:   vizlib.Interval{Min: p.Mean[0] - r, Max: p.Mean[0] + r},
		y:   vizlib.Interval{Min: p.Mean[1] - r, Max: p.Mean[1] + r},
	}
}

// panel is p in the plane, grey.
func (s plane) panel() vizlib.Figure {
	f := vizlib.Figure{X: "θ₁", Y: "θ₂", View: vizlib.View{X: s.x, Y: s.y, Equal: true, Legend: vizlib.NoLegend}}
	for _, mass := range []float64{mostMass, halfMass} {
		e := ellipse(s.p, mass)
		e.Name, e.Key = fmt.Sprintf("p, %.0f %% of its mass", 100*mass), fmt.Sprintf("p/%v", mass)
		e.Style = vizlib.Style{Ink: vizlib.P, Fill: .35, Width: 1}
		f.Marks = append(f.Marks, e)
	}
	return f
}

// ellipse is the region of a Gaussian in the plane that holds a mass.
func ellipse(g kl.Gaussian, mass float64) vizlib.Ellipse {
	return vizlib.EllipseOf(vizlib.Point{X: g.Mean[0], Y: g.Mean[1]}, g.Cov.At(0, 0), g.Cov.At(0, 1), g.Cov.At(1, 1), mass)
}

// rings are a Gaussian in the plane at the masses that p is drawn at.
func rings(g kl.Gaussian, name string, style vizlib.Style) []vizlib.Mark {
	var marks []vizlib.Mark
	for _, mass := range []float64{mostMass, halfMass} {
		e := ellipse(g, mass)
		e.Name, e.Key, e.Style = fmt.Sprintf("%s, %.0f %% of its mass", name, 100*mass), fmt.Sprintf("%s/%v", name, mass), style
		marks = append(marks, e)
	}
	return marks
}

// conditionals are the lines E[θ₁|θ₂], dashed, and E[θ₂|θ₁], dotted, on which the legs of the staircase end.
func (s plane) conditionals() []vizlib.Mark {
	slope := s.rho * s.p.Sd(0) / s.p.Sd(1) // of E[θ₁|θ₂] over θ₂
	up := s.rho * s.p.Sd(1) / s.p.Sd(0)    // of E[θ₂|θ₁] over θ₁
	line := func(x, y [2]float64, name string, dash vizlib.Dash) vizlib.Mark {
		return vizlib.Line{X: x[:], Y: y[:], Name: name, Key: name, Style: vizlib.Style{Ink: vizlib.Black, Width: 1.2, Dash: dash}}
	}
	// The names stand beside the far ends of the lines, on the outer sides.
	const inset, below = 0.08, 0.59 // of half the window
	side := 1.0
	if s.rho < 0 {
		side = -1
	}
	half := (s.x.Max - s.x.Min) / 2
	far := half * (1 - inset)
	name := func(text string, x, y, alignX, alignY float64) vizlib.Mark {
		return vizlib.Text{Text: text, At: vizlib.Point{X: s.p.Mean[0] + x, Y: s.p.Mean[1] + y}, AlignX: alignX, AlignY: alignY, Key: text + "/name"}
	}
	return []vizlib.Mark{
		name("E[θ₁|θ₂]", slope*far-side*inset*half, far, -side, 0),
		name("E[θ₂|θ₁]", half, up*half-side*below*half, -1, -side),
		line([2]float64{s.p.Mean[0] + slope*(s.y.Min-s.p.Mean[1]), s.p.Mean[0] + slope*(s.y.Max-s.p.Mean[1])},
			[2]float64{s.y.Min, s.y.Max}, "E[θ₁|θ₂]", vizlib.Dashed),
		line([2]float64{s.x.Min, s.x.Max},
			[2]float64{s.p.Mean[1] + up*(s.x.Min-s.p.Mean[0]), s.p.Mean[1] + up*(s.x.Max-s.p.Mean[0])}, "E[θ₂|θ₁]", vizlib.Dotted),
	}
}

// withMargins is the square panel with the marginals above it and at its right: p grey, each approximation a line.
func (s plane) withMargins(main vizlib.Figure, qs ...kl.Gaussian) []vizlib.Cell {
	margin := func(i int, window vizlib.Interval) vizlib.Figure {
		sideways := i == 1
		top := 0.0
		for _, g := range append(qs, s.p) {
			top = max(top, bell(0, 0, g.Cov.At(i, i)))
		}
		// Over a whole movie the height stays that of q when it has settled, the tallest.
		top = 1.15 * max(top, bell(0, 0, s.p.Cov.At(i, i)*(1-s.rho*s.rho)))
		v := vizlib.View{X: window, Y: vizlib.Interval{Max: top}, Axes: vizlib.NoAxes, Legend: vizlib.NoLegend}
		if sideways {
			v.X, v.Y = v.Y, v.X
		}
		f := vizlib.Figure{View: v}
		curve := func(g kl.Gaussian, name string, style vizlib.Style) {
			f.Marks = append(f.Marks, vizlib.Curve{F: func(x float64) float64 { return bell(x, g.Mean[i], g.Cov.At(i, i)) },
				Sideways: sideways, Name: name, Key: name, Style: style})
		}
		curve(s.p, "p", vizlib.Style{Ink: vizlib.P, Fill: .45, Width: 1})
		for j, g := range qs {
			style := vizlib.Style{Ink: vizlib.Q, Width: 3}
			if j > 0 {
				style = vizlib.Style{Ink: vizlib.Two, Width: 2.5}
			}
			curve(g, [2]string{"q", "forward KL's q"}[j], style)
		}
		return f
	}
	return []vizlib.Cell{
		{At: vizlib.Rect{.05, .10, .3375, .60}, Figure: main},
		{At: vizlib.Rect{.05, .72, .3375, .12}, Figure: margin(0, s.x)},
		{At: vizlib.Rect{.40, .10, .0675, .60}, Figure: margin(1, s.y)},
	}
}

// widthPanel is the sd of q in units of the exact one, √(1 − ρ²), against the correlation, with a dot at rho.
func widthPanel(rho float64) vizlib.Figure {
	width := func(r float64) float64 { return math.Sqrt(1 - r*r) }
	f := vizlib.Figure{Title: "sd of q, the exact one being 1", X: "correlation ρ", View: vizlib.View{
		X: vizlib.Interval{Max: 1}, Y: vizlib.Interval{Max: 1.5}, Legend: vizlib.NoLegend,
		YTicks: []vizlib.Tick{{At: 0, Label: "0"}, {At: .5, Label: "0.5"}, {At: 1, Label: "1"}},
	}}
	r := math.Abs(rho)
	side := valueSide(r)
	f.Marks = []vizlib.Mark{
		vizlib.Rule{At: 1, Name: "exact", Key: "exact", Style: vizlib.Style{Ink: vizlib.Exact, Width: 2}},
		vizlib.Curve{F: width, From: 0, To: 1, Name: "√(1 − ρ²)", Key: "width", Style: vizlib.Style{Ink: vizlib.Q, Width: 3}},
		vizlib.Dots{X: []float64{r}, Y: []float64{width(r)}, Size: 12, Name: "now", Key: "now", Style: vizlib.Style{Ink: vizlib.Q, Rim: true}},
		vizlib.Text{Text: fmt.Sprintf("%.2f", width(r)), At: vizlib.Point{X: r + side*.025, Y: max(width(r)-.04, .24)}, AlignX: side, AlignY: -1, Bold: true,
			Key: "value", Style: vizlib.Style{Ink: vizlib.Q}},
	}
	return f
}

// valueSide is on which side of its dot the value at the correlation r stands: on the left, but not on the axis.
func valueSide(r float64) float64 {
	const room = .15
	if r < room {
		return 1
	}
	return -1
}

// decimals is how many decimals, one to three, write v.
func decimals(v float64) int {
	for n := 1; n < 3; n++ {
		scale := math.Pow10(n)
		if math.Abs(v*scale-math.Round(v*scale)) < 1e-6 {
			return n
		}
	}
	return 3
}
