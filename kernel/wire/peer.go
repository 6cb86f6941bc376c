package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

const (
	handshakeTime = 10 * time.Second       // from connect to READY
	stallTime     = 2 * time.Second        // a peer whose queue is full for so long, without reading, is cut off
	maxQueue      = 32 << 20               // bytes that wait for one peer
	goodbye       = 300 * time.Millisecond // in which a peer closes after we have said that we do
	batchSize     = 256 << 10              // bytes given to the connection at once
	maxPeers      = 128                    // of one socket
)

// peer is one connection after its handshake. One goroutine reads it, one writes its queue.
type peer struct {
	conn     net.Conn
	in       *bufio.Reader
	identity string

	mu     sync.Mutex
	moved  *sync.Cond // the queue grew or shrank, or the peer ended
	queue  [][]byte
	queued int       // bytes in queue, those being written included
	read   time.Time // when the peer last took something
	ending bool      // nothing more is queued; what is there is still written
	gone   bool      // the connection is dead

	written chan struct{} // closed when write has returned
	heard   chan struct{} // closed when whoever reads this peer has returned
}

// greet does the ZMTP handshake: greetings, then READY both ways. kind is our socket's type, allowed are the
// types that may speak to it.
func greet(conn net.Conn, kind string, allowed []string) (*peer, error) {
	if err := conn.SetDeadline(time.Now().Add(handshakeTime)); err != nil {
		return nil, err
	}
	if _, err := conn.Write(greeting()); err != nil {
		return nil, err
	}
	p := &peer{conn: conn, in: bufio.NewReaderSize(conn, 32<<10), written: make(chan struct{}), heard: make(chan struct{})}
	p.moved = sync.NewCond(&p.mu)
	if err := readGreeting(p.in); err != nil {
		return nil, err
	}
	ready := property(property(nil, "Socket-Type", kind), "Identity", "")
	if _, err := conn.Write(appendFrame(nil, frame{command: true, body: command("READY", ready)})); err != nil {
		return nil, err
	}
	f, err := readFrame(p.in, maxHandshake)
	if err != nil {
		return nil, err
	}
	if !f.command {
		return nil, fmt.Errorf("%w: a message before READY", errFrame)
	}
	name, data, err := splitCommand(f.body)
	if err != nil {
		return nil, err
	}
	if name != "READY" {
		return nil, fmt.Errorf("%w: %q instead of READY", errFrame, name)
	}
	props, err := splitProperties(data)
	if err != nil {
		return nil, err
	}
	if theirs := props["socket-type"]; !slices.Contains(allowed, theirs) {
		reason := kind + " does not speak to " + theirs
		if len(reason) > 255 {
			reason = reason[:255]
		}
		body := command("ERROR", append([]byte{byte(len(reason))}, reason...))
		_, err := conn.Write(appendFrame(nil, frame{command: true, body: body}))
		return nil, errors.Join(errors.New("wire: "+reason), err)
	}
	p.identity = props["identity"]
	return p, conn.SetDeadline(time.Time{})
}

// greeting is ours: signature, version 3.0 (subscriptions come as messages), mechanism NULL, not a server, padding.
func greeting() []byte {
	g := make([]byte, 64)
	g[0], g[9], g[10] = 0xff, 0x7f, 3
	copy(g[12:32], "NULL")
	return g
}

// readGreeting accepts version 3 and later with the NULL mechanism.
func readGreeting(in *bufio.Reader) error {
	g := make([]byte, 64)
	for i := range g { // byte by byte: a stranger is known by the first that is wrong
		c, err := in.ReadByte()
		if err != nil {
			return err
		}
		g[i] = c
		if i == 0 && c != 0xff || i == 9 && c != 0x7f || i == 10 && c < 3 {
			return fmt.Errorf("%w: not a ZMTP 3 greeting", errFrame)
		}
	}
	if !bytes.Equal(bytes.TrimRight(g[12:32], "\x00"), []byte("NULL")) {
		return fmt.Errorf("%w: mechanism %q, want NULL", errFrame, g[12:32])
	}
	return nil
}

// send queues a message. Where the queue is full it waits for as long as the peer goes on reading; a peer that
// stalls is cut off and stalls nobody again.
func (p *peer) send(msg []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queued == 0 {
		p.read = time.Now()
	}
	for p.queued+len(msg) > maxQueue && p.queued > 0 && !p.gone && !p.ending {
		left := stallTime - time.Since(p.read)
		if left <= 0 {
			p.gone = true
			p.moved.Broadcast()
			_ = p.conn.Close()
			return
		}
		timer := time.AfterFunc(left, p.moved.Broadcast)
		p.moved.Wait()
		timer.Stop()
	}
	if p.gone || p.ending {
		return
	}
	p.queue = append(p.queue, msg)
	p.queued += len(msg)
	p.moved.Broadcast()
}

// write is the goroutine that empties the queue, a batch at a time.
func (p *peer) write() {
	defer close(p.written)
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		for len(p.queue) == 0 && !p.ending && !p.gone {
			p.moved.Wait()
		}
		if p.gone || len(p.queue) == 0 {
			return
		}
		n, size := 0, 0
		for n < len(p.queue) && (n == 0 || size+len(p.queue[n]) <= batchSize) {
			size += len(p.queue[n])
			n++
		}
		batch := net.Buffers(slices.Clone(p.queue[:n]))
		clear(p.queue[:n])
		p.queue = p.queue[n:]
		p.mu.Unlock()
		_, err := batch.WriteTo(p.conn)
		p.mu.Lock()
		p.queued -= size
		p.read = time.Now()
		p.gone = p.gone || err != nil
		p.moved.Broadcast()
	}
}

// drop ends the connection at once.
func (p *peer) drop() {
	p.mu.Lock()
	p.gone = true
	p.moved.Broadcast()
	p.mu.Unlock()
	_ = p.conn.Close()
}

// finish writes what is queued, says that no more will come, and waits for the peer to have read it; all of it
// until the deadline at most. Closing at once would reset the connection and lose what is under way.
func (p *peer) finish(deadline time.Time) {
	_ = p.conn.SetDeadline(deadline)
	p.mu.Lock()
	p.ending = true
	p.moved.Broadcast()
	p.mu.Unlock()
	<-p.written
	if c, ok := p.conn.(interface{ CloseWrite() error }); ok && c.CloseWrite() == nil {
		select {
		case <-p.heard:
		case <-time.After(min(time.Until(deadline), goodbye)):
		}
	}
	p.drop()
}
