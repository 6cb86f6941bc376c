package run

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestPumpWakesLate: the program has opened GONB_PIPE and done all that it can before the pump has a look. The order
// is that of the writing, though the opening touched the displays' pipe first and nobody saw it in time.
func TestPumpWakesLate(t *testing.T) {
	p := &process{Command: Command{Scratch: t.TempDir()}}
	display, err := p.fifo("pipe")
	if err != nil {
		t.Fatal(err)
	}
	opens := hold(display)
	if opens == nil {
		t.Fatal("nobody tells when the pipe is opened")
	}
	outR, outW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := keepOrder(outW.Fd()); err != nil {
		t.Fatal(err)
	}
	stopped, stop, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*os.File{display, opens, outR, outW, stopped, stop} {
		defer f.Close()
	}
	const want = "first second third fourth fifth sixth"
	wrote := make(chan error, 1)
	go func() {
		w, err := os.OpenFile(display.Name(), os.O_WRONLY, 0)
		if err != nil {
			wrote <- err
			return
		}
		defer w.Close()
		for i, word := range strings.Fields(want) {
			if _, err = []*os.File{outW, w}[i%2].WriteString(word); err != nil {
				break
			}
		}
		wrote <- err
	}()
	time.Sleep(100 * time.Millisecond)
	pieces, pumped := make(chan piece, len(want)), make(chan error, 1)
	go func() {
		pumped <- pump([3]*os.File{stdout: outR, displays: display}, stopped, opens, os.Getpid(), pieces)
	}()
	var order []string
	for len(strings.Join(order, "")) < len(strings.ReplaceAll(want, " ", "")) {
		select {
		case p := <-pieces:
			order = append(order, string(p.data))
		case err := <-pumped:
			t.Fatal(err)
		}
	}
	if err := stop.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-pumped; err != nil {
		t.Fatal(err)
	}
	if err := <-wrote; err != nil {
		t.Fatal(err)
	}
	if s := strings.Join(order, " "); s != want {
		t.Errorf("the order is %s", s)
	}
}

// TestPumpSeesTheEnd: what is written and closed before the pump has a look is one event. It tells of both.
func TestPumpSeesTheEnd(t *testing.T) {
	var reads [3]*os.File
	for i := range displays {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if err := keepOrder(w.Fd()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.WriteString("x"); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		reads[i] = r
	}
	stopped, stop, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stopped.Close()
	pieces, pumped := make(chan piece, 10), make(chan error, 1)
	go func() { pumped <- pump(reads, stopped, nil, os.Getpid(), pieces) }()
	for range displays {
		select {
		case p := <-pieces:
			if string(p.data) != "x" || !p.last {
				t.Errorf("a piece is %+v", p)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("no piece came")
		}
	}
	if err := stop.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-pumped; err != nil {
		t.Fatal(err)
	}
}
