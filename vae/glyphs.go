package vae

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Images are small pictures, a row of X each, from the top left pixel to the bottom right, 0 paper and 1 ink.
type Images struct {
	X     *mat.Dense // n×(W·H)
	Label []int      // which shape a row shows, an index into Names
	Names []string
	W, H  int
}

// GlyphSide is the width and the height of a glyph in pixels.
const GlyphSide = 8

// glyph is a shape of six by six pixels.
type glyph struct {
	name string
	rows [6]string
}

func shapes() []glyph {
	return []glyph{
		{"ring", [6]string{" #### ", "##  ##", "#    #", "#    #", "##  ##", " #### "}},
		{"plus", [6]string{"  ##  ", "  ##  ", "######", "######", "  ##  ", "  ##  "}},
		{"ell", [6]string{"##    ", "##    ", "##    ", "##    ", "######", "######"}},
		{"tee", [6]string{"######", "######", "  ##  ", "  ##  ", "  ##  ", "  ##  "}},
		{"ex", [6]string{"##  ##", " #### ", "  ##  ", "  ##  ", " #### ", "##  ##"}},
		{"bar", [6]string{"  ##  ", "  ##  ", "  ##  ", "  ##  ", "  ##  ", "  ##  "}},
	}
}

// Glyphs draws n images of 8×8 pixels: one of six shapes (ring, plus, ell, tee, ex, bar), uniformly; put up to one
// pixel off the middle to the left or right, also uniformly; then each pixel flipped with probability flip.
func Glyphs(n int, flip float64, rng *rand.Rand) Images {
	if n < 1 {
		panic(fmt.Sprintf("vae: Glyphs: n is %d, want at least 1", n))
	}
	if !(flip >= 0 && flip <= 1) {
		panic(fmt.Sprintf("vae: Glyphs: flip is %v, want a probability", flip))
	}
	all := shapes()
	im := blank(n)
	for i := range n {
		shape, shift := rng.IntN(len(all)), rng.IntN(places)
		row := im.X.RawRowView(i)
		all[shape].draw(row, shift)
		for p := range row {
			if rng.Float64() < flip {
				row[p] = 1 - row[p]
			}
		}
		im.Label = append(im.Label, shape)
	}
	return im
}

// CleanGlyphs are the eighteen images that Glyphs draws if no pixel is flipped: six shapes in three places.
func CleanGlyphs() Images {
	im := blank(len(shapes()) * places)
	for shape, g := range shapes() {
		for shift := range places {
			g.draw(im.X.RawRowView(len(im.Label)), shift)
			im.Label = append(im.Label, shape)
		}
	}
	return im
}

// Nearest returns the row of im that is nearest to x, and Σ_p |x_p − X_p|: how many pixels of x differ from it, where x
// are probabilities the expected number.
func (im Images) Nearest(x []float64) (row int, pixels float64) {
	n, d := im.X.Dims()
	if len(x) != d {
		panic(fmt.Sprintf("vae: Images: the image has %d pixels, want %d", len(x), d))
	}
	pixels = math.Inf(1)
	for i := range n {
		if d := floats.Distance(x, im.X.RawRowView(i), 1); d < pixels {
			row, pixels = i, d
		}
	}
	return row, pixels
}

// places is how many pixels to the right of the leftmost place a glyph may stand, and one.
const places = 3

// blank is n images of paper.
func blank(n int) Images {
	im := Images{X: mat.NewDense(n, GlyphSide*GlyphSide, nil), W: GlyphSide, H: GlyphSide}
	for _, g := range shapes() {
		im.Names = append(im.Names, g.name)
	}
	return im
}

// draw puts ink on an image of paper.
func (g glyph) draw(row []float64, shift int) {
	for y, line := range g.rows {
		for x, c := range line {
			if c == '#' {
				row[(y+1)*GlyphSide+x+shift] = 1
			}
		}
	}
}
