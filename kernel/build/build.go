// Package build makes a binary of a composed program, fast: a program that has been built before is not built
// again; else the compiler and the linker are called directly, with an import config that one `go list` made; and
// where that is not enough, go build is.
//
// What cmd/go passes to its tools, and this package therefore too: go help buildmode, `go build -x`, and the file
// gc.go of its package work.
package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"elboroom/kernel/cell"
)

// cacheLimit is how many bytes of binaries are kept between sessions.
const cacheLimit = 512 << 20

// configAge is how long an import config is kept that no kernel has written again.
const configAge = 30 * 24 * time.Hour

// Builder builds the programs of one kernel.
type Builder struct {
	Dir   string // the temporary module: GONB_TMP_DIR
	Cache string // binaries and import configs that outlive the kernel; "" for none

	known atomic.Pointer[config] // for who must not wait

	busy  chan struct{} // holds a token while somebody is at work; what follows is theirs
	get   bool          // go get what is not there
	flags []string      // of go build
	tools *toolchain
	conf  *config
	fine  map[string]bool // programs without anything to run that have compiled
	apart string          // why the module around the notebook cannot be imported; "" where it can
	logf  func(string, ...any)
	env   []string // of the toolchain; set by SetEnv
	trims sync.Once
}

// New makes a Builder for an existing, empty folder.
func New(dir, cache string, logf func(string, ...any)) *Builder {
	return &Builder{Dir: dir, Cache: cache, busy: make(chan struct{}, 1), get: true, fine: map[string]bool{}, logf: logf, env: os.Environ()}
}

// lock waits until nobody else is at work, for as long as ctx allows.
func (b *Builder) lock(ctx context.Context) error {
	select {
	case b.busy <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *Builder) unlock() { <-b.busy }

// set changes a setting between two builds.
func (b *Builder) set(change func()) {
	b.busy <- struct{}{}
	change()
	b.unlock()
}

// SetEnv gives the toolchain another environment, such as one that %env has changed.
func (b *Builder) SetEnv(env []string) { b.set(func() { b.env = env }) }

// SetAutoGet says whether to `go get` packages that no required module has.
func (b *Builder) SetAutoGet(get bool) { b.set(func() { b.get = get }) }

// SetFlags sets flags of go build. With any, every program is built by it.
func (b *Builder) SetFlags(flags []string) { b.set(func() { b.flags = flags }) }

// Flags are what SetFlags set.
func (b *Builder) Flags() (flags []string) {
	b.set(func() { flags = b.flags })
	return flags
}

// Failure is a program that does not compile or link. Output is what the tools wrote.
type Failure struct{ Output string }

func (f *Failure) Error() string { return f.Output }

// Build makes the binary of a program. path is "" where there is nothing to run. A failed compilation is a *Failure.
func (b *Builder) Build(ctx context.Context, p *cell.Program) (path string, err error) {
	if err := b.lock(ctx); err != nil {
		return "", err
	}
	defer b.unlock()
	t, err := b.toolchain(ctx)
	if err != nil {
		return "", err
	}
	conf, err := b.configFor(ctx, t, p.Imports)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%x %s %q", p.Hash, conf.State, b.flags)
	key := hex.EncodeToString(sum.Sum(nil)[:16])
	if !p.Run && b.fine[key] {
		return "", nil
	}
	bin := filepath.Join(b.binDir(), key)
	if p.Run {
		if _, err := os.Stat(bin); err == nil {
			now := time.Now()
			_ = os.Chtimes(bin, now, now) // the cache keeps what is used
			return bin, nil
		}
	}
	if err := os.MkdirAll(b.binDir(), 0o700); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(b.Dir, "main.go"), p.Source, 0o600); err != nil {
		return "", err
	}
	_ = os.Remove(filepath.Join(b.Dir, "main_test.go"))
	direct := !p.Embeds && len(b.flags) == 0 && b.plainFlags() && !conf.Foreign && t.compile != ""
	if direct {
		err = b.direct(ctx, t, conf, p, bin)
		var f *Failure
		if err == nil || errors.As(err, &f) || ctx.Err() != nil {
			return b.done(p, key, bin, err)
		}
		b.logf("build: falling back to go build: %v", err)
		b.conf = nil
	}
	args := []string{"build"}
	if !strings.Contains(b.getenv("GOFLAGS"), "-ldflags") { // which these would replace
		args = append(args, "-ldflags=-s -w")
	}
	args = append(args, b.flags...)
	tmp := bin + "." + filepath.Base(filepath.Dir(b.Dir))
	_, err = b.goTool(ctx, t, nil, append(args, "-o", tmp, ".")...)
	if err == nil {
		err = os.Rename(tmp, bin)
	}
	return b.done(p, key, bin, err)
}

func (b *Builder) done(p *cell.Program, key, bin string, err error) (string, error) {
	switch {
	case err != nil:
		return "", err
	case !p.Run:
		b.fine[key] = true
		return "", nil
	}
	b.trims.Do(func() { go b.trim() })
	return bin, nil
}

// Test makes a test binary of a program whose functions are tests.
func (b *Builder) Test(ctx context.Context, p *cell.Program) (path string, err error) {
	if err := b.lock(ctx); err != nil {
		return "", err
	}
	defer b.unlock()
	t, err := b.toolchain(ctx)
	if err != nil {
		return "", err
	}
	if _, err := b.configFor(ctx, t, p.Imports); err != nil {
		return "", err
	}
	_ = os.Remove(filepath.Join(b.Dir, "main.go"))
	if err := os.WriteFile(filepath.Join(b.Dir, "main_test.go"), p.Source, 0o600); err != nil {
		return "", err
	}
	bin := filepath.Join(b.Dir, "bin", "test")
	if err := os.MkdirAll(filepath.Dir(bin), 0o700); err != nil {
		return "", err
	}
	args := append([]string{"test", "-vet=off", "-c", "-o", bin}, b.flags...)
	_, err = b.goTool(ctx, t, nil, append(args, ".")...)
	return bin, err
}

// binDir is where binaries are kept.
func (b *Builder) binDir() string {
	if b.Cache != "" {
		return filepath.Join(b.Cache, "bin")
	}
	return filepath.Join(b.Dir, "bin")
}

// trim deletes the binaries that were used longest ago, down to the limit, and import configs of long ago.
func (b *Builder) trim() {
	configs, _ := filepath.Glob(filepath.Join(b.Cache, "imports-*")) // the pattern is well formed
	for _, f := range configs {
		if info, err := os.Stat(f); err == nil && b.Cache != "" && time.Since(info.ModTime()) > configAge {
			_ = os.Remove(f)
		}
	}
	entries, err := os.ReadDir(b.binDir())
	if err != nil {
		return
	}
	type file struct {
		path string
		size int64
		used time.Time
	}
	var files []file
	var total int64
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			files = append(files, file{filepath.Join(b.binDir(), e.Name()), info.Size(), info.ModTime()})
			total += info.Size()
		}
	}
	sort.Slice(files, func(i, j int) bool { return files[i].used.Before(files[j].used) })
	for _, f := range files {
		if total <= cacheLimit {
			return
		}
		if os.Remove(f.path) == nil {
			total -= f.size
		}
	}
}

// direct compiles and links without cmd/go.
func (b *Builder) direct(ctx context.Context, t *toolchain, conf *config, p *cell.Program, bin string) error {
	work := filepath.Join(b.Dir, ".build")
	if err := os.MkdirAll(work, 0o700); err != nil {
		return err
	}
	cfg := filepath.Join(work, "importcfg")
	packages := conf.importcfg(p.Imports)
	if err := os.WriteFile(cfg, packages, 0o600); err != nil {
		return err
	}
	object := filepath.Join(work, "main.a")
	out, err := b.tool(ctx, t.compile, "-o", object, "-p", "main", "-complete", "-pack", "-lang="+conf.Lang, "-importcfg", cfg,
		filepath.Join(b.Dir, "main.go"))
	if err != nil {
		if ctx.Err() == nil && strings.Contains(out, "could not import") { // the build cache was trimmed under us
			return errors.New(out)
		}
		return failure(ctx, out, err)
	}
	if !p.Run {
		return nil
	}
	if err := os.WriteFile(cfg, append(packages, conf.modinfo()...), 0o600); err != nil {
		return err
	}
	tmp := bin + "." + filepath.Base(filepath.Dir(b.Dir))
	args := []string{"-o", tmp, "-importcfg", cfg, "-buildmode=exe", "-s", "-w", "-buildid=" + filepath.Base(bin)}
	if conf.GoDebug != "" {
		args = append(args, "-X=runtime.godebugDefault="+conf.GoDebug)
	}
	if out, err = b.tool(ctx, t.link, append(args, object)...); err != nil {
		_ = os.Remove(tmp)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errors.New(out)
	}
	return os.Rename(tmp, bin)
}
