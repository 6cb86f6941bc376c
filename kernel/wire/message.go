package wire

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Version is the messaging protocol that this package speaks.
const Version = "5.4"

// Header names a message. Jupyter, "General Message Format".
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// Message is one Jupyter message. RawHeader is the header as it came, for the parent_header of what answers it.
type Message struct {
	Peers     [][]byte // the way back: identities; on PUB the topic
	Header    Header
	RawHeader json.RawMessage
	Content   json.RawMessage
}

// Session signs what it sends and checks what it receives: HMAC-SHA256 under the connection file's key.
type Session struct {
	ID  string
	key []byte
}

// NewSession makes a session. An empty key means, as the protocol has it, that nothing is signed.
func NewSession(key string) *Session { return &Session{ID: NewID(), key: []byte(key)} }

// NewID is a fresh random identifier: 128 bits in hexadecimal.
func NewID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program first
	return hex.EncodeToString(b[:])
}

var delimiter = []byte("<IDS|MSG>")

// ErrMessage marks a message that is dropped: its frames, its signature or its JSON are not as they should be.
var ErrMessage = errors.New("bad message")

func (s *Session) sign(parts [][]byte) []byte {
	if len(s.key) == 0 {
		return nil
	}
	mac := hmac.New(sha256.New, s.key)
	for _, p := range parts {
		mac.Write(p)
	}
	sum := mac.Sum(nil)
	return hex.AppendEncode(nil, sum)
}

// Decode checks and reads a message. Nothing of it is parsed before its signature is right.
func (s *Session) Decode(parts [][]byte) (Message, error) {
	var m Message
	i := 0
	for i < len(parts) && !bytes.Equal(parts[i], delimiter) {
		i++
	}
	if len(parts)-i < 6 {
		return m, fmt.Errorf("%w: %d frames, want a delimiter and at least five after it", ErrMessage, len(parts))
	}
	m.Peers = parts[:i]
	body := parts[i+2 : i+6]
	if !hmac.Equal(parts[i+1], s.sign(body)) && len(s.key) > 0 {
		return m, fmt.Errorf("%w: the signature does not match", ErrMessage)
	}
	for _, p := range body {
		if len(p) == 0 || p[0] != '{' || !json.Valid(p) {
			return m, fmt.Errorf("%w: a part is not a JSON object", ErrMessage)
		}
	}
	m.RawHeader, m.Content = body[0], body[3]
	if err := json.Unmarshal(m.RawHeader, &m.Header); err != nil {
		return m, fmt.Errorf("%w: header: %v", ErrMessage, err)
	}
	if m.Header.ID == "" || m.Header.Type == "" {
		return m, fmt.Errorf("%w: a header without msg_id or msg_type", ErrMessage)
	}
	return m, nil
}

// Encode makes the frames of a new message of the given type, in answer to parent (whose zero value is for none).
func (s *Session) Encode(peers [][]byte, parent json.RawMessage, kind string, content any) ([][]byte, error) {
	header, err := json.Marshal(Header{
		ID: NewID(), Session: s.ID, Username: "kernel", Type: kind, Version: Version,
		Date: time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"),
	})
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false) // figures are full of < and >
	if err := enc.Encode(content); err != nil {
		return nil, err
	}
	body := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	if len(parent) == 0 {
		parent = json.RawMessage("{}")
	}
	parts := [][]byte{header, parent, []byte("{}"), body}
	frames := append(append([][]byte{}, peers...), delimiter, s.sign(parts))
	return append(frames, parts...), nil
}
