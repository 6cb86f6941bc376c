package vizlib

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The still media: SVG through the canvas of gonum/plot, PNG through our own surface of pixels; pdf.go and tex.go write theirs.

// svg writes a still picture as SVG, with its words in title and desc.
func (o Output) svg(w io.Writer, tiles []tile, page sheet) error {
	c := vgsvg.New(vg.Length(page.w), vg.Length(page.h))
	if err := o.drawOn(vgSurface{c: c}, o.letters(c), tiles, page); err != nil {
		return err
	}
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return err
	}
	_, err := w.Write(described(buf.Bytes(), tiles[0].s.Title, wordsOf(tiles)))
	return err
}

// described puts a title and words into an SVG, and names its images for what they are (gonum's canvas writes
// PNG data and calls them JPEG).
func described(svg []byte, title, words string) []byte {
	if title == "" {
		title = words
	}
	open := bytes.Index(svg, []byte("<svg"))
	end := open + bytes.IndexByte(svg[open:], '>')
	said := fmt.Sprintf(" role=\"img\">\n<title>%s</title>\n<desc>%s</desc>", html.EscapeString(title), html.EscapeString(words))
	out := append([]byte{}, svg[:end]...)
	out = append(out, said...)
	out = append(out, svg[end+1:]...)
	return bytes.ReplaceAll(out, []byte("data:image/jpg;"), []byte("data:image/png;"))
}

// letters sets text as text on a canvas of gonum/plot, where Output.Text asks for that.
func (o Output) letters(c vg.Canvas) writer {
	if !o.Text {
		return nil
	}
	return func(w words, ink color.NRGBA) bool {
		face := font.Face{Font: font.Font{Typeface: "DejaVuSans", Size: vg.Length(w.size)}, Face: fontOf(w.bold)}
		if w.bold {
			face.Font.Weight = xfont.WeightBold
		}
		c.SetColor(ink)
		c.Push()
		c.Translate(vgPoint(w.left))
		if w.angle != 0 {
			c.Rotate(w.angle)
		}
		c.FillString(face, vg.Point{}, w.text)
		c.Pop()
		return true
	}
}

// drawOn paints the background and all tiles.
func (o Output) drawOn(to surface, write writer, tiles []tile, page sheet) error {
	th := o.Theme.theme()
	to.fill(polygon([]Point{{0, 0}, {page.w, 0}, {page.w, page.h}, {0, page.h}}), th.background)
	ts := newTypesetter()
	for _, t := range tiles {
		if err := t.draw(to, write, ts, th); err != nil {
			return err
		}
	}
	return nil
}

// draw draws a scene at its place.
func (t tile) draw(to surface, write writer, ts *typesetter, th theme) error {
	d := pen{to: to, ts: ts, th: th, write: write}
	if !t.identity() {
		moved := placed{to: to, at: t.at, scale: t.scale}
		d.to = moved
		if write != nil {
			d.write = func(w words, c color.NRGBA) bool { return write(moved.words(w), c) }
		}
	}
	return d.draw(t.s)
}

// The default widths in pixels.
const (
	pngWidth    = 1920
	posterWidth = 1600
	gifWidth    = 1280
)

// png writes a still picture in true colour.
func (o Output) png(w io.Writer, tiles []tile, page sheet) error {
	img, err := o.rasterise(tiles, page, newTypesetter(), pngWidth)
	if err != nil {
		return err
	}
	return encodePNG(w, img)
}

// rasterise draws a still as an image, width pixels wide unless o says otherwise.
func (o Output) rasterise(tiles []tile, page sheet, ts *typesetter, width int) (*image.RGBA, error) {
	if o.Width > 0 {
		width = o.Width
	}
	th := o.Theme.theme()
	px := newPixels(width, page.w, page.h, th.background)
	for _, t := range tiles {
		if err := t.draw(px, nil, ts, th); err != nil {
			return nil, err
		}
	}
	return px.img, nil
}

// pixels draws a scene that fills the page.
func (o Output) pixels(s scene, ts *typesetter, width int) (*image.RGBA, error) {
	page, _, _ := o.sheets()
	return o.rasterise([]tile{{s: s, scale: o.scaleOf(s)}}, page, ts, width)
}

// writePNG is the poster of a picture: a palette of 256 colours keeps it small in a notebook.
func writePNG(w io.Writer, p Picture) error {
	o := Output{}
	tiles, page, err := o.tiles(p)
	if err != nil {
		return err
	}
	img, err := o.rasterise(tiles, page, newTypesetter(), posterWidth)
	if err != nil {
		return err
	}
	palette := paletteOf([]*image.RGBA{img}, 256)
	return (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(w, palette.paint(img))
}
