package wire

import (
	"errors"
	"fmt"
	"io"
	"maps"
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
		if err := os.Chmod(path, 0o600); err != nil {
			_ = l.Close()
			return nil, err
		}
		return l, nil
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

// bind listens; accept has to follow.
func bind(e Endpoint, logf func(string, ...any)) (*socket, error) {
	l, err := e.listen()
	if err != nil {
		return nil, err
	}
	return &socket{listener: l, logf: logf, peers: map[*peer]struct{}{}, quit: make(chan struct{})}, nil
}

// accept lets peers in until the socket is closed. serve reads one of them until its end.
func (s *socket) accept(kind string, allowed []string, serve func(*peer) error) {
	for {
		conn, err := s.listener.Accept()
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

// close stops accepting and lets every peer have what is queued for it, for at most linger.
func (s *socket) close(linger time.Duration) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	close(s.quit)
	list := slices.Collect(maps.Keys(s.peers))
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
