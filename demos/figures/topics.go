package figures

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/gonum/mat"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vizlib"
)

// TopicsBars is the movie of topics over the pixels of a square image, a frame for each sweep: one image a topic, dark
// where a word is likely, and beside them the ELBO. From noise emerge rows and columns.
//
// truth holds the topics that made the documents, as many as the model has: each panel stands where the truth that
// its topic ends closest to belongs. The number is how far all topics still are from theirs, in total variation.
func TopicsBars(truth *mat.Dense, tr fit.Trace[cavi.LDAFactors]) vizlib.Movie {
	k, v := truth.Dims()
	side := int(math.Round(math.Sqrt(float64(v))))
	if side*side != v || len(tr.Steps) == 0 {
		panic("figures: TopicsBars: want topics over a square image, and at least one step")
	}
	match := cavi.MatchTopics(truth, tr.Last().Q.TopicMeans())
	frames := barFrames(len(tr.Steps))
	w := newClimbWindow(tr.Values())
	return vizlib.Movie{
		Len: len(frames),
		Frame: func(i int) vizlib.Picture {
			step := tr.Steps[frames[i]]
			means := step.Q.TopicMeans()
			g := vizlib.Grid{
				Title:   fmt.Sprintf("%d topics emerge from noise", k),
				Caption: barCaption(step.Sweep),
				Numbers: fmt.Sprintf("ELBO %s nats  ·  distance from the truth %.2f", signed(step.Value, 0), topicDistance(truth, means, match)),
			}
			columns := (k + 1) / 2
			for j, topic := range match {
				g.Cells = append(g.Cells, barCell(means.RawRowView(topic), side, j, columns, fmt.Sprintf("topic %d", topic+1)))
			}
			g.Cells = append(g.Cells, vizlib.Cell{At: vizlib.Rect{.775, .13, .20, .66}, Figure: w.figure(tr, frames[:i+1])})
			return g
		},
		Hold: steady(len(frames), 600*time.Millisecond),
	}
}

// TopicsDocuments shows documents over the pixels of a square image, as many as fit in two rows: dark where a word
// occurs often. Each mixes a few topics.
func TopicsDocuments(docs []model.Counts, side int) vizlib.Picture {
	const columns, most = 6, 12
	shown := min(len(docs), most)
	g := vizlib.Grid{Title: "What the solver sees", Caption: fmt.Sprintf("%d of %d documents, a pixel a word", shown, len(docs)),
		Numbers: fmt.Sprintf("%d words each", docs[0].Len())}
	for d := range shown {
		p := make([]float64, side*side)
		for _, c := range docs[d] {
			p[c.Word] = float64(c.Times) / float64(docs[d].Len())
		}
		g.Cells = append(g.Cells, barCell(p, side, d, columns, fmt.Sprintf("document %d", d+1)))
	}
	return g
}

// barFrames are the steps that are shown: all at first, then ever fewer.
func barFrames(n int) []int {
	var out []int
	for i, by := 0, 1; i < n; i += by {
		out = append(out, i)
		if i >= 16 {
			by = 4
		}
	}
	if out[len(out)-1] != n-1 {
		out = append(out, n-1)
	}
	return out
}

func barCaption(sweep int) string {
	if sweep == 0 {
		return "the start: noise"
	}
	return fmt.Sprintf("after sweep %d", sweep)
}

// barCell is one image, p from the bottom row up.
func barCell(p []float64, side, place, columns int, name string) vizlib.Cell {
	const left, width, step = .035, .122, .138 // six columns fill the slide but for a margin
	const foot = .2                            // of an image's height, for its name
	cells := make([][]float64, side)
	for row := range cells {
		cells[row] = p[row*side : (row+1)*side]
	}
	edge := float64(side)
	frame := vizlib.Line{X: []float64{0, edge, edge, 0, 0}, Y: []float64{0, 0, edge, edge, 0}, Style: vizlib.Style{Ink: vizlib.Muted, Width: 1.5, Dash: vizlib.Solid}}
	return vizlib.Cell{
		At: vizlib.Rect{left + step*float64(place%columns), .49 - .365*float64(place/columns), width, (1 + foot) * width * 16 / 9},
		Figure: vizlib.Figure{View: vizlib.View{X: vizlib.Interval{Max: edge}, Y: vizlib.Interval{Min: -foot * edge, Max: edge}, Equal: true,
			Axes: vizlib.NoAxes, Legend: vizlib.NoLegend},
			Marks: []vizlib.Mark{
				vizlib.Heat{Cells: cells, High: 1.1 / edge, Name: name, Style: vizlib.Style{Ink: vizlib.Q}}, frame,
				vizlib.Text{Text: name, At: vizlib.Point{X: edge / 2, Y: -.08 * edge}, AlignY: -1, Size: 13, Key: "name"},
			}},
	}
}

// topicDistance is the mean total variation between each true topic and the one matched to it.
func topicDistance(truth, means *mat.Dense, match []int) float64 {
	var far float64
	for k, j := range match {
		for w, p := range truth.RawRowView(k) {
			far += math.Abs(p-means.At(j, w)) / 2
		}
	}
	return far / float64(len(match))
}

// kilo is the unit of the ELBO's axis, in nats.
const kilo = 1000

// climbWindow is the ELBO's axis over a whole trace.
type climbWindow struct{ y vizlib.Interval }

func newClimbWindow(values []float64) climbWindow {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		lo, hi = min(lo, v), max(hi, v)
	}
	pad := .06 * max(hi-lo, 1)
	return climbWindow{vizlib.Interval{Min: (lo - pad) / kilo, Max: (hi + 3*pad) / kilo}}
}

// figure is the ELBO at the steps shown so far.
func (w climbWindow) figure(tr fit.Trace[cavi.LDAFactors], steps []int) vizlib.Figure {
	end := float64(tr.Last().Sweep)
	var x, y []float64
	for _, i := range steps {
		x, y = append(x, float64(tr.Steps[i].Sweep)), append(y, tr.Steps[i].Value/kilo)
	}
	last := len(x) - 1
	return vizlib.Figure{Title: "ELBO in 1000 nats", X: "sweeps",
		View: vizlib.View{X: vizlib.Interval{Min: -.03 * end, Max: 1.03 * end}, Y: w.y, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{
			vizlib.Line{X: x, Y: y, Step: true, Name: tr.Objective, Unit: "1000 nats", Key: "elbo", Style: vizlib.Style{Ink: vizlib.Bound, Width: 3.5}},
			jumping{vizlib.Dots{X: x[last:], Y: y[last:], Glyph: vizlib.Square, Size: 9, Key: "now", Style: vizlib.Style{Ink: vizlib.Bound}}},
		}}
}
