package figures

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/exact"
	"elboroom/vizlib"
)

// EvidenceDivision is the movie of Bayes' rule on a coin, a frame a toss (1 is heads): prior × likelihood, and that
// curve divided by its area, the evidence.
//
// One sees, left to right: the prior and the likelihood; their product, whose area is the evidence; and the posterior.
// The last two are the same curve: dividing changes the numbers on the axis and nothing else.
func EvidenceDivision(prior distuv.Beta, tosses []int) vizlib.Movie {
	s := &division{prior: prior, tosses: tosses}
	for i, x := range tosses {
		if x != 0 && x != 1 {
			panic(fmt.Sprintf("figures: EvidenceDivision: toss %d is %d, want 0 or 1", i, x))
		}
	}
	for i := range len(tosses) + 1 {
		p := s.posterior(i)
		s.top = max(s.top, p.Posterior.Prob(mode(p.Posterior)))
	}
	const head = 1.3
	s.top *= head
	return vizlib.Movie{Len: len(tosses) + 1, Frame: s.frame, Hold: func(i int) time.Duration {
		if i == 0 || i == len(tosses) {
			return 2500 * time.Millisecond
		}
		return time.Second
	}}
}

// division is what all frames of EvidenceDivision share.
type division struct {
	prior  distuv.Beta
	tosses []int
	top    float64 // of the density axes
}

func (s *division) heads(n int) int {
	h := 0
	for _, x := range s.tosses[:n] {
		h += x
	}
	return h
}

func (s *division) posterior(n int) exact.BetaPosterior {
	return exact.BetaBernoulli(s.prior, s.heads(n), n)
}

// mode is where a Beta density is highest, kept off the ends.
func mode(b distuv.Beta) float64 {
	const edge = 1e-3
	if b.Alpha+b.Beta <= 2 {
		return 0.5
	}
	return min(max((b.Alpha-1)/(b.Alpha+b.Beta-2), edge), 1-edge)
}

func (s *division) frame(n int) vizlib.Picture {
	post := s.posterior(n)
	h, evidence := s.heads(n), math.Exp(post.LogEvidence)
	likelihood := func(p float64) float64 { return math.Pow(p, float64(h)) * math.Pow(1-p, float64(n-h)) }
	peak := 1.0
	if n > 0 {
		peak = likelihood(float64(h) / float64(n))
	}
	unit := vizlib.Interval{Max: 1}
	panel := func(title, note string, f func(float64) float64, name string, top float64, axes vizlib.Axes, style vizlib.Style) vizlib.Figure {
		return vizlib.Figure{Title: title, Caption: note,
			View:  vizlib.View{X: unit, Y: vizlib.Interval{Max: top}, Axes: axes, Legend: vizlib.NoLegend},
			Marks: []vizlib.Mark{vizlib.Curve{F: f, From: inset, To: 1 - inset, Name: name, Key: "curve", Style: style}},
		}
	}
	fp := func(p float64) float64 { return s.prior.Prob(p) }
	priorPanel := panel("prior", "", fp, "p(θ)", 1.6*s.prior.Prob(mode(s.prior)), vizlib.BottomOnly, vizlib.Style{Ink: vizlib.Aux, Width: 3, Fill: .25, Dash: vizlib.Solid})
	// The likelihood shrinks with every toss; its panel shows its shape.
	likePanel := panel("× likelihood", "", func(p float64) float64 { return likelihood(p) / peak }, "p(x|θ), scaled to its peak", 1.6, vizlib.BottomOnly, vizlib.Style{Ink: vizlib.Data, Width: 3, Dash: vizlib.Solid})
	product := panel("= p(x, θ)", "area = "+small(evidence), post.Posterior.Prob, "p(x, θ), shape", s.top, vizlib.LeftBottom, vizlib.Style{Ink: vizlib.Gap, Width: 3.5, Fill: .3, Dash: vizlib.Solid})
	product.View.YTicks = scaledTicks(s.top, evidence)
	posterior := panel("÷ area = posterior", "area = 1", post.Posterior.Prob, "p(θ|x)", s.top, vizlib.LeftBottom, vizlib.Style{Ink: vizlib.Q, Width: 3.5, Fill: .3, Dash: vizlib.Solid})
	posterior.View.YTicks = scaledTicks(s.top, 1)
	for _, f := range []*vizlib.Figure{&likePanel, &product, &posterior} {
		f.X = "θ, probability of heads"
	}
	likePanel.X = "θ"
	return vizlib.Grid{
		Title:   "Bayes’ rule: multiply, then divide by the area",
		Caption: s.caption(n),
		Numbers: "evidence p(x) = " + small(evidence) + "  ln p(x) = " + signed(post.LogEvidence, 2) + " nats",
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.04, .56, .23, .27}, Figure: priorPanel},
			{At: vizlib.Rect{.04, .14, .23, .27}, Figure: likePanel},
			{At: vizlib.Rect{.375, .14, .26, .69}, Figure: product},
			{At: vizlib.Rect{.715, .14, .265, .69}, Figure: posterior},
		},
	}
}

// inset keeps a density on 0…1 off its ends, where it may be infinite.
const inset = 1e-6

func (s *division) caption(n int) string {
	if n == 0 {
		return "no toss yet: the posterior is the prior"
	}
	side := "tails"
	if s.tosses[n-1] == 1 {
		side = "heads"
	}
	return fmt.Sprintf("toss %d: %s · %d of %d so far", n, side, s.heads(n), n)
}

// small writes a positive number with three digits, without an exponent down to a millionth.
func small(v float64) string {
	if v < 1e-6 {
		return fmt.Sprintf("%.2g", v)
	}
	digits := 2 - int(math.Floor(math.Log10(v)))
	return fmt.Sprintf("%.*f", max(digits, 0), v)
}

// scaledTicks are about three round values on an axis up to top whose labels say unit times the place.
func scaledTicks(top, unit float64) []vizlib.Tick {
	const about = 5
	raw := top * unit / about
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range []float64{5, 2} {
		if m*power >= raw {
			step = m * power
		}
	}
	digits := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	ticks := []vizlib.Tick{{At: 0, Label: "0"}}
	for k := 1.0; k*step/unit <= top; k++ {
		label := fmt.Sprintf("%.*f", digits, k*step)
		if digits > 6 {
			label = fmt.Sprintf("%.0e", k*step)
		}
		ticks = append(ticks, vizlib.Tick{At: k * step / unit, Label: label})
	}
	return ticks
}
