package figures

import (
	"fmt"
	"strings"
	"testing"

	"elboroom/notebooks/ipynb"
)

// sayings reads a lesson and returns a check that it says something in so many words. A minus sign may be written
// either way.
func sayings(t *testing.T, lesson string) func(format string, values ...any) {
	t.Helper()
	text := prose(t, "../../notebooks/"+lesson+".ipynb")
	return func(format string, values ...any) {
		t.Helper()
		if want := strings.ReplaceAll(fmt.Sprintf(format, values...), "-", "−"); !strings.Contains(text, want) {
			t.Errorf("lesson %s does not say %q", lesson, want)
		}
	}
}

// prose is all Markdown of a notebook, and the plain text of its outputs.
func prose(t *testing.T, path string) string {
	t.Helper()
	cells, err := ipynb.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, c := range cells {
		if !c.Code {
			all.WriteString(c.Source)
		}
		all.WriteString(c.Output)
	}
	return strings.ReplaceAll(all.String(), "-", "−")
}
