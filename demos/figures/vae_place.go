package figures

import (
	"fmt"
	"strings"

	"elboroom/vae"
	"elboroom/vizlib"
)

// VAEPlace is one place of the plane of codes: on the left where it is among the codes of the data, on the right what
// the decoder draws there, and above it which of the clean glyphs that is nearest to. In a clump it is a glyph to
// within a pixel or two; between clumps it is a mongrel.
func VAEPlace(im vae.Images, w vae.Weights, z1, z2 float64) vizlib.Grid {
	drawn := w.Decode([]float64{z1, z2})
	clean := vae.CleanGlyphs()
	row, off := clean.Nearest(drawn)
	here := vizlib.Style{Ink: vizlib.Black, Width: 1.5, Dash: vizlib.Dotted}
	plane := append(codeDots(im, w, 300), shapeKey(im.Names)...)
	plane = append(plane,
		vizlib.Rule{At: z2, Name: "z₂", Key: "z₂", Style: here},
		vizlib.Rule{At: z1, Upright: true, Name: "z₁", Key: "z₁", Style: here},
		vizlib.Dots{X: []float64{z1}, Y: []float64{z2}, Size: 15, Name: "here", Key: "here", Style: vizlib.Style{Ink: vizlib.Path1, Rim: true}})
	heat := mosaic([][]float64{drawn}, 1, vae.GlyphSide)
	return vizlib.Grid{
		Title:   "What is drawn at one place of the plane",
		Caption: fmt.Sprintf("z = (%s, %s)", signed(z1, 1), signed(z2, 1)),
		Numbers: fmt.Sprintf("nearest glyph: %s, %.1f pixels off", clean.Names[clean.Label[row]], off),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.07, .13, .385, .684}, Figure: vizlib.Figure{X: "z₁", Y: "z₂", View: planeView(), Marks: plane}},
			{At: vizlib.Rect{.55, .13, .385, .684}, Figure: vizlib.Figure{View: bare(vizlib.View{X: vizlib.Interval{Max: 1}, Y: vizlib.Interval{Max: 1}, Equal: true, Legend: vizlib.NoLegend}),
				Marks: []vizlib.Mark{heat, seams(heat.Box, 1, 1), above("decoded", vizlib.Path1)}}},
		},
	}
}

// Legible is the share of codes that decode to a glyph: within five pixels of one of the eighteen clean ones.
func Legible(w vae.Weights, codes [][]float64) float64 {
	const most = 5.0 // pixels; 98 % of the data's own codes decode to within it
	clean, legible := vae.CleanGlyphs(), 0
	for _, z := range codes {
		if _, off := clean.Nearest(w.Decode(z)); off < most {
			legible++
		}
	}
	return float64(legible) / float64(len(codes))
}

// VAESheets are new drawings side by side, a table for each source of codes: its first thirty-six, and the share of all that
// are legible.
func VAESheets(w vae.Weights, names []string, codes ...[][]float64) vizlib.Grid {
	const columns, lines = 6, 6
	if len(names) != len(codes) || len(codes) != 2 {
		panic(fmt.Sprintf("figures: VAESheets: %d names and %d lists of codes, want 2 each", len(names), len(codes)))
	}
	g := vizlib.Grid{Title: "New drawings, from two priors of the code", Caption: "the same decoder"}
	var shares []string
	for k, list := range codes {
		var images [][]float64
		for _, z := range list[:min(columns*lines, len(list))] {
			images = append(images, w.Decode(z))
		}
		for len(images) < columns*lines {
			images = append(images, nil)
		}
		heat := mosaic(images, columns, vae.GlyphSide)
		shares = append(shares, fmt.Sprintf("%.0f %%", 100*Legible(w, list)))
		view := bare(vizlib.View{X: vizlib.Interval{Max: columns}, Y: vizlib.Interval{Max: lines}, Equal: true, Legend: vizlib.NoLegend})
		g.Cells = append(g.Cells, vizlib.Cell{At: vizlib.Rect{.065 + .465*float64(k), .07, .405, .72},
			Figure: vizlib.Figure{View: view, Marks: []vizlib.Mark{heat, seams(heat.Box, columns, lines), above(names[k], []vizlib.Ink{vizlib.Muted, vizlib.Path1}[k])}}})
	}
	g.Numbers = "legible: " + strings.Join(shares, " and ")
	return g
}
