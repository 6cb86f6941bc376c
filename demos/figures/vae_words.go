package figures

import (
	"math"

	"elboroom/vae"
	"elboroom/vizlib"
)

// Small things that the autoencoder's figures share.

// planeSide is how far the plane of codes is shown: N(0, I) has 0.5 % of its mass outside.
const planeSide = 3.2

func planeView() vizlib.View {
	at := vizlib.Interval{Min: -planeSide, Max: planeSide}
	return vizlib.View{X: at, Y: at, Equal: true, Legend: vizlib.NoLegend}
}

// shapeLook is the ink and the form of the dots of shape k.
func shapeLook(k int) (vizlib.Ink, vizlib.Glyph) {
	inks := []vizlib.Ink{vizlib.One, vizlib.Two, vizlib.Three, vizlib.Bound, vizlib.Gap, vizlib.Black}
	glyphs := []vizlib.Glyph{vizlib.Ring, vizlib.Disc, vizlib.Square, vizlib.Down, vizlib.Cross, vizlib.Square}
	return inks[k%len(inks)], glyphs[k%len(glyphs)]
}

// mosaic is images of side×side pixels in a table of columns, one after the other from the top left, as one Heat:
// a unit is an image, from (0, 0) at the lower left. Images that are nil stay white.
func mosaic(images [][]float64, columns, side int) vizlib.Heat {
	lines := (len(images) + columns - 1) / columns
	cells := make([][]float64, lines*side)
	for r := range cells {
		cells[r] = make([]float64, columns*side)
	}
	for i, im := range images {
		for p, v := range im {
			row := lines*side - 1 - (i/columns*side + p/side)
			cells[row][i%columns*side+p%side] = hundredths(v)
		}
	}
	return vizlib.Heat{Cells: cells, Box: vizlib.Box{Max: vizlib.Point{X: float64(columns), Y: float64(lines)}}, High: 1,
		Name: "ink", Key: "mosaic", Style: vizlib.Style{Ink: vizlib.Black}}
}

// hundredths rounds what nobody can see, so that pages stay small.
func hundredths(v float64) float64 { return math.Round(100*min(max(v, 0), 1)) / 100 }

// seams are thin lines between the images of a mosaic.
func seams(box vizlib.Box, columns, lines int) vizlib.Segments {
	s := vizlib.Segments{Key: "seams", Style: vizlib.Style{Ink: vizlib.Muted, Width: 1}}
	for i := range columns + 1 {
		x := box.Min.X + (box.Max.X-box.Min.X)*float64(i)/float64(columns)
		s.From, s.To = append(s.From, vizlib.Point{X: x, Y: box.Min.Y}), append(s.To, vizlib.Point{X: x, Y: box.Max.Y})
	}
	for i := range lines + 1 {
		y := box.Min.Y + (box.Max.Y-box.Min.Y)*float64(i)/float64(lines)
		s.From, s.To = append(s.From, vizlib.Point{X: box.Min.X, Y: y}), append(s.To, vizlib.Point{X: box.Max.X, Y: y})
	}
	return s
}

// decodedPlane is what the decoder says at the middles of n×n equal squares of the plane of codes.
func decodedPlane(w vae.Weights, n int) []vizlib.Mark {
	var images [][]float64
	for i := range n * n {
		step := 2 * planeSide / float64(n)
		x := -planeSide + (float64(i%n)+.5)*step
		y := planeSide - (float64(i/n)+.5)*step
		images = append(images, w.Decode([]float64{x, y}))
	}
	h := mosaic(images, n, vae.GlyphSide)
	h.Box = vizlib.Box{Min: vizlib.Point{X: -planeSide, Y: -planeSide}, Max: vizlib.Point{X: planeSide, Y: planeSide}}
	return []vizlib.Mark{h, seams(h.Box, n, n)}
}

// codeDots is the mean of q(z|x) for each datum, a group of dots a shape, its name in the middle.
func codeDots(im vae.Images, w vae.Weights, most int) []vizlib.Mark {
	n, _ := im.X.Dims()
	groups := make([]vizlib.Dots, len(im.Names))
	for i := range min(n, most) {
		g := &groups[im.Label[i]]
		c := w.Encode(im.X.RawRowView(i))
		g.X, g.Y = append(g.X, inPlane(c.Mean[0])), append(g.Y, inPlane(c.Mean[1]))
	}
	var marks []vizlib.Mark
	for k, g := range groups {
		if len(g.X) == 0 {
			continue
		}
		g.Name, g.Key, g.Size = im.Names[k], im.Names[k], 6.5
		g.Style.Ink, g.Glyph = shapeLook(k)
		if g.Glyph == vizlib.Cross || g.Glyph == vizlib.Ring {
			g.Style.Width = 1.6
		}
		marks = append(marks, g)
	}
	return marks
}

// shapeKey names the dots above the plane.
func shapeKey(names []string) []vizlib.Mark {
	var marks []vizlib.Mark
	for k, name := range names {
		ink, _ := shapeLook(k)
		marks = append(marks, vizlib.Text{Text: name, InBox: true, At: vizlib.Point{X: (float64(k) + .5) / float64(len(names)), Y: 1.015}, AlignY: 1,
			Bold: true, Key: "key/" + name, Style: vizlib.Style{Ink: ink}})
	}
	return marks
}

// above is a line of text over a panel.
func above(text string, ink vizlib.Ink) vizlib.Text {
	return vizlib.Text{Text: text, InBox: true, At: vizlib.Point{X: 0, Y: 1.015}, AlignX: 1, AlignY: 1, Key: "above", Style: vizlib.Style{Ink: ink}}
}

// inPlane keeps a coordinate in sight: what lies further out is drawn at the edge.
func inPlane(v float64) float64 {
	const edge = planeSide - .08
	return min(max(v, -edge), edge)
}
