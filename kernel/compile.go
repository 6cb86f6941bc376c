package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"elboroom/kernel/build"
	"elboroom/kernel/cell"
)

// testArgs runs the cell's own tests, verbosely.
func testArgs(c *cell.Cell) []string {
	tests, benchmarks := c.Tests()
	args := []string{"-test.v"}
	if len(tests) > 0 || len(benchmarks) > 0 {
		args = append(args, "-test.run=^("+strings.Join(tests, "|")+")$")
	}
	if len(benchmarks) > 0 {
		args = append(args, "-test.bench=^("+strings.Join(benchmarks, "|")+")$")
	}
	return args
}

// compile makes the cell's binary, and remembers its declarations when that has worked.
func (j *job) compile(ctx context.Context, c *cell.Cell) (bin string, err error) {
	if err := j.learnNames(ctx, c); err != nil {
		return "", err
	}
	var o cell.Options
	var notes []string
	for {
		j.mu.Lock()
		j.mem.Note(c)
		var p *cell.Program
		p, err = cell.Compose(&j.mem, c, o)
		j.mu.Unlock()
		if err != nil {
			return "", err
		}
		if p.Shown && j.noValue[p.Hash] {
			o.Plain = true
			continue
		}
		bin, err = j.builder.Build(ctx, p, c.Test)
		var f *build.Failure
		if err == nil || !errors.As(err, &f) {
			break
		}
		if p.Shown && !o.Plain && cell.NoValue(f.Output) {
			if len(j.noValue) > maxHistory {
				clear(j.noValue)
			}
			j.noValue[p.Hash] = true
			o.Plain = true
			continue
		}
		if unused := cell.Unused(f.Output); slices.ContainsFunc(unused, func(n string) bool { return !slices.Contains(o.Omit, n) }) {
			o.Omit = append(o.Omit, unused...)
			continue
		}
		j.mu.Lock()
		errs := j.mem.CompileErrors(f.Output)
		stale := p.Stale(c, errs)
		j.mu.Unlock()
		if len(stale) == 0 {
			return "", errs
		}
		for i, d := range stale {
			notes = append(notes, fmt.Sprintf("%s of cell %d is stale: it no longer fits the new type, and is forgotten (%s)\n", d.Title(), d.Cell, errs[min(i, len(errs)-1)].Msg))
		}
		o.Drop = append(o.Drop, stale...)
	}
	if err != nil {
		return "", j.failed(c, err)
	}
	j.mu.Lock()
	j.mem.Keep(c, o.Drop)
	j.mu.Unlock()
	for _, n := range notes {
		j.Stream("stderr", []byte(n))
	}
	return bin, nil
}

// learnNames asks for the names of the packages that the cell imports and that are not known yet.
func (j *job) learnNames(ctx context.Context, c *cell.Cell) error {
	var ask []string
	std := cell.StandardPaths()
	for path := range c.Imports() {
		if path != "C" && path != "unsafe" && !slices.Contains(std, path) {
			ask = append(ask, path)
		}
	}
	if len(ask) == 0 {
		return nil
	}
	slices.Sort(ask)
	names, err := j.builder.Names(ctx, ask)
	if err != nil {
		return j.failed(c, err)
	}
	j.mu.Lock()
	j.mem.Learn(names)
	j.mu.Unlock()
	return nil
}

// failed gives a build's error its place in the cell.
func (j *job) failed(c *cell.Cell, err error) error {
	var bad *build.ImportError
	var f *build.Failure
	switch {
	case errors.As(err, &bad):
		return c.Fail(c.Imports()[bad.Path], "%s", bad.Reason)
	case errors.As(err, &f):
		j.mu.Lock()
		defer j.mu.Unlock()
		return j.mem.CompileErrors(f.Output)
	}
	return err
}
