package vizlib

import (
	"io"
	"testing"
)

// panels is a slide as the lectures have it: three panels, seven curves, a split histogram, labels.
func panels() Grid {
	x := Interval{-5, 5}
	var data, share []float64
	for i := range 60 {
		v := -4 + 8*float64(i)/60
		data, share = append(data, v), append(share, float64(i)/60)
	}
	dens := View{X: x, Axes: BottomOnly}
	return Grid{
		Title: "Two bumps, one sweep at a time", Caption: "sweep 2 · q(c) moved", Numbers: "−87.81 nats",
		Cells: []Cell{
			{At: Rect{.04, .48, .56, .36}, ShareX: "x", Figure: Figure{View: dens, Marks: []Mark{
				Curve{F: bell(-1.5, 0.5), Name: "q(μ₁)", Style: Style{Ink: One, Fill: 0.5, Width: 4.5}},
				Curve{F: bell(2, 0.5), Name: "q(μ₂)", Style: Style{Ink: Two, Fill: 0.2, Hatch: true}},
				Curve{F: bell(0, 2), Name: "p", Style: Style{Ink: P}},
			}}},
			{At: Rect{.04, .1, .56, .34}, ShareX: "x", Figure: Figure{X: "x", View: dens, Marks: []Mark{
				Bars{Data: data, Share: share, Density: true, Bins: 18, Name: "data", Style: Style{Ink: One, Ink2: Two}},
				Curve{F: bell(-1.5, 1), Style: Style{Ink: One, Casing: true}}, Curve{F: bell(2, 1), Style: Style{Ink: Two, Casing: true}},
			}}},
			{At: Rect{.7, .1, .27, .74}, Figure: Figure{X: "θ₁", Y: "θ₂", View: View{X: x, Y: x}, Marks: []Mark{
				Ellipse{A: 3, B: 1, Angle: 0.7, Name: "p", Style: Style{Ink: P, Fill: 0.4}},
				Ellipse{A: 1, B: 1, Name: "q", Style: Style{Ink: Q, Width: 4}},
				Dots{X: data, Y: data, Glyph: Ring, Style: Style{Ink: Path1}},
			}}},
		},
	}
}

func benchmarkStill(b *testing.B, o Output, ext string) {
	b.ReportAllocs()
	for range b.N {
		tiles, page, err := o.tiles(panels())
		if err != nil {
			b.Fatal(err)
		}
		if err := o.still(ext)(io.Discard, tiles, page); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSVG(b *testing.B) { benchmarkStill(b, Output{}, ".svg") }
func BenchmarkPDF(b *testing.B) { benchmarkStill(b, Output{}, ".pdf") }
func BenchmarkTeX(b *testing.B) { benchmarkStill(b, Output{}, ".tex") }

// BenchmarkPNG is at 1600×900.
func BenchmarkPNG(b *testing.B) { benchmarkStill(b, Output{Width: 1600}, ".png") }

func BenchmarkPoster(b *testing.B) {
	for range b.N {
		if err := panels().PNG(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLayout(b *testing.B) {
	for range b.N {
		if _, err := layout(panels()); err != nil {
			b.Fatal(err)
		}
	}
}
