package vizlib

import (
	"fmt"
	"math"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/dejavu/dejavusansbold"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Text is drawn as outlines of DejaVu Sans in every static medium, measured with the same font, so that a
// subscript or a ‖ looks the same on a slide, in a PDF and in a movie.

// The fonts are parsed once, on first use, and only read after that.
var (
	regularFont = sync.OnceValue(func() *sfnt.Font { return mustParse(dejavusans.TTF) })
	boldFont    = sync.OnceValue(func() *sfnt.Font { return mustParse(dejavusansbold.TTF) })
)

func mustParse(ttf []byte) *sfnt.Font {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		panic("vizlib: the font that is built in cannot be read: " + err.Error())
	}
	return f
}

// stand says which rune is drawn in place of one that DejaVu Sans lacks: script capitals by their
// one-tone relatives.
func stand(r rune) rune {
	switch r {
	case '𝓛':
		return 'ℒ'
	case '𝒩':
		return 'N'
	}
	return r
}

// glyph is the outline of a rune in units of the em, y upwards.
type glyph struct {
	index   sfnt.GlyphIndex
	advance float64
	moves   []move
}

type glyphKey struct {
	r    rune
	bold bool
}

// typesetter measures text and makes its outlines. It remembers the glyphs that it has met: use one for
// all frames of a movie. It is not safe for concurrent use.
type typesetter struct {
	buf    sfnt.Buffer
	glyphs map[glyphKey]glyph
}

func newTypesetter() *typesetter { return &typesetter{glyphs: map[glyphKey]glyph{}} }

func fontOf(bold bool) *sfnt.Font {
	if bold {
		return boldFont()
	}
	return regularFont()
}

// glyph is the outline of r, or an error that names it.
func (ts *typesetter) glyph(r rune, bold bool) (glyph, error) {
	key := glyphKey{stand(r), bold}
	if g, ok := ts.glyphs[key]; ok {
		return g, nil
	}
	f := fontOf(bold)
	index, err := f.GlyphIndex(&ts.buf, key.r)
	if err != nil || index == 0 {
		return glyph{}, fmt.Errorf("no glyph for %q (%U) in DejaVu Sans: choose another letter", string(r), r)
	}
	em := fixed.Int26_6(f.UnitsPerEm()) << 6
	unit := 1 / float64(em)
	advance, err := f.GlyphAdvance(&ts.buf, index, em, font.HintingNone)
	if err != nil {
		return glyph{}, fmt.Errorf("glyph of %q: %w", string(r), err)
	}
	segments, err := f.LoadGlyph(&ts.buf, index, em, nil)
	if err != nil {
		return glyph{}, fmt.Errorf("glyph of %q: %w", string(r), err)
	}
	g := glyph{index: index, advance: float64(advance) * unit, moves: make([]move, len(segments))}
	for i, s := range segments {
		m := move{op: [...]step{moveTo, lineTo, quadTo, cubeTo}[s.Op]}
		for k, p := range s.Args {
			m.at[k] = Point{float64(p.X) * unit, -float64(p.Y) * unit}
		}
		g.moves[i] = m
	}
	ts.glyphs[key] = g
	return g, nil
}

// kern is the correction between two neighbours, in ems.
func (ts *typesetter) kern(a, b sfnt.GlyphIndex, bold bool) float64 {
	f := fontOf(bold)
	em := fixed.Int26_6(f.UnitsPerEm()) << 6
	k, err := f.Kern(&ts.buf, a, b, em, font.HintingNone)
	if err != nil {
		return 0
	}
	return float64(k) / float64(em)
}

// width of a text in points.
func (ts *typesetter) width(text string, size float64, bold bool) (float64, error) {
	w := 0.0
	err := ts.walk(text, bold, func(at typeset) { w = max(w, at.x+at.glyph.advance) })
	return w * size, err
}

// typeset is a letter of a text: its outline, its place in ems from the text's start, and the letter that it stands on
// where it is an accent.
type typeset struct {
	r, under rune
	glyph    glyph
	x        float64
}

// walk visits the letters of a text.
func (ts *typesetter) walk(text string, bold bool, visit func(at typeset)) error {
	x := 0.0
	var before typeset
	for i, r := range text {
		g, err := ts.glyph(r, bold)
		if err != nil {
			return fmt.Errorf("text %q: %w", text, err)
		}
		if unicode.Is(unicode.Mn, r) && i > 0 {
			visit(typeset{r, before.r, g.over(before.glyph), before.x})
			continue
		}
		if i > 0 {
			x += ts.kern(before.glyph.index, g.index, bold)
		}
		before = typeset{r: r, glyph: g, x: x}
		visit(before)
		x += g.advance
	}
	return nil
}

// over is an accent (a hat, a bar) centred above a letter, or where it is when it belongs below.
func (g glyph) over(letter glyph) glyph {
	const air = 0.06 // of an em, between letter and accent
	accent, base := g.extent(), letter.extent()
	dx := (base.Min.X+base.Max.X)/2 - (accent.Min.X+accent.Max.X)/2
	dy := 0.0
	if accent.Min.Y > 0 {
		dy = max(0, base.Max.Y+air-accent.Min.Y)
	}
	moved := glyph{index: g.index, moves: make([]move, len(g.moves))}
	for i, m := range g.moves {
		for k := range m.at {
			m.at[k].X += dx
			m.at[k].Y += dy
		}
		moved.moves[i] = m
	}
	return moved
}

// extent is the box around a glyph's points, in ems.
func (g glyph) extent() Box {
	x, y := none, none
	for _, m := range g.moves {
		for _, p := range m.points() {
			x, y = x.add(p.X), y.add(p.Y)
		}
	}
	if x.isNone() {
		return Box{}
	}
	return Box{Point{x.Min, y.Min}, Point{x.Max, y.Max}}
}

// The heights of DejaVu Sans in ems: of capitals above the baseline, of letters such as g below it.
const (
	capHeight = 0.729
	descent   = 0.236
)

// outline is the path of a text whose baseline starts at at and runs in direction angle (radians).
func (ts *typesetter) outline(text string, at Point, size float64, bold bool, angle float64) (outline, error) {
	sin, cos := math.Sincos(angle)
	var o outline
	err := ts.walk(text, bold, func(l typeset) {
		for _, m := range l.glyph.moves {
			for k := range m.at {
				u, v := (m.at[k].X+l.x)*size, m.at[k].Y*size
				m.at[k] = Point{at.X + u*cos - v*sin, at.Y + u*sin + v*cos}
			}
			o = append(o, m)
		}
	})
	return o, err
}
