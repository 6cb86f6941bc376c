package vizlib_test

import (
	"fmt"
	"math"

	"elboroom/vizlib"
)

// bell is the density of a Normal.
func bell(m, s float64) func(float64) float64 {
	return func(x float64) float64 {
		z := (x - m) / s
		return math.Exp(-z*z/2) / (s * math.Sqrt(2*math.Pi))
	}
}

func ExampleCurve() {
	draw(vizlib.Figure{
		Title: "A curve, and another on its side",
		X:     "θ", View: vizlib.View{Axes: vizlib.BottomOnly, X: vizlib.Interval{Min: -3, Max: 4}},
		Marks: []vizlib.Mark{
			vizlib.Curve{F: bell(0, 1), Name: "p(θ)", Style: vizlib.Style{Ink: vizlib.P, Fill: 0.4}},
			vizlib.Curve{F: bell(0.5, 0.7), Name: "q(θ)", Style: vizlib.Style{Ink: vizlib.Q, Width: 4}},
			vizlib.Curve{F: bell(0.3, 0.1), From: 0, To: 0.6, Sideways: true, Style: vizlib.Style{Ink: vizlib.Aux}},
		},
	})
	// Output: A curve, and another on its side. p(θ), q(θ) against θ.
}

func ExampleLine() {
	sweep := []float64{0, 0.5, 1, 1.5, 2, 2.5, 3}
	value := []float64{-120, -101, -96, -90.5, -89, -88.2, -88}
	draw(vizlib.Figure{
		Title: "A value that changes all at once is a step line",
		X:     "sweep", Y: "nats",
		Marks: []vizlib.Mark{
			vizlib.Line{X: sweep, Y: value, Step: true, Name: "objective", Style: vizlib.Style{Ink: vizlib.Bound, Width: 3}},
			vizlib.Line{X: sweep, Y: value, Name: "joined", Style: vizlib.Style{Ink: vizlib.Muted}},
		},
	})
	// Output: A value that changes all at once is a step line. objective, joined against sweep, in nats.
}

func ExampleDots() {
	x := []float64{-2, -1, 0, 1, 2}
	y := []float64{0, 1, 2, 1.5, 3}
	up := func(by float64) []float64 {
		v := make([]float64, len(y))
		for i := range y {
			v[i] = y[i] + by
		}
		return v
	}
	shade := []float64{0, 0.25, 0.5, 0.75, 1}
	draw(vizlib.Figure{Title: "Glyphs", Marks: []vizlib.Mark{
		vizlib.Dots{X: x, Y: y, Size: 12, Shade: shade, Name: "shared", Style: vizlib.Style{Ink: vizlib.One, Ink2: vizlib.Two, Rim: true}},
		vizlib.Dots{X: x, Y: up(1), Size: 10, Glyph: vizlib.Ring, Name: "open", Style: vizlib.Style{Ink: vizlib.Path1}},
		vizlib.Dots{X: x, Y: up(2), Size: 10, Glyph: vizlib.Square, Name: "square", Style: vizlib.Style{Ink: vizlib.Bound}},
		vizlib.Dots{X: x, Y: up(3), Size: 10, Glyph: vizlib.Cross, Name: "crossed", Style: vizlib.Style{Ink: vizlib.Data}},
		vizlib.Dots{X: x, Y: up(4), Size: 10, Glyph: vizlib.Down, Name: "down", Style: vizlib.Style{Ink: vizlib.Gap}},
	}})
	// Output: Glyphs. shared, open, square, crossed, down.
}

func ExampleBars() {
	var data, share []float64
	for i := range 80 { // the quantiles of two bumps, and how much of each belongs to the right one
		x := math.Sqrt2*math.Erfinv(float64(i/2*2-39)/40) + 1.3*math.Copysign(1, float64(i%2)-0.5)
		data = append(data, x)
		share = append(share, 1/(1+math.Exp(-2.6*x)))
	}
	draw(vizlib.Figure{
		Title: "A histogram, each bar shared out",
		X:     "x", View: vizlib.View{Axes: vizlib.BottomOnly},
		Marks: []vizlib.Mark{vizlib.Bars{Data: data, Share: share, Bins: 16, Name: "data", Style: vizlib.Style{Ink: vizlib.One, Ink2: vizlib.Two}}},
	})
	// Output: A histogram, each bar shared out. data against x.
}

// banana is a density that bends.
func banana(x, y float64) float64 {
	return math.Exp(-x*x/2 - (y-x*x/2)*(y-x*x/2))
}

func ExampleContour() {
	draw(vizlib.Figure{
		Title: "Half of the mass, and 95 % of it",
		X:     "θ₁", Y: "θ₂", View: vizlib.View{X: vizlib.Interval{Min: -4, Max: 4}, Y: vizlib.Interval{Min: -2, Max: 6}, Equal: true},
		Marks: []vizlib.Mark{
			vizlib.Contour{F: banana, N: 61, Masses: []float64{0.95, 0.5}, Name: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: 0.3, Width: 1}},
		},
	})
	// Output: Half of the mass, and 95 % of it. p against θ₁, in θ₂.
}

func ExampleHeat() {
	square := vizlib.View{X: vizlib.Interval{Min: -4, Max: 4}, Y: vizlib.Interval{Min: -2, Max: 6}}
	draw(vizlib.Grid{
		Title: "A function as colour, and a table of cells",
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{0.06, 0.12, 0.4, 0.7}, Figure: vizlib.Figure{X: "θ₁", Y: "θ₂", View: square,
				Marks: []vizlib.Mark{vizlib.Heat{F: banana, Name: "p", Style: vizlib.Style{Ink: vizlib.Q}}}}},
			{At: vizlib.Rect{0.56, 0.12, 0.4, 0.7}, Figure: vizlib.Figure{View: vizlib.View{Axes: vizlib.NoAxes},
				Marks: []vizlib.Mark{vizlib.Heat{Cells: [][]float64{{0, 1, 0}, {1, 1, 1}, {0, 1, 0}}, Style: vizlib.Style{Ink: vizlib.Bound}}}}},
		},
	})
	// Output: A function as colour, and a table of cells. p against θ₁, in θ₂.
}

func ExampleEllipse() {
	draw(vizlib.Figure{
		Title: "Half of a correlated Gaussian, and of a round one",
		X:     "θ₁", Y: "θ₂", View: vizlib.View{Equal: true},
		Marks: []vizlib.Mark{
			vizlib.Ellipse{A: 1.6, B: 0.4, Angle: math.Pi / 4, Name: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: 0.4, Width: 1}},
			vizlib.EllipseOf(vizlib.Point{X: 0.2, Y: 0.3}, 0.19, 0, 0.19, 0.5),
		},
	})
	// Output: Half of a correlated Gaussian, and of a round one. p against θ₁, in θ₂.
}

func ExampleRule() {
	draw(vizlib.Figure{
		Title: "What is known exactly is a thick black line",
		X:     "sweep", Y: "nats", View: vizlib.View{X: vizlib.Interval{Min: 0, Max: 6}},
		Marks: []vizlib.Mark{
			vizlib.Rule{At: -80, Name: "exact", Style: vizlib.Style{Ink: vizlib.Exact, Width: 3.5}},
			vizlib.Rule{At: 4, Upright: true, From: -90, To: -83, Name: "stops here", Style: vizlib.Style{Ink: vizlib.Muted}},
			vizlib.Curve{F: func(x float64) float64 { return -81 - 12*math.Exp(-x) }, Name: "objective", Style: vizlib.Style{Ink: vizlib.Bound, Width: 3}},
		},
	})
	// Output: What is known exactly is a thick black line. exact, stops here, objective against sweep, in nats.
}

func ExampleText() {
	word := func(text string, x, y, size float64, ink vizlib.Ink) vizlib.Mark {
		return vizlib.Text{Text: text, At: vizlib.Point{X: x, Y: y}, Size: size, Bold: true, Style: vizlib.Style{Ink: ink}}
	}
	draw(vizlib.Figure{
		Title: "Letters: μₖ σ² s₁² Λ φ ∝ ∈ ∇ 𝔼 λ̂ q̄ KL(q‖p) 𝓛",
		View:  vizlib.View{X: vizlib.Interval{Min: 0, Max: 1}, Y: vizlib.Interval{Min: 0, Max: 1}},
		Marks: []vizlib.Mark{
			word("log p(x) = 𝓛(q) + KL(q‖p)", 0.5, 0.62, 40, vizlib.Black),
			word("𝔼[ln p(x, z)] − 𝔼[ln q(z)]", 0.5, 0.4, 26, vizlib.Bound),
			word("≥ 0", 0.75, 0.5, 20, vizlib.Gap),
			vizlib.Text{Text: "in the box, top left", At: vizlib.Point{X: 0.01, Y: 0.98}, InBox: true, AlignX: 1, AlignY: -1},
		},
	})
	// Output: Letters: μₖ σ² s₁² Λ φ ∝ ∈ ∇ 𝔼 λ̂ q̄ KL(q‖p) 𝓛.
}

func ExampleArea() {
	p, q := bell(0, 1.6), bell(0.8, 1)
	draw(vizlib.Figure{
		Title: "A signed area",
		X:     "x", View: vizlib.View{Axes: vizlib.BottomOnly},
		Marks: []vizlib.Mark{
			vizlib.Area{F: func(x float64) float64 { return q(x) * math.Log(q(x)/p(x)) }, From: -4, To: 5, Name: "q ln(q/p)", Unit: "nats", Style: vizlib.Style{Ink: vizlib.Q}},
		},
	})
	// Output: A signed area. q ln(q/p) against x.
}

func ExampleBand() {
	var n, low, mean, high []float64
	for i := 1.0; i <= 40; i++ {
		m, sd := 2+math.Sin(i)/i, 1.6/math.Sqrt(i)
		n, low, mean, high = append(n, i), append(low, m-sd), append(mean, m), append(high, m+sd)
	}
	draw(vizlib.Figure{Title: "A spread around a mean", X: "n", Marks: []vizlib.Mark{
		vizlib.Band{X: n, Low: low, High: high, Style: vizlib.Style{Ink: vizlib.Q}},
		vizlib.Line{X: n, Y: mean, Name: "mean", Style: vizlib.Style{Ink: vizlib.Q, Width: 3}},
	}})
	// Output: A spread around a mean. mean against n.
}

func ExampleBlocks() {
	var labels, rest []vizlib.Box
	for sweep, gap := range []float64{2.9, 1.7, 1.1, 0.95} {
		y := -float64(sweep)
		labels = append(labels, vizlib.Box{Min: vizlib.Point{X: 0, Y: y}, Max: vizlib.Point{X: math.Ln2, Y: y + 0.7}})
		rest = append(rest, vizlib.Box{Min: vizlib.Point{X: math.Ln2, Y: y}, Max: vizlib.Point{X: gap, Y: y + 0.7}})
	}
	draw(vizlib.Figure{
		Title: "Bars in two parts, on their sides",
		X:     "nats", View: vizlib.View{Axes: vizlib.BottomOnly, X: vizlib.Interval{Min: 0, Max: 3.2}, Y: vizlib.Interval{Min: -3.2, Max: 1.2}},
		Marks: []vizlib.Mark{
			vizlib.Blocks{At: labels, Name: "labels", Style: vizlib.Style{Ink: vizlib.Gap, Fill: 0.9}},
			vizlib.Blocks{At: rest, Name: "the rest", Style: vizlib.Style{Ink: vizlib.Gap, Fill: 0.4}},
		},
	})
	// Output: Bars in two parts, on their sides. labels, the rest against nats.
}

func ExampleSegments() {
	line := func(x float64) float64 { return 1 + x/2 }
	var from, to []vizlib.Point
	var x, y []float64
	for i := range 15 {
		at := float64(i) / 2
		x, y = append(x, at), append(y, line(at)+0.7*math.Sin(3.3*at))
		from, to = append(from, vizlib.Point{X: at, Y: line(at)}), append(to, vizlib.Point{X: at, Y: y[i]})
	}
	draw(vizlib.Figure{Title: "Stems from a line to the data", X: "x", Marks: []vizlib.Mark{
		vizlib.Segments{From: from, To: to, Style: vizlib.Style{Ink: vizlib.Path1}},
		vizlib.Curve{F: line, Name: "line", Style: vizlib.Style{Ink: vizlib.Q, Width: 3}},
		vizlib.Dots{X: x, Y: y, Size: 10, Name: "data", Style: vizlib.Style{Ink: vizlib.Data}},
	}})
	// Output: Stems from a line to the data. line, data against x.
}

func ExampleArrows() {
	draw(vizlib.Figure{Title: "Where it came from", View: vizlib.View{Axes: vizlib.BottomOnly}, Marks: []vizlib.Mark{
		vizlib.Curve{F: bell(3, 0.5), From: 0, To: 5, Style: vizlib.Style{Ink: vizlib.Two, Width: 1}},
		vizlib.Curve{F: bell(1.5, 0.4), From: 0, To: 5, Name: "q(μ₂)", Style: vizlib.Style{Ink: vizlib.Two, Fill: 0.5, Hatch: true, Width: 4.5}},
		vizlib.Arrows{From: []vizlib.Point{{X: 3, Y: 0.5}}, To: []vizlib.Point{{X: 1.6, Y: 0.5}}},
	}})
	// Output: Where it came from. q(μ₂).
}

func ExampleGrid() {
	both := vizlib.Interval{Min: -3, Max: 3}
	p := vizlib.Style{Ink: vizlib.P, Fill: 0.4}
	draw(vizlib.Grid{
		Title: "Panels placed by hand, sharing an axis", Caption: "left: what they share", Numbers: "right: numbers",
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{0.06, 0.46, 0.5, 0.38}, ShareX: "θ", Figure: vizlib.Figure{Title: "above",
				View: vizlib.View{X: both, Axes: vizlib.BottomOnly}, Marks: []vizlib.Mark{vizlib.Curve{F: bell(0, 1), Name: "p", Style: p}}}},
			{At: vizlib.Rect{0.06, 0.12, 0.5, 0.26}, ShareX: "θ", Figure: vizlib.Figure{X: "θ",
				View: vizlib.View{Axes: vizlib.BottomOnly}, Marks: []vizlib.Mark{vizlib.Curve{F: bell(1, 0.5), Name: "q", Style: vizlib.Style{Ink: vizlib.Q}}}}},
			{At: vizlib.Rect{0.66, 0.12, 0.3, 0.72}, Figure: vizlib.Figure{X: "sweep", Y: "above the floor",
				View: vizlib.View{LogY: true}, Marks: []vizlib.Mark{vizlib.Line{X: []float64{0, 1, 2, 3, 4}, Y: []float64{20, 2, 0.3, 0.02, 0.001}, Step: true}}}},
		},
	})
	// Output: Panels placed by hand, sharing an axis. left: what they share. right: numbers. Panels: above: p; q against θ; against sweep, in above the floor.
}

func ExampleMovie() {
	draw(vizlib.Movie{Len: 12, Frame: func(i int) vizlib.Picture {
		m := 2 * math.Pow(0.7, float64(i))
		return vizlib.Figure{
			Title: "A movie keeps its window", Caption: fmt.Sprintf("step %d", i), Numbers: fmt.Sprintf("mean %.2f", m),
			X: "θ", View: vizlib.View{Axes: vizlib.BottomOnly},
			Marks: []vizlib.Mark{
				vizlib.Curve{F: bell(0, 1), From: -3, To: 4, Name: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: 0.4}},
				vizlib.Curve{F: bell(m, 0.6), From: -3, To: 4, Name: "q", Style: vizlib.Style{Ink: vizlib.Q, Width: 4}},
			},
		}
	}})
	// Output: A movie of 12 frames. It begins with: A movie keeps its window. step 0. mean 2.00. p, q against θ. It ends with: A movie keeps its window. step 11. mean 0.04. p, q against θ.
}

func ExampleDiagram() {
	at := func(x, y float64) vizlib.Point { return vizlib.Point{X: x, Y: y} }
	draw(vizlib.Figure{
		Title: "Latent Dirichlet allocation as plates",
		View:  vizlib.View{Equal: true, Axes: vizlib.NoAxes},
		Marks: []vizlib.Mark{vizlib.Diagram{
			Nodes: []vizlib.Node{
				{At: at(0, 0), Text: "α", Kind: vizlib.Fixed}, {At: at(1.2, 0), Text: "θ"}, {At: at(2.6, 0), Text: "z"},
				{At: at(4, 0), Text: "w", Kind: vizlib.Observed}, {At: at(5.6, 0), Text: "βₖ"}, {At: at(7, 0), Text: "η", Kind: vizlib.Fixed},
			},
			Edges: []vizlib.Edge{{From: 0, To: 1}, {From: 1, To: 2}, {From: 2, To: 3}, {From: 4, To: 3}, {From: 5, To: 4}},
			Plates: []vizlib.Plate{
				{Box: vizlib.Box{Min: at(2, -0.8), Max: at(4.6, 0.7)}, Text: "N words"},
				{Box: vizlib.Box{Min: at(0.6, -1.2), Max: at(4.8, 0.9)}, Text: "D documents"},
				{Box: vizlib.Box{Min: at(5.0, -0.8), Max: at(6.2, 0.7)}, Text: "K topics"},
			},
		}},
	})
	// Output: Latent Dirichlet allocation as plates.
}

// descent is a movie of a dot that slides into a valley.
func descent() vizlib.Movie {
	valley := func(x float64) float64 { return x * x / 2 }
	return vizlib.Movie{Len: 7, Frame: func(i int) vizlib.Picture {
		x := 2.4 * math.Pow(0.6, float64(i))
		return vizlib.Figure{
			Title: "Down into the valley", Caption: fmt.Sprintf("step %d", i), Numbers: fmt.Sprintf("height %.2f", valley(x)), X: "x",
			Marks: []vizlib.Mark{
				vizlib.Curve{F: valley, From: -1, To: 3, Name: "valley", Style: vizlib.Style{Ink: vizlib.P, Width: 3}},
				vizlib.Dots{X: []float64{x}, Y: []float64{valley(x)}, Size: 14, Name: "here", Style: vizlib.Style{Ink: vizlib.Q, Rim: true}},
			},
		}
	}}
}

func ExampleStrip() {
	draw(vizlib.Strip(descent(), 0, 1, 2, 6))
	// Output: A strip of 4 frames: Down into the valley. step 0. height 2.88. valley, here against x. step 1. height 1.04. valley, here against x. step 2. height 0.37. valley, here against x. step 6. height 0.01. valley, here against x.
}

func ExampleMovie_Still() {
	fmt.Println(descent().Still(1).Alt())
	// Output: Down into the valley. step 1. height 1.04. valley, here against x.
}

func ExampleOutput() {
	err := vizlib.Output{Theme: vizlib.Projector, Page: vizlib.Page{Width: 254, Height: 190.5}}.Save("valley.eps", descent())
	fmt.Println(err)
	// Output: vizlib: valley.eps is not written: its ending ".eps" names no medium: want .svg, .pdf, .png, .tex, .gif, .mp4, .webm or .html
}

func ExampleBlank() {
	draw(vizlib.Blank(descent(), "valley"))
	// Output: Down into the valley. valley against x.
}
