package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"elboroom/kernel/cell"
)

const (
	maxErrors = 10 // shown of a cell
	maxTrace  = 60 // lines shown of a stack trace
)

// failure is an error as a notebook shows it.
type failure struct {
	name, value string
	trace       []string
}

func (f *failure) Error() string { return f.value }

// plain is a failure that one sentence explains, of which the cell is the subject.
func (j *job) plain(name, format string, args ...any) *failure {
	text := fmt.Sprintf("cell %d ", j.n) + fmt.Sprintf(format, args...)
	return &failure{name, text, strings.Split(text, "\n")}
}

// wrong is the failure of a special line.
func (j *job) wrong(line int, format string, args ...any) *failure {
	return located("special line", j.c.Fail(line, format, args...))
}

// located shows errors with their places and lines.
func located(name string, errs cell.Errors) *failure {
	f := &failure{name: name, value: errs.Error()}
	if len(errs) > 1 {
		f.value += fmt.Sprintf(" (and %d more)", len(errs)-1)
	}
	for _, e := range errs[:min(len(errs), maxErrors)] {
		f.trace = append(f.trace, strings.Split(strings.TrimSuffix(e.Error()+"\n"+e.Excerpt(), "\n"), "\n")...)
	}
	if len(errs) > maxErrors {
		f.trace = append(f.trace, fmt.Sprintf("and %d more", len(errs)-maxErrors))
	}
	return f
}

// explain makes any error one that a student can read.
func (j *job) explain(ctx context.Context, err error) *failure {
	var f *failure
	var errs cell.Errors
	switch {
	case errors.As(err, &f):
		return f
	case ctx.Err() != nil:
		return j.plain("Interrupted", "was interrupted")
	case strings.Contains(err.Error(), syscall.ENOSPC.Error()):
		text := strings.TrimSpace(err.Error())
		return j.plain("disk full", "found the disk full: %s", text[strings.LastIndexByte(text, '\n')+1:])
	case errors.As(err, &errs):
		return located("compile error", errs)
	}
	return &failure{"error", err.Error(), strings.Split(err.Error(), "\n")}
}

// What the Go runtime writes of a stack or of registers, and what a student need not see of it.
var (
	stack  = regexp.MustCompile(`^(goroutine |runtime stack:|r(ax|0) )`)
	offset = regexp.MustCompile(` \+0x[0-9a-f]+( fp=.*)?$`)
)

// crashed reads what the Go runtime wrote at a panic or fatal error. Goroutines that are not in a cell are left out.
func (j *job) crashed(text string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	first, _, _ := strings.Cut(text, "\n")
	name, value, _ := strings.Cut(first, ": ")
	if _, fatal, ok := strings.Cut(text, "\nfatal error: "); ok && name != "panic" {
		name = "fatal error"
		value, _, _ = strings.Cut(fatal, "\n")
	}
	value = strings.TrimSuffix(value, " [recovered]")
	var where *cell.Error
	parts := strings.Split(strings.TrimSpace(text), "\n\n")
	mine := slices.DeleteFunc(slices.Clone(parts), func(part string) bool {
		here := j.mem.Locate(part)
		where = cmp.Or(where, here)
		return here == nil && stack.MatchString(part)
	})
	switch {
	case where == nil: // all of it is outside of cells
		mine = parts
	case parts[0] == first: // which is said with its place
		mine = mine[1:]
	}
	trace := strings.Split(j.mem.Translate(strings.Join(mine, "\n\n")), "\n")
	for i, line := range trace {
		trace[i] = offset.ReplaceAllString(line, "")
	}
	if n := len(trace); n > maxTrace {
		trace = slices.Concat(trace[:maxTrace-10], []string{fmt.Sprintf("… %d lines left out …", n-maxTrace)}, trace[n-10:])
	}
	if where == nil {
		return &failure{name, value, trace}
	}
	value = fmt.Sprintf("cell %d, line %d: %s", where.Cell, where.Line, value)
	return &failure{name, value, append([]string{name + ": " + value, where.Excerpt(), ""}, trace...)}
}
