package figures

import (
	"fmt"

	"elboroom/vizlib"
)

// RivalsMeet shows how coordinate ascent becomes EM as the data grow, on log scales: the largest variance of a mean under q,
// and how far the means of the two methods are apart, against the number of data. All are positive.
func RivalsMeet(n, variance, apart []float64) vizlib.Figure {
	if len(n) < 2 || len(variance) != len(n) || len(apart) != len(n) {
		panic(fmt.Sprintf("figures: RivalsMeet: %d sizes, %d variances and %d distances, want equally many and at least 2", len(n), len(variance), len(apart)))
	}
	last := len(n) - 1
	series := func(y []float64, name string, ink vizlib.Ink, dash vizlib.Dash) []vizlib.Mark {
		return []vizlib.Mark{
			vizlib.Line{X: n, Y: y, Name: name, Style: vizlib.Style{Ink: ink, Width: 3.5, Dash: dash}},
			vizlib.Dots{X: n, Y: y, Size: 9, Name: name, Style: vizlib.Style{Ink: ink}},
		}
	}
	f := vizlib.Figure{
		Title: "With more data CAVI meets EM", X: "number of data",
		Caption: fmt.Sprintf("from %.0f to %.0f data", n[0], n[last]),
		Numbers: fmt.Sprintf("s² falls from %.2g to %.2g", variance[0], variance[last]),
		View:    vizlib.View{LogX: true, LogY: true, Legend: vizlib.NoLegend},
	}
	f.Marks = append(f.Marks, series(variance, "s², the variance under q", vizlib.Q, vizlib.Solid)...)
	f.Marks = append(f.Marks, series(apart, "distance of CAVI’s mean from EM’s", vizlib.Gap, vizlib.Dashed)...)
	f.Marks = append(f.Marks,
		vizlib.Text{Text: "s², the variance under q", At: vizlib.Point{X: .97, Y: .95}, InBox: true, AlignX: -1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.Q}},
		vizlib.Text{Text: "distance between CAVI’s mean and EM’s", At: vizlib.Point{X: .97, Y: .88}, InBox: true, AlignX: -1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.Gap}})
	return f
}
