package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// unit is one declaration or statement at the top level of a cell.
type unit struct {
	kind       token.Token // IMPORT, CONST, TYPE, VAR, FUNC, PACKAGE, or ILLEGAL for a statement
	start, end int         // byte offsets; start is that of its doc comment
	local      bool        // a var, const or type that needs a name which a statement before it defined: main's own
}

// tok is one token with its place.
type tok struct {
	kind       token.Token
	start, end int
	text       string
}

// tokens scans Go text; what cannot be scanned is ILLEGAL. A semicolon that a newline stands for has the text "\n".
func tokens(text string) []tok {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	var list []tok
	for {
		pos, kind, lit := s.Scan()
		if kind == token.EOF {
			return list
		}
		start := file.Offset(pos)
		size := len(lit)
		if !kind.IsLiteral() && kind != token.COMMENT && kind != token.ILLEGAL {
			size = len(kind.String())
		}
		if kind == token.SEMICOLON {
			size = len(strings.TrimSuffix(lit, "\n"))
		}
		list = append(list, tok{kind, start, min(start+size, len(text)), lit})
	}
}

// split cuts a cell at the semicolons of its top level, up to the line of %%, where there is one.
func split(text string, mainLine int) []unit {
	if mainLine > 0 {
		text = strings.Join(strings.SplitAfter(text, "\n")[:mainLine-1], "")
	}
	var units []unit
	var open []tok // the tokens of the unit under way
	depth := 0
	doc, docEnd := -1, 0
	defined := map[string]bool{}
	closeUnit := func() {
		if len(open) == 0 {
			return
		}
		u := unit{kind: kindOf(open), start: open[0].start, end: open[len(open)-1].end}
		if doc >= 0 && strings.Count(text[docEnd:u.start], "\n") <= 1 {
			u.start = doc
		}
		switch u.kind {
		case token.ILLEGAL:
			define(open, defined)
		case token.VAR, token.CONST, token.TYPE:
			for _, t := range open {
				u.local = u.local || t.kind == token.IDENT && defined[t.text]
			}
			if u.local {
				for _, t := range open {
					if t.kind == token.IDENT {
						defined[t.text] = true
					}
				}
			}
		}
		units = append(units, u)
		open, doc = nil, -1
	}
	for _, t := range tokens(text) {
		switch t.kind {
		case token.COMMENT:
			if len(open) == 0 {
				if doc < 0 || strings.Count(text[docEnd:t.start], "\n") > 1 {
					doc = t.start
				}
				docEnd = t.end
			}
			continue
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth = max(depth-1, 0)
		case token.SEMICOLON:
			if depth == 0 {
				closeUnit()
				continue
			}
		}
		open = append(open, t)
	}
	closeUnit()
	return units
}

// kindOf says what begins with these tokens. A func with a name is a declaration, one without is a statement.
func kindOf(ts []tok) token.Token {
	switch k := ts[0].kind; k {
	case token.IMPORT, token.CONST, token.TYPE, token.VAR, token.PACKAGE:
		return k
	case token.FUNC:
		i := 1
		if i < len(ts) && ts[i].kind == token.LPAREN { // a receiver, or the parameters of a literal
			for depth := 0; i < len(ts); i++ {
				if ts[i].kind == token.LPAREN {
					depth++
				} else if ts[i].kind == token.RPAREN {
					if depth--; depth == 0 {
						i++
						break
					}
				}
			}
			// A literal's result type may be a name as well, but then a block follows, not parameters.
			if i+1 < len(ts) && ts[i].kind == token.IDENT && ts[i+1].kind == token.LPAREN {
				return token.FUNC
			}
			return token.ILLEGAL
		}
		return token.FUNC
	}
	return token.ILLEGAL
}

// define adds the names on the left of a statement's := to those that are main's own.
func define(ts []tok, defined map[string]bool) {
	for i, t := range ts {
		if t.kind == token.DEFINE {
			for _, l := range ts[:i] {
				if l.kind == token.IDENT {
					defined[l.text] = true
				}
			}
			return
		}
		if t.kind == token.LBRACE {
			return
		}
	}
}

// blank replaces all bytes but newlines by spaces.
func blank(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
	return string(b)
}
