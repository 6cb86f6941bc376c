package kerneltest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// Content is what a message says.
type Content = map[string]any

// Message is a message received.
type Message struct {
	Type, Parent, Session string
	Content               Content
}

// Kernel is a kernel process and its client.
type Kernel struct {
	Cmd     *exec.Cmd
	Dir     string
	Key     string
	Ports   map[string]int
	Shell   *Conn
	Control *Conn
	Stdin   *Conn
	IOPub   *Conn

	Replies chan Message // of shell and control
	Outputs chan Message // of iopub
	Asked   chan Message // of stdin
	Answer  func(prompt string) string
	session string
	count   atomic.Int64
	log     bytes.Buffer
}

// Log is what the kernel wrote to its stderr, once it has ended.
func (k *Kernel) Log() string { return k.log.String() }

// freePorts finds n different ports that nobody listens on.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // once all are found, or the next could be the same
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// Start starts a kernel with this argv (…, then the connection file) and connects to it.
func Start(argv []string, dir string, env ...string) (*Kernel, error) {
	k := &Kernel{Dir: dir, Key: "a key for tests", Ports: map[string]int{}, session: fmt.Sprintf("session-%d", time.Now().UnixNano()),
		Replies: make(chan Message, 1024), Outputs: make(chan Message, 1<<17), Asked: make(chan Message, 16)}
	conn := map[string]any{"ip": "127.0.0.1", "transport": "tcp", "key": k.Key, "signature_scheme": "hmac-sha256", "kernel_name": "gonb"}
	channels := []string{"shell", "iopub", "stdin", "control", "hb"}
	ports, err := freePorts(len(channels))
	if err != nil {
		return nil, err
	}
	for i, name := range channels {
		k.Ports[name] = ports[i]
		conn[name+"_port"] = ports[i]
	}
	data, err := json.Marshal(conn)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp("", "kernel-test-*.json")
	if err != nil {
		return nil, err
	}
	if _, err = f.Write(data); err == nil {
		err = f.Close()
	}
	if err != nil {
		return nil, err
	}
	k.Cmd = exec.Command(argv[0], append(argv[1:], f.Name())...)
	k.Cmd.Dir = dir
	k.Cmd.Env = append(os.Environ(), env...)
	k.Cmd.Stderr = &k.log
	if os.Getenv("KERNEL_LOG") != "" {
		k.Cmd.Stderr = io.MultiWriter(&k.log, os.Stderr)
	}
	if err := k.Cmd.Start(); err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	if err := k.connect(); err != nil {
		_ = k.Cmd.Process.Kill()
		return nil, err
	}
	return k, nil
}

func (k *Kernel) connect() (err error) {
	for _, s := range []struct {
		to         **Conn
		name, kind string
	}{{&k.IOPub, "iopub", "SUB"}, {&k.Shell, "shell", "DEALER"}, {&k.Control, "control", "DEALER"}, {&k.Stdin, "stdin", "DEALER"}} {
		for end := time.Now().Add(60 * time.Second); ; time.Sleep(2 * time.Millisecond) {
			if *s.to, err = Dial(fmt.Sprintf("127.0.0.1:%d", k.Ports[s.name]), s.kind, k.session); err == nil {
				break
			}
			if time.Now().After(end) {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	if err := k.IOPub.Send([]byte{1}); err != nil {
		return err
	}
	go k.receive(k.Shell, k.Replies)
	go k.receive(k.Control, k.Replies)
	go k.receive(k.Stdin, k.Asked)
	go k.receive(k.IOPub, k.Outputs)
	return k.hello()
}

// hello asks for kernel_info until outputs are heard as well.
func (k *Kernel) hello() error {
	for range 100 {
		id := k.Request("shell", "kernel_info_request", Content{})
		if _, err := k.Reply(id, 60*time.Second); err != nil {
			return err
		}
		for {
			select {
			case m := <-k.Outputs:
				if m.Parent == id && m.Content["execution_state"] == "idle" {
					return nil
				}
				continue
			case <-time.After(200 * time.Millisecond):
			}
			break
		}
	}
	return errors.New("nothing is heard on iopub")
}

func (k *Kernel) receive(c *Conn, to chan<- Message) {
	for {
		parts, err := c.Receive()
		if err != nil {
			_ = c.Close()
			return
		}
		i := 0
		for i < len(parts) && string(parts[i]) != "<IDS|MSG>" {
			i++
		}
		if len(parts) < i+6 || string(parts[i+1]) != k.sign(parts[i+2:i+6]) {
			panic(fmt.Sprintf("kerneltest: the kernel sent a message with a bad signature or shape: %q", parts))
		}
		var header struct {
			Type    string `json:"msg_type"`
			ID      string `json:"msg_id"`
			Session string `json:"session"`
		}
		var m Message
		for j, v := range []any{&header, nil, nil, &m.Content} {
			if v == nil {
				continue
			}
			if err := json.Unmarshal(parts[i+2+j], v); err != nil {
				panic(err)
			}
		}
		m.Type, m.Session = header.Type, header.Session
		if err := json.Unmarshal(parts[i+3], &header); err != nil {
			panic(err)
		}
		m.Parent = header.ID
		to <- m
	}
}

func (k *Kernel) sign(parts [][]byte) string {
	mac := hmac.New(sha256.New, []byte(k.Key))
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// Frames are the frames of a request.
func (k *Kernel) Frames(kind string, content Content) (id string, frames [][]byte) {
	id = fmt.Sprintf("%s-%d", k.session, k.count.Add(1))
	header, err := json.Marshal(Content{"msg_id": id, "msg_type": kind, "session": k.session, "username": "test", "version": "5.4",
		"date": time.Now().UTC().Format(time.RFC3339Nano)})
	if err != nil {
		panic(err)
	}
	body, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	parts := [][]byte{header, []byte("{}"), []byte("{}"), body}
	return id, append([][]byte{[]byte("<IDS|MSG>"), []byte(k.sign(parts))}, parts...)
}

// Request sends a request on "shell", "control" or "stdin" and returns its id.
func (k *Kernel) Request(on, kind string, content Content) string {
	id, frames := k.Frames(kind, content)
	c := map[string]*Conn{"shell": k.Shell, "control": k.Control, "stdin": k.Stdin}[on]
	if err := c.Send(frames...); err != nil {
		panic(err)
	}
	return id
}

// Reply waits for the reply to a request. Others' replies are dropped.
func (k *Kernel) Reply(id string, timeout time.Duration) (Content, error) {
	end := time.After(timeout)
	for {
		select {
		case m := <-k.Replies:
			if m.Parent == id {
				return m.Content, nil
			}
		case <-end:
			return nil, fmt.Errorf("no reply to %s within %v", id, timeout)
		}
	}
}

// Ask sends a request on shell and waits for its reply.
func (k *Kernel) Ask(kind string, content Content) (Content, error) {
	return k.Reply(k.Request("shell", kind, content), 90*time.Second)
}

// Run is what came of a cell.
type Run struct {
	Status         string
	Reply          Content
	Stdout, Stderr string
	Order          []string // "stdout:…", "stderr:…", "display:…", in order
	Result         string   // text/plain of an execute_result
	Displays       []Content
	Updates        []Content
	EName, EValue  string
	Traceback      string
	Took           time.Duration // until the reply
}

// Execute runs a cell and waits for its reply and its idle.
func (k *Kernel) Execute(code string) (Run, error) { return k.ExecuteWith(Content{"code": code}) }

// ExecuteWith runs a cell with more said about how.
func (k *Kernel) ExecuteWith(content Content) (Run, error) {
	for key, v := range (Content{"silent": false, "store_history": true, "allow_stdin": k.Answer != nil, "stop_on_error": true, "user_expressions": Content{}}) {
		if _, ok := content[key]; !ok {
			content[key] = v
		}
	}
	start := time.Now()
	return k.Follow(k.Request("shell", "execute_request", content), start, 300*time.Second)
}

// Follow collects what comes of an execute_request.
func (k *Kernel) Follow(id string, start time.Time, timeout time.Duration) (r Run, err error) {
	end := time.After(timeout)
	idle := false
	for r.Reply == nil || !idle {
		select {
		case m := <-k.Replies:
			if m.Parent == id {
				r.Reply, r.Took = m.Content, time.Since(start)
				r.Status, _ = m.Content["status"].(string)
			}
		case m := <-k.Outputs:
			if m.Parent == id {
				idle = r.take(m) || idle
			}
		case m := <-k.Asked:
			prompt, _ := m.Content["prompt"].(string)
			k.Request("stdin", "input_reply", Content{"value": k.Answer(prompt)})
		case <-end:
			return r, fmt.Errorf("the cell did not end within %v (%d bytes of stdout)", timeout, len(r.Stdout))
		}
	}
	return r, nil
}

// take adds one output; it reports idle.
func (r *Run) take(m Message) (idle bool) {
	text := func(key string) string { s, _ := m.Content[key].(string); return s }
	switch m.Type {
	case "stream":
		if text("name") == "stdout" {
			r.Stdout += text("text")
		} else {
			r.Stderr += text("text")
		}
		for l := range strings.Lines(text("text")) {
			r.Order = append(r.Order, text("name")+":"+strings.TrimSuffix(l, "\n"))
		}
	case "execute_result":
		data, _ := m.Content["data"].(Content)
		r.Result, _ = data["text/plain"].(string)
	case "display_data", "update_display_data":
		data, _ := m.Content["data"].(Content)
		if m.Type == "display_data" {
			r.Displays = append(r.Displays, m.Content)
		} else {
			r.Updates = append(r.Updates, m.Content)
		}
		for _, kind := range []string{"text/plain", "text/html", "text/markdown"} {
			if v, ok := data[kind]; ok {
				r.Order = append(r.Order, fmt.Sprintf("display:%v", v))
				break
			}
		}
	case "error":
		r.EName, r.EValue = text("ename"), text("evalue")
		list, _ := m.Content["traceback"].([]any)
		for _, l := range list {
			r.Traceback += fmt.Sprint(l) + "\n"
		}
	case "status":
		return text("execution_state") == "idle"
	}
	return false
}

// Shutdown asks the kernel to end, and waits for it.
func (k *Kernel) Shutdown() error {
	k.Request("control", "shutdown_request", Content{"restart": false})
	done := make(chan error, 1)
	go func() { done <- k.Cmd.Wait() }()
	select {
	case err := <-done:
		return err
	case <-time.After(60 * time.Second):
		_ = k.Cmd.Process.Kill()
		return errors.New("the kernel did not end within a minute")
	}
}

// Build builds the kernel of this module into dir.
func Build(dir string, flags ...string) (string, error) {
	bin := filepath.Join(dir, "elboroom-kernel")
	out, err := exec.Command("go", append(append([]string{"build", "-o", bin}, flags...), "elboroom/kernel")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return bin, nil
}
