// Package wire carries Jupyter messages: sockets that speak ZeroMQ's wire protocol, and the signed messages on
// them. It is a server only: it binds ROUTER, PUB and REP sockets on this machine and never connects.
//
// Sources: ZMTP 3.1 (https://rfc.zeromq.org/spec/37/), of which this is the NULL mechanism; "Messaging in Jupyter",
// protocol 5.4 (https://jupyter-client.readthedocs.io/en/stable/messaging.html).
package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// What a peer may send before it has proven anything. A notebook's largest request is its largest cell.
const (
	maxFrame     = 64 << 20  // bytes of one frame
	maxMessage   = 128 << 20 // bytes of all frames of a message
	maxFrames    = 256       // frames of a message
	maxHandshake = 4 << 10   // bytes of a command before the handshake is over
)

// The flag bits of a frame: ZMTP 3.1, "Framing".
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

var errFrame = errors.New("bad frame")

// frame is one frame as it stands on the wire.
type frame struct {
	more, command bool
	body          []byte
}

// readFrame reads one frame whose body is at most limit bytes. It allocates as bytes arrive, so that a header
// that claims much and sends little costs little.
func readFrame(r io.Reader, limit uint64) (frame, error) {
	var head [9]byte
	if _, err := io.ReadFull(r, head[:2]); err != nil {
		return frame{}, err
	}
	flags := head[0]
	if flags&^(flagMore|flagLong|flagCommand) != 0 || flags&flagCommand != 0 && flags&flagMore != 0 {
		return frame{}, fmt.Errorf("%w: flags %#x", errFrame, flags)
	}
	size := uint64(head[1])
	if flags&flagLong != 0 {
		if _, err := io.ReadFull(r, head[2:9]); err != nil {
			return frame{}, noEOF(err)
		}
		size = binary.BigEndian.Uint64(head[1:9])
	}
	if size > limit {
		return frame{}, fmt.Errorf("%w: %d bytes announced, the limit is %d", errFrame, size, limit)
	}
	f := frame{more: flags&flagMore != 0, command: flags&flagCommand != 0}
	if size <= 64<<10 {
		f.body = make([]byte, size)
		_, err := io.ReadFull(r, f.body)
		return f, noEOF(err)
	}
	var body bytes.Buffer
	if n, err := io.CopyN(&body, r, int64(size)); err != nil {
		return frame{}, fmt.Errorf("%w: %d of %d bytes came", noEOF(err), n, size)
	}
	f.body = body.Bytes()
	return f, nil
}

// noEOF turns an end in the middle of something into what it is.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// appendFrame appends a frame's bytes to dst.
func appendFrame(dst []byte, f frame) []byte {
	var flags byte
	if f.more {
		flags |= flagMore
	}
	if f.command {
		flags |= flagCommand
	}
	if len(f.body) <= 255 {
		dst = append(dst, flags, byte(len(f.body)))
	} else {
		dst = append(dst, flags|flagLong)
		dst = binary.BigEndian.AppendUint64(dst, uint64(len(f.body)))
	}
	return append(dst, f.body...)
}

// appendMessage appends the bytes of a message of several frames to dst.
func appendMessage(dst []byte, parts [][]byte) []byte {
	for i, p := range parts {
		dst = appendFrame(dst, frame{more: i < len(parts)-1, body: p})
	}
	return dst
}

// readMessage reads the frames of one message, or one command.
func readMessage(r io.Reader) (parts [][]byte, command []byte, err error) {
	left := uint64(maxMessage)
	for {
		f, err := readFrame(r, min(left, maxFrame))
		if err != nil {
			if len(parts) > 0 {
				err = noEOF(err)
			}
			return nil, nil, err
		}
		if f.command {
			if len(parts) > 0 {
				return nil, nil, fmt.Errorf("%w: a command inside a message", errFrame)
			}
			return nil, f.body, nil
		}
		parts = append(parts, f.body)
		left -= uint64(len(f.body))
		if !f.more {
			return parts, nil, nil
		}
		if len(parts) == maxFrames {
			return nil, nil, fmt.Errorf("%w: a message of more than %d frames", errFrame, maxFrames)
		}
	}
}

// command makes the body of a command frame: a short string that names it, then its data.
func command(name string, data []byte) []byte {
	return append(append([]byte{byte(len(name))}, name...), data...)
}

// splitCommand is the inverse of command.
func splitCommand(body []byte) (name string, data []byte, err error) {
	if len(body) == 0 || int(body[0]) > len(body)-1 {
		return "", nil, fmt.Errorf("%w: a command without a name", errFrame)
	}
	n := int(body[0])
	return string(body[1 : 1+n]), body[1+n:], nil
}

// property appends one property of a READY command: a short name, and a value with a length of four bytes.
func property(dst []byte, name, value string) []byte {
	dst = append(append(dst, byte(len(name))), name...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(value)))
	return append(dst, value...)
}

// splitProperties is the inverse of property, for all of a READY command. Names are case-insensitive: they
// come back in lower case.
func splitProperties(data []byte) (map[string]string, error) {
	props := map[string]string{}
	for len(data) > 0 {
		n := int(data[0])
		if n == 0 || len(data) < 1+n+4 {
			return nil, fmt.Errorf("%w: a property is cut off", errFrame)
		}
		name := string(bytes.ToLower(data[1 : 1+n]))
		size := uint64(binary.BigEndian.Uint32(data[1+n:]))
		data = data[1+n+4:]
		if size > uint64(len(data)) {
			return nil, fmt.Errorf("%w: the property %q is cut off", errFrame, name)
		}
		props[name] = string(data[:size])
		data = data[size:]
	}
	return props, nil
}
