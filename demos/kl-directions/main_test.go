package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const faithful = "../../testdata/faithful.csv"

func TestBumps(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	if err := run([]string{"-out", dir, "-size", "640x360", "-step", "0.25"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kl-directions", "kl-directions-strip"} {
		for _, ext := range []string{".svg", ".pdf", ".png", ".gif", ".html"} {
			path := filepath.Join(dir, name+ext)
			if info, err := os.Stat(path); err != nil || info.Size() == 0 {
				t.Errorf("%s: %v", path, err)
			}
			if !strings.Contains(out.String(), path) {
				t.Errorf("%s is not reported", path)
			}
		}
	}
	for _, want := range []string{"from a = 2.4122 q on one bump", "from a = 2.8001 it is the best"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing from\n%s", want, out.String())
		}
	}
}

// The forward fit of a kernel density estimate has the data's mean, 70.897 minutes.
func TestOldFaithful(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"-data", faithful, "-column", "waiting", "-out", t.TempDir()}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"272 data with sd 13.59", "nats at N(70.9, ", "reverse KL(q‖p)"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing from\n%s", want, out.String())
		}
	}
}

func TestBadInputIsOneSentence(t *testing.T) {
	dir := t.TempDir()
	same := filepath.Join(dir, "same.csv")
	if err := os.WriteFile(same, []byte("x\n3\n3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"-weight 1: want":                {"-weight", "1"},
		"-from 2 -to 1: want":            {"-from", "2", "-to", "1"},
		"-step 0: want":                  {"-step", "0"},
		"-column x needs a file":         {"-column", "x"},
		"-bandwidth 2 needs data":        {"-bandwidth", "2"},
		"-bandwidth -1: want a positive": {"-data", same, "-bandwidth", "-1"},
		"give no bandwidth":              {"-data", same},
		"nowhere.csv":                    {"-data", filepath.Join(dir, "nowhere.csv")},
		"-size 3 is not a size":          {"-size", "3"},
		`"there" is not a flag`:          {"there"},
	} {
		args = append([]string{"-out", dir}, args...)
		err := run(args, &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: error %v, want one sentence with %q", args, err, want)
		}
	}
}
