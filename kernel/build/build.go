// Package build makes a binary of a composed program, fast: a program that has been built before is not built
// again; else the compiler and the linker are called directly, with an import config that one `go list` made; and
// where that is not enough, go build is.
//
// What cmd/go passes to its tools, and this package therefore too: go help buildmode, `go build -x`, and the file
// gc.go of its package work.
package build

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"elboroom/kernel/cell"
)

// cacheLimit is how many bytes of binaries and import configs are kept between sessions.
const cacheLimit = 512 << 20

// Settings are what special lines change between builds.
type Settings struct {
	Env   []string // of the toolchain
	Flags []string // of go build; with any, every program is built by it
	NoGet bool     // do not `go get` packages that no required module has
}

// Builder builds the programs of one kernel.
type Builder struct {
	Dir   string // the temporary module: GONB_TMP_DIR
	work  string // for what is made on the way
	cache string // binaries and import configs
	logf  func(string, ...any)
	next  atomic.Pointer[Settings]
	conf  atomic.Pointer[config] // the last good one, also for who must not wait

	busy  *semaphore.Weighted // held by who is at work; what follows is theirs
	now   Settings
	apart string // why the module around the notebook cannot be imported; "" where it can

	gobin, compile, link string // the Go that was found
	version, lang        string // such as go1.26.1 and go1.26
}

// New makes a Builder for an existing, empty folder. Without a cache that outlives the kernel, that is in the folder too.
func New(dir, cache string, logf func(string, ...any)) *Builder {
	work := filepath.Join(dir, ".build")
	b := &Builder{Dir: dir, work: work, cache: cmp.Or(cache, work), logf: logf, busy: semaphore.NewWeighted(1)}
	b.Use(Settings{Env: os.Environ()})
	b.conf.Store(&config{})
	return b
}

// Use gives the settings of all that begins from now on.
func (b *Builder) Use(s Settings) { b.next.Store(&s) }

// begin waits until nobody else is at work, for as long as ctx allows, and finds Go. Work that began ends with b.busy.Release(1).
func (b *Builder) begin(ctx context.Context) error {
	if err := b.busy.Acquire(ctx, 1); err != nil {
		return err
	}
	b.now = *b.next.Load()
	for _, folder := range []string{b.work, filepath.Join(b.Dir, stub), filepath.Join(b.cache, "bin")} {
		_ = os.MkdirAll(folder, 0o700) // who writes into it says what is wrong
	}
	err := b.findTools(ctx)
	if err != nil {
		b.busy.Release(1)
	}
	return err
}

// Build makes the binary of a program, or of the tests in it. path is "" where there is nothing to run.
// A failed compilation is a *Failure.
func (b *Builder) Build(ctx context.Context, p *cell.Program, test bool) (path string, err error) {
	if err := b.begin(ctx); err != nil {
		return "", err
	}
	defer b.busy.Release(1)
	conf, err := b.configFor(ctx, p.Imports)
	if err != nil {
		return "", err
	}
	key := fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%x %s %q %t %t", p.Hash, conf.State, b.now.Flags, p.Run, test)))
	bin := filepath.Join(b.cache, "bin", key)
	if p.Embeds { // files that may have changed, and that differ from kernel to kernel
		bin = filepath.Join(b.work, key)
	}
	if p.Embeds || !used(bin) {
		if err := b.make(ctx, conf, p, test, bin); err != nil {
			return "", err
		}
	}
	if !p.Run && !test {
		return "", nil
	}
	return bin, nil
}

// make makes the file bin: a binary or, of a program without anything to run, a mark that it compiles.
func (b *Builder) make(ctx context.Context, conf *config, p *cell.Program, test bool, bin string) error {
	source, other, args := "main.go", "main_test.go", []string{"build"}
	if test {
		source, other, args = other, source, []string{"test", "-vet=off", "-c"}
	}
	_ = os.Remove(filepath.Join(b.Dir, other))
	if err := os.WriteFile(filepath.Join(b.Dir, source), p.Source, 0o600); err != nil {
		return err
	}
	tmp := b.temp(bin)
	defer os.Remove(tmp)
	err := b.direct(ctx, conf, p, test, tmp)
	if _, failed := errors.AsType[*Failure](err); err != nil && !failed && ctx.Err() == nil {
		if err != errNotPlain {
			b.logf("build: falling back to go build: %v", err)
		}
		if !strings.Contains(lookUp(b.now.Env, "GOFLAGS"), "-ldflags") { // which these would replace
			args = append(args, "-ldflags=-s -w")
		}
		args = append(append(args, b.now.Flags...), "-o", tmp, ".")
		_, err = b.run(ctx, b.goEnv(), b.gobin, args...)
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp, bin)
}

// What stands around the build info in a binary: cmd/go/internal/modload/build.go.
const (
	infoStart = "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6"
	infoEnd   = "\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xd8\xf2"
)

// errNotPlain marks a program that is for go build from the outset.
var errNotPlain = errors.New("not a plain program")

// direct makes that file without cmd/go. An error that is no *Failure is one that go build may not have.
func (b *Builder) direct(ctx context.Context, conf *config, p *cell.Program, test bool, path string) error {
	if test || p.Embeds || conf.Foreign || len(b.now.Flags) > 0 || !b.plainFlags() {
		return errNotPlain
	}
	var packages []byte // a table to look up: what the program does not need costs nothing
	for name, export := range conf.Export {
		packages = fmt.Appendf(packages, "packagefile %s=%s\n", name, export)
	}
	table, linkTable, object := filepath.Join(b.work, "importcfg"), filepath.Join(b.work, "importcfg.link"), filepath.Join(b.work, "main.a")
	info := fmt.Sprintf("modinfo %q\n", infoStart+conf.Info+infoEnd)
	if err := errors.Join(os.WriteFile(table, packages, 0o600), os.WriteFile(linkTable, append(packages, info...), 0o600)); err != nil {
		return err
	}
	env := []string{"GOGC=off", "GOMEMLIMIT=512MiB"} // a tool ends before it need collect: a fifth faster
	_, err := b.run(ctx, env, b.compile, "-o", object, "-p", "main", "-complete", "-pack", "-lang="+conf.Lang, "-importcfg", table,
		filepath.Join(b.Dir, "main.go"))
	switch {
	case err != nil && strings.Contains(err.Error(), "could not import"): // the build cache was trimmed under us
		return errors.New(err.Error())
	case err != nil:
		return err
	case !p.Run:
		return os.WriteFile(path, nil, 0o600)
	}
	_, err = b.run(ctx, env, b.link, "-o", path, "-importcfg", linkTable, "-buildmode=exe", "-s", "-w",
		"-X=runtime.godebugDefault="+conf.GoDebug, fmt.Sprintf("-buildid=%x/%s", p.Hash, conf.State), object)
	if err != nil {
		return errors.New(err.Error())
	}
	return nil
}

// used marks a file of the cache as used, so that it is kept, and reports whether it is there.
func used(path string) bool { return !os.IsNotExist(os.Chtimes(path, time.Time{}, time.Now())) }

// temp is where a file of the cache is written before it is renamed: kernels share it.
func (b *Builder) temp(path string) string { return path + "." + filepath.Base(filepath.Dir(b.Dir)) }

// trim deletes what was used longest ago, down to the limit.
func (b *Builder) trim() {
	files := map[string]fs.FileInfo{}
	_ = filepath.Walk(b.cache, func(path string, info fs.FileInfo, err error) error { // what cannot be read stays
		if err == nil && info.Mode().IsRegular() {
			files[path] = info
		}
		return nil
	})
	newest := slices.SortedFunc(maps.Keys(files), func(p, q string) int { return files[q].ModTime().Compare(files[p].ModTime()) })
	var total int64
	for _, path := range newest {
		if total += files[path].Size(); total > cacheLimit {
			_ = os.Remove(path)
		}
	}
}
