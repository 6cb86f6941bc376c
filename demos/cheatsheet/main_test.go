package main

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var renew = flag.Bool("update", false, "write the course's cheat sheet anew")

// TestCourseHasThisSheet holds notebooks/CHEATSHEET.md to the doc comments.
func TestCourseHasThisSheet(t *testing.T) {
	models, err := readUpdates("../../cavi")
	if err != nil {
		t.Fatal(err)
	}
	const path = "../../notebooks/CHEATSHEET.md"
	want := markdown(models)
	if *renew {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s is not what the doc comments say (%v); go test ./demos/cheatsheet -update writes it", path, err)
	}
}

func TestPictureFitsItsPage(t *testing.T) {
	models, err := readUpdates("../../cavi")
	if err != nil {
		t.Fatal(err)
	}
	p := picture(models)
	for _, m := range p.Marks {
		shapes, err := m.Shapes(p.View)
		if err != nil || len(shapes) == 0 {
			t.Fatalf("%v: %v", m, err)
		}
		if box, _ := m.Bounds(); box.Min.Y < 0.04 {
			t.Errorf("%+v stands below the page", m)
		}
	}
}

func TestFirstSentence(t *testing.T) {
	for doc, want := range map[string]string{
		"move sets m_i = 1 (PRML eqs 10.12, 10.13). The rest.": "move sets m_i = 1 (PRML eqs 10.12, 10.13).",
		"X fits model.X by the family\n\n\tq = 1":              "X fits model.X by the family",
		"X fits it, by\n\n\tq":                                 "X fits it, by",
	} {
		if got := firstSentence(doc); got != want {
			t.Errorf("firstSentence(%q) = %q, want %q", doc, got, want)
		}
	}
}

func TestFamily(t *testing.T) {
	for doc, want := range map[string]string{
		"X fits it, by\n\n\tq = 1\n\tp = 2\n\nA sweep.": "q = 1\np = 2",
		"X fits it.\n\nA sweep.\n\n\tq = 1":             "",
		"X fits it.":                                    "",
	} {
		if got := family(doc); got != want {
			t.Errorf("family(%q) = %q, want %q", doc, got, want)
		}
	}
}

// The first letter that an update sets stands in its family.
func TestEveryModelShowsItsFamily(t *testing.T) {
	models, err := readUpdates("../../cavi")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		for _, u := range m.updates {
			if letter, _, _ := strings.Cut(u.sets, "_"); !strings.Contains(m.family, letter) {
				t.Errorf("%s: %q is set, and the family %q has it not", m.model, letter, m.family)
			}
		}
	}
}

func TestWrongFlagsGetASentence(t *testing.T) {
	for want, args := range map[string][]string{
		"no Go source in": {"-source", "nowhere"},
		"takes no data":   {"-data", "x.csv"},
	} {
		var out strings.Builder
		if err := run(append(args, "-out", t.TempDir()), &out); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q in it", args, err, want)
		}
	}
}
