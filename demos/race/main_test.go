package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWritesEveryMedium(t *testing.T) {
	dir := t.TempDir()
	var out strings.Builder
	if err := run([]string{"-out", dir, "-size", "640x360", "-passes", "20", "-chains", "3"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"CAVI", "EM", "Gibbs", "Metropolis", "after 20 passes"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it printed %q, want %q in it", out.String(), want)
		}
	}
	for _, name := range []string{"race", "race-errors"} {
		for _, ext := range []string{".svg", ".pdf", ".png", ".gif", ".html"} {
			if s, err := os.Stat(filepath.Join(dir, name+ext)); err != nil || s.Size() == 0 {
				t.Errorf("%s%s: %v", name, ext, err)
			}
		}
	}
}

func TestRunsOnAFile(t *testing.T) {
	var out strings.Builder
	dir := t.TempDir()
	err := run([]string{"-clock", "-out", dir, "-size", "320x180", "-passes", "10", "-chains", "2", "-data", "../../testdata/faithful.csv", "-column", "waiting",
		"-sigma", "5.87", "-mu0", "70.9", "-tau0", "20", "-start", "60,64", "-step", "0.7"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := os.Stat(filepath.Join(dir, "race-clock.png")); err != nil || s.Size() == 0 {
		t.Errorf("race-clock.png: %v", err)
	}
}

func TestWrongFlagsGetASentence(t *testing.T) {
	for want, args := range map[string][]string{
		"want 2":             {"-start", "1,2,3"},
		"finite number":      {"-start", "a,b"},
		"at least 2":         {"-passes", "1"},
		"-chains 0":          {"-chains", "0"},
		"-step 0":            {"-step", "0"},
		"-sigma -1":          {"-sigma", "-1"},
		"add -data file.csv": {"-column", "waiting"},
		"no column":          {"-data", "../../testdata/faithful.csv", "-column", "wait"},
		"no such file":       {"-data", "none.csv", "-column", "x"},
		"GMM: Mu0 is NaN":    {"-mu0", "NaN"},
	} {
		var out strings.Builder
		err := run(append(args, "-out", t.TempDir()), &out)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q in it", args, err, want)
		}
	}
}
