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
	"slices"
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
func NewSession(key string) *Session { return &Session{ID: rand.Text(), key: []byte(key)} }

var delimiter = []byte("<IDS|MSG>")

func (s *Session) sign(parts [][]byte) []byte {
	if len(s.key) == 0 {
		return nil
	}
	mac := hmac.New(sha256.New, s.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// Decode checks and reads a message. Nothing of it is parsed before its signature is right.
func (s *Session) Decode(parts [][]byte) (m Message, err error) {
	i := slices.IndexFunc(parts, func(p []byte) bool { return bytes.Equal(p, delimiter) })
	if i < 0 || len(parts)-i < 6 {
		return m, fmt.Errorf("bad message: %d frames, want a delimiter and at least five after it", len(parts))
	}
	body := parts[i+2 : i+6]
	if len(s.key) > 0 && !hmac.Equal(parts[i+1], s.sign(body)) {
		return m, errors.New("bad message: the signature does not match")
	}
	if slices.ContainsFunc(body, func(p []byte) bool { return !bytes.HasPrefix(p, []byte("{")) || !json.Valid(p) }) {
		return m, errors.New("bad message: a part is not a JSON object")
	}
	m.Peers, m.RawHeader, m.Content = parts[:i], body[0], body[3]
	if err = json.Unmarshal(m.RawHeader, &m.Header); err == nil && (m.Header.ID == "" || m.Header.Type == "") {
		err = errors.New("bad message: a header without msg_id or msg_type")
	}
	return m, err
}

// Encode makes the frames of a new message of the given type, in answer to parent (whose zero value is for none).
func (s *Session) Encode(peers [][]byte, parent json.RawMessage, kind string, content any) ([][]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false) // figures are full of < and >
	if err := enc.Encode(content); err != nil {
		return nil, err
	}
	header, _ := json.Marshal(Header{ // of strings only: this does not fail
		ID: rand.Text(), Session: s.ID, Username: "kernel", Type: kind, Version: Version,
		Date: time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"),
	})
	if len(parent) == 0 {
		parent = json.RawMessage("{}")
	}
	parts := [][]byte{header, parent, []byte("{}"), bytes.TrimSuffix(text.Bytes(), []byte("\n"))}
	return slices.Concat(peers, [][]byte{delimiter, s.sign(parts)}, parts), nil
}
