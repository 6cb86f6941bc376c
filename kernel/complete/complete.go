// Package complete answers what stands under the cursor: completions, and signatures with their documentation. It
// reads packages where they are, in process, when first asked, and runs nothing but `go list` for packages that
// no cell has imported yet.
package complete

import (
	"context"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"elboroom/kernel/build"
	"elboroom/kernel/cell"
)

// hole stands for a name that has yet to be typed.
const hole = "gonb_hole"

// Match is one completion.
type Match struct {
	Text      string
	Type      string // "function", "type", "variable", "constant", "module", "keyword", "path", "field"
	Signature string
}

// Completer remembers the packages that it has read.
type Completer struct {
	Builder *build.Builder

	mu       sync.Mutex
	fset     *token.FileSet
	importer types.Importer
	exports  map[string]string // that importer was made for
}

// specials are the special lines that can be completed.
var specials = []string{"%", "main", "args", "exec", "test", "env", "cd", "list", "ls", "rm", "remove", "reset", "autoget", "noautoget",
	"goflags", "capture", "version", "help", "with_inputs", "with_password", "%bash", "%sh", "%script", "%writefile"}

// Complete lists what could stand at a byte of a cell's text, and where the text that it replaces begins.
func (c *Completer) Complete(ctx context.Context, m *cell.Memory, text string, at int, dir string) (list []Match, start int) {
	line := text[strings.LastIndexByte(text[:at], '\n')+1 : at]
	line = strings.TrimPrefix(line, "//gonb:")
	if strings.HasPrefix(line, "!") || strings.HasPrefix(line, "%") && strings.ContainsRune(line, ' ') {
		return paths(line, at, dir)
	}
	if word, ok := strings.CutPrefix(line, "%"); ok {
		for _, s := range specials {
			if strings.HasPrefix(s, word) {
				list = append(list, Match{Text: s, Type: "keyword"})
			}
		}
		return list, at - len(word)
	}
	start = wordStart(text, at)
	prefix := text[start:at]
	if inString(line) {
		return nil, at
	}
	before := strings.TrimRight(text[:start], " \t")
	if strings.HasSuffix(before, ".") {
		list = c.members(ctx, m, text, at, start)
	} else {
		list = c.names(ctx, m, text, at)
	}
	list = slices.DeleteFunc(list, func(m Match) bool {
		return !strings.HasPrefix(m.Text, prefix) || m.Text == hole || strings.HasPrefix(m.Text, "gonb_") || m.Text == "_"
	})
	if len(list) == 0 && prefix != "" { // what differs in case only
		return nil, start
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Text < list[j].Text })
	return slices.CompactFunc(list, func(a, b Match) bool { return a.Text == b.Text }), start
}

// wordStart is where the name begins that ends at a byte of text.
func wordStart(text string, at int) int {
	for at > 0 {
		r, n := utf8.DecodeLastRuneInString(text[:at])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		at -= n
	}
	return at
}

// inString reports whether a line ends inside a string or a comment.
func inString(line string) bool {
	var quote byte
	for i := 0; i < len(line); i++ {
		switch ch := line[i]; {
		case quote != 0 && ch == '\\' && quote != '`':
			i++
		case quote != 0:
			if ch == quote {
				quote = 0
			}
		case ch == '"' || ch == '`' || ch == '\'':
			quote = ch
		case strings.HasPrefix(line[i:], "//"):
			return true
		}
	}
	return quote != 0
}

// paths completes a file name.
func paths(line string, at int, dir string) ([]Match, int) {
	word := line[strings.LastIndexAny(line, " \t=!*'\"")+1:]
	folder, base := filepath.Split(word)
	where := folder
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(where, "~/") {
		where = filepath.Join(home, where[2:])
	}
	if !filepath.IsAbs(where) {
		where = filepath.Join(dir, where)
	}
	entries, err := os.ReadDir(where)
	if err != nil {
		return nil, at
	}
	var list []Match
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), base) || strings.HasPrefix(e.Name(), ".") && base == "" {
			continue
		}
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		list = append(list, Match{Text: name, Type: "path"})
	}
	return list, at - len(base)
}

// names lists what is in scope.
func (c *Completer) names(ctx context.Context, m *cell.Memory, text string, at int) []Match {
	ch := c.check(ctx, m.Sketch(text, at, ""))
	var list []Match
	if ch.pkg != nil {
		scope := ch.pkg.Scope().Innermost(ch.pos)
		if scope == nil {
			scope = ch.pkg.Scope()
		}
		for ; scope != nil; scope = scope.Parent() {
			for _, n := range scope.Names() {
				if o := scope.Lookup(n); n != "main" && (!o.Pos().IsValid() || o.Pos() < ch.pos || o.Parent() == ch.pkg.Scope()) {
					list = append(list, match(o))
				}
			}
		}
	}
	for _, n := range m.Names() {
		list = append(list, Match{Text: n, Type: "variable"})
	}
	for k := token.BREAK; k <= token.VAR; k++ {
		list = append(list, Match{Text: k.String(), Type: "keyword"})
	}
	for _, p := range cell.StandardPaths() {
		list = append(list, Match{Text: cell.GuessName(p), Type: "module", Signature: "package " + p})
	}
	return list
}
