package vizlib

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
)

// bell is an Explorer of a Gaussian's mean and sd.
func bellExplorer() Explorer {
	return Explorer{
		Sliders: []Slider{
			{Name: "mean", Values: []float64{-1, 0, 1, 2}, Start: 1},
			{Name: "sd", Values: []float64{0.5, 1, 2}, Start: 2, Unit: "m"},
			{Name: "scale", Values: []float64{1, 2}},
		},
		Frame: func(v []float64) Picture {
			return Figure{Title: "Bell", Numbers: fmt.Sprintf("%g %g %g", v[0], v[1], v[2]), View: View{X: Interval{-5, 5}}, Marks: []Mark{
				Curve{F: func(x float64) float64 { z := (x - v[0]) / v[1]; return v[2] * math.Exp(-z*z/2) }, Name: "q", Style: Style{Ink: Q}},
			}}
		},
	}
}

// Every combination of stops leads to its own picture, and neighbours on the road differ by one step of one slider.
func TestExplorerHasEveryPicture(t *testing.T) {
	e := bellExplorer()
	d, r := figureDataOf(t, e)
	place := 0
	for _, a := range e.Sliders[0].Values {
		for _, b := range e.Sliders[1].Values {
			for _, c := range e.Sliders[2].Values {
				s := r.Scenes[d.Tour.Scenes[place]]
				if want := fmt.Sprintf("%g %g %g", a, b, c); s.Numbers != want {
					t.Errorf("place %d shows %q, want %q", place, s.Numbers, want)
				}
				place++
			}
		}
	}
	for k := 1; k < len(r.Scenes); k++ {
		steps := 0
		before, now := e.stops(k-1, len(r.Scenes)), e.stops(k, len(r.Scenes))
		for j := range now {
			steps += max(now[j]-before[j], before[j]-now[j])
		}
		if steps != 1 {
			t.Errorf("from picture %d to %d there are %d steps, want 1", k-1, k, steps)
		}
	}
	if got := r.still().Numbers; got != "0 2 1" {
		t.Errorf("the still shows %q, want the start of all sliders", got)
	}
	if d.Tour.Sliders[1].Labels[0] != "0.5 m" || d.Tour.Sliders[0].Labels[0] != "−1" {
		t.Errorf("the labels are %v and %v", d.Tour.Sliders[0].Labels, d.Tour.Sliders[1].Labels)
	}
}

func TestStopsAreShort(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{[]float64{-3, -2.6842105263, -2.3684210526}, "−3 −2.68 −2.37"},
		{[]float64{0.9, 0.95, 0.99, 0.995}, "0.9 0.95 0.99 0.995"},
		{[]float64{0, 1.0 / 3, 2.0 / 3, 1}, "0 0.33 0.67 1"},
		{[]float64{1e-3, 1e-2, 31.6227766}, "0.001 0.01 32"},
		{[]float64{1.0 / 3}, "0.3333333333"},
	} {
		s := Slider{Values: c.values}
		var got []string
		for _, v := range c.values {
			got = append(got, plain(s.short(v)))
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("the stops of %v read %s, want %s", c.values, g, c.want)
		}
	}
}

func TestExplorerIsAPicture(t *testing.T) {
	var page, img bytes.Buffer
	for _, p := range []Picture{bellExplorer(), &[]Explorer{bellExplorer()}[0]} {
		if err := p.HTML(&page); err != nil {
			t.Fatal(err)
		}
		if err := p.PNG(&img); err != nil {
			t.Fatal(err)
		}
		if a := p.Alt(); !strings.Contains(a, "mean from −1 to 2") || !strings.Contains(a, "0 2 1") {
			t.Errorf("Alt is %q, want the sliders and the start", a)
		}
	}
}

func TestExplorerRefuses(t *testing.T) {
	frame := bellExplorer().Frame
	long := make([]float64, 50)
	for name, e := range map[string]Explorer{
		"no frame":    {Sliders: []Slider{{Values: []float64{1}}}},
		"no sliders":  {Frame: frame},
		"no values":   {Frame: frame, Sliders: []Slider{{}}},
		"bad start":   {Frame: frame, Sliders: []Slider{{Values: []float64{1}, Start: 1}}},
		"NaN":         {Frame: frame, Sliders: []Slider{{Values: []float64{math.NaN()}}}},
		"too many":    {Frame: frame, Sliders: []Slider{{Values: long}, {Values: long}}},
		"bad picture": {Sliders: []Slider{{Values: []float64{1}}}, Frame: func([]float64) Picture { return nil }},
	} {
		if err := e.HTML(&bytes.Buffer{}); err == nil || !strings.Contains(e.Alt(), "could not be drawn") {
			t.Errorf("%s: the error is %v and Alt %q", name, err, e.Alt())
		}
	}
}
