package run

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a command under way. All of it belongs to the goroutine of Run.
type process struct {
	Command
	sink Sink
	out  output
	dec  decoder
	cmd  *exec.Cmd

	files         []*os.File   // to be closed
	reads         [3]*os.File  // of stdout, of stderr and, where they are wanted, of the displays
	opens         *os.File     // can be read when the displays' pipe is opened; nil where nobody tells
	stop, stopped *os.File     // the pump ends when the first is closed, and with it the second
	back          *os.File     // GONB_PIPE_BACK
	answers       *gob.Encoder // into it

	stdin    *os.File        // nil where nothing is to be asked for
	requests []InputRequest  // that have no answer yet; the user sees the first
	answered chan bool       // whether the process has one
	asks     context.Context // of the requests
	waits    int             // ticks in a row at which the process waited for input
}

// start makes the pipes and starts the command.
func (p *process) start() error {
	var pipes [4]struct{ r, w *os.File }
	for i := range pipes {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		pipes[i].r, pipes[i].w = r, w
		p.files = append(p.files, r, w)
	}
	in, out, errs, stop := pipes[0], pipes[1], pipes[2], pipes[3]
	_, _ = keepOrder(out.w.Fd()), keepOrder(errs.w.Fd()) // where that is not to be had, it costs order
	p.reads[stdout], p.reads[stderr], p.stop, p.stopped = out.r, errs.r, stop.w, stop.r
	p.cmd = exec.Command(p.Path, p.Args...)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = p.Dir, out.w, errs.w
	p.cmd.Env = append(slices.Clip(p.Env), "GONB_RESULT="+filepath.Join(p.Scratch, "result"))
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if p.Stdin {
		p.cmd.Stdin, p.stdin = in.r, in.w
	} else if p.Input != nil {
		p.cmd.Stdin, p.cmd.WaitDelay = bytes.NewReader(p.Input), time.Second
	}
	if p.Displays {
		p.cmd.Args[0] = "cell" // as flag's usage has it: the file's own name would say nothing
		if err := p.openDisplays(); err != nil {
			return err
		}
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	for _, f := range []*os.File{in.r, out.w, errs.w} {
		_ = f.Close()
	}
	_ = os.Symlink(strconv.Itoa(p.cmd.Process.Pid), filepath.Join(p.Scratch, groupName)) // for the guard; made in one step
	return nil
}

// openDisplays makes the pipes of the display protocol.
func (p *process) openDisplays() error {
	forth, err := p.fifo("pipe")
	if err != nil {
		return err
	}
	back, err := p.fifo("pipe_back")
	if err != nil {
		return err
	}
	p.reads[displays], p.opens, p.back, p.answers = forth, hold(forth), back, gob.NewEncoder(back)
	p.cmd.Env = append(p.cmd.Env, "GONB_PIPE="+forth.Name(), "GONB_PIPE_BACK="+back.Name())
	return nil
}

// fifo makes a named pipe and opens it to read and to write, so that it never ends.
func (p *process) fifo(name string) (*os.File, error) {
	path := filepath.Join(p.Scratch, name)
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		return nil, fmt.Errorf("mkfifo %s: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0)
	p.files = append(p.files, f)
	return f, err
}

// close ends what is left of a run.
func (p *process) close() {
	for _, f := range p.files {
		_ = f.Close()
	}
	if len(p.requests) > 0 {
		<-p.answered
	}
	p.dec.close()
	if p.opens != nil {
		go p.opens.Close() // inotify takes 10 ms for it, which nobody need wait for
	}
}

// kill ends the process group.
func (p *process) kill() { _ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }

// show hands on displays, and obeys the messages among them.
func (p *process) show(data []byte) {
	shown, errs := p.dec.feed(data)
	for _, d := range shown {
		comm, isComm := d.Data[keyComm]
		input, isInput := d.Data[keyInput]
		_, isSubscription := d.Data[keySubscribe]
		flush, _ := comm.(CommValue)
		request, wanted := input.(InputRequest)
		switch {
		case flush.Address == syncAddress:
			_ = p.back.SetWriteDeadline(time.Now().Add(time.Second))
			if p.answers.Encode(CommValue{Address: ackAddress, Value: flush.Value}) != nil {
				p.answers = gob.NewEncoder(io.Discard) // a program that does not read is waited for once
			}
		case wanted && p.stdin != nil:
			p.ask(request)
		case !isComm && !isInput && !isSubscription:
			p.out.flush()
			p.sink.Display(d)
		}
	}
	for _, err := range errs {
		p.out.put(stderr, []byte(err.Error()+"\n"))
	}
}

// watchInput asks for a line whenever the process waits for one: when it has been seen waiting twice, so that a
// line on its way to it is not taken for one missing.
func (p *process) watchInput() {
	if p.stdin == nil || len(p.requests) > 0 || !waitsForInput(p.cmd.Process.Pid, p.stdin) {
		p.waits = 0
		return
	}
	if p.waits++; p.waits == 2 {
		p.ask(InputRequest{Password: p.Password})
	}
}

// ask gets a line from the user and gives it to the process, after those that were asked for before.
func (p *process) ask(r InputRequest) {
	p.requests = append(p.requests, r)
	if len(p.requests) == 1 {
		p.askNext()
	}
}

func (p *process) askNext() {
	p.out.flush()
	p.waits = 0
	stdin, r := p.stdin, p.requests[0]
	go func() {
		line, ok := p.sink.Input(p.asks, r.Prompt, r.Password)
		if ok {
			_, err := stdin.WriteString(strings.TrimSuffix(line, "\n") + "\n")
			ok = err == nil
		}
		p.answered <- ok
	}()
}
