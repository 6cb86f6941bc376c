package data

import (
	"bytes"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elboroom/vizlib"
)

func TestParseColumn(t *testing.T) {
	const two = "eruptions,waiting\n3.6,79\n1.8,54\n"
	for _, c := range []struct {
		name, text, column string
		want               []float64
		fault              string
	}{
		{"named", two, "waiting", []float64{79, 54}, ""},
		{"the only column", "x\n1\n-2e3\n", "", []float64{1, -2000}, ""},
		{"spaces, comment, byte order mark", "\ufeff# source\n a , b \n1, 2\n# note\n3, 4\n", "b", []float64{2, 4}, ""},
		{"quoted, Windows lines", "\"a b\",c\r\n\"1\",2\r\n", "a b", []float64{1}, ""},
		{"no such column", two, "wait", nil, `there is no column "wait", only: eruptions, waiting`},
		{"which column", two, "", nil, "the file has 2 columns: say which by -column: eruptions, waiting"},
		{"a word", "x\n1\ntwo\n", "x", nil, `line 3: x is "two", want a finite number`},
		{"NaN", "x\nNaN\n", "x", nil, `line 2: x is "NaN", want a finite number`},
		{"infinite", "x\n1\n\n-inf\n", "x", nil, `line 4: x is "-inf", want a finite number`},
		{"a gap", "x,y\n1,\n", "y", nil, `line 2: y is "", want a finite number`},
		{"too large for a number", "x\n1e999\n", "x", nil, `line 2: x is "1e999", want a finite number`},
		{"ragged", "x,y\n1,2\n3\n", "x", nil, "line 3: wrong number of fields"},
		{"names only", "x\n", "x", nil, "column x has no rows, want at least 1 number"},
		{"empty", "", "x", nil, "the file is empty, want a line of column names and rows of numbers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, err := parseColumn(strings.NewReader(c.text), c.column)
			if got := sentence(err); got != c.fault {
				t.Errorf("error %q, want %q", got, c.fault)
			}
			if !slices.Equal(x, c.want) {
				t.Errorf("got %v, want %v", x, c.want)
			}
		})
	}
}

func sentence(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestReadColumnOfAMissingFile(t *testing.T) {
	_, err := ReadColumn("nowhere.csv", "x")
	if want := "nowhere.csv cannot be read: no such file or directory"; sentence(err) != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

func TestOldFaithful(t *testing.T) {
	x, err := ReadColumn("../../testdata/faithful.csv", "waiting")
	if err != nil {
		t.Fatal(err)
	}
	// R: length(faithful$waiting), sd(faithful$waiting)
	if len(x) != 272 || math.Abs(SD(x)-13.59497) > 5e-6 {
		t.Errorf("%d waiting times with sd %.5f, want 272 with sd 13.59497", len(x), SD(x))
	}
}

func TestSD(t *testing.T) {
	if got := SD([]float64{1e9 + 1, 1e9 + 2, 1e9 + 3}); got != 1 {
		t.Errorf("sd %v, want 1", got)
	}
	if got := SD([]float64{4}); got != 0 {
		t.Errorf("sd of one number %v, want 0", got)
	}
}

func TestWidth(t *testing.T) {
	for size, want := range map[string]int{"1920x1080": 1920, "1366x768": 1366, "320x180": 320} {
		if got, err := (Flags{Size: size}).Width(); err != nil || got != want {
			t.Errorf("%s: width %d, error %v", size, got, err)
		}
	}
	for _, size := range []string{"", "1920", "x", "1920x", "1920x1000", "0x0", "-1920x-1080", "99999x56249", "1920x1080x2"} {
		if _, err := (Flags{Size: size}).Width(); err == nil {
			t.Errorf("%q is accepted", size)
		}
	}
}

func TestList(t *testing.T) {
	if got, err := List(" -0.4, 3.2"); err != nil || !slices.Equal(got, []float64{-0.4, 3.2}) {
		t.Errorf("got %v, error %v", got, err)
	}
	if got, err := List(""); err != nil || got != nil {
		t.Errorf("nothing: got %v, error %v", got, err)
	}
	for _, text := range []string{"1,,2", "a", "NaN", "1;2", "Inf"} {
		if _, err := List(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

func TestParse(t *testing.T) {
	parse := func(args ...string) (*Flags, string, error) {
		set := flag.NewFlagSet("demo", flag.ContinueOnError)
		f := Register(set)
		var out bytes.Buffer
		err := Parse(set, args, &out)
		return f, out.String(), err
	}
	if f, out, err := parse("-out", "a b", "-seed", "7"); err != nil || f.Out != "a b" || f.Seed != 7 || out != "" {
		t.Errorf("flags %+v, output %q, error %v", f, out, err)
	}
	if _, _, err := parse("stray"); err == nil || !strings.Contains(err.Error(), `"stray" is not a flag`) {
		t.Errorf("a stray word: error %v", err)
	}
	if _, out, err := parse("-sead", "7"); err == nil || strings.Contains(err.Error(), "\n") || out != "" {
		t.Errorf("a misspelt flag: output %q, error %v", out, err)
	}
	if _, out, err := parse("-help"); !errors.Is(err, flag.ErrHelp) || !strings.Contains(out, "-column name") {
		t.Errorf("-help: output %q, error %v", out, err)
	}
}

func TestSaveAll(t *testing.T) {
	f := Flags{Out: filepath.Join(t.TempDir(), "new", "folder"), Size: "640x360"}
	figure := vizlib.Figure{Title: "a line", Marks: []vizlib.Mark{vizlib.Line{X: []float64{0, 1}, Y: []float64{1, 2}}}}
	var said bytes.Buffer
	if err := f.SaveAll(&said, "line", figure); err != nil {
		t.Fatal(err)
	}
	for _, ext := range []string{".svg", ".pdf", ".png", ".gif", ".html"} {
		path := filepath.Join(f.Out, "line"+ext)
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", path, err)
		}
		if !strings.Contains(said.String(), path+"\n") {
			t.Errorf("%s is not reported in %q", path, said.String())
		}
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f.Out = blocked
	if err := f.SaveAll(&said, "line", figure); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("a folder that is a file: error %v", err)
	}
}
