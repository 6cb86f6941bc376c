package build

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"elboroom/kernel/cell"
)

// bench is a builder in a folder of its own, with what it logged.
type bench struct {
	*Builder
	mem    cell.Memory
	number int

	mu  sync.Mutex
	log []string
}

// start makes a builder for a notebook in dir. Kernels that share a cache share its binaries.
func start(t *testing.T, dir, cache string) *bench {
	t.Helper()
	b := &bench{}
	module := filepath.Join(t.TempDir(), "a kernel", "module")
	if err := os.MkdirAll(module, 0o700); err != nil {
		t.Fatal(err)
	}
	b.Builder = New(module, cache, func(format string, args ...any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.log = append(b.log, fmt.Sprintf(format, args...))
	})
	b.set(nil)
	if err := b.InitModule(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	return b
}

// set gives flags of go build.
func (b *bench) set(flags []string) {
	b.Use(Settings{Env: append(os.Environ(), "GOPROXY=off"), Flags: flags})
}

// build makes the binary of a cell.
func (b *bench) build(t *testing.T, text string) (string, error) {
	t.Helper()
	b.number++
	c, err := cell.Parse(b.number, text)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for p := range c.Imports() {
		paths = append(paths, p)
	}
	names, err := b.Names(t.Context(), paths)
	if err != nil {
		return "", err
	}
	b.mem.Learn(names)
	b.mem.Note(c)
	p, err := cell.Compose(&b.mem, c, cell.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return b.Build(t.Context(), p, c.Test)
}

// prints builds a cell, runs it, and compares what it says.
func (b *bench) prints(t *testing.T, text, want string) (bin string) {
	t.Helper()
	bin, err := b.build(t, text)
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	out, err := exec.Command(bin).CombinedOutput()
	if err != nil || string(out) != want {
		t.Fatalf("%s\nsaid %q (%v), want %q", text, out, err, want)
	}
	return bin
}

func (b *bench) logged(word string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.log, func(l string) bool { return strings.Contains(l, word) })
}

// school is a module with a package school/greet.
func school(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a school")
	write(t, filepath.Join(dir, "go.mod"), "module school\n\ngo 1.22\n")
	write(t, filepath.Join(dir, "greet", "greet.go"), "package greet\n\nconst Word = \"good morning\"\n")
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const hello = "%%\nfmt.Println(\"hello\")"

func TestUnchangedProgramIsNotBuiltAgain(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	first := start(t, dir, cache)
	bin := first.prints(t, hello, "hello\n")
	before, err := os.Stat(bin)
	if err != nil {
		t.Fatal(err)
	}
	broken, err := exec.LookPath("false")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*bench{"the same kernel": first, "another kernel": start(t, dir, cache)} {
		b.compile, b.link = broken, broken
		again := b.prints(t, hello, "hello\n")
		after, err := os.Stat(again)
		if err != nil {
			t.Fatal(err)
		}
		if again != bin || !os.SameFile(before, after) {
			t.Errorf("%s made another binary of the same program: %s, %s", name, bin, again)
		}
	}
	if _, err := first.build(t, "%%\nfmt.Println(\"another\")"); err == nil {
		t.Error("another program was built without a compiler")
	}
}

func TestErrorsHaveTheirPlace(t *testing.T) {
	b := start(t, t.TempDir(), "")
	wrong := "%%\nx := 1\nfmt.Println(x +\n\tnowhere)"
	for _, flags := range [][]string{nil, {"-gcflags=-e"}} { // the compiler called directly, and by go build
		b.set(flags)
		_, err := b.build(t, wrong)
		var f *Failure
		if !errors.As(err, &f) {
			t.Fatalf("flags %q: %v, want a Failure", flags, err)
		}
		errs := b.mem.CompileErrors(f.Output)
		if len(errs) != 1 || errs[0].Cell != b.number || errs[0].Line != 4 || errs[0].Col != 2 ||
			errs[0].Msg != "undefined: nowhere" || errs[0].Source != "\tnowhere)" {
			t.Errorf("flags %q: %+v of\n%s", flags, errs, f.Output)
		}
	}
}

func TestFallsBackToGoBuild(t *testing.T) {
	b := start(t, t.TempDir(), "")
	b.prints(t, hello, "hello\n")
	if b.logged("falling back") {
		t.Fatalf("a plain program was not built directly: %q", b.log)
	}
	b.link = filepath.Join(b.Dir, "no linker")
	b.prints(t, "%%\nfmt.Println(\"by go build\")", "by go build\n")
	if !b.logged("falling back to go build") {
		t.Errorf("the log does not say so: %q", b.log)
	}
	write(t, filepath.Join(b.Dir, "words.txt"), "from a file")
	b.prints(t, "import _ \"embed\"\n//go:embed words.txt\nvar words string\n%%\nfmt.Println(words)", "from a file\n")
}

func TestMissingExportIsRebuilt(t *testing.T) {
	b := start(t, school(t), "")
	say := "import \"school/greet\"\n%%\nfmt.Println(greet.Word)"
	b.prints(t, say, "good morning\n")
	export := b.conf.Load().Export["school/greet"]
	if err := os.Remove(export); err != nil { // as a trim of Go's build cache does
		t.Fatal(err)
	}
	b.prints(t, say+"\nfmt.Println(1)", "good morning\n1\n")
	if _, err := os.Stat(export); err != nil {
		t.Error(err)
	}
	if b.logged("falling back") {
		t.Errorf("that took a build by go build: %q", b.log)
	}
}

func TestChangedPackageIsAnotherProgram(t *testing.T) {
	dir := school(t)
	b := start(t, dir, t.TempDir())
	say := "import \"school/greet\"\n%%\nfmt.Println(greet.Word)"
	first := b.prints(t, say, "good morning\n")
	write(t, filepath.Join(dir, "greet", "greet.go"), "package greet\n\nconst Word = \"good evening\"\n")
	if second := b.prints(t, say, "good evening\n"); second == first {
		t.Error("the binary of the old package was overwritten")
	}
}

func TestMisspeltImportIsExplained(t *testing.T) {
	b := start(t, school(t), "")
	_, err := b.build(t, "import \"school/great\"\n%%\nfmt.Println(great.Word)")
	var bad *ImportError
	if !errors.As(err, &bad) {
		t.Fatalf("%v, want an ImportError", err)
	}
	if bad.Path != "school/great" || !strings.Contains(bad.Reason, `no package "school/great"`) || !strings.Contains(bad.Reason, "misspelt") || strings.Contains(bad.Reason, b.Dir) {
		t.Errorf("%+v", bad)
	}
	_, err = b.build(t, "import \"strngs\"\n%%\nfmt.Println(strngs.ToUpper(\"a\"))")
	if !errors.As(err, &bad) || bad.Path != "strngs" || !strings.Contains(bad.Reason, "misspelt") {
		t.Errorf("%v", err)
	}
	b.prints(t, "import \"school/greet\"\n%%\nfmt.Println(greet.Word)", "good morning\n")
}

func TestChangedEmbeddedFileIsAnotherProgram(t *testing.T) {
	cache := t.TempDir()
	say := "import _ \"embed\"\n//go:embed words.txt\nvar words string\n%%\nfmt.Println(words)"
	b := start(t, t.TempDir(), cache)
	for _, words := range []string{"good morning", "good evening"} {
		write(t, filepath.Join(b.Dir, "words.txt"), words)
		b.prints(t, say, words+"\n")
	}
	b = start(t, t.TempDir(), cache) // another kernel
	write(t, filepath.Join(b.Dir, "words.txt"), "good night")
	b.prints(t, say, "good night\n")
}

func TestModuleOfALaterMajorVersion(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module school.org/v2\n\ngo 1.22\n")
	write(t, filepath.Join(dir, "greet", "greet.go"), "package greet\n\nconst Word = \"good morning\"\n")
	b := start(t, dir, "")
	b.prints(t, "import \"school.org/v2/greet\"\n%%\nfmt.Println(greet.Word)", "good morning\n")
}

// TestEnvironmentInAnotherOrder: packages are listed before the first cell has sorted the environment.
func TestEnvironmentInAnotherOrder(t *testing.T) {
	b := start(t, t.TempDir(), "")
	b.Use(Settings{Env: append(os.Environ(), "GOPROXY=off", "GODEBUG=")})
	b.prints(t, hello, "hello\n")
	listed := b.conf.Load()
	b.Use(Settings{Env: append([]string{"GODEBUG=", "GOPROXY=off"}, os.Environ()...)})
	b.prints(t, hello, "hello\n")
	if b.conf.Load() != listed {
		t.Error("packages were listed again")
	}
}

// TestMissingImportOfAnImport: what a package of the module lacks is shown at the cell's import of that package.
func TestMissingImportOfAnImport(t *testing.T) {
	dir := school(t)
	write(t, filepath.Join(dir, "ask", "ask.go"), "package ask\n\nimport _ \"school/lost\"\n")
	write(t, filepath.Join(dir, "internal", "secret", "secret.go"), "package secret\n")
	write(t, filepath.Join(dir, "more", "more.go"), "package more\n\nimport _ \"nowhere.invalid/lost\"\n")
	b := start(t, dir, "")
	for path, want := range map[string]string{"school/ask": `no package "school/lost"`, "school/internal/secret": "internal package",
		"school/more": "nowhere.invalid/lost is not in this module, and go get failed"} {
		_, err := b.build(t, "import _ \""+path+"\"\n%%\nfmt.Println(1)")
		var bad *ImportError
		if !errors.As(err, &bad) || bad.Path != path || !strings.Contains(bad.Reason, want) {
			t.Errorf("%s: %#v, want %q", path, err, want)
		}
	}
}

func TestUnchangedTestsAreNotBuiltAgain(t *testing.T) {
	b := start(t, t.TempDir(), "")
	cell := "%test\nfunc TestOne(t *testing.T) {}"
	first, err := b.build(t, cell)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(first, "-test.v").CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestOne") {
		t.Errorf("%v\n%s", err, out)
	}
	before, err := os.Stat(first)
	if err != nil {
		t.Fatal(err)
	}
	second, err := b.build(t, cell)
	if err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(second); err != nil || !os.SameFile(before, after) {
		t.Errorf("another binary of the same tests: %v", err)
	}
}

func TestTrimKeepsWhatWasUsedLast(t *testing.T) {
	b := New(t.TempDir(), t.TempDir(), t.Logf)
	old, middle, fresh := filepath.Join(b.cache, "bin", "old"), filepath.Join(b.cache, "imports-middle"), filepath.Join(b.cache, "bin", "fresh")
	for i, path := range []string{fresh, middle, old} {
		write(t, path, "")
		if err := os.Truncate(path, cacheLimit*2/5); err != nil { // two of three have room
			t.Fatal(err)
		}
		then := time.Now().Add(-time.Duration(i+1) * time.Hour)
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
	}
	if !used(old) || used(filepath.Join(b.cache, "bin", "none")) {
		t.Error("used does not say what is there")
	}
	b.trim()
	for path, want := range map[string]bool{old: true, fresh: true, middle: false} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}
