package vizlib

import (
	"bytes"
	"fmt"
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
