package cell

import (
	"go/token"
	"strings"
)

// commentPrefix lets a special line stand in a file that other Go tools read.
const commentPrefix = "//gonb:"

// magicOf recognises a cell that is not Go: its first line that is not blank says so.
func magicOf(lines []string) (*Magic, bool) {
	for i, l := range lines {
		l = strings.TrimPrefix(l, commentPrefix)
		if strings.TrimSpace(l) == "" {
			continue
		}
		if !strings.HasPrefix(l, "%%") {
			return nil, false
		}
		words := Words(l[2:])
		if len(words) == 0 || strings.HasPrefix(l[2:], " ") {
			return nil, false
		}
		switch words[0] {
		case "script", "bash", "sh", "writefile":
			return &Magic{Words: words, Body: strings.Join(lines[i+1:], "\n")}, true
		}
		return nil, false
	}
	return nil, false
}

// takeSpecials finds the special lines and returns the Go that is left, line for line, and the line of %% (0 for none).
func (c *Cell) takeSpecials() (goText string, mainLine int, err error) {
	lines := append([]string{}, c.Lines...)
	var lex lexer
	for i := 0; i < len(lines); i++ {
		text := strings.TrimPrefix(lines[i], commentPrefix)
		if !lex.special(text) {
			lex.line(lines[i])
			continue
		}
		at := i
		lines[i] = ""
		for strings.HasSuffix(text, `\`) && i+1 < len(lines) {
			i++
			text = text[:len(text)-1] + " " + strings.TrimPrefix(lines[i], commentPrefix)
			lines[i] = ""
		}
		s := Special{Line: at + 1, Shell: text[0] == '!'}
		s.Text = strings.TrimLeft(text[1:], " \t")
		if s.Text == "" {
			continue
		}
		if s.Shell {
			s.Text, s.Temp = strings.CutPrefix(s.Text, "*")
			c.Specials = append(c.Specials, s)
			continue
		}
		if s.Text[0] == '%' && len(s.Text) > 1 && s.Text[1] != ' ' && s.Text[1] != '\t' {
			switch w := Words(s.Text[1:]); w[0] {
			case "script", "bash", "sh", "writefile":
				return "", 0, c.fail(s.Line, "%%%%%s can only stand on the first line of a cell", w[0])
			}
			s.Text = "% " + s.Text[1:] // %%-flag
		}
		s.Words = Words(s.Text)
		if len(s.Words) == 0 {
			continue
		}
		switch s.Words[0] {
		case "%", "main":
			if mainLine > 0 {
				return "", 0, c.fail(s.Line, "a second %%%% in one cell; the first, in line %d, already begins main", mainLine)
			}
			mainLine = s.Line
			c.Args = s.Words[1:]
		case "exec":
			if len(s.Words) < 2 {
				return "", 0, c.fail(s.Line, "%%exec needs the name of a function")
			}
			if !token.IsIdentifier(s.Words[1]) {
				return "", 0, c.fail(s.Line, "%%exec needs the name of a function, and %q is none", s.Words[1])
			}
			c.Exec, c.Args = s.Words[1], s.Words[2:]
		case "args":
			c.Args = s.Words[1:]
		case "test":
			c.Test, c.Args = true, s.Words[1:]
		default:
			c.Specials = append(c.Specials, s)
		}
	}
	if mainLine > 0 && c.Exec != "" {
		return "", 0, c.fail(mainLine, "%%%% and %%exec in one cell: only one can be main")
	}
	return strings.Join(lines, "\n"), mainLine, nil
}

// Words splits a special line at spaces. Double quotes keep spaces in a word; inside them a backslash takes the
// next character as it is, n and t being newline and tab.
func Words(line string) []string {
	var words []string
	var word strings.Builder
	started, quoted := false, false
	for i := 0; i < len(line); i++ {
		ch := line[i]
		switch {
		case ch == '"':
			quoted = !quoted
			started = true
		case ch == '\\' && quoted && i+1 < len(line):
			i++
			switch line[i] {
			case 'n':
				word.WriteByte('\n')
			case 't':
				word.WriteByte('\t')
			default:
				word.WriteByte(line[i])
			}
		case !quoted && (ch == ' ' || ch == '\t' || ch == '\n'):
			if started {
				words = append(words, word.String())
			}
			word.Reset()
			started = false
		default:
			word.WriteByte(ch)
			started = true
		}
	}
	if started {
		words = append(words, word.String())
	}
	return words
}

// lexer knows just enough of Go, line by line, to tell a special line from a line that merely looks like one:
// inside a raw string, inside a comment, or after an operator that waits for an operand.
type lexer struct {
	raw, comment bool
	last         byte // the last byte that was not space or comment
}

func (l *lexer) special(line string) bool {
	if len(line) < 2 || line[0] != '%' && line[0] != '!' || l.raw || l.comment {
		return false
	}
	return line[0] == '%' || !strings.ContainsRune("&|,(=[{:", rune(l.last))
}

func (l *lexer) line(s string) {
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case l.comment:
			if ch == '*' && strings.HasPrefix(s[i:], "*/") {
				l.comment = false
				i++
			}
		case l.raw:
			if ch == '`' {
				l.raw = false
			}
		case strings.HasPrefix(s[i:], "//"):
			return
		case strings.HasPrefix(s[i:], "/*"):
			l.comment = true
			i++
		case ch == '`':
			l.raw, l.last = true, ch
		case ch == '"' || ch == '\'':
			for i++; i < len(s) && s[i] != ch; i++ {
				if s[i] == '\\' {
					i++
				}
			}
			l.last = ch
		case ch != ' ' && ch != '\t':
			l.last = ch
		}
	}
}
