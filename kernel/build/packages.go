package build

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"
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

// Names are the packages' names that are known so far, those of paths among them.
func (b *Builder) Names(ctx context.Context, paths []string) (map[string]string, error) {
	if err := b.begin(ctx); err != nil {
		return nil, err
	}
	defer b.busy.Release(1)
	_, err := b.configFor(ctx, paths)
	return b.conf.Load().Names, err
}

// Known gives, for completion, the folders and compiled forms of the packages listed so far. It never waits.
func (b *Builder) Known() (dirs, exports map[string]string) {
	c := b.conf.Load()
	return c.Dirs, c.Export
}

// configFor is a valid config that has all of these imports.
func (b *Builder) configFor(ctx context.Context, imports []string) (*config, error) {
	imports = slices.DeleteFunc(slices.Clone(imports), func(p string) bool { return p == "C" || p == "unsafe" })
	old := b.conf.Load()
	if b.serves(old, imports) {
		return old, nil
	}
	for _, p := range imports {
		if err := module.CheckImportPath(p); err != nil {
			return nil, &ImportError{Path: p, Reason: err.Error()}
		}
	}
	b.mergeSums()
	if c := b.load(); b.serves(c, imports) { // an earlier kernel's
		b.conf.Store(c)
		return c, nil
	}
	least := append([]string{"fmt", "os", "flag"}, imports...) // a program may import these whatever its cell says
	want := slices.Concat(least, old.Roots)                    // what was asked for before will be asked for again
	for tried := map[string]bool{}; ; {
		c, err := b.list(ctx, want)
		if err == nil {
			c.State = b.state(c.Local)
			b.conf.Store(c)
			b.save(c)
			return c, nil
		}
		bad, ok := errors.AsType[*ImportError](err)
		if !ok || tried[bad.Path+" "+bad.missing] {
			return nil, err
		}
		tried[bad.Path+" "+bad.missing] = true
		host, _, _ := strings.Cut(bad.missing, "/")
		switch {
		case !slices.Contains(imports, bad.Path): // an import of another cell is gone: not this one's fault
			want = least
		case strings.Contains(bad.Reason, "could not import"): // a file was saved between go's look at it and its compilation
		case b.now.NoGet || !strings.Contains(host, "."):
			return nil, err
		default:
			if _, err := b.run(ctx, b.goEnv(), b.gobin, "get", bad.missing); err != nil {
				bad.Reason = fmt.Sprintf("the package %s is not in this module, and go get failed: %s", bad.missing, lastLine(err.Error()))
				return nil, bad
			}
		}
	}
}

// serves reports whether a config has these imports, its compiled packages are still there and what they come from is as it was.
func (b *Builder) serves(c *config, imports []string) bool {
	if slices.ContainsFunc(imports, func(p string) bool { return !slices.Contains(c.Roots, p) }) || c.State != b.state(c.Local) {
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
	fmt.Fprintln(sum, "3", b.version, b.gobin)
	for _, f := range []string{"go.mod", "go.sum", "go.work", "go.work.sum"} {
		data, err := os.ReadFile(filepath.Join(b.Dir, f))
		fmt.Fprintf(sum, "%s %t %d\n%s", f, err == nil, len(data), data)
	}
	for _, e := range slices.Sorted(slices.Values(b.now.Env)) {
		if strings.HasPrefix(e, "GO") && !strings.HasPrefix(e, "GONB_") || strings.HasPrefix(e, "CGO_") {
			fmt.Fprintln(sum, e)
		}
	}
	for _, dir := range folders {
		entries, _ := os.ReadDir(dir) // none where it is gone
		for _, e := range entries {
			if info, err := e.Info(); err == nil && !e.IsDir() {
				fmt.Fprintln(sum, dir, e.Name(), info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// load reads the config that an earlier kernel left. One that cannot be read serves nobody.
func (b *Builder) load() *config {
	path := filepath.Join(b.cache, "imports-"+b.state(nil))
	data, _ := os.ReadFile(path)
	c := &config{}
	_ = json.Unmarshal(data, c)
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

// stub is the folder of a program that imports what is to be listed.
const stub = "gonb_imports"

// listed is what go list prints of a package.
type listed struct {
	ImportPath, Name, Export, Dir, DefaultGODEBUG string
	Standard                                      bool
	CgoFiles                                      []string
	Module                                        struct {
		Path, Version, GoVersion string
		Main                     bool
		Replace                  struct{ Path, Version string }
	}
	Error struct {
		ImportStack []string
		Err         string
	}
}

// list runs go list on a program that imports the roots, without the network.
func (b *Builder) list(ctx context.Context, roots []string) (*config, error) {
	roots = slices.Compact(slices.Sorted(slices.Values(roots)))
	src := "package main\n\n"
	for _, p := range roots {
		src += fmt.Sprintf("import _ %q\n", p)
	}
	if err := os.WriteFile(filepath.Join(b.Dir, stub, "main.go"), []byte(src+"\nfunc main() {}\n"), 0o600); err != nil {
		return nil, err
	}
	out, err := b.run(ctx, append(b.goEnv(), "GOPROXY=off"), b.gobin, "list", "-e", "-export", "-deps",
		"-json=ImportPath,Name,Export,Dir,DefaultGODEBUG,Standard,CgoFiles,Module,Error", "./"+stub)
	if err != nil && len(out) == 0 {
		_, text, broken := strings.Cut(err.Error(), "errors parsing ")
		if _, gone := os.Stat(filepath.Join(b.Dir, "go.mod")); broken || gone != nil {
			why := cmp.Or(lastLine(text), "it is gone")
			return nil, fmt.Errorf("the module of the cells cannot be read: %s (%%reset go.mod makes a new one)", why)
		}
		return nil, err
	}
	c := &config{Roots: roots, Export: map[string]string{}, Names: map[string]string{}, Dirs: map[string]string{}, Lang: b.lang}
	modules := map[string]bool{} // their lines of build info
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			return nil, err
		}
		if p.Error.Err != "" {
			return nil, b.explain(p, roots)
		}
		m := p.Module
		if strings.HasSuffix(p.ImportPath, "/"+stub) {
			c.GoDebug = p.DefaultGODEBUG
			c.Lang = cmp.Or(version.Lang("go"+m.GoVersion), c.Lang)
			continue
		}
		if p.Export != "" {
			c.Export[p.ImportPath] = p.Export
		}
		c.Names[p.ImportPath], c.Dirs[p.ImportPath] = p.Name, p.Dir
		c.Foreign = c.Foreign || !p.Standard && len(p.CgoFiles) > 0
		if m.Path != "" && !m.Main {
			modules["dep\t"+m.Path+"\t"+m.Version+"\t\n"] = true
		}
		if m.Main || m.Replace.Path != "" && m.Replace.Version == "" {
			c.Local = append(c.Local, p.Dir)
		}
	}
	for _, r := range roots {
		if c.Export[r] == "" {
			err = cmp.Or(err, errors.New("go list does not say why"))
			return nil, &ImportError{Path: r, Reason: fmt.Sprintf("the package %s does not compile: %v", r, err)}
		}
	}
	c.Info = "path\tgonb_cell\nmod\tgonb_cell\t(devel)\t\n" + strings.Join(slices.Sorted(maps.Keys(modules)), "")
	return c, nil
}

// explain says what is wrong with an import in terms of a notebook.
func (b *Builder) explain(p listed, roots []string) error {
	reason := strings.TrimSpace(p.Error.Err)
	has := func(s string) bool { return strings.Contains(reason, s) }
	e := &ImportError{p.ImportPath, reason, p.ImportPath}
	names := slices.Concat(p.Error.ImportStack, []string{p.ImportPath}, strings.Fields(reason))
	if i := slices.IndexFunc(names, func(n string) bool { return slices.Contains(roots, n) }); i >= 0 { // may be an import of an import
		e.Path = names[i]
	}
	switch {
	case b.apart != "":
		e.Reason = fmt.Sprintf("there is no package %q; %s", p.ImportPath, b.apart)
	case has("is not in std"):
		e.Reason = fmt.Sprintf("there is no package %q, neither in the standard library nor in the module (a misspelt import?)", p.ImportPath)
	case has("no required module provides package"), has("module lookup disabled"), has("cannot find module providing"):
		e.Reason = fmt.Sprintf("the package %s is in no module that go.mod requires", p.ImportPath)
	}
	return e
}
