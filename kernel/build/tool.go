package build

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// tool runs a tool of the toolchain and returns all that it wrote.
func (b *Builder) tool(ctx context.Context, path string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = b.Dir
	cmd.Env = append(slices.Clone(b.env), "GOGC=off", "GOMEMLIMIT=512MiB") // it ends before it need collect: a fifth faster
	group(cmd)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// goTool runs the go command; what it complains of is a *Failure.
func (b *Builder) goTool(ctx context.Context, t *toolchain, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, t.gobin, args...)
	cmd.Dir = b.Dir
	cmd.Env = append(append(slices.Clone(b.env), b.modFlag()...), env...)
	group(cmd)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return out, failure(ctx, stderr.String(), err)
	}
	return out, nil
}

// group puts a tool and what it starts into a process group, all of which ends with it.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
}

func failure(ctx context.Context, out string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if strings.TrimSpace(out) == "" {
		out = err.Error()
	}
	return &Failure{strings.TrimSpace(out)}
}

// modFlag lets the go command complete go.mod and go.sum, which a workspace forbids.
func (b *Builder) modFlag() []string {
	if _, err := os.Stat(filepath.Join(b.Dir, "go.work")); err == nil {
		return nil
	}
	return []string{"GOWORK=off", "GOFLAGS=" + strings.TrimSpace(b.getenv("GOFLAGS")+" -mod=mod")}
}

// plainFlags reports whether GOFLAGS asks for nothing that go build alone can do, such as -race.
func (b *Builder) plainFlags() bool {
	for _, f := range strings.Fields(b.getenv("GOFLAGS")) {
		name, _, _ := strings.Cut(strings.TrimLeft(f, "-"), "=")
		if !slices.Contains([]string{"mod", "modcacherw", "tags", "trimpath", "buildvcs", "p"}, name) {
			return false
		}
	}
	return true
}

// getenv is a variable of the toolchain's environment.
func (b *Builder) getenv(name string) string { return lookUp(b.env, name) }

// lookUp is the value of a variable: the last counts.
func lookUp(env []string, name string) (value string) {
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			value = v
		}
	}
	return value
}
