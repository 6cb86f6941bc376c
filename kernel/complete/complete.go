// Package complete answers what stands under the cursor: completions, and signatures with their documentation. It
// reads packages where they are, in process, when first asked, and runs nothing but `go list` for packages that
// no cell has imported yet.
package complete

import (
	"context"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
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

// checked is a sketch after types were given to it.
type checked struct {
	file *ast.File
	pkg  *types.Package
	info *types.Info
	pos  token.Pos
	fset *token.FileSet
}

// check parses and checks a sketch as far as that goes. m is locked by the caller for as long as it is read.
func (c *Completer) check(ctx context.Context, s cell.Sketch) checked {
	c.mu.Lock()
	defer c.mu.Unlock()
	imp := c.importerFor(ctx, s.Paths)
	f, _ := parser.ParseFile(c.fset, "", s.Source, parser.AllErrors|parser.ParseComments|parser.SkipObjectResolution)
	out := checked{file: f, fset: c.fset, info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{}}}
	if f == nil {
		return out
	}
	conf := types.Config{Importer: imp, Error: func(error) {}, FakeImportC: true}
	out.pkg, _ = conf.Check("main", c.fset, []*ast.File{f}, out.info) // errors are expected: the cell is being written
	out.pos = c.fset.File(f.FileStart).Pos(min(s.Pos, len(s.Source)))
	return out
}

// importerFor reads compiled packages, of those known and those in paths.
func (c *Completer) importerFor(ctx context.Context, paths []string) types.Importer {
	_, exports, _ := c.Builder.Known()
	for _, p := range paths {
		if exports[p] == "" && p != "unsafe" && p != "C" {
			var good []string // a misspelt one must not hide the others
			for _, q := range paths {
				if _, err := c.Builder.Names(ctx, []string{q}); err == nil {
					good = append(good, q)
				}
			}
			_, _ = c.Builder.Names(ctx, good)
			_, exports, _ = c.Builder.Known()
			break
		}
	}
	if c.importer == nil || !maps.Equal(c.exports, exports) {
		c.fset = token.NewFileSet()
		c.exports = exports
		c.importer = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	}
	return c.importer
}

// members lists what can follow a dot.
func (c *Completer) members(ctx context.Context, m *cell.Memory, text string, at, start int) []Match {
	ch := c.check(ctx, m.Sketch(text[:start]+hole+text[at:], start+len(hole), ""))
	sel := ch.selector()
	if sel == nil {
		return nil
	}
	if id, ok := sel.X.(*ast.Ident); ok {
		if p, ok := ch.info.Uses[id].(*types.PkgName); ok {
			var list []Match
			scope := p.Imported().Scope()
			for _, n := range scope.Names() {
				if token.IsExported(n) {
					list = append(list, match(scope.Lookup(n)))
				}
			}
			return list
		}
	}
	t := ch.info.Types[sel.X].Type
	if t == nil {
		return nil
	}
	return typeMembers(t, ch.pkg)
}

// selector finds x.y whose y ends at the cursor.
func (ch checked) selector() *ast.SelectorExpr {
	var found *ast.SelectorExpr
	if ch.file == nil {
		return nil
	}
	ast.Inspect(ch.file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Pos() <= ch.pos && ch.pos <= s.Sel.End() {
			found = s
		}
		return true
	})
	return found
}

// typeMembers lists fields and methods, promoted ones included.
func typeMembers(t types.Type, from *types.Package) []Match {
	var list []Match
	base := t
	if p, ok := t.Underlying().(*types.Pointer); ok {
		base = p.Elem()
	} else if !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		if o := set.At(i).Obj(); o.Exported() || o.Pkg() == from {
			list = append(list, match(o))
		}
	}
	seen := map[types.Type]bool{}
	var fields func(t types.Type)
	fields = func(t types.Type) {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok || seen[t] {
			return
		}
		seen[t] = true
		for f := range s.Fields() {
			if f.Exported() || f.Pkg() == from {
				list = append(list, match(f))
			}
			if f.Embedded() {
				fields(f.Type())
			}
		}
	}
	fields(base)
	return list
}

// match describes an object.
func match(o types.Object) Match {
	out := Match{Text: o.Name(), Signature: types.ObjectString(o, (*types.Package).Name)}
	switch o := o.(type) {
	case *types.Func, *types.Builtin:
		out.Type = "function"
	case *types.TypeName:
		out.Type = "type"
	case *types.Const:
		out.Type = "constant"
	case *types.PkgName:
		out.Type = "module"
	case *types.Var:
		out.Type = "variable"
		if o.IsField() {
			out.Type = "field"
		}
	}
	return out
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
