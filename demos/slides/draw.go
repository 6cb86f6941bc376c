package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"

	"elboroom/vizlib"
)

// form is a picture, the name of its files, and their endings.
type form struct {
	name    string
	picture vizlib.Picture
	formats []string
}

// draw writes every slide in every format, several at once, and names the files in the order of the lecture.
func (o order) draw(out io.Writer) error {
	type done struct {
		said bytes.Buffer
		err  error
	}
	l := newLecture()
	results := make([]chan *done, len(o.slides))
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, s := range o.slides {
		results[i] = make(chan *done, 1)
		go func() {
			places <- struct{}{}
			defer func() { <-places }()
			d := new(done)
			d.err = o.save(&d.said, s, l)
			results[i] <- d
		}()
	}
	files := 0
	for i, r := range results {
		d := <-r
		if d.err != nil {
			return fmt.Errorf("%s: %w", o.slides[i].name, d.err)
		}
		files += d.said.Len()
		if _, err := out.Write(d.said.Bytes()); err != nil {
			return err
		}
	}
	if files == 0 {
		return fmt.Errorf("nothing to write: no figure that was asked for moves, and %v hold movies", o.formats)
	}
	return nil
}

// save writes the files of one slide, and the path of each to said.
func (o order) save(said io.Writer, s slide, l lecture) error {
	p := s.draw(l)
	for _, f := range o.forms(s, l, p) {
		var paths []string
		for _, format := range f.formats {
			paths = append(paths, filepath.Join(o.folder, f.name+"."+format))
		}
		if err := o.output.SaveAll(f.picture, paths...); err != nil {
			return err
		}
		for _, path := range paths {
			if _, err := fmt.Fprintln(said, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// forms are what a slide is written as: itself, on paper a movie's strip, and its blank form.
func (o order) forms(s slide, l lecture, p vizlib.Picture) []form {
	var whole, still []string
	for _, format := range o.formats {
		if slices.Contains(stills(), format) {
			still = append(still, format)
		}
		if s.moves || !slices.Contains(movies(), format) {
			whole = append(whole, format)
		}
	}
	out := []form{{s.name, p, whole}}
	if len(still) > 0 && s.moves {
		out = append(out, form{s.name + "-strip", s.onPaper(l, p), still})
	}
	if len(still) > 0 && o.blank {
		out = append(out, form{s.name + "-blank", s.blank(p), still})
	}
	return out
}
