// Command grade runs a student's notebook and writes what the checkers of elboroom/notebooks/check found, as JSON
// for a gradebook.
//
//	go run ./notebooks/check/grade [-time 5m] [-cell 1m] [-memory 2048] [-out report.json] FILE.ipynb
//
// It runs every code cell, top to bottom, on the project's own kernel, which needs no Python, as if the notebook lay
// among the lessons: a cell that fails is reported, and the cells after it still run. Only verdicts that a checker itself adds to a report count; a printed
// tick does not. The limits keep an accident from hurting the machine; a notebook is still a program with the rights
// of who runs it, so grade strangers' work in a container.
//
// The command ends with 0 where a report was written, whatever it says, and with 1 and a sentence where none could be.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "grade:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("grade", flag.ContinueOnError)
	limits := Limits{}
	flags.DurationVar(&limits.Time, "time", 5*time.Minute, "for the whole notebook")
	flags.DurationVar(&limits.Cell, "cell", time.Minute, "for one cell, which is then interrupted")
	flags.IntVar(&limits.Memory, "memory", 2048, "`MB` for each process that the notebook starts")
	out := flags.String("out", "", "write the report to this `FILE`, not to the standard output")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	switch {
	case flags.NArg() != 1:
		return fmt.Errorf("want the name of one notebook, got %d", flags.NArg())
	case limits.Time <= 0 || limits.Cell <= 0:
		return fmt.Errorf("-time is %v and -cell %v, want more than 0", limits.Time, limits.Cell)
	case limits.Memory < 256:
		return fmt.Errorf("-memory is %d MB, want at least 256: the Go compiler needs them", limits.Memory)
	}
	report, err := Grade(flags.Arg(0), limits)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if *out == "" {
		_, err = os.Stdout.Write(text)
		return err
	}
	return os.WriteFile(*out, text, 0o644)
}
