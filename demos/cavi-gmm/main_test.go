package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const faithful = "../../testdata/faithful.csv"

func TestLecture(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	if err := run([]string{"-out", dir, "-size", "640x360"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cavi-gmm.svg", "cavi-gmm.pdf", "cavi-gmm.png", "cavi-gmm.gif", "cavi-gmm.html",
		"cavi-gmm-strip.svg", "cavi-gmm-strip.pdf", "cavi-gmm-strip.png"} {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", path, err)
		}
		if !strings.Contains(out.String(), path) {
			t.Errorf("%s is not reported", path)
		}
	}
}

// The values are those of a run of the same model elsewhere, as printed in the project's references.
func TestOldFaithful(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"-data", faithful, "-column", "waiting", "-sigma", "5.87", "-mu0", "70.9", "-tau0", "20", "-out", t.TempDir()}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"N(54.92, 0.585²)", "N(80.26, 0.448²)", "ELBO -1051.78"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing from\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "assumes") {
		t.Errorf("a given sigma is called assumed:\n%s", out.String())
	}
}

func TestUntoldNoise(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"-data", faithful, "-column", "waiting", "-out", t.TempDir()}, &out); err != nil {
		t.Fatal(err)
	}
	if want := "the model assumes a noise sd of 1, the data's sd is 13.59"; !strings.Contains(out.String(), want) {
		t.Errorf("%q is missing from\n%s", want, out.String())
	}
}

// Three components have an exact evidence to be held against; for four there is none, and that is said.
func TestMoreComponents(t *testing.T) {
	for k, want := range map[string]string{"3": "\nlog evidence ", "4": "\nno exact evidence: "} {
		var out bytes.Buffer
		if err := run([]string{"-k", k, "-seed", "5", "-out", t.TempDir()}, &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("-k %s: %q is missing from\n%s", k, want, out.String())
		}
	}
}

func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for want, args := range map[string][]string{
		"nowhere.csv cannot be read: no such file or directory": {"-data", "nowhere.csv"},
		`there is no column "wait", only: eruptions, waiting`:   {"-data", faithful, "-column", "wait"},
		`line 3: x is "NaN", want a finite number`:              {"-data", file("nan.csv", "x\n1\nNaN\n")},
		`line 2: x is "one", want a finite number`:              {"-data", file("word.csv", "x\none\n")},
		"the file is empty":                                          {"-data", file("empty.csv", "")},
		"-column waiting needs a file to read it from":               {"-column", "waiting"},
		"-k 0: want at least 1 component":                            {"-k", "0"},
		"-sigma 0: want a positive finite number":                    {"-sigma", "0"},
		"-sigma NaN: want a positive finite number":                  {"-sigma", "NaN"},
		"-tau0 -1: want a positive finite number":                    {"-tau0", "-1"},
		"-mu0 +Inf: want a finite number":                            {"-mu0", "Inf"},
		"-init has 3 means for 2 components":                         {"-init", "1,2,3"},
		`-init: "b" is not a finite number`:                          {"-init", "1,b"},
		"-size 800x800 is not 16:9":                                  {"-size", "800x800"},
		`"stray" is not a flag`:                                      {"stray"},
		"flag provided but not defined: -sgima":                      {"-sgima", "2"},
		filepath.Join(file("file", "x"), "cavi-gmm.svg") + " is not": {"-out", filepath.Join(dir, "file")},
	} {
		err := run(args, &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: error %v, want one sentence with %q", args, err, want)
		}
	}
}
