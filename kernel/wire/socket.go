package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"time"
)

// Endpoint is where a socket binds.
type Endpoint struct {
	Transport string // "tcp" or "ipc"
	IP        string // of this machine; for ipc the beginning of a path
	Port      int
}

// listen binds, on the loopback interface or in the file system only.
func (e Endpoint) listen() (net.Listener, error) {
	switch e.Transport {
	case "tcp", "":
		host := e.IP
		if host == "" || host == "localhost" {
			host = "127.0.0.1"
		}
		if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
			return nil, fmt.Errorf("wire: %s is not a loopback address: this kernel serves its own machine only (127.0.0.1)", e.IP)
		}
		return net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(e.Port)))
	case "ipc":
		path := e.IP + "-" + strconv.Itoa(e.Port)
		if c, err := net.Dial("unix", path); err == nil {
			_ = c.Close()
			return nil, fmt.Errorf("wire: somebody listens on %s", path)
		} else if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSocket != 0 {
			_ = os.Remove(path) // of a kernel that was killed
		}
		l, err := net.Listen("unix", path)
		if err != nil {
			return nil, err
		}
		return l, os.Chmod(path, 0o600)
	}
	return nil, fmt.Errorf("wire: transport %q, want tcp or ipc", e.Transport)
}

// socket is what the three kinds share: a listener and its peers.
type socket struct {
	listener net.Listener
	logf     func(format string, args ...any)

	mu     sync.Mutex
	peers  map[*peer]struct{}
	open   int // connections, those still shaking hands included
	closed bool
	quit   chan struct{}
}

// bind starts to accept. serve reads one peer until its end.
func bind(e Endpoint, kind string, allowed []string, logf func(string, ...any), serve func(*peer) error) (*socket, error) {
	l, err := e.listen()
	if err != nil {
		return nil, err
	}
	s := &socket{listener: l, logf: logf, peers: map[*peer]struct{}{}, quit: make(chan struct{})}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				if errors.Is(err, net.ErrClosed) {
					return
				}
				time.Sleep(50 * time.Millisecond) // no file descriptors left: some will be freed
				continue
			}
			s.mu.Lock()
			full := s.closed || s.open >= maxPeers
			if !full {
				s.open++
			}
			s.mu.Unlock()
			if full {
				_ = conn.Close()
				continue
			}
			go s.attend(conn, kind, allowed, serve)
		}
	}()
	return s, nil
}

// attend lives as long as one connection.
func (s *socket) attend(conn net.Conn, kind string, allowed []string, serve func(*peer) error) {
	defer func() {
		s.mu.Lock()
		s.open--
		s.mu.Unlock()
	}()
	p, err := greet(conn, kind, allowed)
	if err != nil {
		_ = conn.Close()
		s.logf("wire: %s: a peer was turned away: %v", kind, err)
		return
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		_ = conn.Close()
		return
	}
	s.peers[p] = struct{}{}
	s.mu.Unlock()
	go p.write()
	err = serve(p)
	if errors.Is(err, errFrame) {
		s.logf("wire: %s: a peer was cut off: %v", kind, err)
	}
	close(p.heard)
	s.mu.Lock()
	delete(s.peers, p)
	closing := s.closed
	s.mu.Unlock()
	if !closing { // else close waits for what is queued
		p.drop()
	}
}

// all lists the peers of the moment.
func (s *socket) all() []*peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*peer, 0, len(s.peers))
	for p := range s.peers {
		list = append(list, p)
	}
	return list
}

// close stops accepting and lets every peer have what is queued for it, for at most linger.
func (s *socket) close(linger time.Duration) {
	list := s.all()
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	close(s.quit)
	s.mu.Unlock()
	_ = s.listener.Close()
	deadline := time.Now().Add(linger)
	var wait sync.WaitGroup
	for _, p := range list {
		wait.Go(func() { p.finish(deadline) })
	}
	wait.Wait()
}

// next reads the peer's next message, and obeys or ignores commands.
func next(p *peer, onCommand func(name string, data []byte)) ([][]byte, error) {
	for {
		parts, body, err := readMessage(p.in)
		if err != nil || parts != nil {
			return parts, err
		}
		name, data, err := splitCommand(body)
		switch {
		case err != nil:
			return nil, err
		case name == "PING" && len(data) >= 2: // a time to live, then a context that the answer repeats
			p.send(appendFrame(nil, frame{command: true, body: command("PONG", data[2:min(len(data), 18)])}))
		case name == "ERROR":
			return nil, io.EOF
		case onCommand != nil:
			onCommand(name, data)
		}
	}
}

// Router receives from many peers and answers to one of them. The first frame of a message is the peer's identity.
type Router struct {
	*socket
	in     chan [][]byte
	byName map[string]*peer // under socket.mu
	nextID uint32
}

// BindRouter opens a ROUTER socket. logf hears of peers that were turned away.
func BindRouter(e Endpoint, logf func(string, ...any)) (*Router, error) {
	r := &Router{in: make(chan [][]byte, 16), byName: map[string]*peer{}}
	ready := make(chan struct{})
	var err error
	r.socket, err = bind(e, "ROUTER", []string{"DEALER", "REQ", "ROUTER"}, logf, func(p *peer) error {
		<-ready
		return r.serve(p)
	})
	close(ready)
	return r, err
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

// Pub sends every message to all who subscribed to the beginning of its first frame.
type Pub struct {
	*socket
	subs    map[*peer]map[string]int // under socket.mu
	heard   chan struct{}            // closed at the first subscription
	first   sync.Once
	welcome func(topic string) [][][]byte
}

// BindPub opens a PUB socket. The messages that welcome makes, if it is not nil, go to a peer as soon as it has
// subscribed to the topic; no message is sent meanwhile, and welcome must send none.
func BindPub(e Endpoint, logf func(string, ...any), welcome func(topic string) [][][]byte) (*Pub, error) {
	b := &Pub{subs: map[*peer]map[string]int{}, heard: make(chan struct{}), welcome: welcome}
	ready := make(chan struct{})
	var err error
	b.socket, err = bind(e, "PUB", []string{"SUB", "XSUB"}, logf, func(p *peer) error {
		<-ready
		return b.serve(p)
	})
	close(ready)
	return b, err
}

// serve keeps one subscriber's topics. They come as messages whose first byte is 1 or 0 (ZMTP 3.0), or as
// commands (ZMTP 3.1).
func (b *Pub) serve(p *peer) error {
	defer func() {
		b.mu.Lock()
		delete(b.subs, p)
		b.mu.Unlock()
	}()
	for {
		parts, err := next(p, func(name string, data []byte) {
			switch name {
			case "SUBSCRIBE":
				b.subscribe(p, string(data), 1)
			case "CANCEL":
				b.subscribe(p, string(data), -1)
			}
		})
		if err != nil {
			return err
		}
		if len(parts) == 1 && len(parts[0]) > 0 && parts[0][0] <= 1 {
			b.subscribe(p, string(parts[0][1:]), 2*int(parts[0][0])-1)
		}
	}
}

func (b *Pub) subscribe(p *peer, topic string, by int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	topics := b.subs[p]
	if topics == nil {
		topics = map[string]int{}
		b.subs[p] = topics
	}
	switch n := topics[topic] + by; {
	case n <= 0:
		delete(topics, topic)
	case len(topics) < maxFrames:
		topics[topic] = n
		if n == 1 && b.welcome != nil {
			for _, parts := range b.welcome(topic) {
				p.send(appendMessage(nil, parts))
			}
		}
	}
	b.first.Do(func() { close(b.heard) })
}

// Heard is closed as soon as somebody has subscribed.
func (b *Pub) Heard() <-chan struct{} { return b.heard }

// Send queues a message for each subscriber. One that does not read holds the others up once, for two
// seconds, when 32 MiB wait for it; then it is cut off.
func (b *Pub) Send(parts [][]byte) {
	if len(parts) == 0 {
		return
	}
	var to []*peer
	b.mu.Lock()
	for p, topics := range b.subs {
		for t := range topics {
			if bytes.HasPrefix(parts[0], []byte(t)) {
				to = append(to, p)
				break
			}
		}
	}
	b.mu.Unlock()
	if len(to) == 0 {
		return
	}
	msg := appendMessage(nil, parts)
	for _, p := range to {
		p.send(msg)
	}
}

// Close lets what is queued go out, for at most linger.
func (b *Pub) Close(linger time.Duration) { b.close(linger) }

// Rep answers every message with itself: Jupyter's heartbeat.
type Rep struct{ *socket }

// BindRep opens a REP socket that echoes.
func BindRep(e Endpoint, logf func(string, ...any)) (*Rep, error) {
	s, err := bind(e, "REP", []string{"REQ", "DEALER"}, logf, func(p *peer) error {
		for {
			parts, err := next(p, nil)
			if err != nil {
				return err
			}
			p.send(appendMessage(nil, parts))
		}
	})
	return &Rep{s}, err
}

// Close ends the heartbeat.
func (r *Rep) Close() { r.close(0) }
