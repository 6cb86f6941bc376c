package vizlib

import (
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// A notebook's kernel that speaks GoNB's display protocol gives each program two named pipes: the program
// writes gob values to GONB_PIPE and reads answers from GONB_PIPE_BACK. It is one stream each way for the life
// of the process. This is our own small side of it; the types' names under which values travel are GoNB's.

// displayed is one display: its forms by MIME type.
type displayed struct {
	Data      map[string]any
	Metadata  map[string]any
	DisplayID string
}

// commValue is a message beside the displays; with the address syncAddress it asks whether all before it arrived.
type commValue struct {
	Address string
	Request bool
	Value   any
}

const (
	commName     = "github.com/janpfeifer/gonb/gonbui/protocol.CommValue"
	commKey      = "gonb/comm_value"
	syncAddress  = "#gonbui/sync"
	ackAddress   = "#gonbui/sync_ack"
	syncPatience = 20 * time.Second
)

// pipe is this process's end of the display protocol.
type pipe struct {
	mu    sync.Mutex
	out   *gob.Encoder
	back  string
	acks  chan int // nil until the first flush opens the way back
	fault chan error
	sent  int
}

// notebook is the pipe to the kernel that runs this program, nil outside a notebook. A process has one stream
// to its kernel, so it is opened once and shared.
var notebook = sync.OnceValues(func() (*pipe, error) {
	path := os.Getenv("GONB_PIPE")
	if path == "" {
		return nil, nil
	}
	return openPipe(path, os.Getenv("GONB_PIPE_BACK"))
})

func openPipe(path, back string) (*pipe, error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("vizlib: the notebook's display pipe does not open: %w", err)
	}
	gob.RegisterName(commName, commValue{})
	return &pipe{out: gob.NewEncoder(f), back: back}, nil
}

// display sends one display and waits until the kernel has it, so that none is lost when the program ends.
func (p *pipe) display(data map[string]any) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.out.Encode(displayed{Data: data}); err != nil {
		return fmt.Errorf("vizlib: the display does not reach the notebook: %w", err)
	}
	if p.back == "" {
		return nil
	}
	return p.flush()
}

// flush sends a number and waits for its return.
func (p *pipe) flush() error {
	if p.acks == nil {
		p.acks, p.fault = make(chan int, 16), make(chan error, 1)
		go listen(p.back, p.acks, p.fault)
	}
	p.sent++
	sync := commValue{Address: syncAddress, Value: p.sent}
	if err := p.out.Encode(displayed{Data: map[string]any{commKey: sync}}); err != nil {
		return fmt.Errorf("vizlib: the display does not reach the notebook: %w", err)
	}
	late := time.NewTimer(syncPatience)
	defer late.Stop()
	for {
		select {
		case n := <-p.acks:
			if n >= p.sent {
				return nil
			}
		case err := <-p.fault:
			return fmt.Errorf("vizlib: the notebook's kernel stopped answering: %w", err)
		case <-late.C:
			return errors.New("vizlib: the notebook's kernel did not confirm the display in time; it may be shown later or lost")
		}
	}
}

// listen reads the kernel's answers for the life of the process.
func listen(back string, acks chan<- int, fault chan<- error) {
	f, err := os.Open(back)
	if err != nil {
		fault <- err
		return
	}
	in := gob.NewDecoder(f)
	for {
		var v commValue
		if err := in.Decode(&v); err != nil {
			fault <- err
			return
		}
		if n, ok := v.Value.(int); ok && v.Address == ackAddress {
			acks <- n
		}
	}
}
