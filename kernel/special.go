package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"elboroom/kernel/cell"
	"elboroom/kernel/run"
)

// help is what %help shows.
//
//go:embed help.md
var help string

// magic obeys a cell that is not Go.
func (j *job) magic(ctx context.Context) error {
	words, text := j.c.Magic.Words, j.c.Magic.Body+"\n"
	switch args := words[1:]; {
	case words[0] == "writefile":
		return j.writeFile(args, text)
	case words[0] == "script" && len(args) > 0:
		words = args
	case words[0] == "script":
		return j.wrong(1, "%%%%script needs a program")
	case len(args) > 0:
		return j.wrong(1, "%%%%%s takes no arguments; %%%%script %s … does", words[0], words[0])
	}
	return j.process(ctx, run.Command{Path: shell(), Args: append([]string{"-c", `exec "$0" "$@"`}, words...), Input: []byte(text)})
}

// expand resolves ~ and variables in a path, and makes it absolute.
func (j *job) expand(path string) string {
	path = os.Expand(path, func(k string) string { return j.env[k] })
	if path == "~" || strings.HasPrefix(path, "~/") {
		path = filepath.Join(j.env["HOME"], path[1:])
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(j.dir, path)
	}
	return path
}

// openOut opens a file for %capture and %%writefile.
func (j *job) openOut(args []string) (*os.File, error) {
	mode := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if len(args) == 2 && args[0] == "-a" {
		mode, args = os.O_CREATE|os.O_WRONLY|os.O_APPEND, args[1:]
	}
	if len(args) != 1 {
		return nil, errors.New("it takes one file name, and -a before it to append")
	}
	return os.OpenFile(j.expand(args[0]), mode, 0o644)
}

func (j *job) writeFile(args []string, text string) error {
	f, err := j.openOut(args)
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return j.wrong(1, "%%%%writefile: %v", err)
	}
	verb := "written"
	if len(args) == 2 {
		verb = "appended"
	}
	j.say("stderr", "Cell contents %s to %q.\n", verb, f.Name())
	return nil
}

// special obeys one special line.
func (j *job) special(ctx context.Context, s cell.Special) (err error) {
	if s.Shell {
		return j.shellLine(ctx, s)
	}
	args := s.Words[1:]
	switch s.Words[0] {
	case "env":
		return j.setenv(s.Line, args)
	case "cd":
		return j.chdir(s.Line, args)
	case "capture":
		if j.capture, err = j.openOut(args); err != nil {
			return j.wrong(s.Line, "%%capture: %v", err)
		}
	case "list", "ls":
		j.list()
	case "rm", "remove":
		j.mu.Lock()
		unknown := j.mem.Forget(args...)
		j.mu.Unlock()
		if len(unknown) > 0 {
			return j.wrong(s.Line, "%%rm: nothing is remembered under %s (%%list shows the names)", strings.Join(unknown, ", "))
		}
	case "reset":
		if len(args) > 1 || len(args) == 1 && args[0] != "go.mod" {
			return j.wrong(s.Line, "%%reset takes nothing, or go.mod")
		}
		if len(args) == 0 {
			j.mu.Lock()
			j.mem.Reset()
			j.mu.Unlock()
		}
		return j.builder.InitModule(ctx, j.dir)
	case "autoget", "noautoget":
		j.settings.NoGet = s.Words[0] == "noautoget"
	case "goflags":
		if len(args) > 0 {
			j.settings.Flags = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "" })
		}
		j.say("stdout", "%%goflags=%q\n", j.settings.Flags)
	case "with_password":
		j.password = true
	case "version":
		j.say("stdout", "elboroom kernel %s, for notebooks of GoNB %s\n", Version, gonbVersion)
	case "help":
		j.Display(run.Display{Data: content{"text/markdown": help, "text/plain": help}})
	case "with_inputs", "track", "untrack", "goworkfix":
		// GoNB's input, completion and go get need these; here they are not waited for.
	default:
		j.say("stderr", "\"%%%s\" unknown or not implemented yet (%%help lists what there is).\n", s.Words[0])
	}
	return nil
}

// shellLine runs a ! line.
func (j *job) shellLine(ctx context.Context, s cell.Special) error {
	cmd := run.Command{Path: shell(), Args: []string{"-c", s.Text}, Stdin: j.m.ask.AllowStdin, Password: j.password}
	if s.Temp {
		if err := j.ready(); err != nil {
			return err
		}
		cmd.Dir = j.builder.Dir
	}
	j.password = false
	err := j.process(ctx, cmd)
	if f, ok := err.(*failure); ok {
		return j.wrong(s.Line, "the shell command failed: %s", strings.TrimPrefix(f.value, fmt.Sprintf("cell %d ", j.n)))
	}
	return err
}

func (j *job) setenv(line int, args []string) error {
	if len(args) == 1 {
		args = strings.SplitN(args[0], "=", 2)
	}
	if len(args) != 2 || args[0] == "" || strings.Contains(args[0], "=") {
		return j.wrong(line, "%%env wants a name and a value; quote a value with spaces")
	}
	j.mu.Lock()
	j.env[args[0]] = args[1]
	j.mu.Unlock()
	j.say("stdout", "Set: %s=%q\n", args[0], args[1])
	return nil
}

func (j *job) chdir(line int, args []string) error {
	switch len(args) {
	case 0:
		j.say("stdout", "Current directory: %q\n", j.dir)
	case 1:
		to := j.expand(args[0])
		if info, err := os.Stat(to); err != nil || !info.IsDir() {
			return j.wrong(line, "%%cd: there is no folder %q", to)
		}
		j.mu.Lock()
		j.dir, j.env["GONB_DIR"] = to, to
		j.mu.Unlock()
		j.say("stdout", "Changed directory to %q\n", to)
	default:
		return j.wrong(line, "%%cd takes one folder")
	}
	return nil
}

// list shows what is remembered, kind by kind.
func (j *job) list() {
	j.mu.Lock()
	decls := j.mem.Decls()
	j.mu.Unlock()
	slices.SortStableFunc(decls, func(a, b *cell.Decl) int { return int(a.Kind - b.Kind) })
	for _, d := range decls {
		j.say("stdout", "%s (cell %d)\n", d.Title(), d.Cell)
	}
	if len(decls) == 0 {
		j.say("stdout", "Nothing is remembered yet.\n")
	}
}
