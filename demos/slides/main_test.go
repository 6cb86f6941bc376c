package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"elboroom/vizlib"
)

var update = flag.Bool("update", false, "write the list of slides anew")

// read returns the files of a folder by name.
func read(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = b
	}
	return out
}

func TestList(t *testing.T) {
	const golden = "testdata/list.txt"
	var out bytes.Buffer
	if err := run([]string{"-list"}, &out); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("the list has changed: compare and run with -update\n%s", out.String())
	}
}

// The list keeps its word: names are unlike, movies are movies, and a blank form keeps what it is said to keep.
func TestSlides(t *testing.T) {
	l := newLecture()
	seen := map[string]bool{}
	for _, s := range lectureSlides() {
		if seen[s.name] {
			t.Errorf("%s is listed twice", s.name)
		}
		seen[s.name] = true
		p := s.draw(l)
		if _, moves := p.(vizlib.Movie); moves != s.moves {
			t.Errorf("%s: moves %v, listed as %v", s.name, moves, s.moves)
		}
		if alt := p.Alt(); alt == "" || strings.Contains(alt, "could not be drawn") {
			t.Errorf("%s: %s", s.name, alt)
		}
		if s.fromStart && (!s.moves || s.given != nil) {
			t.Errorf("%s: only a movie has a first frame, and its blank form keeps no other marks", s.name)
		}
		if s.question == "" || strings.HasPrefix(p.Alt(), s.question) || !strings.HasPrefix(s.blank(p).Alt(), s.question) {
			t.Errorf("%s: the blank form asks %q and says %q, want a question of its own", s.name, s.question, s.blank(p).Alt())
		}
		for i, name := range s.given {
			fewer := s
			fewer.given = slices.Delete(slices.Clone(s.given), i, i+1)
			if same(t, fewer.blank(p), s.blank(p)) {
				t.Errorf("%s: no mark is called %q, which the blank form should keep", s.name, name)
			}
		}
		for i, name := range s.without {
			more := s
			more.without = slices.Delete(slices.Clone(s.without), i, i+1)
			if same(t, more.blank(p), s.blank(p)) {
				t.Errorf("%s: no mark is called %q, which the blank form should leave out", s.name, name)
			}
		}
	}
}

// same says whether two pictures are the same image.
func same(t *testing.T, a, b vizlib.Picture) bool {
	t.Helper()
	var x, y bytes.Buffer
	if err := a.PNG(&x); err != nil {
		t.Fatal(err)
	}
	if err := b.PNG(&y); err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(x.Bytes(), y.Bytes())
}

func TestEveryThemeAndForm(t *testing.T) {
	for theme, formats := range map[string]string{"light": "svg,pdf,png,tex", "dark": "svg", "projector": "svg", "print": "svg"} {
		t.Run(theme, func(t *testing.T) {
			folder := t.TempDir()
			var out bytes.Buffer
			if err := run([]string{"-out", folder, "-format", formats, "-blank", "-theme", theme, "-width", "640"}, &out); err != nil {
				t.Fatal(err)
			}
			files := read(t, folder)
			said := strings.Fields(out.String())
			if len(said) != len(files) {
				t.Errorf("%d files are told of, %d are there", len(said), len(files))
			}
			for _, s := range lectureSlides() {
				forms := []string{"", "-blank"}
				if s.moves {
					forms = append(forms, "-strip")
				}
				for _, form := range forms {
					for _, format := range strings.Split(formats, ",") {
						name := s.name + form + "." + format
						if len(files[name]) == 0 {
							t.Errorf("%s is missing", name)
						}
					}
					if form == "-blank" && bytes.Equal(files[s.name+".svg"], files[s.name+"-blank.svg"]) {
						t.Errorf("the blank form of %s shows the answer", s.name)
					}
				}
			}
		})
	}
}

// The same figures come out byte for byte, on one core as on several.
func TestSameBytes(t *testing.T) {
	folders := []string{t.TempDir(), t.TempDir()}
	for i, folder := range folders {
		cores := runtime.GOMAXPROCS(1 + 3*i)
		err := run([]string{"-out", folder, "-format", "svg,pdf,png,tex,html", "-width", "640"}, &bytes.Buffer{})
		runtime.GOMAXPROCS(cores)
		if err != nil {
			t.Fatal(err)
		}
	}
	first, second := read(t, folders[0]), read(t, folders[1])
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

func TestMovie(t *testing.T) {
	folder := t.TempDir()
	var out bytes.Buffer
	if err := run([]string{"-out", folder, "-only", "cavi-fit,support", "-format", "gif,html", "-width", "320", "-page", "4:3", "-text"}, &out); err != nil {
		t.Fatal(err)
	}
	var want string
	for _, name := range []string{"support.html", "cavi-fit.gif", "cavi-fit.html"} {
		want += fmt.Sprintln(filepath.Join(folder, name))
	}
	if out.String() != want {
		t.Errorf("wrote\n%swant, in the order of the lecture,\n%s", out.String(), want)
	}
}

func TestBadInputIsOneSentence(t *testing.T) {
	folder := t.TempDir()
	blocked := filepath.Join(folder, "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"-theme pink: want light, dark":        {"-theme", "pink"},
		`-format "bmp" is not a format`:        {"-format", "svg,bmp"},
		`-format "" is not a format`:           {"-format", ""},
		`-only "cavi" is not a figure`:         {"-only", "cavi"},
		"-page 3:2: want 16:9, 4:3":            {"-page", "3:2"},
		"-page 5mm: want":                      {"-page", "5mm"},
		"-page 85: want":                       {"-page", "85"},
		"-page NaNmm: want":                    {"-page", "NaNmm"},
		"-width 10: want pixels from 320":      {"-width", "10"},
		"nothing to write":                     {"-only", "support", "-format", "gif"},
		`"there" is not a flag`:                {"there"},
		"support: vizlib: " + blocked:          {"-only", "support", "-format", "svg", "-out", filepath.Join(blocked, "below")},
		"flag provided but not defined: -them": {"-them", "dark"},
	} {
		if !slices.Contains(args, "-out") {
			args = append([]string{"-out", folder}, args...)
		}
		err := run(args, &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: error %v, want one sentence with %q", args, err, want)
		}
	}
}

// BenchmarkStills is all figures of the lecture in all formats that do not move.
func BenchmarkStills(b *testing.B) {
	for range b.N {
		if err := run([]string{"-out", b.TempDir(), "-format", strings.Join(stills(), ",")}, &bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
	}
}
