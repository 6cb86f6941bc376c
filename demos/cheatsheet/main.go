// Command cheatsheet writes every update of coordinate ascent on one page, as Markdown and as a picture.
//
//	go run ./demos/cheatsheet
//
// The formulas are those of the doc comments in package cavi: what a method says that it sets.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"elboroom/demos/data"
	"elboroom/vizlib"
)

func main() { data.Main(run) }

func run(args []string, out io.Writer) error {
	set := flag.NewFlagSet("cheatsheet", flag.ContinueOnError)
	common := data.Register(set)
	source := set.String("source", "cavi", "`folder` with the source of package cavi")
	if err := data.Parse(set, args, out); err != nil {
		return err
	}
	if common.File != "" || common.Column != "" {
		return fmt.Errorf("the cheat sheet takes no data: leave -data and -column out")
	}
	models, err := readUpdates(*source)
	if err != nil {
		return err
	}
	if err := common.SaveAll(out, "cheatsheet", picture(models)); err != nil {
		return err
	}
	path := filepath.Join(common.Out, "cheatsheet.md")
	if err := os.WriteFile(path, []byte(markdown(models)), 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, path)
	return err
}

// markdown is the page as a table a model.
func markdown(models []updates) string {
	var b strings.Builder
	b.WriteString("# Every update on one page\n\nWritten by `go run ./demos/cheatsheet` from the doc comments of package `cavi`.\n")
	for _, m := range models {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n```text\n%s\n```\n\n| factor | its best form, the others held |\n|---|---|\n", m.model, m.says, m.family)
		for _, u := range m.updates {
			fmt.Fprintf(&b, "| %s | %s |\n", u.factor, strings.ReplaceAll(u.sets, "|", "\\|"))
		}
	}
	b.WriteString("\nIn general: ln q_j*(z_j) = E[ln p(x, z)] + const, the expectation over all the other factors (Bishop, PRML, eq. 10.9).\n")
	return b.String()
}

// picture is the page as a slide.
func picture(models []updates) vizlib.Figure {
	const row, gap, top = 0.058, 0.026, 1.0
	f := vizlib.Figure{
		Title:   "Every update on one page",
		Caption: "ln q*(zⱼ) = E[ln p(x, z)] + const, over the other factors",
		Numbers: "PRML eq. 10.9",
		View:    vizlib.View{X: vizlib.Interval{Max: 1}, Y: vizlib.Interval{Max: 1}, Axes: vizlib.NoAxes, Legend: vizlib.NoLegend},
	}
	y := top
	text := func(x float64, s string, bold bool, ink vizlib.Ink) {
		f.Marks = append(f.Marks, vizlib.Text{Text: s, At: vizlib.Point{X: x, Y: y}, AlignX: 1, AlignY: -1, Bold: bold, Size: 15, Style: vizlib.Style{Ink: ink}})
	}
	for _, m := range models {
		text(0, m.model, true, vizlib.Black)
		y -= row
		for _, u := range m.updates {
			formula, _, _ := strings.Cut(u.sets, " (PRML")
			text(0.02, subscripts(u.factor), true, vizlib.Q)
			for _, line := range wrapped(subscripts(formula), 100) {
				text(0.125, line, false, vizlib.Black)
				y -= row
			}
		}
		y -= gap
	}
	return f
}

// wrapped cuts a formula at spaces into lines of at most so many letters.
func wrapped(s string, most int) []string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(s, " ") {
		if line != "" && len([]rune(line+" "+word)) > most {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// subscripts writes _i, _ik and their like as subscripts, where there are such letters.
func subscripts(s string) string {
	return regexp.MustCompile(`_[ijkn]+(≠i)?\b`).ReplaceAllStringFunc(s, func(m string) string {
		return strings.NewReplacer("_", "", "i", "ᵢ", "j", "ⱼ", "k", "ₖ", "n", "ₙ").Replace(m)
	})
}
