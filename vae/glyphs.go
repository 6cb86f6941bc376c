package vae

import (
	"fmt"
	"math/rand/v2"

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
	im := Images{X: mat.NewDense(n, GlyphSide*GlyphSide, nil), W: GlyphSide, H: GlyphSide}
	for _, g := range all {
		im.Names = append(im.Names, g.name)
	}
	for i := range n {
		shape, shift := rng.IntN(len(all)), rng.IntN(3)
		row := im.X.RawRowView(i)
		for y, line := range all[shape].rows {
			for x, c := range line {
				if c == '#' {
					row[(y+1)*GlyphSide+x+shift] = 1
				}
			}
		}
		for p := range row {
			if rng.Float64() < flip {
				row[p] = 1 - row[p]
			}
		}
		im.Label = append(im.Label, shape)
	}
	return im
}
