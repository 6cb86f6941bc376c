package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// listed is what go list prints of a package.
type listed struct {
	ImportPath, Name, Export, Dir, DefaultGODEBUG string
	Standard                                      bool
	CgoFiles, Deps                                []string
	Module                                        *struct {
		Path, Version, GoVersion string
		Main                     bool
		Replace                  *struct{ Path, Dir string }
	}
	Error *struct{ Err string }
}

// list runs go list on a program that imports the roots, without the network.
func (b *Builder) list(ctx context.Context, t *toolchain, roots []string) (*config, error) {
	roots = slices.Compact(slices.Sorted(slices.Values(roots)))
	stub := filepath.Join(b.Dir, "gonb_imports")
	if err := os.MkdirAll(stub, 0o700); err != nil {
		return nil, err
	}
	src := "package main\n\n"
	for _, p := range roots {
		src += "import _ " + strconv.Quote(p) + "\n"
	}
	src += "\nfunc main() {}\n"
	if err := os.WriteFile(filepath.Join(stub, "main.go"), []byte(src), 0o600); err != nil {
		return nil, err
	}
	b.mergeSums(ctx, t)
	out, err := b.goTool(ctx, t, []string{"GOPROXY=off"}, "list", "-e", "-export", "-deps",
		"-json=ImportPath,Name,Export,Dir,DefaultGODEBUG,Standard,CgoFiles,Deps,Module,Error", "./gonb_imports")
	if err != nil && len(out) == 0 {
		return nil, brokenModule(err)
	}
	c := &config{Roots: roots, Export: map[string]string{}, Names: map[string]string{}, Dirs: map[string]string{},
		Needs: map[string][]string{}, Local: map[string]string{}}
	dec := json.NewDecoder(bytes.NewReader(out))
	var broken error
	modules := map[string]string{}
	for {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Error != nil && broken == nil {
			broken = b.explain(p, roots)
		}
		if p.Name == "main" && strings.HasSuffix(p.ImportPath, "/gonb_imports") {
			c.GoDebug = p.DefaultGODEBUG
			if m := p.Module; m != nil {
				c.Lang = version.Lang("go" + m.GoVersion)
			}
			continue
		}
		if p.Export != "" {
			c.Export[p.ImportPath] = p.Export
		}
		c.Names[p.ImportPath], c.Dirs[p.ImportPath] = p.Name, p.Dir
		if slices.Contains(roots, p.ImportPath) {
			c.Needs[p.ImportPath] = append(p.Deps, p.ImportPath)
		}
		c.Foreign = c.Foreign || !p.Standard && len(p.CgoFiles) > 0
		if m := p.Module; m != nil && !m.Main {
			modules[m.Path] = m.Version
		}
		if m := p.Module; m != nil && (m.Main || local(m.Replace)) {
			c.Local[p.Dir] = stateOf(p.Dir)
		}
	}
	if broken != nil {
		return nil, broken
	}
	for _, r := range roots {
		if c.Export[r] == "" {
			if err == nil {
				err = &ImportError{r, fmt.Sprintf("the package %s does not compile", r)}
			}
			var f *Failure
			if errors.As(err, &f) {
				return nil, &ImportError{r, fmt.Sprintf("the package %s does not compile: %s", r, strings.TrimSpace(f.Output))}
			}
			return nil, err
		}
	}
	if c.Lang == "" {
		c.Lang = version.Lang(t.version)
	}
	c.Info = "path\tgonb_cell\nmod\tgonb_cell\t(devel)\t\n"
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		c.Info += "dep\t" + path + "\t" + modules[path] + "\t\n"
	}
	return c, nil
}

func local(r *struct{ Path, Dir string }) bool {
	return r != nil && (filepath.IsAbs(r.Path) || strings.HasPrefix(r.Path, "."))
}

// brokenModule says in one sentence that the go command cannot read the temporary module.
func brokenModule(err error) error {
	_, text, ok := strings.Cut(err.Error(), "errors parsing ")
	if !ok {
		return err
	}
	file, reason, _ := strings.Cut(text, ":")
	return fmt.Errorf("the %s of the cells cannot be read: %s (%%reset go.mod makes a new one)", filepath.Base(file), lastLine(reason))
}

// explain says what is wrong with an import in terms of a notebook.
func (b *Builder) explain(p listed, roots []string) error {
	reason := strings.TrimSpace(p.Error.Err)
	e := &ImportError{Path: p.ImportPath}
	if !slices.Contains(roots, e.Path) { // an import of an import
		for _, r := range roots {
			if strings.Contains(reason, r) {
				e.Path = r
			}
		}
	}
	switch {
	case b.apart != "":
		e.Reason = fmt.Sprintf("there is no package %q; %s", p.ImportPath, b.apart)
	case strings.Contains(reason, "is not in std"):
		e.Reason = fmt.Sprintf("there is no package %q: not in the standard library, and the module has none of this name (a misspelt import?)", p.ImportPath)
	case strings.Contains(reason, "no required module provides package"), strings.Contains(reason, "module lookup disabled"), strings.Contains(reason, "cannot find module providing"):
		e.Reason = fmt.Sprintf("the package %s is in no module that go.mod requires", p.ImportPath)
	default:
		e.Reason = reason
	}
	return e
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
