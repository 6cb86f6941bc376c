// Package docs holds what the documents promise and a test can hold them to.
package docs

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "elboroom"

// house is a folder of the top level: which other houses its packages may reach, and whose work it
// builds on outside the standard library ("gonum.org/v1/gonum" allows every package below it).
type house struct {
	houses  []string
	outside []string
	pure    bool // no print, no log, no clock, no file, no network
}

const (
	gonum   = "gonum.org/v1/gonum"
	plot    = "gonum.org/v1/plot"
	echarts = "github.com/go-echarts/go-echarts/v2"
	golangx = "golang.org/x"
	fonts   = "codeberg.org/go-fonts"
	pdf     = "codeberg.org/go-pdf/fpdf"
)

// plan is ARCHITECTURE.md's drawing of who may know whom. A house appears here when its folder does.
func plan() map[string]house {
	everything := []string{"model", "exact", "kl", "fit", "cavi", "rivals", "vae", "vizlib", "demos", "notebooks"}
	return map[string]house{
		"model":     {outside: []string{gonum}, pure: true},
		"exact":     {houses: []string{"model"}, outside: []string{gonum}, pure: true},
		"kl":        {houses: []string{"fit"}, outside: []string{gonum}, pure: true},
		"fit":       {pure: true},
		"cavi":      {houses: []string{"model", "kl", "fit"}, outside: []string{gonum}, pure: true},
		"rivals":    {houses: []string{"model", "kl", "fit"}, outside: []string{gonum}, pure: true},
		"vae":       {houses: []string{"kl", "fit"}, outside: []string{gonum}, pure: true},
		"vizlib":    {outside: []string{gonum, plot, echarts, golangx, fonts, pdf}},
		"kernel":    {outside: []string{golangx}},
		"demos":     {houses: everything, outside: []string{gonum}},
		"notebooks": {houses: everything, outside: []string{gonum}},
		"docs":      {},
	}
}

// through is the one door between houses that are otherwise apart: the command that grades a notebook runs it, so it
// speaks to the kernel as a client does, and reaches nothing else of it.
func through(from, to string) bool {
	return from == module+"/notebooks/check/grade" && to == module+"/kernel/kerneltest"
}

// impure are the imports that a solver does without, with everything below them.
var impure = []string{"os", "log", "time", "net", "io/ioutil", "io/fs", "bufio", "embed", "syscall", "testing"}

// listed is what go list says of a package.
type listed struct {
	ImportPath string
	Dir        string
	Standard   bool
	Imports    []string
	Deps       []string
	GoFiles    []string
}

// packages asks go list about every package of the module.
func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Standard,Imports,Deps,GoFiles", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		// go test remembers a result until a file that the test opened changes: so it opens them.
		if _, err := os.ReadDir(p.Dir); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// houseOf is the top folder of a package of the module, "" for a package of anybody else.
func houseOf(path string) string {
	rest, ours := strings.CutPrefix(path, module+"/")
	if !ours {
		return ""
	}
	top, _, _ := strings.Cut(rest, "/")
	return top
}

// under says whether path is root or lies below it.
func under(path, root string) bool {
	return path == root || strings.HasPrefix(path, root+"/")
}

func TestArrows(t *testing.T) {
	houses := plan()
	for _, p := range packages(t) {
		top := houseOf(p.ImportPath)
		allowed, known := houses[top]
		if !known {
			t.Errorf("%s stands in no house of docs/ARCHITECTURE.md", p.ImportPath)
			continue
		}
		for _, dep := range p.Deps {
			if other := houseOf(dep); other != "" && other != top && !slices.Contains(allowed.houses, other) && !through(p.ImportPath, dep) {
				t.Errorf("%s reaches %s: %s may not know %s", p.ImportPath, dep, top, other)
			}
		}
		for _, imp := range p.Imports {
			first, _, _ := strings.Cut(imp, "/")
			if !strings.Contains(first, ".") {
				continue
			}
			if !slices.ContainsFunc(allowed.outside, func(root string) bool { return under(imp, root) }) {
				t.Errorf("%s imports %s, which %s does not build on", p.ImportPath, imp, top)
			}
		}
	}
}

func TestSolversOnlyCompute(t *testing.T) {
	houses := plan()
	for _, p := range packages(t) {
		if !houses[houseOf(p.ImportPath)].pure {
			continue
		}
		for _, imp := range p.Imports {
			if slices.ContainsFunc(impure, func(root string) bool { return under(imp, root) }) {
				t.Errorf("%s imports %s: a solver has no file, no clock, no log and no network", p.ImportPath, imp)
			}
		}
		for _, name := range p.GoFiles {
			checkPrintsNothing(t, filepath.Join(p.Dir, name))
		}
	}
}

// checkPrintsNothing looks for fmt's printing functions and the built-in ones.
func checkPrintsNothing(t *testing.T, path string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := ""
		switch f := call.Fun.(type) {
		case *ast.SelectorExpr:
			if pkg, ok := f.X.(*ast.Ident); ok && pkg.Name == "fmt" && strings.HasPrefix(f.Sel.Name, "Print") {
				name = "fmt." + f.Sel.Name
			}
		case *ast.Ident:
			if f.Name == "print" || f.Name == "println" {
				name = f.Name
			}
		}
		if name != "" {
			t.Errorf("%s: %s: a solver prints nothing", files.Position(call.Pos()), name)
		}
		return true
	})
}
