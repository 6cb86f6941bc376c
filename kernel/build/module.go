package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

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
	_ = mod.AddModuleStmt("gonb_cell")                        // never fails
	_ = mod.AddGoStmt(strings.TrimPrefix(b.tools.lang, "go")) // without, go list adds one
	dir := notebookDir
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	for errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		data, err = os.ReadFile(filepath.Join(dir, "go.mod"))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = around(mod, dir, data)
		}
		if err != nil {
			b.apart = fmt.Sprintf("the module around this notebook is left out: %s (%%reset go.mod looks again)", lastLine(err.Error()))
			b.logf("build: %s", b.apart)
		}
	}
	return os.WriteFile(filepath.Join(b.Dir, "go.mod"), modfile.Format(mod.Syntax), 0o600)
}

// around makes mod require the module in dir, whose go.mod is data.
func around(mod *modfile.File, dir string, data []byte) error {
	outer, err := modfile.Parse(filepath.Join(dir, "go.mod"), data, nil)
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
	have, _ := os.ReadFile(filepath.Join(b.Dir, "go.sum")) // none is as good as empty
	all := string(have)
	for _, r := range mod.Replace {
		dir := r.New.Path
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(b.Dir, dir)
		}
		sums, _ := os.ReadFile(filepath.Join(dir, "go.sum"))
		for line := range strings.Lines(string(sums)) {
			if line = strings.TrimSpace(line) + "\n"; !strings.Contains(all, line) {
				all += line
			}
		}
	}
	if len(all) > len(have) {
		if err := os.WriteFile(filepath.Join(b.Dir, "go.sum"), []byte(all), 0o600); err != nil {
			b.logf("build: go.sum: %v", err)
		}
	}
}
