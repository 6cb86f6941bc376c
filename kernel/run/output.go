package run

import (
	"bytes"
	"fmt"
	"time"
	"unicode/utf8"
)

const (
	flushAfter = 10 * time.Millisecond // text is gathered for so long
	flushSize  = 64 << 10              // or until there is so much
	holdTime   = time.Second           // stderr that looks like a crash is held back for so long
	holdSize   = 1 << 20
)

// output gathers text into messages, keeps the order of stdout, stderr and displays, and cuts what is too much.
type output struct {
	sink  Sink
	limit int64

	name    string // of the stream whose text waits
	text    []byte
	since   time.Time
	partial map[string][]byte // the beginning of a character
	total   map[string]int64
	cut     map[string]int64

	held      []byte // stderr from "panic: " on
	heldSince time.Time
	lineStart bool // of stderr
}

func newOutput(sink Sink, limit int64) *output {
	return &output{sink: sink, limit: limit, partial: map[string][]byte{}, total: map[string]int64{}, cut: map[string]int64{}, lineStart: true}
}

var crashWords = [][]byte{[]byte("panic: "), []byte("fatal error: "), []byte("SIGQUIT: "), []byte("runtime: goroutine stack exceeds")}

// write takes what a stream brought.
func (o *output) write(name string, data []byte) {
	if name == "stderr" {
		if o.held != nil {
			o.held = append(o.held, data...)
			o.heldSince = time.Now()
			if len(o.held) > holdSize {
				o.release()
			}
			return
		}
		if at := crashAt(data, o.lineStart); at >= 0 {
			o.lineStart = true
			o.held = append([]byte{}, data[at:]...)
			o.heldSince = time.Now()
			data = data[:at]
		}
		if len(data) > 0 {
			o.lineStart = data[len(data)-1] == '\n'
		}
	}
	o.put(name, data)
}

// crashAt finds the beginning of a line that begins a crash.
func crashAt(data []byte, lineStart bool) int {
	for at := 0; at < len(data); {
		if lineStart {
			for _, w := range crashWords {
				if bytes.HasPrefix(data[at:], w) {
					return at
				}
			}
		}
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		lineStart = true
	}
	return -1
}

// dying reports whether what is held can only be the runtime's last words, which may take long: after a stack
// overflow it counts millions of frames.
func (o *output) dying() bool {
	return bytes.HasPrefix(o.held, []byte("fatal error: ")) || bytes.HasPrefix(o.held, []byte("runtime: goroutine stack exceeds")) ||
		bytes.Contains(o.held, []byte("\n\ngoroutine "))
}

// release lets held text go where it was meant to go.
func (o *output) release() {
	text := o.held
	o.held = nil
	o.put("stderr", text)
	if len(text) > 0 {
		o.lineStart = text[len(text)-1] == '\n'
	}
}

func (o *output) put(name string, data []byte) {
	if len(data) == 0 {
		return
	}
	if room := o.limit - o.total[name]; o.limit > 0 && int64(len(data)) > room {
		room = max(room, 0)
		o.cut[name] += int64(len(data)) - room
		data = data[:room]
	}
	o.total[name] += int64(len(data))
	if len(data) == 0 {
		return
	}
	if o.name != name {
		o.flush()
		o.name = name
		o.text = append(o.text, o.partial[name]...)
		delete(o.partial, name)
	}
	if len(o.text) == 0 {
		o.since = time.Now()
	}
	o.text = append(o.text, data...)
	if len(o.text) >= flushSize {
		o.flush()
	}
}

// wait is how long the next flush is away; negative for never.
func (o *output) wait() time.Duration {
	d := time.Duration(-1)
	if len(o.text) > 0 {
		d = max(flushAfter-time.Since(o.since), 0)
	}
	if o.held != nil && !o.dying() {
		if h := max(holdTime-time.Since(o.heldSince), 0); d < 0 || h < d {
			d = h
		}
	}
	return d
}

// tick flushes what has waited long enough.
func (o *output) tick() {
	if o.held != nil && !o.dying() && time.Since(o.heldSince) >= holdTime {
		o.release()
	}
	if len(o.text) > 0 && time.Since(o.since) >= flushAfter {
		o.flush()
	}
}

// flush sends the text that waits, but for the beginning of a character whose rest has yet to come.
func (o *output) flush() {
	if len(o.text) == 0 {
		return
	}
	keep := 0
	for i := 1; i <= min(utf8.UTFMax-1, len(o.text)); i++ {
		if c := o.text[len(o.text)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(o.text[len(o.text)-i:]) {
				keep = i
			}
			break
		}
	}
	if text := o.text[:len(o.text)-keep]; len(text) > 0 {
		o.sink.Stream(o.name, bytes.ToValidUTF8(text, []byte("\uFFFD")))
	}
	if keep > 0 {
		o.partial[o.name] = append([]byte{}, o.text[len(o.text)-keep:]...)
	}
	o.text = o.text[:0]
	o.name = ""
}

// finish sends the rest. It returns what a crash wrote, when crashed, and says what was cut.
func (o *output) finish(crashed bool) (crash string) {
	if crashed {
		crash = string(bytes.ToValidUTF8(o.held, []byte("\uFFFD")))
		o.held = nil
	} else if o.held != nil {
		o.release()
	}
	o.flush()
	for _, name := range []string{"stdout", "stderr"} {
		if p := o.partial[name]; len(p) > 0 {
			o.sink.Stream(name, []byte("\uFFFD"))
		}
		if n := o.cut[name]; n > 0 {
			o.sink.Stream("stderr", fmt.Appendf(nil, "\n[%s was cut: %.1f MB more than the limit of %.1f MB (GONB_OUTPUT_LIMIT)]\n",
				name, float64(n)/1e6, float64(o.limit)/1e6))
		}
	}
	return crash
}
