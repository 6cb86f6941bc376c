package vizlib

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
)

// The state of a mark in one frame, as the shell of bundle/shell/marks.js reads it. Colours are resolved and
// coordinates are whole numbers of 1/20 of a point inside the axes box, each but a line's first as a difference.

type markKind string

const (
	kindPath   markKind = "path"
	kindPoints markKind = "points"
	kindLabel  markKind = "label"
	kindArrow  markKind = "arrow"
	kindRaster markKind = "raster"
)

// perPoint is how many steps of a packed coordinate make a point of the slide.
const perPoint = 20

// markState is one mark in one frame. Which fields are set depends on the kind.
type markState struct {
	At     [][]int64 `json:"at"` // empty for a path without lines, such as a level that nothing reaches
	Closed bool      `json:"closed,omitempty"`
	Fill   *fillInk  `json:"fill,omitempty"`
	Line   *lineInk  `json:"line,omitempty"`

	Glyph     string  `json:"glyph,omitempty"`
	Size      float64 `json:"size,omitempty"`
	Color     string  `json:"color,omitempty"`
	Color2    string  `json:"color2,omitempty"`
	Shade     []int   `json:"shade,omitempty"` // of each point, per cent of the way from Color to Color2
	Opacity   float64 `json:"opacity,omitempty"`
	Paper     string  `json:"paper,omitempty"`
	LineWidth float64 `json:"lineWidth,omitempty"`
	Rim       *rimInk `json:"rim,omitempty"`

	Text  string    `json:"text,omitempty"`
	Bold  bool      `json:"bold,omitempty"`
	Align []float64 `json:"align,omitempty"`

	Head float64 `json:"head,omitempty"`

	Columns int       `json:"columns,omitempty"`
	Rows    int       `json:"rows,omitempty"`
	Values  []int     `json:"values,omitempty"` // Low is 0 and High 255
	Low     string    `json:"low,omitempty"`
	High    string    `json:"high,omitempty"`
	Range   []float64 `json:"range,omitempty"`
	Crisp   bool      `json:"crisp,omitempty"`
}

type fillInk struct {
	Color   string    `json:"color"`
	Opacity float64   `json:"opacity"`
	Hatch   *hatchInk `json:"hatch,omitempty"`
}

type hatchInk struct {
	Color string  `json:"color"`
	Gap   float64 `json:"gap"`
	Width float64 `json:"width"`
	Back  bool    `json:"back,omitempty"`
}

type lineInk struct {
	Color   string    `json:"color"`
	Width   float64   `json:"width"`
	Opacity float64   `json:"opacity"`
	Dash    []float64 `json:"dash,omitempty"`
	Casing  *rimInk   `json:"casing,omitempty"`
}

type rimInk struct {
	Color string  `json:"color"`
	Width float64 `json:"width"`
}

// stateOf is what the shell needs to draw a shape inside pn; ok is false for a shape that draws nothing.
func stateOf(s Shape, pn *panel, th theme) (kind markKind, m markState, err error) {
	box := packing{frame: pn.frame()}
	style := s.base().Style
	switch s := s.(type) {
	case *Path:
		kind, m.Closed, m.At = kindPath, s.Closed, [][]int64{}
		for _, l := range s.Lines {
			if len(l) > 0 {
				m.At = append(m.At, box.pack(l...))
			}
		}
		m.Fill = fillOf(style, th)
		m.Line = lineOf(style, th)
	case *Points:
		kind = kindPoints
		m.At = [][]int64{box.pack(s.At...)}
		pointInk(&m, s, th)
	case *Label:
		kind = kindLabel
		m.At = [][]int64{box.pack(s.At)}
		m.Text, m.Bold, m.Align, m.Size = s.Text, s.Bold, []float64{s.AlignX, s.AlignY}, s.Size
		if m.Size == 0 {
			m.Size = textSize
		}
		m.Color = css(th.look(style.Ink).text)
	case *Arrow:
		kind = kindArrow
		m.At = [][]int64{box.pack(s.From, s.To)}
		m.Line = lineOf(style, th)
		m.Head = coarse(headLength + th.width(style))
	case *Raster:
		kind = kindRaster
		m.At = [][]int64{box.pack(s.Box.Min, s.Box.Max)}
		rasterInk(&m, s, box.frame, th)
	default:
		return "", m, fmt.Errorf("vizlib: a shape of type %T has no interactive form", s)
	}
	return kind, m, nil
}

func fillOf(s Style, th theme) *fillInk {
	if s.Fill <= 0 && !s.Hatch {
		return nil
	}
	look := th.look(s.Ink)
	f := &fillInk{Color: css(look.line), Opacity: coarse(s.Fill)}
	if s.Hatch {
		ink := look.line
		if s.Fill >= 0.5 {
			ink = look.text
		}
		f.Hatch = &hatchInk{Color: css(faded(ink, s.Fill+hatchLift)), Gap: hatchGap, Width: coarse(hatchWidth * th.weight), Back: look.back}
	}
	return f
}

func lineOf(s Style, th theme) *lineInk {
	width := th.width(s)
	if width == 0 {
		return nil
	}
	l := &lineInk{Color: css(th.look(s.Ink).line), Width: coarse(width), Opacity: coarse(opacity(s))}
	for _, d := range th.dash(s) {
		l.Dash = append(l.Dash, coarse(d))
	}
	if s.Casing {
		l.Casing = &rimInk{Color: css(th.background), Width: casingWidth}
	}
	return l
}

func pointInk(m *markState, s *Points, th theme) {
	names := [...]string{Disc: "disc", Ring: "ring", Square: "square", Cross: "cross", Down: "down"}
	m.Glyph = names[Disc]
	if s.Glyph > Disc && int(s.Glyph) < len(names) {
		m.Glyph = names[s.Glyph]
	}
	ink, other := th.look(s.Style.Ink).line, th.look(s.Style.Ink2).line
	m.Size, m.Opacity = coarse(s.Size), coarse(opacity(s.Style))
	m.Color = css(ink)
	if len(s.Shade) > 0 {
		m.Color2 = css(other)
		for _, v := range s.Shade {
			m.Shade = append(m.Shade, int(math.Round(100*v)))
		}
	}
	switch s.Glyph {
	case Ring, Cross:
		m.LineWidth = coarse(max(s.Size/5, 1))
		if s.Style.Width > 0 {
			m.LineWidth = coarse(th.width(s.Style))
		}
		m.Paper = css(th.background)
	default:
		if s.Style.Rim {
			m.Rim = &rimInk{Color: css(th.text), Width: coarse(rimWidth * th.weight)}
		}
	}
}

func rasterInk(m *markState, s *Raster, fr frame, th theme) {
	m.Columns, m.Rows, m.Opacity = s.W, s.H, coarse(opacity(s.Style))
	m.Range, m.Crisp = []float64{s.Low, s.High}, s.Crisp
	m.Values = make([]int, s.W*s.H)
	a, b := fr.point(s.Box.Min), fr.point(s.Box.Max)
	for i := range m.Values { // evenly spaced on the screen, which is not the same on a log axis
		x, y := (float64(i%s.W)+0.5)/float64(s.W), (float64(i/s.W)+0.5)/float64(s.H)
		v := s.value(fr.data(Point{a.X + x*(b.X-a.X), a.Y + y*(b.Y-a.Y)}))
		m.Values[i] = int(math.Round(255 * min(max((v-s.Low)/(s.High-s.Low), 0), 1)))
	}
	m.Low, m.High = css(th.background), css(th.look(s.Style.Ink).line)
}

// packing maps data coordinates to steps of 1/20 point inside an axes box, the origin bottom left.
type packing struct{ frame frame }

func (b packing) pack(pts ...Point) []int64 {
	out := make([]int64, 0, 2*len(pts))
	var x, y int64
	for _, p := range pts {
		q := b.frame.point(p)
		px, py := step20(q.X-b.frame.x0), step20(q.Y-b.frame.y0)
		out = append(out, px-x, py-y)
		x, y = px, py
	}
	return out
}

// step20 rounds to 1/20 point. What lies far outside the slide stays at a distance that no zoom reaches.
func step20(v float64) int64 {
	const far = 200 * slideWidth
	return int64(math.Round(perPoint * min(max(v, -far), far)))
}

// axisValue is where v stands on the axis that ECharts draws: log axes are linear in the exponent of ten.
func axisValue(v float64, log bool) float64 {
	if log {
		return math.Log10(v)
	}
	return v
}

// coarse rounds to ten significant digits: enough for any screen, and the same on every machine.
func coarse(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 10, 64), 64)
	if err != nil || r == 0 {
		return 0
	}
	return r
}

// css is a colour as a style sheet writes it.
func css(c color.NRGBA) string {
	if c.A == 0xff {
		return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
	}
	return fmt.Sprintf("#%02x%02x%02x%02x", c.R, c.G, c.B, c.A)
}
