// Package cell turns the text of a notebook cell into a Go program: it parses a cell, remembers its declarations,
// prunes what a program does not reach, composes package main, and maps the compiler's lines back to cells.
//
// It is pure: text in, text out, no file and no process. What a cell means is GoNB's to say
// (https://github.com/janpfeifer/gonb, its tutorial and %help); where this package is kinder it says so.
package cell

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// Cell is one cell, parsed.
type Cell struct {
	Number   int       // as the notebook counts: In [3]
	File     string    // the name under which the compiler knows its text; it depends on the text alone
	Lines    []string  // its text
	Magic    *Magic    // of a cell that is not Go at all: %%bash, %%script, %%writefile
	Specials []Special // lines to obey before any Go, in order
	Args     []string  // os.Args[1:], of %%, %main, %exec, %args or %test
	Exec     string    // the function that %exec calls
	Test     bool      // %test
	HasGo    bool      // there is Go here, or a line such as %% that runs a program

	decls   []*Decl
	body    string // main's body with everything else blanked out, line for line the cell; "" for none
	ownMain bool   // the cell declares func main
	tail    *tail  // the trailing expression of body
}

// Special is a line for the kernel: !cmd, !*cmd or %name words.
type Special struct {
	Line  int  // from 1
	Shell bool // !cmd
	Temp  bool // !*cmd: in the temporary module
	Text  string
	Words []string // of a % line; Words[0] is the name
}

// Magic is a cell whose first line hands the rest to something else.
type Magic struct {
	Words []string // "script", "bash", "sh" or "writefile", then arguments
	Body  string
}

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
	pad := []rune(e.Source[:e.Col-1])
	for i, r := range pad {
		if r != '\t' {
			pad[i] = ' '
		}
	}
	return "    " + e.Source + "\n    " + string(pad) + "^"
}

// Errors are all that is known to be wrong, in order.
type Errors []*Error

// Error is the first of them.
func (e Errors) Error() string {
	if len(e) == 0 {
		return "no error"
	}
	return e[0].Error()
}

// dir is where the compiler believes cells to stand. No such folder exists.
const dir = "/gonb/"

// fileOf names a text. Two runs of the same text have the same name, so that their programs are the same bytes and
// the second needs no compiler.
func fileOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%scell-%x", dir, sum[:5])
}

// directive tells the compiler where the next line comes from.
func directive(file string, line, col int) string {
	return fmt.Sprintf("//line %s:%d:%d\n", file, line, col)
}

// Parse reads the text of cell number n. The error is an Errors.
func Parse(n int, text string) (*Cell, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	c := &Cell{Number: n, File: fileOf(text), Lines: strings.Split(text, "\n")}
	if m, ok := magicOf(c.Lines); ok {
		c.Magic = m
		return c, nil
	}
	goText, mainLine, err := c.takeSpecials()
	if err != nil {
		return nil, err
	}
	c.HasGo = mainLine > 0 || c.Exec != "" || c.Test
	if strings.TrimSpace(goText) == "" && !c.HasGo {
		return c, nil
	}
	units := split(goText, mainLine)
	if err := c.assemble(goText, units, mainLine); err != nil {
		return nil, err
	}
	c.HasGo = c.HasGo || len(c.decls) > 0 || c.body != ""
	return c, nil
}

// fail makes an Errors of one.
func (c *Cell) fail(line int, format string, args ...any) error {
	e := &Error{Cell: c.Number, Line: line, Msg: fmt.Sprintf(format, args...)}
	if line >= 1 && line <= len(c.Lines) {
		e.Source = c.Lines[line-1]
	}
	return Errors{e}
}

// Imports are the paths that the cell imports itself, with the line of each.
func (c *Cell) Imports() map[string]int {
	paths := map[string]int{}
	for _, d := range c.decls {
		if d.Kind == Import {
			paths[d.Path] = d.Line
		}
	}
	return paths
}

// Tests are the names of its test, benchmark, example and fuzz functions.
func (c *Cell) Tests() (tests, benchmarks []string) {
	for _, d := range c.decls {
		switch {
		case d.Kind != Func:
		case strings.HasPrefix(d.Key, "Benchmark"):
			benchmarks = append(benchmarks, d.Key)
		case strings.HasPrefix(d.Key, "Test"), strings.HasPrefix(d.Key, "Example"), strings.HasPrefix(d.Key, "Fuzz"):
			tests = append(tests, d.Key)
		}
	}
	return tests, benchmarks
}
