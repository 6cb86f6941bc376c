package vizlib

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// everyMark is one of each mark, sound but for its style.
func everyMark(s Style) []Mark {
	two := []float64{1, 2}
	ends := []Point{{1, 1}}
	wave := func(x float64) float64 { return 1.5 + math.Sin(x)/2 }
	hill := func(x, y float64) float64 { return math.Exp(-x*x - y*y) }
	return []Mark{
		Curve{F: wave, Style: s},
		Line{X: two, Y: two, Style: s},
		Dots{X: two, Y: two, Style: s},
		Bars{Data: two, Style: s},
		Area{F: wave, Style: s},
		Band{X: two, Low: two, High: two, Style: s},
		Contour{F: hill, Levels: []float64{0.05}, N: 9, Style: s},
		Heat{F: hill, N: 9, Style: s},
		Ellipse{Center: Point{1, 1}, A: 1, B: 1, Style: s},
		Rule{At: 1, Style: s},
		Blocks{At: []Box{{Point{1, 1}, Point{2, 2}}}, Style: s},
		Segments{From: ends, To: []Point{{2, 2}}, Style: s},
		Arrows{From: ends, To: []Point{{2, 2}}, Style: s},
		Text{Text: "a", At: Point{1, 1}, Style: s},
		Diagram{Nodes: []Node{{At: Point{1, 1}, Text: "a"}}, Style: s},
	}
}

// everyMedium writes a picture in each medium that a picture can be saved in, films aside: they need ffmpeg.
func everyMedium(t *testing.T, p Picture) map[string]error {
	t.Helper()
	errs := map[string]error{}
	o := Output{Width: 320}
	for _, ext := range []string{".svg", ".pdf", ".png", ".tex", ".gif", ".html"} {
		path := filepath.Join(t.TempDir(), "a"+ext)
		errs[ext] = o.Save(path, p)
		if _, err := os.Stat(path); (err == nil) != (errs[ext] == nil) {
			t.Errorf("%s: saved with error %v, and the file: %v", ext, errs[ext], err)
		}
	}
	errs["PNG"], errs["HTML"] = p.PNG(io.Discard), p.HTML(io.Discard)
	return errs
}

// refused holds a picture to one sentence about its fault, in its words and as the error of every medium.
func refused(t *testing.T, about string, p Picture, want string) {
	t.Helper()
	alt := p.Alt()
	if !strings.HasPrefix(alt, "This picture could not be drawn: ") || !strings.Contains(alt, want) || strings.Contains(alt, "\n") {
		t.Errorf("%s: Alt is %q, want one sentence with %q", about, alt, want)
	}
	for medium, err := range everyMedium(t, p) {
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s as %s: error %v, want one sentence with %q", about, medium, err, want)
		}
	}
}

// No mark is drawn in a style that no theme knows; in a style that they know each mark is drawn in every medium.
func TestBadStyles(t *testing.T) {
	nan := math.NaN()
	for _, fault := range []struct {
		style Style
		want  string
	}{
		{Style{Ink: 99}, "has the Ink 99"},
		{Style{Ink: -1}, "has the Ink -1"},
		{Style{Ink2: 99}, "has the Ink 99"},
		{Style{Width: nan}, "has the Width NaN"},
		{Style{Width: math.Inf(1)}, "has the Width +Inf"},
		{Style{Dash: 7}, "has the Dash 7"},
		{Style{Fill: nan}, "has the Fill NaN"},
		{Style{Fill: 1.5}, "has the Fill 1.5"},
		{Style{Fill: -1}, "has the Fill -1"},
		{Style{Opacity: nan}, "has the Opacity NaN"},
		{Style{Opacity: 2}, "has the Opacity 2"},
	} {
		for _, m := range everyMark(fault.style) {
			want := kindOf(m) + " " + fault.want
			if _, isText := m.(Text); isText {
				want = fault.want
			}
			_, err := layout(Figure{View: View{X: Interval{0, 3}, Y: Interval{0, 3}}, Marks: []Mark{m}})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%T of %+v: error %v, want one with %q", m, fault.style, err, want)
			}
		}
		refused(t, fault.want, Figure{Marks: []Mark{Line{X: []float64{1, 2}, Y: []float64{1, 2}, Style: fault.style}}}, fault.want)
	}
	for _, m := range everyMark(Style{}) {
		for medium, err := range everyMedium(t, Figure{View: View{X: Interval{0, 3}, Y: Interval{0, 3}}, Marks: []Mark{m}}) {
			if err != nil {
				t.Errorf("a sound %T is refused as %s: %v", m, medium, err)
			}
		}
	}
}

// stray is a mark of another package that returns what it likes.
type stray struct{ shapes []Shape }

func (s stray) Bounds() (Box, bool)            { return Box{Max: Point{1, 1}}, true }
func (s stray) Shapes(v View) ([]Shape, error) { return s.shapes, nil }

// Whatever is wrong with a picture, its words say it and no medium writes a file.
func TestBadPictures(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	two := []float64{1, 2}
	one := func(marks ...Mark) Figure { return Figure{Title: "f", Marks: marks} }
	in := func(v View) Figure { return Figure{View: v, Marks: []Mark{Line{X: two, Y: two}}} }
	var missing *Line
	odd := func(s Shape) Figure { return one(stray{[]Shape{s}}) }
	for _, c := range []struct {
		p    Picture
		want string
	}{
		{one(), "no mark says where x begins and ends"},
		{one(Line{}), "no points, want at least 1"},
		{one(Line{X: two, Y: []float64{1, nan}}), "Line: Y[1] is NaN"},
		{one(Line{X: two, Y: []float64{1, inf}, Name: "a"}), `Line "a": Y[1] is +Inf`},
		{one(Line{X: two, Y: two[:1]}), "X has 2 values and Y has 1"},
		{one(Dots{X: two, Y: two, Glyph: 9}), "Dots have the Glyph 9"},
		{one(Dots{X: two, Y: two, Size: nan}), "Dots have the Size NaN"},
		{one(Curve{From: 0, To: 1}), "Curve has no function F"},
		{one(Curve{F: math.Sqrt, From: -1, To: 1}), "F(-1) is NaN"},
		{one(Curve{F: func(x float64) float64 { return 1 / x }, From: -1, To: 1}), "F(0) is +Inf"},
		{one(Rule{At: nan}), "Rule stands at NaN"},
		{one(Text{Text: "a", At: Point{1, 1}, Size: -3}, Line{X: two, Y: two}), `"a" has the Size -3`},
		{one(Text{Text: "a", At: Point{1, 1}, AlignX: 2}, Line{X: two, Y: two}), `"a" is aligned at (2, 0)`},
		{one(Text{Text: "a\nb", At: Point{1, 1}}, Line{X: two, Y: two}), "no glyph for"},
		{one(Heat{Cells: [][]float64{{1}}, Box: Box{Point{1, 1}, Point{0, 0}}}), "Heat lies in the box"},
		{one(Heat{Cells: [][]float64{{1, 2}}, High: inf}), "want finite ones"},
		{one(nil), "mark 0 is nil"},
		{one(missing), "mark 0 is nil"},
		{odd(nil), "has a shape that is nil"},
		{odd(&Points{At: []Point{{}}, Shade: two}), "2 shades for 1 points"},
		{odd(&Raster{W: 2, H: 2, Value: two, High: 1}), "2 values for 2×2 cells"},
		{odd(&Path{Lines: [][]Point{{{nan, 0}}}}), "stray has a point at (NaN, 0)"},
		{in(View{X: Interval{2, 1}}), "upside down"},
		{in(View{Y: Interval{1, 1}}), "its ends are the same"},
		{in(View{Y: Interval{nan, 1}}), "want two finite numbers"},
		{in(View{LogX: true, X: Interval{-1, 1}}), "a log axis needs a window above 0"},
		{in(View{LogX: true, Equal: true}), "they exclude one another"},
		{in(View{Axes: 7}), "View.Axes is 7"},
		{in(View{Legend: -1}), "View.Legend is -1"},
		{in(View{XTicks: []Tick{{At: nan}}}), "XTicks[0] is NaN"},
		{in(View{YTicks: []Tick{{At: 1, Label: "日"}}}), "U+65E5"},
		{Figure{Title: "日本", Marks: []Mark{Line{X: two, Y: two}}}, "U+65E5"},
		{Figure{X: "a\tb", Marks: []Mark{Line{X: two, Y: two}}}, "U+0009"},
		{Grid{}, "no cells"},
		{Grid{Cells: []Cell{{At: Rect{0, 0, 0, 1}, Figure: one(Line{X: two, Y: two})}}}, "inside the slide"},
		{Grid{Cells: []Cell{{At: Rect{nan, 0, 1, 1}, Figure: one(Line{X: two, Y: two})}}}, "fractions of the slide"},
		{Grid{Cells: []Cell{{At: Rect{0.1, 0.1, 0.8, 0.8}, Figure: one()}}}, "no mark says where"},
		{Movie{}, "0 frames"},
		{Movie{Len: 1, Frame: func(int) Picture { return nil }}, "<nil> cannot be drawn"},
		{Movie{Len: 2, Frame: func(i int) Picture { return one(Line{X: two, Y: []float64{1, float64(i) * inf}}) }}, "frame 0"},
		{Movie{Len: 2, Frame: func(i int) Picture { return one(Line{X: two, Y: []float64{1, 2 / float64(1-i)}}) }}, "Y[1] is +Inf"},
	} {
		refused(t, fmt.Sprintf("%.60q", c.want), c.p, c.want)
	}
}
