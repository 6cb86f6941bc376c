package cell

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// place finds the compiler's name of a cell and a line, and perhaps a column.
var place = regexp.MustCompile(`(?:[^\s:]*/)?(cell-[0-9a-f]{10}):(\d+)(?::(\d+))?`)

// compilerLine is one complaint of the compiler.
var compilerLine = regexp.MustCompile(`^(\S+?):(\d+)(?::(\d+))?: (.*)$`)

// at is the place that a compiler's file name and numbers stand for; its Cell is 0 where it is in no cell.
func (m *Memory) at(file, line, col string) *Error {
	e := &Error{}
	e.Line, _ = strconv.Atoi(line)
	e.Col, _ = strconv.Atoi(col)
	o := m.texts[file]
	e.Cell = o.cell
	if e.Line >= 1 && e.Line <= len(o.lines) {
		e.Source = o.lines[e.Line-1]
	}
	return e
}

// Locate finds the first place in a line of a stack trace that is in a cell.
func (m *Memory) Locate(text string) *Error {
	if g := place.FindStringSubmatch(text); g != nil {
		if e := m.at(dir+g[1], g[2], ""); e.Cell > 0 {
			return e
		}
	}
	return nil
}

// CompileErrors reads what the compiler wrote. m must have been told of the cell by Note.
func (m *Memory) CompileErrors(output string) Errors {
	var errs Errors
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "\t") && len(errs) > 0 { // goes on with the complaint before
			errs[len(errs)-1].Msg += "; " + m.Translate(strings.TrimSpace(line))
			continue
		}
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "# ") || strings.HasSuffix(line, "too many errors") {
			continue
		}
		g := compilerLine.FindStringSubmatch(line)
		if g == nil {
			errs = append(errs, &Error{Msg: m.Translate(line)})
			continue
		}
		e := m.at(g[1][max(strings.Index(g[1], dir), 0):], g[2], g[3])
		e.Msg = strings.TrimSuffix(strings.ReplaceAll(m.Translate(g[4]), "gonb_", ""), " (typecheck)")
		errs = append(errs, e)
	}
	return errs
}

// Translate replaces the compiler's places by what a student knows: "cell 3, line 2".
func (m *Memory) Translate(text string) string {
	return place.ReplaceAllStringFunc(text, func(s string) string {
		if e := m.Locate(s); e != nil {
			return fmt.Sprintf("cell %d, line %d", e.Cell, e.Line)
		}
		return s
	})
}

// HasPlace reports whether there may be something for Translate in b.
func HasPlace(b []byte) bool { return bytes.Contains(b, []byte("cell-")) }

// Unused names the imports that the compiler found to be unused.
func Unused(output string) []string {
	var names []string
	for _, g := range unusedImport.FindAllStringSubmatch(output, -1) {
		names = append(names, g[1])
		if g[2] != "" {
			names = append(names, g[2])
		}
	}
	return names
}

var unusedImport = regexp.MustCompile(`"([^"\n]+)" imported(?: as (\w+))? and not used`)

// NoValue reports whether the compiler objects to showing a call that has no value.
func NoValue(output string) bool { return strings.Contains(output, "(no value) used as value") }

// Stale finds, in a failed program, the methods of earlier cells that no longer fit a type which c redefines. It
// is empty unless these are all that is wrong.
func (p *Program) Stale(c *Cell, errs Errors) []*Decl {
	var stale []*Decl
	for _, e := range errs {
		if e.Cell == 0 || e.Cell == c.Number {
			return nil
		}
		var hit *Decl
		for _, d := range p.decls {
			if d.Kind != Method || d.Cell != e.Cell || slices.Contains(c.decls, d) {
				continue
			}
			last := d.Line + strings.Count(d.Text, "\n")
			owner := d.owner()
			redefined := slices.ContainsFunc(c.decls, func(t *Decl) bool { return t.Kind == Type && slices.Contains(t.Names, owner) })
			if redefined && e.Line >= d.Line && e.Line <= last && (hit == nil || d.Line > hit.Line) {
				hit = d
			}
		}
		if hit == nil {
			return nil
		}
		if !slices.Contains(stale, hit) {
			stale = append(stale, hit)
		}
	}
	return stale
}

// IsComplete says whether a cell could run as it stands: "complete", "incomplete" or "invalid", and for an
// incomplete one how far the next line is indented.
func IsComplete(text string) (status, indent string) {
	var lex lexer
	depth := 0
	var goLines []string
	for l := range strings.SplitSeq(text, "\n") {
		if lex.special(strings.TrimPrefix(l, commentPrefix)) {
			l = ""
		}
		lex.line(l)
		goLines = append(goLines, l)
	}
	if strings.HasSuffix(text, `\`) {
		return "incomplete", ""
	}
	if lex.raw || lex.comment {
		return "incomplete", ""
	}
	toks := tokens(strings.Join(goLines, "\n"))
	for _, t := range toks {
		switch t.kind.String() {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		}
		if depth < 0 {
			return "invalid", ""
		}
	}
	if depth > 0 {
		return "incomplete", strings.Repeat("\t", depth)
	}
	if n := len(toks); n > 0 && toks[n-1].kind.IsOperator() && !slices.Contains([]string{")", "]", "}", ";", "++", "--"}, toks[n-1].kind.String()) {
		return "incomplete", "\t"
	}
	if _, err := Parse(1, text); err != nil {
		return "invalid", ""
	}
	return "complete", ""
}
