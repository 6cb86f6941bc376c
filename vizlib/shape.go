package vizlib

// A Mark turns numbers into Shapes; a backend draws Shapes. Geometry is in data coordinates, so the same
// shapes serve the slide, the movie and the interactive page.

// Point is a place in data coordinates.
type Point struct{ X, Y float64 }

// Box is an axis-parallel rectangle in data coordinates.
type Box struct{ Min, Max Point }

// Mark is one thing in a figure: a curve, dots, a contour, a label.
type Mark interface {
	// Bounds is the window that the mark wants to be seen in; false when it has no opinion, NaN along an axis
	// where it has none.
	Bounds() (Box, bool)
	// Shapes is the mark's geometry in a window whose X and Y are both definite. An error is one sentence
	// (NaN in the data, an empty series): it is never drawn as a blank.
	Shapes(v View) ([]Shape, error)
}

// Shape is one of the few things that every backend can draw: *Path, *Points, *Label, *Raster, *Arrow.
type Shape interface{ base() *Common }

// Common is what every shape carries.
type Common struct {
	Style Style
	Name  string // of the series: for the legend, the direct label and the hover text; "" for none
	Unit  string // of the values in the hover text, such as "nats"
	Key   string // identity across a movie's frames; "" means: by position among the panel's shapes
	Still bool   // jumps between frames; false lets an interactive backend tween it (step lines are always Still)
	of    string // the name of the mark that it is a part of, set by the layout: they are hidden together
}

func (c *Common) base() *Common { return c }

// Path is one or several polylines that share a style: stroked, and filled where Style.Fill > 0.
type Path struct {
	Common
	Lines  [][]Point // each a polyline; where Closed, each a ring (fills use the non-zero winding rule)
	Closed bool
}

// Points are equal glyphs at many places.
type Points struct {
	Common
	At    []Point
	Glyph Glyph
	Size  float64   // diameter in points of a 960×540 slide
	Shade []float64 // optional, one a point, 0…1: the colour mixed from Style.Ink to Style.Ink2
}

// Label is a text at a place.
type Label struct {
	Common
	At     Point
	Text   string
	Size   float64 // in points of a 960×540 slide; 0 means the theme's text size
	Bold   bool
	AlignX float64 // −1: the text ends at At.X; 0 centred; 1: it starts there
	AlignY float64 // −1: the text stands below At.Y; 0 centred; 1: above
}

// Raster is a regular grid of values shown as colours from white (Low) to Style.Ink (High).
type Raster struct {
	Common
	Box       Box
	W, H      int
	Value     []float64 // H rows of W from the bottom, row-major
	Low, High float64
	Crisp     bool // cells with edges; otherwise colours run smoothly from one to the next
}

// Arrow points from From to To, with a head at To.
type Arrow struct {
	Common
	From, To Point
}

// Glyph is the form of a point.
type Glyph int

const (
	Disc   Glyph = iota // ● filled
	Ring                // ○ open
	Square              // ■ filled
	Cross               // ×
	Down                // ▼ filled
)

// Dash is how a line is broken.
type Dash int

const (
	AutoDash Dash = iota // what the ink prescribes: p, q and data differ in grey as well
	Solid
	Dashed
	Dotted
)

// Ink is a role, never a colour: the theme says what it looks like.
type Ink int

const (
	Black Ink = iota // text and hairlines
	P                // the target: grey fill
	Q                // the approximation: blue
	Data             // observations
	Exact            // a value that is known exactly: black
	Aux              // a third thing beside P and Q: purple-grey
	One              // component 1: blue, solid
	Two              // component 2: vermillion, dashed, hatched
	Three            // component 3
	Bound            // an objective that climbs: green
	Gap              // what is missing: purple
	Path1            // a path or staircase: vermillion, solid
	Muted            // light grey: guides, what was
)

// Style is how a mark looks. The zero value is right for most: one solid line of the mark's own width.
type Style struct {
	Ink     Ink
	Ink2    Ink     // the other end of a Shade
	Width   float64 // of lines, in points of a 960×540 slide; 0 means the mark's default, negative no line
	Dash    Dash
	Fill    float64 // opacity of the area, 0 (none) … 1
	Hatch   bool    // the fill is hatched as well (survives a grey print)
	Opacity float64 // of the line; 0 means 1
	Casing  bool    // a white edge around the line, to lift it off what lies below
	Rim     bool    // a black rim around filled glyphs
}
