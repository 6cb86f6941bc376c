package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"elboroom/kernel/kerneltest"
)

func TestBadCells(t *testing.T) {
	k := start(t, t.TempDir())
	check := func(code, want string) {
		t.Helper()
		if r := execute(t, k, code, "error"); !strings.Contains(r.EName+": "+r.EValue, want) {
			t.Errorf("%s\n%s: %s, want %s", code, r.EName, r.EValue, want)
		}
	}
	check("os.Exit(3)", "exit status 3")
	check("go func() { panic(\"p\") }()\ntime.Sleep(time.Minute)", "line 1: p")
	check("select {}", "deadlock")
	r := execute(t, k, "func f(n int) int { return f(n+1) + 1 }\nf(1)", "error")
	if r.EValue != "cell 4, line 1: stack overflow" || strings.Contains(r.Traceback, "runtime.gopark") {
		t.Errorf("%s: %s\n%s\nwant the place, and none of the runtime's own goroutines", r.EName, r.EValue, r.Traceback)
	}
	check("var p *int\n*p = 1", "nil pointer")
	check("syscall.Kill(os.Getpid(), syscall.SIGSEGV)", "SIGSEGV: cell 6, line 1: segmentation violation")
	if r := execute(t, k, "panic(\"one\\n\\ntwo\")", "error"); !strings.Contains(r.Traceback, "two") {
		t.Errorf("the traceback is\n%s\nwant all of what the panic says", r.Traceback)
	}
	check("syscall.Kill(os.Getpid(), syscall.SIGKILL)", "killed")
	if r := execute(t, k, "os.Stdout.Write([]byte{'a', 0xff, 0xc3, 'b', 0xe2, 0x82})", "ok"); r.Stdout != "a\uFFFD\uFFFDb\uFFFD" && r.Stdout != "a\uFFFDb\uFFFD" {
		t.Errorf("invalid UTF-8 came as %q", r.Stdout)
	}
	if r := execute(t, k, "for _, c := range []byte(\"äöü€\") { os.Stdout.Write([]byte{c}); time.Sleep(15*time.Millisecond) }", "ok"); r.Stdout != "äöü€" {
		t.Errorf("characters in pieces came as %q", r.Stdout)
	}
	execute(t, k, "%env GONB_MEMORY_LIMIT 200M", "ok")
	check("var all [][]byte\nfor { b := make([]byte, 1<<20); for i := range b { b[i] = 1 }; all = append(all, b) }\nfmt.Println(len(all))", "more than 0.2 GB of memory")
	execute(t, k, "fmt.Println(\"still here\")", "ok")
}

func TestHowACellIsRun(t *testing.T) {
	k := start(t, t.TempDir())
	r, err := k.ExecuteWith(kerneltest.Content{"code": "func f() int { return 3 }\nfmt.Println(1)\n4", "silent": true})
	if err != nil || r.Status != "ok" || len(r.Order) != 0 || r.Result != "" {
		t.Errorf("silent: %+v, %v", r, err)
	}
	execute(t, k, "f()", "ok")
	r, err = k.ExecuteWith(kerneltest.Content{"code": "5", "store_history": false})
	if err != nil || fmt.Sprint(r.Reply["execution_count"]) != "1" || r.Result != "5" {
		t.Errorf("store_history false: %+v, %v", r, err)
	}
	h, err := k.Ask("history_request", kerneltest.Content{"hist_access_type": "tail", "n": 10, "output": true, "raw": true})
	if err != nil || fmt.Sprint(h["history"]) != "[[0 1 [f() 3]]]" {
		t.Errorf("history: %v, %v", h, err)
	}
	var ids []string
	for _, code := range []string{"panic(1)", "fmt.Println(2)", "fmt.Println(3)"} {
		ids = append(ids, k.Request("shell", "execute_request", kerneltest.Content{"code": code, "stop_on_error": true}))
	}
	for i, want := range []string{"error", "aborted", "aborted"} {
		if c, err := k.Reply(ids[i], patience); err != nil || c["status"] != want {
			t.Errorf("stop_on_error: cell %d: %v, %v, want %s", i, c["status"], err, want)
		}
	}
	ids = nil
	for _, code := range []string{"panic(1)", "fmt.Println(2)"} {
		ids = append(ids, k.Request("shell", "execute_request", kerneltest.Content{"code": code, "stop_on_error": false}))
	}
	for i, want := range []string{"error", "ok"} {
		if c, err := k.Reply(ids[i], patience); err != nil || c["status"] != want {
			t.Errorf("without stop_on_error: cell %d: %v, %v, want %s", i, c["status"], err, want)
		}
	}
	for code, want := range map[string]string{"x := 1": "complete", "func f() {": "incomplete", "x := )": "invalid", "fmt.Println(`": "incomplete", "1 +": "incomplete"} {
		if c, err := k.Ask("is_complete_request", kerneltest.Content{"code": code}); err != nil || c["status"] != want {
			t.Errorf("is_complete %q: %v, %v, want %s", code, c["status"], err, want)
		}
	}
	if c, err := k.Ask("comm_info_request", kerneltest.Content{}); err != nil || c["status"] != "ok" {
		t.Errorf("comm_info: %v, %v", c, err)
	}
}

func TestBadMessages(t *testing.T) {
	k := start(t, t.TempDir())
	_, good := k.Frames("execute_request", kerneltest.Content{"code": "!touch obeyed", "silent": false})
	forged := append([][]byte{}, good...)
	forged[1] = []byte(strings.Repeat("0", 64))
	short := append([][]byte{}, good[:4]...)
	_, unknown := k.Frames("no_such_request", kerneltest.Content{})
	_, notObject := k.Frames("execute_request", nil)
	for name, frames := range map[string][][]byte{"forged": forged, "short": short, "unknown": unknown, "null content": notObject,
		"nothing": {[]byte("")}, "many": make([][]byte, 200), "half": good[2:]} {
		if err := k.Shell.Send(frames...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	execute(t, k, "1+1", "ok")
	r, err := k.ExecuteWith(kerneltest.Content{"code": "1+2", "user_expressions": kerneltest.Content{"a": 3}, "stop_on_error": "no"})
	if err != nil || r.Result != "3" {
		t.Errorf("with fields of wrong types: %+v, %v", r, err)
	}
	if _, err := os.Stat(filepath.Join(k.Dir, "obeyed")); err == nil {
		t.Error("a message with a bad signature was obeyed")
	}
}

func TestManyDeclarations(t *testing.T) {
	k := start(t, t.TempDir())
	for c := range 10 {
		var b strings.Builder
		for i := range 30 {
			fmt.Fprintf(&b, "func f%d_%d(x int) int { return x + %d }\n", c, i, i)
		}
		execute(t, k, b.String(), "ok")
	}
	if r := execute(t, k, "f9_29(1) + f0_1(1)", "ok"); r.Result != "32" {
		t.Errorf("result %q", r.Result)
	}
}

// TestThousandCells: memory stays flat. Half of the cells declare something, under few names.
func TestThousandCells(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 100
	}
	k := start(t, t.TempDir())
	before := 0
	for i := range n {
		if i%2 == 0 {
			execute(t, k, fmt.Sprintf("// %d\nfunc f%d(x int) int { return x + %d }", i, i%20, i), "ok")
		} else {
			execute(t, k, fmt.Sprintf("%%env X %d", i), "ok")
		}
		if i == n/4 {
			before = rss(t, k.Cmd.Process.Pid)
		}
	}
	after := rss(t, k.Cmd.Process.Pid)
	t.Logf("memory: %d kB after %d cells, %d kB after %d", before, n/4, after, n)
	if after > before*3/2+8<<10 {
		t.Errorf("memory grew from %d kB to %d kB", before, after)
	}
	if after > 40<<10 && !underRace {
		t.Errorf("%d kB, want at most 40 MB", after)
	}
}

// rss is a process's resident memory in kB.
func rss(t testing.TB, pid int) int {
	t.Helper()
	out, err := exec.Command("ps", "-o", "rss=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
