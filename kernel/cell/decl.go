package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Kind is the kind of a declaration.
type Kind int

// The kinds, in the order in which they are listed.
const (
	Import Kind = iota
	Const
	Type
	Var
	Func
	Method
)

// Decl is one remembered declaration.
type Decl struct {
	Kind  Kind
	Key   string // what replaces it: a name, or "T.M" for a method of T, whatever T's parameters and pointers
	Names []string
	Cell  int // where it comes from
	Line  int
	File  string
	Text  string // with directives that say where each piece comes from
	Path  string // of an import
	Alias string // of an import; "" where it has none

	offs   []int               // of Names in Text; -1 for a name that has been blanked
	uses   map[string][]string // free names, and what is selected from each: rand → IntN
	valued bool                // a var with an initial value that is more than a literal
}

// parseDecl parses one declaration. A group of imports, types or vars becomes one Decl each; constants that count
// with iota or repeat what stands before stay together.
func (c *Cell) parseDecl(text string, line, col int) ([]*Decl, error) {
	head := "package p\n" + directive(c.File, line, col)
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", head+text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	if len(f.Decls) != 1 {
		return nil, c.fail(line, "a declaration that cannot be told from the next")
	}
	p := &piece{cell: c, fset: fset, head: len(head), text: text, directive: directive(c.File, line, col)}
	var decls []*Decl
	switch d := f.Decls[0].(type) {
	case *ast.FuncDecl:
		decls = []*Decl{p.function(d)}
	case *ast.GenDecl:
		if len(d.Specs) == 0 {
			break // import ()
		}
		if !d.Lparen.IsValid() || d.Tok == token.CONST && !independent(d) {
			if s, ok := d.Specs[0].(*ast.ImportSpec); ok && s.Path.Value == `"C"` {
				p.directive = "" // what stands above it is C
			}
			decls = []*Decl{p.general(d, d.Specs, p.directive+text, len(p.directive))}
			break
		}
		for _, s := range d.Specs {
			start := s.Pos()
			doc := docOf(s)
			if doc != nil {
				start = doc.Pos()
			}
			at := fset.Position(s.Pos())
			var b strings.Builder
			if doc != nil {
				from := fset.Position(doc.Pos())
				b.WriteString(directive(c.File, from.Line, from.Column))
				b.WriteString(text[p.off(start):p.off(s.Pos())])
				b.WriteString("\n")
			}
			b.WriteString(d.Tok.String() + "\n" + directive(c.File, at.Line, at.Column))
			before := b.Len()
			b.WriteString(text[p.off(s.Pos()):p.off(s.End())])
			decls = append(decls, p.general(d, []ast.Spec{s}, b.String(), before-p.off(s.Pos())))
		}
	}
	for _, d := range decls {
		if d.Kind != Import {
			d.uses = freeNames(d.Text)
		}
	}
	return decls, nil
}

// piece is a declaration's text under the parser's eyes.
type piece struct {
	cell *Cell
	fset *token.FileSet
	head int
	text string

	directive string // for its first line
}

func (p *piece) off(pos token.Pos) int { return p.fset.File(pos).Offset(pos) - p.head }

func (p *piece) function(d *ast.FuncDecl) *Decl {
	at := p.fset.Position(d.Pos())
	dir := p.directive
	out := &Decl{Kind: Func, Key: d.Name.Name, Names: []string{d.Name.Name}, Cell: p.cell.Number, Line: at.Line, File: p.cell.File,
		Text: dir + p.text, offs: []int{len(dir) + p.off(d.Name.Pos())}}
	if d.Recv != nil && len(d.Recv.List) == 1 {
		out.Kind = Method
		out.Key = BaseType(d.Recv.List[0].Type) + "." + d.Name.Name
		out.Names, out.offs = nil, nil
	}
	return out
}

// BaseType is the name of a receiver's type: T for T, *T, T[K] and *T[K, V].
func BaseType(e ast.Expr) string {
	switch t := e.(type) {
	case *ast.ParenExpr:
		return BaseType(t.X)
	case *ast.StarExpr:
		return BaseType(t.X)
	case *ast.IndexExpr:
		return BaseType(t.X)
	case *ast.IndexListExpr:
		return BaseType(t.X)
	case *ast.Ident:
		return t.Name
	}
	return "?"
}

// general makes the Decl of one or several specs whose text, moved by shift, stands in text.
func (p *piece) general(d *ast.GenDecl, specs []ast.Spec, text string, shift int) *Decl {
	out := &Decl{Cell: p.cell.Number, Line: p.fset.Position(specs[0].Pos()).Line, File: p.cell.File, Text: text}
	name := func(id *ast.Ident) {
		out.Names = append(out.Names, id.Name)
		out.offs = append(out.offs, shift+p.off(id.Pos()))
	}
	for _, s := range specs {
		switch s := s.(type) {
		case *ast.ImportSpec:
			out.Kind = Import
			out.Path = strings.Trim(s.Path.Value, "\"`")
			if s.Name != nil {
				out.Alias = s.Name.Name
			}
		case *ast.TypeSpec:
			out.Kind = Type
			name(s.Name)
		case *ast.ValueSpec:
			out.Kind = Var
			if d.Tok == token.CONST {
				out.Kind = Const
			}
			for _, id := range s.Names {
				name(id)
			}
			for _, v := range s.Values {
				if _, plain := v.(*ast.BasicLit); !plain {
					out.valued = out.valued || out.Kind == Var
				}
			}
		}
	}
	switch {
	case out.Kind == Import && (out.Alias == "_" || out.Alias == "."):
		out.Key = out.Alias + " " + out.Path
	case out.Kind == Import && out.Alias != "":
		out.Key = out.Alias
	case out.Kind == Import:
		out.Key = GuessName(out.Path)
	default:
		out.Key = strings.Join(out.Names, ", ")
	}
	return out
}

func docOf(s ast.Spec) *ast.CommentGroup {
	switch s := s.(type) {
	case *ast.TypeSpec:
		return s.Doc
	case *ast.ValueSpec:
		return s.Doc
	}
	return nil
}

// independent reports whether each constant of a group can stand alone.
func independent(d *ast.GenDecl) bool {
	for _, s := range d.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok || len(v.Values) == 0 {
			return false
		}
		for _, e := range v.Values {
			alone := true
			ast.Inspect(e, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				alone = alone && !(ok && id.Name == "iota")
				return true
			})
			if !alone {
				return false
			}
		}
	}
	return true
}

// freeNames are the names that a declaration does not define itself, and what is selected from each.
func freeNames(text string) map[string][]string {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, 0)
	if err != nil {
		return nil
	}
	free := map[*ast.Ident]bool{}
	uses := map[string][]string{}
	for _, id := range f.Unresolved {
		free[id] = true
		uses[id.Name] = nil
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && free[id] && !slices.Contains(uses[id.Name], s.Sel.Name) {
				uses[id.Name] = append(uses[id.Name], s.Sel.Name)
			}
		}
		return true
	})
	return uses
}

var version = regexp.MustCompile(`^v[0-9]+$`)

// GuessName is the name that a package of this path most likely has.
func GuessName(p string) string {
	name := path.Base(p)
	if version.MatchString(name) && strings.Contains(p, "/") {
		name = path.Base(path.Dir(p))
	}
	if i := strings.LastIndex(name, ".v"); i > 0 {
		name = name[:i]
	}
	name = strings.TrimPrefix(strings.TrimSuffix(name, "-go"), "go-")
	if i := strings.IndexFunc(name, func(r rune) bool { return r == '-' || r == '.' }); i > 0 {
		name = name[:i]
	}
	return name
}

// Title says what a declaration is, for lists and messages.
func (d *Decl) Title() string {
	if d.Kind == Import {
		return fmt.Sprintf("import %q", d.Path)
	}
	return [...]string{Const: "const ", Type: "type ", Var: "var ", Func: "func ", Method: "method "}[d.Kind] + d.Key
}

// owner is the type that a method belongs to.
func (d *Decl) owner() string {
	name, _, _ := strings.Cut(d.Key, ".")
	return name
}
