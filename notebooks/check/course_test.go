package check

import (
	"encoding/json"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"elboroom/notebooks/ipynb"
)

func course(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// words is the Markdown of a lesson.
func words(t *testing.T, path string) string {
	t.Helper()
	cells, err := ipynb.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, c := range cells {
		if !c.Code {
			all.WriteString(c.Source + "\n\n")
		}
	}
	return all.String()
}

// The glossary leads to the place that explains a word, and the lesson leads back.
func TestGlossaryIsLinkedBothWays(t *testing.T) {
	rows := regexp.MustCompile(`(?m)^\| <a id="([\w-]+)"></a>(.+?) \|.*\]\(([\w-]+\.ipynb)(?:#(.*))?\) \|$`).FindAllStringSubmatch(course(t), -1)
	if len(rows) < 40 {
		t.Errorf("the glossary has %d words, want 40 or more", len(rows))
	}
	back := regexp.MustCompile(`\]\(README\.md#([\w-]+)\)`)
	known, linked := map[string]bool{"glossary": true}, map[string]bool{}
	for _, row := range rows {
		known[row[1]] = true
		text := words(t, "../"+row[3])
		if row[4] != "" {
			heading, err := url.PathUnescape(row[4])
			if err != nil || !headed(text, heading) {
				t.Errorf("%s: %s has no heading %q (%v)", row[2], row[3], row[4], err)
			}
		}
		if !strings.Contains(text, "](README.md#"+row[1]+")") {
			t.Errorf("%s does not lead back to %q in the glossary", row[3], row[2])
		}
	}
	lessons, err := filepath.Glob("../*.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range lessons {
		for _, m := range back.FindAllStringSubmatch(words(t, path), -1) {
			linked[m[1]] = true
			if !known[m[1]] {
				t.Errorf("%s leads to %q, which the glossary has not", filepath.Base(path), m[1])
			}
		}
	}
	for word := range known {
		if !linked[word] {
			t.Errorf("no lesson leads to %q in the glossary", word)
		}
	}
}

// headed tells whether a heading has this anchor: its words, joined by hyphens.
func headed(text, anchor string) bool {
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(text, -1) {
		if strings.ReplaceAll(m[1], " ", "-") == anchor {
			return true
		}
	}
	return false
}

// What the course says that a checker prints and a gradebook gets is what they print and get.
func TestCourseShowsRealVerdicts(t *testing.T) {
	text := course(t)
	dropped := responsibilities(func(x float64, m, s2 []float64, sigma float64) []float64 {
		return bestShares([]float64{x}, m, []float64{0, 0}, sigma)[0]
	}).judge()
	for line := range strings.Lines(dropped.String()) {
		if !strings.Contains(line, "given:") && !strings.Contains(text, line) { // the instance is cut in the text
			t.Errorf("the course does not show the line %q", line)
		}
	}
	for _, v := range []Verdict{
		normalEntropy(func(sd float64) float64 { return math.Log(sd) + math.Log(2*math.Pi*math.E)/2 }).judge(),
		reverseWinner("one bump", "one bump").judge(),
	} {
		want, err := json.MarshalIndent(v, "    ", "  ")
		if err != nil || !strings.Contains(text, string(want)) {
			t.Errorf("the course does not show %s (%v)", want, err)
		}
	}
}
