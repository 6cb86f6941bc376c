package run

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
)

// Display is one thing that a program shows, as it comes through GONB_PIPE: GoNB's display protocol
// (github.com/janpfeifer/gonb, package gonbui/protocol).
type Display struct {
	Data      map[string]any // by MIME type
	Metadata  map[string]any
	DisplayID string
}

// The values inside Data that are messages to the kernel. Their names on the wire are GoNB's.
type (
	CommValue struct {
		Address string
		Request bool
		Value   any
	}
	InputRequest struct {
		Prompt   string
		Password bool
	}
	CommSubscription struct {
		Address     string
		Unsubscribe bool
	}
)

// The reserved keys of Data, and the addresses of a flush and its answer.
const (
	keyInput     = "gonb/jupyter_input"
	keyComm      = "gonb/comm_value"
	keySubscribe = "gonb/comm_subscribe"
	syncAddress  = "#gonbui/sync"
	ackAddress   = "#gonbui/sync_ack"
)

const protocolPath = "github.com/janpfeifer/gonb/gonbui/protocol."

// init registers the types with gob, whose registry is the process's. Basic types and slices of them are there.
func init() {
	gob.RegisterName(protocolPath+"CommValue", CommValue{})
	gob.RegisterName(protocolPath+"InputRequest", InputRequest{})
	gob.RegisterName(protocolPath+"CommSubscription", CommSubscription{})
	for _, v := range []any{map[string]any{}, []any{}, map[string]int{}, map[string]float64{}, map[string]string{}} {
		gob.Register(v)
	}
}

const (
	maxDisplay = 256 << 20 // bytes of one display
	maxBad     = 100       // displays in a row may be unreadable before the program's stream is given up
)

// decoder reads a gob stream that comes in pieces. A value may be spread over several of gob's messages, so gob
// itself must say when it is done: it reads from a pipe in a goroutine of its own, which stands still between two calls
// of feed, since it has then read all that there is.
type decoder struct {
	in    *io.PipeWriter
	size  int // bytes since the last display
	shown []Display
	errs  []error
}

// feed takes a piece and returns the displays that are complete, with what was wrong with others.
func (d *decoder) feed(piece []byte) (shown []Display, errs []error) {
	if d.in == nil {
		var out *io.PipeReader
		out, d.in = io.Pipe()
		go d.decodeAll(out)
	}
	d.size += len(piece)
	_, err := d.in.Write(piece)
	_, _ = d.in.Write(nil) // taken when gob asks for more, after all that was complete
	shown, errs = d.shown, d.errs
	d.shown, d.errs = nil, nil
	if err == nil && d.size > maxDisplay {
		errs = append(errs, fmt.Errorf("a display of more than %d MB: %w", maxDisplay>>20, errEnd))
		d.close()
	}
	return shown, errs
}

// close ends the goroutine.
func (d *decoder) close() {
	if d.in != nil {
		_ = d.in.CloseWithError(errEnd)
	}
}

// errEnd stops gob: the stream is over, or not to be trusted any more.
var errEnd = errors.New("no more displays are read from this cell")

// decodeAll is the goroutine.
func (d *decoder) decodeAll(out *io.PipeReader) {
	defer out.Close()
	defer func() {
		if r := recover(); r != nil { // gob's, on hostile input
			d.errs = append(d.errs, fmt.Errorf("a display was dropped: gob: %v: %w", r, errEnd))
		}
	}()
	dec := gob.NewDecoder(out)
	for bad := 0; bad < maxBad; {
		var one Display
		err := dec.Decode(&one)
		switch {
		case err == nil:
			bad, d.size = 0, 0
			d.shown = append(d.shown, one)
		case errors.Is(err, errEnd):
			return
		default:
			bad++
			d.errs = append(d.errs, fmt.Errorf("a display was dropped: %w", err))
		}
	}
}
