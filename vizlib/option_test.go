package vizlib

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// threeCurves is a movie as lessons have it: three curves of which one stays, dots, and words that change.
func threeCurves(n int) Movie {
	bell := func(m, s float64) func(float64) float64 {
		return func(x float64) float64 { z := (x - m) / s; return math.Exp(-z*z/2) / (s * math.Sqrt(2*math.Pi)) }
	}
	return Movie{Len: n, Frame: func(i int) Picture {
		t := float64(i) / float64(max(n-1, 1))
		return Figure{
			Title: "Two bumps", Caption: fmt.Sprintf("sweep %d", i), Numbers: fmt.Sprintf("gap %.2f nats", 4-3*t),
			X: "μ", Y: "density", View: View{X: Interval{-5, 5}},
			Marks: []Mark{
				Curve{F: bell(0, 1), Name: "p", Style: Style{Ink: P, Fill: 0.3}},
				Curve{F: bell(-2+4*t, 0.5+t/2), Name: "q(μ₁)", Style: Style{Ink: One, Fill: 0.15}},
				Curve{F: bell(3-2*t, 0.7), Name: "q(μ₂)", Unit: "per unit", Style: Style{Ink: Two, Fill: 0.15, Hatch: true}},
				Dots{X: []float64{-2, -1, 0.3, 2}, Y: []float64{0.1, 0.1 + t/10, 0.1, 0.1}, Name: "data", Size: 9},
			},
		}
	}}
}

// zoo is a still picture with every kind of shape, a log axis, a legend's box and shared axes.
func zoo() Grid {
	bumps := func(x, y float64) float64 { return math.Exp(-(x-1)*(x-1)-y*y) + math.Exp(-(x+1)*(x+1)-2*y*y) }
	return Grid{Title: "Zoo", Caption: "left", Numbers: "right", Cells: []Cell{
		{At: Rect{0.06, 0.55, 0.4, 0.28}, ShareX: "x", Figure: Figure{Title: "log", Y: "nats", View: View{LogY: true}, Marks: []Mark{
			Line{X: []float64{0, 1, 2, 3}, Y: []float64{100, 5, 0.3, 0.01}, Step: true, Name: "gap", Unit: "nats", Style: Style{Ink: Gap}},
		}}},
		{At: Rect{0.06, 0.12, 0.4, 0.3}, ShareX: "x", Figure: Figure{X: "sweeps", View: View{Axes: BottomOnly}, Marks: []Mark{
			Bars{Edges: []float64{0, 1, 2, 3}, Counts: []float64{2, 1, 3}, Upper: []float64{1, 0, 1}, Name: "counts", Style: Style{Ink: One, Ink2: Two}},
			Text{Text: "▼ −224", At: Point{0.5, 0.9}, InBox: true},
		}}},
		{At: Rect{0.56, 0.12, 0.4, 0.7}, Figure: Figure{X: "μ₁", Y: "μ₂", View: View{Equal: true, X: Interval{-3, 3}, Y: Interval{-3, 3}, Legend: LegendBox}, Marks: []Mark{
			Heat{F: bumps, N: 9, Name: "density", Style: Style{Ink: Q}},
			Contour{F: bumps, Masses: []float64{0.5}, N: 21, Name: "half the mass", Style: Style{Ink: P, Fill: 0.2}},
			Dots{X: []float64{-1, 1}, Y: []float64{0, 0}, Glyph: Ring, Shade: []float64{0, 1}, Name: "modes", Style: Style{Ink: One, Ink2: Two}},
			Dots{X: []float64{0}, Y: []float64{2}, Glyph: Down},
			Arrows{From: []Point{{0, 0}}, To: []Point{{1, 1}}},
		}}},
	}}
}

func figureDataOf(t *testing.T, p Picture) (figureData, reel) {
	t.Helper()
	r, err := reelOf(p, sheet{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := figureOf(r, lightTheme(), newTypesetter())
	if err != nil {
		t.Fatal(err)
	}
	return d, r
}

func TestOptionGolden(t *testing.T) {
	for name, p := range map[string]Picture{"zoo": zoo(), "movie": threeCurves(3)} {
		t.Run(name, func(t *testing.T) {
			d, _ := figureDataOf(t, p)
			text, err := json.MarshalIndent(d.Option, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "option-"+name+".json")
			if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(append(text, '\n'), want) {
				t.Errorf("the option differs from %s; look at the page, then go test ./vizlib -update", path)
			}
		})
	}
}

// Added up, the differences must give each frame as it would be written alone.
func TestFramesAddUp(t *testing.T) {
	m := threeCurves(6)
	whole := m.Frame
	m.Frame = func(i int) Picture { // a mark that comes and goes, in the middle of the order
		f := whole(i).(Figure)
		if i%2 == 1 {
			f.Marks = append(f.Marks[:1:1], append([]Mark{Rule{At: float64(i), Upright: true, Key: "now"}}, f.Marks[1:]...)...)
		}
		return f
	}
	d, r := figureDataOf(t, m)
	states := make([]map[string]json.RawMessage, len(d.Marks))
	for f, frame := range d.Frames {
		for _, raw := range frame.Marks {
			var change []json.RawMessage
			var i int
			if err := json.Unmarshal(raw, &change); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(change[0], &i); err != nil {
				t.Fatal(err)
			}
			if string(change[1]) == "null" {
				states[i] = nil
				continue
			}
			next := map[string]json.RawMessage{}
			for k, v := range states[i] {
				next[k] = v
			}
			if err := json.Unmarshal(change[1], &next); err != nil {
				t.Fatal(err)
			}
			states[i] = next
		}
		pn := r.Scenes[f].Panels[0]
		var want, got []string
		for _, s := range pn.Shapes {
			_, state, err := stateOf(s, &pn, lightTheme())
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, string(mustJSON(fields(&state))))
		}
		for _, s := range states {
			if s == nil {
				continue
			}
			for k, v := range s {
				if string(v) == "null" {
					delete(s, k)
				}
			}
			got = append(got, string(mustJSON(s)))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("frame %d: the differences add up to %d marks unlike the frame's %d", f, len(got), len(want))
		}
	}
	if d.Frames[0].Hold != (700*time.Millisecond).Milliseconds() || d.Frames[5].Hold != 2000 {
		t.Errorf("holds are %d and %d ms, want 700 and 2000", d.Frames[0].Hold, d.Frames[5].Hold)
	}
	if d.Frames[1].Words == nil || d.Frames[1].Words.Caption != "sweep 1" {
		t.Errorf("frame 1 says %+v, want its own caption", d.Frames[1].Words)
	}
}

func TestPackedPlaces(t *testing.T) {
	pn := panel{At: Rect{0.1, 0.2, 0.5, 0.6}, View: View{X: Interval{-3, 7}, Y: Interval{1e-3, 1e2}, LogY: true}}
	fr := pn.frame()
	var line []Point
	for i := range 200 {
		line = append(line, Point{-3 + 0.05*float64(i), math.Exp(math.Sin(float64(i)) * 4)})
	}
	var x, y int64
	for i, v := range (packing{fr}).pack(line...) {
		if i%2 == 0 {
			x += v
			continue
		}
		y += v
		q := fr.point(line[i/2])
		const halfStep = 0.5 / perPoint
		if dx, dy := float64(x)/perPoint-(q.X-fr.x0), float64(y)/perPoint-(q.Y-fr.y0); math.Abs(dx) > halfStep+1e-9 || math.Abs(dy) > halfStep+1e-9 {
			t.Fatalf("point %d lies (%v, %v) pt off, want at most %v", i/2, dx, dy, halfStep)
		}
	}
	far := packing{fr}.pack(Point{1e300, 1e300})
	if far[0] <= 0 || far[0] > 1<<32 {
		t.Errorf("a point far outside is packed as %d, want a large number that JavaScript can hold", far[0])
	}
}

func TestMovieIsSmall(t *testing.T) {
	const budget = 300_000 // bytes beyond the engine, for 40 frames of three curves
	var page bytes.Buffer
	if err := threeCurves(40).HTML(&page); err != nil {
		t.Fatal(err)
	}
	if page.Len() > budget {
		t.Errorf("40 frames take %d bytes, want at most %d", page.Len(), budget)
	}
	const poster = 60_000 // bytes of base64
	r, err := reelOf(zoo(), sheet{})
	if err != nil {
		t.Fatal(err)
	}
	png, err := Output{}.poster(r)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(png) * 4 / 3; n > poster {
		t.Errorf("a poster takes %d bytes, want at most %d", n, poster)
	}
}

func BenchmarkMovieHTML(b *testing.B) {
	m := threeCurves(40)
	for b.Loop() {
		var page bytes.Buffer
		if err := m.HTML(&page); err != nil {
			b.Fatal(err)
		}
	}
}

// A level that nothing reaches is a path without lines: the shell must still find a list.
func TestPathWithoutLines(t *testing.T) {
	for _, s := range []Shape{&Path{}, &Path{Closed: true, Lines: [][]Point{{}}}} {
		pn := panel{At: Rect{0, 0, 1, 1}, View: View{X: Interval{0, 1}, Y: Interval{0, 1}}}
		_, state, err := stateOf(s, &pn, lightTheme())
		if err != nil {
			t.Fatal(err)
		}
		if got := string(fields(&state)["at"]); got != "[]" {
			t.Errorf("its places are %q, want []", got)
		}
	}
}

// Ticks that a figure sets frame by frame must reach to where the longest frame does.
func TestTicksOfTheLongestFrame(t *testing.T) {
	m := Movie{Len: 3, Frame: func(i int) Picture {
		end := []float64{2, 8, 5}[i]
		return Figure{View: View{XTicks: []Tick{{0, "0"}, {end, plain(end)}}}, Marks: []Mark{Line{X: []float64{0, end}, Y: []float64{0, 1}}}}
	}}
	d, _ := figureDataOf(t, m)
	ticks := d.Panels[0].XTicks
	if last := ticks[len(ticks)-1]; last.At != 8 || last.Label != "8" {
		t.Errorf("the axis of a movie over 8 sweeps ends with the tick %v", last)
	}
}
