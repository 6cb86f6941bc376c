// Package run runs a cell's binary, or a shell command: a process group of its own, its output and displays in the
// order in which they were made, its stdin asked for through Jupyter, its end complete.
package run

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

const (
	killAfter  = 5 * time.Second        // from SIGINT to SIGKILL
	lastWords  = 300 * time.Millisecond // for which children that outlive the process may still write
	inputTick  = 25 * time.Millisecond
	memoryTick = 20 * time.Millisecond
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
	Scratch     string // a folder for the pipes of this run; it is removed at the end
	Displays    bool   // open GONB_PIPE and GONB_PIPE_BACK
	Stdin       bool   // ask for input; else stdin is empty
	Password    bool   // hide what is typed when the program reads without having asked
	Input       []byte // what stdin holds, where it is not asked for
	OutputLimit int64  // bytes of each stream; 0 for no limit
	MemoryLimit int64  // bytes; 0 for no limit
	Guard       *Guard // ends the process group if this kernel dies
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

// Run runs a command until it has ended and all that it wrote is handed on. Cancelling ctx interrupts it; when
// hard is done it is killed at once.
func Run(ctx context.Context, hard <-chan struct{}, c Command, sink Sink) (res Result, err error) {
	if err := os.MkdirAll(c.Scratch, 0o700); err != nil {
		return res, err
	}
	defer os.RemoveAll(c.Scratch)
	p := &process{Command: c, out: newOutput(sink, c.OutputLimit), sink: sink}
	defer p.closeAll()
	if err := p.open(); err != nil {
		return res, err
	}
	if err := p.cmd.Start(); err != nil {
		return res, err
	}
	pid := p.cmd.Process.Pid
	if p.opens != nil {
		p.opens.pid = pid
	}
	c.Guard.Add(pid)
	p.closeTheirs()
	watching, stop := context.WithCancel(context.Background())
	p.running = watching
	var watchers sync.WaitGroup
	watchers.Go(func() { p.watchInterrupt(watching, ctx.Done(), hard) })
	if c.Stdin {
		watchers.Go(func() { p.watchInput(watching) })
	}
	if c.MemoryLimit > 0 {
		watchers.Go(func() { p.watchMemory(watching) })
	}
	waited := make(chan error, 1)
	go func() {
		waited <- p.cmd.Wait()
		p.exited.Store(true)
		_ = p.exitW.Close()
	}()
	var pumpErr error
	p.pieces = make(chan written, 1024)
	go func() {
		defer close(p.pieces)
		files := []*os.File{p.outR, p.errR}
		if p.fifoR != nil {
			files = append(files, p.fifoR)
		}
		pumpErr = pump(files, p.exitR, p.opens, p.wait, p.got, p.over)
	}()
	p.handOn()
	waitErr := <-waited
	_ = syscall.Kill(-pid, syscall.SIGKILL) // what it left running
	c.Guard.Remove(pid)
	stop()
	watchers.Wait()
	p.inputs.Wait()
	res.Interrupted, res.OverMemory = p.interrupted.Load(), p.overMemory.Load()
	var exit *exec.ExitError
	switch {
	case waitErr == nil, errors.Is(waitErr, exec.ErrWaitDelay):
	case errors.As(waitErr, &exit):
		res.ExitCode = exit.ExitCode()
		if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
			res.Signal = ws.Signal().String()
		}
	default:
		return res, waitErr
	}
	if v, err := os.ReadFile(filepath.Join(c.Scratch, "result")); err == nil && res.ExitCode == 0 {
		res.Value, res.HasValue = string(v), true
	}
	res.Crash = p.out.finish(!res.OK())
	return res, pumpErr
}
