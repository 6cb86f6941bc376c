package vizlib

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"
)

// tex writes a still picture as a LaTeX document of one page with one tikzpicture: it compiles as it is with
// pdflatex and lualatex, and the tikzpicture can be taken into another document. It needs tikz, geometry and
// amssymb, no more; its letters are Computer Modern, which every TeX has, in both engines. gonum's own canvas for TeX cannot close a path, stamps the time into file names, and leaves
// text to the caller; so this is a surface of its own.
func (o Output) tex(w io.Writer, tiles []tile, page sheet) error {
	t := &tikz{tiles: len(tiles)}
	if err := o.drawOn(t, t.write, tiles, page); err != nil {
		return err
	}
	if t.err != nil {
		return t.err
	}
	_, err := fmt.Fprintf(w, texDocument, wordsOf(tiles), bp(page.w), bp(page.h), t.buf.String())
	return err
}

const texDocument = `%%%% %s
%%%% Written by elboroom's vizlib. Compile as it is, or take the tikzpicture: it needs \usepackage{tikz,amssymb}.
\documentclass{article}
\usepackage[OT1]{fontenc}
\usepackage{fix-cm}
\renewcommand{\rmdefault}{cmr}
\renewcommand{\sfdefault}{cmss}
\usepackage{amssymb}
\usepackage{tikz}
\usepackage[paperwidth=%sbp,paperheight=%sbp,margin=0bp]{geometry}
\pagestyle{empty}
\setlength{\parindent}{0pt}
\setlength{\topskip}{0pt}
\begin{document}%%
\begin{tikzpicture}[x=1bp,y=1bp]
%s\end{tikzpicture}%%
\end{document}
`

// tikz is a surface that writes TikZ commands.
type tikz struct {
	buf   bytes.Buffer
	err   error
	tiles int // on the page
}

// bp is a length in big points (1/72 inch) to a hundredth.
func bp(v float64) string {
	s := strconv.FormatFloat(math.Round(v*100)/100+0, 'f', -1, 64)
	return s
}

func texPoint(p Point) string { return "(" + bp(p.X) + "," + bp(p.Y) + ")" }

// ink names a colour for TikZ's options, with its opacity.
func ink(c color.NRGBA, kind string) string {
	s := fmt.Sprintf("%s={rgb,255:red,%d;green,%d;blue,%d}", kind, c.R, c.G, c.B)
	if c.A < 0xff {
		s += fmt.Sprintf(",%s opacity=%s", kind, strconv.FormatFloat(math.Round(float64(c.A)/255*1000)/1000, 'f', -1, 64))
	}
	return s
}

func (t *tikz) fill(o outline, c color.NRGBA) {
	if len(o) == 0 || c.A == 0 {
		return
	}
	fmt.Fprintf(&t.buf, "\\path[%s]", ink(c, "fill"))
	var last Point
	for i, m := range o {
		switch m.op {
		case moveTo:
			if i > 0 {
				t.buf.WriteString("--cycle")
			}
			t.buf.WriteString("\n" + texPoint(m.at[0]))
		case lineTo:
			t.buf.WriteString("--" + texPoint(m.at[0]))
		case quadTo: // as a cubic
			a, b := raised(last, m.at[0], m.at[1])
			t.buf.WriteString("..controls" + texPoint(a) + "and" + texPoint(b) + ".." + texPoint(m.at[1]))
		case cubeTo:
			t.buf.WriteString("..controls" + texPoint(m.at[0]) + "and" + texPoint(m.at[1]) + ".." + texPoint(m.at[2]))
		}
		pts := m.points()
		last = pts[len(pts)-1]
	}
	t.buf.WriteString("--cycle;\n")
}

func (t *tikz) stroke(lines [][]Point, s stroke) {
	if s.width <= 0 || s.color.A == 0 || !drawsLine(lines) {
		return
	}
	fmt.Fprintf(&t.buf, "\\path[%s,line width=%sbp", ink(s.color, "draw"), bp(s.width))
	if len(s.dash) > 1 {
		t.buf.WriteString(",dash pattern=")
		for i, d := range s.dash {
			t.buf.WriteString([2]string{"on ", "off "}[i%2] + bp(d) + "bp ")
		}
	}
	t.buf.WriteString("]")
	for _, l := range lines {
		if len(l) < 2 {
			continue
		}
		for i, p := range l {
			if i == 0 {
				t.buf.WriteString("\n" + texPoint(p))
			} else {
				t.buf.WriteString("--" + texPoint(p))
			}
		}
		if s.closed {
			t.buf.WriteString("--cycle")
		}
	}
	t.buf.WriteString(";\n")
}

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

// write sets a text as a node on its baseline.
func (t *tikz) write(w words, c color.NRGBA) bool {
	text, err := texOf(w.text)
	if err != nil && t.err == nil {
		t.err = err
	}
	anchor := "base"
	switch {
	case w.alignX > 0:
		anchor = "base west"
	case w.alignX < 0:
		anchor = "base east"
	}
	rotate := ""
	if w.angle != 0 {
		rotate = ",rotate=" + bp(w.angle*180/math.Pi)
	}
	bold := ""
	if w.bold {
		bold = `\bfseries\boldmath`
	}
	fmt.Fprintf(&t.buf, "\\node[anchor=%s,inner sep=0pt,%s%s]at%s{{\\sffamily\\fontsize{%sbp}{%sbp}\\selectfont%s{}%s}};\n",
		anchor, ink(c, "text"), rotate, texPoint(w.at), bp(w.size), bp(w.size*1.2), bold, text)
	return true
}

// texOf translates a label to LaTeX: letters of mathematics and raised and lowered digits become math, what TeX
// would take as a command is escaped. A rune that it does not know is an error.
func texOf(label string) (string, error) {
	var out strings.Builder
	inMath := false
	script := byte(0) // '^' or '_' while one is open
	closeScript := func() {
		if script != 0 {
			out.WriteByte('}')
			script = 0
		}
	}
	toMath := func(on bool) {
		if on != inMath {
			closeScript()
			out.WriteByte('$')
			inMath = on
		}
	}
	runes := []rune(label)
	for i, r := range runes {
		if s, kind, ok := scriptOf(r); ok {
			toMath(true)
			if script != kind {
				closeScript()
				if i == 0 {
					out.WriteString("{}")
				}
				out.WriteString(string(kind) + "{")
				script = kind
			}
			out.WriteString(s)
			continue
		}
		closeScript()
		if m, ok := texMath[r]; ok {
			toMath(true)
			if i+1 < len(runes) {
				if accent, ok := texAccent[runes[i+1]]; ok {
					m = accent + "{" + m + "}"
				}
			}
			out.WriteString(m)
			if strings.HasPrefix(m, `\`) && m[len(m)-1] != '}' {
				out.WriteByte(' ')
			}
			continue
		}
		if _, ok := texAccent[r]; ok {
			if i == 0 {
				return "", fmt.Errorf("text %q begins with an accent (%U), which has no letter to stand on", label, r)
			}
			continue // written with the letter before it
		}
		if i+1 < len(runes) {
			if accent, ok := texAccent[runes[i+1]]; ok {
				toMath(true)
				out.WriteString(accent + `{\mathsf{` + string(r) + "}}")
				continue
			}
		}
		toMath(false)
		switch s, known := texText[r]; {
		case known:
			out.WriteString(s)
		case r < 0x7f && r >= ' ':
			out.WriteRune(r)
		default:
			return "", fmt.Errorf("text %q: the TeX form of %q (%U) is not known: choose another letter", label, string(r), r)
		}
	}
	toMath(false)
	return out.String(), nil
}
