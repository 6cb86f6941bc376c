package vizlib

import (
	"image"
	"image/color"
	"image/gif"
	"io"
	"time"
)

// gif writes a movie as a GIF that loops, all frames in one palette. A frame holds only what changed since
// the one before.
func (o Output) gif(w io.Writer, p Picture) error {
	_, laid, _ := o.sheets()
	r, err := framesOf(p, laid)
	if err != nil {
		return err
	}
	ts := newTypesetter()
	scenes, holds := glide(r, o.Ease, gifStep)
	frames := make([]*image.RGBA, len(scenes))
	for i, s := range scenes {
		if frames[i], err = o.pixels(s, ts, gifWidth); err != nil {
			return frameError(i, err)
		}
	}
	palette := paletteOf(frames, 255)
	palette.colors = append(palette.colors, color.NRGBA{})
	clear := uint8(len(palette.colors) - 1)
	g := gif.GIF{BackgroundIndex: 0}
	g.Config = image.Config{ColorModel: palette.colors, Width: frames[0].Rect.Dx(), Height: frames[0].Rect.Dy()}
	var before *image.Paletted
	for i, f := range frames {
		now := palette.paint(f)
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

// framesOf is a movie's reel; of a still picture a reel of one frame.
func framesOf(p Picture, on sheet) (reel, error) {
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
