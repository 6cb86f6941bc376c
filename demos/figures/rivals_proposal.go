package figures

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/gonum/stat/distmv"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/rivals"
	"elboroom/vizlib"
)

// ProposalStudy is Metropolis on N(0, 1) with several sds of the proposal, all from one start and with the same
// random numbers.
type ProposalStudy struct {
	Start    float64
	Step     []float64   // the sds of the proposals, increasing
	Chain    [][]float64 // of each
	Accepted []float64   // the share of proposals taken
	ESS      []float64   // effective draws
}

// StudyProposals runs a chain of so many draws for each sd.
func StudyProposals(start float64, steps []float64, draws int, seed uint64) ProposalStudy {
	s := ProposalStudy{Start: start, Step: steps}
	for _, step := range steps {
		one := rivals.Sampling{Seed: seed, Chains: 1, Draws: draws, Init: [][]float64{{start}}}
		c := rivals.Metropolis{Target: standard{}, Step: step}.Sample(one)
		s.Chain = append(s.Chain, c.Pooled(0))
		s.Accepted = append(s.Accepted, c.Accepted[0])
		s.ESS = append(s.ESS, rivals.ESS(c.Values(0)))
	}
	return s
}

// standard is N(0, 1) as a density of vectors.
type standard struct{}

var _ distmv.LogProber = standard{}

func (standard) LogProb(x []float64) float64 { return distuv.UnitNormal.LogProb(x[0]) }

// Picture shows the chain of the k-th sd: its first states, a histogram of all beside the target, and on the right the
// effective draws of all chains. Too short a step creeps, too long a one stands still, and between them is a broad hill.
func (s ProposalStudy) Picture(k int) vizlib.Grid {
	const shown, reach, tallest = 300, 4.0, 0.62
	chain := s.Chain[k]
	n := min(shown, len(chain))
	x, y := make([]float64, n), make([]float64, n)
	for i := range n {
		x[i], y[i] = float64(i+1), math.Max(-reach-1, math.Min(chain[i], math.Max(reach, s.Start)+1))
	}
	var inside []float64
	for _, v := range chain {
		if math.Abs(v) < reach {
			inside = append(inside, v)
		}
	}
	target := vizlib.Line{X: evenly(-reach, reach, 81), Name: "target", Key: "target", Style: vizlib.Style{Ink: vizlib.Exact, Width: 2.5}}
	for _, v := range target.X {
		target.Y = append(target.Y, distuv.UnitNormal.Prob(v))
	}
	return vizlib.Grid{
		Title:   "How far should a proposal reach?",
		Caption: "proposal sd " + strconv.FormatFloat(s.Step[k], 'g', -1, 64) + ", start at " + strconv.FormatFloat(s.Start, 'g', -1, 64),
		Numbers: fmt.Sprintf("%.0f %% taken, in theory %.0f %%", 100*s.Accepted[k], 200/math.Pi*math.Atan(2/s.Step[k])),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.06, .53, .40, .29}, Figure: vizlib.Figure{
				Title: fmt.Sprintf("the first %d states", n),
				View:  vizlib.View{X: vizlib.Interval{Max: float64(n)}, Y: vizlib.Interval{Min: -reach - 1, Max: math.Max(reach, s.Start) + 2.5}, Legend: vizlib.NoLegend},
				Marks: []vizlib.Mark{vizlib.Line{X: x, Y: y, Step: true, Name: "state", Key: "chain", Style: vizlib.Style{Ink: vizlib.Gap, Width: 2, Dash: vizlib.Solid}}}}},
			{At: vizlib.Rect{.06, .12, .40, .28}, Figure: vizlib.Figure{
				Title: fmt.Sprintf("all %d states, and the target", len(chain)),
				View:  vizlib.View{X: vizlib.Interval{Min: -reach, Max: reach}, Y: vizlib.Interval{Max: tallest}, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend},
				Marks: append(histogram(inside, len(chain), reach, 0.85*tallest), target)}},
			{At: vizlib.Rect{.575, .12, .395, .70}, Figure: s.hill(k)},
		},
	}
}

// histogram is the share of all n states in each bar, as a density, cut off at most.
func histogram(inside []float64, n int, reach, most float64) []vizlib.Mark {
	const bins = 40
	b := vizlib.Bars{Edges: evenly(-reach, reach, bins+1), Counts: make([]float64, bins), Name: "states", Key: "bars", Style: vizlib.Style{Ink: vizlib.Gap, Fill: .45}}
	width := 2 * reach / bins
	for _, v := range inside {
		b.Counts[min(int((v+reach)/width), bins-1)] += 1 / (float64(n) * width)
	}
	for i, c := range b.Counts {
		b.Counts[i] = math.Min(c, most)
	}
	return []vizlib.Mark{b}
}

// hill is the effective draws against the sd of the proposal, on log scales.
func (s ProposalStudy) hill(k int) vizlib.Figure {
	n := float64(len(s.Chain[0]))
	return vizlib.Figure{
		Title: fmt.Sprintf("effective draws of %.0f", n), X: "proposal sd",
		View: vizlib.View{LogX: true, LogY: true, Legend: vizlib.NoLegend, Y: vizlib.Interval{Min: 1, Max: 5 * n}},
		Marks: []vizlib.Mark{
			vizlib.Rule{At: n, Name: "independent draws", Key: "all", Style: vizlib.Style{Ink: vizlib.Muted, Width: 1.5, Dash: vizlib.Dotted}},
			vizlib.Line{X: s.Step, Y: s.ESS, Name: "effective draws", Key: "hill", Style: vizlib.Style{Ink: vizlib.Gap, Width: 3, Dash: vizlib.Solid}},
			vizlib.Dots{X: s.Step, Y: s.ESS, Size: 7, Name: "effective draws", Key: "each", Style: vizlib.Style{Ink: vizlib.Gap}},
			vizlib.Dots{X: s.Step[k : k+1], Y: s.ESS[k : k+1], Size: 14, Name: "now", Key: "now", Style: vizlib.Style{Ink: vizlib.Gap, Rim: true}},
			vizlib.Text{Text: fmt.Sprintf("now %.0f", s.ESS[k]), InBox: true, At: vizlib.Point{X: .97, Y: .03}, AlignX: -1, AlignY: 1, Bold: true, Size: 16, Key: "value", Style: vizlib.Style{Ink: vizlib.Gap}},
		},
	}
}
