package complete

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elboroom/kernel/build"
	"elboroom/kernel/cell"
)

// completer is one with a temporary module inside this one, and a memory.
func completer(t *testing.T) (*Completer, *cell.Memory) {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	b := build.New(t.TempDir(), "", t.Logf)
	if err := b.InitModule(t.Context(), here); err != nil {
		t.Fatal(err)
	}
	var m cell.Memory
	c, err := cell.Parse(1, `import "elboroom/fit"
// Pet is an animal.
type Pet struct {
	// Name is what it hears.
	Name string
	age  int
}
// Call calls it n times.
func (p *Pet) Call(n int) string { return p.Name }
var settings = fit.Settings{}`)
	if err != nil {
		t.Fatal(err)
	}
	m.Keep(c, nil)
	return &Completer{Builder: b}, &m
}

func TestComplete(t *testing.T) {
	c, m := completer(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "data.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{ // | is the cursor
		"fmt.Printl|":                          "Println",
		"p := &Pet{}\np.|":                     "Call Name age",
		"func f() {\n\tq := Pet{}\n\tq.Na|\n}": "Name",
		"settings.See|":                        "Seed",
		"fit.OutOf|":                           "OutOfSweeps",
		"for i := range 3 {\n\tcount := i\n\tcou|\n}": "count",
		"s := strings.NewReader(\"\")\ns.ReadB|":      "ReadByte",
		"settin|":                                     "settings",
		"fallth|":                                     "fallthrough",
		"%lis|":                                       "list",
		"//gonb:%vers|":                               "version",
		"!cat da|":                                    "data.csv",
		"%%writefile da|":                             "data.csv",
		"fmt.Println(\"fmt.Pri|\")":                   "",
		"x := undefinedThing.|":                       "",
		"é := Pet{}\né.Na|":                           "Name",
		"if x := (Pet{}); x.Na| == \"\" {":            "Name",
		"fmt.Println(len(settings.Filled().W|":        "Workers",
		"p := Pet{}\ndefer p.Ca|":                     "Call",
		"go settin|":                                  "settings",
		"x := )\nsettin|":                             "settings",
		"settings.\n\tFill|":                          "Filled",
		"import . \"strings\"\nRepea|":                "Repeat",
		"func f(xs ...uint6|) {}":                     "uint64",
		"func f(x fmt.Stri|) {}":                      "Stringer",
		"counted := count|":                           "",
		"s := `settin|\n`":                            "",
		"s := `\nsettin|\n`":                          "",
		"/*\nsettin|\n*/":                             "",
		"x := 1 // settin|":                           "",
		"// settin|\npackage main":                    "",
		"type E struct {\n\t*Pet\n\tName int\n}\nvar e E\ne.|":       "Call Name Pet age",
		"type E struct {\n\tsync.Mutex\n}\nvar e E\ne.|":             "Lock Mutex TryLock Unlock",
		"func f[T fmt.Stringer](x T) {\n\tx.|\n}":                    "String",
		"import \"no/such\"\nimport \"strings\"\nstrings.NewRepl|\n": "NewReplacer",
	} {
		at := strings.IndexByte(text, '|')
		list, start := c.Complete(t.Context(), m, text[:at]+text[at+1:], at, dir)
		var got []string
		for _, m := range list {
			got = append(got, m.Text)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", text, s, want)
		}
		if start < 0 || start > at {
			t.Errorf("%s: replaces from %d", text, start)
		}
	}
	if list, _ := c.Complete(t.Context(), m, "!ls ", 4, "."); slices.ContainsFunc(list, func(m Match) bool { return m.Text[0] == '.' }) {
		t.Errorf("hidden files are shown: %v", list)
	}
	list, _ := c.Complete(t.Context(), m, "", 0, dir)
	for _, want := range []string{"Pet", "settings", "fit", "func", "fmt", "len"} {
		if !slices.ContainsFunc(list, func(m Match) bool { return m.Text == want }) {
			t.Errorf("%q is not among what can begin a cell", want)
		}
	}
}

func TestInspect(t *testing.T) {
	c, m := completer(t)
	for text, want := range map[string][]string{
		"fmt.Printl|n":              {"func Println(a ...any) (n int, err error)", "Println formats"},
		"strings.Repeat(|":          {"func Repeat(s string, count int) string"},
		"Pet|":                      {"type Pet struct", "Pet is an animal."},
		"Pet{}.Call|":               {"func (p *Pet) Call(n int) string", "Call calls it n times."},
		"x := Pet{}\nx.Name|":       {"field Name string", "Name is what it hears."},
		"fit.Settings|":             {"type Settings struct", "Settings steer an iterative fit."},
		"settings.Filled|":          {"func (s Settings) Filled() Settings", "Filled returns s"},
		"fit|.Settings":             {"package fit", "Package fit is the history"},
		"len|":                      {"builtin len"},
		"y := 3\nfmt.Print(y|":      {"var y int"},
		"strings.Repeat(\"x|\", 2)": {"func Repeat(s string, count int) string"},
		"strings.Repeat(strings.ToUpper(\"x\"), |)": {"func Repeat("},
		"var r http.Request\nr.Header|": {
			"field Header http.Header // of Request", "received by the server",
		},
		"type A struct{ N int }\ntype B struct {\n\t// N of B.\n\tN int\n}\nB{}.N|": {
			"field N int // of B", "N of B.",
		},
		"type L[T any] struct {\n\tV T // of any kind\n}\nvar l L[*Pet]\nl.V|": {
			"field V *Pet // of L", "of any kind",
		},
		"// Put puts.\nfunc (l *L[T]) Put(v T) {}\ntype L[T any] []T\nvar l L[int]\nl.Put|": {
			"func (l *L[T]) Put(v T)", "Put puts.",
		},
		"type E struct{ *Pet }\nvar e E\ne.Call|": {
			"func (p *Pet) Call(n int) string", "Call calls it",
		},
		"type I interface {\n\t// Do does.\n\tDo(int)\n}\nvar i I\ni.Do|": {"func (I).Do(int)", "Do does."},
		"const (\n\tA = iota\n\tB // follows A\n)\nx := B|": {
			"const B untyped int", "follows A",
		},
		"time.Second|":                        {"const time.Second time.Duration", "Common durations."},
		"io.EOF|":                             {"var io.EOF error", "EOF is the error"},
		"var p atomic.Pointer[int]\np.Store|": {"func (x *Pointer[T]) Store(val *T)", "Store atomically stores"},
		"fs.FileInfo.ModTime|":                {"func (fs.FileInfo).ModTime() time.Time", "modification time"},
		"append|":                             {"builtin append(slice []Type, elems ...Type) []Type", "appends elements"},
		"var err error\nerr.Error|":           {"func (error).Error() string"},
		"unsafe.Pointer|":                     {"type Pointer *ArbitraryType", "arbitrary type"},
		"net.Dial|":                           {"func Dial(network, address string) (Conn, error)", "Dial connects"},
		"import \"gonum.org/v1/gonum/stat\"\nstat.Mean|": {"func Mean(x, weights []float64) float64", "weighted mean"},
	} {
		at := strings.IndexByte(text, '|')
		plain, markdown, ok := c.Inspect(t.Context(), m, text[:at]+text[at+1:], at)
		for _, w := range want {
			if !ok || !strings.Contains(plain, w) || !strings.Contains(markdown, w) {
				t.Errorf("%s: %v, %q, want %q", text, ok, plain, w)
			}
		}
	}
	// A local variable is not the global one of its name, nor an embedded field another's named one.
	for _, text := range []string{
		"// y is global.\nvar y int\nfunc f() {\n\ty := 1.5\n\tfmt.Print(y|)\n}",
		"type A struct {\n\t// Pet is global.\n\tPet int\n}\ntype E struct{ Pet }\nE{}.Pet|",
	} {
		at := strings.IndexByte(text, '|')
		if plain, _, ok := c.Inspect(t.Context(), m, text[:at]+text[at+1:], at); !ok || strings.Contains(plain, "global") {
			t.Errorf("%s: %v, %q", text, ok, plain)
		}
	}
	for _, text := range []string{"", "nosuch|", "(|", "%list|", "\"|"} {
		at := max(strings.IndexByte(text, '|'), 0)
		if plain, _, ok := c.Inspect(t.Context(), m, strings.Replace(text, "|", "", 1), at); ok {
			t.Errorf("%q: found %q", text, plain)
		}
	}
}
