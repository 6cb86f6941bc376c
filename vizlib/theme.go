package vizlib

import "image/color"

// The colours, widths and sizes of every medium stand in this file and nowhere else.
//
// Fills and lines come from the palette of Okabe and Ito (2008), which stays distinct for colour-blind
// readers; text takes a darkened ink of the same hue, so that it reaches a contrast of 4.5:1.

// Sizes in points of a 960×540 slide; 12 pt are 24 px on a screen 1920 px wide.
const (
	textSize    = 13.0 // labels, axis titles, ticks
	panelSize   = 14.0 // the title inside a panel
	captionSize = 15.0 // the second line of a slide
	titleSize   = 21.0

	spineWidth  = 1.0
	markWidth   = 2.0 // of a curve that asks for no width
	casingWidth = 1.6 // on each side of a line
	rimWidth    = 1.0
	hatchWidth  = 1.1
	hatchGap    = 6.0
	hatchLift   = 0.4 // of opacity, by which the lines of a hatching stand out from the fill below them
	dotSize     = 6.0
	tickLength  = 4.0
	headLength  = 9.0 // of an arrow
)

// look is what a theme makes of one ink.
type look struct {
	line color.NRGBA // lines and fills
	text color.NRGBA // letters in the same hue, with contrast ≥ 4.5:1 on the background
	dash Dash        // what AutoDash stands for
	back bool        // hatched "\" rather than "/"
}

// inks is the number of roles.
const inks = int(Muted) + 1

// theme is a full set of looks.
type theme struct {
	background color.NRGBA
	text       color.NRGBA // letters without a role
	spine      color.NRGBA
	looks      [inks]look
	weight     float64 // of all lines
}

// hex is the opaque colour 0xRRGGBB.
func hex(rgb uint32) color.NRGBA {
	return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xff}
}

// Theme is a set of colours for every role.
type Theme int

const (
	Light     Theme = iota // dark on white
	Dark                   // light on near black
	Projector              // dark on white, a quarter larger, with stronger lines and ink: for a bright room
	Print                  // dark on white, in inks that stay apart in grey
)

// String names the theme.
func (t Theme) String() string {
	switch t {
	case Light:
		return "light"
	case Dark:
		return "dark"
	case Projector:
		return "projector"
	case Print:
		return "print"
	}
	return "unknown theme"
}

// theme is what a Theme stands for.
func (t Theme) theme() theme {
	switch t {
	case Dark:
		return darkTheme()
	case Projector:
		return projectorTheme()
	case Print:
		return printTheme()
	}
	return lightTheme()
}

// zoom enlarges all that is drawn on a page.
func (t Theme) zoom() float64 {
	if t == Projector {
		return 1.25
	}
	return 1
}

// lightTheme is dark on white.
func lightTheme() theme {
	t := theme{background: hex(0xffffff), text: hex(0x1a1a1a), spine: hex(0x4d4d4d), weight: 1}
	t.looks = [inks]look{
		Black: {line: hex(0x1a1a1a), text: hex(0x1a1a1a)},
		P:     {line: hex(0x515151), text: hex(0x515151)},
		Q:     {line: hex(0x0072b2), text: hex(0x005f96)},
		Data:  {line: hex(0x404040), text: hex(0x404040)},
		Exact: {line: hex(0x000000), text: hex(0x000000)},
		Aux:   {line: hex(0x8a7896), text: hex(0x6a5876), dash: Dotted},
		One:   {line: hex(0x0072b2), text: hex(0x005f96)},
		Two:   {line: hex(0xd55e00), text: hex(0xa84a00), dash: Dashed, back: true},
		Three: {line: hex(0xe69f00), text: hex(0x855c00), dash: Dotted},
		Bound: {line: hex(0x009e73), text: hex(0x00734f)},
		Gap:   {line: hex(0xcc79a7), text: hex(0x9a4275)},
		Path1: {line: hex(0xd55e00), text: hex(0xa84a00)},
		Muted: {line: hex(0xb3b3b3), text: hex(0x6b6b6b)},
	}
	return t
}

// darkTheme takes the lighter colours of the same palette, and lightens the others.
func darkTheme() theme {
	t := theme{background: hex(0x14161a), text: hex(0xededed), spine: hex(0xa6a6a6), weight: 1}
	t.looks = [inks]look{
		Black: {line: hex(0xededed), text: hex(0xededed)},
		P:     {line: hex(0xd0d0d0), text: hex(0xd0d0d0)},
		Q:     {line: hex(0x56b4e9), text: hex(0x7cc6f0)},
		Data:  {line: hex(0xb4b4b4), text: hex(0xb4b4b4)},
		Exact: {line: hex(0xffffff), text: hex(0xffffff)},
		Aux:   {line: hex(0xab98b9), text: hex(0xbfafca), dash: Dotted},
		One:   {line: hex(0x56b4e9), text: hex(0x7cc6f0)},
		Two:   {line: hex(0xe9732a), text: hex(0xf59a62), dash: Dashed, back: true},
		Three: {line: hex(0xf0e442), text: hex(0xf0e442), dash: Dotted},
		Bound: {line: hex(0x1fbf92), text: hex(0x3fd0a8)},
		Gap:   {line: hex(0xcc79a7), text: hex(0xdd9cc0)},
		Path1: {line: hex(0xe9732a), text: hex(0xf59a62)},
		Muted: {line: hex(0x5f6368), text: hex(0x9aa0a6)},
	}
	return t
}

// projectorTheme is the light one with blacker greys, which projectors wash out.
func projectorTheme() theme {
	t := lightTheme()
	t.text, t.spine, t.weight = hex(0x000000), hex(0x262626), 1.15
	t.looks[Black] = look{line: hex(0x000000), text: hex(0x000000)}
	t.looks[P] = look{line: hex(0x4d4d4d), text: hex(0x474747)}
	t.looks[Data] = look{line: hex(0x262626), text: hex(0x262626)}
	t.looks[Aux].line, t.looks[Aux].text = hex(0x75617f), hex(0x57455f)
	t.looks[Gap].line, t.looks[Gap].text = hex(0xc0609a), hex(0x85305f)
	t.looks[Muted] = look{line: hex(0x969696), text: hex(0x565656)}
	for _, k := range []Ink{Q, One} {
		t.looks[k].text = hex(0x004a78)
	}
	for _, k := range []Ink{Two, Path1} {
		t.looks[k].text = hex(0x8a3c00)
	}
	return t
}

// printTheme spreads the inks in lightness, so that a grey print keeps them apart.
func printTheme() theme {
	t := lightTheme()
	t.text, t.spine = hex(0x000000), hex(0x404040)
	t.looks[Black] = look{line: hex(0x000000), text: hex(0x000000)}
	t.looks[P] = look{line: hex(0x969696), text: hex(0x595959)}
	t.looks[Aux] = look{line: hex(0x9c8ba8), text: hex(0x6a5876), dash: Dotted}
	for _, k := range []Ink{Q, One} {
		t.looks[k].line, t.looks[k].text = hex(0x00456b), hex(0x00456b)
	}
	for _, k := range []Ink{Two, Path1} {
		t.looks[k].line, t.looks[k].text = hex(0xd9691e), hex(0x9c4500)
	}
	t.looks[Three] = look{line: hex(0xe9b54a), text: hex(0x7a5400), dash: Dotted}
	t.looks[Bound].line, t.looks[Bound].text = hex(0x00805e), hex(0x005f46)
	t.looks[Gap].line, t.looks[Gap].text = hex(0xe0a8c8), hex(0x8a3a68)
	t.looks[Muted] = look{line: hex(0xc4c4c4), text: hex(0x6b6b6b)}
	return t
}

// look of an ink; an ink that does not exist looks black.
func (t theme) look(k Ink) look {
	if k < 0 || int(k) >= inks {
		k = Black
	}
	return t.looks[k]
}

// width of a line in points: the mark's own where the style asks for none, 0 for no line.
func (t theme) width(s Style) float64 {
	switch {
	case s.Width < 0:
		return 0
	case s.Width == 0:
		return markWidth * t.weight
	}
	return s.Width * t.weight
}

// dash of a style, in units of points: alternating lengths of line and gap; nil is solid.
func (t theme) dash(s Style) []float64 {
	d := s.Dash
	if d == AutoDash {
		d = t.look(s.Ink).dash
	}
	w := max(t.width(s), 1)
	switch d {
	case Dashed:
		return []float64{3.2 * w, 1.8 * w}
	case Dotted:
		return []float64{1 * w, 1.6 * w}
	}
	return nil
}

// mix is the colour at share s between a (0) and b (1).
func mix(a, b color.NRGBA, s float64) color.NRGBA {
	at := func(x, y uint8) uint8 { return uint8(float64(x)*(1-s) + float64(y)*s + 0.5) }
	return color.NRGBA{R: at(a.R, b.R), G: at(a.G, b.G), B: at(a.B, b.B), A: at(a.A, b.A)}
}

// faded is c at the given opacity.
func faded(c color.NRGBA, opacity float64) color.NRGBA {
	c.A = uint8(float64(c.A)*min(max(opacity, 0), 1) + 0.5)
	return c
}
