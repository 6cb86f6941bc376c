package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"elboroom/kernel/build"
	"elboroom/kernel/cell"
	"elboroom/kernel/complete"
	"elboroom/kernel/run"
	"elboroom/kernel/wire"
)

// outputLimit is how many bytes of text a cell may write to each stream before the rest is cut.
const outputLimit = 10 << 20

// maxTrace is how many lines of a stack trace are shown.
const maxTrace = 60

// maxHistory is how many cells history_request can give back.
const maxHistory = 1000

// executor turns a cell's text into what it does.
type executor struct {
	srv       *server
	root      string
	builder   *build.Builder
	made      sync.Once // the temporary module
	completer *complete.Completer
	guard     atomic.Pointer[run.Guard]

	mu      sync.Mutex // of what completion and history read beside a running cell
	mem     cell.Memory
	env     map[string]string
	dir     string // the notebook's folder
	history []entry

	count    int // In [count]
	runs     int // processes started
	displays map[string]bool
	noValue  map[[32]byte]bool // programs whose trailing call turned out to have no value
}

type entry struct {
	number       int
	code, output string
}

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

func newExecutor(s *server, root, id string) *executor {
	x := &executor{srv: s, root: root, env: map[string]string{}, displays: map[string]bool{}, noValue: map[[32]byte]bool{}}
	for _, e := range os.Environ() {
		if k, v, ok := strings.Cut(e, "="); ok {
			x.env[k] = v
		}
	}
	x.dir, _ = os.Getwd() // "" is the current folder as well
	x.env["GONB_DIR"] = x.dir
	x.env["GONB_TMP_DIR"] = filepath.Join(root, "module")
	x.env["GONB_VERSION"] = gonbVersion
	x.env["GONB_JUPYTER_KERNEL_ID"] = id
	if r := os.Getenv("JUPYTER_SERVER_ROOT"); r != "" {
		x.env["GONB_JUPYTER_ROOT"] = r
	}
	var err error
	if x.builder, err = newBuilder(root); err != nil {
		log.Print(err)
	}
	x.completer = &complete.Completer{Builder: x.builder}
	return x
}

// warm does beforehand what the first cell would wait for.
func (x *executor) warm() {
	x.ready()
	if _, err := x.builder.Names(x.srv.ctx, nil); err != nil {
		log.Print(err)
	}
}

// ready makes the temporary module, once. Whoever asks first may be interrupted; this is not.
func (x *executor) ready() {
	x.made.Do(func() {
		if err := x.builder.InitModule(x.srv.ctx, x.dir); err != nil {
			log.Print(err)
		}
	})
}

// environ is the environment of cells.
func (x *executor) environ() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	env := make([]string, 0, len(x.env))
	for _, k := range slices.Sorted(maps.Keys(x.env)) {
		env = append(env, k+"="+x.env[k])
	}
	return env
}

// job is one cell under way. It is the sink of its processes.
type job struct {
	*executor
	m        wire.Message
	silent   bool
	stdin    bool
	capture  *os.File
	password bool   // %with_password was given
	value    string // of the trailing expression
	hasValue bool
}

// execute runs a cell and makes the content of its reply.
func (x *executor) execute(ctx context.Context, m wire.Message, r executeRequest) map[string]any {
	store := !r.Silent && (r.StoreHistory == nil || *r.StoreHistory)
	if store {
		x.count++
	}
	n := max(x.count, 1)
	if !r.Silent {
		x.srv.publish(m, "execute_input", map[string]any{"code": r.Code, "execution_count": n})
	}
	j := &job{executor: x, m: m, silent: r.Silent, stdin: r.AllowStdin}
	err := j.cell(ctx, n, r.Code)
	if j.capture != nil {
		err = errors.Join(err, j.capture.Close())
	}
	if store {
		x.mu.Lock()
		x.history = append(x.history, entry{n, r.Code, j.value})
		x.history = x.history[max(0, len(x.history)-maxHistory):]
		x.mu.Unlock()
	}
	if err == nil {
		if j.hasValue && !r.Silent {
			x.srv.publish(m, "execute_result", map[string]any{
				"execution_count": n, "data": map[string]any{"text/plain": j.value}, "metadata": map[string]any{}})
		}
		return map[string]any{"status": "ok", "execution_count": n, "payload": []any{}, "user_expressions": unsupported(r.UserExpressions)}
	}
	f := j.explain(ctx, n, err)
	content := map[string]any{"ename": f.name, "evalue": f.value, "traceback": f.trace}
	if !r.Silent {
		x.srv.publish(m, "error", maps.Clone(content))
	}
	content["status"], content["execution_count"] = "error", n
	return content
}

// unsupported answers user_expressions: a Go cell leaves no values to ask for.
func unsupported(exprs map[string]string) map[string]any {
	out := map[string]any{}
	for k := range exprs {
		out[k] = map[string]any{"status": "error", "ename": "not supported", "evalue": "Go cells leave no values behind", "traceback": []string{}}
	}
	return out
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

// cell does what cell n says.
func (j *job) cell(ctx context.Context, n int, code string) error {
	c, err := cell.Parse(n, code)
	if err != nil {
		return err
	}
	if c.Magic != nil {
		return j.magic(ctx, c)
	}
	for _, s := range c.Specials {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := j.special(ctx, c, s); err != nil {
			return err
		}
	}
	if !c.HasGo {
		return nil
	}
	j.ready()
	j.builder.SetEnv(j.environ())
	bin, err := j.compile(ctx, c)
	if err != nil {
		return err
	}
	if bin == "" {
		return nil
	}
	args := c.Args
	if c.Test && len(args) == 0 {
		args = testArgs(c)
	}
	return j.process(ctx, c, run.Command{Path: bin, Args: args, Displays: true, Stdin: j.stdin})
}

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
		if c.Test {
			bin, err = j.builder.Test(ctx, p)
		} else {
			bin, err = j.builder.Build(ctx, p)
		}
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
		e := &cell.Error{Cell: c.Number, Line: c.Imports()[bad.Path], Msg: bad.Reason}
		if e.Line > 0 {
			e.Source = c.Lines[e.Line-1]
		}
		return cell.Errors{e}
	case errors.As(err, &f):
		j.mu.Lock()
		defer j.mu.Unlock()
		return j.mem.CompileErrors(f.Output)
	}
	return err
}

// process runs a command and turns a bad end into an error.
func (j *job) process(ctx context.Context, c *cell.Cell, cmd run.Command) error {
	j.runs++
	cmd.Scratch = filepath.Join(j.root, "run"+strconv.Itoa(j.runs))
	cmd.Env = j.environ()
	if cmd.Dir == "" {
		cmd.Dir = j.dir
	}
	cmd.Guard = j.guard.Load()
	cmd.OutputLimit = size(j.env["GONB_OUTPUT_LIMIT"], outputLimit)
	cmd.MemoryLimit = size(j.env["GONB_MEMORY_LIMIT"], 0)
	res, err := run.Run(ctx, j.srv.ctx.Done(), cmd, j)
	if err != nil {
		return err
	}
	if res.OK() {
		if res.HasValue {
			j.value, j.hasValue = res.Value, true
		}
		return nil
	}
	switch {
	case res.OverMemory:
		return plain("memory limit", "cell %d used more than %.1f GB of memory and was ended (GONB_MEMORY_LIMIT)", c.Number, float64(cmd.MemoryLimit)/1e9)
	case res.Interrupted:
		return ctx.Err()
	case res.Crash != "":
		return j.crashed(res.Crash)
	case res.Signal != "":
		return plain("signal", "cell %d was ended by a signal: %s", c.Number, res.Signal)
	}
	return plain("exit status "+strconv.Itoa(res.ExitCode), "cell %d ended with exit status %d", c.Number, res.ExitCode)
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

// size reads a number of bytes such as 512M or 2G.
func size(s string, otherwise int64) int64 {
	s = strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(s)), "B"), "I")
	unit := int64(1)
	for i, u := range "KMGT" {
		if t, ok := strings.CutSuffix(s, string(u)); ok {
			s, unit = t, 1<<(10*(i+1))
		}
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || n <= 0 || n*float64(unit) > 1<<60 {
		return otherwise
	}
	return int64(n * float64(unit))
}

// Stream publishes text.
func (j *job) Stream(name string, text []byte) {
	if j.capture != nil {
		_, _ = j.capture.Write(text) // a full disk shows when the file is closed
	}
	if cell.HasPlace(text) {
		j.mu.Lock()
		text = []byte(j.mem.Translate(string(text)))
		j.mu.Unlock()
	}
	if !j.silent {
		j.srv.publish(j.m, "stream", map[string]any{"name": name, "text": string(text)})
	}
}

// Display publishes a display: the first with an id, and those without, as new output, the others as an update.
func (j *job) Display(d run.Display) {
	if j.silent {
		return
	}
	if j.capture != nil {
		if t, ok := d.Data["text/plain"].(string); ok {
			_, _ = j.capture.WriteString(t + "\n")
		}
	}
	if d.Metadata == nil {
		d.Metadata = map[string]any{}
	}
	kind, transient := "display_data", map[string]any{}
	if d.DisplayID != "" {
		transient["display_id"] = d.DisplayID
		if j.displays[d.DisplayID] {
			kind = "update_display_data"
		}
		j.displays[d.DisplayID] = true
	}
	j.srv.publish(j.m, kind, map[string]any{"data": d.Data, "metadata": d.Metadata, "transient": transient})
}

// Input asks the user for a line.
func (j *job) Input(ctx context.Context, prompt string, password bool) (string, bool) {
	return j.srv.ask(ctx, j.m, prompt, password)
}

// shell is the user's: bash where there is one, as GoNB has it.
func shell() string {
	for _, p := range []string{"/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash", "/opt/homebrew/bin/bash"} {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return "/bin/sh"
}

// banner is what a console shows first.
func banner() string {
	return fmt.Sprintf("Go cells (elboroom kernel %s, %s/%s). %%help lists the special lines.", Version, runtime.GOOS, runtime.GOARCH)
}
