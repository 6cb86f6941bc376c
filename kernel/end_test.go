package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"elboroom/kernel/kerneltest"
)

// seconds is a number of seconds that no other run of these tests sleeps for.
func seconds(n int) string { return fmt.Sprintf("%d.%07d", n, os.Getpid()) }

// sleeps reports whether somebody sleeps for so long.
func sleeps(long string) bool {
	return exec.Command("pgrep", "-f", "^sleep "+strings.ReplaceAll(long, ".", "[.]")).Run() == nil
}

func TestChildrenEndWithTheCell(t *testing.T) {
	k := start(t, t.TempDir())
	long := seconds(600)
	for _, code := range []string{
		"cmd := exec.Command(\"sleep\", \"" + long + "\")\ncmd.Stdout = os.Stdout\ncmd.Start()\nfmt.Println(\"started\")",
		"!sleep " + long + " & echo started",
	} {
		r := execute(t, k, code, "ok")
		if r.Stdout != "started\n" {
			t.Errorf("stdout %q", r.Stdout)
		}
		eventually(t, "the child has ended", func() bool { return !sleeps(long) })
	}
}

// TestNothingIsLeft: shutdown, kill -9 of the kernel, and the end of Jupyter leave no process and no folder.
func TestNothingIsLeft(t *testing.T) {
	k := start(t, t.TempDir())
	execute(t, k, "fmt.Println(1)", "ok")
	if len(leftovers(t)) == 0 {
		t.Error("a running kernel has no temporary folder where this test looks")
	}
	if err := k.Shutdown(); err != nil {
		t.Error(err)
	}
	if l := leftovers(t); len(l) > 0 {
		t.Errorf("after shutdown: %v", l)
	}

	long := seconds(601)
	busy := "cmd := exec.Command(\"sleep\", \"" + long + "\")\ncmd.Start()\nfmt.Println(os.Getpid())\nselect { case <-time.After(time.Hour): }"
	k = start(t, t.TempDir())
	k.Request("shell", "execute_request", kerneltest.Content{"code": busy})
	eventually(t, "the cell runs", func() bool { return sleeps(long) })
	if err := k.Cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = k.Cmd.Wait()
	eventually(t, "the cell's processes have ended", func() bool { return !sleeps(long) })
	eventually(t, "the folder is gone", func() bool { return len(leftovers(t)) == 0 })

	k = start(t, t.TempDir())
	k.Request("shell", "execute_request", kerneltest.Content{"code": busy})
	eventually(t, "the cell runs", func() bool { return sleeps(long) })
	if err := k.Cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := k.Cmd.Wait(); err != nil {
		t.Errorf("on SIGTERM: %v", err)
	}
	eventually(t, "the cell's processes have ended", func() bool { return !sleeps(long) })
	if l := leftovers(t); len(l) > 0 {
		t.Errorf("after SIGTERM: %v", l)
	}
}

// TestKernelEndsWithJupyter kills the process that started the kernel.
func TestKernelEndsWithJupyter(t *testing.T) {
	dir := t.TempDir()
	conn := filepath.Join(dir, "kernel-x.json")
	if err := os.WriteFile(conn, fmt.Appendf(nil, `{"ip":%q,"transport":"ipc","key":"k","shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5}`, filepath.Join(dir, "s")), 0o600); err != nil {
		t.Fatal(err)
	}
	jupyter := exec.Command("/bin/sh", "-c", `JPY_PARENT_PID=$$ "$0" run "$1" & echo $!; wait`, kernelBin, conn)
	out, err := jupyter.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := jupyter.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 20)
	n, err := out.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(buf[:n])))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the kernel listens", func() bool { _, err := os.Stat(filepath.Join(dir, "s-5")); return err == nil })
	if err := jupyter.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = jupyter.Wait()
	eventually(t, "the kernel has ended", func() bool { return syscall.Kill(pid, 0) != nil })
	eventually(t, "the folder is gone", func() bool { return len(leftovers(t)) == 0 })
}

// guardOf is the process of a kernel's guard.
func guardOf(t *testing.T, k *kerneltest.Kernel) (pid int) {
	t.Helper()
	eventually(t, "there is a guard", func() bool {
		out, err := exec.Command("pgrep", "-P", strconv.Itoa(k.Cmd.Process.Pid), "-f", " guard ").Output()
		if err == nil {
			pid, err = strconv.Atoi(strings.TrimSpace(string(out)))
		}
		return err == nil
	})
	return pid
}

// TestEndedAfterItsGuard: VS Code kills the kernel's children, the guard among them, and then asks the kernel to end.
func TestEndedAfterItsGuard(t *testing.T) {
	k := start(t, t.TempDir())
	long := seconds(603)
	begin(t, k, "!echo 1; sleep "+long+" & sleep "+long, false)
	if err := syscall.Kill(guardOf(t, k), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := k.Cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := k.Cmd.Wait(); err != nil {
		t.Error(err)
	}
	eventually(t, "the cell's processes have ended", func() bool { return !sleeps(long) })
	if l := leftovers(t); len(l) > 0 {
		t.Errorf("left: %v", l)
	}
}

// TestKilledWithItsGuard: when nobody was left to clear up, the next kernel does: processes, pipes and folders.
func TestKilledWithItsGuard(t *testing.T) {
	k := start(t, t.TempDir())
	long := seconds(602)
	begin(t, k, "cmd := exec.Command(\"sleep\", \""+long+"\")\ncmd.Start()\nfmt.Println(1)\nselect { case <-time.After(time.Hour): }", false)
	guard := guardOf(t, k)
	eventually(t, "the cell's child runs", func() bool { return sleeps(long) })
	for _, pid := range []int{guard, k.Cmd.Process.Pid} {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	_ = k.Cmd.Wait()
	if len(leftovers(t)) != 1 || !sleeps(long) {
		t.Fatalf("who cleared up? %v", leftovers(t))
	}
	old := leftovers(t)[0]
	k = start(t, t.TempDir())
	if runtime.GOOS == "linux" { // elsewhere another's environment is not to be read
		eventually(t, "the processes have ended", func() bool { return !sleeps(long) })
	}
	if _, err := os.Stat(old); err == nil {
		t.Errorf("%s is still there", old)
	}
	execute(t, k, "1", "ok")
}

// TestStartsWhereOneWasKilled: over ipc the files of the sockets stay behind.
func TestStartsWhereOneWasKilled(t *testing.T) {
	dir := t.TempDir()
	conn := filepath.Join(dir, "kernel-x.json")
	put(t, conn, fmt.Sprintf(`{"ip":%q,"transport":"ipc","key":"k","shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5}`, filepath.Join(dir, "s")))
	for range 2 {
		k := exec.Command(kernelBin, "run", conn)
		if err := k.Start(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the kernel listens", func() bool {
			c, err := net.Dial("unix", filepath.Join(dir, "s-5"))
			if err == nil {
				_ = c.Close()
			}
			return err == nil
		})
		if second, err := exec.Command(kernelBin, "run", conn).CombinedOutput(); err == nil || !strings.Contains(string(second), "somebody listens") {
			t.Errorf("a second kernel on the same sockets: %v, %s", err, second)
		}
		if err := k.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = k.Wait()
	}
	eventually(t, "the folders are gone", func() bool { return len(leftovers(t)) == 0 })
}
