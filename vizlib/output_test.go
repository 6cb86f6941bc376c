package vizlib

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// On a narrow page several panels get smaller letters, and so do many words; neither gets more than 8 points or less than 5.
func TestLettersOnPaper(t *testing.T) {
	plain := Figure{Marks: []Mark{Curve{F: bell(0, 1), From: -3, To: 3}}}
	wordy := plain
	for range 5 {
		wordy.Marks = append(wordy.Marks, Text{Text: "a", At: Point{0, 0.1}})
	}
	grid := Grid{Cells: []Cell{{At: Rect{0.1, 0.1, 0.3, 0.8}, Figure: plain}, {At: Rect{0.6, 0.1, 0.3, 0.8}, Figure: plain}}}
	movie := Movie{Len: 2, Frame: func(int) Picture { return grid }}
	for _, c := range []struct {
		p     Picture
		width float64
		want  float64 // points
	}{
		{plain, 85, 8}, {wordy, 85, 5}, {grid, 85, 5}, {movie, 85, 5}, {grid, 120, 6.14}, {grid, 174, 8}, {Movie{}, 85, 8}, {nil, 85, 8},
	} {
		_, laid, scale := Output{Page: Page{Width: c.width}}.sheetsFor(c.p)
		if got := textSize * scale; math.Abs(got-c.want) > 0.01 || math.Abs(laid.w*scale-c.width*pointsPerMM) > 1e-9 {
			t.Errorf("%T on %v mm: letters of %.2f points on a sheet of %.0f, want %v", c.p, c.width, got, laid.w, c.want)
		}
	}
}

// What stands beside a panel near the edge of the page stays on the page.
func TestTitlesStayOnThePage(t *testing.T) {
	f := Figure{Title: "a title that is much longer than its panel is wide", X: "and a long name of an axis", View: window, Marks: []Mark{Rule{At: 0}}}
	g := Grid{Cells: []Cell{{At: Rect{0.9, 0.2, 0.08, 0.6}, Figure: f}}}
	wall := &walled{wide: slideWidth}
	if err := (tile{s: mustLayout(t, g), scale: 1}).draw(wall, nil, newTypesetter(), lightTheme()); err != nil {
		t.Fatal(err)
	}
	if wall.crossed != 0 {
		t.Errorf("%d points leave the page", wall.crossed)
	}
}

// walled counts the fills that leave a page on its right.
type walled struct {
	wide    float64
	crossed int
}

func (w *walled) fill(o outline, c color.NRGBA) {
	for _, m := range o {
		for _, p := range m.points() {
			if p.X > w.wide {
				w.crossed++
			}
		}
	}
}

func (w *walled) stroke([][]Point, stroke) {}

func (w *walled) image(Box, image.Image) {}
