package ipynb

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.ipynb")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRead(t *testing.T) {
	got, err := Read(file(t, `{"nbformat": 4, "cells": [
		{"cell_type": "markdown", "source": ["# a\n", "b"]},
		{"cell_type": "code", "source": "x", "outputs": [{"text": ["1\n", "2\n"]}, {"data": {}}, {"text": "3"}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := []Cell{{Source: "# a\nb"}, {Code: true, Source: "x", Output: "1\n2\n3"}}; !slices.Equal(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
	for text, want := range map[string]string{
		"{":                            "is no notebook:",
		"{}":                           "of format 4",
		`{"nbformat": 3, "cells": []}`: "nbformat is 3",
		`{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}`: "neither text nor lines",
	} {
		if _, err := Read(file(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", text, err, want)
		}
	}
	if _, err := Read("none.ipynb"); !os.IsNotExist(err) {
		t.Errorf("a file that is not there: %v", err)
	}
}
