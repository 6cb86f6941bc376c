package wire

import (
	"slices"
	"strings"
	"sync"
)

// Router receives from many peers and answers to one of them. The first frame of a message is the peer's identity.
type Router struct {
	*socket
	in chan [][]byte
}

// BindRouter opens a ROUTER socket. logf hears of peers that were turned away.
func BindRouter(e Endpoint, logf func(string, ...any)) (*Router, error) {
	in := make(chan [][]byte, 16)
	s, err := bind(e, "ROUTER", []string{"DEALER", "REQ", "ROUTER"}, logf, func(p *peer, parts [][]byte) {
		select {
		case in <- append([][]byte{[]byte(p.name)}, parts...):
		case <-p.ctx.Done():
		}
	})
	return &Router{s, in}, err
}

// In is the channel of what is received.
func (r *Router) In() <-chan [][]byte { return r.in }

// Send hands a message to the peer that its first frame names. A peer that is gone gets nothing.
func (r *Router) Send(parts [][]byte) {
	r.sendTo(string(parts[0]), appendMessage(nil, 0, parts[1:]...))
}

// Rep answers every message with itself: Jupyter's heartbeat.
type Rep struct{ *socket }

// BindRep opens a REP socket that echoes.
func BindRep(e Endpoint, logf func(string, ...any)) (*Rep, error) {
	s, err := bind(e, "REP", []string{"REQ", "DEALER"}, logf, func(p *peer, parts [][]byte) {
		p.sendTo(p.name, appendMessage(nil, 0, parts...))
	})
	return &Rep{s}, err
}

// Pub sends every message to all who subscribed to the beginning of its first frame.
type Pub struct {
	*socket
	heard   chan struct{}
	first   sync.Once // closes heard
	welcome func(topic string) [][][]byte
}

// BindPub opens a PUB socket. The messages that welcome makes, if it is not nil, go to a peer as soon as it has
// subscribed to the topic; no message is sent while it makes them, and it must send none.
func BindPub(e Endpoint, logf func(string, ...any), welcome func(topic string) [][][]byte) (_ *Pub, err error) {
	b := &Pub{heard: make(chan struct{}), welcome: welcome}
	b.socket, err = bind(e, "PUB", []string{"SUB", "XSUB"}, logf, b.subscribe)
	return b, err
}

// subscribe keeps a peer's topics. A message of it is 1 and a topic to add, or 0 and one to take away. What is
// subscribed to twice is welcomed once.
func (b *Pub) subscribe(p *peer, parts [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(parts) != 1 || len(parts[0]) == 0 || parts[0][0] > 1 {
		return
	}
	topic := string(parts[0][1:])
	at := slices.Index(p.topics, topic)
	switch {
	case parts[0][0] == 0 && at >= 0:
		p.topics = slices.Delete(p.topics, at, at+1)
	case parts[0][0] == 1 && len(p.topics) < maxTopics:
		p.topics = append(p.topics, topic)
		if at < 0 && b.welcome != nil {
			for _, parts := range b.welcome(topic) {
				p.send(appendMessage(nil, 0, parts...))
			}
		}
		b.first.Do(func() { close(b.heard) })
	}
}

// Heard is closed as soon as somebody has subscribed.
func (b *Pub) Heard() <-chan struct{} { return b.heard }

// Send queues a message for each subscriber. One that does not read holds the others up once, for two
// seconds, when 32 MiB wait for it; then it is cut off.
func (b *Pub) Send(parts [][]byte) {
	topic, msg := string(parts[0]), appendMessage(nil, 0, parts...)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.peers {
		if slices.ContainsFunc(p.topics, func(t string) bool { return strings.HasPrefix(topic, t) }) {
			p.send(msg)
		}
	}
}
