package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"regexp"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"elboroom/kernel/cell"
	"elboroom/kernel/wire"
)

const (
	firstHello = 300 * time.Millisecond // that the first reply waits for a subscriber to the outputs
	lookUpTime = 3 * time.Second        // that completion and inspection may take
)

// content is what a message says.
type content = map[string]any

// message is a request, of whatever kind it is: "Messaging in Jupyter" says which fields which has.
type message struct {
	wire.Message
	ask struct {
		Code, Value, Pattern            string
		Silent, Restart, Output, Unique bool
		N, Start, Stop, Session         int
		StoreHistory                    *bool             `json:"store_history"`
		AllowStdin                      bool              `json:"allow_stdin"`
		StopOnError                     *bool             `json:"stop_on_error"`
		UserExpressions                 map[string]string `json:"user_expressions"`
		Pos                             int               `json:"cursor_pos"`
		CommID                          string            `json:"comm_id"`
		HistoryType                     string            `json:"hist_access_type"`
	}
}

// listen reads a socket. Cells queue up, what must not wait is done at once, and all else by a goroutine beside. An
// interrupt may come on shell too: from clients of protocol 5.0 and before, and from VS Code until 2025
// (github.com/microsoft/vscode-jupyter, issue 17143).
func (s *server) listen(on *wire.Router) {
	beside := make(chan message, 256)
	go func() {
		for m := range beside {
			s.answer(on, m)
		}
	}()
	for frames := range on.In() {
		m := message{}
		var err error
		if m.Message, err = s.session.Decode(frames); err != nil {
			log.Printf("dropped: %s: %v", m.Header.Type, err)
			continue
		}
		_ = json.Unmarshal(m.Content, &m.ask) // it is an object: a field of a wrong type counts as missing
		switch m.Header.Type {
		case "execute_request":
			s.queue <- m
		case "input_reply":
			s.mu.Lock()
			if s.answers != nil {
				s.answers <- m.ask.Value
				s.answers = nil
			}
			s.mu.Unlock()
		case "interrupt_request":
			s.interrupt()
			s.answer(on, m)
		case "shutdown_request":
			s.answer(on, m)
			s.end()
		default:
			beside <- m
		}
	}
}

// send answers m on a socket. What cannot be written as JSON is logged; the error is for who can say more.
func (s *server) send(on interface{ Send([][]byte) }, peers [][]byte, m message, kind string, c content) error {
	frames, err := s.session.Encode(peers, m.RawHeader, kind, c)
	if err != nil {
		log.Printf("%s: not sent: %v", kind, err)
		return err
	}
	on.Send(frames)
	return nil
}

// publish sends an output that m caused to everybody.
func (s *server) publish(m message, kind string, c content) error {
	return s.send(s.iopub, [][]byte{[]byte("kernel." + s.session.ID + "." + kind)}, m, kind, c)
}

func (s *server) status(m message, state string) {
	s.publish(m, "status", content{"execution_state": state})
}

// current is the cell under way, or nil.
func (s *server) current() *message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running
}

// interrupt ends the cell under way.
func (s *server) interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		s.stop()
	}
}

// welcome is what a client hears as soon as it hears anything: that it does, and whether a cell is under way. Without
// it Jupyter asks again after half a second whenever its first question was faster than its subscription.
func (s *server) welcome(topic string) [][][]byte {
	state := "idle"
	if s.current() != nil {
		state = "busy"
	}
	welcome, _ := s.session.Encode([][]byte{[]byte(topic)}, nil, "iopub_welcome", content{"subscription": topic})
	status, _ := s.session.Encode([][]byte{[]byte(topic)}, nil, "status", content{"execution_state": state})
	return [][][]byte{welcome, status}
}

// answer replies to what runs no cell. If one still runs, the kernel is busy with that afterwards.
func (s *server) answer(on *wire.Router, m message) {
	s.status(m, "busy")
	if c := s.reply(m); c != nil {
		kind := strings.TrimSuffix(m.Header.Type, "_request") + "_reply"
		s.send(on, m.Peers, m, kind, c)
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	s.status(m, "idle")
	if running := s.current(); running != nil {
		s.status(*running, "busy")
	}
}

// reply is the content of the reply to a request; nil for what is none. Jupyter wants one of some kind to each.
func (s *server) reply(m message) content {
	switch m.Header.Type {
	case "kernel_info_request":
		select { // a client that hears nothing on iopub starts over
		case <-s.iopub.Heard():
		case <-time.After(firstHello):
		}
		return kernelInfo()
	case "interrupt_request", "connect_request":
		return content{"status": "ok"}
	case "shutdown_request":
		c := content{"status": "ok", "restart": m.ask.Restart}
		s.publish(m, "shutdown_reply", c)
		return c
	case "is_complete_request":
		status, indent := cell.IsComplete(m.ask.Code)
		return content{"status": status, "indent": indent}
	case "comm_info_request":
		return content{"status": "ok", "comms": content{}}
	case "history_request":
		return content{"status": "ok", "history": s.remembered(m)}
	case "complete_request":
		return s.complete(m)
	case "inspect_request":
		return s.inspect(m)
	case "comm_open": // nobody here to talk to
		s.publish(m, "comm_close", content{"comm_id": m.ask.CommID, "data": content{}})
	}
	if !strings.HasSuffix(m.Header.Type, "_request") {
		return nil
	}
	log.Printf("not known: %s", m.Header.Type)
	return unsupported(m.Header.Type + " is not supported by this kernel")
}

func unsupported(why string) content {
	return content{"status": "error", "ename": "not supported", "evalue": why, "traceback": []string{}}
}

func kernelInfo() content {
	return content{
		"status": "ok", "protocol_version": wire.Version, "implementation": "elboroom", "implementation_version": Version,
		"banner": fmt.Sprintf("Go cells (elboroom kernel %s, %s/%s). %%help lists the special lines.", Version, runtime.GOOS, runtime.GOARCH),
		"language_info": content{"name": "go", "version": "1", "mimetype": "text/x-go", "file_extension": ".go",
			"pygments_lexer": "go", "codemirror_mode": "go", "nbconvert_exporter": "script"},
		"help_links": []content{
			{"text": "Go documentation", "url": "https://go.dev/doc/"},
			{"text": "Go packages", "url": "https://pkg.go.dev/"},
		},
		"supported_features": []string{},
	}
}

// entry is a cell of the history.
type entry struct {
	number       int
	code, output string
}

// remembered gives back cells of this session: Jupyter, "History".
func (s *server) remembered(m message) []any {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, seen := []any{}, map[string]bool{}
	glob := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(m.ask.Pattern))
	sought := regexp.MustCompile("(?s)^" + glob + "$")
	for _, e := range s.history {
		switch m.ask.HistoryType {
		case "range":
			if m.ask.Session != 0 || e.number < m.ask.Start || m.ask.Stop > 0 && e.number >= m.ask.Stop {
				continue
			}
		case "search":
			if !sought.MatchString(e.code) || m.ask.Unique && seen[e.code] {
				continue
			}
			seen[e.code] = true
		}
		if m.ask.Output {
			list = append(list, []any{0, e.number, []string{e.code, e.output}})
		} else {
			list = append(list, []any{0, e.number, e.code})
		}
	}
	if m.ask.HistoryType != "range" && m.ask.N > 0 {
		list = list[max(0, len(list)-m.ask.N):]
	}
	return list
}

// lookUp prepares completion and inspection: a copy of what is remembered, to be read beside a running cell, and
// where the cursor stands in the cell, in bytes. Jupyter counts characters.
func (s *server) lookUp(m message) (ctx context.Context, done context.CancelFunc, mem cell.Memory, dir string, at int) {
	_ = s.ready() // without a module the standard library is left
	runes := []rune(m.ask.Code)
	at = len(string(runes[:min(max(m.ask.Pos, 0), len(runes))]))
	ctx, done = context.WithTimeout(s.ctx, lookUpTime)
	s.mu.Lock()
	defer s.mu.Unlock()
	return ctx, done, s.mem.Clone(), s.dir, at
}

func (s *server) complete(m message) content {
	ctx, done, mem, dir, at := s.lookUp(m)
	defer done()
	list, start := s.completer.Complete(ctx, &mem, m.ask.Code, at, dir)
	from, to := utf8.RuneCountInString(m.ask.Code[:start]), utf8.RuneCountInString(m.ask.Code[:at])
	matches, kinds := []string{}, []content{}
	for _, x := range list {
		matches = append(matches, x.Text)
		kinds = append(kinds, content{"start": from, "end": to, "text": x.Text, "type": x.Type, "signature": x.Signature})
	}
	return content{"status": "ok", "matches": matches, "cursor_start": from, "cursor_end": to,
		"metadata": content{"_jupyter_types_experimental": kinds}}
}

func (s *server) inspect(m message) content {
	ctx, done, mem, _, at := s.lookUp(m)
	defer done()
	plain, markdown, found := s.completer.Inspect(ctx, &mem, m.ask.Code, at)
	data := content{}
	if found {
		data["text/plain"], data["text/markdown"] = plain, markdown
	}
	return content{"status": "ok", "found": found, "data": data, "metadata": content{}}
}
