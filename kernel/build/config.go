package build

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// config is what one `go list -export -deps` said: where the compiled packages are that programs import.
type config struct {
	State   string            // of all that it and binaries depend on
	Roots   []string          // the imports it was made for
	Export  map[string]string // path → compiled package, for all that Roots need and the runtime
	Names   map[string]string // path → package name
	Dirs    map[string]string // path → folder of its source
	Local   []string          // folders of the packages whose source may change
	Lang    string            // -lang
	GoDebug string            // of the main module
	Info    string            // what debug.ReadBuildInfo finds
	Foreign bool              // a package outside the standard library uses cgo
}

// ImportError is an import that cannot be had. missing is the package that might be got: the import or one that it needs.
type ImportError struct{ Path, Reason, missing string }

func (e *ImportError) Error() string { return e.Reason }

// Names are the packages' names that are known so far.
func (b *Builder) Names(ctx context.Context, paths []string) (map[string]string, error) {
	if err := b.begin(ctx); err != nil {
		return nil, err
	}
	defer b.busy.Release(1)
	c, err := b.configFor(ctx, paths)
	if err != nil {
		return nil, err
	}
	return c.Names, nil
}

// Known gives, for completion, the folders and compiled forms of the packages listed so far. It never waits.
func (b *Builder) Known() (dirs, exports, names map[string]string) {
	if c := b.conf.Load(); c != nil {
		return c.Dirs, c.Export, c.Names
	}
	return nil, nil, nil
}

// configFor is a valid config that has all of these imports.
func (b *Builder) configFor(ctx context.Context, imports []string) (*config, error) {
	imports = slices.DeleteFunc(slices.Clone(imports), func(p string) bool { return p == "C" || p == "unsafe" })
	old := b.conf.Load()
	if b.serves(old, imports) {
		return old, nil
	}
	b.mergeSums()
	if c := b.load(); b.serves(c, imports) { // an earlier kernel's
		b.conf.Store(c)
		return c, nil
	}
	least := append([]string{"fmt", "os", "flag"}, imports...) // a program may import these whatever its cell says
	want := least
	if old != nil {
		want = append(slices.Clone(least), old.Roots...) // what was asked for before will be asked for again
	}
	for tried := map[string]bool{}; ; {
		c, err := b.list(ctx, want)
		if err == nil {
			c.State = b.state(c.Local)
			b.conf.Store(c)
			b.save(c)
			return c, nil
		}
		var bad *ImportError
		if !errors.As(err, &bad) || tried[bad.Path+" "+bad.missing] {
			return nil, err
		}
		tried[bad.Path+" "+bad.missing] = true
		host, _, _ := strings.Cut(bad.missing, "/")
		switch {
		case !slices.Contains(imports, bad.Path): // an import of another cell is gone: not this one's fault
			want = least
		case strings.Contains(bad.Reason, "could not import"): // a file was saved between go's look at it and its compilation
		case b.NoGet || !strings.Contains(host, "."):
			return nil, err
		default:
			if _, err := b.run(ctx, b.goEnv(), b.tools.gobin, "get", bad.missing); err != nil {
				bad.Reason = fmt.Sprintf("the package %s is not in this module, and go get failed: %s", bad.missing, lastLine(err.Error()))
				return nil, bad
			}
		}
	}
}

// serves reports whether a config has these imports, its compiled packages are still there and what they come from is as it was.
func (b *Builder) serves(c *config, imports []string) bool {
	if c == nil || slices.ContainsFunc(imports, func(p string) bool { return !slices.Contains(c.Roots, p) }) || c.State != b.state(c.Local) {
		return false
	}
	for _, f := range c.Export {
		if _, err := os.Stat(f); err != nil {
			return false
		}
	}
	return true
}

// state is a digest of what decides over packages: module files, toolchain, environment, and the files in these folders.
func (b *Builder) state(folders []string) string {
	sum := sha256.New()
	fmt.Fprintln(sum, "3", b.tools.version, b.tools.gobin)
	for _, f := range []string{"go.mod", "go.sum", "go.work", "go.work.sum"} {
		data, err := os.ReadFile(filepath.Join(b.Dir, f))
		fmt.Fprintln(sum, f, err == nil, len(data))
		sum.Write(data)
	}
	for _, e := range slices.Sorted(slices.Values(b.Env)) {
		if strings.HasPrefix(e, "GO") && !strings.HasPrefix(e, "GONB_") || strings.HasPrefix(e, "CGO_") {
			fmt.Fprintln(sum, e)
		}
	}
	for _, dir := range folders {
		entries, err := os.ReadDir(dir)
		fmt.Fprintln(sum, dir, err == nil)
		for _, e := range entries {
			if info, err := e.Info(); err == nil && !e.IsDir() {
				fmt.Fprintln(sum, e.Name(), info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// load reads the config that an earlier kernel left.
func (b *Builder) load() *config {
	path := filepath.Join(b.cache, "imports-"+b.state(nil))
	data, err := os.ReadFile(path)
	c := new(config)
	if err != nil || json.Unmarshal(data, c) != nil {
		return nil
	}
	used(path)
	return c
}

// save leaves it for the next. A cache that cannot be written is no cache.
func (b *Builder) save(c *config) {
	path := filepath.Join(b.cache, "imports-"+b.state(nil))
	data, err := json.Marshal(c)
	if err == nil && os.WriteFile(b.temp(path), data, 0o600) == nil {
		_ = os.Rename(b.temp(path), path)
	}
}
