package build

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"go/version"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// stub is the folder of a program that imports what is to be listed.
const stub = "gonb_imports"

// listed is what go list prints of a package.
type listed struct {
	ImportPath, Name, Export, Dir, DefaultGODEBUG string
	Standard                                      bool
	CgoFiles                                      []string
	Module                                        *struct {
		Path, Version, GoVersion string
		Main                     bool
		Replace                  *struct{ Path, Version string }
	}
	Error *struct {
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
	out, err := b.run(ctx, append(b.goEnv(), "GOPROXY=off"), b.tools.gobin, "list", "-e", "-export", "-deps",
		"-json=ImportPath,Name,Export,Dir,DefaultGODEBUG,Standard,CgoFiles,Module,Error", "./"+stub)
	if err != nil && len(out) == 0 {
		if _, text, ok := strings.Cut(err.Error(), "errors parsing "); ok {
			return nil, fmt.Errorf("the module of the cells cannot be read: %s (%%reset go.mod makes a new one)", lastLine(text))
		}
		return nil, err
	}
	c := &config{Roots: roots, Export: map[string]string{}, Names: map[string]string{}, Dirs: map[string]string{}, Lang: b.tools.lang}
	modules := map[string]bool{} // their lines of build info
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			return nil, err
		}
		if p.Error != nil {
			return nil, b.explain(p, roots)
		}
		m := p.Module
		if strings.HasSuffix(p.ImportPath, "/"+stub) {
			c.GoDebug = p.DefaultGODEBUG
			if m != nil {
				c.Lang = cmp.Or(version.Lang("go"+m.GoVersion), c.Lang)
			}
			continue
		}
		if p.Export != "" {
			c.Export[p.ImportPath] = p.Export
		}
		c.Names[p.ImportPath], c.Dirs[p.ImportPath] = p.Name, p.Dir
		c.Foreign = c.Foreign || !p.Standard && len(p.CgoFiles) > 0
		if m != nil && !m.Main {
			modules["dep\t"+m.Path+"\t"+m.Version+"\t\n"] = true
		}
		if m != nil && (m.Main || m.Replace != nil && m.Replace.Version == "") {
			c.Local = append(c.Local, p.Dir)
		}
	}
	for _, r := range roots {
		if c.Export[r] == "" {
			reason := fmt.Sprintf("the package %s does not compile", r)
			if err != nil {
				reason += ": " + err.Error()
			}
			return nil, &ImportError{Path: r, Reason: reason}
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
		e.Reason = fmt.Sprintf("there is no package %q: not in the standard library, and the module has none of this name (a misspelt import?)",
			p.ImportPath)
	case has("no required module provides package"), has("module lookup disabled"), has("cannot find module providing"):
		e.Reason = fmt.Sprintf("the package %s is in no module that go.mod requires", p.ImportPath)
	}
	return e
}
