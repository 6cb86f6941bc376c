package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// config is what one `go list -export -deps` said: where the compiled packages are that programs import.
type config struct {
	Key     string              // of the module files, the toolchain and the environment
	Roots   []string            // the imports it was made for
	Export  map[string]string   // path → compiled package, for all that Roots need and the runtime
	Names   map[string]string   // path → package name
	Dirs    map[string]string   // path → folder of its source
	Needs   map[string][]string // root → all that it needs, itself included
	Local   map[string]string   // folder of a package in a replaced module → state of its files when listed
	State   string              // Key and Local: what a binary depends on besides its program
	Lang    string              // -lang
	GoDebug string              // of the main module
	Info    string              // what debug.ReadBuildInfo finds
	Foreign bool                // a package outside the standard library uses cgo
}

// ImportError is an import that cannot be had.
type ImportError struct{ Path, Reason string }

func (e *ImportError) Error() string { return e.Reason }

// Names are the packages' names that are known so far.
func (b *Builder) Names(ctx context.Context, paths []string) (map[string]string, error) {
	if err := b.lock(ctx); err != nil {
		return nil, err
	}
	defer b.unlock()
	t, err := b.toolchain(ctx)
	if err != nil {
		return nil, err
	}
	c, err := b.configFor(ctx, t, paths)
	if err != nil {
		return nil, err
	}
	return c.Names, nil
}

// Known gives, for completion, the folders and compiled forms of the packages listed so far. It never waits.
func (b *Builder) Known() (dirs, exports, names map[string]string) {
	if c := b.known.Load(); c != nil {
		return c.Dirs, c.Export, c.Names
	}
	return nil, nil, nil
}

// always is what a program may import whatever its cell says. It brings the runtime.
var always = [...]string{"fmt", "os", "flag"}

// configFor is a valid config that has all of these imports.
func (b *Builder) configFor(ctx context.Context, t *toolchain, imports []string) (*config, error) {
	imports = slices.DeleteFunc(slices.Clone(imports), func(p string) bool { return p == "C" || p == "unsafe" })
	key := b.key(t)
	if b.conf == nil {
		if c := b.load(key); c != nil {
			b.adopt(c)
		}
	}
	least := append(always[:], imports...)
	want := least
	if old := b.conf; old != nil {
		missing := slices.ContainsFunc(imports, func(p string) bool { return !slices.Contains(old.Roots, p) })
		if !missing && old.Key == key && old.fresh() {
			return old, nil
		}
		want = append(slices.Clone(least), old.Roots...) // what was asked for before will be asked for again
	}
	for got := map[string]bool{}; ; {
		c, err := b.list(ctx, t, want)
		if err != nil && strings.Contains(err.Error(), "could not import") { // a file was saved between go's look at it and its compilation
			c, err = b.list(ctx, t, want)
		}
		var bad *ImportError
		if errors.As(err, &bad) && !slices.Contains(imports, bad.Path) { // an import of another cell is gone: not this one's fault
			c, err = b.list(ctx, t, least)
		}
		if err == nil {
			c.Key = b.key(t) // listing may have completed go.mod and go.sum
			c.State = c.state()
			b.adopt(c)
			b.save(c)
			return c, nil
		}
		path := pathOf(err)
		host, _, _ := strings.Cut(path, "/")
		if !b.get || !strings.Contains(host, ".") || got[path] {
			return nil, err
		}
		got[path] = true
		if _, err := b.goTool(ctx, t, nil, "get", path); err != nil {
			return nil, &ImportError{path, fmt.Sprintf("the package %s is not in this module, and go get failed: %s", path, lastLine(err.Error()))}
		}
	}
}

// pathOf is the import that an error is about, or "".
func pathOf(err error) string {
	var bad *ImportError
	if errors.As(err, &bad) {
		return bad.Path
	}
	return ""
}

func (b *Builder) adopt(c *config) {
	b.conf = c
	b.known.Store(c)
}

// What stands around the build info in a binary: cmd/go/internal/modload/build.go.
const (
	infoStart = "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6"
	infoEnd   = "\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xd8\xf2"
)

// modinfo is the linker's line of build info.
func (c *config) modinfo() []byte { return fmt.Appendf(nil, "modinfo %q\n", infoStart+c.Info+infoEnd) }

// importcfg is the file that compiler and linker read: the packages that these imports need.
func (c *config) importcfg(imports []string) []byte {
	var b bytes.Buffer
	b.WriteString("# import config\n")
	seen := map[string]bool{}
	for _, root := range append(always[:], imports...) {
		for _, p := range c.Needs[root] {
			if f := c.Export[p]; f != "" && !seen[p] {
				seen[p] = true
				fmt.Fprintf(&b, "packagefile %s=%s\n", p, f)
			}
		}
	}
	return b.Bytes()
}

// fresh reports whether the compiled packages are still there and the source they come from is as it was.
func (c *config) fresh() bool {
	for dir, state := range c.Local {
		if stateOf(dir) != state {
			return false
		}
	}
	for _, f := range c.Export {
		if _, err := os.Stat(f); err != nil {
			return false
		}
	}
	return true
}

// stateOf is a folder's Go files with their sizes and times.
func stateOf(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "gone"
	}
	sum := sha256.New()
	for _, e := range entries {
		if info, err := e.Info(); err == nil && !e.IsDir() {
			fmt.Fprintf(sum, "%s %d %d\n", e.Name(), info.Size(), info.ModTime().UnixNano())
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// state is a digest of Key, Local and the compiled packages.
func (c *config) state() string {
	sum := sha256.New()
	fmt.Fprintln(sum, c.Key, c.Lang, c.GoDebug)
	for _, d := range slices.Sorted(maps.Keys(c.Local)) {
		fmt.Fprintln(sum, d, c.Local[d])
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// key is a digest of what decides over packages: module files, toolchain, environment.
func (b *Builder) key(t *toolchain) string {
	sum := sha256.New()
	fmt.Fprintln(sum, "2", t.version, t.gobin)
	for _, f := range []string{"go.mod", "go.sum", "go.work", "go.work.sum"} {
		data, err := os.ReadFile(filepath.Join(b.Dir, f))
		fmt.Fprintln(sum, f, err == nil, len(data))
		sum.Write(data)
	}
	for _, e := range b.env {
		if strings.HasPrefix(e, "GO") && !strings.HasPrefix(e, "GONB_") || strings.HasPrefix(e, "CGO_") {
			fmt.Fprintln(sum, e)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// load reads the config that an earlier kernel left.
func (b *Builder) load(key string) *config {
	if b.Cache == "" {
		return nil
	}
	data, err := os.ReadFile(filepath.Join(b.Cache, "imports-"+key))
	if err != nil {
		return nil
	}
	var c config
	if json.Unmarshal(data, &c) != nil || c.Key != key || c.State != c.state() {
		return nil
	}
	return &c
}

// save leaves it for the next. A cache that cannot be written is no cache.
func (b *Builder) save(c *config) {
	if b.Cache == "" {
		return
	}
	data, err := json.Marshal(c)
	if err != nil {
		return
	}
	path := filepath.Join(b.Cache, "imports-"+c.Key)
	tmp := path + "." + filepath.Base(filepath.Dir(b.Dir))
	if os.MkdirAll(b.Cache, 0o700) == nil && os.WriteFile(tmp, data, 0o600) == nil {
		_ = os.Rename(tmp, path)
	}
}
