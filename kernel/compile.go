package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"elboroom/kernel/build"
	"elboroom/kernel/cell"
)

// maxNoValue is how many programs are remembered whose trailing call has no value.
const maxNoValue = 1000

// compile makes the cell's binary, and remembers its declarations when that has worked. What the compiler finds to be
// superfluous or stale is left out, and the rest compiled once more.
func (j *job) compile(ctx context.Context) (bin string, err error) {
	if err := j.learnNames(ctx); err != nil {
		return "", j.failed(err)
	}
	var o cell.Options
	var notes string
	for {
		j.mu.Lock()
		j.mem.Note(j.c)
		p, err := cell.Compose(&j.mem, j.c, o)
		j.mu.Unlock()
		if err != nil {
			return "", err
		}
		if p.Shown && j.noValue[p.Hash] {
			o.Plain = true
			continue
		}
		bin, err = j.builder.Build(ctx, p, j.c.Test)
		if err == nil {
			break
		}
		f, ok := errors.AsType[*build.Failure](err)
		if !ok {
			return "", j.failed(err)
		}
		if p.Shown && cell.NoValue(f.Output) {
			if len(j.noValue) >= maxNoValue {
				clear(j.noValue)
			}
			j.noValue[p.Hash] = true
			continue
		}
		if unused := cell.Unused(f.Output); slices.ContainsFunc(unused, func(n string) bool { return !slices.Contains(o.Omit, n) }) {
			o.Omit = append(o.Omit, unused...)
			continue
		}
		j.mu.Lock()
		errs := j.mem.CompileErrors(f.Output)
		stale := p.Stale(j.c, errs)
		j.mu.Unlock()
		if len(stale) == 0 {
			return "", errs
		}
		for i, d := range stale {
			notes += fmt.Sprintf("%s of cell %d is stale: it no longer fits the new type, and is forgotten (%s)\n",
				d.Title(), d.Cell, errs[min(i, len(errs)-1)].Msg)
		}
		o.Drop = append(o.Drop, stale...)
	}
	j.mu.Lock()
	j.mem.Keep(j.c, o.Drop)
	j.mu.Unlock()
	j.say("stderr", "%s", notes)
	return bin, nil
}

// learnNames asks for the names of the packages that the cell imports and that are not known yet.
func (j *job) learnNames(ctx context.Context) error {
	known := append(cell.StandardPaths(), "C", "unsafe")
	ask := slices.DeleteFunc(slices.Sorted(maps.Keys(j.c.Imports())), func(p string) bool { return slices.Contains(known, p) })
	if len(ask) == 0 {
		return nil
	}
	names, err := j.builder.Names(ctx, ask)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.mem.Learn(names)
	return err
}

// failed gives a build's error its place in the cell.
func (j *job) failed(err error) error {
	var bad *build.ImportError
	var f *build.Failure
	switch {
	case errors.As(err, &bad):
		return j.c.Fail(j.c.Imports()[bad.Path], "%s", bad.Reason)
	case errors.As(err, &f):
		j.mu.Lock()
		defer j.mu.Unlock()
		return j.mem.CompileErrors(f.Output)
	}
	return err
}
