package run

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
)

// TestClearUp: nothing of a living kernel is touched; of a dead one go the process groups, whatever environment they
// have, the processes that left their group (Linux), and the folder.
func TestClearUp(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	root, lock, err := TempRoot()
	if err != nil {
		t.Fatal(err)
	}
	begin := func(env string) *exec.Cmd {
		cmd := exec.Command("sleep", "60")
		cmd.Env, cmd.SysProcAttr = []string{env}, &syscall.SysProcAttr{Setsid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		return cmd
	}
	group, left, other := begin("A=1"), begin("GONB_TMP_DIR="+root+"/module"), begin("GONB_TMP_DIR="+root+"1/module")
	if err := os.Mkdir(filepath.Join(root, "run1"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(strconv.Itoa(group.Process.Pid), filepath.Join(root, "run1", groupName)); err != nil {
		t.Fatal(err)
	}
	second, secondLock, err := TempRoot()
	if err != nil {
		t.Fatal(err)
	}
	defer secondLock.Close()
	if _, err := os.Stat(root); err != nil {
		t.Errorf("a living kernel's folder: %v", err)
	}
	guarded := make(chan bool)
	go func() {
		ServeGuard(root)
		close(guarded)
	}()
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	<-guarded
	for cmd, want := range map[*exec.Cmd]syscall.Signal{group: syscall.SIGKILL, left: syscall.SIGKILL, other: syscall.SIGTERM} {
		if cmd == left && runtime.GOOS != "linux" {
			continue
		}
		_ = cmd.Process.Signal(syscall.SIGTERM) // too late for who was killed
		if err := cmd.Wait(); err == nil || cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != want {
			t.Errorf("%v: %v, want %v", cmd.Env, err, want)
		}
	}
	if _, err := os.Stat(root); err == nil {
		t.Error("the folder is still there")
	}
	if _, err := os.Stat(second); err != nil {
		t.Errorf("another's folder: %v", err)
	}
}
