package figures

import (
	"fmt"
	"math"
	"time"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vizlib"
)

// MixtureFit is the movie of coordinate ascent on a mixture, a frame for each half-step.
//
// On the left, over one x axis: q(μ_k), the approximate posterior of each mean; the data as a histogram in which
// each bar is split by the responsibilities, under the curves (1/K) N(m_k, σ²); and the responsibilities, a dot a
// datum, over the curve that they would lie on if q(c) moved now. After q(μ) has moved the dots lie off that curve,
// after q(c) they have jumped onto it. On the right: the ELBO after each half-step below the exact log evidence, and
// the gap between the two, the labels' share of it dark.
//
// The trace holds half-steps (fit.EveryUpdate) or sweeps. Where the exact posterior is out of reach, as for most
// data with K > 2, post is its zero value; the picture then says that nobody knows the gap.
func MixtureFit(m model.GMM, tr fit.Trace[cavi.GMMFactors], post exact.GMMPosterior) vizlib.Movie {
	s := newMixtureStory(m, tr, post)
	return vizlib.Movie{Len: len(s.frames), Frame: s.frame, Hold: s.hold}
}

// MixtureFitStrip is MixtureFit on paper: the start, the first q(μ), the second q(c), and the end.
func MixtureFitStrip(m model.GMM, tr fit.Trace[cavi.GMMFactors], post exact.GMMPosterior) vizlib.Picture {
	movie := MixtureFit(m, tr, post)
	const firstMu, secondC = 2, 3 // in a movie of half-steps
	if movie.Len <= secondC+1 {
		return vizlib.Strip(movie)
	}
	return vizlib.Strip(movie, 0, firstMu, secondC, movie.Len-1)
}

// mixtureStory is what all frames of MixtureFit share.
type mixtureStory struct {
	m      model.GMM
	steps  []fit.Step[cavi.GMMFactors]
	frames []int      // the steps that are shown
	gaps   []cavi.Gap // of each frame; nil without the exact evidence
	ln     float64    // the exact log evidence in nats
	x      vizlib.Interval
	y      struct{ means, data, elbo vizlib.Interval }
	bins   int
	nats   float64 // the end of the gap bar's axis
	shown  []float64
}

const (
	settled   = 0.005 // nats: later sweeps that each gain less are left out
	mostSteps = 60    // frames; longer traces show every so many sweeps
	belowTop  = 12.0  // nats of the ELBO's axis below the evidence
	aboveTop  = 1.4   // and above it
	gapAxis   = 3.0   // nats of the gap bar's axis
	mostDots  = 400   // data that are shown as dots
)

func newMixtureStory(m model.GMM, tr fit.Trace[cavi.GMMFactors], post exact.GMMPosterior) *mixtureStory {
	if len(tr.Steps) == 0 {
		panic("figures: MixtureFit: the trace has no steps, want at least its start")
	}
	s := &mixtureStory{m: m.Filled(), steps: tr.Steps}
	s.frames = framesOf(tr.Steps)
	last := tr.Steps[s.frames[len(s.frames)-1]]
	top, depth := last.Value, belowTop
	s.nats = gapAxis
	if post.Method != exact.Auto {
		s.ln = post.LogEvidence
		s.gaps = make([]cavi.Gap, len(s.frames))
		for i, at := range s.frames {
			s.gaps[i] = cavi.GMM{GMM: s.m}.Gap(tr.Steps[at].Q, s.ln)
		}
		const room = 1.25 // times the last gap, where the usual axis is too short
		final := s.gaps[len(s.gaps)-1].Total
		top, depth = s.ln, max(belowTop, room*final)
		s.nats = max(gapAxis, math.Ceil(room*final))
	}
	s.y.elbo = vizlib.Interval{Min: top - depth, Max: top + aboveTop*depth/belowTop}
	s.windows()
	s.shown = everySoMany(sorted(s.m.X), mostDots)
	return s
}

// framesOf chooses the steps that are shown: up to the last sweep that gained anything to speak of, and the one
// after it.
func framesOf(steps []fit.Step[cavi.GMMFactors]) []int {
	end := 0
	for i := 1; i < len(steps); i++ {
		if steps[i].Value-steps[i-1].Value >= settled {
			end = i
		}
	}
	last := min(steps[end].Sweep+1, steps[len(steps)-1].Sweep)
	var all, sweeps []int
	for i, st := range steps {
		if st.Sweep > last {
			break
		}
		all = append(all, i)
		if i == len(steps)-1 || steps[i+1].Sweep > st.Sweep {
			sweeps = append(sweeps, i)
		}
	}
	if len(all) <= mostSteps {
		return all
	}
	return everySoMany(sweeps, mostSteps)
}

// windows finds the axes that hold over the whole movie.
func (s *mixtureStory) windows() {
	const (
		margin = 0.05 // of the data's range, on each side
		head   = 1.18 // room above the highest curve or bar
	)
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, x := range s.m.X {
		lo, hi = min(lo, x), max(hi, x)
	}
	peak := 0.0
	for _, i := range s.frames {
		q := s.steps[i].Q
		for k, m := range q.Mean {
			lo, hi = min(lo, m), max(hi, m)
			peak = max(peak, bell(0, 0, q.Var[k]))
		}
	}
	pad := max(margin*(hi-lo), s.m.Sigma)
	s.x = vizlib.Interval{Min: lo - pad, Max: hi + pad}
	s.y.means = vizlib.Interval{Max: head * peak}
	s.bins = binsOf(s.m.X, s.x, s.m.Sigma)
	tallest := bell(0, 0, s.m.Sigma*s.m.Sigma) / float64(s.m.K)
	for _, row := range s.stacks(nil) {
		tallest = max(tallest, row.top)
	}
	s.y.data = vizlib.Interval{Max: 1.22 * tallest}
}

// frame draws frame i.
func (s *mixtureStory) frame(i int) vizlib.Picture {
	return vizlib.Grid{
		Title:   fmt.Sprintf("Coordinate ascent on a mixture of %s Gaussians", numeral(s.m.K)),
		Caption: s.caption(i),
		Numbers: s.numbers(i),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.04, .68, .565, .165}, Figure: s.meansPanel(i)},
			{At: vizlib.Rect{.04, .285, .565, .38}, Figure: s.dataPanel(i)},
			{At: vizlib.Rect{.04, .10, .565, .17}, Figure: s.sharesPanel(i)},
			{At: vizlib.Rect{.70, .36, .275, .485}, Figure: s.climbPanel(i)},
			{At: vizlib.Rect{.70, .10, .275, .10}, Figure: s.gapPanel(i)},
		},
	}
}

// caption says what just moved and, on the last frame, how it ended.
func (s *mixtureStory) caption(i int) string {
	st := s.step(i)
	what := "the start"
	switch {
	case st.Sweep > 0 && st.Update != "":
		what = fmt.Sprintf("sweep %d · %s moved", st.Sweep, st.Update)
	case st.Sweep > 0:
		what = fmt.Sprintf("sweep %d", st.Sweep)
	}
	if i < len(s.frames)-1 || i == 0 {
		return what
	}
	if s.gaps == nil {
		return what + " · it stops here"
	}
	g := s.gaps[i]
	return fmt.Sprintf("sweep %d · stops %.2f short: %.2f labels, the rest mean field", st.Sweep, g.Total, g.Labels)
}

func (s *mixtureStory) numbers(i int) string {
	elbo := "ELBO " + signed(s.step(i).Value, 2)
	if s.gaps == nil {
		return elbo + " nats"
	}
	return fmt.Sprintf("%s  gap %.2f nats", elbo, s.gaps[i].Total)
}

// hold keeps the first frames longer, while there is most to see, and the last longest.
func (s *mixtureStory) hold(i int) time.Duration {
	const slow = 6
	switch {
	case i == len(s.frames)-1:
		return 3 * time.Second
	case i < slow:
		return 1200 * time.Millisecond
	}
	return 500 * time.Millisecond
}

func (s *mixtureStory) step(i int) fit.Step[cavi.GMMFactors] { return s.steps[s.frames[i]] }

// before is the state before frame i's half-step; of the start, the start.
func (s *mixtureStory) before(i int) cavi.GMMFactors { return s.steps[max(s.frames[i]-1, 0)].Q }

// moved says whether a factor is what frame i moved; in a trace of sweeps all have.
func (s *mixtureStory) moved(i int, factor string) bool {
	st := s.step(i)
	return st.Sweep > 0 && (st.Update == factor || st.Update == "")
}
