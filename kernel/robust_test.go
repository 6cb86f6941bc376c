package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"elboroom/kernel/kerneltest"
)

// displayer is a cell's own side of GoNB's display protocol: a display, and the flush before the end.
const displayer = `
import ("encoding/gob"; "os"; "bufio")
type shown struct { Data map[string]any; Metadata map[string]any; DisplayID string }
type comm struct { Address string; Request bool; Value any }
type pipes struct { enc *gob.Encoder; out *bufio.Writer }
func open() pipes {
	gob.RegisterName("github.com/janpfeifer/gonb/gonbui/protocol.CommValue", comm{})
	gob.Register(map[string]any{})
	gob.Register([]any{})
	f, err := os.OpenFile(os.Getenv("GONB_PIPE"), os.O_WRONLY, 0)
	if err != nil { panic(err) }
	return pipes{enc: gob.NewEncoder(f)}
}
func (p pipes) show(text, id string) {
	if err := p.enc.Encode(shown{Data: map[string]any{"text/plain": text}, DisplayID: id}); err != nil { panic(err) }
}
func (p pipes) sync() any {
	back, err := os.OpenFile(os.Getenv("GONB_PIPE_BACK"), os.O_RDONLY, 0)
	if err != nil { panic(err) }
	if err := p.enc.Encode(shown{Data: map[string]any{"gonb/comm_value": comm{Address: "#gonbui/sync", Value: 7}}}); err != nil { panic(err) }
	var c comm
	if err := gob.NewDecoder(back).Decode(&c); err != nil { panic(err) }
	return fmt.Sprint(c.Address, c.Value)
}
`

func TestDisplays(t *testing.T) {
	k := start(t, t.TempDir())
	execute(t, k, displayer, "ok")
	r := execute(t, k, "%%\np := open()\nfmt.Println(\"a\")\np.show(\"b\", \"\")\nfmt.Println(\"c\")\nfmt.Fprintln(os.Stderr, \"d\")\np.show(\"e\", \"\")\nfmt.Println(p.sync())", "ok")
	if got, want := strings.Join(r.Order, " "), "stdout:a display:b stdout:c stderr:d display:e stdout:#gonbui/sync_ack7"; got != want {
		t.Errorf("the order is %s, want %s", got, want)
	}
	r = execute(t, k, "%%\np := open()\np.show(\"1\", \"id\")\np.show(\"2\", \"id\")\np.sync()", "ok")
	if len(r.Displays) != 1 || len(r.Updates) != 1 {
		t.Errorf("%d displays and %d updates, want one of each", len(r.Displays), len(r.Updates))
	}
	if r = execute(t, k, "%%\np := open()\np.show(\"3\", \"id\")", "ok"); len(r.Displays) != 0 || len(r.Updates) != 1 {
		t.Errorf("from another cell: %d displays and %d updates, want an update", len(r.Displays), len(r.Updates))
	}
	r = execute(t, k, `%%
p := open()
p.enc.Encode(shown{Data: map[string]any{"text/html": "<b>x</b>", "image/png": []byte{1, 2}, "application/json": map[string]any{"a": []any{1, "b"}}},
	Metadata: map[string]any{"image/png": map[string]any{"width": 80}}})`, "ok")
	if got := fmt.Sprint(r.Displays[0]["data"], r.Displays[0]["metadata"]); got != "map[application/json:map[a:[1 b]] image/png:AQI= text/html:<b>x</b>] map[image/png:map[width:80]]" {
		t.Errorf("a display of several kinds is %s", got)
	}
	r = execute(t, k, "%%\np := open()\nfor i := range 20000 { p.show(fmt.Sprint(i), \"\") }", "ok") // without a flush
	if len(r.Displays) != 20000 {
		t.Errorf("%d of 20000 displays arrived", len(r.Displays))
	}
	r = execute(t, k, "type odd struct{ X int }\n%%\ngob.Register(odd{})\np := open()\np.enc.Encode(shown{Data: map[string]any{\"text/plain\": odd{1}}})\np.show(\"after\", \"\")", "ok")
	if len(r.Displays) != 1 || !strings.Contains(r.Stderr, "dropped") {
		t.Errorf("after a display of an unknown type: %d displays, stderr %q", len(r.Displays), r.Stderr)
	}
	execute(t, k, "%%\nf, _ := os.OpenFile(os.Getenv(\"GONB_PIPE\"), os.O_WRONLY, 0)\nf.Write(bytes.Repeat([]byte{0xff, 0x80, 3}, 100000))", "ok")
}

// TestOrder writes to three pipes in a random order.
func TestOrder(t *testing.T) {
	k := start(t, t.TempDir())
	execute(t, k, displayer, "ok")
	r := execute(t, k, `%%
p := open()
r := rand.New(rand.NewPCG(1, 2))
for i := range 2000 {
	switch r.IntN(3) {
	case 0:
		fmt.Println(i)
	case 1:
		fmt.Fprintln(os.Stderr, i)
	case 2:
		p.show(fmt.Sprint(i), "")
	}
}
p.sync()`, "ok")
	wrong := 0
	for i, o := range r.Order {
		if _, n, _ := strings.Cut(o, ":"); n != strconv.Itoa(i) {
			wrong++
		}
	}
	if len(r.Order) != 2000 || wrong > 0 {
		t.Errorf("%d outputs, %d of them out of place, want 2000 and none", len(r.Order), wrong)
	}
}

func TestMuchOutput(t *testing.T) {
	k := start(t, t.TempDir())
	r := execute(t, k, "line := strings.Repeat(\"x\", 99)\nfor range 100000 { fmt.Println(line) }", "ok")
	if len(r.Stdout) != 10_000_000 {
		t.Errorf("%d bytes of 10 MB arrived", len(r.Stdout))
	}
	if r.Took > 10*time.Second {
		t.Errorf("10 MB of output took %v", r.Took)
	}
	t.Logf("10 MB in 100,000 lines took %v", r.Took)
	r = execute(t, k, "os.Stdout.Write(make([]byte, 30<<20))", "ok")
	if len(r.Stdout) < 10<<20 || !strings.Contains(r.Stderr, "stdout was cut: 21.0 MB more than the limit of 10.5 MB") {
		t.Errorf("%d bytes, stderr %q", len(r.Stdout), r.Stderr)
	}
	execute(t, k, "%env GONB_OUTPUT_LIMIT 1K", "ok")
	if r = execute(t, k, "fmt.Print(strings.Repeat(\"y\", 5000))", "ok"); len(r.Stdout) != 1024 {
		t.Errorf("%d bytes, want 1024", len(r.Stdout))
	}
}

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
	check("func f(n int) int { return f(n+1) + 1 }\nf(1)", "stack overflow")
	check("var p *int\n*p = 1", "nil pointer")
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

// TestFullDisk lets a cell fill the disk that it is given.
func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Log("no /dev/full on this system: nothing to fill")
		return
	}
	k := start(t, t.TempDir())
	if r := execute(t, k, "f, err := os.OpenFile(\"/dev/full\", os.O_WRONLY, 0)\nif err != nil { panic(err) }\n_, err = f.Write(make([]byte, 10))\nfmt.Println(err)", "ok"); !strings.Contains(r.Stdout, "no space left") {
		t.Errorf("stdout %q", r.Stdout)
	}
	if r := execute(t, k, "%%writefile /dev/full\nx", "error"); !strings.Contains(r.EValue, "no space left") {
		t.Errorf("%s", r.EValue)
	}
}

func TestChildrenEndWithTheCell(t *testing.T) {
	k := start(t, t.TempDir())
	for _, code := range []string{
		"cmd := exec.Command(\"sleep\", \"600.25\")\ncmd.Stdout = os.Stdout\ncmd.Start()\nfmt.Println(\"started\")",
		"!sleep 600.25 & echo started",
	} {
		r := execute(t, k, code, "ok")
		if r.Stdout != "started\n" || r.Took > 5*time.Second {
			t.Errorf("stdout %q after %v", r.Stdout, r.Took)
		}
		eventually(t, "the child has ended", func() bool { return exec.Command("pgrep", "-f", "^sleep 600.25").Run() != nil })
	}
}

func TestInterrupt(t *testing.T) {
	k := start(t, t.TempDir())
	for name, c := range map[string]struct {
		code   string
		within time.Duration
	}{
		"a loop":              {"for {}", 2 * time.Second},
		"a shell command":     {"!sleep 100", 2 * time.Second},
		"who ignores SIGINT":  {"signal.Ignore(os.Interrupt)\nfmt.Println(\"deaf\")\nselect { case <-time.After(time.Minute): }", 8 * time.Second},
		"who handles it well": {"c := make(chan os.Signal, 1)\nsignal.Notify(c, os.Interrupt)\n<-c\nfmt.Println(\"bye\")", 2 * time.Second},
	} {
		begin := time.Now()
		id := k.Request("shell", "execute_request", kerneltest.Content{"code": c.code, "allow_stdin": false})
		time.Sleep(700 * time.Millisecond)
		asked := time.Now()
		k.Request("control", "interrupt_request", kerneltest.Content{})
		r, err := k.Follow(id, begin, 20*time.Second)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Status != "error" || r.EName != "Interrupted" || time.Since(asked) > c.within {
			t.Errorf("%s: ended %s, %s, after %v", name, r.Status, r.EName, time.Since(asked))
		}
	}
	execute(t, k, "fmt.Println(1)", "ok")
}

func TestInput(t *testing.T) {
	k := start(t, t.TempDir())
	asked := 0
	k.Answer = func(string) string { asked++; return fmt.Sprintf("answer %d", asked) }
	r := execute(t, k, "in := bufio.NewReader(os.Stdin)\nfor range 2 { s, _ := in.ReadString('\\n'); fmt.Print(\"got \", s) }", "ok")
	if r.Stdout != "got answer 1\ngot answer 2\n" {
		t.Errorf("stdout %q", r.Stdout)
	}
	if r = execute(t, k, "!read x; echo \"shell $x\"", "ok"); r.Stdout != "shell answer 3\n" {
		t.Errorf("stdout %q", r.Stdout)
	}
	k.Answer = nil // a client without input: the end of it, at once
	if r = execute(t, k, "var s string\n_, err := fmt.Scanln(&s)\nfmt.Println(err)", "ok"); !strings.Contains(r.Stdout, "EOF") && !strings.Contains(r.Stdout, "unexpected newline") {
		t.Errorf("stdout %q", r.Stdout)
	}
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
		if c, err := k.Reply(ids[i], 20*time.Second); err != nil || c["status"] != want {
			t.Errorf("stop_on_error: cell %d: %v, %v, want %s", i, c["status"], err, want)
		}
	}
	ids = nil
	for _, code := range []string{"panic(1)", "fmt.Println(2)"} {
		ids = append(ids, k.Request("shell", "execute_request", kerneltest.Content{"code": code, "stop_on_error": false}))
	}
	for i, want := range []string{"error", "ok"} {
		if c, err := k.Reply(ids[i], 20*time.Second); err != nil || c["status"] != want {
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

// TestBesides asks while a cell runs.
func TestBesides(t *testing.T) {
	k := start(t, t.TempDir())
	execute(t, k, "// Half halves.\nfunc Half(x float64) float64 { return x / 2 }", "ok")
	id := k.Request("shell", "execute_request", kerneltest.Content{"code": "time.Sleep(3*time.Second)", "allow_stdin": false})
	time.Sleep(500 * time.Millisecond)
	begin := time.Now()
	c, err := k.Ask("complete_request", kerneltest.Content{"code": "fmt.Printl", "cursor_pos": 10})
	if err != nil || fmt.Sprint(c["matches"]) != "[Println]" {
		t.Errorf("completion: %v, %v", c, err)
	}
	c, err = k.Ask("inspect_request", kerneltest.Content{"code": "Half(", "cursor_pos": 5, "detail_level": 0})
	data, _ := c["data"].(kerneltest.Content)
	if err != nil || !strings.Contains(fmt.Sprint(data["text/plain"]), "func Half(x float64) float64") || !strings.Contains(fmt.Sprint(data["text/markdown"]), "Half halves.") {
		t.Errorf("inspection: %v, %v", c, err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("both took %v while a cell ran", took)
	}
	if _, err := k.Follow(id, begin, 20*time.Second); err != nil {
		t.Error(err)
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
	if _, err := os.Stat(filepath.Join(k.Dir, "obeyed")); err == nil {
		t.Error("a message with a bad signature was obeyed")
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

	busy := "cmd := exec.Command(\"sleep\", \"601.5\")\ncmd.Start()\nfmt.Println(os.Getpid())\nselect { case <-time.After(time.Hour): }"
	k = start(t, t.TempDir())
	k.Request("shell", "execute_request", kerneltest.Content{"code": busy})
	eventually(t, "the cell runs", func() bool { return exec.Command("pgrep", "-f", "^sleep 601.5").Run() == nil })
	if err := k.Cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = k.Cmd.Wait()
	eventually(t, "the cell's processes have ended", func() bool { return exec.Command("pgrep", "-f", "^sleep 601.5").Run() != nil })
	eventually(t, "the folder is gone", func() bool { return len(leftovers(t)) == 0 })

	// A folder that nobody could clear is cleared by the next start.
	old := filepath.Join(os.Getenv("TMPDIR"), "gonb_crashed")
	if err := os.Mkdir(old, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(old, "lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	k = start(t, t.TempDir())
	if _, err := os.Stat(old); err == nil {
		t.Error("the folder of a crashed kernel was not cleared")
	}
	k.Request("shell", "execute_request", kerneltest.Content{"code": busy})
	eventually(t, "the cell runs", func() bool { return exec.Command("pgrep", "-f", "^sleep 601.5").Run() == nil })
	if err := k.Cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := k.Cmd.Wait(); err != nil {
		t.Errorf("on SIGTERM: %v", err)
	}
	eventually(t, "the cell's processes have ended", func() bool { return exec.Command("pgrep", "-f", "^sleep 601.5").Run() != nil })
	if l := leftovers(t); len(l) > 0 {
		t.Errorf("after SIGTERM: %v", l)
	}
}

// TestKernelEndsWithJupyter kills the process that started the kernel.
func TestKernelEndsWithJupyter(t *testing.T) {
	dir := t.TempDir()
	conn := filepath.Join(dir, "kernel-x.json")
	if err := os.WriteFile(conn, []byte(`{"ip":"127.0.0.1","transport":"ipc","key":"k"}`), 0o600); err != nil {
		t.Fatal(err)
	}
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

// TestBarePath starts a kernel that must find Go by itself.
func TestBarePath(t *testing.T) {
	gobin, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	k := start(t, t.TempDir(), "PATH=/usr/bin:/bin", "GONB_GO="+gobin)
	execute(t, k, "fmt.Println(1)", "ok")
}
