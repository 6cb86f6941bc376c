package figures

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/exact"
	"elboroom/vizlib"
)

// EvidencePrecisions is a Normal mean θ with a Normal prior, measured a few times with noise of sd sigma: the prior,
// what the data alone say, and the posterior between the two. On the right the precisions, one over each variance, as
// shares of their sum: the posterior's precision is that sum, and its mean stands nearer to the side with the larger share.
// The window is that of θ.
func EvidencePrecisions(prior distuv.Normal, sigma float64, x []float64, window vizlib.Interval) vizlib.Grid {
	if len(x) == 0 || !(sigma > 0) || !(prior.Sigma > 0) {
		panic(fmt.Sprintf("figures: EvidencePrecisions: %d data, noise sd %v, prior sd %v, want at least 1 and sds above 0", len(x), sigma, prior.Sigma))
	}
	n, sum := float64(len(x)), 0.0
	for _, v := range x {
		sum += v
	}
	data := distuv.Normal{Mu: sum / n, Sigma: sigma / math.Sqrt(n)}
	post := exact.NormalNormal(prior, sigma, x)
	curve := func(name, key string, of distuv.Normal, ink vizlib.Ink, width, fill float64) vizlib.Mark {
		return vizlib.Curve{F: of.Prob, Name: name, Key: key, Style: vizlib.Style{Ink: ink, Width: width, Fill: fill}}
	}
	const head = 1.25 // room above the posterior for its name
	left := vizlib.Figure{X: "θ", View: vizlib.View{X: window, Y: vizlib.Interval{Max: head * post.Posterior.Prob(post.Posterior.Mu)}, Axes: vizlib.BottomOnly},
		Marks: []vizlib.Mark{
			curve("prior", "prior", prior, vizlib.Aux, 3, .25),
			curve("data alone", "data", data, vizlib.Data, 3, 0),
			curve("posterior", "posterior", post.Posterior, vizlib.Q, 4, .25),
		}}
	before, told := 1/(prior.Sigma*prior.Sigma), 1/(data.Sigma*data.Sigma)
	share := before / (before + told)
	block := func(from, to float64, key string, ink vizlib.Ink) vizlib.Mark {
		return vizlib.Blocks{At: []vizlib.Box{{Min: vizlib.Point{X: 0, Y: from}, Max: vizlib.Point{X: 1, Y: to}}}, Name: key, Key: key, Style: vizlib.Style{Ink: ink, Fill: .6}}
	}
	word := func(key string, value, at float64, ink vizlib.Ink) vizlib.Mark {
		const edge = .04 // so that words stay inside the panel
		return vizlib.Text{Text: fmt.Sprintf("%s %.2f", key, value), At: vizlib.Point{X: 1.12, Y: min(max(at, edge), 1-edge)}, AlignX: 1, Size: 15, Bold: true, Key: key + "/value", Style: vizlib.Style{Ink: ink}}
	}
	right := vizlib.Figure{Title: "precisions add", View: vizlib.View{X: vizlib.Interval{Max: 3.4}, Y: vizlib.Interval{Max: 1.16}, Axes: vizlib.NoAxes, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{
			block(0, share, "prior", vizlib.Aux), block(share, 1, "data", vizlib.Data),
			word("prior", before, share/2, vizlib.Aux),
			word("data", told, (1+share)/2, vizlib.Data),
		}}
	return vizlib.Grid{
		Title:   "Two sources, one answer",
		Caption: fmt.Sprintf("prior sd %.3g · %d data · noise sd %.3g", prior.Sigma, len(x), sigma),
		Numbers: fmt.Sprintf("posterior: mean %s, precision %.2f, sd %.3f", signed(post.Posterior.Mu, 2), before+told, post.Posterior.Sigma),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.04, .12, .60, .72}, Figure: left},
			{At: vizlib.Rect{.70, .12, .28, .72}, Figure: right},
		},
	}
}
