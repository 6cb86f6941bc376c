package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWritesEveryMedium(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"-out", dir, "-size", "640x360", "-sweeps", "2"},
		{"-out", dir, "-size", "640x360", "-data", "../../testdata/faithful.csv", "-column", "eruptions"},
	} {
		var out strings.Builder
		if err := run(args, &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "KL(q‖p)") && !strings.Contains(out.String(), "log evidence") {
			t.Errorf("it printed %q", out.String())
		}
	}
	for _, name := range []string{"mean-field", "mean-field-correlation", "mean-field-precision"} {
		for _, ext := range []string{".svg", ".pdf", ".png", ".gif", ".html"} {
			if s, err := os.Stat(filepath.Join(dir, name+ext)); err != nil || s.Size() == 0 {
				t.Errorf("%s%s: %v", name, ext, err)
			}
		}
	}
}

func TestWrongFlagsGetASentence(t *testing.T) {
	for want, args := range map[string][]string{
		"inside −1…1":    {"-rho", "1"},
		"want 2":         {"-start", "1,2,3"},
		"finite number":  {"-start", "a,b"},
		"at least 1":     {"-sweeps", "0"},
		"-data file.csv": {"-column", "waiting"},
		"no column":      {"-data", "../../testdata/faithful.csv", "-column", "wait"},
		"no such file":   {"-data", "none.csv", "-column", "x"},
		"Mu0":            {"-data", "../../testdata/faithful.csv", "-column", "waiting", "-mu0", "NaN"},
	} {
		var out strings.Builder
		err := run(append(args, "-out", t.TempDir()), &out)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q in it", args, err, want)
		}
	}
}
