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
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

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
