package vizlib

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/dejavu/dejavusansbold"
	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/unicode/norm"
)

// pdf writes a still picture as one page of PDF, by fpdf. Its dates are fixed and its lists sorted, so that the same
// picture gives the same bytes.
func (o Output) pdf(w io.Writer, tiles []tile, page sheet) error {
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: page.w, Ht: page.h}})
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	f.SetCreationDate(day)
	f.SetModificationDate(day)
	f.SetCatalogSort(true)
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.SetTitle(basic(tiles[0].s.Title), true)
	f.SetSubject(basic(wordsOf(tiles)), true)
	f.AddPage()
	f.RawWriteStr("4 M\n") // sharp corners are cut as in SVG
	p := &pdfSurface{f: f, h: page.h, opacity: 1, widths: map[int]bool{}, ts: newTypesetter()}
	var write writer
	if o.Text {
		f.AddUTF8FontFromBytes(pdfFont, "", dejavusans.TTF)
		f.AddUTF8FontFromBytes(pdfFont, "B", dejavusansbold.TTF)
		write = p.write
	}
	if err := o.drawOn(p, write, tiles, page); err != nil {
		return err
	}
	return f.Output(w)
}

const pdfFont = "dejavu"

// basic names letters that fpdf cannot (𝔼) by their plain forms (E).
func basic(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			r, _ = utf8.DecodeRuneInString(norm.NFKC.String(string(r)))
		}
		return min(r, unicode.ReplacementChar)
	}, text)
}

// pdfSurface draws on a page of fpdf, whose y axis points down.
type pdfSurface struct {
	f       *fpdf.Fpdf
	h       float64
	opacity float64 // that is in force
	images  int
	widths  map[int]bool // of the images so far, in pixels
	ts      *typesetter
}

func (p *pdfSurface) fade(a uint8) {
	if now := float64(a) / 255; now != p.opacity {
		p.f.SetAlpha(now, "Normal")
		p.opacity = now
	}
}

func (p *pdfSurface) fill(o outline, c color.NRGBA) {
	if len(o) == 0 || c.A == 0 {
		return
	}
	p.fade(c.A)
	p.f.SetFillColor(int(c.R), int(c.G), int(c.B))
	var last Point
	for i, m := range o {
		a := m.at
		switch m.op {
		case moveTo:
			if i > 0 {
				p.f.ClosePath()
			}
			p.f.MoveTo(a[0].X, p.h-a[0].Y)
		case lineTo:
			p.f.LineTo(a[0].X, p.h-a[0].Y)
		case quadTo: // as a cubic
			b, c := raised(last, a[0], a[1])
			p.f.CurveBezierCubicTo(b.X, p.h-b.Y, c.X, p.h-c.Y, a[1].X, p.h-a[1].Y)
		case cubeTo:
			p.f.CurveBezierCubicTo(a[0].X, p.h-a[0].Y, a[1].X, p.h-a[1].Y, a[2].X, p.h-a[2].Y)
		}
		pts := m.points()
		last = pts[len(pts)-1]
	}
	p.f.ClosePath()
	p.f.DrawPath("F")
}

func (p *pdfSurface) stroke(lines [][]Point, s stroke) {
	if s.width <= 0 || s.color.A == 0 || !drawsLine(lines) {
		return
	}
	p.fade(s.color.A)
	p.f.SetDrawColor(int(s.color.R), int(s.color.G), int(s.color.B))
	p.f.SetLineWidth(s.width)
	p.f.SetDashPattern(s.dash, 0)
	for _, l := range lines {
		if len(l) < 2 {
			continue
		}
		p.f.MoveTo(l[0].X, p.h-l[0].Y)
		for _, q := range l[1:] {
			p.f.LineTo(q.X, p.h-q.Y)
		}
		if s.closed {
			p.f.ClosePath()
		}
	}
	p.f.DrawPath("D")
}

// image places an image. No two in a page are equally wide, since fpdf writes images of one width in the order of a map:
// an image gets as many transparent columns on its right as that takes.
func (p *pdfSurface) image(at Box, img image.Image) {
	old := img.Bounds()
	wide := old.Dx()
	for p.widths[wide] {
		wide++
	}
	p.widths[wide] = true
	out := image.NewNRGBA(image.Rect(0, 0, wide, old.Dy()))
	draw.Draw(out, old.Sub(old.Min), img, old.Min, draw.Src)
	var buf bytes.Buffer
	if err := png.Encode(&buf, out); err != nil {
		p.f.SetError(err)
		return
	}
	p.fade(0xff)
	p.images++
	name, kind := fmt.Sprint(p.images), fpdf.ImageOptions{ImageType: "png"}
	p.f.RegisterImageOptionsReader(name, kind, &buf)
	width := (at.Max.X - at.Min.X) * float64(wide) / float64(old.Dx())
	p.f.ImageOptions(name, at.Min.X, p.h-at.Max.Y, width, at.Max.Y-at.Min.Y, false, kind, 0, "")
}

// write sets a text as text that can be selected, letter by letter where the outlines would stand. Accents that
// combine, and letters beyond the 65 536 that fpdf can name (𝔼, 𝓛), leave their whole text to its outlines.
func (p *pdfSurface) write(w words, c color.NRGBA) bool {
	if strings.ContainsFunc(w.text, func(r rune) bool { return r > 0xffff || unicode.Is(unicode.Mn, r) }) {
		return false
	}
	type letter struct {
		r rune
		x float64
	}
	var line []letter
	if err := p.ts.walk(w.text, w.bold, func(at typeset) { line = append(line, letter{at.r, at.x * w.size}) }); err != nil {
		return false // its outlines will say so
	}
	style := ""
	if w.bold {
		style = "B"
	}
	p.fade(c.A)
	p.f.SetTextColor(int(c.R), int(c.G), int(c.B))
	p.f.SetFont(pdfFont, style, w.size)
	p.f.TransformBegin()
	x, y := w.left.X, p.h-w.left.Y
	p.f.TransformRotate(w.angle*180/math.Pi, x, y)
	for _, l := range line {
		p.f.Text(x+l.x, y, string(l.r))
	}
	p.f.TransformEnd()
	return true
}
