package vizlib

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
)

// TeX has no images of its own: each cell is a rectangle, and its memory holds some twenty thousand of them. A table is
// drawn as it is where all pictures of a page may have as many cells; anything finer is averaged over a coarse grid.
const (
	texRoom  = 9000 // cells for an image, shared by the tiles of a page
	texCells = 64   // along a side of a coarse grid, at most
)

// image draws an image as rectangles: equal neighbours in a row become one, and all of one colour one path.
func (t *tikz) image(at Box, img image.Image) {
	b := img.Bounds()
	pixel := func(x, y int) color.NRGBA {
		return color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
	}
	xs := edges(b.Dx(), func(x int) bool {
		for y := range b.Dy() {
			if pixel(x, y) != pixel(x-1, y) {
				return true
			}
		}
		return false
	})
	ys := edges(b.Dy(), func(y int) bool {
		for x := range b.Dx() {
			if pixel(x, y) != pixel(x, y-1) {
				return true
			}
		}
		return false
	})
	if room := texRoom / t.tiles; (len(xs)-1)*(len(ys)-1) > room {
		n := min(texCells, int(math.Sqrt(float64(room))))
		xs, ys = even(b.Dx(), n), even(b.Dy(), n)
	}
	w, h := (at.Max.X-at.Min.X)/float64(b.Dx()), (at.Max.Y-at.Min.Y)/float64(b.Dy())
	paths := map[color.NRGBA]*strings.Builder{}
	var met []color.NRGBA
	for j := range len(ys) - 1 {
		row := make([]color.NRGBA, len(xs)-1)
		for i := range row {
			row[i] = average(pixel, image.Rect(xs[i], ys[j], xs[i+1], ys[j+1]))
		}
		for i := 0; i < len(row); {
			c, end := row[i], i+1
			for end < len(row) && row[end] == c {
				end++
			}
			if paths[c] == nil {
				paths[c] = new(strings.Builder)
				met = append(met, c)
			}
			const overlap = 0.1 // hides the seams that viewers draw between neighbours
			fmt.Fprintf(paths[c], "%srectangle%s\n",
				texPoint(Point{at.Min.X + float64(xs[i])*w, at.Max.Y - float64(ys[j+1])*h - overlap}),
				texPoint(Point{at.Min.X + float64(xs[end])*w + overlap, at.Max.Y - float64(ys[j])*h}))
			i = end
		}
	}
	for _, c := range met {
		fmt.Fprintf(&t.buf, "\\path[%s]\n%s;\n", ink(c, "fill"), paths[c].String())
	}
}

// edges are where lines of pixels differ from the ones before, among n of them, and both ends.
func edges(n int, differs func(i int) bool) []int {
	out := []int{0}
	for i := 1; i < n; i++ {
		if differs(i) {
			out = append(out, i)
		}
	}
	return append(out, n)
}

// even are the edges of at most cells equal parts of n pixels.
func even(n, cells int) []int {
	cells = min(n, cells)
	out := make([]int, cells+1)
	for i := range out {
		out[i] = i * n / cells
	}
	return out
}

// average is the mean colour of some pixels, opaque as they are.
func average(pixel func(x, y int) color.NRGBA, of image.Rectangle) color.NRGBA {
	var sum [3]int
	for y := of.Min.Y; y < of.Max.Y; y++ {
		for x := of.Min.X; x < of.Max.X; x++ {
			c := pixel(x, y)
			sum[0], sum[1], sum[2] = sum[0]+int(c.R), sum[1]+int(c.G), sum[2]+int(c.B)
		}
	}
	n := of.Dx() * of.Dy()
	mean := func(s int) uint8 { return uint8((s + n/2) / n) }
	return color.NRGBA{mean(sum[0]), mean(sum[1]), mean(sum[2]), 0xff}
}
