package figures

import (
	"fmt"
	"math"
	"slices"
	"time"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/vizlib"
)

// Walk is a way of some solver over the means of a mixture: where it stood, after how many looks at a datum.
type Walk struct {
	Name    string
	Touched []float64    // looks at a datum so far
	Mean    [][2]float64 // the two means
}

// WalkOf is the walk of a fit by sweeps or by mini-batches of so many data each.
func WalkOf(name string, tr fit.Trace[cavi.GMMFactors], batch int) Walk {
	w := Walk{Name: name}
	for i, s := range tr.Steps {
		w.Touched = append(w.Touched, float64(i*batch))
		w.Mean = append(w.Mean, [2]float64{s.Q.Mean[0], s.Q.Mean[1]})
	}
	return w
}

// Counted is the posterior of a mixture's means, the assignments summed out, as a kl.Target that counts its looks at
// data. It is for one fit at a time.
type Counted struct {
	model.GMM
	Looks *int
}

// LogProb is the model's, and n looks.
func (c Counted) LogProb(mu []float64) float64 {
	*c.Looks += len(c.X)
	return c.GMM.LogProb(mu)
}

// ScoreInput is the gradient of LogProb: −(μ_k − μ₀)/τ₀² + Σ_i r_ik (x_i − μ_k)/σ², where r_ik ∝ N(x_i; μ_k, σ²) is the
// probability of k given μ. It costs n looks.
func (c Counted) ScoreInput(dst, mu []float64) []float64 {
	*c.Looks += len(c.X)
	if dst == nil {
		dst = make([]float64, len(mu))
	}
	for k, m := range mu {
		dst[k] = (c.Mu0 - m) / (c.Tau0 * c.Tau0)
	}
	q := cavi.GMM{GMM: c.GMM}.Factors(mu, slices.Repeat([]float64{noVariance}, len(mu)))
	for _, x := range c.X {
		for k, r := range q.Responsibilities(x) {
			dst[k] += r * (x - mu[k]) / (c.Sigma * c.Sigma)
		}
	}
	return dst
}

// noVariance makes the responsibilities of a fit those of its means.
const noVariance = 1e-300

// BlackBoxWalk is the walk of black-box VI from the given means: so many steps on the posterior of the means, with
// nothing known of it but its value and gradient at a point. Each costs the same number of looks.
func BlackBoxWalk(m model.GMM, start [2]float64, b kl.BlackBox, s fit.Settings) Walk {
	looks, w := 0, Walk{Name: "black box"}
	sd := m.Filled().Sigma
	q := kl.NewGaussian(start[:], []float64{sd, sd})
	tr := kl.ReverseBlackBox(Counted{m.Filled(), &looks}, q, kl.MeanField, b, s)
	for i, st := range tr.Steps {
		w.Touched = append(w.Touched, float64(looks)*float64(i)/float64(max(1, len(tr.Steps)-1)))
		w.Mean = append(w.Mean, [2]float64{st.Q.Mean[0], st.Q.Mean[1]})
	}
	return w
}

// StochasticPaths is the movie of several walks on one map of the ELBO over the two means, everything else at its best.
// In each frame all walks have looked at the same number of data; on the right, how far below the top each stands.
func StochasticPaths(m model.GMM, walks ...Walk) vizlib.Movie {
	m = m.Filled()
	if m.K != 2 || len(walks) == 0 {
		panic("figures: StochasticPaths: want K = 2 and at least one walk")
	}
	p := newPaths(m, walks)
	return vizlib.Movie{Len: len(p.stops), Frame: p.frame, Hold: steady(len(p.stops), 800*time.Millisecond)}
}

type paths struct {
	m     model.GMM
	walks []Walk
	below [][]float64 // of each walk and step, nats below the top
	stops []float64   // looks at a datum
	top   float64
	w     vizlib.Interval
	elbo  func(m1, m2 float64) float64
}

func newPaths(m model.GMM, walks []Walk) *paths {
	c := cavi.GMM{GMM: m}
	p := &paths{m: m, walks: walks, elbo: remembered(func(m1, m2 float64) float64 { return profile(c, m1, m2) })}
	lo, hi := math.Inf(1), math.Inf(-1)
	end := math.Inf(1)
	for _, w := range walks {
		for _, at := range w.Mean {
			lo, hi = min(lo, at[0], at[1]), max(hi, at[0], at[1])
		}
		end = min(end, w.Touched[len(w.Touched)-1])
	}
	pad := .15 * (hi - lo)
	p.w = vizlib.Interval{Min: lo - pad, Max: hi + pad}
	best := cavi.Fit(cavi.GMM{GMM: m, Init: walks[0].Mean[0][:]}, fit.Settings{Keep: fit.LastOnly}).Last()
	p.top = best.Value
	for _, w := range walks {
		var below []float64
		for _, at := range w.Mean {
			below = append(below, max(p.top-p.elbo(at[0], at[1]), leastShown))
		}
		p.below = append(p.below, below)
	}
	n := float64(len(m.X))
	for _, passes := range []float64{0, .1, .2, .3, .5, .7, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20} {
		if passes*n < end {
			p.stops = append(p.stops, passes*n)
		}
	}
	p.stops = append(p.stops, end)
	return p
}

// leastShown is the end of the axis of nats below the top.
const leastShown = 1e-2

// reached is how many steps of walk j cost at most so many looks.
func (p *paths) reached(j int, looks float64) int {
	const slack = 1e-9
	i, exact := slices.BinarySearch(p.walks[j].Touched, looks*(1+slack))
	if exact {
		i++
	}
	return max(i, 1)
}

func (p *paths) frame(i int) vizlib.Picture {
	looks := p.stops[i]
	n := float64(len(p.m.X))
	return vizlib.Grid{
		Title:   "The same looks at the data, three ways to spend them",
		Caption: fmt.Sprintf("%.1f passes over %d data", looks/n, len(p.m.X)),
		Numbers: p.numbers(looks),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.07, .12, .405, .72}, Figure: p.place(looks)},
			{At: vizlib.Rect{.60, .12, .365, .68}, Figure: p.distance(looks)},
		},
	}
}

func (p *paths) numbers(looks float64) string {
	text := "steps:"
	for j, w := range p.walks {
		if j > 0 {
			text += " ·"
		}
		text += fmt.Sprintf(" %d %s", p.reached(j, looks)-1, w.Name)
	}
	return text
}

func (p *paths) place(looks float64) vizlib.Figure {
	var levels []float64
	for _, below := range []float64{1000, 500, 200, 100, 50, 20, 5} {
		levels = append(levels, p.top-below)
	}
	f := vizlib.Figure{X: "m₁", Y: "m₂", View: vizlib.View{X: p.w, Y: p.w, Equal: true, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{vizlib.Contour{F: p.elbo, Levels: levels, N: 61, Name: "ELBO", Unit: "nats", Style: vizlib.Style{Ink: vizlib.P, Width: .8, Fill: .1}}}}
	for j, w := range p.walks {
		k := p.reached(j, looks)
		x, y := make([]float64, k), make([]float64, k)
		for i := range k {
			x[i], y[i] = w.Mean[i][0], w.Mean[i][1]
		}
		f.Marks = append(f.Marks,
			jumping{vizlib.Line{X: x, Y: y, Name: w.Name, Key: "path" + w.Name, Style: vizlib.Style{Ink: walkInk(j), Width: 2.2, Dash: vizlib.Solid, Casing: j == 0}}},
			jumping{vizlib.Dots{X: x[k-1:], Y: y[k-1:], Glyph: walkGlyph(j), Size: 11, Name: w.Name, Key: "now" + w.Name, Style: vizlib.Style{Ink: walkInk(j), Rim: true}}})
	}
	return f
}

func (p *paths) distance(looks float64) vizlib.Figure {
	n := float64(len(p.m.X))
	end := p.stops[len(p.stops)-1] / n
	high := 0.0
	for _, b := range p.below {
		high = max(high, slices.Max(b))
	}
	f := vizlib.Figure{Title: "nats below the top of the map", X: "passes over the data", View: vizlib.View{LogY: true,
		X: vizlib.Interval{Min: -.02 * end, Max: 1.02 * end}, Y: vizlib.Interval{Min: leastShown, Max: 60 * high}, Legend: vizlib.NoLegend}}
	for j, w := range p.walks {
		k := p.reached(j, looks)
		x := make([]float64, k)
		for i := range k {
			x[i] = w.Touched[i] / n
		}
		f.Marks = append(f.Marks,
			vizlib.Line{X: x, Y: p.below[j][:k], Step: true, Name: w.Name, Unit: "nats", Key: "below" + w.Name, Style: vizlib.Style{Ink: walkInk(j), Width: 2.6, Dash: walkDash(j)}},
			jumping{vizlib.Dots{X: x[k-1:], Y: p.below[j][k-1 : k], Glyph: walkGlyph(j), Size: 10, Name: w.Name, Key: "at" + w.Name, Style: vizlib.Style{Ink: walkInk(j), Rim: true}}})
		f.Marks = append(f.Marks, vizlib.Text{Text: walkSign(j) + " " + w.Name, At: vizlib.Point{X: .97, Y: .93 - .065*float64(j)}, InBox: true, AlignX: -1, AlignY: -1,
			Bold: true, Size: 15, Style: vizlib.Style{Ink: walkInk(j)}})
	}
	return f
}

func walkInk(j int) vizlib.Ink { return [...]vizlib.Ink{vizlib.Q, vizlib.Path1, vizlib.Gap}[j%3] }
func walkDash(j int) vizlib.Dash {
	return [...]vizlib.Dash{vizlib.Solid, vizlib.Solid, vizlib.Dashed}[j%3]
}
func walkGlyph(j int) vizlib.Glyph {
	return [...]vizlib.Glyph{vizlib.Square, vizlib.Disc, vizlib.Down}[j%3]
}
func walkSign(j int) string { return [...]string{"■", "●", "▼"}[j%3] }
