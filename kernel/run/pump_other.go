//go:build !linux

package run

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// textPipe makes a pipe. Here the order between two streams is kept only as far as reading them at once does.
func textPipe() (r, w *os.File, err error) { return os.Pipe() }

func onePage(*os.File) {}

func fill(*os.File) int { return 0 }

type pumped struct {
	file int
	data []byte
}

// pump reads the files, a goroutine each, until over.
func pump(files []*os.File, exit *os.File, _ *openWatch, wait func() time.Duration, got func(i int, data []byte), over func() bool) error {
	in := make(chan pumped)
	quit := make(chan struct{})
	defer close(quit)
	for i, f := range append(append([]*os.File{}, files...), exit) {
		go func() {
			buf := make([]byte, 64<<10)
			for {
				n, err := f.Read(buf)
				if n > 0 || err != nil {
					select {
					case in <- pumped{i, append([]byte(nil), buf[:n]...)}:
					case <-quit:
						return
					}
				}
				if err != nil {
					return
				}
			}
		}()
	}
	for !over() {
		d := wait()
		if d < 0 {
			d = time.Second
		}
		timer := time.NewTimer(d)
		select {
		case p := <-in:
			got(p.file, p.data)
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

// openWatch has no counterpart here.
type openWatch struct {
	file *os.File
	pid  int
}

func watchOpens(string) *openWatch { return nil }

// waitsForInput cannot be known here.
func waitsForInput(int, *os.File) bool { return false }

// memoryOf is how many bytes a process has in memory.
func memoryOf(pid int) int64 {
	out, err := exec.Command("ps", "-o", "rss=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return 0
	}
	kb, _ := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	return kb << 10
}

// endLeft cannot find them here.
func endLeft(string) {}
