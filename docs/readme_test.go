package docs

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "draw the pictures of README.md anew")

// TestReadmeExample builds the program in README.md, runs it, and sees that it saves its picture.
func TestReadmeExample(t *testing.T) {
	text := readme(t)
	code := regexp.MustCompile("(?s)```go\n(package main.*?)```").FindStringSubmatch(text)
	if code == nil {
		t.Fatal("README.md has no program")
	}
	if n := strings.Count(between(code[1], "func main() {\n", "\n}"), "\n") + 1; n > 12 {
		t.Errorf("the main of README.md's program has %d lines, want at most 12", n)
	}
	picture := regexp.MustCompile(`vizlib\.Save\("([^"]+)"`).FindStringSubmatch(code[1])
	if picture == nil || !strings.Contains(text, "docs/"+picture[1]) {
		t.Fatalf("README.md shows no picture docs/%v", picture)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "main.go")
	write(t, program, []byte(code[1]))
	// The compiler sees the program as a command of this module.
	command, err := filepath.Abs("../demos/readme/main.go")
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{command: program}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "overlay.json"), overlay)
	run(t, ".", "go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", filepath.Join(dir, "readme"), "../demos/readme")
	run(t, dir, filepath.Join(dir, "readme"))
	drawn, err := os.ReadFile(filepath.Join(dir, picture[1]))
	if err != nil || len(drawn) == 0 {
		t.Fatalf("the program saved no %s: %v", picture[1], err)
	}
	if *update {
		write(t, picture[1], drawn)
		run(t, "..", "go", "run", "./demos/cavi-gmm", "-out", dir)
		movie, err := os.ReadFile(filepath.Join(dir, "cavi-gmm.gif"))
		if err != nil {
			t.Fatal(err)
		}
		write(t, "cavi-gmm.gif", movie)
	}
}

// TestReadmeNamesWhatIsThere holds README.md's links, commands and folders to the tree.
func TestReadmeNamesWhatIsThere(t *testing.T) {
	text := readme(t)
	for _, m := range regexp.MustCompile(`\]\(([^)#:]+)[^):]*\)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
			t.Errorf("README.md links to %s: %v", m[1], err)
		}
	}
	for _, m := range regexp.MustCompile(`go run \./(\S+)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join("..", m[1], "main.go")); err != nil {
			t.Errorf("README.md runs ./%s: %v", m[1], err)
		}
	}
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("make ([a-z-]+)").FindAllStringSubmatch(text, -1) {
		if !regexp.MustCompile("(?m)^" + m[1] + ":").Match(makefile) {
			t.Errorf("README.md says make %s, and the Makefile has none", m[1])
		}
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "out" && !strings.Contains(text, "`"+e.Name()+"/") {
			t.Errorf("README.md's map has no `%s/`", e.Name())
		}
	}
}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
