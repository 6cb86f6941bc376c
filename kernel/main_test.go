package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elboroom/kernel/kerneltest"
)

// kernelBin is the kernel under test.
var kernelBin string

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "kernel-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	var flags []string
	if underRace {
		flags = []string{"-race"}
	}
	if kernelBin, err = kerneltest.Build(dir, flags...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	gocache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for k, v := range map[string]string{ // the tests' temporary folders and cache are their own; Go's build cache is not
		"GOCACHE": strings.TrimSpace(string(gocache)), "XDG_CACHE_HOME": filepath.Join(dir, "cache"), "TMPDIR": filepath.Join(dir, "tmp"),
	} {
		if err := os.Setenv(k, v); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "tmp"), 0o700); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// start starts a kernel in a folder and sees to it that it ends and leaves nothing.
func start(t testing.TB, dir string, env ...string) *kerneltest.Kernel {
	t.Helper()
	k, err := kerneltest.Start([]string{kernelBin, "run"}, dir, env...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if k.Cmd.ProcessState == nil {
			if err := k.Shutdown(); err != nil {
				t.Error(err)
			}
		}
		if log := k.Log(); strings.Contains(log, "DATA RACE") || strings.Contains(log, "panic") {
			t.Errorf("the kernel wrote\n%s", log)
		}
	})
	return k
}

// execute runs a cell that must end with this status.
func execute(t testing.TB, k *kerneltest.Kernel, code, status string) kerneltest.Run {
	t.Helper()
	r, err := k.Execute(code)
	if err != nil {
		t.Fatalf("%s\n%v", code, err)
	}
	if r.Status != status {
		t.Fatalf("%s\nended %s, want %s\nstdout %q\nstderr %q\n%s: %s\n%s", code, r.Status, status, cut(r.Stdout), cut(r.Stderr), r.EName, r.EValue, r.Traceback)
	}
	return r
}

func cut(s string) string { return s[:min(len(s), 2000)] }

// patience is how long a test waits for what takes a moment, on a machine that has much else to do.
const patience = 90 * time.Second

// eventually waits for something to become true.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// begin asks for a cell and returns as soon as it says its first word.
func begin(t testing.TB, k *kerneltest.Kernel, code string, stdin bool) (id string) {
	t.Helper()
	id = k.Request("shell", "execute_request", kerneltest.Content{"code": code, "allow_stdin": stdin, "stop_on_error": true})
	end := time.After(patience)
	for {
		select {
		case m := <-k.Outputs:
			if m.Parent == id && m.Type == "stream" {
				return id
			}
		case m := <-k.Replies:
			if m.Parent == id {
				t.Fatalf("%s\nended at once: %v", code, m.Content)
			}
		case <-end:
			t.Fatalf("%s\nsaid nothing", code)
		}
	}
}

// stopped sees that a cell ends as interrupted, and that the next one runs.
func stopped(t testing.TB, k *kerneltest.Kernel, id string) {
	t.Helper()
	r, err := k.Follow(id, time.Now(), patience)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != "error" || r.EName != "Interrupted" {
		t.Errorf("ended %s, %s: %s", r.Status, r.EName, r.EValue)
	}
	if r := execute(t, k, "1 + 1", "ok"); r.Result != "2" {
		t.Errorf("after that: %+v", r)
	}
}

// leftovers are the temporary folders of kernels.
func leftovers(t testing.TB) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "gonb_*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}
