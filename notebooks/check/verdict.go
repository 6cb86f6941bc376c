package check

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"elboroom/vizlib"
)

// Verdict is what a checker found.
type Verdict struct {
	Exercise string  `json:"exercise"` // its number, "5.2"
	Title    string  `json:"title"`
	Passed   bool    `json:"passed"`
	Property string  `json:"property,omitempty"` // the first that failed
	Message  string  `json:"message,omitempty"`  // the numbers that show it
	Given    string  `json:"given,omitempty"`    // the instance in which it failed
	Slip     string  `json:"slip,omitempty"`     // the known slip that gives the same numbers
	Hint     string  `json:"hint,omitempty"`
	Cases    int     `json:"cases"` // instances asked
	Alarms   *Alarms `json:"alarms,omitempty"`

	picture vizlib.Picture
}

// ReportVariable is the environment variable that names a file to which every verdict is added, a line of
// JSON each. The command grade sets it; a student need not know it.
const ReportVariable = "ELBOROOM_CHECK_REPORT"

// String is the verdict for the student's eyes: a line on success, else the property, the numbers, the slip.
func (v Verdict) String() string {
	var b strings.Builder
	if v.Passed {
		cases := ""
		if v.Cases > 1 {
			cases = fmt.Sprintf(" Right in all %d cases.", v.Cases)
		}
		fmt.Fprintf(&b, "✓ %s %s.%s\n", v.Exercise, v.Title, cases)
		return b.String()
	}
	fmt.Fprintf(&b, "✗ %s %s. Not yet.\n", v.Exercise, v.Title)
	fmt.Fprintf(&b, "  what fails first: %s\n", v.Property)
	fmt.Fprintf(&b, "  here: %s\n", v.Message)
	if v.Given != "" {
		fmt.Fprintf(&b, "  given: %s\n", v.Given)
	}
	if v.Slip != "" {
		fmt.Fprintf(&b, "  it looks like: %s\n  hint: %s\n", v.Slip, v.Hint)
	}
	if v.Alarms != nil {
		fmt.Fprintf(&b, "  three alarms: %s\n", v.Alarms)
	}
	return b.String()
}

// tell judges, prints, adds to the report if one is kept, and shows the picture if there is one.
func (e exercise) tell() {
	v := e.judge()
	fmt.Print(v)
	if path := os.Getenv(ReportVariable); path != "" {
		if err := v.appendTo(path); err != nil {
			fmt.Fprintln(os.Stderr, "check: the report could not be written:", err)
		}
	}
	if v.picture != nil {
		if err := vizlib.Show(v.picture); err != nil {
			fmt.Fprintln(os.Stderr, "check: the picture could not be shown:", err)
		}
	}
}

// appendTo adds the verdict to a report, as one line of JSON in one write.
func (v Verdict) appendTo(path string) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
