package vizlib

import (
	"math"
	"strings"
	"testing"
)

var window = View{X: Interval{-1, 1}, Y: Interval{-1, 1}}

// Every mark refuses what it cannot draw, in one sentence.
func TestMarksRefuse(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	two := []float64{1, 2}
	p := []Point{{0, 0}}
	flat := func(x, y float64) float64 { return 0 }
	for _, c := range []struct {
		m    Mark
		want string
	}{
		{Curve{F: math.Sqrt, Name: "root"}, `Curve "root": F(-1) is NaN`},
		{Curve{F: math.Exp, From: 2, To: 1}, "want From < To"},
		{Curve{F: func(float64) float64 { return inf }, Sideways: true}, "is +Inf"},
		{Line{X: two, Y: []float64{nan, 1}}, "Line: Y[0] is NaN"},
		{Dots{X: two, Y: two, Shade: []float64{1}}, "Shade has 1 values for 2 dots"},
		{Dots{X: two, Y: two, Shade: []float64{0, 2}}, "Shade[1] is 2, want 0…1"},
		{Dots{X: two, Y: two, Size: -1}, "Size is -1"},
		{Bars{}, "neither Data nor Counts"},
		{Bars{Data: []float64{1, inf}}, "Data[1] is +Inf"},
		{Bars{Data: two, Counts: two}, "both Data and Counts"},
		{Bars{Data: two, Share: []float64{0.5}}, "Share has 1 values for 2 data"},
		{Bars{Data: two, Share: []float64{0.5, nan}}, "Share[1] is NaN"},
		{Bars{Edges: two, Counts: two}, "one more edge than counts"},
		{Bars{Edges: []float64{1, 1}, Counts: []float64{1}}, "want increasing"},
		{Bars{Edges: two, Counts: []float64{-1}}, "at least 0"},
		{Contour{F: flat}, "neither Levels nor Masses"},
		{Contour{Levels: two}, "no function F"},
		{Contour{F: flat, Masses: []float64{0.5}}, "0 all over the window"},
		{Contour{F: func(x, y float64) float64 { return 1 }, Masses: []float64{1}}, "more than 0 and less than 1"},
		{Contour{F: func(x, y float64) float64 { return x }, Masses: []float64{0.5}}, "want a density"},
		{Contour{F: func(x, y float64) float64 { return nan }, Levels: two}, "F(-1, -1) is NaN"},
		{Contour{F: flat, Levels: two, N: 1}, "N is 1"},
		{Heat{}, "no function F"},
		{Heat{F: flat, Cells: [][]float64{{1}}}, "both F and Cells"},
		{Heat{Cells: [][]float64{{1, 2}, {1}}}, "row 1 of Cells has 1 values, want 2"},
		{Heat{Cells: [][]float64{{nan}}}, "Cells[0][0] is NaN"},
		{Heat{F: flat, Low: 2, High: 1}, "want Low < High"},
		{Ellipse{A: 1}, "half axes 1 and 0"},
		{Ellipse{A: 1, B: 1, Angle: nan}, "want finite numbers"},
		{Rule{At: nan}, "stands at NaN"},
		{Text{}, "Text is empty"},
		{Text{Text: "a", At: Point{nan, 0}}, "want finite numbers"},
		{Area{}, "no function F"},
		{Area{F: math.Log}, "is NaN"},
		{Area{F: math.Exp, G: math.Log}, "the lower line of Area"},
		{Band{X: two, Low: two}, "want equally many"},
		{Band{X: two, Low: two, High: []float64{1, nan}}, "High[1] is NaN"},
		{Blocks{}, "no boxes"},
		{Segments{From: p}, "want equally many"},
		{Arrows{}, "want equally many and at least 1"},
		{Diagram{}, "no nodes"},
		{Diagram{Nodes: []Node{{}}, Edges: []Edge{{}}}, "want two different ones"},
		{Diagram{Nodes: []Node{{}}, Plates: []Plate{{}}}, "plate 0 has no area"},
	} {
		_, err := c.m.Shapes(window)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one with %q", c.m, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: the error is not one sentence", c.m)
		}
	}
}

// What a mark cannot know of itself (NaN in a block or an arrow) the layout finds.
func TestLayoutRefusesNaN(t *testing.T) {
	for _, m := range []Mark{
		Blocks{At: []Box{{Max: Point{1, math.NaN()}}}},
		Arrows{From: []Point{{}}, To: []Point{{math.Inf(1), 0}}},
		Segments{From: []Point{{}}, To: []Point{{math.NaN(), 0}}},
	} {
		if _, err := layout(Figure{View: window, Marks: []Mark{m}}); err == nil || !strings.Contains(err.Error(), "want finite numbers") {
			t.Errorf("%+v: error %v", m, err)
		}
	}
}

// Every datum is counted once, the split parts add up to the bar, and a density has area 1.
func TestBarsCount(t *testing.T) {
	data := []float64{0, 0.1, 0.5, 0.5, 0.9, 1}
	share := []float64{0, 1, 0.25, 0.25, 1, 0.5}
	_, low, high, err := Bars{Data: data, Share: share, Bins: 4}.heights()
	if err != nil {
		t.Fatal(err)
	}
	if want := [4]float64{2, 0, 2, 2}; [4]float64{low[0] + high[0], low[1] + high[1], low[2] + high[2], low[3] + high[3]} != want {
		t.Errorf("%v + %v, want %v", low, high, want)
	}
	if high[2] != 0.5 || high[3] != 1.5 {
		t.Errorf("upper parts %v, want the sums of Share", high)
	}
	edges, low, _, _ := Bars{Data: data, Density: true}.heights()
	total := 0.0
	for i := range low {
		total += low[i] * (edges[i+1] - edges[i])
	}
	if math.Abs(total-1) > 1e-12 {
		t.Errorf("the density has area %v", total)
	}
	if edges, _, _, err := (Bars{Data: []float64{3, 3}}).heights(); err != nil || edges[0] >= edges[len(edges)-1] {
		t.Errorf("equal data give edges %v (%v)", edges, err)
	}
}

// The parts of a signed area have the integral of the function as their difference.
func TestAreaIsTheIntegral(t *testing.T) {
	v := View{X: Interval{0, 3 * math.Pi / 2}, Y: Interval{-1, 1}}
	shapes, err := Area{F: math.Sin}.Shapes(v)
	if err != nil {
		t.Fatal(err)
	}
	sum := func(p *Path) (a float64) {
		for _, r := range p.Lines {
			a += math.Abs(area(r))
		}
		return a
	}
	above, below := sum(shapes[0].(*Path)), sum(shapes[1].(*Path))
	if math.Abs(above-2) > 2e-3 || math.Abs(below-1) > 2e-3 {
		t.Errorf("areas %v above and %v below, want 2 and 1", above, below)
	}
}

// A step line keeps each value until the next x, and never tweens.
func TestStepLine(t *testing.T) {
	shapes, _ := Line{X: []float64{0, 1, 2}, Y: []float64{5, 6, 7}, Step: true}.Shapes(window)
	p := shapes[0].(*Path)
	want := []Point{{0, 5}, {1, 5}, {1, 6}, {2, 6}, {2, 7}}
	if len(p.Lines[0]) != len(want) || !p.Still {
		t.Fatalf("%v (still %v), want %v", p.Lines[0], p.Still, want)
	}
	for i := range want {
		if p.Lines[0][i] != want[i] {
			t.Errorf("%v, want %v", p.Lines[0], want)
		}
	}
}

// Names stand inside their panels, on nothing that is written there, and stay where they are from frame to frame.
func TestNames(t *testing.T) {
	m := Movie{Len: 12, Frame: func(i int) Picture {
		shift := float64(i) / 100
		return Figure{Title: "T", View: View{X: Interval{-4, 4}, Y: Interval{0, 0.7}}, Marks: []Mark{
			Curve{F: bell(0, 1), Name: "the target"}, Curve{F: bell(0.3+shift, 0.7), Name: "the approximation"},
			Rule{At: 1, Upright: true, Name: "a rule"}, Text{Text: "a note", At: Point{0.02, 0.98}, InBox: true, AlignX: 1, AlignY: -1},
		}}
	}}
	r, err := layoutMovie(m)
	if err != nil {
		t.Fatal(err)
	}
	ts := newTypesetter()
	before := map[string]Box{}
	for i, s := range r.Scenes {
		pn := s.Panels[0]
		fr := pn.frame()
		var boxes []Box
		for _, sh := range pn.Shapes {
			l, ok := sh.(*Label)
			if !ok {
				continue
			}
			b, err := l.place(fr, ts)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range boxes {
				if b.Min.X < o.Max.X && o.Min.X < b.Max.X && b.Min.Y < o.Max.Y && o.Min.Y < b.Max.Y {
					t.Errorf("frame %d: %q stands on another label", i, l.Text)
				}
			}
			boxes = append(boxes, b)
			if b.Min.X < fr.x0 || b.Max.X > fr.x1 || b.Max.Y > fr.y1 {
				t.Errorf("frame %d: %q leaves the panel", i, l.Text)
			}
			if o, ok := before[l.Text]; ok && math.Hypot(o.Min.X-b.Min.X, o.Min.Y-b.Min.Y) > 30 {
				t.Errorf("frame %d: %q jumps from %v to %v", i, l.Text, o.Min, b.Min)
			}
			before[l.Text] = b
		}
		if len(boxes) != 4 {
			t.Errorf("frame %d: %d labels, want 4", i, len(boxes))
		}
	}
}

// An accent stands over its letter and takes no room.
func TestAccents(t *testing.T) {
	ts := newTypesetter()
	plain, _ := ts.width("λ", 10, false)
	hat, err := ts.width("λ̂", 10, false)
	if err != nil || hat != plain {
		t.Errorf("λ̂ is %v wide and λ %v (%v)", hat, plain, err)
	}
}

// A frame as a picture of its own stands in the windows of the whole movie, and looks as it does there.
func TestMovieStill(t *testing.T) {
	m := Movie{Len: 3, Frame: func(i int) Picture {
		x := []float64{0, float64(i + 1)}
		return Figure{Title: "grows", Caption: "frame", Numbers: "n", Marks: []Mark{Line{X: x, Y: x, Name: "path"}, Text{Text: "start", At: Point{0.1, 0}}}}
	}}
	r, err := layoutMovie(m)
	if err != nil {
		t.Fatal(err)
	}
	first, err := layout(m.Still(0))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := first.Panels[0].View.X, r.Scenes[0].Panels[0].View.X; got != want || first.Alt != r.Scenes[0].Alt {
		t.Errorf("window %v and words %q, want those of the movie's frame: %v and %q", got, first.Alt, want, r.Scenes[0].Alt)
	}
	if alt := (Movie{Len: 1, Frame: func(int) Picture { return Figure{} }}).Still(0).Alt(); !strings.Contains(alt, "could not be drawn") {
		t.Errorf("a movie that cannot be laid out says %q", alt)
	}
	blank := mustLayout(t, Blank(m, "start"))
	if len(blank.Panels[0].Shapes) != 1 || blank.Caption+blank.Numbers != "" || blank.Panels[0].View.X != r.Scenes[2].Panels[0].View.X {
		t.Errorf("the blank form holds %d shapes, want the text alone, in the movie's window", len(blank.Panels[0].Shapes))
	}
	defer func() {
		if said := recover(); said != "vizlib: Movie.Still: frame 3 of 3, want 0…2" {
			t.Errorf("a frame too many: %v", said)
		}
	}()
	m.Still(3)
}
