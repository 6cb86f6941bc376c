package vizlib

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
)

// Explorer is a picture with sliders: a reader moves one and sees what depends on it.
//
// Every combination of stops is a picture of its own, drawn when the Explorer is shown and packed as differences, so
// that a page answers without a network or a kernel. As in a Movie, a window is the union over all pictures unless it
// is set. In still media an Explorer is the picture at its start.
type Explorer struct {
	Sliders []Slider                  // one to four
	Frame   func(v []float64) Picture // a Figure or a Grid at one value of each slider; the same panels everywhere
}

// Slider is one quantity that a reader can change.
type Slider struct {
	Name   string    // such as "ρ"
	Unit   string    // behind the value, such as "nats"
	Values []float64 // its stops, in the order of the slider
	Start  int       // where it stands at first, an index into Values
}

// HTML writes the picture with its sliders for a page on which Setup has put the engine.
func (e Explorer) HTML(w io.Writer) error { return writeHTML(w, e) }

// PNG writes the picture at the start of all sliders.
func (e Explorer) PNG(w io.Writer) error { return writePNG(w, e) }

// Alt says what can be changed, and what the picture shows at the start.
func (e Explorer) Alt() string {
	r, err := e.reel(sheet{})
	if err != nil {
		return alt(e)
	}
	return r.Alt
}

// mostStops is the limit on the number of pictures, which a page holds all.
const mostStops = 2000

// check refuses sliders that cannot be drawn, and counts the pictures.
func (e Explorer) check() (int, error) {
	if e.Frame == nil || len(e.Sliders) == 0 {
		return 0, errors.New("vizlib: Explorer: want a Frame function and at least 1 slider")
	}
	n := 1
	for _, s := range e.Sliders {
		if len(s.Values) == 0 || s.Start < 0 || s.Start >= len(s.Values) {
			return 0, fmt.Errorf("vizlib: Explorer: slider %q has %d values and starts at index %d", s.Name, len(s.Values), s.Start)
		}
		for i, v := range s.Values {
			if err := checkValue(fmt.Sprintf("vizlib: Explorer: slider %q", s.Name), "Values", i, v); err != nil {
				return 0, err
			}
		}
		if n *= len(s.Values); n > mostStops {
			return 0, fmt.Errorf("vizlib: Explorer: its sliders have more than %d combinations; take fewer values", mostStops)
		}
	}
	return n, nil
}

// tour says which scene of an Explorer's reel belongs to which stops.
type tour struct {
	Sliders []sliderData `json:"sliders"`
	Scenes  []int        `json:"scenes"` // by the stops as digits, the last slider running fastest
	start   int          // the scene at the start of all sliders
}

type sliderData struct {
	Name   string   `json:"name"`
	Labels []string `json:"labels"`
	Start  int      `json:"start"`
}

// reel lays out all pictures. Neighbours in it differ by one step of one slider (Gray's reflected code, with digits
// as large as the sliders), so that the differences between them are small.
func (e Explorer) reel(on sheet) (reel, error) {
	n, err := e.check()
	if err != nil {
		return reel{}, err
	}
	t := &tour{Scenes: make([]int, n)}
	for _, s := range e.Sliders {
		d := sliderData{Name: s.Name, Start: s.Start}
		for _, v := range s.Values {
			label := plain(s.short(v))
			if s.Unit != "" {
				label += " " + s.Unit
			}
			d.Labels = append(d.Labels, label)
		}
		t.Sliders = append(t.Sliders, d)
	}
	stops := make([][]int, n)
	for k := range stops {
		stops[k] = e.stops(k, n)
		place, home := 0, true
		for j, s := range e.Sliders {
			place = place*len(s.Values) + stops[k][j]
			home = home && stops[k][j] == s.Start
		}
		t.Scenes[place] = k
		if home {
			t.start = k
		}
	}
	m := Movie{Len: n, Hold: func(int) time.Duration { return holdFrame }, Frame: func(k int) Picture {
		v := make([]float64, len(e.Sliders))
		for j, s := range e.Sliders {
			v[j] = s.Values[stops[k][j]]
		}
		return e.Frame(v)
	}}
	r, err := layoutMovieOn(m, on)
	if err != nil {
		return reel{}, err
	}
	r.tour = t
	var words bytes.Buffer
	words.WriteString("A picture with sliders:")
	for j, s := range t.Sliders {
		if j > 0 {
			words.WriteByte(',')
		}
		fmt.Fprintf(&words, " %s from %s to %s", s.Name, s.Labels[0], s.Labels[len(s.Labels)-1])
	}
	r.Alt = words.String() + ". At first: " + r.still().Alt
	return r, nil
}

// short is v with as few digits as tell it from the other stops: off by at most a fiftieth of the way to the next.
func (s Slider) short(v float64) float64 {
	const part = 50
	gap := math.Inf(1)
	for _, other := range s.Values {
		if other != v {
			gap = min(gap, math.Abs(other-v))
		}
	}
	for digits := 1; digits < 10 && !math.IsInf(gap, 1); digits++ {
		r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
		if err == nil && math.Abs(r-v) <= gap/part {
			return r
		}
	}
	return coarse(v)
}

// stops are the digits of the k-th of n pictures in Gray's reflected code.
func (e Explorer) stops(k, n int) []int {
	digits := make([]int, len(e.Sliders))
	block := n
	for j, s := range e.Sliders {
		size := len(s.Values)
		before := k / block
		block /= size
		digits[j] = k / block % size
		if before%2 == 1 {
			digits[j] = size - 1 - digits[j]
		}
	}
	return digits
}

// explorerOf is the Explorer that p is.
func explorerOf(p Picture) (Explorer, bool) {
	switch p := p.(type) {
	case Explorer:
		return p, true
	case *Explorer:
		if p != nil {
			return *p, true
		}
	}
	return Explorer{}, false
}

// still is the scene that stands for the whole in still media: the start of an Explorer, the end of a movie.
func (r reel) still() scene {
	if r.tour != nil {
		return r.Scenes[r.tour.start]
	}
	return r.Scenes[len(r.Scenes)-1]
}
