package run

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"time"
	"unicode/utf8"
)

const (
	flushSize = 64 << 10    // text is gathered until there is so much, or until the next tick
	holdTime  = time.Second // stderr that looks like a crash is held back for so long
	holdSize  = 1 << 20
)

// output gathers text into messages, keeps the order of stdout, stderr and displays, and cuts what is too much.
type output struct {
	sink      Sink
	limit     int64
	streams   [2]textStream
	last      int    // the stream whose text waits; of the other there is at most the beginning of a character
	held      []byte // stderr from "panic: " on
	heldFrom  time.Time
	heldSince time.Time // the last of it came
}

// textStream is stdout or stderr.
type textStream struct {
	text    []byte // not yet sent
	size    int64  // of all that was written
	midLine bool
}

var streamNames = [...]string{stdout: "stdout", stderr: "stderr"}

// crash finds where the Go runtime may have begun its last words; dying, what can be nothing else; overflow, those of a
// stack overflow, after which it counts millions of frames.
var (
	crash    = regexp.MustCompile("(?m)^(panic: |fatal error: |SIG[A-Z]+: |runtime: goroutine stack exceeds)")
	dying    = regexp.MustCompile("^fatal error: |^runtime: goroutine stack exceeds|\n\ngoroutine ")
	overflow = regexp.MustCompile("^runtime: goroutine stack exceeds(?s:.*)\n\ngoroutine ")
)

// replacement stands for bytes that are not UTF-8.
var replacement = []byte("\uFFFD")

// write takes what a stream brought.
func (o *output) write(i int, data []byte) {
	if i == stderr {
		at := 0
		if len(o.held) == 0 {
			at = crashAt(data, !o.streams[i].midLine)
			o.heldFrom = time.Now()
		}
		if at < len(data) {
			o.held = append(o.held, data[at:]...)
			o.heldSince = time.Now()
		}
		data = data[:at]
	}
	o.put(i, data)
	if len(o.held) > holdSize {
		o.release()
	}
}

// crashAt finds the beginning of a line that begins a crash, or else the end.
func crashAt(data []byte, lineStart bool) int {
	for _, found := range crash.FindAllIndex(data, 2) {
		if found[0] > 0 || lineStart {
			return found[0]
		}
	}
	return len(data)
}

// overflowed reports whether a stack overflow has said where it is, and nothing since.
func (o *output) overflowed() bool {
	return time.Since(o.heldSince) >= holdTime && overflow.Match(o.held)
}

// release lets held text go where it was meant to go.
func (o *output) release() {
	o.put(stderr, o.held)
	o.held = nil
}

func (o *output) put(i int, data []byte) {
	if len(data) == 0 {
		return
	}
	if i != o.last {
		o.flush()
		o.last = i
	}
	s := &o.streams[i]
	s.midLine = data[len(data)-1] != '\n'
	room := max(o.limit-s.size, 0)
	s.size += int64(len(data))
	if o.limit > 0 && int64(len(data)) > room {
		data = data[:room]
	}
	s.text = append(s.text, data...)
	if len(s.text) >= flushSize {
		o.flush()
	}
}

// tick sends what has waited long enough.
func (o *output) tick() {
	if len(o.held) > 0 && time.Since(o.heldFrom) >= holdTime && !dying.Match(o.held) {
		o.release()
	}
	o.flush()
}

// flush sends the text that waits, but for the beginning of a character whose rest has yet to come.
func (o *output) flush() {
	s := &o.streams[o.last]
	n := whole(s.text)
	if n == 0 {
		return
	}
	o.sink.Stream(streamNames[o.last], bytes.ToValidUTF8(s.text[:n], replacement))
	s.text = append(s.text[:0], s.text[n:]...)
}

// whole is the length of a text without the beginning of a character at its end.
func whole(text []byte) int {
	for n := max(0, len(text)-utf8.UTFMax+1); n < len(text); n++ {
		if !utf8.FullRune(text[n:]) {
			return n
		}
	}
	return len(text)
}

// finish sends the rest. It returns what a crash wrote, when crashed, and says what was cut.
func (o *output) finish(crashed bool) (crash string) {
	if crashed {
		crash = string(bytes.ToValidUTF8(o.held, replacement))
	} else {
		o.release()
	}
	o.flush()
	for i, s := range o.streams {
		if len(s.text) > 0 {
			o.sink.Stream(streamNames[i], replacement)
		}
		o.tellCut(streamNames[i], s.size)
	}
	return crash
}

// tellCut says that something of this size was too much, if it was.
func (o *output) tellCut(what string, size int64) {
	if more := size - o.limit; o.limit > 0 && more > 0 {
		o.sink.Stream("stderr", fmt.Appendf(nil, "\n[%s was cut: %.1f MB more than the limit of %.1f MB (GONB_OUTPUT_LIMIT)]\n",
			what, float64(more)/1e6, float64(o.limit)/1e6))
	}
}

// value reads what the trailing expression left in a file, if it did.
func (o *output) value(path string) (text string, ok bool) {
	f, err := os.Open(path)
	if err != nil {
		return "", false
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil {
		o.tellCut("the value", info.Size())
	}
	data, err := io.ReadAll(io.LimitReader(f, cmp.Or(o.limit, math.MaxInt64)))
	return string(data), err == nil
}
