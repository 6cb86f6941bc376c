// Package ipynb reads the cells of a notebook.
//
// Source: nbformat 4, https://nbformat.readthedocs.io/en/latest/format_description.html.
package ipynb

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Cell is a cell as it was saved.
type Cell struct {
	Code   bool   // or else Markdown or raw text
	Source string // what its author wrote
	Output string // the text that it printed
}

// Read reads a notebook of format 4. An error says in a sentence what is wrong with the file.
func Read(path string) ([]Cell, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var notebook struct {
		Format int `json:"nbformat"`
		Cells  []struct {
			Type    string `json:"cell_type"`
			Source  text   `json:"source"`
			Outputs []struct {
				Text text `json:"text"`
			} `json:"outputs"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(raw, &notebook); err != nil {
		return nil, fmt.Errorf("%s is no notebook: %w", path, err)
	}
	if notebook.Format != 4 {
		return nil, fmt.Errorf("%s is no notebook of format 4 (nbformat is %d)", path, notebook.Format)
	}
	cells := make([]Cell, len(notebook.Cells))
	for i, c := range notebook.Cells {
		cells[i] = Cell{Code: c.Type == "code", Source: string(c.Source)}
		for _, o := range c.Outputs {
			cells[i].Output += string(o.Text)
		}
	}
	return cells, nil
}

// text is what nbformat calls a multiline string: a string, or a list of its lines.
type text string

// UnmarshalJSON reads either form.
func (t *text) UnmarshalJSON(raw []byte) error {
	var whole string
	var lines []string
	if json.Unmarshal(raw, &whole) != nil {
		if json.Unmarshal(raw, &lines) != nil {
			return errors.New("the source or output of a cell is neither text nor lines")
		}
		whole = strings.Join(lines, "")
	}
	*t = text(whole)
	return nil
}
