package complete

import (
	"bytes"
	"context"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/printer"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"elboroom/kernel/cell"
)

// Inspect explains the name at a byte of a cell's text: its declaration and its documentation, as text and as
// Markdown. Between the brackets of a call it is the function that is explained.
func (c *Completer) Inspect(ctx context.Context, m *cell.Memory, text string, at int) (plain, markdown string, ok bool) {
	end := wordEnd(text, at)
	if wordStart(text, end) == end {
		if end = callee(text, at); end < 0 {
			return "", "", false
		}
	}
	ch := c.check(ctx, m.Sketch(text, end, ""))
	if ch.file == nil {
		return "", "", false
	}
	var id *ast.Ident
	ast.Inspect(ch.file, func(n ast.Node) bool {
		if i, ok := n.(*ast.Ident); ok && i.Pos() <= ch.pos && ch.pos <= i.End() {
			id = i
		}
		return true
	})
	if id == nil {
		return "", "", false
	}
	o := ch.info.Uses[id]
	if o == nil {
		o = ch.info.Defs[id]
	}
	if s := ch.selector(); o == nil && s != nil { // a pointer's method on a value that has no address
		if t := ch.info.Types[s.X].Type; t != nil {
			o, _, _ = types.LookupFieldOrMethod(t, true, ch.pkg, s.Sel.Name)
		}
	}
	if o == nil {
		return "", "", false
	}
	signature, docText := c.lookUp(ch, o)
	var parser comment.Parser
	d := parser.Parse(docText)
	var printer comment.Printer
	plain = strings.TrimSpace(signature + "\n\n" + string(printer.Text(d)))
	markdown = strings.TrimSpace("```go\n" + signature + "\n```\n\n" + string(printer.Markdown(d)))
	return plain, markdown, true
}

func wordEnd(text string, at int) int {
	for at < len(text) {
		r, n := utf8.DecodeRuneInString(text[at:])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		at += n
	}
	return at
}

// callee is the end of the name of the function whose brackets are open at a byte of text, or −1.
func callee(text string, at int) int {
	depth := 0
	for i := at - 1; i >= 0; i-- {
		switch text[i] {
		case ')', ']', '}':
			depth++
		case '[', '{':
			depth--
		case '(':
			if depth--; depth < 0 {
				if end := len(strings.TrimRight(text[:i], " \t")); wordStart(text, end) < end {
					return end
				}
				return -1
			}
		}
	}
	return -1
}

// lookUp finds an object's declaration and comment in its source; without that, what its type says.
func (c *Completer) lookUp(ch checked, o types.Object) (signature, docText string) {
	signature = types.ObjectString(o, (*types.Package).Name)
	dirs, _, _ := c.Builder.Known()
	var files []*ast.File
	fset := token.NewFileSet()
	path := ""
	if p, ok := o.(*types.PkgName); ok {
		path = p.Imported().Path()
	} else if o.Pkg() != nil {
		path = o.Pkg().Path()
	}
	if o.Pkg() == ch.pkg && path == "main" {
		files, fset = []*ast.File{ch.file}, ch.fset
	} else if dir := dirs[path]; dir != "" {
		names, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		for _, n := range names {
			if strings.HasSuffix(n, "_test.go") || (!isPkg(o) && !mentions(n, o.Name())) {
				continue
			}
			if f, err := parser.ParseFile(fset, n, nil, parser.ParseComments|parser.SkipObjectResolution); err == nil {
				files = append(files, f)
			}
		}
	}
	if isPkg(o) {
		signature = "package " + o.Name() + " // import \"" + path + "\""
		for _, f := range files {
			if f.Doc != nil {
				docText = f.Doc.Text()
			}
		}
		return signature, docText
	}
	for _, f := range files {
		if s, d, ok := declared(fset, f, o); ok {
			return s, d
		}
	}
	return signature, ""
}

func isPkg(o types.Object) bool { _, ok := o.(*types.PkgName); return ok }

// mentions spares the parser files that cannot have the name.
func mentions(file, name string) bool {
	data, err := os.ReadFile(file)
	return err == nil && bytes.Contains(data, []byte(name))
}

// declared finds an object in a file: a function or method by name and receiver, a type, var or const by name, a
// field by its name and the position of its line.
func declared(fset *token.FileSet, f *ast.File, o types.Object) (signature, docText string, ok bool) {
	owner := ""
	if fn, isFunc := o.(*types.Func); isFunc {
		if r := fn.Signature().Recv(); r != nil {
			owner = typeName(r.Type())
			if owner == "" {
				return "", "", false // a method of an interface
			}
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name != o.Name() || (d.Recv == nil) != (owner == "") || d.Recv != nil && (d.Recv.NumFields() != 1 || cell.BaseType(d.Recv.List[0].Type) != owner) {
				continue
			}
			if _, isFunc := o.(*types.Func); isFunc {
				bare := *d
				bare.Body, bare.Doc = nil, nil
				return show(fset, &bare), d.Doc.Text(), true
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if text, doc, ok := spec(fset, d, s, o); ok {
					return text, doc, true
				}
			}
		}
	}
	return "", "", false
}

// spec finds an object that is not a function.
func spec(fset *token.FileSet, d *ast.GenDecl, s ast.Spec, o types.Object) (string, string, bool) {
	doc := d.Doc
	bare := &ast.GenDecl{Tok: d.Tok, Specs: []ast.Spec{s}}
	switch s := s.(type) {
	case *ast.TypeSpec:
		if v, isVar := o.(*types.Var); isVar && v.IsField() {
			return field(fset, s, v)
		}
		if _, isType := o.(*types.TypeName); !isType || s.Name.Name != o.Name() {
			return "", "", false
		}
		if s.Doc != nil {
			doc = s.Doc
		}
		clean := *s
		clean.Doc = nil
		bare.Specs[0] = &clean
		return show(fset, bare), doc.Text(), true
	case *ast.ValueSpec:
		for _, n := range s.Names {
			if n.Name != o.Name() || o.Parent() != nil && o.Pkg() != nil && o.Parent() != o.Pkg().Scope() {
				continue
			}
			if s.Doc != nil {
				doc = s.Doc
			} else if s.Comment != nil {
				doc = s.Comment
			}
			return types.ObjectString(o, (*types.Package).Name), doc.Text(), true
		}
	}
	return "", "", false
}

// field finds a struct's field by name; the type's name is not known to the field, so the first that has it counts.
func field(fset *token.FileSet, s *ast.TypeSpec, v *types.Var) (string, string, bool) {
	st, ok := s.Type.(*ast.StructType)
	if !ok {
		return "", "", false
	}
	for _, f := range st.Fields.List {
		for _, n := range f.Names {
			if n.Name != v.Name() {
				continue
			}
			doc := f.Doc.Text()
			if doc == "" {
				doc = f.Comment.Text()
			}
			return "field " + v.Name() + " " + show(fset, f.Type) + " // of " + s.Name.Name, doc, true
		}
	}
	return "", "", false
}

func show(fset *token.FileSet, node any) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, fset, node); err != nil {
		return ""
	}
	return b.String()
}

func typeName(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok && !types.IsInterface(n) {
		return n.Obj().Name()
	}
	return ""
}
