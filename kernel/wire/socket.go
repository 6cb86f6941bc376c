package wire

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
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
		at, err := net.ResolveTCPAddr("tcp", net.JoinHostPort(cmp.Or(e.IP, "127.0.0.1"), strconv.Itoa(e.Port)))
		if err != nil || !at.IP.IsLoopback() {
			return nil, fmt.Errorf("wire: %s is not a loopback address: this kernel serves its own machine only (127.0.0.1)", e.IP)
		}
		return net.Listen("tcp", at.String())
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
		if err = os.Chmod(path, 0o600); err != nil {
			_ = l.Close()
		}
		return l, err
	}
	return nil, fmt.Errorf("wire: transport %q, want tcp or ipc", e.Transport)
}

// socket is what the three kinds share: a listener and its peers.
type socket struct {
	kind     string
	allowed  []string // the kinds that may speak to it
	logf     func(format string, args ...any)
	receive  func(*peer, [][]byte) // takes a peer's message; the peer is not read meanwhile
	listener net.Listener
	slots    chan struct{}   // holds one for each connection
	ctx      context.Context // done when the socket is closed
	quit     context.CancelFunc
	writers  sync.WaitGroup

	mu    sync.Mutex
	peers map[string]*peer // by name
}

// bind listens and lets peers in until the socket is closed.
func bind(e Endpoint, kind string, allowed []string, logf func(string, ...any), receive func(*peer, [][]byte)) (s *socket, err error) {
	s = &socket{kind: kind, allowed: allowed, logf: logf, receive: receive, slots: make(chan struct{}, maxPeers), peers: map[string]*peer{}}
	s.ctx, s.quit = context.WithCancel(context.Background())
	if s.listener, err = e.listen(); err == nil {
		go s.accept()
	}
	return s, err
}

func (s *socket) accept() {
	for s.ctx.Err() == nil {
		s.slots <- struct{}{}
		if conn, err := s.listener.Accept(); err == nil {
			go s.attend(conn)
		} else {
			<-s.slots
			time.Sleep(50 * time.Millisecond) // no file descriptors left: some will be freed
		}
	}
}

// attend lives as long as one connection is read.
func (s *socket) attend(conn net.Conn) {
	defer func() { <-s.slots }()
	p, err := s.greet(conn)
	if err != nil {
		_ = conn.Close()
		s.logf("wire: %s: a peer was turned away: %v", s.kind, err)
		return
	}
	if err = p.listen(); errors.Is(err, errFrame) {
		s.logf("wire: %s: a peer was cut off: %v", s.kind, err)
	}
	close(p.heard)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.peers, p.name)
	p.end(time.Now())
}

// admit makes the peer one of the socket's. Its name is the one it gave itself, if this is a ROUTER, or one that we
// make: a zero byte and a random text.
func (s *socket) admit(p *peer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kind != "ROUTER" || p.name == "" || p.name[0] == 0 {
		p.name = "\x00" + rand.Text()
	}
	if s.peers[p.name] != nil || s.ctx.Err() != nil {
		return fmt.Errorf("the identity %q is taken, or the kernel ends", p.name)
	}
	s.peers[p.name] = p
	s.writers.Go(p.write)
	return nil
}

// listen reads the peer's messages until its end, and obeys or ignores its commands.
func (p *peer) listen() error {
	for {
		parts, body, err := readMessage(p.in, maxMessage)
		if err != nil {
			return err
		}
		name, data := cut(body, 1)
		switch {
		case body == nil:
			p.receive(p, parts)
		case data == nil || name == "ERROR":
			return fmt.Errorf("%w: the command %.40q", errFrame, body)
		case name == "PING" && len(data) >= 2: // a time to live, then a context that the answer repeats
			p.sendTo(p.name, appendMessage(nil, flagCommand, append([]byte("\x04PONG"), data[2:min(len(data), 18)]...)))
		case name == "SUBSCRIBE": // in ZMTP 3.1 what a message that begins with 1 or 0 is in 3.0
			p.receive(p, [][]byte{slices.Concat([]byte{1}, data)})
		case name == "CANCEL":
			p.receive(p, [][]byte{slices.Concat([]byte{0}, data)})
		}
	}
}

// sendTo queues a message for one peer, if it is still there.
func (s *socket) sendTo(name string, msg []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.peers[name]; p != nil {
		p.send(msg)
	}
}

// Close stops accepting and lets every peer have what is queued for it, for at most linger.
func (s *socket) Close(linger time.Duration) {
	s.mu.Lock()
	s.quit()
	for _, p := range s.peers {
		p.end(time.Now().Add(linger))
	}
	s.mu.Unlock()
	_ = s.listener.Close()
	s.writers.Wait()
}
