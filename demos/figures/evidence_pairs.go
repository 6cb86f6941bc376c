package figures

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/exact"
	"elboroom/vizlib"
)

// EvidencePairs is conjugate against non-conjugate on the same tosses of a coin.
//
// On the left the prior is a Beta, and so is every posterior: two numbers. On the right the prior is a Normal on the
// log odds; its posterior is as good a density, but none with a name: here it is a table, computed on a grid.
func EvidencePairs(prior distuv.Beta, logOdds distuv.Normal, heads, n int) vizlib.Grid {
	const cells = 2000
	post := exact.BetaBernoulli(prior, heads, n)
	// ln p(θ) of a Normal on the log odds, with the Jacobian 1/(θ(1 − θ)).
	logPrior := func(p float64) float64 {
		return logOdds.LogProb(math.Log(p/(1-p))) - math.Log(p*(1-p))
	}
	table, err := exact.Grid(func(theta []float64) float64 {
		p := theta[0]
		return logPrior(p) + float64(heads)*math.Log(p) + float64(n-heads)*math.Log(1-p)
	}, []float64{0}, []float64{1}, cells)
	if err != nil {
		panic("figures: EvidencePairs: " + err.Error())
	}
	name := func(b distuv.Beta) string { return fmt.Sprintf("Beta(%v, %v)", b.Alpha, b.Beta) }
	top := 0.0
	for i, p := range table.Axes[0] {
		top = max(top, post.Posterior.Prob(p), table.Density[i])
	}
	ink := vizlib.Style{Ink: vizlib.Q, Width: 4, Fill: .25}
	panel := func(title, note string, before func(float64) float64, name string, after vizlib.Mark) vizlib.Figure {
		return vizlib.Figure{Title: title, Caption: note, X: "θ, probability of heads",
			View: vizlib.View{X: vizlib.Interval{Max: 1}, Y: vizlib.Interval{Max: 1.45 * top}, Axes: vizlib.BottomOnly},
			Marks: []vizlib.Mark{
				vizlib.Curve{F: before, From: edge, To: 1 - edge, Name: name, Key: "prior", Style: vizlib.Style{Ink: vizlib.Aux, Width: 2.5, Dash: vizlib.Dashed}},
				after,
			}}
	}
	return vizlib.Grid{
		Title:   "Conjugate: the posterior has a name",
		Caption: fmt.Sprintf("%d heads in %d tosses", heads, n),
		Numbers: fmt.Sprintf("ln p(x): %s and %s nats", signed(post.LogEvidence, 3), signed(table.LogEvidence, 3)),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.04, .12, .44, .70}, Figure: panel("Beta prior", "two numbers in, two numbers out", prior.Prob, name(prior),
				vizlib.Curve{F: post.Posterior.Prob, From: edge, To: 1 - edge, Name: name(post.Posterior), Key: "posterior", Style: ink})},
			{At: vizlib.Rect{.53, .12, .44, .70}, Figure: panel("Normal prior on the log odds", fmt.Sprintf("no name: a table of %d numbers", cells),
				func(p float64) float64 { return math.Exp(logPrior(p)) }, "prior",
				vizlib.Line{X: table.Axes[0], Y: table.Density, Name: "posterior", Key: "posterior", Style: ink})},
		},
	}
}

// edge keeps log odds finite.
const edge = 1e-3
