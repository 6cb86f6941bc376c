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
	"strings"
)

// Save writes a picture to a file; the ending of path chooses the medium.
//
// .svg, .pdf, .png and .tex hold one still picture (a Movie's last frame), .gif, .mp4 and .webm a Movie (a
// Figure or a Grid is one frame; films need ffmpeg), .html the interactive page with all it needs, offline.
// The same picture gives the same bytes. The file appears only when it is complete; folders are made.
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

func (o Output) save(path string, p Picture) error {
	if p == nil {
		return errors.New("the picture is nil")
	}
	if err := o.check(); err != nil {
		return err
	}
	write, err := o.writer(path, p)
	if err != nil {
		return err
	}
	return replace(path, write)
}

// writer chooses the medium by the ending of path.
func (o Output) writer(path string, p Picture) (func(w io.Writer) error, error) {
	ext := strings.ToLower(filepath.Ext(path))
	switch ext {
	case ".svg":
		return func(w io.Writer) error { return o.svg(w, p) }, nil
	case ".pdf":
		return func(w io.Writer) error { return o.pdf(w, p) }, nil
	case ".png":
		return func(w io.Writer) error { return o.png(w, p) }, nil
	case ".tex":
		return func(w io.Writer) error { return o.tex(w, p) }, nil
	case ".gif":
		return func(w io.Writer) error { return o.gif(w, p) }, nil
	case ".html":
		return func(w io.Writer) error { return o.html(w, p) }, nil
	}
	return nil, fmt.Errorf("its ending %q names no medium: want .svg, .pdf, .png, .gif or .html", ext)
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
