package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"elboroom/kernel/cell"
	"elboroom/kernel/run"
)

// help is what %help shows.
const help = `Special lines run before any Go of their cell. ` + "`//gonb:`" + ` may stand before each.

| line | what it does |
|---|---|
| ` + "`%%` or `%main [args]`" + ` | the rest of the cell is the body of main |
| ` + "`%args a b`" + ` | os.Args of this cell |
| ` + "`%exec f a b`" + ` | main calls f |
| ` + "`%test [flags]`" + ` | runs the cell's tests and benchmarks |
| ` + "`!cmd`" + `, ` + "`!*cmd`" + ` | a shell command: in the notebook's folder; in the temporary module |
| ` + "`%env K V`" + `, ` + "`%cd dir`" + ` | set a variable; change the folder |
| ` + "`%list`" + `, ` + "`%rm name`" + `, ` + "`%reset [go.mod]`" + ` | what is remembered; forget some; forget all |
| ` + "`%autoget`, `%noautoget`, `%goflags …`" + ` | go get missing modules or not; flags of go build |
| ` + "`%capture [-a] file`" + ` | also write the output to a file |
| ` + "`%%bash`, `%%sh`, `%%script prog`, `%%writefile [-a] file`" + ` | first line only: what to do with the rest |
| ` + "`%version`, `%help`" + ` | this |
`

// magic obeys a cell that is not Go.
func (j *job) magic(ctx context.Context, c *cell.Cell) error {
	w := c.Magic.Words
	if w[0] == "writefile" {
		return j.writeFile(c, w[1:])
	}
	args := w[1:]
	if w[0] != "script" {
		if len(args) > 0 {
			return special(c, 1, "%%%%%s takes no arguments; %%%%script %s … does", w[0], w[0])
		}
		args = w[:1]
	}
	if len(args) == 0 {
		return special(c, 1, "%%%%script needs a program")
	}
	path, err := j.lookPath(args[0])
	if err != nil {
		return special(c, 1, "%v", err)
	}
	return j.process(ctx, c, run.Command{Path: path, Args: args[1:], Input: []byte(c.Magic.Body + "\n")})
}

// lookPath finds a program on the PATH that cells see.
func (j *job) lookPath(name string) (string, error) {
	if strings.Contains(name, "/") {
		return filepath.Join(j.dir, name), nil
	}
	for _, d := range filepath.SplitList(j.env["PATH"]) {
		p := filepath.Join(d, name)
		if info, err := os.Stat(p); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return p, nil
		}
	}
	return "", fmt.Errorf("there is no program %q on the PATH", name)
}

// special is the error of a special line.
func special(c *cell.Cell, line int, format string, args ...any) error {
	errs := c.Fail(line, format, args...)
	return &failure{"special line", errs.Error(), traceback(errs)}
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
func (j *job) openOut(args []string) (f *os.File, path string, appended bool, err error) {
	mode := os.O_TRUNC
	if len(args) == 2 && args[0] == "-a" {
		mode, appended, args = os.O_APPEND, true, args[1:]
	}
	if len(args) != 1 {
		return nil, "", false, fmt.Errorf("it takes one file name, and -a before it to append")
	}
	path = j.expand(args[0])
	f, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY|mode, 0o644)
	return f, path, appended, err
}

func (j *job) writeFile(c *cell.Cell, args []string) error {
	f, path, appended, err := j.openOut(args)
	if err != nil {
		return special(c, 1, "%%%%writefile: %v", err)
	}
	_, err = f.WriteString(c.Magic.Body + "\n")
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return special(c, 1, "%%%%writefile: %v", err)
	}
	verb := "written"
	if appended {
		verb = "appended"
	}
	j.Stream("stderr", fmt.Appendf(nil, "Cell contents %s to %q.\n", verb, path))
	return nil
}

// special obeys one special line.
func (j *job) special(ctx context.Context, c *cell.Cell, s cell.Special) error {
	if s.Shell {
		return j.shellLine(ctx, c, s)
	}
	args := s.Words[1:]
	switch s.Words[0] {
	case "env":
		return j.setenv(c, s)
	case "cd":
		return j.chdir(c, s)
	case "capture":
		f, _, _, err := j.openOut(args)
		if err != nil {
			return special(c, s.Line, "%%capture: %v", err)
		}
		j.capture = f
	case "list", "ls":
		j.list()
	case "rm", "remove":
		j.mu.Lock()
		unknown := j.mem.Forget(args...)
		j.mu.Unlock()
		if len(unknown) > 0 {
			return special(c, s.Line, "%%rm: nothing is remembered under %s (%%list shows the names)", strings.Join(unknown, ", "))
		}
	case "reset":
		if len(args) > 1 || len(args) == 1 && args[0] != "go.mod" {
			return special(c, s.Line, "%%reset takes nothing, or go.mod")
		}
		if len(args) == 0 {
			j.mu.Lock()
			j.mem.Reset()
			j.mu.Unlock()
		}
		return j.builder.InitModule(ctx, j.dir)
	case "autoget":
		j.settings.NoGet = false
	case "noautoget":
		j.settings.NoGet = true
	case "goflags":
		if len(args) > 0 {
			j.settings.Flags = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "" })
		}
		j.Stream("stdout", fmt.Appendf(nil, "%%goflags=%q\n", j.settings.Flags))
	case "with_inputs": // a shell command that reads is asked for in any case
	case "with_password":
		j.password = true
	case "version":
		j.Stream("stdout", fmt.Appendf(nil, "elboroom kernel %s, for notebooks of GoNB %s\n", Version, gonbVersion))
	case "help":
		j.Display(run.Display{Data: map[string]any{"text/markdown": help, "text/plain": help}})
	case "track", "untrack", "goworkfix":
		// GoNB's completion and go get need these; here packages are read where they are.
	default:
		j.Stream("stderr", fmt.Appendf(nil, "\"%%%s\" unknown or not implemented yet (%%help lists what there is).\n", s.Words[0]))
	}
	return nil
}

// shellLine runs a ! line.
func (j *job) shellLine(ctx context.Context, c *cell.Cell, s cell.Special) error {
	cmd := run.Command{Path: shell(), Args: []string{"-c", s.Text}, Stdin: j.stdin, Password: j.password}
	if s.Temp {
		if err := j.ready(); err != nil {
			return err
		}
		cmd.Dir = j.builder.Dir
	}
	j.password = false
	err := j.process(ctx, c, cmd)
	if f, ok := err.(*failure); ok {
		return special(c, s.Line, "the shell command failed: %s", strings.TrimPrefix(f.value, fmt.Sprintf("cell %d ", c.Number)))
	}
	return err
}

func (j *job) setenv(c *cell.Cell, s cell.Special) error {
	args := s.Words[1:]
	if len(args) == 1 {
		k, v, ok := strings.Cut(args[0], "=")
		if !ok {
			return special(c, s.Line, "%%env wants a name and a value")
		}
		args = []string{k, v}
	}
	if len(args) != 2 || args[0] == "" || strings.Contains(args[0], "=") {
		return special(c, s.Line, "%%env wants a name and a value; quote a value with spaces")
	}
	j.mu.Lock()
	j.env[args[0]] = args[1]
	j.mu.Unlock()
	j.Stream("stdout", fmt.Appendf(nil, "Set: %s=%q\n", args[0], args[1]))
	return nil
}

func (j *job) chdir(c *cell.Cell, s cell.Special) error {
	switch args := s.Words[1:]; len(args) {
	case 0:
		j.Stream("stdout", fmt.Appendf(nil, "Current directory: %q\n", j.dir))
	case 1:
		to := j.expand(args[0])
		if info, err := os.Stat(to); err != nil || !info.IsDir() {
			return special(c, s.Line, "%%cd: there is no folder %q", to)
		}
		j.mu.Lock()
		j.dir, j.env["GONB_DIR"] = to, to
		j.mu.Unlock()
		j.Stream("stdout", fmt.Appendf(nil, "Changed directory to %q\n", to))
	default:
		return special(c, s.Line, "%%cd takes one folder")
	}
	return nil
}

// list shows what is remembered.
func (j *job) list() {
	j.mu.Lock()
	decls := j.mem.Decls()
	j.mu.Unlock()
	var b strings.Builder
	for kind, title := range []string{"Imports", "Constants", "Types", "Variables", "Functions", "Methods"} {
		first := true
		for _, d := range decls {
			if d.Kind != cell.Kind(kind) {
				continue
			}
			if first {
				b.WriteString(title + ":\n")
				first = false
			}
			name := d.Key
			if d.Kind == cell.Import {
				name = fmt.Sprintf("%s %q", d.Key, d.Path)
			}
			fmt.Fprintf(&b, "  %s (cell %d)\n", name, d.Cell)
		}
	}
	if b.Len() == 0 {
		b.WriteString("Nothing is remembered yet.\n")
	}
	j.Stream("stdout", []byte(b.String()))
}
