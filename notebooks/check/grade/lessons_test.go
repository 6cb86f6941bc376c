package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"elboroom/notebooks/ipynb"
)

var (
	calls  = regexp.MustCompile(`(?m)^\t?check\.[A-Z]\w+\(.*$`)
	folded = regexp.MustCompile("(?s)<details>.*?```go\n(.*?)```.*?</details>")
)

// answered is the code of the exercise cells[0] with the folded answer below it put into its place.
func answered(cells []ipynb.Cell) (code string, ok bool) {
	call := calls.FindString(cells[0].Source)
	for _, c := range cells[1:] {
		if c.Code && calls.MatchString(c.Source) {
			break
		}
		if found := folded.FindStringSubmatch(c.Source); found != nil {
			if strings.Contains(found[1], "%%") {
				return found[1], true
			}
			return found[1] + "%%\n" + call, true
		}
	}
	return "", false
}

// Every exercise of the lessons has a checker in a code cell and its answer folded below, and every answer passes: the
// answers of a lesson, put into their cells among what it declares, are graded as a student's work.
func TestFoldedAnswersPass(t *testing.T) {
	lessons, err := filepath.Glob("../../*.ipynb")
	if err != nil || len(lessons) == 0 {
		t.Fatalf("no lessons: %v", err)
	}
	var seen []string
	for _, path := range lessons {
		t.Run(filepath.Base(path), func(t *testing.T) {
			var work []string
			cells, err := ipynb.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			for i, c := range cells {
				source := c.Source
				switch {
				case !c.Code:
				case calls.MatchString(source):
					code, ok := answered(cells[i:])
					if !ok {
						t.Errorf("below the exercise %s there is no folded answer in Go", calls.FindString(source))
					}
					work = append(work, code)
				default:
					declared, _, _ := strings.Cut(source, "%%")
					work = append(work, declared)
				}
			}
			r, err := Grade(notebook(t, work...), generous)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range r.Exercises {
				seen = append(seen, v.Exercise)
				if !v.Passed {
					t.Errorf("the folded answer does not pass:\n%s", v)
				}
			}
			for _, c := range r.Cells {
				t.Errorf("cell %d: %s", c.Number, c.Error)
			}
		})
	}
	slices.Sort(seen)
	if want := 34; len(seen) != want {
		t.Errorf("the lessons call the checkers of %d exercises, want %d: %v", len(seen), want, seen)
	}
}
