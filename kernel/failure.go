package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"elboroom/kernel/cell"
)

// traceback gives the errors of a cell as Jupyter wants them: lines of text.
func traceback(errs cell.Errors) []string {
	var lines []string
	for i, e := range errs {
		if i == 10 {
			lines = append(lines, fmt.Sprintf("and %d more", len(errs)-i))
			break
		}
		lines = append(lines, e.Error())
		if x := e.Excerpt(); x != "" {
			lines = append(lines, strings.Split(x, "\n")...)
		}
	}
	return lines
}

// maxTrace is how many lines of a stack trace are shown.
const maxTrace = 60

// failure is an error as a notebook shows it.
type failure struct {
	name, value string
	trace       []string
}

func (f *failure) Error() string { return f.value }

// plain is a failure that one sentence explains.
func plain(name, format string, args ...any) *failure {
	text := fmt.Sprintf(format, args...)
	return &failure{name, text, strings.Split(text, "\n")}
}

// explain makes any error one that a student can read.
func (j *job) explain(ctx context.Context, n int, err error) *failure {
	var f *failure
	var errs cell.Errors
	switch {
	case errors.As(err, &f):
		return f
	case ctx.Err() != nil:
		return plain("Interrupted", "cell %d was interrupted", n)
	case strings.Contains(err.Error(), syscall.ENOSPC.Error()):
		return plain("disk full", "cell %d: the disk is full: %s", n, lastLine(err))
	case errors.As(err, &errs):
		value := errs.Error()
		if len(errs) > 1 {
			value += fmt.Sprintf(" (and %d more)", len(errs)-1)
		}
		return &failure{name: "compile error", value: value, trace: traceback(errs)}
	}
	return plain("error", "%v", err)
}

// lastLine is what a tool said in the end.
func lastLine(err error) string {
	text := strings.TrimSpace(err.Error())
	return text[strings.LastIndexByte(text, '\n')+1:]
}

var offset = regexp.MustCompile(` \+0x[0-9a-f]+$`)

// crashed reads what the Go runtime wrote at a panic or fatal error.
func (j *job) crashed(text string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	first, _, _ := strings.Cut(text, "\n")
	name, value, _ := strings.Cut(first, ": ")
	if i := strings.Index(text, "\nfatal error: "); name != "panic" && i >= 0 {
		name = "fatal error"
		value, _, _ = strings.Cut(text[i+len("\nfatal error: "):], "\n")
	}
	value = strings.TrimSuffix(value, " [recovered]")
	var where *cell.Error
	var trace []string
	for line := range strings.Lines(text) {
		line = offset.ReplaceAllString(strings.TrimRight(line, "\n"), "")
		if where == nil {
			where = j.mem.Locate(line)
		}
		trace = append(trace, j.mem.Translate(line))
	}
	if n := len(trace); n > maxTrace {
		trace = append(append(slices.Clone(trace[:maxTrace-10]), fmt.Sprintf("… %d lines left out …", n-maxTrace)), trace[n-10:]...)
	}
	if where != nil {
		value = fmt.Sprintf("cell %d, line %d: %s", where.Cell, where.Line, value)
		head := []string{name + ": " + value}
		if x := where.Excerpt(); x != "" {
			head = append(head, x)
		}
		trace = append(append(head, ""), trace...)
	}
	return &failure{name, value, trace}
}
