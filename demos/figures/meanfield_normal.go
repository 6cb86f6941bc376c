package figures

import (
	"fmt"
	"math"
	"time"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/vizlib"
)

// MeanFieldNormal is the movie of mean field on a Gaussian with unknown mean and precision, a frame for each
// half-step: Bishop, PRML (2006), fig. 10.4.
//
// On the left, in the plane of the mean μ and the precision τ: the exact posterior (grey, the regions that hold
// 50 % and 95 %), and q(μ)q(τ) as lines around the same masses, whose axes cannot tilt; beside the axes the
// marginals. On the right: the ELBO after each half-step below the exact log evidence.
func MeanFieldNormal(tr fit.Trace[cavi.NormalFactors], post exact.NormalPosterior) vizlib.Movie {
	if len(tr.Steps) == 0 {
		panic("figures: MeanFieldNormal: the trace has no steps, want at least its start")
	}
	s := &normalStory{post: post, steps: tr.Steps[:shownNormal(tr.Steps)]}
	s.windows()
	return vizlib.Movie{Len: len(s.steps), Frame: s.frame, Hold: steady(len(s.steps), 1200*time.Millisecond)}
}

// normalStory is what all frames of MeanFieldNormal share.
type normalStory struct {
	post    exact.NormalPosterior
	steps   []fit.Step[cavi.NormalFactors]
	mu, tau vizlib.Interval
	top     [2]float64 // heights of the marginals' panels
	elbo    vizlib.Interval
}

// shownNormal is how many steps are worth a frame: to the end of the sweep after the last that gained anything one
// can see.
func shownNormal(steps []fit.Step[cavi.NormalFactors]) int {
	const visible = 1e-4 // nats
	end := 0
	for i := 1; i < len(steps); i++ {
		if steps[i].Value-steps[i-1].Value >= visible {
			end = i
		}
	}
	for i := end + 1; i < len(steps); i++ {
		if steps[i].Sweep > steps[end].Sweep+1 {
			return i
		}
	}
	return len(steps)
}

func (s *normalStory) windows() {
	const reach, head = 4.0, 1.15
	t, g := s.post.MarginalMu(), s.post.MarginalTau()
	half := reach * t.Sigma
	s.mu = vizlib.Interval{Min: t.Mu - half, Max: t.Mu + half}
	s.tau = vizlib.Interval{Min: max(0, g.Mean()-1.5*reach*g.StdDev()), Max: g.Mean() + reach*g.StdDev()}
	widest := vizlib.Interval{Min: t.Mu - 2.5*half, Max: t.Mu + 2.5*half} // a start further out begins off the page
	s.top = [2]float64{t.Prob(t.Mu), g.Prob(g.Mode())}
	low, high := math.Inf(1), s.post.LogEvidence
	for i, st := range s.steps {
		q := st.Q
		sd := 1 / math.Sqrt(q.Lambda)
		s.mu.Min, s.mu.Max = min(s.mu.Min, max(q.Mu-2.2*sd, widest.Min)), max(s.mu.Max, min(q.Mu+2.2*sd, widest.Max))
		s.top[0] = max(s.top[0], q.MarginalMu().Prob(q.Mu))
		if q.A > 1 {
			s.top[1] = max(s.top[1], q.MarginalTau().Prob(q.MarginalTau().Mode()))
		}
		if i > 0 {
			low = min(low, st.Value)
		}
	}
	s.top[0], s.top[1] = head*s.top[0], head*s.top[1]
	const share = 1.15
	depth := share * max(high-min(low, high), 0.5)
	s.elbo = vizlib.Interval{Min: high - depth, Max: high + 0.12*depth}
}

func (s *normalStory) frame(i int) vizlib.Picture {
	st := s.steps[i]
	what := "the start"
	switch {
	case i == len(s.steps)-1 && i > 0:
		what = fmt.Sprintf("sweep %d · settled · E[τ] is exact, the sd of μ %.2f of the exact", st.Sweep, s.width(st.Q))
	case st.Sweep > 0:
		what = fmt.Sprintf("sweep %d · %s moved", st.Sweep, st.Update)
	}
	return vizlib.Grid{
		Title:   "Unknown mean and precision: q(μ) q(τ)",
		Caption: what,
		Numbers: fmt.Sprintf("ELBO %s  gap %.3f nats", signed(st.Value, 2), s.post.LogEvidence-st.Value),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.07, .10, .38, .55}, Figure: s.planePanel(st.Q)},
			{At: vizlib.Rect{.07, .67, .38, .17}, Figure: s.muPanel(st.Q)},
			{At: vizlib.Rect{.46, .10, .09, .55}, Figure: s.tauPanel(st.Q)},
			{At: vizlib.Rect{.68, .14, .295, .70}, Figure: s.climbPanel(i)},
		},
	}
}

// width is the sd of q(μ) in units of the exact marginal's.
func (s *normalStory) width(q cavi.NormalFactors) float64 {
	return q.MarginalMu().Sigma / s.post.MarginalMu().StdDev()
}

func (s *normalStory) planePanel(q cavi.NormalFactors) vizlib.Figure {
	masses := []float64{halfMass, mostMass}
	return vizlib.Figure{X: "mean μ", Y: "precision τ", View: vizlib.View{X: s.mu, Y: s.tau, Legend: vizlib.NoLegend}, Marks: []vizlib.Mark{
		vizlib.Contour{F: s.post.Density, Masses: masses, Name: "exact posterior", Key: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: .35, Width: 1}},
		vizlib.Contour{F: q.Density, Masses: masses, Name: "q(μ)q(τ)", Key: "q", Style: vizlib.Style{Ink: vizlib.Q, Width: 3.5, Dash: vizlib.Solid}},
	}}
}

func (s *normalStory) muPanel(q cavi.NormalFactors) vizlib.Figure {
	return s.margin(vizlib.View{X: s.mu, Y: vizlib.Interval{Max: s.top[0]}}, false, s.post.MarginalMu().Prob, q.MarginalMu().Prob)
}

func (s *normalStory) tauPanel(q cavi.NormalFactors) vizlib.Figure {
	positive := func(f func(float64) float64) func(float64) float64 {
		const least = 1e-9 // the density of a Gamma at 0 may be infinite
		return func(x float64) float64 { return f(max(x, least)) }
	}
	return s.margin(vizlib.View{X: vizlib.Interval{Max: s.top[1]}, Y: s.tau}, true, positive(s.post.MarginalTau().Prob), positive(q.MarginalTau().Prob))
}

// margin is an exact marginal, grey, under the approximate one.
func (s *normalStory) margin(v vizlib.View, sideways bool, p, q func(float64) float64) vizlib.Figure {
	v.Axes, v.Legend = vizlib.NoAxes, vizlib.NoLegend
	return vizlib.Figure{View: v, Marks: []vizlib.Mark{
		vizlib.Curve{F: p, Sideways: sideways, Name: "exact", Key: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: .45, Width: 1}},
		vizlib.Curve{F: q, Sideways: sideways, Name: "q", Key: "q", Style: vizlib.Style{Ink: vizlib.Q, Width: 3}},
	}}
}

// climbPanel has the ELBO as a step line below the exact log evidence.
func (s *normalStory) climbPanel(i int) vizlib.Figure {
	end := float64(s.steps[len(s.steps)-1].Sweep)
	w := vizlib.Interval{Min: -.03 * max(end, 1), Max: 1.03 * max(end, 1)}
	now := s.steps[i].Value
	f := vizlib.Figure{X: "sweeps", Y: "ELBO in nats", View: vizlib.View{X: w, Y: s.elbo, XTicks: sweepTicks(end), Legend: vizlib.NoLegend}}
	low, ln := max(now, s.elbo.Min), s.post.LogEvidence
	f.Marks = append(f.Marks, vizlib.Band{X: []float64{w.Min, w.Max}, Low: []float64{low, low}, High: []float64{ln, ln},
		Name: "gap", Key: "gap", Style: vizlib.Style{Ink: vizlib.Gap, Fill: .25}})
	var x, y []float64
	for _, st := range s.steps[:i+1] {
		at := float64(st.Sweep)
		if st.Update == "q(μ)" {
			at -= 0.5
		}
		x, y = append(x, at), append(y, st.Value)
	}
	f.Marks = append(f.Marks,
		vizlib.Line{X: x, Y: y, Step: true, Name: "ELBO", Unit: "nats", Key: "elbo", Style: vizlib.Style{Ink: vizlib.Bound, Width: 3.5}},
		jumping{vizlib.Dots{X: x[len(x)-1:], Y: y[len(y)-1:], Size: 10, Name: "now", Unit: "nats", Key: "now", Style: vizlib.Style{Ink: vizlib.Bound}}},
		vizlib.Rule{At: ln, Name: "log evidence", Unit: "nats", Key: "evidence", Style: vizlib.Style{Ink: vizlib.Exact, Width: 3.5}},
		vizlib.Text{Text: "log evidence " + signed(ln, 2), At: vizlib.Point{X: w.Max, Y: ln + .02*(s.elbo.Max-s.elbo.Min)}, AlignX: -1, AlignY: 1, Bold: true})
	if now < s.elbo.Min {
		f.Marks = append(f.Marks, vizlib.Text{Text: "▼ " + signed(now, 1), At: vizlib.Point{X: .06, Y: .03}, InBox: true, AlignX: 1, AlignY: 1,
			Bold: true, Size: 15, Style: vizlib.Style{Ink: vizlib.Bound}})
	}
	return f
}
