package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// toolchain is the Go that was found.
type toolchain struct{ gobin, version, lang, compile, link string }

// findTools finds Go once.
func (b *Builder) findTools(ctx context.Context) error {
	if b.tools != nil {
		return nil
	}
	gobin, err := FindGo(b.Env)
	if err != nil {
		return err
	}
	out, err := b.run(ctx, b.goEnv(), gobin, "env", "GOTOOLDIR", "GOVERSION")
	if err != nil {
		return fmt.Errorf("%s env failed: %w", gobin, err)
	}
	dir, v, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	b.tools = &toolchain{gobin, v, cmp.Or(version.Lang(v), version.Lang(runtime.Version())), filepath.Join(dir, "compile"), filepath.Join(dir, "link")}
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
	slices.SortFunc(sdks, func(a, b string) int {
		return version.Compare(filepath.Base(filepath.Dir(filepath.Dir(b))), filepath.Base(filepath.Dir(filepath.Dir(a))))
	})
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
	cmd.Env = append(slices.Clone(b.Env), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = &Failure{cmp.Or(strings.TrimSpace(string(exit.Stderr)), strings.TrimSpace(string(out)), err.Error())}
	}
	return out, err
}

// goEnv lets the go command complete go.mod and go.sum, which a workspace forbids.
func (b *Builder) goEnv() []string {
	if _, err := os.Stat(filepath.Join(b.Dir, "go.work")); err == nil {
		return nil
	}
	return []string{"GOWORK=off", "GOFLAGS=" + strings.TrimSpace(lookUp(b.Env, "GOFLAGS")+" -mod=mod")}
}

// plainFlags reports whether GOFLAGS asks for nothing that go build alone can do, such as -race.
func (b *Builder) plainFlags() bool {
	for _, f := range strings.Fields(lookUp(b.Env, "GOFLAGS")) {
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
func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
