package vizlib

import (
	"math"
	"strings"
	"testing"
	"time"
)

func bell(m, s float64) func(float64) float64 {
	return func(x float64) float64 {
		z := (x - m) / s
		return math.Exp(-z*z/2) / (s * math.Sqrt(2*math.Pi))
	}
}

func TestWindowFromMarks(t *testing.T) {
	s, err := layout(Figure{Marks: []Mark{Line{X: []float64{0, 10}, Y: []float64{0, 5}}}})
	if err != nil {
		t.Fatal(err)
	}
	v := s.Panels[0].View
	if v.X.Min > 0 || v.X.Max < 10 || v.X.Max > 11 || v.Y.Min != 0 || v.Y.Max < 5 || v.Y.Max > 5.5 {
		t.Errorf("window [%v, %v] × [%v, %v] does not fit 0…10 × 0…5", v.X.Min, v.X.Max, v.Y.Min, v.Y.Max)
	}
	if len(v.XTicks) < 3 || len(v.YTicks) < 3 {
		t.Errorf("%d x ticks and %d y ticks, want at least 3 of each", len(v.XTicks), len(v.YTicks))
	}
}

// The height of a curve without From and To follows the window that other marks give.
func TestCurveReach(t *testing.T) {
	s, err := layout(Figure{Marks: []Mark{
		Dots{X: []float64{-2, 2}, Y: []float64{0, 0}},
		Curve{F: bell(0, 1)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if y := s.Panels[0].View.Y; y.Max < 0.3989 || y.Max > 0.45 {
		t.Errorf("window of a standard Normal ends at %v, want a little above 0.3989", y.Max)
	}
}

func TestMovieWindowIsTheUnion(t *testing.T) {
	m := Movie{Len: 3, Frame: func(i int) Picture {
		x := float64(i) * 10
		return Figure{Marks: []Mark{Dots{X: []float64{x, x + 1}, Y: []float64{0, 1}}}}
	}}
	r, err := layoutMovie(m)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range r.Scenes {
		if x := s.Panels[0].View.X; x.Min > 0 || x.Max < 21 || x != r.Scenes[0].Panels[0].View.X {
			t.Errorf("frame %d has window %v, want 0…21 in all", i, x)
		}
	}
	if r.Holds[0] != 700*time.Millisecond || r.Holds[2] != 2*time.Second {
		t.Errorf("holds %v, want 0.7 s and 2 s on the last", r.Holds)
	}
}

func TestSharedAxes(t *testing.T) {
	cell := func(at Rect, lo, hi float64) Cell {
		return Cell{At: at, ShareX: "x", Figure: Figure{Marks: []Mark{Line{X: []float64{lo, hi}, Y: []float64{0, 1}}}}}
	}
	s, err := layout(Grid{Cells: []Cell{cell(Rect{.1, .1, .3, .3}, 0, 1), cell(Rect{.5, .1, .3, .3}, 5, 9)}})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := s.Panels[0].View.X, s.Panels[1].View.X; a != b || a.Min > 0 || a.Max < 9 {
		t.Errorf("shared windows are %v and %v, want one that holds 0…9", a, b)
	}
	if a, b := s.Panels[0].View.Y, s.Panels[1].View.Y; a != b {
		t.Errorf("equal data gave windows %v and %v", a, b)
	}
}

func TestEqualAspect(t *testing.T) {
	ring := Line{X: []float64{-1, 1}, Y: []float64{-1, 1}}
	for _, v := range []View{
		{Equal: true},
		{Equal: true, X: Interval{-4, 4}},
		{Equal: true, X: Interval{-4, 4}, Y: Interval{-1, 1}},
	} {
		s, err := layout(Figure{View: v, Marks: []Mark{ring}})
		if err != nil {
			t.Fatal(err)
		}
		p := s.Panels[0]
		ux := p.At[2] * slideWidth / p.View.X.span()
		uy := p.At[3] * slideHeight / p.View.Y.span()
		if math.Abs(ux/uy-1) > 0.02 {
			t.Errorf("%+v: a unit of x is %v points and one of y %v", v.X, ux, uy)
		}
	}
}

func TestErrorsAreSentences(t *testing.T) {
	one := []float64{1}
	for _, c := range []struct {
		name string
		p    Picture
		want string
	}{
		{"NaN", Figure{Marks: []Mark{Line{Name: "a", X: []float64{1, 2}, Y: []float64{1, math.NaN()}}}}, `Line "a": Y[1] is NaN`},
		{"Inf", Figure{Marks: []Mark{Dots{X: []float64{math.Inf(1)}, Y: one}}}, "X[0] is +Inf"},
		{"empty series", Figure{Title: "T", Marks: []Mark{Line{}}}, `figure "T": Line has no points`},
		{"lengths", Figure{Marks: []Mark{Line{X: one}}}, "X has 1 values and Y has 0"},
		{"inverted", Figure{View: View{X: Interval{2, 1}}, Marks: []Mark{Line{X: one, Y: one}}}, "upside down"},
		{"function", Figure{View: View{X: Interval{-1, 1}}, Marks: []Mark{Curve{F: math.Log}}}, "is NaN, want a finite number"},
		{"no function", Figure{View: View{X: Interval{-1, 1}}, Marks: []Mark{Curve{Name: "f"}}}, `Curve "f" has no function F`},
		{"nobody says where", Figure{Marks: []Mark{Curve{F: math.Sin}}}, "no mark says where x begins"},
		{"log", Figure{View: View{LogY: true, X: Interval{0, 1}, Y: Interval{1, 2}}, Marks: []Mark{Line{X: one, Y: []float64{0}}}}, "which a log axis cannot show"},
		{"log window", Figure{View: View{LogX: true, X: Interval{-1, 1}}, Marks: []Mark{Line{X: one, Y: one}}}, "needs a window above 0"},
		{"equal and log", Figure{View: View{LogX: true, Equal: true}, Marks: []Mark{Line{X: []float64{1, 2}, Y: []float64{1, 2}}}}, "exclude one another"},
		{"too narrow", Figure{View: View{X: Interval{1, 1 + 1e-15}, Y: Interval{0, 1}}, Marks: []Mark{Line{X: one, Y: one}}}, "too narrow"},
		{"empty grid", Grid{}, "Grid has no cells"},
		{"no place", Grid{Cells: []Cell{{Figure: Figure{Marks: []Mark{Line{X: one, Y: one}}}}}}, "inside the slide"},
		{"no frames", Movie{}, "Movie has 0 frames"},
		{"movie of movies", Movie{Len: 1, Frame: func(int) Picture { return Movie{} }}, "cannot be drawn"},
		{"nil mark", Figure{View: View{X: Interval{0, 1}, Y: Interval{0, 1}}, Marks: []Mark{nil}}, "mark 0 is nil"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := layout(c.p)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one with %q", err, c.want)
			}
			if a := c.p.Alt(); !strings.Contains(a, c.want) {
				t.Errorf("Alt is %q, want the error in it", a)
			}
		})
	}
}

// A blank form has the windows of the whole picture, and only the marks that are to stay.
func TestBlank(t *testing.T) {
	m := Movie{Len: 3, Frame: func(i int) Picture {
		return Figure{Title: "T", Caption: "the answer", Marks: []Mark{
			Dots{X: []float64{0, 1}, Y: []float64{0, 1}, Name: "data"}, Dots{X: []float64{float64(9 * i)}, Y: []float64{2}, Name: "answer"},
		}}
	}}
	full, err := layout(m)
	if err != nil {
		t.Fatal(err)
	}
	s, err := layout(Blank(m, "data"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Panels[0].View.X != full.Panels[0].View.X || s.Title != "T" || s.Caption != "" {
		t.Errorf("window %v under %q, %q; want %v under \"T\"", s.Panels[0].View.X, s.Title, s.Caption, full.Panels[0].View.X)
	}
	if w := s.words(); !strings.Contains(w, "data") || strings.Contains(w, "answer") {
		t.Errorf("%q: want data and no answer", w)
	}
	if _, err := layout(Blank(Figure{Marks: []Mark{Line{}}})); err == nil {
		t.Error("a blank of what cannot be drawn hides the error")
	}
}

// Where a unit of x is as long as one of y, both axes count in the same steps.
func TestEqualAxesEqualSteps(t *testing.T) {
	for _, v := range []View{
		{X: Interval{-4, 4}, Y: Interval{-2, 6}, Equal: true}, {X: Interval{0, 1}, Y: Interval{0, 0.3}, Equal: true}, {X: Interval{-3.2, 3.2}, Equal: true},
	} {
		pn := mustLayout(t, Figure{View: v, Marks: []Mark{Ellipse{A: 1, B: 2}}}).Panels[0]
		step := func(ticks []Tick) float64 { return ticks[1].At - ticks[0].At }
		if x, y := pn.View.XTicks, pn.View.YTicks; len(x) < 2 || len(y) < 2 || math.Abs(step(x)-step(y)) > 1e-9 {
			t.Errorf("%v: ticks %v and %v", v, x, y)
		}
	}
}
