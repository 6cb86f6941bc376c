// Command player writes the pages and fragments that the tests of figures look at into the folder it is given.
package main

import (
	"bytes"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"

	"elboroom/vizlib"
)

func bell(m, s float64) func(float64) float64 {
	return func(x float64) float64 { z := (x - m) / s; return math.Exp(-z*z/2) / (s * math.Sqrt(2*math.Pi)) }
}

func frame(i int) vizlib.Picture {
	t := float64(i) / 39
	return vizlib.Figure{
		Title: "Two bumps", Caption: fmt.Sprintf("sweep %d · q(μ₁) moved", i), Numbers: fmt.Sprintf("gap %.2f nats", 4-3*t),
		X: "μ", Y: "density", View: vizlib.View{X: vizlib.Interval{Min: -5, Max: 5}},
		Marks: []vizlib.Mark{
			vizlib.Curve{F: bell(0, 1), Name: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: 0.3}},
			vizlib.Curve{F: bell(-2+4*t, 0.5+t/2), Name: "q(μ₁)", Unit: "per unit", Style: vizlib.Style{Ink: vizlib.One, Fill: 0.15}},
			vizlib.Curve{F: bell(3-2*t, 0.7), Name: "q(μ₂)", Style: vizlib.Style{Ink: vizlib.Two, Fill: 0.15, Hatch: true}},
			vizlib.Line{X: []float64{-4, -3, -2}, Y: []float64{0.5, 0.5 + t/5, 0.6}, Step: true, Name: "steps", Style: vizlib.Style{Ink: vizlib.Bound}},
		},
	}
}

func panels() vizlib.Grid {
	bumps := func(x, y float64) float64 { return math.Exp(-(x-1)*(x-1)-y*y) + math.Exp(-(x+1)*(x+1)-2*y*y) }
	x := []float64{-2.4, -2.2, -1.9, -1.1, -0.6, 0.4, 0.7, 1.5, 1.6, 1.8, 2.2, 2.3}
	share := make([]float64, len(x))
	for i := range x {
		share[i] = 1 / (1 + math.Exp(-2*x[i]))
	}
	window := vizlib.View{X: vizlib.Interval{Min: -4, Max: 4}, Axes: vizlib.BottomOnly}
	return vizlib.Grid{Title: "Panels", Caption: "four of them", Numbers: "1.23 nats", Cells: []vizlib.Cell{
		{At: vizlib.Rect{0.05, 0.62, 0.45, 0.2}, ShareX: "x", Figure: vizlib.Figure{View: window, Marks: []vizlib.Mark{
			vizlib.Curve{F: bell(1, 0.6), Name: "q(μ₁)", Style: vizlib.Style{Ink: vizlib.One, Fill: 0.3}},
		}}},
		{At: vizlib.Rect{0.05, 0.12, 0.45, 0.4}, ShareX: "x", Figure: vizlib.Figure{Title: "data", X: "x", View: window, Marks: []vizlib.Mark{
			vizlib.Bars{Data: x, Share: share, Bins: 8, From: -4, To: 4, Name: "counts", Style: vizlib.Style{Ink: vizlib.One, Ink2: vizlib.Two}},
			vizlib.Rule{At: 1, Upright: true, Style: vizlib.Style{Dash: vizlib.Dashed}},
		}}},
		{At: vizlib.Rect{0.6, 0.52, 0.36, 0.3}, Figure: vizlib.Figure{Y: "nats", View: vizlib.View{LogY: true}, Marks: []vizlib.Mark{
			vizlib.Line{X: []float64{0, 1, 2, 3}, Y: []float64{100, 5, 0.3, 0.01}, Step: true, Name: "gap", Unit: "nats", Style: vizlib.Style{Ink: vizlib.Gap}},
		}}},
		{At: vizlib.Rect{0.6, 0.12, 0.36, 0.3}, Figure: vizlib.Figure{View: vizlib.View{Equal: true, X: vizlib.Interval{Min: -3, Max: 3}, Y: vizlib.Interval{Min: -3, Max: 3}}, Marks: []vizlib.Mark{
			vizlib.Heat{F: bumps, N: 41, Name: "density", Style: vizlib.Style{Ink: vizlib.Q}},
			vizlib.Ellipse{A: 2, B: 2, Name: "circle", Style: vizlib.Style{Ink: vizlib.Path1}},
			vizlib.Dots{X: []float64{-1, 1}, Y: []float64{0, 0}, Glyph: vizlib.Ring, Name: "modes", Size: 9},
		}}},
	}}
}

func explorer() vizlib.Explorer {
	means := make([]float64, 31)
	for i := range means {
		means[i] = -3 + 0.2*float64(i)
	}
	return vizlib.Explorer{
		Sliders: []vizlib.Slider{{Name: "mean", Values: means, Start: 15}, {Name: "sd", Values: []float64{0.5, 0.75, 1, 1.5}, Start: 2}},
		Frame: func(v []float64) vizlib.Picture {
			return vizlib.Figure{
				Title: "Move the sliders", Caption: fmt.Sprintf("mean %.1f, sd %g", v[0], v[1]), X: "θ", View: vizlib.View{X: vizlib.Interval{Min: -6, Max: 6}, Axes: vizlib.BottomOnly},
				Marks: []vizlib.Mark{
					vizlib.Curve{F: bell(0, 1), Name: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: 0.3}},
					vizlib.Curve{F: bell(v[0], v[1]), Name: "q", Style: vizlib.Style{Ink: vizlib.Q, Width: 3}},
				},
			}
		},
	}
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: player FOLDER")
	}
	if err := (vizlib.Output{Theme: vizlib.Dark}).Save(filepath.Join(os.Args[1], "dark.html"), panels()); err != nil {
		log.Fatal(err)
	}
	for name, p := range map[string]vizlib.Picture{"movie": vizlib.Movie{Len: 40, Frame: frame}, "figure": frame(20), "panels": panels(), "explorer": explorer()} {
		path := filepath.Join(os.Args[1], name)
		if err := vizlib.Save(path+".html", p); err != nil {
			log.Fatal(err)
		}
		var fragment bytes.Buffer
		if err := p.HTML(&fragment); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(path+".fragment", fragment.Bytes(), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
