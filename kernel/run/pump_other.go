//go:build !linux

package run

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// keepOrder does nothing: here the order between two streams is kept only as far as reading them at once does.
func keepOrder(uintptr) error { return nil }

// hold does nothing.
func hold(*os.File) (opens *os.File) { return nil }

// pump reads the files until stopped ends.
func pump(reads [3]*os.File, stopped, _ *os.File, _ int, pieces chan<- piece) error {
	var polls []unix.PollFd // of the files, and of stopped
	for _, f := range append(reads[:], stopped) {
		polls = append(polls, unix.PollFd{Fd: int32(f.Fd()), Events: unix.POLLIN}) // -1, which is ignored, where f is nil
	}
	buf := make([]byte, 64<<10)
	for polls[len(reads)].Revents == 0 {
		_, err := unix.Poll(polls, -1)
		if errors.Is(err, unix.EINTR) { // and polls is as it was before: nothing of it is to be read
			continue
		}
		if err != nil {
			return err
		}
		for i := range reads {
			if polls[i].Revents == 0 {
				continue
			}
			n, _ := unix.Read(int(polls[i].Fd), buf)
			pieces <- piece{i, bytes.Clone(buf[:max(n, 0)]), n <= 0}
			if n <= 0 {
				polls[i].Fd = -1
			}
		}
	}
	return nil
}

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
