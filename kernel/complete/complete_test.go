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
		"fmt.Printl|n":         {"func Println(a ...any) (n int, err error)", "Println formats"},
		"strings.Repeat(|":     {"func Repeat(s string, count int) string"},
		"Pet|":                 {"type Pet struct", "Pet is an animal."},
		"Pet{}.Call|":          {"func (p *Pet) Call(n int) string", "Call calls it n times."},
		"x := Pet{}\nx.Name|":  {"field Name string", "Name is what it hears."},
		"fit.Settings|":        {"type Settings struct", "Settings steer an iterative fit."},
		"settings.Filled|":     {"func (s Settings) Filled() Settings", "Filled returns s"},
		"fit|.Settings":        {"package fit", "Package fit is the history"},
		"len|":                 {"builtin len"},
		"y := 3\nfmt.Print(y|": {"var y int"},
	} {
		at := strings.IndexByte(text, '|')
		plain, markdown, ok := c.Inspect(t.Context(), m, text[:at]+text[at+1:], at)
		for _, w := range want {
			if !ok || !strings.Contains(plain, w) || !strings.Contains(markdown, w) {
				t.Errorf("%s: %v, %q, want %q", text, ok, plain, w)
			}
		}
	}
	for _, text := range []string{"", "nosuch|", "(|", "%list|", "\"|"} {
		at := max(strings.IndexByte(text, '|'), 0)
		if plain, _, ok := c.Inspect(t.Context(), m, strings.Replace(text, "|", "", 1), at); ok {
			t.Errorf("%q: found %q", text, plain)
		}
	}
}
