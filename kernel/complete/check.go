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

	"elboroom/kernel/cell"
)

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
