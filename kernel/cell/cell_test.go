package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// compose parses a cell and composes its program.
func compose(t testing.TB, m *Memory, n int, text string) *Program {
	t.Helper()
	c, err := Parse(n, text)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compose(m, c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	m.Keep(c, nil)
	return p
}

func TestUnchangedCellIsTheSameProgram(t *testing.T) {
	var m Memory
	compose(t, &m, 1, "func f() int { return 1 }")
	a := compose(t, &m, 2, "%%\nfmt.Println(f())")
	b := compose(t, &m, 3, "%%\nfmt.Println(f())")
	if a.Hash != b.Hash {
		t.Error("the same cell, run again, is another program")
	}
	compose(t, &m, 4, "func f() int { return 1 }")
	if c := compose(t, &m, 5, "%%\nfmt.Println(f())"); c.Hash != a.Hash {
		t.Error("a cell that was run again unchanged changes the programs that use it")
	}
	if c := compose(t, &m, 6, "%%\nfmt.Println(f(), 2)"); c.Hash == a.Hash {
		t.Error("another cell is the same program")
	}
}

func TestOnlyWhatIsReached(t *testing.T) {
	var m Memory
	compose(t, &m, 1, "import \"example.org/heavy\"\nfunc draw() { heavy.Draw() }\ntype T struct{}\nfunc (T) M() { draw() }\nfunc calm() int { return 1 }")
	if p := compose(t, &m, 2, "calm()"); slices.Contains(p.Imports, "example.org/heavy") {
		t.Errorf("imports %q", p.Imports)
	}
	if p := compose(t, &m, 3, "var x T\n_ = x"); !slices.Contains(p.Imports, "example.org/heavy") {
		t.Errorf("a type brings its methods, and they their imports: %q", p.Imports)
	}
}

func TestErrorsPointAtCells(t *testing.T) {
	var m Memory
	c, err := Parse(7, "%%\n\nfmt.Println(x)")
	if err != nil {
		t.Fatal(err)
	}
	m.Note(c)
	errs := m.CompileErrors(c.File + ":3:13: undefined: x\n" + c.File + ":3:1: cannot use y\n\thave (int)\n\twant (string)\n")
	if len(errs) != 2 || errs[0].Error() != "cell 7, line 3: undefined: x" || errs[0].Source != "fmt.Println(x)" {
		t.Errorf("%v", errs)
	}
	if got := errs[0].Excerpt(); got != "    fmt.Println(x)\n                ^" {
		t.Errorf("%q", got)
	}
	if !strings.Contains(errs[1].Msg, "have (int); want (string)") {
		t.Errorf("%q", errs[1].Msg)
	}
	got := m.Translate(c.File + ":3[/tmp/some where/main.go:7:2]: other declaration of x")
	if got != "cell 7, line 3: other declaration of x" {
		t.Errorf("%q", got)
	}
}

// TestWindowsText: a byte order mark, and lines that end in two characters.
func TestWindowsText(t *testing.T) {
	var m Memory
	if a, b := compose(t, &m, 1, "\ufeffx := `1\r\n2`\r\nx"), compose(t, &m, 2, "x := `1\n2`\nx"); a.Hash != b.Hash {
		t.Errorf("%s\nis another program than\n%s", a.Source, b.Source)
	}
}

func TestArgs(t *testing.T) {
	for _, line := range []string{"%% -n 3", "%%-n 3", "%main -n 3", "%args -n 3"} {
		if c, err := Parse(1, line+"\nx := 1\n_ = x"); err != nil || !slices.Equal(c.Args, []string{"-n", "3"}) || len(c.Specials) > 0 {
			t.Errorf("%q: %+v, %v", line, c, err)
		}
	}
}

func TestWords(t *testing.T) {
	for line, want := range map[string][]string{
		`env A "b c"`: {"env", "A", "b c"}, `a ""`: {"a", ""}, `a "x\"y\n"`: {"a", "x\"y\n"}, `  a	b `: {"a", "b"}, "": nil, `--x="1 2"`: {"--x=1 2"},
	} {
		if got := words(line); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestStandardNames(t *testing.T) {
	for _, c := range []struct {
		name, selected, want string
	}{{"fmt", "Println", "fmt"}, {"rand", "IntN", "math/rand/v2"}, {"rand", "Intn", "math/rand"}, {"rand", "Reader", "crypto/rand"},
		{"json", "Marshal", "encoding/json"}, {"template", "HTML", "html/template"}, {"bits", "Len", "math/bits"}, {"nosuch", "X", ""}} {
		if got := standard(c.name, []string{c.selected}); got != c.want {
			t.Errorf("%s.%s: %q, want %q", c.name, c.selected, got, c.want)
		}
	}
	for path, want := range map[string]string{"gonum.org/v1/plot": "plot", "github.com/go-echarts/go-echarts/v2/charts": "charts", "math/rand/v2": "rand",
		"gopkg.in/yaml.v3": "yaml", "github.com/x/go-thing": "thing"} {
		if got := GuessName(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestForget(t *testing.T) {
	var m Memory
	compose(t, &m, 1, "var a, b = 1, 2\ntype T struct{}\nfunc (T) M() {}\nfunc (*T) N() {}")
	if u := m.Forget("a", "T~M", "nosuch"); !slices.Equal(u, []string{"nosuch"}) {
		t.Errorf("not known: %q", u)
	}
	if got := titles(&m); got != "var _, b; type T; method T.N" {
		t.Errorf("left: %s", got)
	}
	compose(t, &m, 2, "import _ \"image/png\"\nvar _ = b")
	if u := m.Forget("_"); len(u) > 0 || titles(&m) != "var _, b; type T; method T.N" {
		t.Errorf("not known: %q; left after %%rm _: %s", u, titles(&m))
	}
}

// titles of what is remembered.
func titles(m *Memory) string {
	var list []string
	for _, d := range m.Decls() {
		list = append(list, d.Title())
	}
	return strings.Join(list, "; ")
}

// TestTextIsTheProgram: a program depends on the texts of cells alone, not on their numbers, nor on the order of a map.
func TestTextIsTheProgram(t *testing.T) {
	var first *Program
	for n := range 50 {
		var m Memory
		compose(t, &m, n, "var a, b = 1, 2\nfunc init_a() { os.Exit(0) }\nfunc f() { fmt.Println(math.Pi, strings.ToUpper(\"\"), a) }")
		compose(t, &m, n+10*n, "var a = 3\nfunc g() { f(); sort.Ints(nil); rand.IntN(1) }\nfunc init_b() {}")
		p := compose(t, &m, 1000-n, "g()\nslices.Sort([]int{})\ntime.Now()")
		if first == nil {
			first = p
		}
		if p.Hash != first.Hash {
			t.Fatalf("the same texts make another program\n%s\n%s", first.Source, p.Source)
		}
	}
}

// TestRedefinedConstant: what is left of a group uses the new constant.
func TestRedefinedConstant(t *testing.T) {
	var m Memory
	compose(t, &m, 1, "const (\n\ta = iota + 1\n\tb = a * 10\n)")
	compose(t, &m, 2, "const a = 5")
	if p := compose(t, &m, 3, "b"); !strings.Contains(string(p.Source), "const a = 5") {
		t.Errorf("%s", p.Source)
	}
}

// TestGroups: each part of a group keeps its comment and its lines.
func TestGroups(t *testing.T) {
	var m Memory
	compose(t, &m, 1, "var (\n\t// Rate is fast.\n\tRate = 1.5 // per second\n\n\tother = 2\n)\ntype (\n\t// T is one.\n\tT struct {\n\t\t// A is a field.\n\t\tA int\n\t}\n)")
	for i, want := range []string{"Rate is fast.\n", "", "T is one.\n"} {
		d := m.Decls()[i]
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "", "package p\n"+d.Text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		group := f.Decls[0].(*ast.GenDecl)
		at := fset.Position(group.Specs[0].Pos())
		if group.Doc.Text() != want || at.Line != []int{3, 5, 9}[i] || at.Line != d.Line || at.Column != 2 {
			t.Errorf("%s: %q, %v, want %q", d.Title(), group.Doc.Text(), at, want)
		}
	}
}

// TestC: what stands above import "C" stays as it is, since it is C.
func TestC(t *testing.T) {
	var m Memory
	p := compose(t, &m, 1, "// #include <math.h>\nimport \"C\"\nC.sqrt(4)")
	if !p.Embeds || !strings.Contains(string(p.Source), "package main\n\n// #include <math.h>\nimport \"C\"\n") || m.Decls()[0].Line != 2 {
		t.Errorf("%s", p.Source)
	}
}

// TestLearnedName: an import displaces another of its real name.
func TestLearnedName(t *testing.T) {
	var m Memory
	m.Learn(map[string]string{"example.org/go-draw": "pen"})
	compose(t, &m, 1, "import \"example.org/go-draw\"")
	compose(t, &m, 2, "import pen \"example.org/pen\"")
	if p := compose(t, &m, 3, "pen.Up()"); slices.Contains(p.Imports, "example.org/go-draw") {
		t.Errorf("%s", p.Source)
	}
}

// TestMainsOwn: what needs a name of a statement is a part of main; what merely has such a field or type does not.
func TestMainsOwn(t *testing.T) {
	var m Memory
	compose(t, &m, 1, "x := 1\nvar y int = x\nvar z int = 3\ntype P struct{ x int }\n_ = P{x: y}")
	if got := titles(&m); got != "var z; type P" {
		t.Errorf("remembered: %s", got)
	}
}

func TestMains(t *testing.T) {
	for text, want := range map[string]string{
		"func main() {}\n%%\nf()":              "cell 1, line 1: func main and %%, %exec or another main in one cell: only one can be main",
		"%exec f\nfunc f() {}\nfunc main() {}": "cell 1, line 3: func main and %%, %exec or another main in one cell: only one can be main",
		"func main() {}\n\nfunc main() {}":     "cell 1, line 3: func main and %%, %exec or another main in one cell: only one can be main",
		"%exec f\n%%\nf()":                     "cell 1, line 2: %% and %exec or %test in one cell: only one can be main",
		"%%\n%main":                            "cell 1, line 2: a second %% in one cell; the first, in line 1, already begins main",
		"%test\n%%\nf()":                       "cell 1, line 2: %% and %exec or %test in one cell: only one can be main",
		"%test\nf()":                           "cell 1, line 2: a statement outside of a function, in a cell that has its own main",
		"func main() {}\nf()":                  "cell 1, line 2: a statement outside of a function, in a cell that has its own main",
		"%exec f\nf()":                         "cell 1, line 2: a statement outside of a function, in a cell that has its own main",
		"%exec":                                "cell 1, line 1: %exec needs the name of a function",
		"%exec 1":                              "cell 1, line 1: %exec needs the name of a function, and \"1\" is none",
		"x := 1\n%%bash":                       "cell 1, line 2: %%bash can only stand on the first line of a cell",
		"%%\n}\nfunc f() {":                    "cell 1: a closing brace too many",
		"func f() {}\n\n/*\nf()":               "cell 1, line 3: syntax error: comment not terminated",
		"for {\nx()":                           "cell 1, line 2: syntax error: the cell ends in the middle of a statement",
	} {
		if _, err := Parse(1, text); fmt.Sprint(err) != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestExecHasAPlace: what is wrong with the call that %exec makes is found in its line.
func TestExecHasAPlace(t *testing.T) {
	var m Memory
	p := compose(t, &m, 1, "// f\n!ls\n%exec f\nfunc f() {}")
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", p.Source, 0)
	if err != nil {
		t.Fatal(err)
	}
	body := f.Scope.Lookup("main").Decl.(*ast.FuncDecl).Body.List
	if at := fset.Position(body[len(body)-1].Pos()); at.Line != 3 || at.Filename != fileOf("// f\n!ls\n%exec f\nfunc f() {}") {
		t.Errorf("%v\n%s", at, p.Source)
	}
}

func TestIsComplete(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "complete",
		"x := 1 // one":                "complete",
		"func f() {":                   "incomplete\t",
		"f(func() {":                   "incomplete\t\t",
		"x := 1 +":                     "incomplete\t",
		"x := 1 + // and":              "incomplete\t",
		"fmt.Println(`":                "incomplete",
		"/* so":                        "incomplete",
		"!ls \\":                       "incomplete",
		"!ls \\\n-l (":                 "complete",
		"x := )":                       "invalid",
		"}\nfunc f() {":                "invalid",
		"%%bash\necho '('\nif x; then": "complete",
	} {
		if status, indent := IsComplete(text); status+indent != want {
			t.Errorf("%q: %s %q, want %q", text, status, indent, want)
		}
	}
}

// TestSketchPosition: wherever the cursor stands, the sketch has the same text before it.
func TestSketchPosition(t *testing.T) {
	var m Memory
	compose(t, &m, 1, "import \"strings\"\nfunc f() int { return 1 }")
	for _, text := range []string{"x := strings.Rep", "!ls\n%%\nfmt.Pr", "func g() {\n\tstr", "type T struct{ a in", "var y = 1\nx := y\nx", "é := 1\né",
		"func g() {\n\tx := 1\n\t", "import \"fmt\"\nfunc main() {\n\tfmt.Pr", "import \"fm"} {
		s := m.Sketch(text, len(text), "")
		if n := strings.Count(s.Source, "func main() {"); n != 1 && !strings.Contains(text, "main") {
			t.Errorf("%q: main stands there %d times", text, n)
		}
		tail := text[strings.LastIndexAny(text, "\n ")+1:]
		if !strings.HasSuffix(s.Source[:s.Pos], tail) {
			t.Errorf("%q: the cursor stands after %q", text, s.Source[max(0, s.Pos-20):s.Pos])
		}
	}
}

// FuzzParse: any text is a program that Go can parse, or a clear error; never a panic.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"%%\nfmt.Println(1)", "func f() {}\nf()", "!ls \\\n-l", "x := 1\nx", "import (\n\"fmt\"\n)\nvar (\na = 1\n)", "const (\na = iota\nb\n)",
		"type T[P any] struct{}\nfunc (t *T[P]) M() {}", "%%bash\necho", "`", "/*", "//line x:1\n1", "func", "var a, b = 1, 2", "}", "%test", "%exec f", "x;", "return 1", "//go:embed x\nvar s string"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		var m Memory
		for n, text := range []string{first, second} {
			c, err := Parse(n+1, text)
			if err != nil {
				if e, ok := err.(Errors); !ok || len(e) == 0 || strings.TrimSpace(e.Error()) == "" {
					t.Fatalf("%q: an error without a sentence: %#v", text, err)
				}
				continue
			}
			for _, plain := range []bool{false, true} {
				p, err := Compose(&m, c, Options{Plain: plain})
				if err != nil {
					if fmt.Sprint(err) == "" {
						t.Fatalf("%q: an empty error", text)
					}
					continue
				}
				if _, err := parser.ParseFile(token.NewFileSet(), "", p.Source, parser.SkipObjectResolution); err != nil {
					t.Fatalf("%q, then %q:\n%s\n%v", first, second, p.Source, err)
				}
			}
			m.Keep(c, nil)
			IsComplete(text)
			for _, at := range []int{0, len(text) / 2, len(text)} {
				if s := m.Sketch(text, at, "hole"); s.Pos > len(s.Source) {
					t.Fatalf("the cursor is outside of the sketch of %q", text)
				}
			}
			for _, d := range m.Decls() {
				m.Forget(d.Key)
			}
			if len(m.Decls()) > 0 && !strings.Contains(text, "_") {
				t.Fatalf("%q: not forgotten: %q", text, m.Decls()[0].Key)
			}
			m.Keep(c, nil)
		}
	})
}
