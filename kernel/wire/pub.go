package wire

import (
	"bytes"
	"sync"
	"time"
)

// Pub sends every message to all who subscribed to the beginning of its first frame.
type Pub struct {
	*socket
	subs    map[*peer]map[string]int // under socket.mu
	heard   chan struct{}            // closed at the first subscription
	first   sync.Once
	welcome func(topic string) [][][]byte
}

// BindPub opens a PUB socket. The messages that welcome makes, if it is not nil, go to a peer as soon as it has
// subscribed to the topic; no message is sent meanwhile, and welcome must send none.
func BindPub(e Endpoint, logf func(string, ...any), welcome func(topic string) [][][]byte) (*Pub, error) {
	s, err := bind(e, logf)
	if err != nil {
		return nil, err
	}
	b := &Pub{socket: s, subs: map[*peer]map[string]int{}, heard: make(chan struct{}), welcome: welcome}
	go s.accept("PUB", []string{"SUB", "XSUB"}, b.serve)
	return b, nil
}

// serve keeps one subscriber's topics. They come as messages whose first byte is 1 or 0 (ZMTP 3.0), or as
// commands (ZMTP 3.1).
func (b *Pub) serve(p *peer) error {
	defer func() {
		b.mu.Lock()
		delete(b.subs, p)
		b.mu.Unlock()
	}()
	for {
		parts, err := next(p, func(name string, data []byte) {
			switch name {
			case "SUBSCRIBE":
				b.subscribe(p, string(data), 1)
			case "CANCEL":
				b.subscribe(p, string(data), -1)
			}
		})
		if err != nil {
			return err
		}
		if len(parts) == 1 && len(parts[0]) > 0 && parts[0][0] <= 1 {
			b.subscribe(p, string(parts[0][1:]), 2*int(parts[0][0])-1)
		}
	}
}

func (b *Pub) subscribe(p *peer, topic string, by int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	topics := b.subs[p]
	if topics == nil {
		topics = map[string]int{}
		b.subs[p] = topics
	}
	switch n := topics[topic] + by; {
	case n <= 0:
		delete(topics, topic)
	case len(topics) < maxFrames:
		topics[topic] = n
		if n == 1 && b.welcome != nil {
			for _, parts := range b.welcome(topic) {
				p.send(appendMessage(nil, parts))
			}
		}
	}
	b.first.Do(func() { close(b.heard) })
}

// Heard is closed as soon as somebody has subscribed.
func (b *Pub) Heard() <-chan struct{} { return b.heard }

// Send queues a message for each subscriber. One that does not read holds the others up once, for two
// seconds, when 32 MiB wait for it; then it is cut off.
func (b *Pub) Send(parts [][]byte) {
	if len(parts) == 0 {
		return
	}
	var to []*peer
	b.mu.Lock()
	for p, topics := range b.subs {
		for t := range topics {
			if bytes.HasPrefix(parts[0], []byte(t)) {
				to = append(to, p)
				break
			}
		}
	}
	b.mu.Unlock()
	if len(to) == 0 {
		return
	}
	msg := appendMessage(nil, parts)
	for _, p := range to {
		p.send(msg)
	}
}

// Close lets what is queued go out, for at most linger.
func (b *Pub) Close(linger time.Duration) { b.close(linger) }
