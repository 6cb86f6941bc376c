package run

import (
	"context"
	"strings"
	"syscall"
	"time"
)

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
		if !p.ask(done, "", p.Password) {
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
