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

// pipeSize is how much a pipe holds where it cannot be made smaller.
const pipeSize = 64 << 10

// keepOrder makes a pipe hold no more than one write to this descriptor.
func keepOrder(fd uintptr) error {
	if _, err := unix.FcntlInt(fd, unix.F_SETPIPE_SZ, os.Getpagesize()); err != nil {
		return err
	}
	flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0)
	if err == nil {
		_, err = unix.FcntlInt(fd, unix.F_SETFL, flags|unix.O_DIRECT)
	}
	return err
}

// hold makes the displays' pipe full. It returns a file that can be read when the pipe is opened again; nil where
// that cannot be had, and the pipe is then empty.
func hold(pipe *os.File) (opens *os.File) {
	_ = keepOrder(pipe.Fd())
	in, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil
	}
	opens = os.NewFile(uintptr(in), "inotify")
	_, err = unix.InotifyAddWatch(in, pipe.Name(), unix.IN_OPEN)
	if err == nil {
		_, err = unix.Write(int(pipe.Fd()), make([]byte, pipeSize))
	}
	if err != nil {
		_ = opens.Close()
		return nil
	}
	return opens
}

// pump reads the files until stopped ends, and sends what it reads in the order of writing. Where opens is not nil, the
// displays' pipe is full, and is not read before it has been opened, by process pid.
func pump(reads [3]*os.File, stopped, opens *os.File, pid int, pieces chan<- piece) error {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(ep)
	const stop, opening = displays + 1, displays + 2
	files := [...]*os.File{reads[stdout], reads[stderr], reads[displays], stop: stopped, opening: opens}
	listen := func(i int) error {
		fd := int(files[i].Fd())
		if err := unix.SetNonblock(fd, true); err != nil {
			return err
		}
		return unix.EpollCtl(ep, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: int32(fd), Pad: int32(i)})
	}
	for i, f := range files {
		if f == nil || i == displays && opens != nil {
			continue
		}
		if err := listen(i); err != nil {
			return err
		}
	}
	full := opens != nil
	buf := make([]byte, pipeSize)
	events := make([]unix.EpollEvent, len(files))
	for stopping := false; !stopping; {
		n, err := unix.EpollWait(ep, events, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
		var got []piece
		for _, e := range slices.Backward(events[:max(n, 0)]) {
			i := int(e.Pad)
			if i == stop {
				stopping = true
				continue
			}
			size, err := unix.Read(int(e.Fd), buf)
			switch {
			case i == opening:
				allPackets(pid, int(files[displays].Fd()))
				if err := listen(displays); err != nil && !errors.Is(err, unix.EEXIST) {
					return err
				}
			case i == displays && full:
				full = false
			case !errors.Is(err, unix.EAGAIN):
				last := size <= 0 || e.Events&unix.EPOLLHUP != 0 // nobody can write any more: no event tells of the end
				if last {
					_ = unix.EpollCtl(ep, unix.EPOLL_CTL_DEL, int(e.Fd), nil)
				}
				got = append(got, piece{i, slices.Clone(buf[:max(size, 0)]), last})
			}
		}
		for _, p := range slices.Backward(got) {
			pieces <- p
		}
	}
	return nil
}

// allPackets puts a process's descriptors of a pipe into packet mode. pidfd_getfd(2) gives us the very descriptors
// that the process has; they are there a moment after the event.
func allPackets(pid, pipe int) {
	var want, have unix.Stat_t
	process, err := unix.PidfdOpen(pid, 0)
	if err != nil || unix.Fstat(pipe, &want) != nil {
		return
	}
	defer unix.Close(process)
	found := false
	for try := 0; try < 50 && !found; try++ {
		for n := 3; n < 32; n++ {
			fd, err := unix.PidfdGetfd(process, n, 0)
			if err != nil {
				continue
			}
			if unix.Fstat(fd, &have) == nil && have.Dev == want.Dev && have.Ino == want.Ino && keepOrder(uintptr(fd)) == nil {
				found = true
			}
			_ = unix.Close(fd)
		}
		time.Sleep(time.Microsecond)
	}
}
