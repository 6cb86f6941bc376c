package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"elboroom/kernel/build"
	"elboroom/kernel/cell"
	"elboroom/kernel/complete"
	"elboroom/kernel/run"
	"elboroom/kernel/wire"
)

// maxHistory is how many cells history_request can give back.
const maxHistory = 1000

// executor turns a cell's text into what it does.
type executor struct {
	srv       *server
	root      string
	builder   *build.Builder
	settings  build.Settings // given to builder before each cell
	completer *complete.Completer

	makeMu sync.Mutex
	made   bool // the temporary module is there

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

func newExecutor(s *server, root, id string) (*executor, error) {
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
		return nil, err
	}
	x.completer = &complete.Completer{Builder: x.builder}
	return x, nil
}

// warm does beforehand what the first cell would wait for.
func (x *executor) warm() {
	err := x.ready()
	if err == nil {
		_, err = x.builder.Names(x.srv.ctx, nil)
	}
	if err != nil {
		log.Print(err)
	}
}

// ready makes the temporary module where it is not there yet. Whoever asks may be interrupted; this is not.
func (x *executor) ready() error {
	x.makeMu.Lock()
	defer x.makeMu.Unlock()
	if x.made {
		return nil
	}
	err := x.builder.InitModule(x.srv.ctx, x.dir)
	x.made = err == nil
	return err
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
	j.settings.Env = j.environ()
	j.builder.Use(j.settings)
	if !c.HasGo {
		return nil
	}
	if err := j.ready(); err != nil {
		return err
	}
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

// banner is what a console shows first.
func banner() string {
	return fmt.Sprintf("Go cells (elboroom kernel %s, %s/%s). %%help lists the special lines.", Version, runtime.GOOS, runtime.GOARCH)
}
