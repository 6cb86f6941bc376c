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
	"strings"
	"sync"
	"unicode"

	"elboroom/kernel/build"
	"elboroom/kernel/cell"
)

// hole stands for the name that is being typed. It is called, because go and defer want a call.
const hole = "gonb_hole()"

// Match is one completion.
type Match struct {
	Text      string
	Type      string // one of kinds, "keyword" or "path"
	Signature string
}

// kinds are Jupyter's words for what go/types writes in front of an object.
var kinds = map[string]string{"func": "function", "builtin": "function", "type": "type", "var": "variable", "const": "constant",
	"package": "module", "field": "field"}

// specials are the special lines that can be completed, without their first %.
var specials = strings.Fields("% main args exec test env cd list ls rm remove reset autoget noautoget goflags capture version help " +
	"with_inputs with_password %bash %sh %script %writefile")

// Completer remembers the packages that it has read.
type Completer struct {
	Builder *build.Builder

	mu       sync.Mutex
	fset     *token.FileSet // of imported packages
	importer types.Importer
	exports  map[string]string // that importer was made for
}

// Complete lists what could stand at a byte of a cell's text, and where the text that it replaces begins.
func (c *Completer) Complete(ctx context.Context, m *cell.Memory, text string, at int, dir string) (list []Match, start int) {
	line := strings.TrimPrefix(text[strings.LastIndexByte(text[:at], '\n')+1:at], "//gonb:")
	switch {
	case strings.HasPrefix(line, "!"), strings.HasPrefix(line, "%") && strings.Contains(line, " "):
		folder, base := filepath.Split(line[strings.LastIndexAny(line, " \t=!*'\"")+1:])
		list, start = files(folder, dir), at-len(base)
	case strings.HasPrefix(line, "%"):
		start = at - len(line) + 1
		for _, s := range specials {
			list = append(list, Match{Text: s, Type: "keyword"})
		}
	default:
		start = len(strings.TrimRightFunc(text[:at], func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }))
		c.mu.Lock()
		defer c.mu.Unlock()
		list = c.check(ctx, m.Sketch(text[:start]+text[at:], start, hole)).matches()
	}
	list = slices.DeleteFunc(list, func(m Match) bool { // hidden files are shown to who types their dot
		return !strings.HasPrefix(m.Text, text[start:at]) || start == at && strings.HasPrefix(m.Text, ".")
	})
	slices.SortStableFunc(list, func(a, b Match) int { return strings.Compare(a.Text, b.Text) })
	return slices.CompactFunc(list, func(a, b Match) bool { return a.Text == b.Text }), start
}

// files lists a folder: one of the home folder, or of dir.
func files(folder, dir string) (list []Match) {
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(folder, "~/") {
		folder = filepath.Join(home, folder[2:])
	} else if !filepath.IsAbs(folder) {
		folder = filepath.Join(dir, folder)
	}
	entries, _ := os.ReadDir(folder) // one that cannot be read offers nothing
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		list = append(list, Match{Text: name, Type: "path"})
	}
	return list
}

// matches lists what can stand in the place of the hole.
func (p *program) matches() (list []Match) {
	if p.quoted {
		return nil
	}
	add := func(o types.Object) {
		if strings.HasPrefix(o.Name(), "gonb_") {
			return
		}
		kind, signature := describe(o)
		list = append(list, Match{o.Name(), kinds[kind], signature})
	}
	if p.from != nil && p.name.Pos() == p.pos {
		p.members(add)
		return list
	}
	for s := p.pkg.Scope().Innermost(p.pos); s != nil; s = s.Parent() {
		for _, n := range s.Names() {
			if _, o := s.LookupParent(n, p.pos); o != nil && n != "main" {
				add(o)
			}
		}
	}
	for k := token.BREAK; k <= token.VAR; k++ {
		list = append(list, Match{Text: k.String(), Type: "keyword"})
	}
	for _, path := range cell.StandardPaths() {
		list = append(list, Match{cell.GuessName(path), "module", "package " + path})
	}
	return list
}

// program is a sketch with types, as far as it has any.
type program struct {
	fset   *token.FileSet // of file, not of what it imports
	file   *ast.File
	pkg    *types.Package
	info   types.Info
	pos    token.Pos  // of the cursor
	name   *ast.Ident // at the cursor; else that of the function whose brackets are around it
	from   ast.Expr   // what name is selected from
	quoted bool       // the hole is in a string or a comment, or not there, as in a package clause
}

// check gives a sketch types and finds the cursor in it. Errors are expected: the cell is being written.
func (c *Completer) check(ctx context.Context, s cell.Sketch) *program {
	p := &program{fset: token.NewFileSet(), info: types.Info{Types: map[ast.Expr]types.TypeAndValue{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}}
	p.file, _ = parser.ParseFile(p.fset, "", s.Source, parser.AllErrors|parser.ParseComments|parser.SkipObjectResolution)
	conf := types.Config{Importer: c.importerFor(ctx, s.Paths), Error: func(error) {}, FakeImportC: true}
	p.pkg, _ = conf.Check("main", p.fset, []*ast.File{p.file}, &p.info)
	p.pkg.SetName("") // signatures do without main.
	p.pos, p.quoted = p.file.FileStart+token.Pos(s.Pos), !strings.HasPrefix(s.Source[s.Pos:], hole)
	var called token.Pos // the end of the name of the function whose brackets are around the cursor
	here := func(id *ast.Ident) bool { return id.Pos() <= p.pos && p.pos <= id.End() || id.End() == called }
	within := func(n ast.Node) bool { return n.Pos() < p.pos && p.pos < n.End() }
	ast.Inspect(p.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if n.Lparen < p.pos && p.pos <= n.Rparen {
				called = n.Fun.End()
			}
		case *ast.SelectorExpr:
			if here(n.Sel) {
				p.name, p.from = n.Sel, n.X
			}
		case *ast.Ident:
			if here(n) && n != p.name {
				p.name, p.from = n, nil
			}
		case *ast.BasicLit:
			p.quoted = p.quoted || within(n)
		}
		return true
	})
	for _, g := range p.file.Comments {
		p.quoted = p.quoted || within(g)
	}
	return p
}

// importerFor reads compiled packages: those known, and those of paths that can be had.
func (c *Completer) importerFor(ctx context.Context, paths []string) types.Importer {
	_, exports := c.Builder.Known()
	for _, p := range paths {
		if exports[p] == "" && p != "unsafe" && p != "C" {
			_, _ = c.Builder.Names(ctx, []string{p}) // one by one: a misspelt one must not hide the others
		}
	}
	_, exports = c.Builder.Known()
	if c.importer == nil || !maps.Equal(c.exports, exports) {
		c.fset, c.exports = token.NewFileSet(), exports
		c.importer = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	}
	return c.importer
}

// describe says what an object is: its kind, as go/types calls it, and its signature, which begins with that.
func describe(o types.Object) (kind, signature string) {
	signature = types.ObjectString(o, (*types.Package).Name)
	kind, _, _ = strings.Cut(signature, " ")
	return kind, signature
}

// members adds what can follow the dot: of a package what it exports; of a value its fields and methods, promoted ones
// included.
func (p *program) members(add func(types.Object)) {
	id, _ := p.from.(*ast.Ident)
	if of, ok := p.info.Uses[id].(*types.PkgName); ok {
		scope := of.Imported().Scope()
		for _, n := range scope.Names() {
			if token.IsExported(n) {
				add(scope.Lookup(n))
			}
		}
		return
	}
	whole := p.info.TypeOf(p.from)
	if whole == nil {
		return
	}
	found := func(o types.Object) { // unless it is hidden by a name less deep, or not exported
		if o, _, _ = types.LookupFieldOrMethod(whole, true, p.pkg, o.Name()); o != nil {
			add(o)
		}
	}
	for _, t := range []types.Type{whole, types.NewPointer(whole)} {
		for s := range types.NewMethodSet(t).Methods() {
			found(s.Obj())
		}
	}
	seen := map[types.Type]bool{}
	var fields func(t types.Type)
	fields = func(t types.Type) {
		if pointer, ok := t.Underlying().(*types.Pointer); ok {
			t = pointer.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok || seen[t] {
			return
		}
		seen[t] = true
		for f := range s.Fields() {
			found(f)
			if f.Embedded() {
				fields(f.Type())
			}
		}
	}
	fields(whole)
}
