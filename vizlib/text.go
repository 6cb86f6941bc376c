package vizlib

import (
	"fmt"
	"math"
	"sync"

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
	moves   []sfntMove
}

// sfntMove is one step of an outline: 'M', 'L', 'Q' or 'C' with its points, the last the end.
type sfntMove struct {
	op byte
	at [3]Point
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
	g := glyph{index: index, advance: float64(advance) * unit, moves: make([]sfntMove, len(segments))}
	for i, s := range segments {
		m := sfntMove{}
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			m.op = 'M'
		case sfnt.SegmentOpLineTo:
			m.op = 'L'
		case sfnt.SegmentOpQuadTo:
			m.op = 'Q'
		case sfnt.SegmentOpCubeTo:
			m.op = 'C'
		}
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
	err := ts.walk(text, bold, func(_ glyph, x float64, g glyph) { w = x + g.advance })
	return w * size, err
}

// walk visits the glyphs of a text with their places in ems from its start.
func (ts *typesetter) walk(text string, bold bool, visit func(before glyph, x float64, g glyph)) error {
	x := 0.0
	var before glyph
	for i, r := range text {
		g, err := ts.glyph(r, bold)
		if err != nil {
			return fmt.Errorf("text %q: %w", text, err)
		}
		if i > 0 {
			x += ts.kern(before.index, g.index, bold)
		}
		visit(before, x, g)
		x += g.advance
		before = g
	}
	return nil
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
	err := ts.walk(text, bold, func(_ glyph, x float64, g glyph) {
		for _, m := range g.moves {
			for k := range m.at {
				u, v := (m.at[k].X+x)*size, m.at[k].Y*size
				m.at[k] = Point{at.X + u*cos - v*sin, at.Y + u*sin + v*cos}
			}
			o = append(o, m)
		}
	})
	return o, err
}

// outline is a filled path of several closed contours, in points of the slide.
type outline []sfntMove
