// Package wire carries Jupyter messages: sockets that speak ZeroMQ's wire protocol, and the signed messages on
// them. It is a server only: it binds ROUTER, PUB and REP sockets on this machine and never connects.
//
// Sources: ZMTP 3.1 (https://rfc.zeromq.org/spec/37/), of which this is the NULL mechanism; "Messaging in Jupyter",
// protocol 5.4 (https://jupyter-client.readthedocs.io/en/stable/messaging.html).
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	// What a peer may send before it has proven anything. A notebook's largest request is its largest cell.
	maxFrame     = 64 << 20  // bytes of one frame
	maxMessage   = 128 << 20 // bytes of all frames of a message
	maxFrames    = 256       // frames of a message
	maxHandshake = 4 << 10   // bytes of a command before the handshake is over
	maxTopics    = 256       // that one peer subscribes to

	// The flag bits of a frame: ZMTP 3.1, "Framing".
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

var errFrame = errors.New("bad frame")

// readMessage reads the frames of one message, or one command, whose bodies are at most limit bytes together. It
// allocates as bytes arrive, so that a header that claims much and sends little costs little.
func readMessage(r io.Reader, limit int) (parts [][]byte, command []byte, err error) {
	for len(parts) < maxFrames {
		var head [9]byte
		if _, err := io.ReadFull(r, head[:2]); err != nil {
			return nil, nil, err
		}
		flags, size := head[0], uint64(head[1])
		isCommand, more := flags&flagCommand != 0, flags&flagMore != 0
		if flags&^(flagMore|flagLong|flagCommand) != 0 || isCommand && (more || len(parts) > 0) {
			return nil, nil, fmt.Errorf("%w: flags %#x of frame %d", errFrame, flags, len(parts))
		}
		if flags&flagLong != 0 {
			if _, err := io.ReadFull(r, head[2:]); err != nil {
				return nil, nil, err
			}
			size = binary.BigEndian.Uint64(head[1:])
		}
		if size > uint64(min(limit, maxFrame)) {
			return nil, nil, fmt.Errorf("%w: %d bytes announced, the limit is %d", errFrame, size, min(limit, maxFrame))
		}
		body := []byte{}
		for came := 0; came < int(size); came = len(body) {
			body = append(body, make([]byte, min(int(size)-came, max(came, 64<<10)))...)
			if _, err := io.ReadFull(r, body[came:]); err != nil {
				return nil, nil, err
			}
		}
		if isCommand {
			return nil, body, nil
		}
		parts, limit = append(parts, body), limit-len(body)
		if !more {
			return parts, nil, nil
		}
	}
	return nil, nil, fmt.Errorf("%w: a message of more than %d frames", errFrame, maxFrames)
}

// appendMessage appends the frames of a message, or with flagCommand that of a command, to dst.
func appendMessage(dst []byte, flags byte, parts ...[]byte) []byte {
	for i, p := range parts {
		flags := flags
		if i < len(parts)-1 {
			flags |= flagMore
		}
		if len(p) <= 255 {
			dst = append(dst, flags, byte(len(p)))
		} else {
			dst = binary.BigEndian.AppendUint64(append(dst, flags|flagLong), uint64(len(p)))
		}
		dst = append(dst, p...)
	}
	return dst
}

// cut takes a string off the front of data, before which its length stands in so many bytes: one for the name of a
// command or a property, four for the value of a property. Where not all of it is there, rest is nil.
func cut(data []byte, width int) (s string, rest []byte) {
	var size uint64
	for i := range min(width, len(data)) {
		size = size<<8 | uint64(data[i])
	}
	if end := uint64(width) + size; end <= uint64(len(data)) {
		return string(data[width:end]), data[end:]
	}
	return "", nil
}
