package vizlib

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"strconv"
)

// pdf writes a still picture as one page of PDF 1.4. There is no time of day in it, and all stands in the order in which it
// is drawn: the same picture gives the same bytes.
//
// Source: ISO 32000-1 (2008); the operators of a page are those of its table A.1.
func (o Output) pdf(w io.Writer, tiles []tile, page sheet) error {
	p := &pdfPage{states: map[uint8]bool{}}
	p.letters = newPDFLetters(p)
	p.buf.WriteString("4 M\n") // sharp corners are cut as in SVG
	var write writer
	if o.Text {
		write = p.letters.write
	}
	if err := o.drawOn(p, write, tiles, page); err != nil {
		return err
	}
	var f pdfFile
	_, err := w.Write(f.document(p, page, tiles[0].s.Title, wordsOf(tiles)))
	return err
}

// pdfPage is a surface that writes a page's content.
type pdfPage struct {
	buf     bytes.Buffer
	states  map[uint8]bool // the opacities in use, each a graphics state
	order   []uint8        // in the order of their first use
	images  []image.Image
	letters *pdfLetters
	opacity uint8 // that is in force; 0 stands for the page's first, which is full
}

// num is a number to a thousandth.
func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*1000)/1000+0, 'f', -1, 64)
}

// color sets a colour by an operator (rg fills, RG strokes) and its opacity.
func (p *pdfPage) color(c color.NRGBA, operator string) {
	if now := c.A; now != p.opacity && (now != 0xff || p.opacity != 0) {
		if !p.states[now] {
			p.states[now] = true
			p.order = append(p.order, now)
		}
		p.opacity = now
		fmt.Fprintf(&p.buf, "/A%d gs\n", now)
	}
	fmt.Fprintf(&p.buf, "%s %s %s %s\n", num(float64(c.R)/255), num(float64(c.G)/255), num(float64(c.B)/255), operator)
}

func (p *pdfPage) fill(o outline, c color.NRGBA) {
	if len(o) == 0 || c.A == 0 {
		return
	}
	p.color(c, "rg")
	writePDFOutline(&p.buf, o, 1)
	p.buf.WriteString("f\n")
}

// writePDFOutline writes a path, enlarged.
func writePDFOutline(buf *bytes.Buffer, o outline, scale float64) {
	pair := func(q Point) { buf.WriteString(num(q.X*scale) + " " + num(q.Y*scale) + " ") }
	var last Point
	for i, m := range o {
		switch m.op {
		case moveTo:
			if i > 0 {
				buf.WriteString("h\n")
			}
			pair(m.at[0])
			buf.WriteString("m\n")
		case lineTo:
			pair(m.at[0])
			buf.WriteString("l\n")
		case quadTo: // as a cubic
			a, b := raised(last, m.at[0], m.at[1])
			pair(a)
			pair(b)
			pair(m.at[1])
			buf.WriteString("c\n")
		case cubeTo:
			pair(m.at[0])
			pair(m.at[1])
			pair(m.at[2])
			buf.WriteString("c\n")
		}
		pts := m.points()
		last = pts[len(pts)-1]
	}
	if len(o) > 0 {
		buf.WriteString("h\n")
	}
}

func (p *pdfPage) stroke(lines [][]Point, s stroke) {
	if s.width <= 0 || s.color.A == 0 || !drawsLine(lines) {
		return
	}
	p.color(s.color, "RG")
	p.buf.WriteString(num(s.width) + " w [")
	for i, d := range s.dash {
		if i > 0 {
			p.buf.WriteByte(' ')
		}
		p.buf.WriteString(num(d))
	}
	p.buf.WriteString("] 0 d\n")
	for _, l := range lines {
		if len(l) < 2 {
			continue
		}
		for i, q := range l {
			operator := " l\n"
			if i == 0 {
				operator = " m\n"
			}
			p.buf.WriteString(num(q.X) + " " + num(q.Y) + operator)
		}
		if s.closed {
			p.buf.WriteString("h\n")
		}
	}
	p.buf.WriteString("S\n")
}

// image places an image; its number is its name.
func (p *pdfPage) image(at Box, img image.Image) {
	p.color(color.NRGBA{A: 0xff}, "rg")
	fmt.Fprintf(&p.buf, "q %s 0 0 %s %s %s cm /I%d Do Q\n", num(at.Max.X-at.Min.X), num(at.Max.Y-at.Min.Y), num(at.Min.X), num(at.Min.Y), len(p.images))
	p.images = append(p.images, img)
}
