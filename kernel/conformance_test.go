package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elboroom/kernel/kerneltest"

	"golang.org/x/tools/txtar"
)

// TestConformance runs the small notebooks of testdata/conformance. Each states what GoNB does, or, in a line that
// begins with "differs:", what this kernel does on purpose instead. With GONB set to the path of a real gonb, it is
// that which is tested, and the cases that differ are left to ours.
//
// After "-- cell --" may come, in any order: "-- stdout --" (equal), "-- stderr --", "-- error --", "-- result --",
// "-- display --" (all: contained), "-- order --" (equal, a line an output). A cell without "-- error --" must end well.
func TestConformance(t *testing.T) {
	files, err := filepath.Glob("testdata/conformance/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	gonb := os.Getenv("GONB")
	for _, f := range files {
		a, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(f), ".txtar")
		if gonb != "" && strings.Contains(string(a.Comment), "differs:") {
			t.Logf("%s is for ours alone: it differs from GoNB there, on purpose", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			argv := []string{kernelBin, "run"}
			if gonb != "" {
				argv = []string{gonb, "--raw_error", "--kernel"}
			}
			for _, file := range a.Files {
				if path, ok := strings.CutPrefix(file.Name, "file "); ok {
					path = filepath.Join(dir, path)
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, file.Data, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
			where := filepath.Join(dir, "notebooks")
			if err := os.MkdirAll(where, 0o755); err != nil {
				t.Fatal(err)
			}
			k, err := kerneltest.Start(argv, where, "MODULE="+dir)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := k.Shutdown(); err != nil && gonb == "" {
					t.Error(err)
				}
			}()
			play(t, k, a.Files)
		})
	}
}

// play runs the cells of a case and compares.
func play(t *testing.T, k *kerneltest.Kernel, files []txtar.File) {
	n := 0
	for i := 0; i < len(files); {
		if files[i].Name != "cell" {
			i++
			continue
		}
		n++
		code := strings.TrimSuffix(string(files[i].Data), "\n")
		want := map[string]string{}
		for i++; i < len(files) && files[i].Name != "cell"; i++ {
			want[files[i].Name] = string(files[i].Data)
		}
		r, err := k.Execute(code)
		if err != nil {
			t.Fatalf("cell %d: %v", n, err)
		}
		fail := func(what, got, want string) {
			t.Errorf("cell %d:\n%s\n%s is\n%s\nwant\n%s\n(stderr %q, error %s: %s)", n, code, what, got, want, r.Stderr, r.EName, r.EValue)
		}
		if _, expected := want["error"]; expected != (r.Status == "error") {
			fail("status", r.Status, fmt.Sprint("an error: ", expected))
		}
		if w, ok := want["stdout"]; ok && strings.TrimSpace(r.Stdout) != strings.TrimSpace(w) {
			fail("stdout", r.Stdout, w)
		}
		if w, ok := want["order"]; ok && strings.Join(r.Order, "\n") != strings.TrimSuffix(w, "\n") {
			fail("the order", strings.Join(r.Order, "\n"), w)
		}
		shown := ""
		for _, d := range append(r.Displays, r.Updates...) {
			shown += fmt.Sprintln(d["data"])
		}
		for what, got := range map[string]string{"stderr": r.Stderr, "error": r.EName + ": " + r.EValue + "\n" + r.Traceback, "result": r.Result, "display": shown} {
			for line := range strings.Lines(want[what]) {
				if line = strings.TrimSuffix(line, "\n"); !strings.Contains(got, line) {
					fail(what, got, line)
				}
			}
			if _, ok := want[what]; !ok && what == "result" && got != "" {
				fail("result", got, "none")
			}
		}
	}
}
