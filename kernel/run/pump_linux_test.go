package run

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestPumpWakesLate: the program opens GONB_PIPE and writes twice before the pump has a look. The order is that of
// the writing, though the opening touched the displays' pipe first.
func TestPumpWakesLate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	display, err := displayPipe(path)
	if err != nil {
		t.Fatal(err)
	}
	outR, outW, err := textPipe()
	if err != nil {
		t.Fatal(err)
	}
	exitR, exitW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []*os.File{display, outR, outW, exitR, exitW} {
		defer f.Close()
	}
	var order []string
	written := false
	over := func() bool { // the pump asks before it looks
		if written {
			return len(order) == 2
		}
		written = true
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Error(err)
			return true
		}
		defer w.Close()
		_, _ = outW.WriteString("first")
		_, _ = w.WriteString("second")
		return false
	}
	got := func(_ int, data []byte) { order = append(order, string(data)) }
	if err := pump([]*os.File{outR, display}, exitR, func() time.Duration { return -1 }, got, over); err != nil {
		t.Fatal(err)
	}
	if s := strings.Join(order, " "); s != "first second" {
		t.Errorf("the order is %s", s)
	}
}
