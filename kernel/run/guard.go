package run

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Guard is a small process that outlives the kernel by a moment: when the kernel is gone, however it went, it ends
// the process groups that were running and removes the temporary folder.
type Guard struct {
	mu  sync.Mutex
	cmd *exec.Cmd
	in  io.WriteCloser
}

// NewGuard starts one by calling this same program with the words "guard" and root.
func NewGuard(root string) (*Guard, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "guard", root)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &Guard{cmd: cmd, in: in}, nil
}

func (g *Guard) say(format string, args ...any) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	_, _ = fmt.Fprintf(g.in, format, args...) // a guard that is gone guards nothing: the kernel goes on
}

// Add puts a process group under guard.
func (g *Guard) Add(pgid int) { g.say("+%d\n", pgid) }

// Remove says that it has ended.
func (g *Guard) Remove(pgid int) { g.say("-%d\n", pgid) }

// Close lets the guard do its work, and waits for it.
func (g *Guard) Close() {
	if g == nil {
		return
	}
	g.mu.Lock()
	_ = g.in.Close()
	g.mu.Unlock()
	_ = g.cmd.Wait()
}

// ServeGuard is the guard's own program. It reads the kernel's words until the kernel is gone.
func ServeGuard(in io.Reader, root string) {
	groups := map[int]bool{}
	for s := bufio.NewScanner(in); s.Scan(); {
		line := s.Text()
		pgid, err := strconv.Atoi(strings.TrimLeft(line, "+-"))
		if err != nil || pgid <= 1 {
			continue
		}
		if line[0] == '+' {
			groups[pgid] = true
		} else {
			delete(groups, pgid)
		}
	}
	for g := range groups {
		_ = syscall.Kill(-g, syscall.SIGKILL)
	}
	_ = os.RemoveAll(root)
}

// tempPrefix begins the names of temporary folders.
const tempPrefix = "gonb_"

// TempRoot makes the kernel's temporary folder and clears those that kernels left which were killed together with
// their guards, with what they ran: a live kernel holds a lock on its own. The file returned is that lock; keep it open.
func TempRoot() (root string, lock *os.File, err error) {
	olds, _ := filepath.Glob(filepath.Join(os.TempDir(), tempPrefix+"*", "lock"))
	for _, l := range olds {
		f, err := os.OpenFile(l, os.O_RDWR, 0)
		if err != nil {
			continue // another user's
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			endLeft(filepath.Dir(l))
			_ = os.RemoveAll(filepath.Dir(l))
		}
		_ = f.Close()
	}
	root, err = os.MkdirTemp("", tempPrefix)
	if err != nil {
		return "", nil, err
	}
	fresh := filepath.Join(root, "lock.new") // locked before it has the name that others look for
	if lock, err = os.OpenFile(fresh, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return "", nil, err
	}
	if err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return "", nil, err
	}
	return root, lock, os.Rename(fresh, filepath.Join(root, "lock"))
}
