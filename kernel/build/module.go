package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// findTools finds Go once.
func (b *Builder) findTools(ctx context.Context) error {
	if b.gobin != "" {
		return nil
	}
	gobin, err := FindGo(b.now.Env)
	if err != nil {
		return err
	}
	out, err := b.run(ctx, b.goEnv(), gobin, "env", "GOTOOLDIR", "GOVERSION")
	if err != nil {
		return fmt.Errorf("%s env failed: %w", gobin, err)
	}
	dir, v, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	b.gobin, b.compile, b.link = gobin, filepath.Join(dir, "compile"), filepath.Join(dir, "link")
	b.version, b.lang = v, cmp.Or(version.Lang(v), version.Lang(runtime.Version()))
	return nil
}

// FindGo looks for the go command: $GONB_GO, the PATH, $GOROOT, and where installers put it.
func FindGo(env []string) (string, error) {
	places := []string{lookUp(env, "GONB_GO")}
	for _, d := range filepath.SplitList(lookUp(env, "PATH")) {
		places = append(places, filepath.Join(d, "go"))
	}
	places = append(places, filepath.Join(lookUp(env, "GOROOT"), "bin", "go"), "/usr/local/go/bin/go", "/opt/homebrew/bin/go",
		"/usr/lib/go/bin/go", "/usr/bin/go", "/snap/bin/go")
	home := lookUp(env, "HOME")
	sdks, _ := filepath.Glob(filepath.Join(home, "sdk", "go*", "bin", "go"))
	sdk := func(gobin string) string { return filepath.Base(filepath.Dir(filepath.Dir(gobin))) }
	slices.SortFunc(sdks, func(p, q string) int { return version.Compare(sdk(q), sdk(p)) })
	for _, p := range append(append(places, sdks...), filepath.Join(home, "go", "bin", "go")) {
		if _, err := exec.LookPath(p); err == nil && filepath.IsAbs(p) {
			return p, nil
		}
	}
	return "", errors.New("go is not installed, or not where this kernel looks: install it from go.dev/dl, or set GONB_GO to the go command")
}

// Failure is a program that does not compile or link. Output is what the tools wrote.
type Failure struct{ Output string }

func (f *Failure) Error() string { return f.Output }

// run runs a tool in the temporary module and returns what it printed; what it complains of is a *Failure.
// The tool and all that it starts end with ctx.
func (b *Builder) run(ctx context.Context, env []string, tool string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, tool, args...)
	cmd.Dir = b.Dir
	cmd.Env = append(slices.Clone(b.now.Env), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		err = &Failure{cmp.Or(strings.TrimSpace(string(exit.Stderr)), strings.TrimSpace(string(out)), err.Error())}
	}
	return out, err
}

// goEnv lets the go command complete go.mod and go.sum, which a workspace forbids.
func (b *Builder) goEnv() []string {
	if _, err := os.Stat(filepath.Join(b.Dir, "go.work")); err == nil {
		return nil
	}
	return []string{"GOWORK=off", "GOFLAGS=" + strings.TrimSpace(lookUp(b.now.Env, "GOFLAGS")+" -mod=mod")}
}

// plainFlags reports whether GOFLAGS asks for nothing that go build alone can do, such as -race.
func (b *Builder) plainFlags() bool {
	for _, f := range strings.Fields(lookUp(b.now.Env, "GOFLAGS")) {
		name, _, _ := strings.Cut(strings.TrimLeft(f, "-"), "=")
		if !slices.Contains([]string{"mod", "modcacherw", "tags", "trimpath", "buildvcs", "p"}, name) {
			return false
		}
	}
	return true
}

// lookUp is the value of a variable: the last counts.
func lookUp(env []string, name string) (value string) {
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			value = v
		}
	}
	return value
}

// lastLine is where the tools say what is wrong.
func lastLine(s string) string { return strings.TrimSpace(s[strings.LastIndexByte(s, '\n')+1:]) }

// InitModule writes the temporary module's go.mod. Where the notebook stands inside a Go module, cells import that
// module's packages: the temporary module requires it, replaced by its folder, and all that it requires itself.
func (b *Builder) InitModule(ctx context.Context, notebookDir string) error {
	if err := b.begin(ctx); err != nil {
		return err
	}
	defer b.busy.Release(1)
	for _, f := range []string{"go.sum", "go.work", "go.work.sum"} {
		_ = os.Remove(filepath.Join(b.Dir, f))
	}
	b.apart = ""
	mod := new(modfile.File)
	_ = mod.AddModuleStmt("gonb_cell")                  // never fails
	_ = mod.AddGoStmt(strings.TrimPrefix(b.lang, "go")) // without, go list adds one
	dir, err := notebookDir, around(mod, notebookDir)
	for errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		err = around(mod, dir)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		b.apart = fmt.Sprintf("the module around this notebook is left out: %s (%%reset go.mod looks again)", lastLine(err.Error()))
		b.logf("build: %s", b.apart)
	}
	go b.trim()
	return os.WriteFile(filepath.Join(b.Dir, "go.mod"), modfile.Format(mod.Syntax), 0o600)
}

// around makes mod require the module in dir.
func around(mod *modfile.File, dir string) error {
	path := filepath.Join(dir, "go.mod")
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	outer, err := modfile.Parse(path, data, nil)
	if err != nil {
		return err
	}
	if outer.Module == nil {
		return errors.New("its go.mod names no module")
	}
	if outer.Go != nil {
		err = mod.AddGoStmt(outer.Go.Version)
	}
	own := outer.Module.Mod.Path
	_, major, _ := module.SplitPathVersion(own)
	mod.AddNewRequire(own, cmp.Or(module.PathMajorPrefix(major), "v0")+".0.0", false)
	for _, r := range outer.Require {
		mod.AddNewRequire(r.Mod.Path, r.Mod.Version, false)
	}
	for _, x := range outer.Exclude {
		err = errors.Join(err, mod.AddExclude(x.Mod.Path, x.Mod.Version))
	}
	for _, r := range append(outer.Replace, &modfile.Replace{Old: module.Version{Path: own}, New: module.Version{Path: dir}}) {
		to := r.New.Path
		if r.New.Version == "" && !filepath.IsAbs(to) {
			to = filepath.Join(dir, to)
		}
		err = errors.Join(err, mod.AddReplace(r.Old.Path, r.Old.Version, to, r.New.Version))
	}
	return err
}

// mergeSums adds to go.sum the lines of the modules that a folder replaces: they are what makes
// `go mod edit -replace` work without the network.
func (b *Builder) mergeSums() {
	data, _ := os.ReadFile(filepath.Join(b.Dir, "go.mod"))
	mod, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		return // go list says what is wrong
	}
	lines := map[string]bool{}
	for _, r := range append(mod.Replace, &modfile.Replace{New: module.Version{Path: b.Dir}}) { // and its own
		dir := r.New.Path
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(b.Dir, dir)
		}
		sums, _ := os.ReadFile(filepath.Join(dir, "go.sum")) // none is as good as empty
		for line := range strings.Lines(string(sums)) {
			lines[strings.TrimSpace(line)] = true
		}
	}
	text := strings.Join(slices.Sorted(maps.Keys(lines)), "\n") + "\n"
	if err := os.WriteFile(filepath.Join(b.Dir, "go.sum"), []byte(text), 0o600); err != nil {
		b.logf("build: %v", err)
	}
}
