package vizlib

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Output says how a picture is written. The zero value suits a slide of 16:9 on a light ground.
type Output struct {
	Theme Theme
	Page  Page
	Width int // in pixels, of PNG, GIF and films; 0 means 1920, and 1280 for GIF
	// Ease is how long marks glide from one frame to the next, taken from the hold of the later one: 0 means 0.32 s
	// in films and no gliding in GIF, negative none at all.
	Ease time.Duration
	Text bool // letters that can be selected rather than outlines, in PDF, and in SVG (which then needs DejaVu Sans at the reader's)
}

// Page is the size of a page in millimetres; the zero Page is a slide of 16:9.
//
// A page at least 200 mm wide is a slide: its text grows with its height (a slide of 4:3 is Page{254, 190.5}).
// A narrower one is a figure on paper: its letters are 8 pt high (a column is Page{Width: 85}). Several panels, or many
// words, want the whole width of a sheet, about 170 mm; where they get less, their letters shrink, to 5 pt at least.
type Page struct {
	Width  float64
	Height float64 // 0 means 9/16 of the width of a slide, 0.62 of the width on paper
}

// The limits and sizes of Page.
const (
	slideFrom    = 200.0 // mm: wider is a slide
	paperText    = 8.0   // pt
	paperLeast   = 5.0   // pt, of a crowded picture on a narrow page
	paperRoom    = stripWide
	paperAspect  = 0.62
	pointsPerMM  = 72 / 25.4
	widestPixels = 1 << 14
)

// check refuses outputs that cannot be.
func (o Output) check() error {
	switch {
	case o.Width < 0 || o.Width > widestPixels:
		return fmt.Errorf("Output.Width is %d, want 0 (for the default) to %d pixels", o.Width, widestPixels)
	case o.Theme < Light || o.Theme > Print:
		return errors.New("Output.Theme is none of Light, Dark, Projector, Print")
	case o.Page != (Page{}) && !(o.Page.Width >= 20 && o.Page.Width <= 5000 && (o.Page.Height == 0 || o.Page.Height >= 15 && o.Page.Height <= 5000)):
		return fmt.Errorf("Output.Page is %v × %v mm, want 20…5000 × 15…5000", o.Page.Width, o.Page.Height)
	}
	return nil
}

// sheets are the page in points, the sheet that a scene is laid out on, and how much the page enlarges it.
func (o Output) sheets() (page, laid sheet, scale float64) {
	page = sheet{slideWidth, slideHeight}
	scale = 1
	if o.Page != (Page{}) {
		high := o.Page.Height
		slide := o.Page.Width >= slideFrom
		switch {
		case high == 0 && slide:
			high = o.Page.Width * 9 / 16
		case high == 0:
			high = o.Page.Width * paperAspect
		}
		page = sheet{o.Page.Width * pointsPerMM, high * pointsPerMM}
		scale = paperText / textSize
		if slide {
			scale = page.h / slideHeight
		}
	}
	scale *= o.Theme.zoom()
	return page, sheet{page.w / scale, page.h / scale}, scale
}

// sheetsFor are the sheets for a picture: a crowded one on a narrow page gets smaller letters, and so more room.
func (o Output) sheetsFor(p Picture) (page, laid sheet, scale float64) {
	page, laid, scale = o.sheets()
	if o.Page == (Page{}) || o.Page.Width >= slideFrom || !crowded(p) {
		return page, laid, scale
	}
	scale = min(scale, max(page.w/paperRoom, paperLeast/textSize))
	return page, sheet{page.w / scale, page.h / scale}, scale
}

// crowded says whether a picture, or a movie's first frame, has several panels or many words.
func crowded(p Picture) bool {
	const many = 4
	if m, ok := movieOf(p); ok && m.Len > 0 && m.Frame != nil {
		p = m.Frame(0)
	}
	pg, err := flatten(p, sheet{})
	if err != nil || len(pg.cells) > 1 {
		return err == nil
	}
	words := 0
	for _, m := range pg.cells[0].Figure.Marks {
		if _, ok := m.(Text); ok {
			words++
		}
	}
	return words > many
}

// scaleOf is how much the page enlarges a scene that fills it.
func (o Output) scaleOf(s scene) float64 {
	page, _, _ := o.sheets()
	w, _ := s.on.size()
	return page.w / w
}

// tile is a scene and its place on the page.
type tile struct {
	s     scene
	at    Point // of its lower left corner
	scale float64
}

// tiles lays out a still picture: one scene, or several for a strip.
func (o Output) tiles(p Picture) ([]tile, sheet, error) {
	if st, ok := p.(strip); ok {
		return st.tiles(o)
	}
	page, laid, scale := o.sheetsFor(p)
	s, err := layoutOn(p, laid)
	return []tile{{s: s, scale: scale}}, page, err
}

// words are a text to be set, with both the place it is aligned to and the left end of its baseline.
type words struct {
	text     string
	at, left Point
	size     float64
	bold     bool
	angle    float64
	alignX   float64
}

// identity says that nothing is moved.
func (t tile) identity() bool { return t.at == (Point{}) && math.Abs(t.scale-1) < 1e-12 }
