package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// toolchain is the Go that was found.
type toolchain struct {
	gobin, version string
	compile, link  string // "" where they cannot be called directly
}

// toolchain finds Go once and makes the temporary module.
func (b *Builder) toolchain(ctx context.Context) (*toolchain, error) {
	if b.tools != nil {
		return b.tools, nil
	}
	gobin, err := FindGo(b.env)
	if err != nil {
		return nil, err
	}
	t := &toolchain{gobin: gobin}
	out, err := b.goTool(ctx, t, nil, "env", "-json", "GOTOOLDIR", "GOVERSION")
	if err != nil {
		return nil, fmt.Errorf("%s env failed: %w", gobin, err)
	}
	var env struct{ GOTOOLDIR, GOVERSION string }
	if err := json.Unmarshal(out, &env); err != nil {
		return nil, err
	}
	t.version = env.GOVERSION
	compile, link := filepath.Join(env.GOTOOLDIR, "compile"), filepath.Join(env.GOTOOLDIR, "link")
	if _, err := os.Stat(compile); err == nil {
		if _, err := os.Stat(link); err == nil {
			t.compile, t.link = compile, link
		}
	}
	b.tools = t
	return t, nil
}

// FindGo looks for the go command: $GONB_GO, the PATH, $GOROOT, and where installers put it.
func FindGo(env []string) (string, error) {
	get := func(name string) string { return lookUp(env, name) }
	var places []string
	if p := get("GONB_GO"); p != "" {
		places = append(places, p)
	}
	for _, d := range filepath.SplitList(get("PATH")) {
		if filepath.IsAbs(d) {
			places = append(places, filepath.Join(d, "go"))
		}
	}
	if r := get("GOROOT"); r != "" {
		places = append(places, filepath.Join(r, "bin", "go"))
	}
	places = append(places, "/usr/local/go/bin/go", "/opt/homebrew/bin/go", "/usr/lib/go/bin/go", "/usr/bin/go", "/snap/bin/go")
	if home := get("HOME"); home != "" {
		sdks, _ := filepath.Glob(filepath.Join(home, "sdk", "go*", "bin", "go"))
		slices.SortFunc(sdks, func(a, b string) int {
			return version.Compare(filepath.Base(filepath.Dir(filepath.Dir(b))), filepath.Base(filepath.Dir(filepath.Dir(a))))
		})
		places = append(append(places, sdks...), filepath.Join(home, "go", "bin", "go"))
	}
	for _, p := range places {
		if info, err := os.Stat(p); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return p, nil
		}
	}
	return "", errors.New("go is not installed, or not where this kernel looks: install it from go.dev/dl, or set GONB_GO to the go command")
}

// goMod is what `go mod edit -json` prints.
type goMod struct {
	Module  struct{ Path string }
	Go      string
	Require []struct{ Path, Version string }
	Exclude []struct{ Path, Version string }
	Replace []struct {
		Old, New struct{ Path, Version string }
	}
}

// InitModule writes the temporary module's go.mod. Where the notebook stands inside a Go module, cells import that
// module's packages: the temporary module requires it, replaced by its folder, and all that it requires itself.
func (b *Builder) InitModule(ctx context.Context, notebookDir string) error {
	if err := b.lock(ctx); err != nil {
		return err
	}
	defer b.unlock()
	b.conf, b.apart = nil, ""
	for _, f := range []string{"go.sum", "go.work", "go.work.sum"} {
		_ = os.Remove(filepath.Join(b.Dir, f))
	}
	t, err := b.toolchain(ctx)
	if err != nil {
		return err
	}
	lang := strings.TrimPrefix(version.Lang(t.version), "go")
	if lang == "" {
		lang = strings.TrimPrefix(version.Lang(runtime.Version()), "go")
	}
	mod := "module gonb_cell\n\ngo " + lang + "\n"
	if dir := moduleDir(notebookDir); dir != "" {
		text, err := b.around(ctx, t, dir)
		if err != nil {
			b.apart = fmt.Sprintf("the module around this notebook is left out: %s (%%reset go.mod looks again)", lastLine(err.Error()))
			b.logf("build: %s", b.apart)
		} else {
			mod = text
			if sums, err := os.ReadFile(filepath.Join(dir, "go.sum")); err == nil {
				if err := os.WriteFile(filepath.Join(b.Dir, "go.sum"), sums, 0o600); err != nil {
					return err
				}
			}
		}
	}
	return os.WriteFile(filepath.Join(b.Dir, "go.mod"), []byte(mod), 0o600)
}

// moduleDir is the folder of the module that dir belongs to, or "".
func moduleDir(dir string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil && !info.IsDir() {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// around is a go.mod whose module requires the one in dir.
func (b *Builder) around(ctx context.Context, t *toolchain, dir string) (string, error) {
	m, err := b.readMod(ctx, t, filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	if m.Module.Path == "" {
		return "", errors.New("its go.mod names no module")
	}
	if m.Go == "" {
		m.Go = strings.TrimPrefix(version.Lang(t.version), "go")
	}
	var s strings.Builder
	fmt.Fprintf(&s, "module gonb_cell\n\ngo %s\n\nrequire %s v0.0.0\n", m.Go, m.Module.Path)
	for _, r := range m.Require {
		fmt.Fprintf(&s, "require %s %s\n", r.Path, r.Version)
	}
	for _, r := range m.Exclude {
		fmt.Fprintf(&s, "exclude %s %s\n", r.Path, r.Version)
	}
	for _, r := range m.Replace {
		to := r.New.Path
		if r.New.Version == "" && !filepath.IsAbs(to) {
			to = filepath.Join(dir, to)
		}
		fmt.Fprintf(&s, "replace %s %s => %q %s\n", r.Old.Path, r.Old.Version, to, r.New.Version)
	}
	fmt.Fprintf(&s, "replace %s => %q\n", m.Module.Path, dir)
	return s.String(), nil
}

func (b *Builder) readMod(ctx context.Context, t *toolchain, path string) (goMod, error) {
	var m goMod
	out, err := b.goTool(ctx, t, nil, "mod", "edit", "-json", path)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(out, &m)
}

// mergeSums adds to go.sum the lines of the modules that a folder replaces: they are what makes
// `go mod edit -replace` work without the network.
func (b *Builder) mergeSums(ctx context.Context, t *toolchain) {
	data, err := os.ReadFile(filepath.Join(b.Dir, "go.mod"))
	if err != nil || !bytes.Contains(data, []byte("=>")) {
		return
	}
	m, err := b.readMod(ctx, t, filepath.Join(b.Dir, "go.mod"))
	if err != nil {
		return
	}
	path := filepath.Join(b.Dir, "go.sum")
	have, _ := os.ReadFile(path) // none yet is as good as empty
	lines := map[string]bool{}
	for l := range strings.Lines(string(have)) {
		lines[strings.TrimSpace(l)] = true
	}
	var add strings.Builder
	for _, r := range m.Replace {
		if r.New.Version != "" {
			continue
		}
		dir := r.New.Path
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(b.Dir, dir)
		}
		sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
		if err != nil {
			continue
		}
		for l := range strings.Lines(string(sums)) {
			if l = strings.TrimSpace(l); l != "" && !lines[l] {
				lines[l] = true
				add.WriteString(l + "\n")
			}
		}
	}
	if add.Len() > 0 {
		if err := os.WriteFile(path, append(have, add.String()...), 0o600); err != nil {
			b.logf("build: go.sum: %v", err)
		}
	}
}
