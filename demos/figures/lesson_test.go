package figures

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
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
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var notebook struct {
		Cells []struct {
			Type    string   `json:"cell_type"`
			Source  []string `json:"source"`
			Outputs []struct {
				Text []string `json:"text"`
			} `json:"outputs"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(raw, &notebook); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, c := range notebook.Cells {
		if c.Type == "markdown" {
			all.WriteString(strings.Join(c.Source, ""))
		}
		for _, o := range c.Outputs {
			all.WriteString(strings.Join(o.Text, ""))
		}
	}
	return strings.ReplaceAll(all.String(), "-", "−")
}
