package cell

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// tail is a trailing expression.
type tail struct {
	start, end int // in body
	call       bool
}

// assemble fills decls, body and tail.
func (c *Cell) assemble(text string, units []unit, mainLine int) error {
	body := []byte(text)
	statements := mainLine > 0
	var errs Errors
	for _, u := range units {
		if u.kind == token.ILLEGAL || u.local {
			statements = true
			continue
		}
		piece := text[u.start:u.end]
		copy(body[u.start:], blank(piece))
		if u.kind == token.PACKAGE {
			continue
		}
		line := 1 + strings.Count(text[:u.start], "\n")
		col := u.start - strings.LastIndexByte(text[:u.start], '\n')
		decls, err := c.parseDecl(piece, line, col)
		if err != nil {
			errs = append(errs, c.syntax(err)...)
			continue
		}
		for _, d := range decls {
			if d.Kind == Func && d.Key == "main" {
				c.ownMain = true
				if mainLine > 0 {
					errs = append(errs, c.fail(d.Line, "func main and %%%% in one cell: only one can be main").(Errors)...)
				}
			}
		}
		c.decls = append(c.decls, decls...)
	}
	if statements && strings.TrimSpace(string(body)) != "" {
		c.body = string(body)
		if err := c.parseBody(); err != nil {
			errs = append(errs, c.syntax(err)...)
		}
	}
	if len(errs) == 0 && c.body != "" && mainLine == 0 && (c.ownMain || c.Exec != "" || c.Test) {
		for _, u := range units {
			if u.kind == token.ILLEGAL {
				line := 1 + strings.Count(text[:u.start], "\n")
				return c.fail(line, "a statement outside of a function, in a cell that has its own main")
			}
		}
	}
	if len(errs) > 0 {
		slices.SortStableFunc(errs, func(a, b *Error) int { return a.Line - b.Line })
		return errs
	}
	return nil
}

// parseBody checks the syntax of main's body and finds the expression that it ends with.
func (c *Cell) parseBody() error {
	head := "package p\nfunc _() {\n" + directive(c.File, 1, 1)
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", head+c.body+"\n}", parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	if len(f.Decls) != 1 {
		return c.fail(0, "a closing brace too many")
	}
	list := f.Decls[0].(*ast.FuncDecl).Body.List
	if len(list) == 0 {
		return nil
	}
	last, ok := list[len(list)-1].(*ast.ExprStmt)
	if !ok {
		return nil
	}
	at := func(p token.Pos) int { return fset.File(p).Offset(p) - len(head) }
	t := &tail{start: at(last.Pos()), end: at(last.End())}
	if strings.HasPrefix(strings.TrimLeft(c.body[t.end:], " \t"), ";") {
		return nil // a semicolon silences it
	}
	if call, ok := ast.Unparen(last.X).(*ast.CallExpr); ok {
		t.call = true
		if silent.MatchString(types.ExprString(ast.Unparen(call.Fun))) {
			return nil
		}
	}
	c.tail = t
	return nil
}

// silent are calls whose results nobody wants to see: fmt.Println, w.WriteString, close, panic.
var silent = regexp.MustCompile(`(^|\.)(Print|Fprint|Write|Copy|Read|Scan|Fscan|Sscan|Fatal|Panic)\w*$|^(print|println|panic|close|delete|clear|copy|recover)$`)

// syntax turns the parser's errors into ours.
func (c *Cell) syntax(err error) Errors {
	var own Errors
	if errors.As(err, &own) {
		return own
	}
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return Errors{{Cell: c.Number, Msg: err.Error()}}
	}
	var errs Errors
	for _, e := range list {
		line := min(max(e.Pos.Line, 1), len(c.Lines))
		errs = append(errs, &Error{Cell: c.Number, Line: line, Col: e.Pos.Column, Msg: "syntax error: " + e.Msg, Source: c.Lines[line-1]})
	}
	return errs
}
