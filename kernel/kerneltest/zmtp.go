// Package kerneltest is a small Jupyter client for the kernel's tests and benchmarks, and for the command that grades
// notebooks. Its ZMTP is written apart from the kernel's, from the specification (https://rfc.zeromq.org/spec/37/), so
// that the two check each other.
package kerneltest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// Conn is one connection of a client's socket.
type Conn struct {
	net.Conn
	mu sync.Mutex
}

// Dial connects and shakes hands as a socket of this kind, with this identity.
func Dial(address, kind, identity string) (*Conn, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	hello := make([]byte, 64)
	hello[0], hello[9], hello[10], hello[11] = 0xFF, 0x7F, 3, 1
	copy(hello[12:], "NULL")
	if _, err := c.Write(hello); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(c, make([]byte, 64)); err != nil {
		return nil, err
	}
	ready := "\x05READY"
	for _, p := range [][2]string{{"Socket-Type", kind}, {"Identity", identity}} {
		ready += string(rune(len(p[0]))) + p[0] + string(binary.BigEndian.AppendUint32(nil, uint32(len(p[1])))) + p[1]
	}
	conn := &Conn{Conn: c}
	if err := conn.frame(4, []byte(ready)); err != nil {
		return nil, err
	}
	flags, body, err := conn.read()
	if err != nil {
		return nil, err
	}
	if flags&4 == 0 || len(body) < 6 || string(body[1:6]) != "READY" {
		return nil, fmt.Errorf("the peer said %q, want READY", body)
	}
	return conn, nil
}

func (c *Conn) frame(flags byte, body []byte) error {
	head := []byte{flags, byte(len(body))}
	if len(body) > 255 {
		head = binary.BigEndian.AppendUint64([]byte{flags | 2}, uint64(len(body)))
	}
	_, err := c.Write(append(head, body...))
	return err
}

func (c *Conn) read() (flags byte, body []byte, err error) {
	head := make([]byte, 9)
	if _, err := io.ReadFull(c, head[:2]); err != nil {
		return 0, nil, err
	}
	size := uint64(head[1])
	if head[0]&2 != 0 {
		if _, err := io.ReadFull(c, head[2:]); err != nil {
			return 0, nil, err
		}
		size = binary.BigEndian.Uint64(head[1:])
	}
	if size > 1<<30 {
		return 0, nil, errors.New("a frame of more than 1 GB")
	}
	body = make([]byte, size)
	_, err = io.ReadFull(c, body)
	return head[0], body, err
}

// Send sends a message of several frames.
func (c *Conn) Send(parts ...[]byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, p := range parts {
		var more byte
		if i < len(parts)-1 {
			more = 1
		}
		if err := c.frame(more, p); err != nil {
			return err
		}
	}
	return nil
}

// Receive waits for the next message.
func (c *Conn) Receive() (parts [][]byte, err error) {
	for {
		flags, body, err := c.read()
		if err != nil {
			return nil, err
		}
		if flags&4 != 0 {
			continue
		}
		parts = append(parts, body)
		if flags&1 == 0 {
			return parts, nil
		}
	}
}
