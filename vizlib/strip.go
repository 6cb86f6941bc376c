package vizlib

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
)

// Strip is a movie on paper: some of its frames side by side, in the windows of the whole movie. Without
// frames it takes four: the first, the last and two between. A title that all frames share stands once, on top.
//
// Save it as .svg, .pdf, .png or .tex; HTML is a still image.
func Strip(m Movie, frames ...int) Picture { return strip{m, frames} }

type strip struct {
	m      Movie
	frames []int
}

// The sheet that a frame of a strip is laid out on: smaller than a slide, so that its letters stay readable
// when it is shrunk.
const (
	stripWide = 720.0
	stripHigh = 405.0
	stripHead = 34.0 // of the strip's own title, in points of the page
)

// tiles places the frames row by row, two in a row up to four frames, three above.
func (st strip) tiles(o Output) ([]tile, sheet, error) {
	frames := st.frames
	if len(frames) == 0 && st.m.Len > 0 {
		last := st.m.Len - 1
		frames = slices.Compact([]int{0, (last + 1) / 3, (2*last + 1) / 3, last})
	}
	for _, i := range frames {
		if i < 0 || i >= st.m.Len {
			return nil, sheet{}, fmt.Errorf("vizlib: Strip: frame %d of %d, want 0…%d", i, st.m.Len, st.m.Len-1)
		}
	}
	r, err := layoutMovieOn(st.m, sheet{stripWide, stripHigh})
	if err != nil {
		return nil, sheet{}, err
	}
	columns := 2
	if len(frames) > 4 {
		columns = 3
	}
	columns = min(columns, len(frames))
	rows := (len(frames) + columns - 1) / columns
	page, _, _ := o.sheets()
	scale := page.w / (float64(columns) * stripWide)
	head := stripHead
	title := r.Scenes[frames[0]].Title
	for _, i := range frames {
		if r.Scenes[i].Title != title || len(frames) == 1 {
			title = ""
		}
	}
	if title == "" {
		head = 0
	}
	page.h = head + float64(rows)*stripHigh*scale
	first := r.Scenes[frames[0]].Panels[0].At[0] / float64(columns) // where the panels begin, as a share of the page
	var tiles []tile
	if title != "" {
		tiles = append(tiles, tile{s: scene{on: sheet{page.w, smallSheet}, Title: title}, at: Point{(first - 0.05) * page.w, page.h - smallSheet}, scale: 1})
	}
	for k, i := range frames {
		s := r.Scenes[i]
		if title != "" {
			s.Title = ""
		}
		at := Point{float64(k%columns) * stripWide * scale, page.h - head - float64(k/columns+1)*stripHigh*scale}
		tiles = append(tiles, tile{s: s, at: at, scale: scale})
	}
	return tiles, page, nil
}

// HTML writes the strip as an image.
func (st strip) HTML(w io.Writer) error {
	var img bytes.Buffer
	if err := st.PNG(&img); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, `<img alt="%s" style="width:100%%;max-width:1080px" src="data:image/png;base64,%s">`,
		html.EscapeString(st.Alt()), base64.StdEncoding.EncodeToString(img.Bytes()))
	return err
}

// PNG writes the strip as a PNG image.
func (st strip) PNG(w io.Writer) error { return writePNG(w, st) }

// Alt says what each frame shows.
func (st strip) Alt() string {
	tiles, _, err := st.tiles(Output{})
	if err != nil {
		return "This picture could not be drawn: " + err.Error() + "."
	}
	return wordsOf(tiles)
}

// wordsOf says what a still of one or several tiles shows.
func wordsOf(tiles []tile) string {
	if len(tiles) == 1 {
		return tiles[0].s.words()
	}
	var out []string
	frames := 0
	for _, t := range tiles {
		out = append(out, t.s.words())
		if len(t.s.Panels) > 0 {
			frames++
		}
	}
	return fmt.Sprintf("A strip of %d frames: %s", frames, strings.Join(out, " "))
}
