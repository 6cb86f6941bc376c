package vizlib

import (
	"io"
	"time"
)

// Picture is anything that can be shown or saved: a Figure, a Grid or a Movie.
type Picture interface {
	HTML(w io.Writer) error // the interactive form: poster, options and shell, without the engine (see Setup)
	PNG(w io.Writer) error  // the still form; a Movie's is its last frame
	Alt() string            // one or two sentences for who cannot see it
}

// Figure is one panel: axes, a window, and marks drawn in order.
type Figure struct {
	Title   string // one line: at the top of a slide, or inside a Grid's panel
	Caption string // second line, left, bold: what is seen, what just moved
	Numbers string // second line, right: the numbers
	X, Y    string // axis labels
	View    View
	Marks   []Mark
}

// View is the window of a panel. The zero value is automatic.
type View struct {
	X, Y       Interval // the window; the zero Interval is found from the marks
	Equal      bool     // one unit of x is as long as one unit of y: circles look round
	LogX, LogY bool
	XTicks     []Tick // nil is automatic; empty and not nil is none
	YTicks     []Tick
	Axes       Axes
	Legend     Legend
}

// Interval is a closed interval of a window; the zero value means automatic.
type Interval struct{ Min, Max float64 }

// Tick is a mark on an axis; an empty Label draws the tick alone.
type Tick struct {
	At    float64
	Label string
}

// Axes says which spines are drawn.
type Axes int

const (
	LeftBottom Axes = iota // both spines, ticks on both
	BottomOnly             // densities: no y ticks
	NoAxes
)

// Legend says how names are given.
type Legend int

const (
	Direct    Legend = iota // each named line is labelled beside itself, where there is room (no box)
	LegendBox               // a box in the emptiest corner
	NoLegend                // names serve the hover text only
)

// Grid is a slide of several panels, each placed by hand.
type Grid struct {
	Title   string // bold, one line, at the top
	Caption string // second line, left, bold: what just moved
	Numbers string // second line, right
	Cells   []Cell
}

// Cell is a Figure and the place of its axes box (without labels) in slide fractions.
type Cell struct {
	At             Rect
	Figure         Figure // its Title is drawn inside the panel, at the top left
	ShareX, ShareY string // cells of one Grid with the same name, if not "", share that window
}

// Rect is [left, bottom, width, height] in fractions of the slide, the origin bottom left.
type Rect [4]float64

// Movie is a sequence of pictures. Its windows are the union over its frames unless set.
type Movie struct {
	Len   int
	Frame func(i int) Picture       // a Figure or a Grid; the same panels in every frame
	Hold  func(i int) time.Duration // how long frame i stays; nil means 0.7 s, and 2 s on the last
}

// Alt says in words what the figure shows, or why it cannot be drawn.
func (f Figure) Alt() string { return alt(f) }

// Alt says in words what the panels show, or why they cannot be drawn.
func (g Grid) Alt() string { return alt(g) }

// Alt says in words how the movie begins and ends, or why it cannot be drawn.
func (m Movie) Alt() string { return alt(m) }

// PNG writes the figure as a PNG image.
func (f Figure) PNG(w io.Writer) error { return writePNG(w, f) }

// PNG writes the panels as a PNG image.
func (g Grid) PNG(w io.Writer) error { return writePNG(w, g) }

// PNG writes the movie's last frame as a PNG image.
func (m Movie) PNG(w io.Writer) error { return writePNG(w, m) }
