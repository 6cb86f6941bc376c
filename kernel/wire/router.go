package wire

import (
	"encoding/binary"
	"fmt"
	"time"
)

// Router receives from many peers and answers to one of them. The first frame of a message is the peer's identity.
type Router struct {
	*socket
	in     chan [][]byte
	byName map[string]*peer // under socket.mu
	nextID uint32
}

// BindRouter opens a ROUTER socket. logf hears of peers that were turned away.
func BindRouter(e Endpoint, logf func(string, ...any)) (*Router, error) {
	s, err := bind(e, logf)
	if err != nil {
		return nil, err
	}
	r := &Router{socket: s, in: make(chan [][]byte, 16), byName: map[string]*peer{}}
	go s.accept("ROUTER", []string{"DEALER", "REQ", "ROUTER"}, r.serve)
	return r, nil
}

// serve reads one peer. Its name is the one it gave itself, or one that we make: a zero byte and a number.
func (r *Router) serve(p *peer) error {
	r.mu.Lock()
	name := p.identity
	if name == "" || name[0] == 0 {
		r.nextID++
		name = string(binary.BigEndian.AppendUint32([]byte{0}, r.nextID))
	}
	if _, taken := r.byName[name]; taken {
		r.mu.Unlock()
		return fmt.Errorf("%w: the identity %q is taken", errFrame, name)
	}
	r.byName[name] = p
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.byName, name)
		r.mu.Unlock()
	}()
	for {
		parts, err := next(p, nil)
		if err != nil {
			return err
		}
		select {
		case r.in <- append([][]byte{[]byte(name)}, parts...):
		case <-r.quit:
			return nil
		}
	}
}

// In is the channel of what is received.
func (r *Router) In() <-chan [][]byte { return r.in }

// Send hands a message to the peer that its first frame names. A peer that is gone gets nothing.
func (r *Router) Send(parts [][]byte) {
	if len(parts) == 0 {
		return
	}
	r.mu.Lock()
	p := r.byName[string(parts[0])]
	r.mu.Unlock()
	if p != nil {
		p.send(appendMessage(nil, parts[1:]))
	}
}

// Close lets what is queued go out, for at most linger.
func (r *Router) Close(linger time.Duration) { r.close(linger) }
