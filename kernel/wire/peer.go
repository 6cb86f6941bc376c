package wire

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	handshakeTime = 10 * time.Second       // from connect to READY
	stallTime     = 2 * time.Second        // a peer whose queue is full for so long, without reading, is cut off
	maxQueue      = 32 << 20               // bytes that wait for one peer, beside its last message
	goodbye       = 300 * time.Millisecond // in which a peer closes after we have said that we do
	pieceSize     = 64 << 10               // bytes: messages are cut, so that a slow peer is seen to read
	maxPieces     = 8                      // given to the connection at once
	maxPeers      = 128                    // of one socket, those still shaking hands included; more have to wait
)

// greeting is ours: signature, version 3.0 (subscriptions come as messages), mechanism NULL, not a server, padding.
var greeting = "\xff" + strings.Repeat("\x00", 8) + "\x7f\x03\x00NULL" + strings.Repeat("\x00", 48)

// peer is one connection after its handshake. One goroutine reads it, one writes its queue.
type peer struct {
	*socket // its mutex guards what is below heard
	conn    net.Conn
	in      *bufio.Reader
	name    string
	heard   chan struct{} // closed when nothing more is read

	topics []string   // subscribed to; one that was subscribed to twice is here twice
	moved  *sync.Cond // the queue grew or shrank, or the peer ended
	queue  [][]byte   // pieces of messages
	queued int        // bytes in queue, those being written included
	read   time.Time  // when the peer last took something
	ended  bool       // nothing more is queued; what is there is still written
}

// greet does the ZMTP handshake: greetings, then READY both ways.
func (s *socket) greet(conn net.Conn) (*peer, error) {
	_ = conn.SetDeadline(time.Now().Add(handshakeTime))
	ready := fmt.Appendf(nil, "\x05READY\x0bSocket-Type\x00\x00\x00%c%s\x08Identity\x00\x00\x00\x00", len(s.kind), s.kind)
	_, _ = conn.Write(appendMessage([]byte(greeting), flagCommand, ready)) // if this fails, so does what follows
	in := bufio.NewReaderSize(conn, 32<<10)
	for i := range len(greeting) { // byte by byte: a stranger is known by the first that is wrong
		c, err := in.ReadByte()
		fixed := i == 0 || i == 9 || i >= 12 && i < 32
		if err != nil || fixed && c != greeting[i] || i == 10 && c < greeting[i] {
			return nil, cmp.Or(err, fmt.Errorf("byte %d is %#x in a greeting of ZMTP 3 with the mechanism NULL", i, c))
		}
	}
	_, body, err := readMessage(in, maxHandshake)
	name, data := cut(body, 1)
	props := map[string]string{} // their names in lower case: they are case-insensitive
	for property := ""; len(data) > 0; {
		property, data = cut(data, 1)
		props[strings.ToLower(property)], data = cut(data, 4)
	}
	if name != "READY" || data == nil {
		return nil, cmp.Or(err, fmt.Errorf("%.20q instead of READY", body))
	}
	if theirs := props["socket-type"]; !slices.Contains(s.allowed, theirs) {
		reason := fmt.Sprintf("%s does not speak to %.20s", s.kind, theirs) // shorter than 128 bytes, whatever theirs is
		_, _ = conn.Write(appendMessage(nil, flagCommand, fmt.Appendf(nil, "\x05ERROR%c%s", len(reason), reason)))
		return nil, errors.New(reason)
	}
	_ = conn.SetDeadline(time.Time{})
	p := &peer{socket: s, conn: conn, in: in, name: props["identity"], heard: make(chan struct{}), moved: sync.NewCond(&s.mu)}
	return p, s.admit(p)
}

// send queues a message, or a command. Where the queue is full it waits for as long as the peer goes on reading: one
// that stalls cannot be written to, and so ends. The socket is locked, but not while it waits.
func (p *peer) send(msg []byte) {
	for p.queued >= maxQueue && !p.ended {
		_ = p.conn.SetWriteDeadline(p.read.Add(stallTime))
		p.moved.Wait()
	}
	if p.ended {
		return
	}
	if p.queued == 0 {
		p.read = time.Now()
	}
	p.queued += len(msg)
	p.queue = slices.AppendSeq(p.queue, slices.Chunk(msg, pieceSize))
	p.moved.Broadcast()
}

// end lets nothing more be queued, and what is queued be written until the deadline. The socket is locked.
func (p *peer) end(deadline time.Time) {
	if !p.ended {
		p.ended = true
		_ = p.conn.SetDeadline(deadline)
		p.moved.Broadcast()
	}
}

// write is the goroutine that empties the queue, a batch at a time, until the peer has ended. Then it says that no
// more will come, and waits for the peer to have read it: closing at once would reset the connection and lose what
// is under way.
func (p *peer) write() {
	defer p.conn.Close()
	p.mu.Lock()
	for !p.ended || len(p.queue) > 0 {
		if len(p.queue) == 0 {
			p.moved.Wait()
			continue
		}
		batch := net.Buffers(p.queue[:min(len(p.queue), maxPieces)])
		p.queue = p.queue[len(batch):]
		p.mu.Unlock()
		n, err := batch.WriteTo(p.conn) // and lets go of what is written
		p.mu.Lock()
		p.queued -= int(n)
		p.read = time.Now()
		if err != nil {
			p.queue = nil
			p.end(p.read)
		} else if !p.ended {
			_ = p.conn.SetWriteDeadline(time.Time{}) // that of send
		}
		p.moved.Broadcast()
	}
	p.mu.Unlock()
	_ = p.conn.(interface{ CloseWrite() error }).CloseWrite() // of TCP and of Unix
	select {
	case <-p.heard:
	case <-time.After(goodbye):
	}
}
