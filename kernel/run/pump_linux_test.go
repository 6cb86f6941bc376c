package run

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestPumpWakesLate: the program has opened GONB_PIPE and done all that it can before the pump has a look. The order
// is that of the writing, though the opening touched the displays' pipe first and nobody saw it in time.
func TestPumpWakesLate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	display, err := displayPipe(path)
	if err != nil {
		t.Fatal(err)
	}
	filling := fill(display)
	opens := watchOpens(path)
	if filling == 0 || opens == nil {
		t.Fatalf("filled with %d bytes, watched by %v", filling, opens)
	}
	opens.pid = os.Getpid()
	outR, outW, err := textPipe()
	if err != nil {
		t.Fatal(err)
	}
	exitR, exitW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*os.File{display, opens.file, outR, outW, exitR, exitW} {
		defer f.Close()
	}
	const want = "first second third fourth fifth sixth"
	wrote := make(chan error, 1)
	go func() {
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
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
	var order []string
	got := func(file int, data []byte) {
		if file == 1 {
			n := min(filling, len(data))
			data, filling = data[n:], filling-n
		}
		if len(data) > 0 {
			order = append(order, string(data))
		}
	}
	over := func() bool { return len(strings.Join(order, "")) >= len(strings.ReplaceAll(want, " ", "")) }
	if err := pump([]*os.File{outR, display}, exitR, opens, func() time.Duration { return -1 }, got, over); err != nil {
		t.Fatal(err)
	}
	if err := <-wrote; err != nil {
		t.Fatal(err)
	}
	if s := strings.Join(order, " "); s != want {
		t.Errorf("the order is %s", s)
	}
}
