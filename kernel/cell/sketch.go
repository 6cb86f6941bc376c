package cell

import (
	"go/token"
	"strings"
)

// Sketch is a cell as completion sees it: whatever is there of a program, however broken, with all that is
// remembered around it.
type Sketch struct {
	Source string
	Pos    int // of the cursor in Source
	Paths  []string
}

// Names of imports and declarations that completion offers without looking into anything.
func (m *Memory) Names() []string {
	var names []string
	for _, d := range m.decls {
		if d.Kind == Import && d.Alias != "_" && d.Alias != "." {
			names = append(names, m.name(d))
		}
		names = append(names, d.Names...)
	}
	return names
}

// Sketch writes the program around a cursor, which stands at a byte of text. hole is put where a selector still
// lacks its name.
func (m *Memory) Sketch(text string, at int, hole string) Sketch {
	c := &Cell{Lines: strings.Split(text, "\n"), File: fileOf(text)}
	goText, mainLine, err := c.takeSpecials()
	if err != nil { // lines of %% and %exec that contradict each other: complete all the same
		goText, mainLine = text, 0
	}
	full := []byte(text)
	if err == nil { // what was taken is blanked, so that bytes keep their places
		copy(full, blank(text))
		pos := 0
		for i, l := range strings.Split(goText, "\n") {
			copy(full[pos:], l)
			pos += len(c.Lines[i]) + 1
		}
	}
	src := string(full[:at]) + hole + string(full[at:])
	body := []byte(src)
	var decls []unit
	imported := map[string]bool{}
	used := map[string]bool{}
	defined := map[string]bool{}
	for _, u := range split(src, mainLine) {
		if u.kind == token.ILLEGAL || u.local {
			continue
		}
		copy(body[u.start:], blank(src[u.start:u.end]))
		if u.kind != token.PACKAGE {
			decls = append(decls, u)
		}
	}
	var b strings.Builder
	b.WriteString("package main\n")
	var out Sketch
	take := func(d *Decl) {
		if imported[m.name(d)] {
			return
		}
		imported[m.name(d)] = true
		out.Paths = append(out.Paths, d.Path)
		b.WriteString(d.Text + "\n")
	}
	mine := map[string]bool{}
	for _, u := range decls {
		ds, err := c.parseDecl(src[u.start:u.end], 1, 1)
		for _, d := range ds {
			if d.Kind == Import && err == nil {
				take(d)
			}
			for _, n := range append(d.Names, d.Key) {
				mine[n] = true
			}
		}
	}
	for _, d := range m.decls {
		if d.Kind == Import {
			take(d)
		}
		for n := range d.uses {
			used[n] = true
		}
		for _, n := range d.Names {
			defined[n] = true
		}
	}
	ts := tokens(src)
	for i, t := range ts {
		if t.kind == token.IDENT && i+1 < len(ts) && ts[i+1].kind == token.PERIOD {
			used[t.text] = true
		}
	}
	for name := range used {
		if path := Standard(name, nil); path != "" && !imported[name] && !defined[name] && !mine[name] {
			out.Paths = append(out.Paths, path)
			b.WriteString("import \"" + path + "\"\n")
		}
	}
	for _, d := range m.decls {
		if d.Kind != Import && !mine[d.Key] {
			b.WriteString(d.Text + "\n")
		}
	}
	put := func(text string, start int) {
		if at >= start && at <= start+len(text) {
			out.Pos = b.Len() + at - start
		}
		b.WriteString(text + "\n")
	}
	inBody := true
	for _, u := range decls { // the one under the cursor is the most likely to be broken: it comes last
		if u.kind != token.IMPORT && (at < u.start || at > u.end) {
			put(src[u.start:u.end], u.start)
		} else if at >= u.start && at <= u.end {
			inBody = false
		}
	}
	b.WriteString("func main() {\n")
	if inBody {
		put(string(body), 0)
		b.WriteString("}\n")
	} else {
		b.WriteString(string(body) + "\n}\n")
		for _, u := range decls {
			if at >= u.start && at <= u.end {
				put(src[u.start:u.end], u.start)
			}
		}
	}
	out.Source = b.String()
	return out
}
