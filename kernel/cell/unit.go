package cell

import (
	"go/token"
	"slices"
	"strings"
)

// unit is one declaration or statement at the top level of a cell.
type unit struct {
	top        []tok // its tokens outside of brackets
	start, end int   // start is that of its doc comment
	decls      []*Decl
	errs       Errors
}

// declares tells a declaration from a statement. A func with a name is a declaration, one without is a statement. A
// literal's result type may be a name as well, but then a block follows, not parameters.
func (u *unit) declares() bool {
	is := func(i int, kind token.Token) bool { return i < len(u.top) && u.top[i].kind == kind }
	switch u.top[0].kind {
	case token.IMPORT, token.CONST, token.TYPE, token.VAR, token.PACKAGE:
		return true
	case token.FUNC:
		return !is(1, token.LPAREN) || is(3, token.IDENT) && is(4, token.LPAREN)
	}
	return false
}

// cut cuts a text at the semicolons of its top level, up to the byte end.
func cut(text string, toks []tok, end int) []*unit {
	var units []*unit
	u := &unit{start: -1}
	depth, docEnd := 0, 0
	for _, t := range toks {
		if t.start >= end || depth == 0 && t.kind == token.SEMICOLON {
			if len(u.top) > 0 {
				u.end = min(t.start, end)
				units = append(units, u)
				u = &unit{start: -1}
			}
			continue
		}
		if len(u.top) == 0 { // a comment belongs to what follows without an empty line
			if u.start < 0 || strings.Count(text[docEnd:t.start], "\n") > 1 {
				u.start = t.start
			}
			docEnd = t.start + len(t.text)
		}
		depth = max(depth+min(t.nesting(), 0), 0)
		if depth == 0 && t.kind != token.COMMENT {
			u.top = append(u.top, t)
		}
		depth += max(t.nesting(), 0)
	}
	return units
}

// split tells the declarations in a cell from its statements. body is the text without the declarations; statement
// is where the first statement begins, or −1. A var, const or type that needs a name which a statement before it
// defined is main's own, a part of body.
func (c *Cell) split(text string, toks []tok, end int) (decls []*unit, body string, statement int) {
	left := []byte(text)
	var own []string // names that main's body defines
	isOwn := func(d *Decl) bool {
		return d.Kind != Func && d.Kind != Method && slices.ContainsFunc(own, func(n string) bool { _, uses := d.uses[n]; return uses })
	}
	statement = -1
	for _, u := range cut(text, toks, end) {
		if !u.declares() {
			if statement < 0 {
				statement = u.start
			}
			if i := slices.IndexFunc(u.top, func(t tok) bool { return t.kind == token.DEFINE }); i >= 0 {
				for _, t := range u.top[:i] {
					own = append(own, t.text)
				}
			}
			continue
		}
		if u.top[0].kind != token.PACKAGE {
			u.decls, u.errs = c.declare(text, u.start, u.end)
		}
		if slices.ContainsFunc(u.decls, isOwn) {
			for _, d := range u.decls {
				own = append(own, d.Names...)
			}
			continue
		}
		blank(left[u.start:u.end])
		decls = append(decls, u)
	}
	return decls, string(left), statement
}
