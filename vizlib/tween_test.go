package vizlib

import (
	"math"
	"testing"
	"time"
)

// A glide lasts as long as the reel, begins and ends with its frames, and lies between them on the way.
func TestGlide(t *testing.T) {
	m := Movie{Len: 3, Frame: func(i int) Picture {
		x := float64(i)
		return Figure{View: View{X: Interval{0, 3}, Y: Interval{0, 3}}, Marks: []Mark{
			Dots{X: []float64{x}, Y: []float64{1}},
			Line{X: []float64{0, 1, 2}, Y: []float64{x, x, x}, Step: true},
			Curve{F: bell(x, 1)},
		}}
	}}
	r, err := layoutMovie(m)
	if err != nil {
		t.Fatal(err)
	}
	scenes, holds := glide(r, 200*time.Millisecond, 50*time.Millisecond)
	var total, want time.Duration
	for _, h := range holds {
		total += h
	}
	for _, h := range r.Holds {
		want += h
	}
	if len(scenes) != 3+2*4 || total != want {
		t.Fatalf("%d scenes of %v, want 11 of %v", len(scenes), total, want)
	}
	last := -1.0
	for i, s := range scenes {
		dots := s.Panels[0].Shapes[0].(*Points)
		if dots.At[0].X <= last {
			t.Errorf("scene %d: the dot stands at %v after %v", i, dots.At[0].X, last)
		}
		last = dots.At[0].X
		step := s.Panels[0].Shapes[1].(*Path)
		if y := step.Lines[0][0].Y; y != math.Trunc(y) {
			t.Errorf("scene %d: a step line glides, to %v", i, y)
		}
	}
	if none, _ := glide(r, 0, gifStep); len(none) != 3 {
		t.Errorf("%d scenes without easing, want 3", len(none))
	}
	half := tween(r.Scenes[0], r.Scenes[1], 0.5).Panels[0].Shapes[2].(*Path).Lines[0]
	if !(half[0].X == 0 && half[len(half)-1].X == 3) {
		t.Errorf("half-way the curve runs from %v to %v, want 0 to 3", half[0].X, half[len(half)-1].X)
	}
}
