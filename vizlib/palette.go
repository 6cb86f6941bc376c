package vizlib

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// reduced is a palette of few colours for many: the most frequent ones as they are, so that flat areas stay
// exact, the rest (edges, mixtures) by median cut. There is no dithering: it crawls in a movie.
type reduced struct {
	colors color.Palette
	index  map[uint32]uint8 // of every colour met
}

// exactShare is the part of a palette that is kept for the most frequent colours.
const exactShare = 0.5

// tally is a colour 0xRRGGBB and how many pixels have it.
type tally struct {
	rgb uint32
	n   int
}

func (t tally) channel(k int) int { return int(t.rgb >> (16 - 8*k) & 0xff) }

// paletteOf chooses at most size colours for opaque images.
func paletteOf(images []*image.RGBA, size int) reduced {
	counts := map[uint32]int{}
	for _, img := range images {
		countColors(img, counts)
	}
	return paletteFrom(counts, size)
}

// paletteFrom chooses at most size of the colours that were counted.
func paletteFrom(counts map[uint32]int, size int) reduced {
	all := make([]tally, 0, len(counts))
	for rgb, n := range counts {
		all = append(all, tally{rgb, n})
	}
	slices.SortFunc(all, func(a, b tally) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.rgb, b.rgb)) })
	exact := all
	var chosen []uint32
	if len(all) > size {
		exact = all[:int(exactShare*float64(size))]
		for _, box := range medianCut(all[len(exact):], size-len(exact)) {
			chosen = append(chosen, mean(box))
		}
	}
	pal := reduced{index: make(map[uint32]uint8, len(all))}
	seen := map[uint32]bool{}
	for _, t := range exact {
		seen[t.rgb] = true
		pal.colors = append(pal.colors, hex(t.rgb))
	}
	for _, rgb := range chosen {
		if !seen[rgb] {
			seen[rgb] = true
			pal.colors = append(pal.colors, hex(rgb))
		}
	}
	for i, t := range exact {
		pal.index[t.rgb] = uint8(i)
	}
	for _, t := range all[len(exact):] {
		pal.index[t.rgb] = pal.nearest(t)
	}
	return pal
}

// countColors adds an image's colours, run by run.
func countColors(img *image.RGBA, counts map[uint32]int) {
	var last uint32
	run := 0
	for i := 0; i+3 < len(img.Pix); i += 4 {
		rgb := uint32(img.Pix[i])<<16 | uint32(img.Pix[i+1])<<8 | uint32(img.Pix[i+2])
		if rgb != last || run == 0 {
			if run > 0 {
				counts[last] += run
			}
			last, run = rgb, 0
		}
		run++
	}
	if run > 0 {
		counts[last] += run
	}
}

// medianCut splits colours into boxes, always the box and channel with the largest spread, at its median.
func medianCut(colors []tally, boxes int) [][]tally {
	out := [][]tally{slices.Clone(colors)}
	for len(out) < boxes {
		best, channel, widest := -1, 0, 0
		for i, b := range out {
			for k := range 3 {
				lo, hi := 255, 0
				for _, t := range b {
					lo, hi = min(lo, t.channel(k)), max(hi, t.channel(k))
				}
				if hi-lo > widest {
					best, channel, widest = i, k, hi-lo
				}
			}
		}
		if best < 0 {
			break
		}
		b := out[best]
		slices.SortFunc(b, func(a, c tally) int {
			return cmp.Or(cmp.Compare(a.channel(channel), c.channel(channel)), cmp.Compare(a.rgb, c.rgb))
		})
		half := len(b) / 2
		out[best] = b[:half]
		out = append(out, b[half:])
	}
	return out
}

// mean is the average colour of a box, weighted by pixels.
func mean(box []tally) uint32 {
	var sum [3]int
	n := 0
	for _, t := range box {
		n += t.n
		for k := range sum {
			sum[k] += t.n * t.channel(k)
		}
	}
	var rgb uint32
	for k := range sum {
		rgb = rgb<<8 | uint32((sum[k]+n/2)/n)
	}
	return rgb
}

// nearest is the index of the palette's colour with the least squared distance.
func (p reduced) nearest(t tally) uint8 {
	best, least := 0, 1<<30
	for i, c := range p.colors {
		q := c.(color.NRGBA)
		dr, dg, db := t.channel(0)-int(q.R), t.channel(1)-int(q.G), t.channel(2)-int(q.B)
		if d := dr*dr + dg*dg + db*db; d < least {
			best, least = i, d
		}
	}
	return uint8(best)
}

// paint is an image in the palette.
func (p reduced) paint(img *image.RGBA) *image.Paletted {
	out := image.NewPaletted(img.Bounds(), p.colors)
	var last uint32 = 1 << 31
	var index uint8
	for i := range out.Pix {
		q := img.Pix[4*i : 4*i+3 : 4*i+3]
		rgb := uint32(q[0])<<16 | uint32(q[1])<<8 | uint32(q[2])
		if rgb != last {
			last, index = rgb, p.index[rgb]
		}
		out.Pix[i] = index
	}
	return out
}
