// Package cell turns the text of a notebook cell into a Go program: it parses a cell, remembers its declarations,
// prunes what a program does not reach, composes package main, and maps the compiler's lines back to cells.
//
// It is pure: text in, text out, no file and no process. What a cell means is GoNB's to say
// (https://github.com/janpfeifer/gonb, its tutorial and %help); where this package is kinder it says so.
package cell

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"slices"
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

	execAt int      // where %exec stands
	locals []string // names that main's body defines
	decls  []*Decl  // without main
	main   *Decl    // declared, or made of statements; a trailing expression is shown
	plain  *Decl    // main where the value of a trailing call is not shown; nil where none would be
}

// dir is where the compiler believes cells to stand. No such folder exists.
const dir = "/gonb/"

// fileOf names a text. Two runs of the same text have the same name, so that their programs are the same bytes and
// the second needs no compiler.
func fileOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%scell-%x", dir, sum[:5])
}

// directive tells the compiler that what follows stands at a byte of the cell's text.
func (c *Cell) directive(text string, at int) string {
	return fmt.Sprintf("//line %s:%d:%d\n", c.File, lineOf(text, at), at-strings.LastIndexByte(text[:at], '\n'))
}

// lineOf is the line, from 1, in which a byte of text stands.
func lineOf(text string, at int) int { return 1 + strings.Count(text[:at], "\n") }

// Parse reads the text of cell number n. The error is an Errors.
func Parse(n int, text string) (*Cell, error) {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n") // as Windows has it
	c := &Cell{Number: n, File: fileOf(text), Lines: strings.Split(text, "\n")}
	if g := magic.FindStringSubmatch(text); g != nil {
		c.Magic = &Magic{Words: words(g[1]), Body: text[len(g[0]):]}
		return c, nil
	}
	goText, toks, specials, open := lex(text)
	mainAt, errs := c.takeSpecials(specials, len(text))
	if len(errs) == 0 {
		errs = c.assemble(goText, toks, mainAt, open)
	}
	if len(errs) > 0 {
		slices.SortStableFunc(errs, func(a, b *Error) int { return a.Line - b.Line })
		return nil, errs
	}
	c.HasGo = c.main != nil || c.Test || len(c.decls) > 0
	return c, nil
}

// assemble fills decls, main and plain. Main's body begins at the byte mainAt, where the text does not end before.
// open: there is a comment without an end, which main shall not compile with.
func (c *Cell) assemble(text string, toks []tok, mainAt int, open bool) Errors {
	units, body, statement := c.split(text, toks, mainAt)
	var errs Errors
	for _, u := range units {
		errs = append(errs, u.errs...)
		for _, d := range u.decls {
			switch {
			case d.Kind != Func || d.Key != "main":
				c.decls = append(c.decls, d)
			case mainAt < len(text) || c.Exec != "" || c.main != nil:
				errs = append(errs, c.Fail(d.Line, "func main and %%%%, %%exec or another main in one cell: only one can be main")...)
			default:
				c.main = d
			}
		}
	}
	alone := c.main != nil || c.Exec != "" || c.Test
	if statement >= 0 || mainAt < len(text) || open {
		errs = append(errs, c.compose(body)...)
	}
	switch {
	case len(errs) > 0:
	case alone && statement >= 0:
		return c.Fail(lineOf(text, statement), "a statement outside of a function, in a cell that has its own main")
	case c.Exec != "":
		return c.compose(body[:c.execAt] + c.Exec + "();" + body[c.execAt:])
	}
	return errs
}

// compose makes main of statements, and of the expression that they end with one that shows it.
func (c *Cell) compose(body string) Errors {
	head := "//line /gonb/main:1\nfunc main() {\n\tgonb_flag.Parse()\n" + c.directive("", 0)
	text := head + body + "\n}"
	s, err := parse(text)
	if err != nil {
		return c.syntax(err)
	}
	if len(s.file.Decls) != 1 {
		return c.Fail(0, "a closing brace too many")
	}
	c.main = newDecl(s, c, 1)
	ast.Inspect(s.file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Obj != nil && id.Obj.Kind == ast.Var && id.Obj.Pos() == id.Pos() {
			c.locals = append(c.locals, id.Name)
		}
		return true
	})
	list := s.file.Decls[0].(*ast.FuncDecl).Body.List
	last, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok || len(list) == 1 { // which is gonb_flag.Parse()
		return nil
	}
	start, end := s.offset(last.Pos()), s.offset(last.End())
	if strings.HasPrefix(strings.TrimLeft(text[end:], " \t"), ";") {
		return nil // a semicolon silences it
	}
	show := "gonb_show"
	if call, ok := ast.Unparen(last.X).(*ast.CallExpr); ok {
		switch name := types.ExprString(ast.Unparen(call.Fun)); {
		case silent.MatchString(name):
			return nil
		case counting.MatchString(name):
			show = "gonb_uncounted"
		}
		c.plain = c.main
	}
	s, _ = parse(text[:start] + show + "(\n" + c.directive(body, start-len(head)) + text[start:end] + ",\n)" + text[end:])
	c.main = newDecl(s, c, 1)
	return nil
}

// Calls whose results nobody wants to see: fmt.Println, close, panic; and those of which only the error counts, such as
// w.WriteString and fmt.Scan, which return a number of bytes or items as well.
var (
	silent   = regexp.MustCompile(`^(fmt\.Print\w*|log\.(Print|Fatal|Panic)\w*|print|println|panic|close|delete|clear|copy|recover)$`)
	counting = regexp.MustCompile(`(^|\.)(Print|Fprint|Write|Copy|Scan|Fscan|Sscan)\w*$`)
)

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

// TestArgs are arguments of a test binary that run the cell's own tests, examples and benchmarks.
func (c *Cell) TestArgs() []string {
	pick := func(names string) string {
		kind := regexp.MustCompile("^(" + names + ")")
		var list []string
		for _, d := range c.decls {
			if d.Kind == Func && kind.MatchString(d.Key) {
				list = append(list, d.Key)
			}
		}
		return "^(" + strings.Join(list, "|") + ")$"
	}
	return []string{"-test.v", "-test.run=" + pick("Test|Example|Fuzz"), "-test.bench=" + pick("Benchmark")}
}
