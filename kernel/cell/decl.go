package cell

import (
	"cmp"
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

// Decl is one remembered declaration. It does not change.
type Decl struct {
	Kind  Kind
	Key   string   // what replaces it: a name, or "T.M" for a method of T, whatever T's parameters and pointers
	Names []string // that it defines; of a method, its type
	Cell  int      // where it comes from
	Line  int
	Text  string // with directives that say where each piece comes from
	Path  string // of an import
	Alias string // of an import; "" where it has none

	from   *Cell
	uses   map[string][]string // free names, and what is selected from each: rand → IntN
	valued bool                // a var with an initial value that is more than a literal
}

// source is text that has been parsed.
type source struct {
	text string
	file *ast.File
}

const packageClause = "package p\n"

// parse reads declarations. Its error is the parser's.
func parse(text string) (source, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", packageClause+text, parser.ParseComments)
	return source{text, file}, err
}

// offset is a place in text.
func (s source) offset(p token.Pos) int { return int(p-s.file.FileStart) - len(packageClause) }

// uses are the free names of the source, and what is selected from each.
func (s source) uses() map[string][]string {
	free := map[*ast.Ident]bool{}
	uses := map[string][]string{}
	for _, id := range s.file.Unresolved {
		free[id] = true
		uses[id.Name] = nil
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && free[id] && !slices.Contains(uses[id.Name], s.Sel.Name) {
				uses[id.Name] = append(uses[id.Name], s.Sel.Name)
			}
		}
		return true
	})
	return uses
}

// declare parses the declaration that begins at a byte of text. A group of imports, types or vars becomes one Decl
// each; constants that count with iota or repeat what stands before stay together.
func (c *Cell) declare(text string, start, end int) (decls []*Decl, errs Errors) {
	head := c.directive(text, start)
	s, err := parse(head + strings.TrimSpace(text[start:end]))
	if err != nil {
		return nil, c.syntax(err)
	}
	place := func(p token.Pos) int { return start - len(head) + s.offset(p) }
	one := s.file.Decls[0]
	group, ok := one.(*ast.GenDecl)
	if !ok || !group.Lparen.IsValid() || group.Tok == token.CONST && !independent(group, s.uses()) {
		line := lineOf(text, place(one.Pos()))
		if len(s.file.Imports) == 1 && s.file.Imports[0].Path.Value == `"C"` { // what stands above it is C
			s, _ = parse(s.text[len(head):])
		}
		return []*Decl{newDecl(s, c, line)}, nil
	}
	for _, spec := range group.Specs {
		from, to := place(spec.Pos()), place(spec.End())
		head := group.Tok.String() + "\n" + c.directive(text, from)
		ast.Inspect(spec, func(n ast.Node) bool {
			if doc, ok := n.(*ast.CommentGroup); ok && doc.Pos() < spec.Pos() {
				head = c.directive(text, place(doc.Pos())) + text[place(doc.Pos()):from] + head
			}
			return true
		})
		part, _ := parse(head + text[from:to])
		decls = append(decls, newDecl(part, c, lineOf(text, from)))
	}
	return decls, nil
}

// independent reports whether each constant of a group can stand alone.
func independent(group *ast.GenDecl, uses map[string][]string) bool {
	_, counts := uses["iota"]
	return !counts && !slices.ContainsFunc(group.Specs, func(s ast.Spec) bool { return len(s.(*ast.ValueSpec).Values) == 0 })
}

// newDecl is the declaration that a source holds.
func newDecl(s source, c *Cell, line int) *Decl {
	d := &Decl{Cell: c.Number, from: c, Line: line, Text: s.text, uses: s.uses()}
	switch one := s.file.Decls[0].(type) {
	case *ast.FuncDecl:
		d.Kind, d.Key, d.Names = Func, one.Name.Name, []string{one.Name.Name}
		if one.Recv != nil && len(one.Recv.List) == 1 {
			owner := baseType(one.Recv.List[0].Type)
			d.Kind, d.Key, d.Names = Method, owner+"."+one.Name.Name, []string{owner}
		}
		if d.initName() != "" {
			at := s.offset(one.Name.Pos())
			d.Text = s.text[:at] + "init" + s.text[at+len(d.Key):]
		}
	case *ast.GenDecl:
		d.Kind = Kind(slices.Index([]token.Token{token.IMPORT, token.CONST, token.TYPE, token.VAR}, one.Tok))
		for _, spec := range one.Specs {
			switch spec := spec.(type) {
			case *ast.ImportSpec:
				d.Path = strings.Trim(spec.Path.Value, "\"`")
				if spec.Name != nil {
					d.Alias = spec.Name.Name
				}
				d.Key = cmp.Or(d.Alias, GuessName(d.Path))
				if !d.named() {
					d.Key += " " + d.Path
				}
				return d
			case *ast.TypeSpec:
				d.Names = append(d.Names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					d.Names = append(d.Names, id.Name)
				}
				for _, v := range spec.Values {
					_, plain := v.(*ast.BasicLit)
					d.valued = d.valued || d.Kind == Var && !plain
				}
			}
		}
		d.Key = strings.Join(d.Names, ", ")
	}
	return d
}

// initName is the key of what is to run before main: init, or GoNB's init_x, which is written as init. Else it is "".
func (d *Decl) initName() string {
	if d.Kind == Func && (d.Key == "init" || strings.HasPrefix(d.Key, "init_")) {
		return d.Key
	}
	return ""
}

// named reports whether an import has a name.
func (d *Decl) named() bool { return d.Alias != "_" && d.Alias != "." }

// Title says what a declaration is, for lists and messages.
func (d *Decl) Title() string {
	if d.Kind == Import {
		return "import " + strings.TrimSpace(fmt.Sprintf("%s %q", d.Alias, d.Path))
	}
	return [...]string{Const: "const ", Type: "type ", Var: "var ", Func: "func ", Method: "method "}[d.Kind] + d.Key
}

// baseType is the name of a receiver's type: T for T, *T, T[K] and *T[K, V].
func baseType(e ast.Expr) string {
	name := ""
	ast.Inspect(e, func(n ast.Node) bool { // T is what stands first
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return cmp.Or(name, "?")
}

var version = regexp.MustCompile(`/v[0-9]+$`)

// GuessName is the name that a package of this path most likely has.
func GuessName(p string) string {
	name := strings.TrimPrefix(path.Base(version.ReplaceAllString(p, "")), "go-")
	if i := strings.IndexAny(name, "-."); i > 0 {
		name = name[:i]
	}
	return name
}
