package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elboroom/notebooks/check"
)

// notebook writes one with these code cells.
func notebook(t *testing.T, cells ...string) string {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	type cell map[string]any
	all := []cell{{"cell_type": "markdown", "source": "text"}}
	setup := "!*go mod edit -require elboroom@v0.0.0 -replace \"elboroom=" + root + "\"\nimport (\n\t\"math\"\n\t\"elboroom/notebooks/check\"\n)"
	for _, c := range append([]string{setup}, cells...) {
		all = append(all, cell{"cell_type": "code", "source": strings.SplitAfter(c, "\n"), "metadata": cell{}, "outputs": []any{}})
	}
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": cell{}, "cells": all})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "homework.ipynb")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

var generous = Limits{Time: 3 * time.Minute, Cell: time.Minute, Memory: 2048}

// ample is a limit of time that a small notebook keeps, however busy the machine is now.
func ample(t *testing.T) time.Duration {
	t.Helper()
	begin := time.Now()
	if _, err := Grade(notebook(t, "%%\ncheck.ReverseWinner(\"covers\", \"covers\")"), generous); err != nil {
		t.Fatal(err)
	}
	return 5*time.Second + 5*time.Since(begin)
}

func TestGrade(t *testing.T) {
	path := notebook(t,
		"func entropy(s float64) float64 { return 0.5 + math.Log(s*math.Sqrt(2*math.Pi)) }\n%%\ncheck.NormalEntropy(entropy)",
		"%%\ncheck.ReverseWinner(\"one bump\", \"one bump\")",
		"%%\nvar wrong int = \"text\"",
		"%%\nx := [][]byte{}\nfor range 100 {\n\tb := make([]byte, 1<<28)\n\tfor i := range b { b[i] = 1 }\n\tx = append(x, b)\n}\nprintln(len(x))",
		"%%\ncheck.ReverseWinner(\"covers\", \"one bump\")",
		"%%\ncheck.ReverseWinner(\"covers\", \"covers\")")
	r, err := Grade(path, generous)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Finished || r.Passed != 2 || r.Attempted != 2 || len(r.Exercises) != 2 || !r.Exercises[1].Passed {
		t.Errorf("the report is %+v", r)
	}
	if len(r.Cells) != 2 || r.Cells[0].Number != 4 || r.Cells[1].Number != 5 {
		t.Errorf("the failed cells are %+v, want 4 (does not compile) and 5 (too much memory)", r.Cells)
	}
}

// A loop without end costs its cell, and what comes after it still counts.
func TestGradeInterruptsALoop(t *testing.T) {
	t.Parallel()
	r, err := Grade(notebook(t, "%%\ncheck.ReverseWinner(\"covers\", \"covers\")", "%%\nfor {\n}", "%%\ncheck.ReverseWinner(\"covers\", \"one bump\")"),
		Limits{Time: 10 * time.Minute, Cell: ample(t), Memory: 2048})
	if err != nil || r.Finished || len(r.Cells) != 1 || r.Cells[0].Number != 3 || !strings.Contains(r.Cells[0].Error, "interrupted") {
		t.Errorf("the report is %+v (%v), want cell 3 interrupted", r, err)
	}
	if r.Passed != 1 || len(r.Exercises) != 1 {
		t.Errorf("the exercise after the loop is %+v", r.Exercises)
	}
}

func TestGradeStopsInTime(t *testing.T) {
	t.Parallel()
	limit := ample(t)
	r, err := Grade(notebook(t, "%%\ncheck.ReverseWinner(\"covers\", \"covers\")", "%%\nfor {\n}", "%%\nprintln(1)"),
		Limits{Time: limit, Cell: limit, Memory: 2048})
	if err != nil || r.Finished || !strings.Contains(r.Message, "before cell 4") {
		t.Errorf("the report is %+v (%v)", r, err)
	}
	if len(r.Exercises) != 1 || r.Exercises[0].Passed || r.Exercises[0].Slip == "" {
		t.Errorf("the exercise before the loop is %+v", r.Exercises)
	}
}

func TestBadNotebooks(t *testing.T) {
	for want, text := range map[string]string{
		"is no notebook:": "{", "of format 4": "{}", "no code cells": `{"nbformat":4,"cells":[]}`,
		"neither text nor lines": `{"nbformat":4,"cells":[{"cell_type":"code","source":3}]}`,
	} {
		path := filepath.Join(t.TempDir(), "bad.ipynb")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Grade(path, generous); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	for _, args := range [][]string{{}, {"a", "b"}, {"-time", "0s", "a"}, {"-memory", "1", "a"}, {"missing.ipynb"}} {
		if run(args) == nil {
			t.Errorf("%v: no error", args)
		}
	}
}

func TestBestAttemptCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "verdicts")
	lines := ""
	for _, v := range []check.Verdict{{Exercise: "1.1"}, {Exercise: "1.1", Passed: true}, {Exercise: "1.1", Slip: "later"}, {Exercise: "2.1", Slip: "a"}, {Exercise: "2.1", Slip: "b"}} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		lines += string(text) + "\n"
	}
	if err := os.WriteFile(path, []byte(lines+"{half a li"), 0o644); err != nil {
		t.Fatal(err)
	}
	var r Report
	if err := r.read(path); err != nil || r.Passed != 1 || r.Attempted != 2 || r.Exercises[1].Slip != "b" {
		t.Errorf("the report is %+v (%v)", r, err)
	}
}
