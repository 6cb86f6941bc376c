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

// file is a picture and the ending that it is saved under.
type file struct {
	name    string
	picture vizlib.Picture
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
	for _, f := range o.files(s, l, p) {
		path := filepath.Join(o.folder, f.name)
		if err := o.output.Save(path, f.picture); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(said, path); err != nil {
			return err
		}
	}
	return nil
}

// files are what a slide is written to: each form in each format that can hold it.
func (o order) files(s slide, l lecture, p vizlib.Picture) []file {
	type form struct {
		name    string
		picture vizlib.Picture
	}
	whole := form{s.name, p}
	still := []form{whole}
	if slices.ContainsFunc(o.formats, func(f string) bool { return slices.Contains(stills(), f) }) {
		if s.moves {
			still = append(still, form{s.name + "-strip", s.onPaper(l, p)})
		}
		if o.blank {
			still = append(still, form{s.name + "-blank", s.blank(p)})
		}
	}
	var out []file
	for _, format := range o.formats {
		forms := []form{whole}
		switch {
		case slices.Contains(stills(), format):
			forms = still
		case slices.Contains(movies(), format) && !s.moves:
			forms = nil
		}
		for _, f := range forms {
			out = append(out, file{f.name + "." + format, f.picture})
		}
	}
	return out
}
