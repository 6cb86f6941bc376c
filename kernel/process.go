package main

import (
	"context"
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
func (j *job) process(ctx context.Context, c *cell.Cell, cmd run.Command) error {
	j.runs++
	cmd.Scratch = filepath.Join(j.root, "run"+strconv.Itoa(j.runs))
	cmd.Env = j.environ()
	if cmd.Dir == "" {
		cmd.Dir = j.dir
	}
	cmd.OutputLimit = size(j.env["GONB_OUTPUT_LIMIT"], outputLimit)
	cmd.MemoryLimit = size(j.env["GONB_MEMORY_LIMIT"], 0)
	res, err := run.Run(ctx, j.srv.ctx, cmd, j)
	if err != nil {
		return err
	}
	if res.OK() {
		if res.HasValue {
			j.value, j.hasValue = res.Value, true
		}
		return nil
	}
	switch {
	case res.OverMemory:
		return plain("memory limit", "cell %d used more than %.1f GB of memory and was ended (GONB_MEMORY_LIMIT)", c.Number, float64(cmd.MemoryLimit)/1e9)
	case res.Interrupted:
		return ctx.Err()
	case res.Crash != "":
		return j.crashed(res.Crash)
	case res.Signal != "":
		return plain("signal", "cell %d was ended by a signal: %s", c.Number, res.Signal)
	}
	return plain("exit status "+strconv.Itoa(res.ExitCode), "cell %d ended with exit status %d", c.Number, res.ExitCode)
}

// size reads a number of bytes such as 512M or 2G.
func size(s string, otherwise int64) int64 {
	s = strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(s)), "B"), "I")
	unit := int64(1)
	for i, u := range "KMGT" {
		if t, ok := strings.CutSuffix(s, string(u)); ok {
			s, unit = t, 1<<(10*(i+1))
		}
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || n <= 0 || n*float64(unit) > 1<<60 {
		return otherwise
	}
	return int64(n * float64(unit))
}

// Stream publishes text.
func (j *job) Stream(name string, text []byte) {
	if j.capture != nil {
		_, _ = j.capture.Write(text) // a full disk shows when the file is closed
	}
	if cell.HasPlace(text) {
		j.mu.Lock()
		text = []byte(j.mem.Translate(string(text)))
		j.mu.Unlock()
	}
	if !j.silent {
		j.srv.publish(j.m, "stream", map[string]any{"name": name, "text": string(text)})
	}
}

// Display publishes a display: the first with an id, and those without, as new output, the others as an update.
func (j *job) Display(d run.Display) {
	if j.silent {
		return
	}
	if j.capture != nil {
		if t, ok := d.Data["text/plain"].(string); ok {
			_, _ = j.capture.WriteString(t + "\n")
		}
	}
	if d.Metadata == nil {
		d.Metadata = map[string]any{}
	}
	kind, transient := "display_data", map[string]any{}
	if d.DisplayID != "" {
		transient["display_id"] = d.DisplayID
		if j.displays[d.DisplayID] {
			kind = "update_display_data"
		}
		j.displays[d.DisplayID] = true
	}
	j.srv.publish(j.m, kind, map[string]any{"data": d.Data, "metadata": d.Metadata, "transient": transient})
}

// Input asks the user for a line.
func (j *job) Input(ctx context.Context, prompt string, password bool) (string, bool) {
	return j.srv.ask(ctx, j.m, prompt, password)
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
