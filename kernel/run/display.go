package run

import (
	"encoding/gob"
	"errors"
	"fmt"
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

// init registers the types with gob, whose registry is the process's.
func init() {
	gob.RegisterName(protocolPath+"CommValue", CommValue{})
	gob.RegisterName(protocolPath+"InputRequest", InputRequest{})
	gob.RegisterName(protocolPath+"CommSubscription", CommSubscription{})
	for _, v := range []any{map[string]any{}, []any{}, []int{}, []float64{}, []string{}, []byte{},
		map[string]int{}, map[string]float64{}, map[string]string{}} {
		gob.Register(v)
	}
}

// maxDisplay is how many bytes one display may have.
const maxDisplay = 256 << 20

// maxBad is how many displays in a row may be unreadable before the program's stream is given up.
const maxBad = 100

// decoder reads a gob stream that comes in pieces. A value may be spread over several of gob's messages, so gob
// itself must say when it is done: it runs in a goroutine of its own, one step at a time, and feed returns when it
// has read all that there is.
type decoder struct {
	pieces chan []byte
	hungry chan struct{} // the goroutine has read all, or has ended
	left   []byte
	size   int // bytes since the last display
	shown  []Display
	errs   []error
	dead   bool
}

// feed takes a piece and returns the displays that are complete, with what was wrong with others.
func (d *decoder) feed(piece []byte) (shown []Display, errs []error) {
	if d.dead {
		return nil, nil
	}
	if d.pieces == nil {
		d.pieces, d.hungry = make(chan []byte), make(chan struct{})
		go d.decodeAll()
		<-d.hungry
	}
	d.pieces <- piece
	<-d.hungry
	shown, errs = d.shown, d.errs
	d.shown, d.errs = nil, nil
	return shown, errs
}

// close ends the goroutine.
func (d *decoder) close() {
	if d.pieces != nil && !d.dead {
		close(d.pieces)
		<-d.hungry
	}
	d.dead = true
}

// decodeAll is the goroutine. Between a receive from hungry and a send to pieces it stands still.
func (d *decoder) decodeAll() {
	dec := gob.NewDecoder(d)
	for bad := 0; bad < maxBad && !d.dead; {
		one, err := decodeOne(dec)
		switch {
		case err == nil:
			bad, d.size = 0, 0
			d.shown = append(d.shown, one)
		case errors.Is(err, errEnd):
			d.dead = true
		default:
			bad++
			d.errs = append(d.errs, fmt.Errorf("a display was dropped: %w", err))
		}
	}
	d.dead = true
	close(d.hungry)
}

// errEnd stops gob: the stream is over, or not to be trusted any more.
var errEnd = errors.New("no more displays are read from this cell")

// decodeOne guards against gob's panics on hostile input.
func decodeOne(dec *gob.Decoder) (one Display, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("gob: %v", r)
		}
	}()
	err = dec.Decode(&one)
	return one, err
}

// more waits for the next piece when the last is used up.
func (d *decoder) more() error {
	for len(d.left) == 0 {
		if d.size > maxDisplay {
			d.errs = append(d.errs, fmt.Errorf("a display of more than %d MB: %w", maxDisplay>>20, errEnd))
			d.dead = true
		}
		if d.dead {
			return errEnd
		}
		d.hungry <- struct{}{}
		piece, ok := <-d.pieces
		if !ok {
			d.dead = true
			return errEnd
		}
		d.left = piece
		d.size += len(piece)
	}
	return nil
}

// Read is gob's way to the bytes.
func (d *decoder) Read(p []byte) (int, error) {
	if err := d.more(); err != nil {
		return 0, err
	}
	n := copy(p, d.left)
	d.left = d.left[n:]
	return n, nil
}

// ReadByte keeps gob from reading ahead.
func (d *decoder) ReadByte() (byte, error) {
	if err := d.more(); err != nil {
		return 0, err
	}
	c := d.left[0]
	d.left = d.left[1:]
	return c, nil
}

// numeric reads a comm value as the number that a flush carries.
func numeric(v any) any {
	switch n := v.(type) {
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float64:
		return n
	}
	return 0
}
