package vizlib

import (
	"image/color"
	"math"
)

// label writes a text, moved inside the slide where it would leave it.
func (d *pen) label(l *Label, fr frame) {
	b, err := l.place(fr, d.ts)
	d.fault(err)
	at, side := Point{b.Min.X, b.Min.Y + descent*l.size()}, 1.0
	if l.AlignX == 0 || l.AlignX == -1 { // a medium with letters of its own aligns the same end
		side = l.AlignX
		at.X += (b.Max.X - b.Min.X) * (1 - side) / 2
	}
	d.text(l.Text, at, l.size(), l.Bold, 0, side, d.th.look(l.Style.Ink).text)
}

// pageEdge is how near to the edge of its page a text may come, in points.
const pageEdge = 2.0

// size of a label's letters, in points.
func (l *Label) size() float64 {
	if l.Size == 0 {
		return textSize
	}
	return l.Size
}

// place is the box of a label on the slide, from the depth of a g to the height of a capital. Where it would
// leave the slide it is moved inside.
func (l *Label) place(fr frame, ts *typesetter) (Box, error) {
	size := l.size()
	p := fr.point(l.At)
	w, err := ts.width(l.Text, size, l.Bold)
	if err != nil {
		return Box{}, err
	}
	left := max(min(p.X-w*(1-l.AlignX)/2, fr.wide-w-pageEdge), pageEdge)
	base := max(min(p.Y-capHeight*size*(1-l.AlignY)/2, fr.high-size), descent*size+pageEdge)
	return Box{Point{left, base - descent*size}, Point{left + w, base + capHeight*size}}, nil
}

// width of a text in points.
func (d *pen) width(text string, size float64, bold bool) float64 {
	w, err := d.ts.width(text, size, bold)
	d.fault(err)
	return w
}

// text writes a text whose baseline begins (alignX 1), is centred (0) or ends (−1) at at.
func (d *pen) text(text string, at Point, size float64, bold bool, angle, alignX float64, c color.NRGBA) {
	if text == "" {
		return
	}
	w := words{text: text, at: at, size: size, bold: bold, angle: angle, alignX: alignX}
	if alignX != 1 {
		wide, err := d.ts.width(text, size, bold)
		d.fault(err)
		sin, cos := math.Sincos(angle)
		wide *= (1 - alignX) / 2
		at = Point{at.X - wide*cos, at.Y - wide*sin}
	}
	w.left = at
	if d.write != nil && d.write(w, c) {
		return
	}
	o, err := d.ts.outline(text, at, size, bold, angle)
	d.fault(err)
	d.to.fill(o, c)
}
