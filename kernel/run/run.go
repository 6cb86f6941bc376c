// Package run runs a cell's binary, or a shell command: a process group of its own, its output and displays in the
// order in which they were made, its stdin asked for through Jupyter, its end complete.
package run

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	killAfter = 5 * time.Second        // from SIGINT to SIGKILL
	lastWords = 300 * time.Millisecond // for which children that outlive the process may still write
	tickEvery = 20 * time.Millisecond  // text that waits is sent, and the process is looked at
)

// Sink takes what a process shows. Its methods are called by one goroutine, in order; Input by another.
type Sink interface {
	Stream(name string, text []byte)
	Display(d Display)
	Input(ctx context.Context, prompt string, password bool) (line string, ok bool)
}

// Command is what to run.
type Command struct {
	Path        string
	Args        []string // after the name
	Dir         string
	Env         []string
	Scratch     string // a folder in TempRoot's for the pipes of this run; it is removed at the end
	Displays    bool   // open GONB_PIPE and GONB_PIPE_BACK
	Stdin       bool   // ask for input; else stdin is empty
	Password    bool   // hide what is typed when the program reads without having asked
	Input       []byte // what stdin holds, where it is not asked for
	OutputLimit int64  // bytes of each stream; 0 for no limit
	MemoryLimit int64  // bytes; 0 for no limit
}

// Result is how it ended.
type Result struct {
	ExitCode    int    // −1 when a signal ended it
	Signal      string // "killed"
	Interrupted bool
	OverMemory  bool
	Crash       string // what the Go runtime wrote of a panic or fatal error
	Value       string // of a trailing expression
	HasValue    bool
}

// OK reports whether the process ended well.
func (r Result) OK() bool { return r.ExitCode == 0 && !r.Interrupted && !r.OverMemory }

// What a piece is of.
const (
	stdout = iota
	stderr
	displays
)

// piece is what was read at once from one of the pipes.
type piece struct {
	file int
	data []byte
	last bool
}

// Run runs a command until it has ended and all that it wrote is handed on. Cancelling ctx interrupts it; when
// hard is done it is killed at once.
func Run(ctx context.Context, hard context.Context, c Command, sink Sink) (res Result, err error) {
	if err := os.MkdirAll(c.Scratch, 0o700); err != nil {
		return res, err
	}
	defer os.RemoveAll(c.Scratch)
	asks, stopAsking := context.WithCancel(context.Background())
	p := &process{Command: c, sink: sink, out: output{sink: sink, limit: c.OutputLimit}, asks: asks, answered: make(chan bool)}
	defer p.close()
	defer stopAsking()
	if err := p.start(); err != nil {
		return res, err
	}
	var pumpErr error
	pieces := make(chan piece, 1024)
	go func() {
		pumpErr = pump(p.reads, p.stopped, p.opens, p.cmd.Process.Pid, pieces)
		close(pieces)
	}()
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	soft := ctx.Done()
	var silence <-chan time.Time
	defer context.AfterFunc(hard, p.kill)()
	for open := 2; pieces != nil || ended != nil; {
		select {
		case w, ok := <-pieces:
			switch {
			case !ok:
				pieces = nil
				p.kill() // what it left running; all, where the pump failed
			case w.file == displays:
				p.show(w.data)
			default:
				p.out.write(w.file, w.data)
			}
			if w.last {
				open--
			}
		case err = <-ended:
			ended = nil
			silence = time.After(lastWords)
		case <-silence:
			p.kill()
			open = 0
		case <-soft:
			soft = nil
			res.Interrupted = true
			_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT)
			defer time.AfterFunc(killAfter, p.kill).Stop()
		case ok := <-p.answered:
			p.requests = p.requests[1:]
			switch {
			case !ok: // no answer will come: the end of the input
				_ = p.stdin.Close()
				p.stdin, p.requests = nil, nil
			case len(p.requests) > 0:
				p.askNext()
			}
		case <-tick.C:
			p.out.tick()
			if ended == nil {
				break
			}
			p.watchInput()
			if p.out.overflowed() {
				p.kill()
			}
			if c.MemoryLimit > 0 && memoryOf(p.cmd.Process.Pid) > c.MemoryLimit {
				res.OverMemory = true
				p.kill()
			}
		}
		if ended == nil && open <= 0 {
			_ = p.stop.Close() // to the pump
		}
	}
	state := p.cmd.ProcessState
	if state == nil {
		return res, err
	}
	res.ExitCode = state.ExitCode()
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		res.Signal = ws.Signal().String()
	}
	res.Crash = p.out.finish(res.ExitCode != 0 && !res.Interrupted && !res.OverMemory)
	if res.ExitCode == 0 {
		res.Value, res.HasValue = p.out.value(filepath.Join(c.Scratch, "result"))
	}
	return res, pumpErr
}
