package run

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// waitsForInput reports whether a process or a descendant stands in read(2) on the pipe whose other end is stdin.
func waitsForInput(pid int, stdin *os.File) bool {
	pipe, err := stdin.Stat()
	if err != nil {
		return false
	}
	prefix := strconv.Itoa(unix.SYS_READ) + " 0x0 "
	for _, p := range groupOf(pid) {
		if f, err := os.Stat("/proc/" + p + "/fd/0"); err != nil || !os.SameFile(f, pipe) {
			continue
		}
		tasks, _ := filepath.Glob("/proc/" + p + "/task/*/syscall")
		for _, t := range tasks {
			if s, err := os.ReadFile(t); err == nil && strings.HasPrefix(string(s), prefix) {
				return true
			}
		}
	}
	return false
}

// groupOf lists a process and its descendants.
func groupOf(pid int) []string {
	list := []string{strconv.Itoa(pid)}
	for i := 0; i < len(list) && i < 64; i++ {
		files, _ := filepath.Glob("/proc/" + list[i] + "/task/*/children")
		for _, f := range files {
			if s, err := os.ReadFile(f); err == nil {
				list = append(list, strings.Fields(string(s))...)
			}
		}
	}
	return list
}

// memoryOf is how many bytes a process and its descendants have in memory.
func memoryOf(pid int) int64 {
	var total int64
	for _, p := range groupOf(pid) {
		s, err := os.ReadFile("/proc/" + p + "/statm")
		if f := strings.Fields(string(s)); err == nil && len(f) > 1 {
			pages, _ := strconv.ParseInt(f[1], 10, 64)
			total += pages * int64(os.Getpagesize())
		}
	}
	return total
}

// endLeft kills what the cells of a dead kernel left running: whoever has its temporary module in the environment.
func endLeft(root string) {
	mark := []byte("\x00GONB_TMP_DIR=" + root + "/")
	list, _ := os.ReadDir("/proc")
	for _, e := range list {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		env, err := os.ReadFile("/proc/" + e.Name() + "/environ")
		if err == nil && bytes.Contains(append([]byte{0}, env...), mark) {
			_ = unix.Kill(pid, unix.SIGKILL)
		}
	}
}
