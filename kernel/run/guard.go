package run

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	tempPrefix = "gonb_"               // begins the names of temporary folders
	lockName   = "lock"                // the file in it that a live kernel has locked
	groupName  = "group"               // a link in a run's scratch folder whose text is the process group
	lookAgain  = 50 * time.Millisecond // after a death, for what was just being started
)

// TempRoot makes the kernel's temporary folder and clears those that kernels left which were killed together with
// their guards, with what they ran: a live kernel holds a lock on its own. The file returned is that lock; keep it open.
func TempRoot() (root string, lock *os.File, err error) {
	olds, _ := filepath.Glob(filepath.Join(os.TempDir(), tempPrefix+"*", lockName))
	for _, l := range olds {
		clearUp(filepath.Dir(l), syscall.LOCK_EX|syscall.LOCK_NB)
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
	return root, lock, os.Rename(fresh, filepath.Join(root, lockName))
}

// StartGuard starts a small process that outlives the kernel by a moment: when the kernel is gone, however it went,
// it ends what was running and removes the temporary folder. It is this same program, called with "guard" and root.
func StartGuard(root string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, "guard", root)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait() // it may be killed
	return nil
}

// ServeGuard is the guard's own program.
func ServeGuard(root string) { clearUp(root, syscall.LOCK_EX) }

// clearUp ends what a dead kernel left running and removes its folder, if its lock is to be had, for which LOCK_EX alone
// waits. What a kernel was about to start holds the lock as well, until it can be recognised.
func clearUp(root string, how int) {
	lock, err := os.OpenFile(filepath.Join(root, lockName), os.O_RDWR, 0)
	if err != nil {
		return // another user's, or cleared up by another
	}
	defer lock.Close()
	if syscall.Flock(int(lock.Fd()), how) != nil {
		return
	}
	if how == syscall.LOCK_EX { // it has died just now: later the numbers may be those of other groups
		endGroups(root)
		defer endLeft(root) // and what was being started
		defer time.Sleep(lookAgain)
	}
	endLeft(root)
	_ = os.RemoveAll(root)
}

// endGroups kills the process groups of the runs that were under way.
func endGroups(root string) {
	links, _ := filepath.Glob(filepath.Join(root, "*", groupName))
	for _, l := range links {
		text, _ := os.Readlink(l)
		if pgid, err := strconv.Atoi(text); err == nil && pgid > 1 {
			_ = syscall.Kill(-pgid, syscall.SIGKILL)
		}
	}
}
