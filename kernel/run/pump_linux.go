package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// How the order of stdout, stderr and displays is kept, though they are separate pipes: a pipe for text holds one
// write only (one page, in packet mode), so a program that writes twice to one stream waits in between until the
// first is read; and epoll, edge-triggered, lists pipes in the order in which they became readable. Of what is
// readable at the same moment, the newest is read first, since reading the oldest may set the program going again;
// then all is handed on from the oldest. See pipe(7) on O_DIRECT and epoll(7). GONB_PIPE, which the program opens
// itself, is made such a pipe as soon as it has been opened: watchOpens. Where that is not allowed, two displays
// with a text between them that are not flushed may come together.

// textPipe makes such a pipe.
func textPipe() (r, w *os.File, err error) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_DIRECT); err != nil {
		return nil, nil, err
	}
	if err := unix.SetNonblock(p[0], true); err != nil {
		return nil, nil, err
	}
	r, w = os.NewFile(uintptr(p[0]), "|0"), os.NewFile(uintptr(p[1]), "|1")
	onePage(r)
	return r, w, nil
}

// pump reads the files until over, handing on what it reads in the order of writing. A file that has ended is
// reported by a nil piece. exit is a file that becomes readable when the process ends.
func pump(files []*os.File, exit *os.File, wait func() time.Duration, got func(i int, data []byte), over func() bool) error {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(ep)
	fds := make([]int, 0, len(files)+1)
	for _, f := range append(append([]*os.File{}, files...), exit) {
		fds = append(fds, rawFd(f))
	}
	for i, fd := range fds {
		if err := unix.SetNonblock(fd, true); err != nil {
			return err
		}
		ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: int32(i)}
		if err := unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &ev); err != nil {
			return err
		}
	}
	bufs := make([][]byte, len(fds))
	one := make([]bool, len(fds)) // one read empties it, so that each write after it is an event of its own
	for i := range bufs {
		bufs[i] = make([]byte, 64<<10)
		size, err := unix.FcntlInt(uintptr(fds[i]), unix.F_GETPIPE_SZ, 0)
		one[i] = err == nil && size <= os.Getpagesize()
	}
	type piece struct{ file, n int }
	events := make([]unix.EpollEvent, len(fds))
	var pieces []piece
	for !over() {
		n, err := unix.EpollWait(ep, events, milliseconds(wait()))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return err
		}
		pieces = pieces[:0]
		for k := n - 1; k >= 0; k-- {
			i := int(events[k].Fd)
			size, err := unix.Read(fds[i], bufs[i])
			again := err == unix.EINTR
			if err == unix.EAGAIN || again {
				size = -1
			} else if err != nil {
				size = 0
			}
			pieces = append(pieces, piece{i, size})
			if size > 0 && !one[i] || again { // there may be more, and its edge is past
				ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: int32(i)}
				_ = unix.EpollCtl(ep, unix.EPOLL_CTL_MOD, fds[i], &ev)
			}
		}
		for k := len(pieces) - 1; k >= 0; k-- {
			switch p := pieces[k]; {
			case p.n > 0:
				got(p.file, slices.Clone(bufs[p.file][:p.n]))
			case p.n == 0:
				got(p.file, nil)
			}
		}
	}
	return nil
}

// onePage gives a pipe room for one page, which in packet mode is one write: a larger pipe only costs order.
func onePage(f *os.File) {
	_, _ = unix.FcntlInt(uintptr(rawFd(f)), unix.F_SETPIPE_SZ, os.Getpagesize())
}

func milliseconds(d time.Duration) int {
	if d < 0 {
		return -1
	}
	return int((d + time.Millisecond - 1) / time.Millisecond)
}

// watchOpens puts GONB_PIPE into packet mode whenever the process opens it. pidfd_getfd(2) gives us the very
// descriptor that the process has. The file returned ends the watch when it is closed.
func watchOpens(path string, reader *os.File, pid int) *os.File {
	in, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil
	}
	watch := os.NewFile(uintptr(in), "inotify")
	process, err := unix.PidfdOpen(pid, 0)
	if err == nil {
		_, err = unix.InotifyAddWatch(in, path, unix.IN_OPEN)
	}
	var pipe unix.Stat_t
	if err != nil || unix.Fstat(rawFd(reader), &pipe) != nil {
		_ = watch.Close()
		return nil
	}
	go func() {
		defer unix.Close(process)
		buf := make([]byte, 4<<10)
		for {
			packets(process, pipe.Ino) // it may have been opened before the watch began
			if _, err := watch.Read(buf); err != nil {
				return
			}
			for range 50 { // the descriptor is there a moment after the event
				if packets(process, pipe.Ino) {
					break
				}
				time.Sleep(time.Microsecond)
			}
		}
	}()
	return watch
}

// packets finds the descriptors of a pipe in a process and puts them into packet mode; false when there is none.
func packets(process int, inode uint64) (found bool) {
	for n := 3; n < 32; n++ {
		fd, err := unix.PidfdGetfd(process, n, 0)
		if err != nil {
			continue
		}
		var s unix.Stat_t
		if unix.Fstat(fd, &s) == nil && s.Ino == inode && s.Mode&unix.S_IFMT == unix.S_IFIFO {
			if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0); err == nil && flags&unix.O_ACCMODE != unix.O_RDONLY {
				_, err = unix.FcntlInt(uintptr(fd), unix.F_SETFL, flags|unix.O_DIRECT)
				found = found || err == nil
			}
		}
		_ = unix.Close(fd)
	}
	return found
}

// waitsForInput reports whether a process of the group stands in read(2) on our stdin.
func waitsForInput(pgid int, stdin *os.File) bool {
	link, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", rawFd(stdin)))
	if err != nil {
		return false
	}
	prefix := strconv.Itoa(unix.SYS_READ) + " 0x0 "
	for _, pid := range groupOf(pgid) {
		if l, err := os.Readlink("/proc/" + pid + "/fd/0"); err != nil || l != link {
			continue
		}
		tasks, _ := filepath.Glob("/proc/" + pid + "/task/*/syscall")
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
