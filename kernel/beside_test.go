package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elboroom/kernel/kerneltest"
)

func TestInterrupt(t *testing.T) {
	k := start(t, t.TempDir())
	for name, c := range map[string]struct{ socket, code string }{
		"a loop":              {"control", "fmt.Println(1)\nfor {}"},
		"a loop, by shell":    {"shell", "fmt.Println(1)\nfor {}"}, // VS Code asked there for years
		"a shell command":     {"control", "!echo 1; sleep 600"},
		"who ignores SIGINT":  {"control", "signal.Ignore(os.Interrupt)\nfmt.Println(\"deaf\")\nselect { case <-time.After(time.Hour): }"},
		"who handles it well": {"control", "c := make(chan os.Signal, 1)\nsignal.Notify(c, os.Interrupt)\nfmt.Println(1)\n<-c\nfmt.Println(\"bye\")"},
	} {
		t.Run(name, func(t *testing.T) {
			id := begin(t, k, c.code, false)
			k.Request(c.socket, "interrupt_request", kerneltest.Content{})
			stopped(t, k, id)
		})
	}
}

// TestInterruptsThatComeEarly: while the first cell of a kernel waits for its module, while the compiler is at work
// (which here never ends), and while nothing runs.
func TestInterruptsThatComeEarly(t *testing.T) {
	dir := t.TempDir()
	k := start(t, dir)
	id := k.Request("shell", "execute_request", kerneltest.Content{"code": "3 + 4", "allow_stdin": false})
	k.Request("control", "interrupt_request", kerneltest.Content{})
	r, err := k.Follow(id, time.Now(), patience)
	if err != nil || r.Status != "ok" && r.EName != "Interrupted" {
		t.Errorf("the first cell: %+v, %v", r, err)
	}
	if _, err := k.Reply(k.Request("control", "interrupt_request", kerneltest.Content{}), patience); err != nil {
		t.Fatal(err)
	}
	if r := execute(t, k, "1 + 1", "ok"); r.Result != "2" {
		t.Errorf("after an interrupt of nothing: %+v", r)
	}
	compiling := filepath.Join(dir, "compiling")
	put(t, filepath.Join(dir, "slow"), "#!/bin/sh\ncase \"$1\" in */compile) [ \"$2\" = -V=full ] || { touch '"+compiling+"'; exec sleep 600; };; esac\nexec \"$@\"\n")
	if err := os.Chmod(filepath.Join(dir, "slow"), 0o755); err != nil {
		t.Fatal(err)
	}
	execute(t, k, "%goflags -a -toolexec="+filepath.Join(dir, "slow"), "ok")
	id = k.Request("shell", "execute_request", kerneltest.Content{"code": "5 + 6", "allow_stdin": false})
	eventually(t, "the compiler is at work", func() bool { _, err := os.Stat(compiling); return err == nil })
	k.Request("control", "interrupt_request", kerneltest.Content{})
	r, err = k.Follow(id, time.Now(), patience)
	if err != nil || r.EName != "Interrupted" {
		t.Errorf("during a compilation: %+v, %v", r, err)
	}
	execute(t, k, "%goflags \"\"", "ok")
	if r := execute(t, k, "5 + 6", "ok"); r.Result != "11" {
		t.Errorf("after that: %+v", r)
	}
}

// TestInterruptDuringInput: the question is withdrawn, and a late answer to it is nobody's.
func TestInterruptDuringInput(t *testing.T) {
	k := start(t, t.TempDir())
	ask := "in := bufio.NewReader(os.Stdin)\ns, _ := in.ReadString('\\n')\nfmt.Print(\"got \", s)"
	id := k.Request("shell", "execute_request", kerneltest.Content{"code": ask, "allow_stdin": true})
	select {
	case <-k.Asked:
	case <-time.After(patience):
		t.Fatal("nobody asks")
	}
	k.Request("control", "interrupt_request", kerneltest.Content{})
	stopped(t, k, id)
	k.Request("stdin", "input_reply", kerneltest.Content{"value": "late"})
	execute(t, k, "1", "ok")
	k.Answer = func(string) string { return "in time" }
	if r := execute(t, k, ask, "ok"); r.Stdout != "got in time\n" {
		t.Errorf("stdout %q", r.Stdout)
	}
}

// TestInterruptKeepsOutput: what looks like a crash and is none is shown, of a cell that is interrupted as well.
func TestInterruptKeepsOutput(t *testing.T) {
	k := start(t, t.TempDir())
	id := k.Request("shell", "execute_request", kerneltest.Content{"code": "!echo 'panic: not really' >&2; sleep 0.3; echo 1; sleep 600"})
	for m := range k.Outputs {
		if m.Parent == id && m.Type == "stream" {
			break
		}
	}
	k.Request("control", "interrupt_request", kerneltest.Content{})
	if r, err := k.Follow(id, time.Now(), patience); err != nil || r.EName != "Interrupted" || r.Stderr != "panic: not really\n" {
		t.Errorf("%+v, %v", r, err)
	}
	id = begin(t, k, "!echo 'panic: not really' >&2; while sleep 0.1; do echo y >&2; done", false) // however much comes after it
	k.Request("control", "interrupt_request", kerneltest.Content{})
	stopped(t, k, id)
}

// TestInterruptDuringCompletion: it is the cell that is stopped; the completion is answered.
func TestInterruptDuringCompletion(t *testing.T) {
	k := start(t, t.TempDir())
	id := begin(t, k, "!echo 1; sleep 600", false)
	asked := k.Request("shell", "complete_request", kerneltest.Content{"code": "fmt.Printl", "cursor_pos": 10})
	k.Request("control", "interrupt_request", kerneltest.Content{})
	answered, ended := false, false
	for end := time.After(patience); !answered || !ended; {
		select {
		case m := <-k.Replies:
			if m.Parent == asked {
				answered = true
				if fmt.Sprint(m.Content["matches"]) != "[Println]" {
					t.Errorf("completion: %v", m.Content)
				}
			}
			if m.Parent == id {
				ended = true
				if m.Content["ename"] != "Interrupted" {
					t.Errorf("the cell: %v", m.Content)
				}
			}
		case <-end:
			t.Fatalf("completion answered: %v, cell ended: %v", answered, ended)
		}
	}
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
	execute(t, k, displayer, "ok")
	k.Answer = func(prompt string) string { time.Sleep(100 * time.Millisecond); return prompt }
	r = execute(t, k, `type request struct { Prompt string; Password bool }
gob.RegisterName("github.com/janpfeifer/gonb/gonbui/protocol.InputRequest", request{})
p := open()
for _, s := range []string{"a", "b", "c"} { p.enc.Encode(shown{Data: map[string]any{"gonb/jupyter_input": request{Prompt: s}}}) }
var a, b, c string
fmt.Scan(&a, &b, &c)
fmt.Print(a, b, c)`, "ok")
	if r.Stdout != "abc" {
		t.Errorf("to questions that come at once: stdout %q", r.Stdout)
	}
	k.Answer = nil // a client without input: the end of it, at once
	if r = execute(t, k, "var s string\n_, err := fmt.Scanln(&s)\nfmt.Println(err)", "ok"); !strings.Contains(r.Stdout, "EOF") && !strings.Contains(r.Stdout, "unexpected newline") {
		t.Errorf("stdout %q", r.Stdout)
	}
}

// TestBesides asks while a cell runs; that it still runs afterwards shows that nobody waited for it.
func TestBesides(t *testing.T) {
	k := start(t, t.TempDir())
	execute(t, k, "// Half halves.\nfunc Half(x float64) float64 { return x / 2 }", "ok")
	id := begin(t, k, "!echo 1; sleep 600", false)
	c, err := k.Ask("complete_request", kerneltest.Content{"code": "fmt.Printl", "cursor_pos": 10})
	if err != nil || fmt.Sprint(c["matches"]) != "[Println]" {
		t.Errorf("completion: %v, %v", c, err)
	}
	c, err = k.Ask("inspect_request", kerneltest.Content{"code": "Half(", "cursor_pos": 5, "detail_level": 0})
	data, _ := c["data"].(kerneltest.Content)
	if err != nil || !strings.Contains(fmt.Sprint(data["text/plain"]), "func Half(x float64) float64") || !strings.Contains(fmt.Sprint(data["text/markdown"]), "Half halves.") {
		t.Errorf("inspection: %v, %v", c, err)
	}
	k.Request("control", "interrupt_request", kerneltest.Content{})
	stopped(t, k, id)
}
