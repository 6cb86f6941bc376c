package run

import (
	"errors"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// How the order of stdout, stderr and displays is kept, though they are separate pipes: a pipe holds one write only
// (one page, in packet mode), so a program that writes twice to one of them waits in between until the first is
// read; and epoll, edge-triggered, lists pipes in the order in which they became readable. Of what is readable at
// the same moment, the newest is read first, since reading the oldest may set the program going again; then all is
// handed on from the oldest. See pipe(7) on O_DIRECT and epoll(7).
//
// GONB_PIPE is opened by the program itself, without packet mode. So it is full from the beginning: the program's
// first display waits until the pump, which inotify(7) tells of the opening, has put the program's own descriptor
// into packet mode and then reads what it was filled with. Where that is not allowed, or a child opens the pipe,
// two displays with a text between them that are not flushed may come together.

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
// reported by a nil piece. exit is a file that becomes readable when the process ends. Where opens is not nil, the
// last of the files is the pipe that it watches, which is not read before it has been opened.
func pump(files []*os.File, exit *os.File, opens *openWatch, wait func() time.Duration, got func(i int, data []byte), over func() bool) error {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(ep)
	display, opened := len(files)-1, len(files)+1
	all := append(slices.Clone(files), exit)
	if opens != nil {
		all = append(all, opens.file)
	}
	fds := make([]int, len(all))
	bufs := make([][]byte, len(all))
	one := make([]bool, len(all)) // one read empties it, so that each write after it is an event of its own
	listen := func(i, op int) error {
		return unix.EpollCtl(ep, op, fds[i], &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: int32(i)})
	}
	for i, f := range all {
		fds[i] = rawFd(f)
		bufs[i] = make([]byte, 64<<10)
		size, err := unix.FcntlInt(uintptr(fds[i]), unix.F_GETPIPE_SZ, 0)
		one[i] = err == nil && size <= os.Getpagesize()
		if err := unix.SetNonblock(fds[i], true); err != nil {
			return err
		}
		if opens == nil || i != display {
			if err := listen(i, unix.EPOLL_CTL_ADD); err != nil {
				return err
			}
		}
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
			if i == opened {
				opens.packets()
				if err := listen(display, unix.EPOLL_CTL_ADD); err != nil && !errors.Is(err, unix.EEXIST) {
					return err
				}
			} else {
				pieces = append(pieces, piece{i, size})
			}
			if size > 0 && !one[i] || again { // there may be more, and its edge is past
				_ = listen(i, unix.EPOLL_CTL_MOD)
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

// fill makes a pipe of one page full, and returns with how many bytes.
func fill(f *os.File) int {
	size, err := unix.FcntlInt(uintptr(rawFd(f)), unix.F_GETPIPE_SZ, 0)
	if err != nil {
		return 0
	}
	n, err := unix.Write(rawFd(f), make([]byte, size))
	if err != nil {
		return 0
	}
	return n
}

func milliseconds(d time.Duration) int {
	if d < 0 {
		return -1
	}
	return int((d + time.Millisecond - 1) / time.Millisecond)
}

// openWatch tells when a process opens a pipe to write.
type openWatch struct {
	file *os.File // inotify's
	pipe uint64   // its inode
	pid  int      // of the process; set when it has started
}

// watchOpens begins to watch a pipe; nil where that cannot be done.
func watchOpens(path string) *openWatch {
	in, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil
	}
	w := &openWatch{file: os.NewFile(uintptr(in), "inotify")}
	var pipe unix.Stat_t
	if _, err := unix.InotifyAddWatch(in, path, unix.IN_OPEN); err != nil || unix.Stat(path, &pipe) != nil {
		_ = w.file.Close()
		return nil
	}
	w.pipe = pipe.Ino
	return w
}

// packets puts the process's descriptors of the pipe into packet mode. pidfd_getfd(2) gives us the very descriptors
// that the process has; they are there a moment after the event.
func (w *openWatch) packets() {
	process, err := unix.PidfdOpen(w.pid, 0)
	if err != nil {
		return
	}
	defer unix.Close(process)
	for range 50 {
		if w.packetsOf(process) {
			return
		}
		time.Sleep(time.Microsecond)
	}
}

// packetsOf looks once; false when there are none yet.
func (w *openWatch) packetsOf(process int) (found bool) {
	for n := 3; n < 32; n++ {
		fd, err := unix.PidfdGetfd(process, n, 0)
		if err != nil {
			continue
		}
		var s unix.Stat_t
		if unix.Fstat(fd, &s) == nil && s.Ino == w.pipe && s.Mode&unix.S_IFMT == unix.S_IFIFO {
			if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0); err == nil && flags&unix.O_ACCMODE != unix.O_RDONLY {
				_, err = unix.FcntlInt(uintptr(fd), unix.F_SETFL, flags|unix.O_DIRECT)
				found = found || err == nil
			}
		}
		_ = unix.Close(fd)
	}
	return found
}
