package cell

import (
	"bytes"
	"fmt"
	"go/scanner"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Error is what is wrong with a cell, at a place in it.
type Error struct {
	Cell, Line, Col int    // Line 0: the cell as a whole
	Msg             string // one sentence without a place
	Source          string // the line itself
}

// Error says it in one line, the way that a student reads it: cell 3, line 2: undefined: x.
func (e *Error) Error() string {
	switch {
	case e.Cell == 0:
		return e.Msg
	case e.Line == 0:
		return fmt.Sprintf("cell %d: %s", e.Cell, e.Msg)
	}
	return fmt.Sprintf("cell %d, line %d: %s", e.Cell, e.Line, e.Msg)
}

// Excerpt is the source line with a caret under the column, or "".
func (e *Error) Excerpt() string {
	if strings.TrimSpace(e.Source) == "" {
		return ""
	}
	if e.Col < 1 || e.Col > len(e.Source)+1 {
		return "    " + e.Source
	}
	pad := notTab.ReplaceAllString(e.Source[:e.Col-1], " ")
	return "    " + e.Source + "\n    " + pad + "^"
}

var notTab = regexp.MustCompile(`[^\t]`)

// Errors are all that is known to be wrong, in order.
type Errors []*Error

// Error is the first of them.
func (e Errors) Error() string {
	if len(e) == 0 {
		return "no error"
	}
	return e[0].Error()
}

// at is an error at a place in the cell.
func (c *Cell) at(line, col int, msg string) *Error {
	e := &Error{Cell: c.Number, Line: line, Col: col, Msg: msg}
	if line >= 1 && line <= len(c.Lines) {
		e.Source = c.Lines[line-1]
	}
	return e
}

// Fail says what is wrong with a line of the cell, or with all of it where line is 0.
func (c *Cell) Fail(line int, format string, args ...any) Errors {
	return Errors{c.at(line, 0, fmt.Sprintf(format, args...))}
}

// syntax turns the parser's errors into ours.
func (c *Cell) syntax(err error) (errs Errors) {
	list, _ := err.(scanner.ErrorList) // the parser gives no other
	for _, e := range list {
		if end := len(c.Lines); e.Pos.Line > end { // in the brace that main ends with
			if len(errs) == 0 {
				errs = append(errs, c.at(end, len(c.Lines[end-1])+1, "syntax error: the cell ends in the middle of a statement"))
			}
			break
		}
		errs = append(errs, c.at(max(e.Pos.Line, 1), e.Pos.Column, "syntax error: "+e.Msg))
	}
	return errs
}

// at is the place that a compiler's file name and numbers stand for; its Cell is 0 where it is in no cell.
func (m *Memory) at(file, line, col, msg string) *Error {
	c := &Cell{}
	if m.current != nil && m.current.File == file {
		c = m.current
	} else if i := slices.IndexFunc(m.decls, func(d *Decl) bool { return d.from.File == file }); i >= 0 {
		c = m.decls[i].from
	}
	l, _ := strconv.Atoi(line)
	k, _ := strconv.Atoi(col)
	return c.at(l, k, msg)
}

// place finds the compiler's name of a cell and a line, and perhaps a column and the place in the program's own file.
var place = regexp.MustCompile(`(?:[^\s:]*/)?(cell-[0-9a-f]{10}):(\d+)(?::(\d+))?(?:\[[^\]\n]*\.go:\d+:\d+\])?`)

// Locate finds the first place in a line of a stack trace that is in a cell.
func (m *Memory) Locate(text string) *Error {
	if g := place.FindStringSubmatch(text); g != nil {
		if e := m.at(dir+g[1], g[2], "", ""); e.Cell > 0 {
			return e
		}
	}
	return nil
}

// compilerLine is one complaint of the compiler.
var compilerLine = regexp.MustCompile(`^(\S+?):(\d+)(?::(\d+))?: (.*)$`)

// CompileErrors reads what the compiler wrote. m must have been told of the cell by Note.
func (m *Memory) CompileErrors(output string) Errors {
	var errs Errors
	for line := range strings.Lines(output) {
		text := strings.TrimSpace(line)
		switch g := compilerLine.FindStringSubmatch(text); {
		case text == "", strings.HasPrefix(text, "# "), strings.HasSuffix(text, "too many errors"):
		case line[0] == '\t' && len(errs) > 0: // goes on with the complaint before
			errs[len(errs)-1].Msg += "; " + m.Translate(text)
		case g == nil:
			errs = append(errs, &Error{Msg: m.Translate(text)})
		default:
			msg := strings.TrimSuffix(strings.ReplaceAll(m.Translate(g[4]), "gonb_", ""), " (typecheck)")
			if msg == "missing function body" {
				msg += " (its { belongs on the same line)"
			}
			if name, ok := strings.CutPrefix(msg, "undefined: "); ok && m.locals[name] > 0 {
				msg += fmt.Sprintf(" (cell %d had it in main, and what is defined there ends with its cell; var %s = … outside of main is kept)",
					m.locals[name], name)
			}
			errs = append(errs, m.at(g[1][max(strings.Index(g[1], dir), 0):], g[2], g[3], msg))
		}
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

// Unused are the paths of the imports that the compiler found to be unused.
func Unused(output string) (paths []string) {
	for _, g := range unusedImport.FindAllStringSubmatch(output, -1) {
		paths = append(paths, g[1])
	}
	return paths
}

var unusedImport = regexp.MustCompile(`"([^"\n]+)" imported(?: as \w+)? and not used`)

// NoValue reports whether the compiler objects to showing a call that has no value.
func NoValue(output string) bool { return strings.Contains(output, "(no value) used as value") }

// Stale finds, in a failed program, the methods of earlier cells that no longer fit a type which c redefines. It
// is empty unless these are all that is wrong.
func (p *Program) Stale(c *Cell, errs Errors) []*Decl {
	var stale []*Decl
	for _, e := range errs {
		var hit *Decl // the last method that begins no later than the error
		for _, d := range p.decls {
			if d.Kind == Method && d.Cell == e.Cell && d.Line <= e.Line && e.Line <= d.Line+strings.Count(d.Text, "\n") &&
				(hit == nil || d.Line > hit.Line) {
				hit = d
			}
		}
		redefined := func(d *Decl) bool { return d.Kind == Type && d.Names[0] == hit.Names[0] }
		if hit == nil || hit.from == c || !slices.ContainsFunc(c.decls, redefined) {
			return nil
		}
		if !slices.Contains(stale, hit) {
			stale = append(stale, hit)
		}
	}
	return stale
}
