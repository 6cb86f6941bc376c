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
func (o Output) Save(path string, p Picture) error { return o.SaveAll(p, path) }

// SaveAll writes a picture to several files, each as Save does. It is laid out once for all of them, which is most of the
// work where a function is slow or a movie is long. The first file that cannot be written ends it.
func (o Output) SaveAll(p Picture, paths ...string) error {
	l := &composed{o: o, p: p}
	for _, path := range paths {
		if err := l.save(path); err != nil {
			return fmt.Errorf("vizlib: %s is not written: %w", path, trimmed(err))
		}
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

// composed is a picture that is laid out when a medium first asks for it.
type composed struct {
	o      Output
	p      Picture
	tiles  []tile // of its still form
	page   sheet
	frames *reel // of its moving form
}

func (l *composed) save(path string) error {
	if l.p == nil {
		return errors.New("the picture is nil")
	}
	if err := l.o.check(); err != nil {
		return err
	}
	ext := strings.ToLower(filepath.Ext(path))
	write := l.o.still(ext)
	switch {
	case write != nil && numbered.MatchString(filepath.Base(path)):
		return l.saveFrames(path, write)
	case write != nil:
		if err := l.still(); err != nil {
			return err
		}
		return replace(path, func(w io.Writer) error { return write(w, l.tiles, l.page) })
	case ext == ".html":
		return replace(path, func(w io.Writer) error { return l.o.html(w, l.p) })
	case ext != ".gif" && ext != ".mp4" && ext != ".webm":
		return fmt.Errorf("its ending %q names no medium: want .svg, .pdf, .png, .tex, .gif, .mp4, .webm or .html", ext)
	}
	r, err := l.movie()
	if err != nil {
		return err
	}
	return replace(path, func(w io.Writer) error {
		if ext == ".gif" {
			return l.o.gif(w, r)
		}
		return l.o.film(w, r, ext)
	})
}

// movie is the picture's frames; of a still picture one.
func (l *composed) movie() (reel, error) {
	if l.frames == nil {
		_, laid, _ := l.o.sheetsFor(l.p)
		r, err := framesOf(l.p, laid)
		if err != nil {
			return reel{}, err
		}
		l.frames = &r
	}
	return *l.frames, nil
}

// still finds the picture's tiles; those of a movie are its last frame.
func (l *composed) still() error {
	if l.tiles != nil {
		return nil
	}
	if _, moves := movieOf(l.p); moves {
		r, err := l.movie()
		if err != nil {
			return err
		}
		page, _, _ := l.o.sheets()
		last := r.Scenes[len(r.Scenes)-1]
		l.tiles, l.page = []tile{{s: last, scale: l.o.scaleOf(last)}}, page
		return nil
	}
	tiles, page, err := l.o.tiles(l.p)
	if err != nil {
		return err
	}
	l.tiles, l.page = tiles, page
	return nil
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
func (l *composed) saveFrames(path string, write func(w io.Writer, tiles []tile, page sheet) error) error {
	page, _, _ := l.o.sheets()
	r, err := l.movie()
	if err != nil {
		return err
	}
	dir, base := filepath.Split(path)
	for i, s := range r.Scenes {
		name := numbered.ReplaceAllStringFunc(base, func(verb string) string { return fmt.Sprintf(verb, i) })
		err := replace(filepath.Join(dir, name), func(w io.Writer) error {
			return write(w, []tile{{s: s, scale: l.o.scaleOf(s)}}, page)
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
