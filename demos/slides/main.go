// Command slides draws the figures of the lecture, each in every medium.
//
//	go run ./demos/slides -list
//	go run ./demos/slides -theme projector -format pdf,svg,png,gif,mp4,html,tex -only cavi-fit -out DIR
//
// A figure that moves is written to .gif, .mp4, .webm and .html as a movie; to .svg, .pdf, .png and .tex as its last frame,
// and as a strip of frames in NAME-strip. With -blank each figure is also written without its answer, in NAME-blank: the
// same axes under a question, for a class to draw on before they see.
package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"elboroom/demos/data"
	"elboroom/vizlib"
)

func main() { data.Main(run) }

// stills and movies are the formats by what they hold; .html holds either.
func stills() []string { return []string{"svg", "pdf", "png", "tex"} }
func movies() []string { return []string{"gif", "mp4", "webm"} }

// order is what a user asked for.
type order struct {
	folder  string
	output  vizlib.Output
	formats []string
	slides  []slide
	blank   bool
}

func run(args []string, out io.Writer) error {
	set := flag.NewFlagSet("slides", flag.ContinueOnError)
	folder := set.String("out", "out", "write the pictures into this `folder`")
	theme := set.String("theme", "light", "`theme`: light, dark, projector or print")
	format := set.String("format", "svg,pdf,png,gif,html", "`formats`, separated by commas: svg, pdf, png, tex, gif, mp4, webm, html")
	only := set.String("only", "", "draw the figures of these `names` alone, separated by commas (see -list)")
	page := set.String("page", "16:9", "page: 16:9, 4:3, or the `width` of a column on paper such as 85mm")
	width := set.Int("width", 0, "`pixels` across a PNG or a movie (default: 1920, and 1280 for GIF)")
	text := set.Bool("text", false, "letters as text that can be selected, not as outlines")
	blank := set.Bool("blank", false, "write each figure also without its answer, to predict it")
	list := set.Bool("list", false, "print the names and captions of the figures, and draw nothing")
	if err := data.Parse(set, args, out); err != nil {
		return err
	}
	o := order{folder: *folder, blank: *blank, output: vizlib.Output{Width: *width, Text: *text}}
	var err error
	if o.output.Theme, err = themeOf(*theme); err != nil {
		return err
	}
	if o.output.Page, err = pageOf(*page); err != nil {
		return err
	}
	if o.formats, err = formatsOf(*format); err != nil {
		return err
	}
	if o.slides, err = slidesOf(*only); err != nil {
		return err
	}
	const least, most = 320, 1 << 13
	if *width != 0 && (*width < least || *width > most) {
		return fmt.Errorf("-width %d: want pixels from %d to %d", *width, least, most)
	}
	if *list {
		return printList(out, o.slides)
	}
	return o.draw(out)
}

// themeOf is the theme of a name.
func themeOf(name string) (vizlib.Theme, error) {
	for _, t := range []vizlib.Theme{vizlib.Light, vizlib.Dark, vizlib.Projector, vizlib.Print} {
		if t.String() == name {
			return t, nil
		}
	}
	return 0, fmt.Errorf("-theme %s: want light, dark, projector or print", name)
}

// pageOf is the page of a slide format or of a column's width.
func pageOf(text string) (vizlib.Page, error) {
	switch text {
	case "16:9":
		return vizlib.Page{}, nil
	case "4:3":
		return vizlib.Page{Width: 254, Height: 190.5}, nil // a slide of 10 by 7.5 inches
	}
	const least, most = 40, 1000
	mm, err := strconv.ParseFloat(strings.TrimSuffix(text, "mm"), 64)
	if err != nil || !strings.HasSuffix(text, "mm") || !(mm >= least && mm <= most) {
		return vizlib.Page{}, fmt.Errorf("-page %s: want 16:9, 4:3, or a width from %dmm to %dmm", text, least, most)
	}
	return vizlib.Page{Width: mm}, nil
}

// formatsOf are the formats of a list with commas, each once.
func formatsOf(text string) ([]string, error) {
	known := slices.Concat(stills(), movies(), []string{"html"})
	var out []string
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimPrefix(strings.TrimSpace(word), ".")
		if !slices.Contains(known, word) {
			return nil, fmt.Errorf("-format %q is not a format: want some of %s", word, strings.Join(known, ","))
		}
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out, nil
}

// slidesOf are the slides of a list of names with commas, in the order of the lecture; all for an empty list.
func slidesOf(names string) ([]slide, error) {
	all := lectureSlides()
	if names == "" {
		return all, nil
	}
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		if !slices.ContainsFunc(all, func(s slide) bool { return s.name == name }) {
			return nil, fmt.Errorf("-only %q is not a figure: -list prints their names", name)
		}
		wanted[name] = true
	}
	return slices.DeleteFunc(all, func(s slide) bool { return !wanted[s.name] }), nil
}

// printList prints a line for each slide: its name, whether it moves, its caption.
func printList(out io.Writer, all []slide) error {
	wide := 0
	for _, s := range all {
		wide = max(wide, len(s.name))
	}
	for _, s := range all {
		kind := "still"
		if s.moves {
			kind = "movie"
		}
		if _, err := fmt.Fprintf(out, "%-*s  %s  %s\n", wide, s.name, kind, s.caption); err != nil {
			return err
		}
	}
	return nil
}
