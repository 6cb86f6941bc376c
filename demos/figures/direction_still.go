package figures

import (
	"fmt"
	"math"

	"elboroom/fit"
	"elboroom/kl"
	"elboroom/vizlib"
)

// DirectionStill is one target on the line with the Gaussians that end two traces: the forward fit on the left,
// the reverse one on the right, and below each the integrand whose area is its divergence.
//
// A trace without steps leaves its panels blank: p alone, to guess before the answer is shown.
func DirectionStill(p kl.Mixture, forward, reverse fit.Trace[kl.Gaussian]) vizlib.Grid {
	lo, hi := p.Window()
	s := directionStill{p: p, x: vizlib.Interval{Min: lo[0], Max: hi[0]}, forward: lastFit(forward), reverse: lastFit(reverse)}
	s.measure()
	top, bottom := s.column("KL(p‖q) forward", "p ln(p/q)", s.forward, vizlib.Two)
	top2, bottom2 := s.column("KL(q‖p) reverse: VI", "q ln(q/p)", s.reverse, vizlib.Q)
	return vizlib.Grid{
		Title:   "One Gaussian, two directions",
		Caption: s.caption(),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.04, .40, .44, .44}, Figure: top},
			{At: vizlib.Rect{.53, .40, .44, .44}, Figure: top2},
			{At: vizlib.Rect{.04, .10, .44, .25}, Figure: bottom},
			{At: vizlib.Rect{.53, .10, .44, .25}, Figure: bottom2},
		},
	}
}

// lastFit is where a trace ended; a trace without steps is no fit.
func lastFit(tr fit.Trace[kl.Gaussian]) DirectionFit {
	if len(tr.Steps) == 0 {
		return DirectionFit{}
	}
	return DirectionFit{Q: tr.Last().Q, KL: -tr.Last().Value}
}

// directionStill is what the panels of DirectionStill share.
type directionStill struct {
	p                kl.Mixture
	forward, reverse DirectionFit
	x, low, high     vizlib.Interval // the windows: of x, of densities, of integrands
}

// measure finds windows that hold every curve, from values on a grid.
func (s *directionStill) measure() {
	const knots, above, room = 400, 1.35, 1.5
	p := density(s.p)
	var peak, most, least float64
	for i := range knots + 1 {
		x := s.x.Min + (s.x.Max-s.x.Min)*float64(i)/knots
		peak = math.Max(peak, p.at(x))
		for _, f := range []DirectionFit{s.forward, s.reverse} {
			if f.Exists() {
				peak = math.Max(peak, density(f.Q).at(x))
			}
		}
		if s.forward.Exists() {
			v := integrand(p, density(s.forward.Q))(x)
			most, least = math.Max(most, v), math.Min(least, v)
		}
		if s.reverse.Exists() {
			v := integrand(density(s.reverse.Q), p)(x)
			most, least = math.Max(most, v), math.Min(least, v)
		}
	}
	if most == 0 {
		most, least = peak, -peak/3
	}
	s.low = vizlib.Interval{Max: above * peak}
	s.high = vizlib.Interval{Min: above * least, Max: room * most}
}

// column is the panel of densities and the panel of the integrand of one direction.
func (s directionStill) column(title, below string, f DirectionFit, ink vizlib.Ink) (top, bottom vizlib.Figure) {
	p := density(s.p)
	top = densityPanel(title, "", s.x, s.low)
	top.Marks = []vizlib.Mark{targetArea(p)}
	bottom = densityPanel(below, "area = KL", s.x, s.high)
	bottom.View.XTicks = nil
	if f.Exists() {
		top.Caption = fmt.Sprintf("q = N(%.2f, %.2f²)", zeroed(f.Q.Mean[0]), f.Q.Sd(0))
		top.Marks = append(top.Marks, approximationMarks("q", f.Q, ink, s.low)...)
		a, b := p, density(f.Q)
		if ink == vizlib.Q {
			a, b = b, a
		}
		bottom = integrandPanel("area", below, a, b, ink, s.x, s.high)
		bottom.Caption = "area = KL = " + nats(f.KL)
	} else {
		bottom.Marks = []vizlib.Mark{zeroLine()}
	}
	return top, bottom
}

func (s directionStill) caption() string {
	switch {
	case s.forward.Exists() && s.reverse.Exists():
		return fmt.Sprintf("forward %.3f nats · reverse %.3f nats", positive(s.forward.KL), positive(s.reverse.KL))
	case !s.forward.Exists() && !s.reverse.Exists():
		return "where will each direction put its Gaussian?"
	case s.forward.Exists():
		return "where will the reverse direction put its Gaussian?"
	}
	return "where will the forward direction put its Gaussian?"
}

// zeroed is v without the sign of a zero, as a label with two decimals wants it.
func zeroed(v float64) float64 {
	const half = 0.005
	if math.Abs(v) < half {
		return 0
	}
	return v
}
