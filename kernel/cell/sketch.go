package cell

import (
	"go/token"
	"maps"
	"slices"
	"strings"
)

// Sketch is a cell as completion sees it: whatever is there of a program, however broken, with all that is
// remembered around it.
type Sketch struct {
	Source string
	Pos    int // of the cursor in Source
	Paths  []string
}

// Sketch writes the program around a cursor, which stands at a byte of text. hole is put where a selector still
// lacks its name.
func (m *Memory) Sketch(text string, at int, hole string) Sketch {
	src, toks, specials, _ := lex(text[:at] + hole + text[at:])
	c := &Cell{File: fileOf(text), Lines: strings.Split(src, "\n")}
	mainAt, _ := c.takeSpecials(specials, len(src)) // where they contradict each other: complete all the same
	units, body, _ := c.split(src, toks, mainAt)
	used := map[string][]string{}
	for i, t := range toks { // EOF is the last
		if t.kind == token.IDENT && toks[i+1].kind == token.PERIOD {
			used[t.text] = append(used[t.text], toks[i+2].text)
		}
	}
	for _, u := range units {
		c.decls = append(c.decls, u.decls...)
	}
	all := Memory{decls: m.with(c, nil), packages: m.packages}
	for _, d := range all.decls { // whatever is imported can be completed
		for _, n := range all.names(d) {
			used[n] = append(used[n], "")
		}
	}
	lines, paths := all.imports(all.decls, all.decls, used, nil)
	var b strings.Builder
	b.WriteString("package main\n" + strings.Join(lines, ""))
	for _, d := range all.decls {
		if d.Kind != Import && d.from != c {
			b.WriteString(d.Text + "\n")
		}
	}
	const head = "func main() {\n"
	last, start := head+body+"\n}\n", -len(head)
	for _, u := range units {
		switch piece := src[u.start:u.end] + "\n"; {
		case u.start <= at && at <= u.end: // what stands under the cursor is the most likely to be broken: it comes last
			b.WriteString(last)
			last, start = piece, u.start
		case u.top[0].kind != token.IMPORT && u.top[0].kind != token.PACKAGE:
			b.WriteString(piece)
		}
	}
	b.WriteString(last)
	return Sketch{Source: b.String(), Pos: b.Len() - len(last) + at - start, Paths: slices.Sorted(maps.Keys(paths))}
}
