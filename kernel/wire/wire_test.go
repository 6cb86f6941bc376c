package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"elboroom/kernel/kerneltest"
)

func address(s *socket) string { return s.listener.Addr().String() }

func dial(t testing.TB, s *socket, kind, identity string) *kerneltest.Conn {
	t.Helper()
	c, err := kerneltest.Dial(address(s), kind, identity)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func router(t testing.TB) *Router {
	t.Helper()
	r, err := BindRouter(Endpoint{IP: "127.0.0.1"}, func(string, ...any) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(0) })
	return r
}

func pub(t testing.TB) *Pub {
	t.Helper()
	b, err := BindPub(Endpoint{IP: "127.0.0.1"}, func(string, ...any) {}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close(0) })
	return b
}

func subscribe(t testing.TB, b *Pub, topic string) *kerneltest.Conn {
	t.Helper()
	before := subscribers(b)
	c := dial(t, b.socket, "SUB", "")
	if err := c.Send(append([]byte{1}, topic...)); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(60 * time.Second); subscribers(b) == before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the subscription did not arrive")
		}
	}
	return c
}

func subscribers(b *Pub) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, p := range b.peers {
		n += min(len(p.topics), 1)
	}
	return n
}

func TestRouter(t *testing.T) {
	r := router(t)
	named, nameless := dial(t, r.socket, "DEALER", "somebody"), dial(t, r.socket, "DEALER", "")
	for _, c := range []*kerneltest.Conn{named, nameless} {
		big := bytes.Repeat([]byte("x"), 300_000)
		if err := c.Send([]byte("a"), nil, big); err != nil {
			t.Fatal(err)
		}
		m := <-r.In()
		if len(m) != 4 || string(m[1]) != "a" || len(m[2]) != 0 || !bytes.Equal(m[3], big) {
			t.Fatalf("%d frames came", len(m))
		}
		if c == named && string(m[0]) != "somebody" {
			t.Errorf("the identity is %q", m[0])
		}
		r.Send([][]byte{m[0], []byte("back"), big})
		back, err := c.Receive()
		if err != nil || len(back) != 2 || string(back[0]) != "back" || !bytes.Equal(back[1], big) {
			t.Fatalf("%d frames came back, %v", len(back), err)
		}
	}
	r.Send([][]byte{[]byte("nobody"), []byte("x")})
	if c, err := kerneltest.Dial(address(r.socket), "DEALER", "somebody"); err == nil { // the name is taken
		_ = c.SetReadDeadline(time.Now().Add(60 * time.Second))
		if _, err := c.Receive(); err != io.EOF {
			t.Errorf("a second peer of the same name: %v, want to be cut off", err)
		}
	}
}

func TestHeartbeatEchoes(t *testing.T) {
	h, err := BindRep(Endpoint{IP: "127.0.0.1"}, func(string, ...any) {})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close(0)
	c := dial(t, h.socket, "REQ", "")
	for i := range 3 {
		if err := c.Send(nil, fmt.Append(nil, "ping", i)); err != nil {
			t.Fatal(err)
		}
		if m, err := c.Receive(); err != nil || len(m) != 2 || string(m[1]) != fmt.Sprint("ping", i) {
			t.Fatalf("%q, %v", m, err)
		}
	}
}

func TestPubFilters(t *testing.T) {
	b := pub(t)
	all, some := subscribe(t, b, ""), subscribe(t, b, "stream")
	b.Send([][]byte{[]byte("status"), []byte("1")})
	b.Send([][]byte{[]byte("stream.x"), []byte("2")})
	for _, want := range []string{"1", "2"} {
		if m, err := all.Receive(); err != nil || string(m[1]) != want {
			t.Errorf("%q, %v", m, err)
		}
	}
	if m, err := some.Receive(); err != nil || string(m[1]) != "2" {
		t.Errorf("%q, %v", m, err)
	}
}

// TestPubWelcomes: a subscriber is welcomed once, and before all else.
func TestPubWelcomes(t *testing.T) {
	b, err := BindPub(Endpoint{IP: "127.0.0.1"}, func(string, ...any) {}, func(topic string) [][][]byte {
		return [][][]byte{{[]byte(topic), []byte("welcome")}}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close(0) })
	first := subscribe(t, b, "a")
	second := subscribe(t, b, "")
	b.Send([][]byte{[]byte("ab"), []byte("news")})
	for topic, c := range map[string]*kerneltest.Conn{"a": first, "": second} {
		if err := c.SetReadDeadline(time.Now().Add(60 * time.Second)); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{topic + " welcome", "ab news"} { // each is welcomed once, and alone
			m, err := c.Receive()
			if err != nil {
				t.Fatal(err)
			}
			if got := string(bytes.Join(m, []byte(" "))); got != want {
				t.Errorf("the subscriber to %q hears %q, want %q", topic, got, want)
			}
		}
	}
}

// TestHugeHeader: a header that claims 2⁶² bytes ends that connection, and nothing else.
func TestHugeHeader(t *testing.T) {
	r := router(t)
	for _, size := range []uint64{1 << 62, 1<<64 - 1, maxFrame + 1} {
		bad := dial(t, r.socket, "DEALER", "")
		if _, err := bad.Write(binary.BigEndian.AppendUint64([]byte{flagLong}, size)); err != nil {
			t.Fatal(err)
		}
		_ = bad.SetReadDeadline(time.Now().Add(60 * time.Second))
		if _, err := bad.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("a claim of %d bytes: %v, want to be cut off", size, err)
		}
	}
	good := dial(t, r.socket, "DEALER", "")
	if err := good.Send([]byte("x")); err != nil {
		t.Fatal(err)
	}
	<-r.In()
}

// TestStrangers: whoever does not speak ZMTP 3 with the NULL mechanism and a fitting socket type is turned away.
func TestStrangers(t *testing.T) {
	r := router(t)
	null := greeting
	for name, hello := range map[string]string{
		"HTTP": "GET / HTTP/1.1\r\n\r\n", "ZMTP 1": "\x01\x00", "ZMTP 2": "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x05\x00\x00",
		"CURVE":           strings.Replace(null, "NULL\x00", "CURVE", 1),
		"a message first": null + "\x00\x01x", "another command": null + "\x04\x06\x05HELLO", "no name": null + "\x04\x00",
		"a bad property": null + "\x04\x08\x05READY\x05a", "a huge command": null + "\x06\x00\x00\x00\x00\x00\x10\x00\x00",
		"a PUB": null + "\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x03PUB",
	} {
		c, err := net.Dial("tcp", address(r.socket))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Write([]byte(hello)); err != nil {
			t.Fatal(err)
		}
		_ = c.SetReadDeadline(time.Now().Add(60 * time.Second))
		if _, err := io.Copy(io.Discard, c); err != nil && !strings.Contains(err.Error(), "reset") {
			t.Errorf("%s: %v, want to be cut off", name, err)
		}
		_ = c.Close()
	}
	if _, err := BindRouter(Endpoint{IP: "0.0.0.0"}, t.Logf); err == nil || !strings.Contains(err.Error(), "loopback") {
		t.Errorf("bound to all interfaces: %v", err)
	}
}

// TestSilentSubscriber: one that never reads costs the others two seconds once, and a bounded amount of memory.
func TestSilentSubscriber(t *testing.T) {
	b := pub(t)
	subscribe(t, b, "") // reads nothing, ever
	good := subscribe(t, b, "")
	const n = 2000
	msg := [][]byte{[]byte("t"), make([]byte, 64<<10)} // 125 MiB in all
	begin := time.Now()
	go func() {
		for range n {
			b.Send(msg)
		}
	}()
	for i := range n {
		if _, err := good.Receive(); err != nil {
			t.Fatalf("message %d: %v", i, err)
		}
	}
	if took := time.Since(begin); took > stallTime+60*time.Second {
		t.Errorf("the other subscriber waited %v", took)
	}
}

// trickle reads n bytes, 64 KiB at a time with a pause between; of a connection that ends, fewer.
func trickle(c *kerneltest.Conn, n int, pause time.Duration) {
	for buf := make([]byte, 64<<10); n > 0; time.Sleep(pause) {
		came, err := c.Read(buf[:min(n, len(buf))])
		if err != nil {
			return
		}
		n -= came
	}
}

// TestSlowSubscriber: one that reads slowly is waited for, even if one message takes it longer than stallTime.
func TestSlowSubscriber(t *testing.T) {
	b := pub(t)
	c := subscribe(t, b, "")
	big := [][]byte{[]byte("t"), make([]byte, maxQueue+8<<20)}
	go func() {
		b.Send(big)
		b.Send([][]byte{[]byte("t"), []byte("small")})
	}()
	trickle(c, len(appendMessage(nil, 0, big...)), 5*time.Millisecond) // some four seconds
	_ = c.SetReadDeadline(time.Now().Add(60 * time.Second))
	if m, err := c.Receive(); err != nil || string(m[1]) != "small" {
		t.Errorf("after the big message came %q, %v", m, err)
	}
}

// TestCloseWaitsForNobody: a subscriber that is slow to read its welcome does not keep Close.
func TestCloseWaitsForNobody(t *testing.T) {
	welcomed := make(chan struct{})
	b, err := BindPub(Endpoint{IP: "127.0.0.1"}, func(string, ...any) {}, func(topic string) [][][]byte {
		defer close(welcomed)
		return slices.Repeat([][][]byte{{[]byte(topic), make([]byte, maxQueue/64)}}, 128)
	})
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, b.socket, "SUB", "")
	go trickle(c, 2*maxQueue, 20*time.Millisecond) // there is room for all of it after some ten seconds
	if err := c.Send([]byte{1}); err != nil {
		t.Fatal(err)
	}
	<-welcomed
	begin := time.Now()
	b.Close(0)
	if took := time.Since(begin); took > 6*time.Second {
		t.Errorf("Close took %v", took)
	}
}

// TestCommands: a PING is answered, and subscriptions may come as commands. Each needs a cancel of its own.
func TestCommands(t *testing.T) {
	b := pub(t)
	c := dial(t, b.socket, "SUB", "same")
	dial(t, b.socket, "SUB", "same") // names are of no meaning here
	_ = c.SetReadDeadline(time.Now().Add(60 * time.Second))
	for i, say := range []struct {
		command string
		hears   bool
	}{
		{"\x09SUBSCRIBEa", true}, {"\x09SUBSCRIBEa", true}, {"\x06CANCELa", true}, {"\x05OTHER", true},
		{"\x06CANCELa", false}, {"\x06CANCELa", false}, {"\x09SUBSCRIBE", true},
	} {
		ping := fmt.Sprintf("\x04PING\x00\x01%d", i)
		if _, err := c.Write(appendMessage(appendMessage(nil, flagCommand, []byte(say.command)), flagCommand, []byte(ping))); err != nil {
			t.Fatal(err)
		}
		if _, pong, err := readMessage(c, maxMessage); err != nil || string(pong) != fmt.Sprintf("\x04PONG%d", i) {
			t.Fatalf("the answer to %q is %q, %v", ping, pong, err)
		}
		b.Send([][]byte{[]byte("ab"), []byte("news")})
		b.Send([][]byte{[]byte("b"), []byte("other")})
		if say.hears {
			if m, _, err := readMessage(c, maxMessage); err != nil || string(m[1]) != "news" {
				t.Fatalf("after %q: %q, %v", say.command, m, err)
			}
		}
	}
	if m, _, err := readMessage(c, maxMessage); err != nil || string(m[0]) != "b" {
		t.Errorf("a subscriber to all hears %q, %v", m, err)
	}
	if _, err := c.Write([]byte("\x04\x00")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := readMessage(c, maxMessage); err != io.EOF {
		t.Errorf("after a command without a name: %v, want to be cut off", err)
	}
}

// TestNothingIsLostOnClose: what was sent before Close arrives.
func TestNothingIsLostOnClose(t *testing.T) {
	for round := range 20 {
		b := pub(t)
		c := subscribe(t, b, "")
		for i := range 200 {
			b.Send([][]byte{[]byte("t"), fmt.Append(nil, i)})
		}
		got := make(chan int)
		go func() {
			n := 0
			for {
				if _, err := c.Receive(); err != nil {
					_ = c.Close()
					got <- n
					return
				}
				n++
			}
		}()
		b.Close(2 * time.Second)
		if n := <-got; n != 200 {
			t.Fatalf("round %d: %d of 200 arrived", round, n)
		}
	}
}

// TestStalledDealer: a ROUTER that writes to a peer which does not read goes on serving the others.
func TestStalledDealer(t *testing.T) {
	r := router(t)
	dial(t, r.socket, "DEALER", "stalled")
	good := dial(t, r.socket, "DEALER", "good")
	if err := good.Send([]byte("x")); err != nil {
		t.Fatal(err)
	}
	<-r.In()
	go func() {
		for range 100 {
			r.Send([][]byte{[]byte("stalled"), make([]byte, 1<<20)})
		}
	}()
	for i := range 20 {
		begin := time.Now()
		r.Send([][]byte{[]byte("good"), []byte("y")})
		if _, err := good.Receive(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took > stallTime+30*time.Second {
			t.Errorf("answer %d took %v", i, took)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestManyConnections(t *testing.T) {
	r := router(t)
	for range maxPeers + 20 {
		c, err := net.Dial("tcp", address(r.socket))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
}

func TestSignatures(t *testing.T) {
	s := NewSession("key")
	frames, err := s.Encode([][]byte{[]byte("peer")}, nil, "status", map[string]any{"a": "<b>"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.Decode(frames)
	if err != nil || m.Header.Type != "status" || string(m.Content) != `{"a":"<b>"}` {
		t.Fatalf("%s %s, %v", m.Header.Type, m.Content, err)
	}
	for i := 2; i < len(frames); i++ { // the signature and each signed part
		bad := append([][]byte{}, frames...)
		bad[i] = append([]byte{}, bad[i]...)
		bad[i][len(bad[i])-1] ^= 1
		if _, err := s.Decode(bad); err == nil {
			t.Errorf("part %d was changed, and nobody noticed", i)
		}
	}
	if _, err := NewSession("other").Decode(frames); err == nil {
		t.Error("a message of another key was accepted")
	}
	if _, err := NewSession("").Decode(frames); err != nil {
		t.Errorf("without a key nothing is checked: %v", err)
	}
}

// FuzzFrames: any bytes are a message, a command or an error; what is a message survives the way there and back.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("\x01\x01a\x00\x01b"))
	f.Add([]byte("\x02\x40\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("\x04\x06\x05READY"))
	f.Add(appendMessage(nil, 0, []byte("x"), make([]byte, 300)))
	f.Fuzz(func(t *testing.T, data []byte) {
		parts, body, err := readMessage(bytes.NewReader(data), maxMessage)
		if err != nil {
			return
		}
		if body != nil {
			for _, width := range []int{1, 4} {
				s, rest := cut(body, width)
				size := binary.BigEndian.AppendUint32(nil, uint32(len(s)))[4-width:]
				if rest != nil && !bytes.Equal(slices.Concat(size, []byte(s), rest), body) {
					t.Errorf("command %q does not come back", body)
				}
			}
			return
		}
		again, _, err := readMessage(bytes.NewReader(appendMessage(nil, 0, parts...)), maxMessage)
		if err != nil || len(again) != len(parts) {
			t.Fatalf("%q came back as %q, %v", parts, again, err)
		}
		for i := range parts {
			if !bytes.Equal(parts[i], again[i]) {
				t.Fatalf("%q came back as %q", parts, again)
			}
		}
	})
}

// FuzzDecode: no frames make Decode panic, and none without a signature are accepted.
func FuzzDecode(f *testing.F) {
	s := NewSession("key")
	f.Add([]byte("<IDS|MSG>"), []byte("{}"), []byte(`{"msg_id":"1","msg_type":"x"}`))
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		for _, frames := range [][][]byte{{a, b, c}, {a, delimiter, b, c, c, c, c}, {delimiter, a, b, c, a, b}} {
			if _, err := s.Decode(frames); err == nil {
				t.Fatalf("accepted: %q", frames)
			}
		}
		_, _ = NewSession("").Decode([][]byte{delimiter, a, c, b, b, b})
	})
}
