package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"elboroom/kernel/kerneltest"
	"elboroom/notebooks/check"
	"elboroom/notebooks/ipynb"
)

// Limits are what a notebook may use.
type Limits struct {
	Time   time.Duration // for all cells together
	Cell   time.Duration // for one cell, which is then interrupted
	Memory int           // MB of data for each process
}

// Report is what a gradebook reads.
type Report struct {
	Notebook  string          `json:"notebook"`
	Finished  bool            `json:"finished"` // every cell was run to its end
	Message   string          `json:"message,omitempty"`
	Passed    int             `json:"passed"`
	Attempted int             `json:"attempted"`
	Exercises []check.Verdict `json:"exercises"` // one each, the last attempt that passed, else the last
	Cells     []Cell          `json:"failedCells,omitempty"`
}

// Cell is a cell that failed.
type Cell struct {
	Number int    `json:"cell"` // counting code cells from 1
	Error  string `json:"error"`
}

// sources reads the code cells of a notebook.
func sources(path string) ([]string, error) {
	cells, err := ipynb.Read(path)
	if err != nil {
		return nil, err
	}
	var code []string
	for _, c := range cells {
		if c.Code {
			code = append(code, c.Source)
		}
	}
	if len(code) == 0 {
		return nil, fmt.Errorf("%s has no code cells", path)
	}
	return code, nil
}

// Grade runs the notebook as if it lay among the lessons, wherever it lies: they find the project and its data from
// there. An error means that there is nothing to grade or nothing to run it with; whatever the
// student's cells do is in the report.
func Grade(path string, limits Limits) (Report, error) {
	report := Report{Notebook: filepath.Base(path), Exercises: []check.Verdict{}}
	code, err := sources(path)
	if err != nil {
		return report, err
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "elboroom").Output()
	if err != nil {
		return report, fmt.Errorf("the project is not here (%w): run grade in its folder", err)
	}
	folder := filepath.Join(strings.TrimSpace(string(root)), "notebooks")
	scratch, err := os.MkdirTemp("", "grade-")
	if err != nil {
		return report, err
	}
	defer os.RemoveAll(scratch)
	binary, err := kerneltest.Build(scratch)
	if err != nil {
		return report, fmt.Errorf("the kernel could not be built: %w", err)
	}
	verdicts := filepath.Join(scratch, "verdicts")
	limited := []string{"sh", "-c", fmt.Sprintf("ulimit -d %d; exec \"$0\" run \"$1\"", limits.Memory<<10), binary}
	kernel, err := kerneltest.Start(limited, folder, check.ReportVariable+"="+verdicts)
	if err != nil {
		return report, fmt.Errorf("the kernel did not start: %w", err)
	}
	report.Finished = true
	end := time.Now().Add(limits.Time)
	for i, source := range code {
		left := min(time.Until(end), limits.Cell)
		if left <= 0 {
			report.Finished, report.Message = false, fmt.Sprintf("the %v for the notebook were over before cell %d", limits.Time, i+1)
			break
		}
		run, err := cell(kernel, source, left)
		if err != nil {
			report.Finished, report.Message = false, fmt.Sprintf("cell %d could not be interrupted: %v", i+1, err)
			break
		}
		if run.EName == interrupted {
			report.Finished = false
			report.Cells = append(report.Cells, Cell{i + 1, fmt.Sprintf("not ended after %v, interrupted", left.Round(time.Second))})
		} else if run.Status != "ok" {
			report.Cells = append(report.Cells, Cell{i + 1, strings.TrimSpace(run.EName + ": " + run.EValue)})
		}
	}
	if err := kernel.Shutdown(); err != nil && report.Finished {
		report.Message = "the kernel did not end well: " + err.Error()
	}
	if err := report.read(verdicts); err != nil {
		return report, err
	}
	return report, nil
}

const (
	interrupted = "Interrupted"    // the kernel's name for a cell that was
	obedience   = 30 * time.Second // for a cell to end once it was interrupted: the kernel kills it after 5
)

// cell runs one cell, without stopping at those that failed before. A cell that has not ended in time is interrupted;
// the error says that this did not help.
func cell(kernel *kerneltest.Kernel, source string, left time.Duration) (kerneltest.Run, error) {
	request := kerneltest.Content{"code": source, "silent": false, "store_history": true, "allow_stdin": false,
		"stop_on_error": false, "user_expressions": kerneltest.Content{}}
	id := kernel.Request("shell", "execute_request", request)
	run, err := kernel.Follow(id, time.Now(), left)
	if err == nil {
		return run, nil
	}
	kernel.Request("control", "interrupt_request", kerneltest.Content{})
	return kernel.Follow(id, time.Now(), obedience)
}

// read takes in what the checkers wrote: for each exercise the last attempt that passed, else the last.
func (r *Report) read(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		if r.Message == "" {
			r.Message = "no cell called a checker"
		}
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	place := map[string]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v check.Verdict
		if json.Unmarshal(lines.Bytes(), &v) != nil || v.Exercise == "" {
			continue // a cell that was killed while it wrote
		}
		at, seen := place[v.Exercise]
		switch {
		case !seen:
			place[v.Exercise] = len(r.Exercises)
			r.Exercises = append(r.Exercises, v)
		case v.Passed || !r.Exercises[at].Passed:
			r.Exercises[at] = v
		}
	}
	for _, v := range r.Exercises {
		r.Attempted++
		if v.Passed {
			r.Passed++
		}
	}
	return lines.Err()
}
