package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"elboroom/kernel/cell"
	"elboroom/kernel/run"
)

// outputLimit is how many bytes of text a cell may write to each stream before the rest is cut.
const outputLimit = 10 << 20

// process runs a command and turns a bad end into an error.
func (j *job) process(ctx context.Context, cmd run.Command) error {
	j.runs++
	cmd.Scratch = filepath.Join(j.root, "run"+strconv.Itoa(j.runs))
	cmd.Env = j.environ()
	if cmd.Dir == "" {
		cmd.Dir = j.dir
	}
	cmd.OutputLimit = size(j.env["GONB_OUTPUT_LIMIT"], outputLimit)
	cmd.MemoryLimit = size(j.env["GONB_MEMORY_LIMIT"], 0)
	res, err := run.Run(ctx, j.ctx, cmd, j)
	_, gone := os.Stat(cmd.Dir)
	switch {
	case err != nil && gone != nil:
		return j.plain("error", "cannot run in %q, which is gone (%%cd goes to another folder)", cmd.Dir)
	case err != nil:
		return err
	case res.OK():
		if res.HasValue {
			j.value, j.hasValue = res.Value, true
		}
		return nil
	case res.OverMemory:
		return j.plain("memory limit", "used more than %.1f GB of memory and was ended (GONB_MEMORY_LIMIT)", float64(cmd.MemoryLimit)/1e9)
	case res.Interrupted:
		return ctx.Err()
	case res.Crash != "":
		return j.crashed(res.Crash)
	case res.Signal != "":
		return j.plain("signal", "was ended by a signal: %s", res.Signal)
	}
	return j.plain(fmt.Sprint("exit status ", res.ExitCode), "ended with exit status %d", res.ExitCode)
}

// size reads a number of bytes such as 512M or 2G.
func size(s string, otherwise int64) int64 {
	s = strings.TrimRight(strings.ToUpper(s), "IB ")
	unit := 1.0
	if i := strings.IndexByte("KMGT", (" " + s)[len(s)]); i >= 0 {
		s, unit = s[:len(s)-1], float64(int64(1)<<(10*(i+1)))
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(n > 0) || n*unit > 1<<60 {
		return otherwise
	}
	return int64(n * unit)
}

// say writes a line of the kernel's own.
func (j *job) say(stream, format string, args ...any) {
	j.Stream(stream, fmt.Appendf(nil, format, args...))
}

// Stream publishes text.
func (j *job) Stream(name string, text []byte) {
	if len(text) == 0 {
		return
	}
	if j.capture != nil {
		_, _ = j.capture.Write(text) // a full disk shows when the file is closed
	}
	if cell.HasPlace(text) {
		j.mu.Lock()
		text = []byte(j.mem.Translate(string(text)))
		j.mu.Unlock()
	}
	j.publish("stream", content{"name": name, "text": string(text)})
}

// Display publishes a display: the first with an id, and those without, as new output, the others as an update.
func (j *job) Display(d run.Display) {
	if j.m.ask.Silent {
		return
	}
	if t, ok := d.Data["text/plain"].(string); ok && j.capture != nil {
		_, _ = j.capture.WriteString(t + "\n")
	}
	if d.Metadata == nil {
		d.Metadata = content{}
	}
	kind, transient := "display_data", content{}
	if d.DisplayID != "" {
		transient["display_id"] = d.DisplayID
		if j.displays[d.DisplayID] {
			kind = "update_display_data"
		}
		j.displays[d.DisplayID] = true
	}
	if err := j.publish(kind, content{"data": d.Data, "metadata": d.Metadata, "transient": transient}); err != nil {
		j.say("stderr", "a display was dropped: %v\n", err)
	}
}

// Input asks the user for a line.
func (j *job) Input(ctx context.Context, prompt string, password bool) (string, bool) {
	answers := make(chan string, 1)
	j.mu.Lock()
	j.answers = answers
	j.mu.Unlock()
	j.send(j.stdin, j.m.Peers, j.m, "input_request", content{"prompt": prompt, "password": password})
	select {
	case v := <-answers:
		return v, true
	case <-ctx.Done():
	case <-j.ctx.Done():
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.answers == answers {
		j.answers = nil // a late one is nobody's
	}
	return "", false
}

// shell is the user's: bash where there is one, as GoNB has it.
func shell() string {
	for _, p := range []string{"/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash", "/opt/homebrew/bin/bash"} {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return "/bin/sh"
}
