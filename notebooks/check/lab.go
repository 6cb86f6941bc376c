package check

import (
	"fmt"
	"math"

	"elboroom/vizlib"
)

// WrongUpdate is a slip in an update of coordinate ascent, and what three alarms make of it in the random cases of
// its exercise.
type WrongUpdate struct {
	Exercise string  // the exercise whose update it is, "5.1"
	Slip     string  // "" is the right update
	Fell     int     // cases in which the ELBO was lower after the update than before
	Slope    int     // cases in which the ELBO still climbed when the moved factor was moved a little
	Closed   int     // cases in which the factor was not the normalised exp E ln p
	Cases    int     // in which the result was a density at all; of the others no ELBO can be asked
	Of       int     // all cases
	Short    float64 // nats by which the ELBO after the update was at most below that of the right one
}

// String is a line of a table, each alarm with the share of the cases in which it rings.
func (w WrongUpdate) String() string {
	slip := w.Slip
	if slip == "" {
		slip = "none: the right update"
	}
	if w.Cases == 0 {
		return fmt.Sprintf("%s  %-33s no density: seen before any alarm", w.Exercise, slip)
	}
	word := func(rings int) string {
		if rings == 0 {
			return "–"
		}
		return fmt.Sprintf("%d of %d", rings, w.Cases)
	}
	line := fmt.Sprintf("%s  %-33s %-8s %-8s %-8s %9.4f nats short", w.Exercise, slip, word(w.Fell), word(w.Slope), word(w.Closed), w.Short)
	if w.Cases < w.Of {
		line += fmt.Sprintf("; NaN in %d of %d", w.Of-w.Cases, w.Of)
	}
	return line
}

// WrongUpdateHead is the line above a table of WrongUpdates.
const WrongUpdateHead = "     slip                              fell     slope    closed form"

// WrongUpdates makes every known slip of the updates of exercises 4.1, 4.2, 4.4, 5.1 and 5.2 in all random cases of
// the exercise, the right update first, and listens to three alarms: the ELBO fell, it is not stationary in the
// factor that moved, the factor is not the closed form. Nothing in the table is stored.
//
// With numbers of exercises it keeps to those; a number that is none of the five panics.
func WrongUpdates(exercises ...string) []WrongUpdate {
	all := []exercise{staircaseMean(nil), staircaseVariance(nil), precisionUpdate(nil),
		responsibilities[func(x, m, s2 []float64, sigma float64) [][]float64](nil), caviMeanUpdate(nil)}
	var rows []WrongUpdate
	for _, id := range exercises {
		found := false
		for _, e := range all {
			found = found || e.id == id
		}
		if !found {
			panic(fmt.Sprintf("check: WrongUpdates: exercise %q is no update, want 4.1, 4.2, 4.4, 5.1 or 5.2", id))
		}
	}
	for _, e := range all {
		wanted := len(exercises) == 0
		for _, id := range exercises {
			wanted = wanted || e.id == id
		}
		if !wanted {
			continue
		}
		rows = append(rows, e.mutated(""))
		for _, h := range e.hints {
			rows = append(rows, e.mutated(h.slip))
		}
	}
	return rows
}

// mutated listens to one slip in all cases.
func (e exercise) mutated(slip string) WrongUpdate {
	w := WrongUpdate{Exercise: e.id, Slip: slip, Of: len(e.instances)}
	for _, in := range e.instances {
		got := in.want
		if wrong, known := in.slips[slip]; known {
			got = wrong
		}
		if !allFinite(got) {
			continue
		}
		a := in.alarm(got)
		if a == nil {
			continue
		}
		w.Cases++
		for _, one := range []struct {
			rings bool
			count *int
		}{{a.Fell, &w.Fell}, {a.Slope, &w.Slope}, {a.Closed, &w.Closed}} {
			if one.rings {
				*one.count++
			}
		}
		w.Short = math.Max(w.Short, a.short)
	}
	return w
}

// AlarmTable draws WrongUpdates: a row a slip, a column an alarm. A full disc rings in every case, a small one in
// some, a ring in none. The bars are the nats by which the ELBO ends up short, on a logarithmic axis: the longer the
// bar beside a silent alarm, the more it has missed. A slip is left out if its result is no density, which is seen before
// any alarm.
func AlarmTable(rows []WrongUpdate) vizlib.Grid {
	var kept []WrongUpdate
	for _, w := range rows {
		if w.Closed > 0 {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		panic("check: AlarmTable: there is no row with a wrong update")
	}
	const (
		least, most = 1e-5, 1e2 // nats of the bars' axis
		half        = 0.3       // of a row
		column      = 1.15      // between alarms
		words       = 4.1       // where the slip's words end
		loud        = 20.0      // diameters of discs
	)
	n := float64(len(kept))
	y := vizlib.Interval{Min: -0.6, Max: n + 0.5}
	table := vizlib.Figure{View: vizlib.View{X: vizlib.Interval{Max: words + 3*column}, Y: y, Axes: vizlib.NoAxes, Legend: vizlib.NoLegend}}
	bars := vizlib.Figure{X: "nats short of the right update, at most", View: vizlib.View{X: vizlib.Interval{Min: least, Max: most}, Y: y, LogX: true,
		XTicks: []vizlib.Tick{{At: 1e-4, Label: "0.0001"}, {At: 1e-2, Label: "0.01"}, {At: 1, Label: "1"}, {At: 100, Label: "100"}}, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend}}
	var lost []vizlib.Box
	for k, name := range []string{"ELBO fell", "slope left", "closed form"} {
		table.Marks = append(table.Marks, vizlib.Text{Text: name, At: vizlib.Point{X: words + column*(float64(k)+0.5), Y: n + 0.1}, Bold: true, Size: 13})
	}
	for i, w := range kept {
		at := n - 1 - float64(i)
		table.Marks = append(table.Marks, vizlib.Text{Text: w.Exercise + "  " + w.Slip, At: vizlib.Point{Y: at}, AlignX: 1, Size: 13.5})
		for k, rings := range []int{w.Fell, w.Slope, w.Closed} {
			dot := vizlib.Dots{X: []float64{words + column*(float64(k)+0.5)}, Y: []float64{at}, Size: loud * math.Sqrt(float64(rings)/float64(w.Cases)), Style: vizlib.Style{Ink: vizlib.Two}}
			if rings == 0 {
				dot.Size, dot.Glyph, dot.Style = loud/2, vizlib.Ring, vizlib.Style{Ink: vizlib.Muted, Width: 2}
			}
			table.Marks = append(table.Marks, dot)
		}
		if w.Short > least {
			lost = append(lost, vizlib.Box{Min: vizlib.Point{X: least, Y: at - half}, Max: vizlib.Point{X: math.Min(w.Short, most), Y: at + half}})
		}
	}
	if len(lost) > 0 {
		bars.Marks = []vizlib.Mark{vizlib.Blocks{At: lost, Name: "nats short", Style: vizlib.Style{Ink: vizlib.Gap, Fill: .8}}}
	}
	return vizlib.Grid{
		Title:   "Which alarm hears which slip",
		Caption: "● rings, the larger the more often · ○ silent",
		Numbers: fmt.Sprintf("%d slips, each in several random cases", len(kept)),
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.03, .11, .62, .76}, Figure: table},
			{At: vizlib.Rect{.68, .11, .30, .76}, Figure: bars},
		},
	}
}
