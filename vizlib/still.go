package vizlib

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The still media: SVG and PDF through the canvases of gonum/plot, PNG through our own surface of pixels.

// theme that a picture is drawn in.
func (o Output) theme() theme { return lightTheme() }

// svg writes a still picture as SVG, with its words in title and desc.
func (o Output) svg(w io.Writer, p Picture) error {
	s, err := layout(p)
	if err != nil {
		return err
	}
	c := vgsvg.New(slideWidth, slideHeight)
	if err := o.drawOn(vgSurface{c: c}, o.letters(c, false), s); err != nil {
		return err
	}
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return err
	}
	_, err = w.Write(described(buf.Bytes(), s))
	return err
}

// described puts the words of a scene into an SVG, and names its images for what they are (gonum's canvas
// writes PNG data and calls them JPEG).
func described(svg []byte, s scene) []byte {
	title := s.Title
	if title == "" {
		title = s.Alt
	}
	open := bytes.Index(svg, []byte("<svg"))
	end := open + bytes.IndexByte(svg[open:], '>')
	words := fmt.Sprintf(" role=\"img\">\n<title>%s</title>\n<desc>%s</desc>", html.EscapeString(title), html.EscapeString(s.Alt))
	out := append([]byte{}, svg[:end]...)
	out = append(out, words...)
	out = append(out, svg[end+1:]...)
	return bytes.ReplaceAll(out, []byte("data:image/jpg;"), []byte("data:image/png;"))
}

// fixedDates makes every PDF of this process the same bytes for the same picture: fpdf would write the time
// of day, and its resources in the order of a map.
var fixedDates = sync.OnceFunc(func() {
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	fpdf.SetDefaultCreationDate(day)
	fpdf.SetDefaultModificationDate(day)
	fpdf.SetDefaultCatalogSort(true)
})

// pdf writes a still picture as one page of PDF.
func (o Output) pdf(w io.Writer, p Picture) error {
	s, err := layout(p)
	if err != nil {
		return err
	}
	fixedDates()
	c := vgpdf.New(slideWidth, slideHeight)
	if err := o.drawOn(vgSurface{c: c, straight: true}, o.letters(c, true), s); err != nil {
		return err
	}
	_, err = c.WriteTo(w)
	return err
}

// letters sets text as text on a canvas of gonum/plot, where Output.Text asks for that. asciiOnly leaves other
// texts to their outlines: gonum's PDF canvas writes one byte a letter.
func (o Output) letters(c vg.Canvas, asciiOnly bool) writer {
	if !o.Text {
		return nil
	}
	return func(text string, at Point, size float64, bold bool, angle float64, ink color.NRGBA) bool {
		if asciiOnly && strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
			return false
		}
		face := font.Face{Font: font.Font{Typeface: "DejaVu Sans", Size: vg.Length(size)}, Face: fontOf(bold)}
		if bold {
			face.Font.Weight = xfont.WeightBold
		}
		c.SetColor(ink)
		c.Push()
		c.Translate(vgPoint(at))
		if angle != 0 {
			c.Rotate(angle)
		}
		c.FillString(face, vg.Point{}, text)
		c.Pop()
		return true
	}
}

// drawOn paints the background and the scene.
func (o Output) drawOn(to surface, write writer, s scene) error {
	th := o.theme()
	to.fill(polygon([]Point{{0, 0}, {slideWidth, 0}, {slideWidth, slideHeight}, {0, slideHeight}}), th.background)
	d := pen{to: to, ts: newTypesetter(), th: th, write: write}
	return d.draw(s)
}

// The default widths in pixels.
const (
	pngWidth    = 1920
	posterWidth = 1600
	gifWidth    = 1280
)

// png writes a still picture in true colour.
func (o Output) png(w io.Writer, p Picture) error {
	s, err := layout(p)
	if err != nil {
		return err
	}
	img, err := o.pixels(s, newTypesetter(), pngWidth)
	if err != nil {
		return err
	}
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, img)
}

// pixels draws a scene as an image.
func (o Output) pixels(s scene, ts *typesetter, width int) (*image.RGBA, error) {
	if o.Width > 0 {
		width = o.Width
	}
	th := o.theme()
	px := newPixels(width, slideWidth, slideHeight, th.background)
	d := pen{to: px, ts: ts, th: th}
	return px.img, d.draw(s)
}

// writePNG is the poster of a picture: a palette of 256 colours keeps it small in a notebook.
func writePNG(w io.Writer, p Picture) error {
	s, err := layout(p)
	if err != nil {
		return err
	}
	img, err := Output{}.pixels(s, newTypesetter(), posterWidth)
	if err != nil {
		return err
	}
	palette := paletteOf([]*image.RGBA{img}, 256)
	return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(w, palette.paint(img))
}
