package vizlib

import "time"

// The layout turns any Picture into scenes; backends know nothing else. Text is already placed into roles,
// windows are definite, automatic ticks are found, shapes are made.

// A slide is 960×540 points, unless another page is asked for. Sizes in Style and Label are in these points.
const (
	slideWidth  = 960.0
	slideHeight = 540.0
)

// sheet is the size of what a scene is laid out on, in points. The zero sheet is a slide.
type sheet struct{ w, h float64 }

func (s sheet) size() (w, h float64) {
	if s == (sheet{}) {
		return slideWidth, slideHeight
	}
	return s.w, s.h
}

// scene is one still picture, laid out.
type scene struct {
	on                      sheet
	Title, Caption, Numbers string
	Alt                     string
	Panels                  []panel
}

// panel is one axes box of a scene.
type panel struct {
	on     sheet
	At     Rect // of the axes box, after equal aspect
	Title  string
	X, Y   string // axis labels
	View   View   // X and Y definite; XTicks and YTicks filled in
	ShareX string // panels with the same name, if not "", move together along x
	ShareY string
	Shapes []Shape // with the names that are given directly (View.Legend) already among them as Labels
}

// reel is a movie, laid out: every scene has the same panels with the same windows.
type reel struct {
	Scenes []scene
	Holds  []time.Duration
	Alt    string
	tour   *tour // of an Explorer: which scene belongs to which stops of its sliders
}
