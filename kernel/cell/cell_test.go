package cell

import (
	"fmt"
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
}

func TestWords(t *testing.T) {
	for line, want := range map[string][]string{
		`env A "b c"`: {"env", "A", "b c"}, `a ""`: {"a", ""}, `a "x\"y\n"`: {"a", "x\"y\n"}, `  a	b `: {"a", "b"}, "": nil, `--x="1 2"`: {"--x=1 2"},
	} {
		if got := Words(line); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestStandardNames(t *testing.T) {
	for _, c := range []struct {
		name, selected, want string
	}{{"fmt", "Println", "fmt"}, {"rand", "IntN", "math/rand/v2"}, {"rand", "Intn", "math/rand"}, {"rand", "Reader", "crypto/rand"},
		{"json", "Marshal", "encoding/json"}, {"template", "HTML", "html/template"}, {"bits", "Len", "math/bits"}, {"nosuch", "X", ""}} {
		if got := Standard(c.name, []string{c.selected}); got != c.want {
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
	var titles []string
	for _, d := range m.Decls() {
		titles = append(titles, d.Title())
	}
	if got := strings.Join(titles, "; "); got != "var _, b; type T; method T.N" {
		t.Errorf("left: %s", got)
	}
}

// TestSketchPosition: wherever the cursor stands, the sketch has the same text before it.
func TestSketchPosition(t *testing.T) {
	var m Memory
	compose(t, &m, 1, "import \"strings\"\nfunc f() int { return 1 }")
	for _, text := range []string{"x := strings.Rep", "!ls\n%%\nfmt.Pr", "func g() {\n\tstr", "type T struct{ a in", "var y = 1\nx := y\nx", "é := 1\né"} {
		s := m.Sketch(text, len(text), "")
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
