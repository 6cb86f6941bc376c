package vizlib

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strings"
)

// pdfLetters sets text as text that can be selected, searched and copied, whatever its letters: each letter's outline
// becomes a glyph of a Type 3 font, drawn when it is shown, and a table says which letter it stands for.
//
// Source: ISO 32000-1 (2008), §9.6.5 (Type 3 fonts) and §9.10.3 (ToUnicode).
type pdfLetters struct {
	page  *pdfPage
	ts    *typesetter
	codes map[pdfLetter]int // the place of a letter among all that were met
	met   []pdfLetter
	glyph []glyph
}

// pdfLetter is a letter as it is drawn: an accent stands elsewhere on each letter below it.
type pdfLetter struct {
	r, under rune
	bold     bool
}

// A code is one byte, and 0 is best left alone: so a font holds so many letters.
const (
	pdfFontSize = 255
	pdfEm       = 1000.0 // units of a glyph
)

func newPDFLetters(p *pdfPage) *pdfLetters {
	return &pdfLetters{page: p, ts: newTypesetter(), codes: map[pdfLetter]int{}}
}

// write sets a text on its baseline. A letter without a glyph is left to the outlines, which say so.
func (l *pdfLetters) write(w words, c color.NRGBA) bool {
	type set struct {
		code int
		x    float64 // ems
	}
	var line []set
	err := l.ts.walk(w.text, w.bold, func(at typeset) {
		line = append(line, set{l.code(pdfLetter{at.r, at.under, w.bold}, at.glyph), at.x})
	})
	if err != nil {
		return false
	}
	p := l.page
	p.color(c, "rg")
	sin, cos := math.Sincos(w.angle)
	font, x := -1, 0.0
	fmt.Fprintf(&p.buf, "BT %s %s %s %s %s %s Tm\n", num(cos), num(sin), num(-sin), num(cos), num(w.left.X), num(w.left.Y))
	for _, s := range line {
		if f := s.code / pdfFontSize; f != font {
			if font >= 0 {
				p.buf.WriteString("] TJ\n")
			}
			fmt.Fprintf(&p.buf, "/F%d %s Tf [", f, num(w.size))
			font = f
		}
		if back := num((x - s.x) * pdfEm); back != "0" {
			p.buf.WriteString(back)
		}
		fmt.Fprintf(&p.buf, "<%02X>", s.code%pdfFontSize+1)
		x = s.x + l.glyph[s.code].advance
	}
	p.buf.WriteString("] TJ ET\n")
	return true
}

// code is the place of a letter, which it takes when it is first met.
func (l *pdfLetters) code(k pdfLetter, g glyph) int {
	if c, ok := l.codes[k]; ok {
		return c
	}
	c := len(l.met)
	l.codes[k], l.met, l.glyph = c, append(l.met, k), append(l.glyph, g)
	return c
}

// fonts writes the fonts and returns the entry that lists them.
func (l *pdfLetters) fonts(f *pdfFile) string {
	if len(l.met) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString(" /Font <<")
	for first := 0; first < len(l.met); first += pdfFontSize {
		fmt.Fprintf(&out, " /F%d %s", first/pdfFontSize, l.font(f, first, min(first+pdfFontSize, len(l.met))))
	}
	return out.String() + " >>"
}

// font writes the letters from first up to end as one font.
func (l *pdfLetters) font(f *pdfFile, first, end int) string {
	var procs, names, widths, means strings.Builder
	box := Box{}
	for i := first; i < end; i++ {
		g := l.glyph[i]
		e := g.extent()
		box = Box{Point{min(box.Min.X, e.Min.X), min(box.Min.Y, e.Min.Y)}, Point{max(box.Max.X, e.Max.X), max(box.Max.Y, e.Max.Y)}}
		var path bytes.Buffer
		fmt.Fprintf(&path, "%s 0 %s %s %s %s d1\n", num(g.advance*pdfEm), num(e.Min.X*pdfEm), num(e.Min.Y*pdfEm), num(e.Max.X*pdfEm), num(e.Max.Y*pdfEm))
		if len(g.moves) > 0 {
			writePDFOutline(&path, g.moves, pdfEm)
			path.WriteString("f\n")
		}
		code := i - first + 1
		fmt.Fprintf(&procs, " /g%d %s", code, f.stream("", path.Bytes()))
		fmt.Fprintf(&names, " /g%d", code)
		fmt.Fprintf(&widths, " %s", num(g.advance*pdfEm))
		fmt.Fprintf(&means, "<%02X> <%s>\n", code, pdfUTF16(string(l.met[i].r)))
	}
	n := end - first
	unicode := f.stream("", fmt.Appendf(nil, pdfToUnicode, pdfBlocks(means.String())))
	return f.object(fmt.Sprintf("<< /Type /Font /Subtype /Type3 /FontBBox [%s %s %s %s] /FontMatrix [%v 0 0 %v 0 0] /Resources << >>\n"+
		"/CharProcs <<%s >>\n/Encoding << /Type /Encoding /Differences [1%s] >>\n/FirstChar 1 /LastChar %d /Widths [%s ]\n/ToUnicode %s >>",
		num(box.Min.X*pdfEm), num(box.Min.Y*pdfEm), num(box.Max.X*pdfEm), num(box.Max.Y*pdfEm), 1/pdfEm, 1/pdfEm,
		procs.String(), names.String(), n, widths.String(), unicode))
}

// pdfToUnicode is a table from codes to letters.
const pdfToUnicode = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Letters def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
%sendcmap
CMapName currentdict /CMap defineresource pop
end
end
`

// pdfBlocks parts the lines of such a table: a block holds at most a hundred.
func pdfBlocks(lines string) string {
	const most = 100
	all := strings.SplitAfter(lines, "\n")
	all = all[:len(all)-1]
	var out strings.Builder
	for len(all) > 0 {
		n := min(len(all), most)
		fmt.Fprintf(&out, "%d beginbfchar\n%sendbfchar\n", n, strings.Join(all[:n], ""))
		all = all[n:]
	}
	return out.String()
}
