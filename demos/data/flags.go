package data

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"elboroom/vizlib"
)

// Flags are the flags that every demo has.
type Flags struct {
	Out    string // folder of the pictures
	File   string // CSV file of the data; "" for simulated data
	Column string // name of the column in File
	Seed   uint64 // of simulated data and of any draw
	Size   string // of the PNG in pixels, "1920x1080"
}

// Register adds the common flags to a set and returns where their values will stand once it is parsed.
func Register(set *flag.FlagSet) *Flags {
	f := new(Flags)
	set.StringVar(&f.Out, "out", "out", "write the pictures into this `folder`")
	set.StringVar(&f.File, "data", "", "read the data from this CSV `file` (default: simulated data)")
	set.StringVar(&f.Column, "column", "", "take the numbers from the column of this `name`")
	set.Uint64Var(&f.Seed, "seed", 1, "`seed` of simulated data and of random starts")
	set.StringVar(&f.Size, "size", "1920x1080", "size of the PNG in pixels, `WxH` at 16:9")
	return f
}

// Parse reads the arguments of a command. A wrong flag, and a word that is none, are errors; -help writes what the
// flags mean to out and returns flag.ErrHelp.
func Parse(set *flag.FlagSet, args []string, out io.Writer) error {
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			set.SetOutput(out)
			fmt.Fprintf(out, "%s has these flags:\n", set.Name())
			set.PrintDefaults()
		}
		return err
	}
	if set.NArg() > 0 {
		return fmt.Errorf("%q is not a flag: all arguments begin with -, see -help", set.Arg(0))
	}
	return nil
}

// Width returns the width that Size asks for.
func (f Flags) Width() (int, error) {
	const least, most = 320, 1 << 13
	w, h, ok := strings.Cut(f.Size, "x")
	width, errW := strconv.Atoi(w)
	height, errH := strconv.Atoi(h)
	if !ok || errW != nil || errH != nil || width < least || width > most {
		return 0, fmt.Errorf("-size %s is not a size: want WxH in pixels with a width from %d to %d, such as 1920x1080", f.Size, least, most)
	}
	if want := int(math.Round(float64(width) * 9 / 16)); want != height {
		return 0, fmt.Errorf("-size %s is not 16:9: a slide of width %d has the height %d", f.Size, width, want)
	}
	return width, nil
}

// SaveAll writes a picture into the folder Out as name.svg, .pdf, .png, .gif and .html, and each path to w as it
// is done.
func (f Flags) SaveAll(w io.Writer, name string, p vizlib.Picture) error {
	return f.save(w, name, p, ".svg", ".pdf", ".png", ".gif", ".html")
}

// SaveStill writes a picture that does not move as SaveAll does, as name.svg, .pdf and .png.
func (f Flags) SaveStill(w io.Writer, name string, p vizlib.Picture) error {
	return f.save(w, name, p, ".svg", ".pdf", ".png")
}

func (f Flags) save(w io.Writer, name string, p vizlib.Picture, media ...string) error {
	width, err := f.Width()
	if err != nil {
		return err
	}
	for _, ext := range media {
		path := filepath.Join(f.Out, name+ext)
		save := vizlib.Save
		if ext == ".png" {
			save = vizlib.Output{Width: width}.Save
		}
		if err := save(path, p); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w, path); err != nil {
			return err
		}
	}
	return nil
}

// List reads numbers separated by commas, such as the value of a flag "-0.4,3.2".
func List(text string) ([]float64, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var out []float64
	for word := range strings.SplitSeq(text, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%q is not a finite number: want numbers separated by commas", strings.TrimSpace(word))
		}
		out = append(out, v)
	}
	return out, nil
}
