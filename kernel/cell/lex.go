package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// tok is one token with its place.
type tok struct {
	kind  token.Token
	start int
	text  string
}

// lex tells the Go of a cell from its special lines. A line that merely looks like one, inside a raw string, inside a
// comment, or after an operator that waits for an operand, is Go. In goText special lines are blank, so that all else
// keeps its place; the last token is EOF. open: it ends in the middle of a raw string or a comment.
func lex(text string) (goText string, toks []tok, specials []Special, open bool) {
	src := []byte(text)
	var s scanner.Scanner
	begin := func(at int) { // a token.Pos is a place in text, and 1
		s.Init(token.NewFileSet().AddFile("", at+1, len(src)-at), src[at:], func(_ token.Position, msg string) {
			open = open || msg == "raw string literal not terminated" || msg == "comment not terminated"
		}, scanner.ScanComments)
	}
	begin(0)
	last := token.EOF // before this token, comments apart
	for {
		pos, kind, lit := s.Scan()
		at := int(pos) - 1
		if at == 0 || text[at-1] == '\n' {
			g := special.FindStringSubmatch(text[at:])
			if g != nil && (g[1][0] == '%' || !strings.ContainsAny(last.String(), "&|,(=[{:")) {
				specials = append(specials, Special{Line: lineOf(text, at), Text: joint.ReplaceAllString(g[1], " "), at: at})
				blank(src[at : at+len(g[0])])
				begin(at + len(g[0]))
				continue
			}
		}
		toks = append(toks, tok{kind, at, lit})
		if kind == token.EOF {
			return string(src), toks, specials, open
		}
		if kind != token.COMMENT {
			last = kind
		}
	}
}

// blank replaces all bytes but newlines by spaces.
func blank(b []byte) {
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
}

// nesting is how a token changes the depth of brackets.
func (t tok) nesting() int {
	switch t.kind {
	case token.LPAREN, token.LBRACK, token.LBRACE:
		return 1
	case token.RPAREN, token.RBRACK, token.RBRACE:
		return -1
	}
	return 0
}

// IsComplete says whether a cell could run as it stands: "complete", "incomplete" or "invalid", and for an
// incomplete one how far the next line is indented.
func IsComplete(text string) (status, indent string) {
	_, err := Parse(1, text)
	_, toks, _, open := lex(text)
	depth, lowest := 0, 0
	last := token.EOF // of the tokens that are no comments
	for _, t := range toks[:len(toks)-1] {
		depth += t.nesting()
		lowest = min(lowest, depth)
		if t.kind != token.COMMENT {
			last = t.kind
		}
	}
	switch {
	case open, strings.HasSuffix(text, `\`):
		return "incomplete", ""
	case err == nil:
		return "complete", ""
	case lowest == 0 && depth > 0:
		return "incomplete", strings.Repeat("\t", depth)
	case lowest == 0 && last.IsOperator() && last != token.SEMICOLON:
		return "incomplete", "\t"
	}
	return "invalid", ""
}
