package figures

import (
	"fmt"
	"math"

	"elboroom/cavi"
	"elboroom/vizlib"
)

// TopicsFound shows every topic of one fit over the pixels of a square image, up to twenty, the largest first. value is the
// fit's ELBO in nats, perplexity what it says of documents that it has not seen.
func TopicsFound(q cavi.LDAFactors, value, perplexity float64) vizlib.Grid {
	const columns, lines = 7, 3
	means := q.TopicMeans()
	k, v := means.Dims()
	side := int(math.Round(math.Sqrt(float64(v))))
	if side*side != v || k > columns*lines {
		panic(fmt.Sprintf("figures: TopicsFound: %d topics of %d words, want at most %d over a square image", k, v, columns*lines))
	}
	edge := side + 2 // with a margin
	images := make([][]float64, columns*lines)
	for place, topic := range q.Order() {
		p := make([]float64, edge*edge)
		for w, share := range means.RawRowView(topic) {
			p[(side-w/side)*edge+w%side+1] = share * float64(side) / 1.1 // as TopicsBars shades them; the image's first row on top
		}
		images[place] = p
	}
	heat := mosaic(images, columns, edge)
	heat.Style.Ink = vizlib.Q
	return vizlib.Grid{
		Title:   "How many topics?",
		Caption: fmt.Sprintf("K = %d, the largest first", k),
		Numbers: fmt.Sprintf("ELBO %s nats · unseen documents: perplexity %.2f", signed(value, 0), perplexity),
		Cells: []vizlib.Cell{{At: vizlib.Rect{.03, .07, .94, .75}, Figure: vizlib.Figure{
			View:  bare(vizlib.View{X: vizlib.Interval{Max: columns}, Y: vizlib.Interval{Max: lines}, Equal: true, Legend: vizlib.NoLegend}),
			Marks: []vizlib.Mark{heat, seams(heat.Box, columns, lines)}}}},
	}
}
