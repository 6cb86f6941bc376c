// Package run runs a cell's binary, or a shell command: a process group of its own, its output and displays in the
// order in which they were made, its stdin asked for through Jupyter, its end complete.
package run

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
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
	Prompt      string // when asking for input that the program did not ask for itself
	Password    bool   // hide that input
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
	Took        time.Duration
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
	start := time.Now()
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
	res.Took = time.Since(start)
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

// process is a command under way.
type process struct {
	Command
	cmd  *exec.Cmd
	out  *output
	sink Sink
	dec  decoder

	outR, errR, fifoR, exitR, exitW *os.File
	stdinW                          *os.File
	theirs                          []*os.File // ends that belong to the process
	mine                            []*os.File
	opens                           *openWatch
	filling                         int // bytes of fifoR that are not the program's

	backMu sync.Mutex
	back   *os.File
	answer *gob.Encoder

	pieces chan written // from the pump to handOn

	exited, interrupted, overMemory atomic.Bool
	outEnd, errEnd                  bool
	deadline                        time.Time // after the exit
	inputs                          sync.WaitGroup
	asked                           atomic.Int32    // requests of the program itself that have no answer yet
	running                         context.Context // done when the process has ended
}

// open makes the pipes and the command.
func (p *process) open() error {
	var outW, errW *os.File
	var err error
	if p.outR, outW, err = textPipe(); err != nil {
		return err
	}
	p.mine, p.theirs = append(p.mine, p.outR), append(p.theirs, outW)
	if p.errR, errW, err = textPipe(); err != nil {
		return err
	}
	p.mine, p.theirs = append(p.mine, p.errR), append(p.theirs, errW)
	if p.exitR, p.exitW, err = os.Pipe(); err != nil {
		return err
	}
	p.mine = append(p.mine, p.exitR, p.exitW)
	p.cmd = exec.Command(p.Path, p.Args...)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = p.Dir, outW, errW
	p.cmd.Env = append(append([]string{}, p.Env...), "GONB_RESULT="+filepath.Join(p.Scratch, "result"))
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if p.Stdin {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		p.cmd.Stdin, p.stdinW = r, w
		p.mine, p.theirs = append(p.mine, w), append(p.theirs, r)
	}
	if p.Input != nil {
		p.cmd.Stdin = bytes.NewReader(p.Input)
		p.cmd.WaitDelay = time.Second
	}
	if !p.Displays {
		return nil
	}
	forth, back := filepath.Join(p.Scratch, "pipe"), filepath.Join(p.Scratch, "pipe_back")
	for _, name := range []string{forth, back} {
		if err := syscall.Mkfifo(name, 0o600); err != nil {
			return fmt.Errorf("mkfifo %s: %w", name, err)
		}
	}
	if p.fifoR, err = displayPipe(forth); err != nil {
		return err
	}
	p.mine = append(p.mine, p.fifoR)
	p.filling = fill(p.fifoR)
	p.opens = watchOpens(forth)
	if p.back, err = os.OpenFile(back, os.O_RDWR|syscall.O_NONBLOCK, 0); err != nil {
		return err
	}
	p.mine = append(p.mine, p.back)
	p.answer = gob.NewEncoder(p.back)
	p.cmd.Env = append(p.cmd.Env, "GONB_PIPE="+forth, "GONB_PIPE_BACK="+back)
	return nil
}

// displayPipe opens GONB_PIPE to read; to write as well, so that it never ends.
func displayPipe(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err == nil {
		onePage(f)
	}
	return f, err
}

// rawFd is a file's descriptor; unlike Fd it leaves the file as it is.
func rawFd(f *os.File) int {
	fd := -1
	if c, err := f.SyscallConn(); err == nil {
		_ = c.Control(func(p uintptr) { fd = int(p) })
	}
	return fd
}

func (p *process) closeTheirs() {
	for _, f := range p.theirs {
		_ = f.Close()
	}
	p.theirs = nil
}

func (p *process) closeAll() {
	p.closeTheirs()
	p.dec.close()
	for _, f := range p.mine {
		_ = f.Close()
	}
	if p.opens != nil {
		go p.opens.file.Close() // inotify takes 10 ms for it, which nobody need wait for
	}
}

// written is a piece of stdout (0), stderr (1) or the displays (2).
type written struct {
	file int
	data []byte
}

// got is told by the pump of a piece, or of the end of a file. It does no more, so that the pump is soon back.
func (p *process) got(i int, data []byte) {
	switch {
	case i == 0 && data == nil:
		p.outEnd = true
	case i == 1 && data == nil:
		p.errEnd = true
	case i < 3 && data != nil:
		p.pieces <- written{i, data}
	}
}

// handOn gives the pieces to the sink, until the pump has ended.
func (p *process) handOn() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		if d := p.out.wait(); d >= 0 {
			timer.Reset(d)
		} else {
			timer.Reset(time.Hour)
		}
		select {
		case w, ok := <-p.pieces:
			switch {
			case !ok:
				return
			case w.file == 2:
				p.show(w.data)
			default:
				p.out.write([]string{"stdout", "stderr"}[w.file], w.data)
			}
		case <-timer.C:
		}
		p.out.tick()
	}
}

// show hands on displays, and obeys the messages among them.
func (p *process) show(data []byte) {
	n := min(p.filling, len(data))
	p.filling -= n
	if data = data[n:]; len(data) == 0 {
		return
	}
	shown, errs := p.dec.feed(data)
	for _, d := range shown {
		if v, ok := d.Data[keyComm]; ok {
			if c, ok := v.(CommValue); ok && c.Address == syncAddress {
				p.reply(CommValue{Address: ackAddress, Value: numeric(c.Value)})
			}
			continue
		}
		if _, ok := d.Data[keySubscribe]; ok {
			continue
		}
		if v, ok := d.Data[keyInput]; ok {
			if r, ok := v.(InputRequest); ok && p.Stdin {
				p.out.flush()
				p.asked.Add(1)
				p.inputs.Go(func() {
					p.ask(p.running, r.Prompt, r.Password)
					p.asked.Add(-1)
				})
			}
			continue
		}
		p.out.flush()
		p.sink.Display(d)
	}
	for _, err := range errs {
		p.out.put("stderr", []byte(err.Error()+"\n"))
	}
}

// reply writes to GONB_PIPE_BACK.
func (p *process) reply(v CommValue) {
	p.backMu.Lock()
	defer p.backMu.Unlock()
	_ = p.back.SetWriteDeadline(time.Now().Add(time.Second)) // a program that does not read gets no answer
	_ = p.answer.Encode(v)
}

// wait is how long the pump may sleep: until something happens, or until the last words are over.
func (p *process) wait() time.Duration {
	if p.deadline.IsZero() {
		return -1
	}
	return max(time.Until(p.deadline), 0)
}

// over: the process has ended and its streams have, or what keeps them open has had its time.
func (p *process) over() bool {
	if !p.exited.Load() {
		return false
	}
	if p.deadline.IsZero() {
		p.deadline = time.Now().Add(lastWords)
	}
	if p.outEnd && p.errEnd {
		p.drainDisplays()
		return true
	}
	if time.Now().After(p.deadline) {
		if p.cmd.Process != nil {
			_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		}
		p.drainDisplays()
		return true
	}
	return false
}

// drainDisplays reads what is left in GONB_PIPE after the end of the process.
func (p *process) drainDisplays() {
	if p.fifoR == nil {
		return
	}
	buf := make([]byte, 64<<10)
	for {
		n, err := syscall.Read(rawFd(p.fifoR), buf)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || n == 0 {
			return
		}
		p.pieces <- written{2, bytes.Clone(buf[:n])}
	}
}

// watchInterrupt passes on an interrupt, and kills what does not obey.
func (p *process) watchInterrupt(done context.Context, soft, hard <-chan struct{}) {
	pid := p.cmd.Process.Pid
	select {
	case <-done.Done():
		return
	case <-hard:
		_ = syscall.Kill(-pid, syscall.SIGKILL)
		return
	case <-soft:
	}
	p.interrupted.Store(true)
	_ = syscall.Kill(-pid, syscall.SIGINT)
	select {
	case <-done.Done():
	case <-hard:
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	case <-time.After(killAfter):
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	}
}

// watchInput asks for a line whenever the process waits for one: when it has been seen waiting twice, so that a
// line on its way to it is not taken for one missing.
func (p *process) watchInput(done context.Context) {
	for waits := 0; sleep(done, inputTick); {
		if p.asked.Load() > 0 || !waitsForInput(p.cmd.Process.Pid, p.stdinW) {
			waits = 0
			continue
		}
		if waits++; waits < 2 {
			continue
		}
		waits = 0
		if !p.ask(done, p.Prompt, p.Password) {
			_ = p.stdinW.Close() // no answer will come: the end of the input
			return
		}
	}
}

// sleep waits; false when done is.
func sleep(done context.Context, d time.Duration) bool {
	select {
	case <-done.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// ask gets a line from the user and gives it to the process.
func (p *process) ask(ctx context.Context, prompt string, password bool) bool {
	line, ok := p.sink.Input(ctx, prompt, password)
	if !ok {
		return false
	}
	_, err := p.stdinW.WriteString(strings.TrimSuffix(line, "\n") + "\n")
	return err == nil
}

// watchMemory ends a process that takes more than it may.
func (p *process) watchMemory(done context.Context) {
	for sleep(done, memoryTick) {
		if memoryOf(p.cmd.Process.Pid) > p.MemoryLimit {
			p.overMemory.Store(true)
			_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
			return
		}
	}
}
