package figures

import (
	"fmt"
	"math"
	"time"

	"elboroom/kl"
	"elboroom/vizlib"
)

// ElboFunctional is the movie of a functional: a function goes in, a number comes out, a frame for each q.
//
// On the left the function q, above the joint p(x, ·), whose area is the evidence; in the middle what the functional
// makes of it, the signed area under q ln(p(x, ·)/q), which is the ELBO; on the right the number. Bend q, and the area
// changes; it is largest where q has the shape of the joint, and then it is the log evidence.
func ElboFunctional(joint func(z float64) float64, logEvidence float64, window vizlib.Interval, qs ...kl.Gaussian) vizlib.Movie {
	if len(qs) == 0 {
		panic("figures: ElboFunctional: there is no q, want at least 1")
	}
	s := &bending{joint: joint, ln: logEvidence, z: window, qs: qs, values: make([]float64, len(qs))}
	low := logEvidence
	for i, q := range qs {
		if q.Dim() != 1 {
			panic(fmt.Sprintf("figures: ElboFunctional: q %d has %d dimensions, want 1", i, q.Dim()))
		}
		d, _ := kl.Quad(density(q), func(z float64) float64 { return math.Log(joint(z)) }, math.Inf(-1), math.Inf(1))
		s.values[i] = -d
		low = min(low, -d)
		s.top = max(s.top, height(q))
	}
	depth := max(logEvidence-low, 1)
	s.scale = vizlib.Interval{Min: low - .1*depth, Max: logEvidence + .2*depth}
	for i := range 201 {
		z := window.Min + (window.Max-window.Min)*float64(i)/200
		s.top = max(s.top, joint(z))
		for _, q := range qs {
			v := s.integrand(q)(z)
			s.area.Min, s.area.Max = min(s.area.Min, v), max(s.area.Max, v)
		}
	}
	pad := .12 * (s.area.Max - s.area.Min)
	s.area = vizlib.Interval{Min: s.area.Min - pad, Max: s.area.Max + 3*pad}
	return vizlib.Movie{Len: len(qs), Frame: s.frame, Hold: func(i int) time.Duration {
		if i == 0 || i == len(qs)-1 {
			return 2 * time.Second
		}
		return 350 * time.Millisecond
	}}
}

// bending is what all frames of ElboFunctional share.
type bending struct {
	joint  func(z float64) float64
	ln     float64
	z      vizlib.Interval
	qs     []kl.Gaussian
	values []float64 // the ELBO of each q
	top    float64
	area   vizlib.Interval
	scale  vizlib.Interval
}

func (s *bending) integrand(q kl.Gaussian) func(z float64) float64 {
	ln := density(q)
	return func(z float64) float64 {
		p := math.Exp(ln(z))
		if p == 0 {
			return 0
		}
		return p * (math.Log(s.joint(z)) - ln(z))
	}
}

func (s *bending) frame(i int) vizlib.Picture {
	q, value := s.qs[i], s.values[i]
	in := vizlib.Figure{Title: "in: a function q", Caption: "grey: p(x, z), whose area is p(x)", X: "z", View: vizlib.View{X: s.z, Y: vizlib.Interval{Max: 1.35 * s.top}, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{
			vizlib.Curve{F: s.joint, Name: "p(x, z)", Key: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: .45, Width: 1}},
			vizlib.Curve{F: density(q).at, Name: "q(z)", Key: "q", Style: vizlib.Style{Ink: vizlib.Q, Width: 4}},
			vizlib.Text{Text: "q", At: vizlib.Point{X: q.Mean[0], Y: height(q) + .03*s.top}, AlignY: 1, Bold: true, Key: "q/name", Style: vizlib.Style{Ink: vizlib.Q}},
		}}
	work := vizlib.Figure{Title: "the area under q ln(p/q)", X: "z", View: vizlib.View{X: s.z, Y: s.area, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{
			vizlib.Area{F: s.integrand(q), Name: "q ln(p(x, z)/q)", Unit: "nats per unit of z", Key: "area", Style: vizlib.Style{Ink: vizlib.Bound, Width: 2, Dash: vizlib.Solid}},
			zeroLine(),
		}}
	const gap = .04 // of the axis, between the bar's end and the number
	tall := s.scale.Max - s.scale.Min
	number := vizlib.Text{Text: signed(value, 2), At: vizlib.Point{X: .5, Y: value - gap*tall}, AlignY: -1, Bold: true, Size: 16, Key: "value"}
	if value < s.scale.Min+.15*tall { // no room in the bar
		number.At.Y, number.AlignY = value+gap/2*tall, 1
	}
	out := vizlib.Figure{Title: "out: ELBO", Y: "nats", View: vizlib.View{X: vizlib.Interval{Max: 1}, Y: s.scale, XTicks: []vizlib.Tick{}, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{
			vizlib.Rule{At: s.ln, Name: "log evidence", Unit: "nats", Key: "evidence", Style: vizlib.Style{Ink: vizlib.Exact, Width: 3.5}},
			vizlib.Blocks{At: []vizlib.Box{{Min: vizlib.Point{X: .12, Y: s.scale.Min}, Max: vizlib.Point{X: .88, Y: value}}}, Name: "ELBO", Unit: "nats", Key: "bar", Style: vizlib.Style{Ink: vizlib.Bound, Fill: .85}},
			number,
		}}
	return vizlib.Grid{
		Title:   "A functional: a function goes in, a number comes out",
		Caption: fmt.Sprintf("q = N(%s, %.2f²)", fixed(q.Mean[0], 2), q.Sd(0)),
		Numbers: fmt.Sprintf("ELBO %s, log evidence %s nats", signed(value, 2), signed(s.ln, 2)),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.04, .12, .34, .71}, Figure: in},
			{At: vizlib.Rect{.42, .12, .34, .71}, Figure: work},
			{At: vizlib.Rect{.85, .12, .13, .71}, Figure: out},
		},
	}
}
