package vizlib

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Save writes a picture to a file; the ending of path chooses the medium.
//
// .svg, .pdf, .png and .tex hold one still picture (a Movie's last frame), .gif, .mp4 and .webm a Movie (a still
// is one frame; .mp4 and .webm need ffmpeg), .html the interactive page with all it needs, offline. A still's path
// with %d in it, such as "cavi-%d.pdf" or "cavi-%03d.svg", writes each frame of a Movie to a file of its own, from
// 0 on, as LaTeX's animate wants them.
//
// The same picture gives the same bytes. A file appears only when it is complete; folders are made.
func Save(path string, p Picture) error { return Output{}.Save(path, p) }

// Save writes a picture as Save does, in the way that o says.
func (o Output) Save(path string, p Picture) error {
	if err := o.save(path, p); err != nil {
		return fmt.Errorf("vizlib: %s is not written: %w", path, trimmed(err))
	}
	return nil
}

// trimmed drops a second "vizlib: " from an error, and says what the system reports about a file in its words.
func trimmed(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return fmt.Errorf("%s: %w", pathError.Path, pathError.Err)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "vizlib: "))
}

// numbered is a path that asks for one file a frame.
var numbered = regexp.MustCompile(`%(0\d)?d`)

func (o Output) save(path string, p Picture) error {
	if p == nil {
		return errors.New("the picture is nil")
	}
	if err := o.check(); err != nil {
		return err
	}
	ext := strings.ToLower(filepath.Ext(path))
	if write := o.still(ext); write != nil {
		if numbered.MatchString(filepath.Base(path)) {
			return o.saveFrames(path, p, write)
		}
		tiles, page, err := o.tiles(p)
		if err != nil {
			return err
		}
		return replace(path, func(w io.Writer) error { return write(w, tiles, page) })
	}
	switch ext {
	case ".gif":
		return replace(path, func(w io.Writer) error { return o.gif(w, p) })
	case ".mp4", ".webm":
		return replace(path, func(w io.Writer) error { return o.film(w, p, ext) })
	case ".html":
		return replace(path, func(w io.Writer) error { return o.html(w, p) })
	}
	return fmt.Errorf("its ending %q names no medium: want .svg, .pdf, .png, .tex, .gif, .mp4, .webm or .html", ext)
}

// still is how a still medium is written, nil for any other ending.
func (o Output) still(ext string) func(w io.Writer, tiles []tile, page sheet) error {
	switch ext {
	case ".svg":
		return o.svg
	case ".pdf":
		return o.pdf
	case ".png":
		return o.png
	case ".tex":
		return o.tex
	}
	return nil
}

// saveFrames writes each frame to a file of its own.
func (o Output) saveFrames(path string, p Picture, write func(w io.Writer, tiles []tile, page sheet) error) error {
	page, laid, scale := o.sheets()
	r, err := framesOf(p, laid)
	if err != nil {
		return err
	}
	dir, base := filepath.Split(path)
	for i, s := range r.Scenes {
		name := numbered.ReplaceAllStringFunc(base, func(verb string) string { return fmt.Sprintf(verb, i) })
		err := replace(filepath.Join(dir, name), func(w io.Writer) error {
			return write(w, []tile{{s: s, scale: scale}}, page)
		})
		if err != nil {
			return frameError(i, err)
		}
	}
	return nil
}

// replace writes a file beside path and puts it there when all is written.
func replace(path string, write func(w io.Writer) error) (err error) {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".elboroom-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	w := bufio.NewWriter(f)
	if _, err = out.WriteTo(w); err != nil {
		return err
	}
	if err = w.Flush(); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
