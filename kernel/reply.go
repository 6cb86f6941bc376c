package main

import (
	"context"
	"encoding/json"
	"log"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"elboroom/kernel/cell"
	"elboroom/kernel/wire"
)

// reply answers a request that runs no cell. Jupyter wants an answer of some kind to each.
func (s *server) reply(on *wire.Router, m wire.Message) {
	kind, ok := strings.CutSuffix(m.Header.Type, "_request")
	if !ok {
		switch m.Header.Type {
		case "comm_open": // nobody here to talk to
			var c struct {
				ID string `json:"comm_id"`
			}
			if read(m, &c) {
				s.publish(m, "comm_close", map[string]any{"comm_id": c.ID, "data": map[string]any{}})
			}
		case "comm_msg", "comm_close":
		default:
			log.Printf("dropped: a message of type %q", m.Header.Type)
		}
		return
	}
	var content any
	switch kind {
	case "kernel_info":
		content = kernelInfo()
	case "is_complete":
		content = isComplete(m)
	case "comm_info":
		content = map[string]any{"status": "ok", "comms": map[string]any{}}
	case "history":
		content = s.historyReply(m)
	case "complete":
		content = s.complete(m)
	case "inspect":
		content = s.inspect(m)
	case "connect":
		content = map[string]any{"status": "ok"}
	default:
		log.Printf("not known: %s", m.Header.Type)
		content = map[string]any{"status": "error", "ename": "not supported", "evalue": m.Header.Type + " is not supported by this kernel", "traceback": []string{}}
	}
	s.send(on, m, kind+"_reply", content)
}

// read fills in what a message says. One that says something else is as good as empty.
func read(m wire.Message, content any) bool {
	err := json.Unmarshal(m.Content, content)
	if err != nil {
		log.Printf("%s: %v", m.Header.Type, err)
	}
	return err == nil
}

func kernelInfo() any {
	return map[string]any{
		"status": "ok", "protocol_version": wire.Version, "implementation": "elboroom", "implementation_version": Version, "banner": banner(),
		"language_info": map[string]any{"name": "go", "version": "1", "mimetype": "text/x-go", "file_extension": ".go",
			"pygments_lexer": "go", "codemirror_mode": "go", "nbconvert_exporter": "script"},
		"help_links": []any{
			map[string]any{"text": "Go documentation", "url": "https://go.dev/doc/"},
			map[string]any{"text": "Go packages", "url": "https://pkg.go.dev/"},
		},
		"supported_features": []string{},
	}
}

func isComplete(m wire.Message) any {
	var c struct {
		Code string `json:"code"`
	}
	if !read(m, &c) {
		return map[string]any{"status": "unknown"}
	}
	status, indent := cell.IsComplete(c.Code)
	out := map[string]any{"status": status}
	if status == "incomplete" {
		out["indent"] = indent
	}
	return out
}

// historyReply gives back cells of this session: Jupyter, "History".
func (x *executor) historyReply(m wire.Message) any {
	var c struct {
		Type    string `json:"hist_access_type"`
		Output  bool   `json:"output"`
		N       int    `json:"n"`
		Start   int    `json:"start"`
		Stop    int    `json:"stop"`
		Session int    `json:"session"`
		Pattern string `json:"pattern"`
		Unique  bool   `json:"unique"`
	}
	read(m, &c)
	x.mu.Lock()
	defer x.mu.Unlock()
	var picked []entry
	seen := map[string]bool{}
	sought := glob(c.Pattern)
	for _, e := range x.history {
		switch c.Type {
		case "range":
			if c.Session != 0 || e.number < c.Start || c.Stop > 0 && e.number >= c.Stop {
				continue
			}
		case "search":
			if !sought.MatchString(e.code) || c.Unique && seen[e.code] {
				continue
			}
			seen[e.code] = true
		}
		picked = append(picked, e)
	}
	if c.Type != "range" && c.N > 0 {
		picked = picked[max(0, len(picked)-c.N):]
	}
	list := make([]any, 0, len(picked))
	for _, e := range picked {
		var source any = e.code
		if c.Output {
			source = []any{e.code, e.output}
		}
		list = append(list, []any{0, e.number, source})
	}
	return map[string]any{"status": "ok", "history": list}
}

// glob is what matches a pattern with * and ?, newlines included.
func glob(pattern string) *regexp.Regexp {
	parts := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("(?s)^" + parts + "$")
}

// cursor is where the cursor stands in a cell, in bytes. Jupyter counts characters.
func cursor(code string, characters int) int {
	runes := []rune(code)
	return len(string(runes[:min(max(characters, 0), len(runes))]))
}

// lookUpTime is how long completion and inspection may take.
const lookUpTime = 3 * time.Second

// memory is a copy of what is remembered, to be read beside a running cell.
func (x *executor) memory() (m cell.Memory, dir string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.mem.Clone(), x.dir
}

// where is the content of complete_request and inspect_request.
type where struct {
	Code string `json:"code"`
	Pos  int    `json:"cursor_pos"`
}

func (s *server) complete(m wire.Message) any {
	var c where
	read(m, &c)
	ctx, done := context.WithTimeout(s.ctx, lookUpTime)
	defer done()
	mem, dir := s.memory()
	at := cursor(c.Code, c.Pos)
	_ = s.ready() // without a module the standard library is left
	list, start := s.completer.Complete(ctx, &mem, c.Code, at, dir)
	matches := make([]string, 0, len(list))
	kinds := make([]any, 0, len(list))
	from := utf8.RuneCountInString(c.Code[:start])
	to := utf8.RuneCountInString(c.Code[:at])
	for _, x := range list {
		matches = append(matches, x.Text)
		kinds = append(kinds, map[string]any{"start": from, "end": to, "text": x.Text, "type": x.Type, "signature": x.Signature})
	}
	return map[string]any{"status": "ok", "matches": matches, "cursor_start": from, "cursor_end": to,
		"metadata": map[string]any{"_jupyter_types_experimental": kinds}}
}

func (s *server) inspect(m wire.Message) any {
	var c where
	read(m, &c)
	ctx, done := context.WithTimeout(s.ctx, lookUpTime)
	defer done()
	mem, _ := s.memory()
	_ = s.ready() // without a module the standard library is left
	plain, markdown, found := s.completer.Inspect(ctx, &mem, c.Code, cursor(c.Code, c.Pos))
	data := map[string]any{}
	if found {
		data["text/plain"], data["text/markdown"] = plain, markdown
	}
	return map[string]any{"status": "ok", "found": found, "data": data, "metadata": map[string]any{}}
}
