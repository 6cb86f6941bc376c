package figures

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/vizlib"
)

// LectureData shows data of a mixture of two, above as they are seen and below as they were made: x in the units of the
// data, c the component that each came from (0 or 1), mu the two means, sigma the noise.
func LectureData(x []float64, c []int, mu []float64, sigma float64) vizlib.Grid {
	if len(x) == 0 || len(x) != len(c) || len(mu) != 2 {
		panic(fmt.Sprintf("figures: LectureData: %d data, %d components and %d means, want at least 1, as many, and 2", len(x), len(c), len(mu)))
	}
	low, high := min(mu[0], mu[1]), max(mu[0], mu[1])
	share := make([]float64, len(x))
	var rugs [2][]float64
	for i, v := range x {
		if c[i] != 0 && c[i] != 1 {
			panic(fmt.Sprintf("figures: LectureData: component %d of datum %d, want 0 or 1", c[i], i))
		}
		low, high = min(low, v), max(high, v)
		share[i] = float64(c[i])
		rugs[c[i]] = append(rugs[c[i]], v)
	}
	const bins = 16
	edge, heights := (high-low)/bins, make([]float64, bins)
	tallest := .4 / sigma / 2 // of a curve
	for _, v := range x {
		if edge > 0 {
			b := min(int((v-low)/edge), bins-1)
			heights[b] += 1 / (float64(len(x)) * edge)
			tallest = max(tallest, heights[b])
		}
	}
	floor, top := -.16*tallest, 1.3*tallest
	view := vizlib.View{X: vizlib.Interval{Min: low - .6*sigma, Max: high + .6*sigma}, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend,
		Y: vizlib.Interval{Min: 1.5 * floor, Max: top}}
	rug := func(at []float64, name string, ink vizlib.Ink) vizlib.Mark {
		y := make([]float64, len(at))
		for i := range y {
			y[i] = floor
		}
		return vizlib.Dots{X: at, Y: y, Size: 8, Name: name, Style: vizlib.Style{Ink: ink, Opacity: .8}}
	}
	seen := vizlib.Figure{Title: "what we see", View: view, Marks: []vizlib.Mark{
		vizlib.Bars{Data: x, Bins: bins, Density: true, Name: "data", Style: vizlib.Style{Ink: vizlib.Data, Fill: .35}},
		rug(x, "data", vizlib.Data),
	}}
	seen.View.XTicks = []vizlib.Tick{}
	made := vizlib.Figure{Title: "what made it", X: "x", View: view, Marks: []vizlib.Mark{
		vizlib.Bars{Data: x, Share: share, Bins: bins, Density: true, Name: "data by component", Style: vizlib.Style{Ink: vizlib.One, Ink2: vizlib.Two, Fill: .3}},
	}}
	for k, m := range mu {
		ink := [...]vizlib.Ink{vizlib.One, vizlib.Two}[k]
		half := distuv.Normal{Mu: m, Sigma: sigma}
		name := fmt.Sprintf("½ N(%s, %s²)", signed(m, 1), fixed(sigma, 1))
		made.Marks = append(made.Marks,
			vizlib.Curve{F: func(v float64) float64 { return half.Prob(v) / 2 }, Name: name, Style: vizlib.Style{Ink: ink, Width: 3.5, Casing: true}},
			vizlib.Text{Text: name, At: vizlib.Point{X: m, Y: 1.1 * tallest}, Bold: true, Size: 15, Style: vizlib.Style{Ink: ink}})
		if len(rugs[k]) > 0 {
			made.Marks = append(made.Marks, rug(rugs[k], fmt.Sprintf("c = %d", k+1), ink))
		}
	}
	return vizlib.Grid{
		Title:   "A mixture of two: the data, and where they came from",
		Caption: fmt.Sprintf("%d numbers, one hidden coin toss each", len(x)),
		Numbers: fmt.Sprintf("%d from the one, %d from the other", len(rugs[0]), len(rugs[1])),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.05, .51, .91, .33}, ShareX: "x", Figure: seen},
			{At: vizlib.Rect{.05, .12, .91, .35}, ShareX: "x", Figure: made},
		},
	}
}
