package complete

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"elboroom/kernel/cell"
)

// Inspect explains the name at a byte of a cell's text: its declaration and its documentation, as text and as
// Markdown. Between the brackets of a call it is the function that is explained.
func (c *Completer) Inspect(ctx context.Context, m *cell.Memory, text string, at int) (plain, markdown string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.check(ctx, m.Sketch(text, at, ""))
	o := p.info.ObjectOf(p.name)
	if t := p.info.TypeOf(p.from); o == nil && t != nil { // a pointer's method on a value that has no address
		o, _, _ = types.LookupFieldOrMethod(t, true, p.pkg, p.name.Name)
	}
	if o == nil {
		return "", "", false
	}
	signature, docText := c.explain(p, o)
	d := new(comment.Parser).Parse(docText)
	var printer comment.Printer
	plain = strings.TrimSpace(signature + "\n\n" + string(printer.Text(d)))
	markdown = strings.TrimSpace("```go\n" + signature + "\n```\n\n" + string(printer.Markdown(d)))
	return plain, markdown, true
}

// explain finds an object's declaration and comment in its source; without that, what its type says.
func (c *Completer) explain(p *program, o types.Object) (signature, docText string) {
	dirs, _ := c.Builder.Known()
	if imported, ok := o.(*types.PkgName); ok {
		of := imported.Imported()
		return fmt.Sprintf("package %s // import %q", o.Name(), of.Path()), packageDoc(dirs[of.Path()], of.Name())
	}
	if o.Pkg() == p.pkg {
		return declared(p.fset, p.file, p.fset.PositionFor(o.Pos(), false).Line, 1, o)
	}
	at := c.fset.Position(o.Pos())
	dir, name := filepath.Join(dirs["unsafe"], "..", "builtin"), "builtin.go"
	if o.Pkg() != nil {
		dir, name = dirs[o.Pkg().Path()], filepath.Base(at.Filename) // the folder in at may have been trimmed
	}
	if o.Pkg() == types.Unsafe { // which has no compiled form
		name = "unsafe.go"
	}
	fset := token.NewFileSet()
	f, _ := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
	return declared(fset, f, at.Line, math.MaxInt, o)
}

// packageDoc is what the files of a package say above their package clauses.
func packageDoc(dir, name string) (docText string) {
	names, _ := filepath.Glob(dir + "/*.go") // of a package that is not known: none
	for _, n := range names {
		f, err := parser.ParseFile(token.NewFileSet(), n, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err == nil && f.Name.Name == name && !strings.HasSuffix(n, "_test.go") {
			docText += f.Doc.Text()
		}
	}
	return docText
}

// declared finds the declaration of an object in a file: of those of its kind and name, and nearer than nearest, the one
// nearest to its line, because the lines of cgo's files, and of files edited since they were compiled, are off by a few.
func declared(fset *token.FileSet, f *ast.File, line, nearest int, o types.Object) (signature, docText string) {
	kind, signature := describe(o)
	if v, ok := o.(*types.Var); f == nil || ok && v.Embedded() { // which has no name there
		return signature, ""
	}
	is := func(id *ast.Ident) bool {
		off := fset.PositionFor(id.Pos(), false).Line - line
		better := id.Name == o.Name() && max(off, -off) < nearest
		if better {
			nearest = max(off, -off)
		}
		return better
	}
	show := func(node any) string {
		var b strings.Builder
		_ = format.Node(&b, fset, node)
		return b.String()
	}
	var group *ast.GenDecl
	var owner *ast.TypeSpec
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if (kind == "func" || kind == "builtin") && is(n.Name) {
				bare := *n
				bare.Doc, bare.Body = nil, nil
				signature, docText = kind+strings.TrimPrefix(show(&bare), "func"), n.Doc.Text()
			}
		case *ast.GenDecl:
			group = n
		case *ast.TypeSpec:
			owner = n
			if kind == "type" && is(n.Name) {
				bare := *n
				bare.Doc = nil
				signature, docText = "type "+show(&bare), cmp.Or(n.Doc.Text(), group.Doc.Text())
			}
		case *ast.ValueSpec:
			if (kind == "var" || kind == "const" || kind == "nil") && slices.ContainsFunc(n.Names, is) {
				docText = cmp.Or(n.Doc.Text(), n.Comment.Text(), group.Doc.Text())
			}
		case *ast.Field: // of a struct, or a method of an interface
			if (kind == "field" || kind == "func") && slices.ContainsFunc(n.Names, is) {
				_, signature = describe(o)
				docText = cmp.Or(n.Doc.Text(), n.Comment.Text())
				if kind == "field" && owner != nil && n.Pos() < owner.End() {
					signature += " // of " + owner.Name.Name
				}
			}
		}
		return true
	})
	return signature, docText
}
