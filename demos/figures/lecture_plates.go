package figures

import "elboroom/vizlib"

// LectureMixturePlates is the lecture's mixture as a graphical model: K means with their prior, and for each of n data a
// hidden component and the number that was seen.
//
// Source of the signs: Bishop, PRML (2006), §8.1.
func LectureMixturePlates() vizlib.Figure {
	at := func(x, y float64) vizlib.Point { return vizlib.Point{X: x, Y: y} }
	return vizlib.Figure{
		Title:   "The mixture as a graphical model",
		Caption: "c is hidden, x is seen, the means are wanted",
		View:    vizlib.View{Equal: true, Axes: vizlib.NoAxes, Legend: vizlib.NoLegend},
		Marks: []vizlib.Mark{vizlib.Diagram{
			Nodes: []vizlib.Node{
				{At: at(.2, 0), Text: "½", Kind: vizlib.Fixed},
				{At: at(1.6, 0), Text: "cᵢ"},
				{At: at(3.4, 0), Text: "xᵢ", Kind: vizlib.Observed},
				{At: at(5.2, 0), Text: "μₖ", Ink: vizlib.Q},
				{At: at(6.8, .45), Text: "μ₀", Kind: vizlib.Fixed},
				{At: at(6.8, -.45), Text: "τ₀", Kind: vizlib.Fixed},
				{At: at(3.4, 1.35), Text: "σ", Kind: vizlib.Fixed},
			},
			Edges: []vizlib.Edge{{From: 0, To: 1}, {From: 1, To: 2}, {From: 3, To: 2}, {From: 4, To: 3}, {From: 5, To: 3}, {From: 6, To: 2}},
			Plates: []vizlib.Plate{
				{Box: vizlib.Box{Min: at(.85, -.85), Max: at(4.15, .7)}, Text: "i = 1 … n"},
				{Box: vizlib.Box{Min: at(4.45, -.85), Max: at(6.05, .7)}, Text: "k = 1 … K"},
			},
		}},
	}
}
