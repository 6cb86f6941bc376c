package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elboroom/kernel/kerneltest"
)

// TestFullDisk lets a cell fill the disk that it is given.
func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Log("no /dev/full on this system: nothing to fill")
		return
	}
	k := start(t, t.TempDir())
	if r := execute(t, k, "f, err := os.OpenFile(\"/dev/full\", os.O_WRONLY, 0)\nif err != nil { panic(err) }\n_, err = f.Write(make([]byte, 10))\nfmt.Println(err)", "ok"); !strings.Contains(r.Stdout, "no space left") {
		t.Errorf("stdout %q", r.Stdout)
	}
	if r := execute(t, k, "%%writefile /dev/full\nx", "error"); !strings.Contains(r.EValue, "no space left") {
		t.Errorf("%s", r.EValue)
	}
}

// TestBarePath starts a kernel that must find Go by itself.
func TestBarePath(t *testing.T) {
	gobin, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	k := start(t, t.TempDir(), "PATH=/usr/bin:/bin", "GONB_GO="+gobin)
	execute(t, k, "fmt.Println(1)", "ok")
}

// put writes a file, and the folders above it.
func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestDiskFullWhileBuilding: the program's text cannot be written, then the compiler's output.
func TestDiskFullWhileBuilding(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Log("no /dev/full on this system: nothing to fill")
		return
	}
	k := start(t, t.TempDir())
	execute(t, k, "1 + 1", "ok")
	for i, file := range []string{"main.go", ".build/main.a"} {
		sum := fmt.Sprintf("%d + 2", i)
		execute(t, k, "!*rm -f "+file+"; ln -s /dev/full "+file, "ok")
		r := execute(t, k, sum, "error")
		if r.EName != "disk full" || !strings.Contains(r.EValue, "no space left on device") || strings.Contains(r.EValue, "\n") {
			t.Errorf("%s: %s: %s", file, r.EName, r.EValue)
		}
		execute(t, k, "!*rm "+file, "ok")
		if r := execute(t, k, sum, "ok"); r.Result != fmt.Sprint(i+2) {
			t.Errorf("%s, with room again: %+v", file, r)
		}
	}
}

// TestBrokenModules: a go.mod that cannot be read costs its packages, and no more.
func TestBrokenModules(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "go.mod"), "module school\n\nbananas\n")
	put(t, filepath.Join(dir, "greet", "greet.go"), "package greet\n\nconst Word = \"good morning\"\n")
	k := start(t, dir)
	execute(t, k, "1 + 1", "ok")
	wants := func(code, want string) {
		t.Helper()
		if r := execute(t, k, code, "error"); !strings.Contains(r.EValue, want) || strings.Contains(r.EValue, "\n") {
			t.Errorf("%s: %q, want %q in it", code, r.EValue, want)
		}
	}
	say := "import \"school/greet\"\ngreet.Word"
	wants(say, "go.mod:3: unknown directive: bananas")
	put(t, filepath.Join(dir, "go.mod"), "module school\n\ngo 1.22\n")
	execute(t, k, "%reset go.mod", "ok")
	if r := execute(t, k, say, "ok"); r.Result != "good morning" {
		t.Errorf("%+v", r)
	}
	execute(t, k, "!*echo bananas >> go.mod", "ok")
	wants("1 + 2", "unknown directive: bananas (%reset go.mod makes a new one)")
	execute(t, k, "%reset go.mod", "ok")
	execute(t, k, say+" + \"!\"", "ok")
	execute(t, k, "!*rm go.mod", "ok")
	wants("1 + 3", "it is gone (%reset go.mod makes a new one)")
}

func TestOddGoFlags(t *testing.T) {
	for flags, want := range map[string]string{"-mod=vendor": "", "-trimpath -tags=x": "", "-ldflags=-X=main.from=flags": "flags", "nonsense": "non-flag"} {
		k := start(t, t.TempDir(), "GOFLAGS="+flags)
		r, err := k.Execute("var from string\n%%\nfmt.Print(from)")
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Stdout + r.EValue; !strings.Contains(got, want) || strings.Contains(got, "\n") || (want == "non-flag") != (r.Status == "error") {
			t.Errorf("GOFLAGS=%s: %s, %q, want %q", flags, r.Status, got, want)
		}
	}
}

// TestOddPaths: a module, a notebook, a temporary folder and a cache whose names have spaces and are not ASCII.
func TestOddPaths(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Übung 1 – ノート")
	put(t, filepath.Join(dir, "go.mod"), "module school\n\ngo 1.22\n")
	put(t, filepath.Join(dir, "greet", "greet.go"), "package greet\n\nconst Word = \"good morning\"\n")
	put(t, filepath.Join(dir, "note books", "words.txt"), "from a file\n")
	put(t, filepath.Join(dir, "tmp ü", "x"), "")
	k := start(t, filepath.Join(dir, "note books"), "TMPDIR="+filepath.Join(dir, "tmp ü"), "XDG_CACHE_HOME="+filepath.Join(dir, "cache ü"))
	if r := execute(t, k, "import \"school/greet\"\ngreet.Word", "ok"); r.Result != "good morning" {
		t.Errorf("%+v", r)
	}
	if r := execute(t, k, "!cat words.txt", "ok"); r.Stdout != "from a file\n" {
		t.Errorf("%+v", r)
	}
	execute(t, k, "%goflags -p=1", "ok") // by go build
	if r := execute(t, k, "greet.Word + \"!\"", "ok"); r.Result != "good morning!" {
		t.Errorf("%+v", r)
	}
}

// TestNoCache: a cache folder that cannot be made is done without.
func TestNoCache(t *testing.T) {
	k := start(t, t.TempDir(), "XDG_CACHE_HOME="+os.DevNull)
	execute(t, k, "fmt.Println(1)", "ok")
}

// TestFolderIsGone: what is missing is the folder, not the program.
func TestFolderIsGone(t *testing.T) {
	k := start(t, t.TempDir())
	execute(t, k, "!mkdir here", "ok")
	execute(t, k, "%cd here\n!rmdir $PWD", "ok")
	for _, code := range []string{"!echo 1", "fmt.Println(1)"} {
		if r := execute(t, k, code, "error"); !strings.Contains(r.EValue, "here\", which is gone") {
			t.Errorf("%s: %s", code, r.EValue)
		}
	}
	execute(t, k, "%cd ..\nfmt.Println(1)", "ok")
}

// TestTwoKernelsInOneFolder build the same and different cells at the same time.
func TestTwoKernelsInOneFolder(t *testing.T) {
	dir := t.TempDir()
	kernels := []*kerneltest.Kernel{start(t, dir), start(t, dir)}
	for i := range 5 {
		var ids []string
		for j, k := range kernels {
			code := fmt.Sprintf("func f() int { return %d }\nfmt.Print(f(), \" \")\n%d", i, i*j)
			ids = append(ids, k.Request("shell", "execute_request", kerneltest.Content{"code": code, "allow_stdin": false}))
		}
		for j, k := range kernels {
			r, err := k.Follow(ids[j], time.Now(), patience)
			if err != nil || r.Status != "ok" || r.Stdout != fmt.Sprint(i, " ") || r.Result != fmt.Sprint(i*j) {
				t.Errorf("round %d, kernel %d: %+v, %v", i, j, r, err)
			}
		}
	}
}

// TestOldModule: what the kernel adds to a program compiles in the language of a module of long ago.
func TestOldModule(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "go.mod"), "module school\n\ngo 1.17\n")
	k := start(t, dir)
	if r := execute(t, k, "6 * 7", "ok"); r.Result != "42" {
		t.Errorf("%+v", r)
	}
	if r := execute(t, k, "for i := range 3 { fmt.Print(i) }", "error"); !strings.Contains(r.EValue, "go1.22 or later") {
		t.Errorf("%s", r.EValue)
	}
}
