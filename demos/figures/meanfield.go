package figures

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/vizlib"
)

// MeanFieldStaircase is the movie of mean field on a correlated Gaussian, a frame for each half-step.
//
// On the left, with circles that look round: the target p (grey, the regions that hold 50 % and 95 %), q as rings
// around the same masses, and the staircase of its means. Each leg ends on a line: a level one on E[θ₁|θ₂], an
// upright one on E[θ₂|θ₁]. Beside the axes stand the marginals, on which q is too narrow. On the right: what is
// left of KL(q‖p) above its floor, and the width of q against the correlation.
//
// The target has two dimensions and is normalised; the trace is that of cavi.Gaussian on it, with half-steps.
func MeanFieldStaircase(p kl.Gaussian, tr fit.Trace[cavi.GaussianFactors]) vizlib.Movie {
	s := newStaircase(p, tr)
	return vizlib.Movie{Len: len(s.steps), Frame: s.frame, Hold: s.hold}
}

// staircase is what all frames of MeanFieldStaircase share.
type staircase struct {
	plane
	steps []fit.Step[cavi.GaussianFactors]
	floor float64 // the least KL(q‖p) of the family, −½ ln(1 − ρ²), in nats
	least float64 // nats above the floor at which the log axis ends
}

func newStaircase(p kl.Gaussian, tr fit.Trace[cavi.GaussianFactors]) *staircase {
	if len(tr.Steps) == 0 {
		panic("figures: MeanFieldStaircase: the trace has no steps, want at least its start")
	}
	s := &staircase{plane: newPlane("MeanFieldStaircase", p), steps: tr.Steps}
	s.floor = -0.5 * math.Log1p(-s.rho*s.rho)
	const deepest = 1e-6 // nobody needs to see less
	s.least = math.Inf(1)
	for i := range s.steps {
		s.least = min(s.least, max(s.above(i), deepest))
	}
	return s
}

// above is how far step i is above the floor, in nats.
func (s *staircase) above(i int) float64 { return -s.steps[i].Value - s.floor }

func (s *staircase) frame(i int) vizlib.Picture {
	q := s.steps[i].Q.Gaussian()
	main := s.panel()
	main.Marks = append(main.Marks, s.conditionals()...)
	main.Marks = append(main.Marks, rings(q, "q", vizlib.Style{Ink: vizlib.Q, Width: 4})...)
	main.Marks = append(main.Marks, s.stairs(i)...)
	return vizlib.Grid{
		Title:   "Mean field on a correlated Gaussian",
		Caption: s.caption(i),
		Numbers: fmt.Sprintf("KL(q‖p) %.3f nats, floor %.3f", -s.steps[i].Value, s.floor),
		Cells: append(s.withMargins(main, q),
			vizlib.Cell{At: vizlib.Rect{.585, .53, .39, .29}, Figure: s.fallPanel(i)},
			vizlib.Cell{At: vizlib.Rect{.585, .10, .39, .26}, Figure: widthPanel(s.rho)},
		),
	}
}

// caption says what just moved and, on the last frame, what the width costs.
func (s *staircase) caption(i int) string {
	st := s.steps[i]
	head := "ρ = " + signed(s.rho, decimals(s.rho))
	switch {
	case i == 0:
		return head + " · the start"
	case i == len(s.steps)-1:
		return fmt.Sprintf("%s · its 90 %% interval holds %.0f %%", head, 100*coverage(s.rho))
	case st.Update == "":
		return fmt.Sprintf("%s · sweep %d", head, st.Sweep)
	}
	return fmt.Sprintf("%s · sweep %d · %s moved", head, st.Sweep, st.Update)
}

// coverage is the mass of the exact marginal in q's central 90 % interval: q's sd is √(1 − ρ²) of the exact one.
func coverage(rho float64) float64 {
	z := distuv.UnitNormal.Quantile(0.95) * math.Sqrt(1-rho*rho)
	return 2*distuv.UnitNormal.CDF(z) - 1
}

func (s *staircase) hold(i int) time.Duration {
	const slow = 6
	switch {
	case i == len(s.steps)-1:
		return 3 * time.Second
	case i < slow:
		return 1200 * time.Millisecond
	}
	return 500 * time.Millisecond
}

// stairs is the path of the means up to frame i, with a ring after q(θ₁) and a square after q(θ₂).
func (s *staircase) stairs(i int) []vizlib.Mark {
	var path, first, second []vizlib.Point
	for j := range i + 1 {
		m := s.steps[j].Q.Mean
		at := vizlib.Point{X: m[0], Y: m[1]}
		path = append(path, at)
		switch s.steps[j].Update {
		case "q(θ₁)":
			first = append(first, at)
		case "q(θ₂)":
			second = append(second, at)
		}
	}
	style := vizlib.Style{Ink: vizlib.Path1, Width: 3, Dash: vizlib.Solid, Casing: true}
	x, y := coordinates(path)
	marks := []vizlib.Mark{jumping{vizlib.Line{X: x, Y: y, Name: "the means of q", Key: "stairs", Style: style}}}
	dots := func(at []vizlib.Point, g vizlib.Glyph, size float64, name string) {
		if len(at) > 0 {
			x, y := coordinates(at)
			marks = append(marks, jumping{vizlib.Dots{X: x, Y: y, Glyph: g, Size: size, Name: name, Key: name, Style: style}})
		}
	}
	dots(path[:1], vizlib.Disc, 9, "start")
	dots(first, vizlib.Ring, 9, "after q(θ₁)")
	dots(second, vizlib.Square, 8, "after q(θ₂)")
	return marks
}

// fallPanel is what is left above the floor after each half-step, on a log axis.
func (s *staircase) fallPanel(i int) vizlib.Figure {
	sweeps := float64(s.steps[len(s.steps)-1].Sweep)
	end := max(sweeps, 1)
	f := vizlib.Figure{X: "sweeps", Title: "nats above the floor", View: vizlib.View{
		X:    vizlib.Interval{Min: -.02 * end, Max: 1.02 * end},
		Y:    vizlib.Interval{Min: s.least / 1.5, Max: 12 * max(s.above(0), 2*s.least)},
		LogY: true, XTicks: sweepTicks(end), Legend: vizlib.NoLegend,
	}}
	var x, y []float64
	for j := range i + 1 {
		st := s.steps[j]
		at := float64(st.Sweep)
		if st.Update == "q(θ₁)" {
			at -= 0.5
		}
		x, y = append(x, at), append(y, max(s.above(j), s.least))
	}
	f.Marks = append(f.Marks, vizlib.Line{X: x, Y: y, Step: true, Name: "above the floor", Unit: "nats", Key: "fall",
		Style: vizlib.Style{Ink: vizlib.Gap, Width: 3.5}})
	if s.rho != 0 {
		f.Marks = append(f.Marks, vizlib.Text{Text: fmt.Sprintf("× ρ⁴ = %.3f a sweep", math.Pow(s.rho, 4)), At: vizlib.Point{X: .98, Y: .76},
			InBox: true, AlignX: -1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.Gap}})
	}
	return f
}
