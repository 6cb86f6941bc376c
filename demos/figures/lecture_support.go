package figures

import (
	"fmt"
	"math"

	"elboroom/kl"
	"elboroom/vizlib"
)

// SupportDensity is a density on the line, as gonum's distuv has them.
type SupportDensity interface {
	Prob(x float64) float64
	LogProb(x float64) float64
	CDF(x float64) float64
}

// SupportChoice is a named candidate for q.
type SupportChoice struct {
	Name string
	Q    SupportDensity
}

// LectureSupport shows which q may stand for a p that is zero outside from…to (±Inf for an open end): a panel a
// candidate, p grey, q blue, and hatched the mass of q where p is zero. Any such mass makes KL(q‖p) infinite, however
// well q fits elsewhere.
func LectureSupport(p SupportDensity, from, to float64, window vizlib.Interval, choices ...SupportChoice) vizlib.Grid {
	if len(choices) < 1 || len(choices) > 3 {
		panic(fmt.Sprintf("figures: LectureSupport: %d candidates, want 1 to 3", len(choices)))
	}
	top := 0.0
	for i := range 401 {
		x := window.Min + (window.Max-window.Min)*(float64(i)+.5)/401
		top = max(top, p.Prob(x))
		for _, c := range choices {
			top = max(top, c.Q.Prob(x))
		}
	}
	const left, right, gap = .04, .97, .035
	width := (right - left + gap) / float64(len(choices))
	g := vizlib.Grid{
		Title:   "The support rule: where p is 0, q must be 0",
		Caption: "hatched: mass of q where p = 0",
		Numbers: "any such mass: KL(q‖p) = +∞",
	}
	for i, c := range choices {
		g.Cells = append(g.Cells, vizlib.Cell{
			At:     vizlib.Rect{left + float64(i)*width, .12, width - gap, .70},
			Figure: supportPanel(p, c, from, to, window, 1.3*top),
		})
	}
	return g
}

// supportPanel is one candidate on p, with its divergence.
func supportPanel(p SupportDensity, c SupportChoice, from, to float64, window vizlib.Interval, top float64) vizlib.Figure {
	d, _ := kl.Quad(c.Q.LogProb, p.LogProb, math.Inf(-1), math.Inf(1))
	words := fmt.Sprintf("KL(q‖p) = %s nats", fixed(d, 2))
	outside := c.Q.CDF(from) + 1 - c.Q.CDF(to)
	if math.IsInf(d, 1) {
		words = fmt.Sprintf("KL(q‖p) = +∞, mass %s", small(outside))
	}
	inside := window.Min // where p is highest
	for i := range 401 {
		if x := window.Min + (window.Max-window.Min)*(float64(i)+.5)/401; p.Prob(x) > p.Prob(inside) {
			inside = x
		}
	}
	f := vizlib.Figure{Title: c.Name, Caption: words, X: "z",
		View: vizlib.View{X: window, Y: vizlib.Interval{Max: top}, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{
			vizlib.Curve{F: p.Prob, Name: "p", Key: "p", Style: vizlib.Style{Ink: vizlib.P, Width: 1, Fill: .4}},
			vizlib.Curve{F: c.Q.Prob, Name: "q", Key: "q", Style: vizlib.Style{Ink: vizlib.Q, Width: 4}},
			vizlib.Text{Text: "p", At: vizlib.Point{X: inside, Y: .25 * p.Prob(inside)}, Bold: true, Size: 18},
		}}
	forbidden := func(a, b float64) {
		if a < b {
			f.Marks = append(f.Marks, vizlib.Curve{F: c.Q.Prob, From: a, To: b, Name: "q where p = 0", Key: fmt.Sprint("outside", a),
				Style: vizlib.Style{Ink: vizlib.Two, Width: 4, Dash: vizlib.Solid, Fill: .5, Hatch: true}})
		}
	}
	if outside > 0 {
		forbidden(window.Min, min(from, window.Max))
		forbidden(max(to, window.Min), window.Max)
	}
	return f
}
