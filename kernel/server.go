package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"elboroom/kernel/build"
	"elboroom/kernel/cell"
	"elboroom/kernel/run"
	"elboroom/kernel/wire"
)

const (
	linger     = 2 * time.Second        // for what is queued, at the end
	firstHello = 300 * time.Millisecond // that the first reply waits for a subscriber to the outputs
	maxQueue   = 1 << 12                // cells that wait; whoever sends more waits
	abortAfter = 10 * time.Millisecond  // in which the cells that were sent along with a failed one arrive
)

// connection is Jupyter's connection file.
type connection struct {
	Transport       string `json:"transport"`
	IP              string `json:"ip"`
	ShellPort       int    `json:"shell_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	ControlPort     int    `json:"control_port"`
	HBPort          int    `json:"hb_port"`
	Key             string `json:"key"`
	SignatureScheme string `json:"signature_scheme"`
}

// server is one kernel at work.
type server struct {
	session               *wire.Session
	shell, control, stdin *wire.Router
	iopub                 *wire.Pub
	heart                 *wire.Rep

	ctx  context.Context // done when the kernel ends
	end  context.CancelFunc
	root string // the temporary folder

	queue chan wire.Message // execute requests

	busyMu  sync.Mutex
	running *wire.Message // the cell under way
	stop    context.CancelFunc

	answersMu sync.Mutex
	answers   map[string]chan string // of input requests, by the session that was asked

	*executor
}

// serve runs a kernel until it is told to end.
func serve(connectionFile string) error {
	data, err := os.ReadFile(connectionFile)
	if err != nil {
		return err
	}
	var c connection
	if err := json.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("%s: %w", connectionFile, err)
	}
	if c.SignatureScheme != "" && c.SignatureScheme != "hmac-sha256" {
		return fmt.Errorf("the connection file wants the signature scheme %q; this kernel knows hmac-sha256", c.SignatureScheme)
	}
	s := &server{session: wire.NewSession(c.Key), queue: make(chan wire.Message, maxQueue), answers: map[string]chan string{}}
	if err := s.bind(c); err != nil {
		return err
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	defer s.end()
	root, lock, err := run.TempRoot()
	if err != nil {
		return err
	}
	defer lock.Close()
	defer os.RemoveAll(root)
	s.root = root
	s.executor = newExecutor(s, root, kernelID(connectionFile))
	go s.startGuard()
	go s.watchSignals()
	go s.watchParent()
	go s.listen("control", s.control, s.onControl)
	go s.listen("stdin", s.stdin, s.onStdin)
	side := make(chan wire.Message, 256)
	go s.listen("shell", s.shell, func(m wire.Message) { s.onShell(m, side) })
	go func() {
		for m := range side {
			s.aside(m)
		}
	}()
	go s.warm()
	s.executeAll()
	var closing sync.WaitGroup
	for _, r := range []interface{ Close(time.Duration) }{s.shell, s.control, s.stdin, s.iopub} {
		closing.Go(func() { r.Close(linger) })
	}
	s.heart.Close()
	closing.Wait()
	s.guard.Load().Close()
	return nil
}

func (s *server) bind(c connection) (err error) {
	at := func(port int) wire.Endpoint { return wire.Endpoint{Transport: c.Transport, IP: c.IP, Port: port} }
	if s.iopub, err = wire.BindPub(at(c.IOPubPort), log.Printf, s.welcome); err != nil {
		return err
	}
	for _, r := range []struct {
		to   **wire.Router
		port int
	}{{&s.shell, c.ShellPort}, {&s.control, c.ControlPort}, {&s.stdin, c.StdinPort}} {
		if *r.to, err = wire.BindRouter(at(r.port), log.Printf); err != nil {
			return err
		}
	}
	s.heart, err = wire.BindRep(at(c.HBPort), log.Printf)
	return err
}

// kernelID is the id in the name of a connection file, kernel-….json.
func kernelID(path string) string {
	return strings.TrimPrefix(strings.TrimSuffix(filepath.Base(path), ".json"), "kernel-")
}

func (s *server) startGuard() {
	g, err := run.NewGuard(s.root)
	if err != nil {
		log.Printf("no guard: %v", err)
		return
	}
	s.guard.Store(g)
}

// watchSignals: SIGINT interrupts the cell, SIGTERM and SIGHUP end the kernel.
func (s *server) watchSignals() {
	ch := make(chan os.Signal, 4)
	signal.Notify(ch, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	for sig := range ch {
		if sig == syscall.SIGINT {
			s.interrupt()
			continue
		}
		s.end()
	}
}

// watchParent ends the kernel when the Jupyter that started it is gone.
func (s *server) watchParent() {
	parent := os.Getppid()
	if os.Getenv("JPY_PARENT_PID") != fmt.Sprint(parent) {
		return
	}
	for s.ctx.Err() == nil {
		time.Sleep(500 * time.Millisecond)
		if os.Getppid() != parent {
			log.Print("Jupyter is gone: so am I")
			s.end()
			return
		}
	}
}

// listen hands on the messages of a socket that are what they should be.
func (s *server) listen(name string, r *wire.Router, handle func(wire.Message)) {
	for frames := range r.In() {
		m, err := s.session.Decode(frames)
		if err != nil {
			log.Printf("%s: dropped: %v", name, err)
			continue
		}
		handle(m)
	}
}

// send answers m on a socket.
func (s *server) send(to *wire.Router, m wire.Message, kind string, content any) {
	frames, err := s.session.Encode(m.Peers, m.RawHeader, kind, content)
	if err != nil {
		log.Printf("%s: not sent: %v", kind, err)
		return
	}
	to.Send(frames)
}

// publish sends an output that m caused to everybody.
func (s *server) publish(m wire.Message, kind string, content any) {
	frames, err := s.session.Encode([][]byte{[]byte("kernel." + s.session.ID + "." + kind)}, m.RawHeader, kind, content)
	if err != nil {
		log.Printf("%s: not sent: %v", kind, err)
		return
	}
	s.iopub.Send(frames)
}

// welcome is what a client hears as soon as it hears anything: that it does, and whether a cell is under way. Without
// it Jupyter asks again after half a second whenever its first question was faster than its subscription.
func (s *server) welcome(topic string) [][][]byte {
	state := "idle"
	s.busyMu.Lock()
	if s.running != nil {
		state = "busy"
	}
	s.busyMu.Unlock()
	var list [][][]byte
	for _, m := range []struct {
		kind    string
		content map[string]any
	}{{"iopub_welcome", map[string]any{"subscription": topic}}, {"status", map[string]any{"execution_state": state}}} {
		frames, err := s.session.Encode([][]byte{[]byte(topic)}, nil, m.kind, m.content)
		if err != nil {
			log.Printf("%s: not sent: %v", m.kind, err)
			continue
		}
		list = append(list, frames)
	}
	return list
}

func (s *server) status(m wire.Message, state string) {
	s.publish(m, "status", map[string]any{"execution_state": state})
}

// onControl obeys at once, whatever runs.
func (s *server) onControl(m wire.Message) {
	s.status(m, "busy")
	switch m.Header.Type {
	case "interrupt_request":
		s.interrupt()
		s.send(s.control, m, "interrupt_reply", map[string]any{"status": "ok"})
	case "shutdown_request":
		s.shutdown(s.control, m)
		return
	default:
		s.reply(s.control, m)
	}
	s.idle(m)
}

// idle says that m is done; if a cell still runs, the kernel is busy with that.
func (s *server) idle(m wire.Message) {
	s.status(m, "idle")
	s.busyMu.Lock()
	cellRunning := s.running
	s.busyMu.Unlock()
	if cellRunning != nil {
		s.status(*cellRunning, "busy")
	}
}

func (s *server) shutdown(on *wire.Router, m wire.Message) {
	var c struct {
		Restart bool `json:"restart"`
	}
	read(m, &c)
	s.end()
	s.send(on, m, "shutdown_reply", map[string]any{"status": "ok", "restart": c.Restart})
	s.publish(m, "shutdown_reply", map[string]any{"status": "ok", "restart": c.Restart})
	s.status(m, "idle")
}

// onShell queues cells and answers all else beside them.
func (s *server) onShell(m wire.Message, side chan<- wire.Message) {
	if m.Header.Type == "execute_request" {
		s.queue <- m
	} else {
		side <- m
	}
}

// onStdin hands an answer to who asked.
func (s *server) onStdin(m wire.Message) {
	if m.Header.Type != "input_reply" {
		log.Printf("stdin: dropped: %s", m.Header.Type)
		return
	}
	var c struct {
		Value string `json:"value"`
	}
	if !read(m, &c) {
		return
	}
	s.answersMu.Lock()
	ch := s.answers[m.Header.Session]
	delete(s.answers, m.Header.Session)
	s.answersMu.Unlock()
	if ch != nil {
		ch <- c.Value
	}
}

// ask sends an input_request for the cell m and waits for the answer.
func (s *server) ask(ctx context.Context, m wire.Message, prompt string, password bool) (string, bool) {
	ch := make(chan string, 1)
	s.answersMu.Lock()
	s.answers[m.Header.Session] = ch
	s.answersMu.Unlock()
	s.send(s.stdin, m, "input_request", map[string]any{"prompt": prompt, "password": password})
	select {
	case v := <-ch:
		return v, true
	case <-ctx.Done():
		return "", false
	case <-s.ctx.Done():
		return "", false
	}
}

// interrupt ends the cell under way.
func (s *server) interrupt() {
	s.busyMu.Lock()
	defer s.busyMu.Unlock()
	if s.stop != nil {
		s.stop()
	}
}

// executeAll runs the cells of the queue, one after the other, until the kernel ends.
func (s *server) executeAll() {
	for s.ctx.Err() == nil {
		select {
		case m := <-s.queue:
			s.executeOne(m)
		case <-s.ctx.Done():
		}
	}
}

// executeRequest is the content of an execute_request.
type executeRequest struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    *bool             `json:"store_history"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     *bool             `json:"stop_on_error"`
	UserExpressions map[string]string `json:"user_expressions"`
}

// executeOne runs one cell and answers.
func (s *server) executeOne(m wire.Message) {
	var r executeRequest
	if !read(m, &r) {
		return
	}
	ctx, stop := context.WithCancel(s.ctx)
	defer stop()
	s.busyMu.Lock()
	s.running, s.stop = &m, stop
	s.busyMu.Unlock()
	s.status(m, "busy")
	reply := s.execute(ctx, m, r)
	failed := reply["status"] == "error"
	s.busyMu.Lock()
	s.running, s.stop = nil, nil
	s.busyMu.Unlock()
	var aborted []wire.Message
	if failed && (r.StopOnError == nil || *r.StopOnError) && !r.Silent {
		aborted = s.takeQueue()
	}
	s.send(s.shell, m, "execute_reply", reply)
	s.status(m, "idle")
	for _, m := range aborted {
		s.status(m, "busy")
		s.send(s.shell, m, "execute_reply", map[string]any{"status": "aborted", "execution_count": s.count})
		s.status(m, "idle")
	}
}

// takeQueue empties the queue of the cells that were sent along with one that failed. What is sent after its reply
// is not among them.
func (s *server) takeQueue() (list []wire.Message) {
	time.Sleep(abortAfter)
	for {
		select {
		case m := <-s.queue:
			list = append(list, m)
		default:
			return list
		}
	}
}

// aside answers what is not a cell, while one may be running.
func (s *server) aside(m wire.Message) {
	if m.Header.Type == "shutdown_request" { // protocol 5.0 and before
		s.shutdown(s.shell, m)
		return
	}
	if m.Header.Type == "kernel_info_request" { // a client that hears nothing on iopub starts over
		select {
		case <-s.iopub.Heard():
		case <-time.After(firstHello):
		}
	}
	s.status(m, "busy")
	s.reply(s.shell, m)
	s.idle(m)
}

// newBuilder makes the builder of a kernel in its temporary folder.
func newBuilder(root string) (*build.Builder, error) {
	dir := filepath.Join(root, "module")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	cache := ""
	if d, err := os.UserCacheDir(); err == nil {
		cache = filepath.Join(d, "elboroom-kernel")
	}
	return build.New(dir, cache, log.Printf), nil
}

// traceback gives the errors of a cell as Jupyter wants them: lines of text.
func traceback(errs cell.Errors) []string {
	var lines []string
	for i, e := range errs {
		if i == 10 {
			lines = append(lines, fmt.Sprintf("and %d more", len(errs)-i))
			break
		}
		lines = append(lines, e.Error())
		if x := e.Excerpt(); x != "" {
			lines = append(lines, strings.Split(x, "\n")...)
		}
	}
	return lines
}
