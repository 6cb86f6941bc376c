package vizlib

import (
	"image"
	"image/color"
	"image/gif"
	"io"
	"time"
)

// keptFrames is how many frames a GIF holds in memory while its palette is found, about 4 MB each.
const keptFrames = 48

// gif writes a movie as a GIF that loops, all frames in one palette. A frame holds only what changed since
// the one before.
func (o Output) gif(w io.Writer, r reel) error {
	ts := newTypesetter()
	scenes, holds := glide(r, o.Ease, gifStep)
	var kept []*image.RGBA // the first frames; a long movie's others are drawn twice rather than held
	frame := func(i int) (*image.RGBA, error) {
		if i < len(kept) {
			return kept[i], nil
		}
		img, err := o.pixels(scenes[i], ts, gifWidth)
		if err != nil {
			return nil, frameError(i, err)
		}
		return img, nil
	}
	counts := map[uint32]int{}
	var size image.Point
	for i := range scenes {
		img, err := frame(i)
		if err != nil {
			return err
		}
		countColors(img, counts)
		size = img.Rect.Size()
		if i < keptFrames {
			kept = append(kept, img)
		}
	}
	palette := paletteFrom(counts, 255)
	palette.colors = append(palette.colors, color.NRGBA{})
	clear := uint8(len(palette.colors) - 1)
	g := gif.GIF{BackgroundIndex: 0}
	g.Config = image.Config{ColorModel: palette.colors, Width: size.X, Height: size.Y}
	var before *image.Paletted
	for i := range scenes {
		img, err := frame(i)
		if err != nil {
			return err
		}
		now := palette.paint(img)
		delay := max(int(holds[i]/(10*time.Millisecond)), 2)
		changed := now
		if before != nil {
			changed = changes(before, now, clear)
		}
		g.Image = append(g.Image, changed)
		g.Delay = append(g.Delay, delay)
		g.Disposal = append(g.Disposal, gif.DisposalNone)
		before = now
	}
	return gif.EncodeAll(w, &g)
}

// framesOf is a movie's reel; of a still picture, and of an Explorer, a reel of one frame.
func framesOf(p Picture, on sheet) (reel, error) {
	if _, ok := explorerOf(p); ok {
		s, err := layoutOn(p, on)
		return reel{Scenes: []scene{s}, Holds: []time.Duration{holdLast}, Alt: s.Alt}, err
	}
	m, ok := movieOf(p)
	if !ok {
		m = Movie{Len: 1, Frame: func(int) Picture { return p }}
	}
	return layoutMovieOn(m, on)
}

// changes is the part of now that differs from before; inside it, what did not change is clear.
func changes(before, now *image.Paletted, clear uint8) *image.Paletted {
	var box image.Rectangle
	for y := range now.Rect.Dy() {
		row := now.Pix[y*now.Stride : y*now.Stride+now.Rect.Dx()]
		old := before.Pix[y*before.Stride : y*before.Stride+before.Rect.Dx()]
		for x := range row {
			if row[x] != old[x] {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if box.Empty() {
		box = image.Rect(0, 0, 1, 1)
	}
	out := image.NewPaletted(box, now.Palette)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			i := now.PixOffset(x, y)
			c := now.Pix[i]
			if c == before.Pix[i] {
				c = clear
			}
			out.Pix[out.PixOffset(x, y)] = c
		}
	}
	return out
}
