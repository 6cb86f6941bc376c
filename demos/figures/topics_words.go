package figures

import (
	"fmt"

	"elboroom/cavi"
	"elboroom/model"
	"elboroom/vizlib"
)

// TopicsPlate is the plate diagram of latent Dirichlet allocation: what is drawn, from what, and how often. Shaded is
// what we see.
func TopicsPlate() vizlib.Picture {
	d := vizlib.Diagram{
		Nodes: []vizlib.Node{
			{At: vizlib.Point{X: 0, Y: 0}, Text: "α", Kind: vizlib.Fixed},
			{At: vizlib.Point{X: 1.6, Y: 0}, Text: "θ"},
			{At: vizlib.Point{X: 3.2, Y: 0}, Text: "z"},
			{At: vizlib.Point{X: 4.8, Y: 0}, Text: "w", Kind: vizlib.Observed},
			{At: vizlib.Point{X: 6.8, Y: 0}, Text: "β"},
			{At: vizlib.Point{X: 8.4, Y: 0}, Text: "η", Kind: vizlib.Fixed},
		},
		Edges: []vizlib.Edge{{From: 0, To: 1}, {From: 1, To: 2}, {From: 2, To: 3}, {From: 4, To: 3}, {From: 5, To: 4}},
		Plates: []vizlib.Plate{
			{Box: vizlib.Box{Min: vizlib.Point{X: .8, Y: -1.35}, Max: vizlib.Point{X: 5.7, Y: 1.05}}, Text: "n documents"},
			{Box: vizlib.Box{Min: vizlib.Point{X: 2.5, Y: -.85}, Max: vizlib.Point{X: 5.5, Y: .8}}, Text: "words"},
			{Box: vizlib.Box{Min: vizlib.Point{X: 6.05, Y: -.85}, Max: vizlib.Point{X: 7.55, Y: .8}}, Text: "K topics"},
		},
	}
	says := func(x, y float64, text string) vizlib.Mark {
		return vizlib.Text{Text: text, At: vizlib.Point{X: x, Y: y}, Size: 14}
	}
	return vizlib.Figure{Title: "How a document is made", Caption: "a circle is drawn, a shaded one is seen, a dot is chosen",
		View:  vizlib.View{Equal: true, Axes: vizlib.NoAxes, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{d, says(1.6, 1.4, "shares of a document"), says(4.0, 1.85, "topic of a word, and the word"), says(6.8, 1.4, "words of a topic")}}
}

// TopicsWords has a panel for each topic, the largest first: its likeliest words as bars, with their probabilities.
func TopicsWords(m model.LDA, q cavi.LDAFactors, words int) vizlib.Picture {
	order, means := q.Order(), q.TopicMeans()
	g := vizlib.Grid{Title: "The words of each topic", Caption: "the likeliest words, no label was given",
		Numbers: fmt.Sprintf("%d documents, %d words", len(m.Docs), len(m.Vocab))}
	const left, right, gap = .115, .985, .125
	width := (right - left - gap*float64(len(order)-1)) / float64(len(order))
	high := 0.0
	for _, k := range order {
		high = max(high, means.At(k, q.TopWords(k, 1)[0]))
	}
	for i, k := range order {
		f := vizlib.Figure{Title: fmt.Sprintf("topic %d", i+1), X: "probability", View: vizlib.View{X: vizlib.Interval{Max: 1.08 * high},
			Y: vizlib.Interval{Max: float64(words) + .9}, Legend: vizlib.NoLegend}}
		var bars []vizlib.Box
		for rank, w := range q.TopWords(k, words) {
			y := float64(words-rank) - .5
			const half = .36
			bars = append(bars, vizlib.Box{Min: vizlib.Point{X: 0, Y: y - half}, Max: vizlib.Point{X: means.At(k, w), Y: y + half}})
			f.View.YTicks = append(f.View.YTicks, vizlib.Tick{At: y, Label: m.Vocab[w]})
		}
		f.View.XTicks = []vizlib.Tick{{At: 0, Label: "0"}, {At: .05, Label: "0.05"}}
		f.Marks = []vizlib.Mark{vizlib.Blocks{At: bars, Name: "E β", Style: vizlib.Style{Ink: vizlib.Q, Fill: .75}}}
		g.Cells = append(g.Cells, vizlib.Cell{At: vizlib.Rect{left + float64(i)*(width+gap), .13, width, .66}, Figure: f})
	}
	return g
}

// TopicsShares has a row for each topic, the largest first, and a column for each document: dark where a document
// has much of the topic.
func TopicsShares(q cavi.LDAFactors) vizlib.Picture {
	order, shares := q.Order(), q.ShareMeans()
	n, k := shares.Dims()
	cells := make([][]float64, k)
	f := vizlib.Figure{Title: "Each document’s shares", Caption: "a column a document, dark where it has much of the topic", Numbers: "E θ under q",
		X: "document", View: vizlib.View{X: vizlib.Interval{Max: float64(n)}, Y: vizlib.Interval{Max: float64(k)}, Legend: vizlib.NoLegend}}
	for i, topic := range order {
		row := k - 1 - i
		cells[row] = make([]float64, n)
		for d := range n {
			cells[row][d] = shares.At(d, topic)
		}
		f.View.YTicks = append(f.View.YTicks, vizlib.Tick{At: float64(row) + .5, Label: fmt.Sprintf("topic %d", i+1)})
	}
	f.Marks = []vizlib.Mark{vizlib.Heat{Cells: cells, High: 1, Name: "share", Style: vizlib.Style{Ink: vizlib.Q}}}
	return f
}
