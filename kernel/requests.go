package main

import (
	"context"
	"log"
	"time"

	"elboroom/kernel/wire"
)

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

// onControl answers at once, whatever runs.
func (s *server) onControl(m wire.Message) {
	if !s.obey(s.control, m) {
		s.answer(s.control, m)
	}
}

// obey does what must not wait for anything. It is asked for on control; by clients of protocol 5.0 and before, and
// by VS Code until 2025 (github.com/microsoft/vscode-jupyter, issue 17143), on shell.
func (s *server) obey(on *wire.Router, m wire.Message) bool {
	switch m.Header.Type {
	case "interrupt_request":
		s.status(m, "busy")
		s.interrupt()
		s.send(on, m, "interrupt_reply", map[string]any{"status": "ok"})
		s.idle(m)
	case "shutdown_request":
		s.shutdown(on, m)
	default:
		return false
	}
	return true
}

// answer replies to what runs no cell.
func (s *server) answer(on *wire.Router, m wire.Message) {
	s.status(m, "busy")
	s.reply(on, m)
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
	s.status(m, "busy")
	s.end()
	content := map[string]any{"status": "ok", "restart": c.Restart}
	s.send(on, m, "shutdown_reply", content)
	s.publish(m, "shutdown_reply", content)
	s.status(m, "idle")
}

// onShell queues cells, and what is answered beside them.
func (s *server) onShell(m wire.Message, side chan<- wire.Message) {
	switch {
	case m.Header.Type == "execute_request":
		s.queue <- m
	case !s.obey(s.shell, m):
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
	if m.Header.Type == "kernel_info_request" { // a client that hears nothing on iopub starts over
		select {
		case <-s.iopub.Heard():
		case <-time.After(firstHello):
		}
	}
	s.answer(s.shell, m)
}
