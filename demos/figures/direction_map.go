package figures

import (
	"fmt"
	"math"
	"time"

	"elboroom/fit"
	"elboroom/kl"
	"elboroom/vizlib"
)

// DirectionMap is the landscape that reverse KL descends: KL(q‖p) over the mean and the sd of q (on a log scale),
// darker where it is lower, with the path of each trace, a frame an iterate. On the right, p and the q of each
// path now. Every path ends in a local optimum, and its start decides in which.
func DirectionMap(p kl.Mixture, traces ...fit.Trace[kl.Gaussian]) vizlib.Movie {
	m := directionMap{p: p, traces: traces, divergence: remembered(divergenceOf(p))}
	for _, tr := range traces {
		m.frames = max(m.frames, len(tr.Steps))
	}
	if m.frames == 0 || len(traces) > len(directionInks()) {
		panic(fmt.Sprintf("figures: DirectionMap: there are %d traces with at most %d steps, want 1 to %d traces with a start each", len(traces), m.frames, len(directionInks())))
	}
	return vizlib.Movie{Len: m.frames, Frame: m.frame, Hold: m.hold}
}

// directionInks are the inks of the paths, in order.
func directionInks() []vizlib.Ink {
	return []vizlib.Ink{vizlib.Q, vizlib.Path1, vizlib.Bound, vizlib.Gap}
}

// directionMap is what the frames of DirectionMap share.
type directionMap struct {
	p          kl.Mixture
	traces     []fit.Trace[kl.Gaussian]
	divergence func(mean, sd float64) float64
	frames     int
}

// at is the state of a path in frame i: a path that has ended stays.
func (m directionMap) at(path, i int) fit.Step[kl.Gaussian] {
	steps := m.traces[path].Steps
	return steps[min(i, len(steps)-1)]
}

func (m directionMap) hold(i int) time.Duration {
	if i == 0 || i == m.frames-1 {
		return 2500 * time.Millisecond
	}
	return 600 * time.Millisecond
}

func (m directionMap) frame(i int) vizlib.Picture {
	caption, numbers := fmt.Sprintf("step %d", i), "KL now:"
	if i == 0 {
		caption = "the starts"
	} else if i == m.frames-1 {
		caption, numbers = "where each start has led", "KL:"
	}
	for path := range m.traces {
		sep := " "
		if path > 0 {
			sep = " · "
		}
		numbers += fmt.Sprintf("%s%.3f", sep, -m.at(path, i).Value)
	}
	return vizlib.Grid{
		Title:   "The map of reverse KL: its paths and where they end",
		Caption: caption,
		Numbers: numbers + " nats",
		Cells: []vizlib.Cell{
			{At: vizlib.Rect{.075, .125, .53, .70}, Figure: m.landscape(i)},
			{At: vizlib.Rect{.655, .125, .32, .70}, Figure: m.densities(i)},
		},
	}
}

// landscape is the map with each path up to iterate i.
func (m directionMap) landscape(i int) vizlib.Figure {
	const knots = 81
	levels := []float64{0.7, 0.8, 1, 1.25, 1.6, 2, 2.6, 3.5, 5, 8}
	for k := range levels {
		levels[k] = -levels[k]
	}
	lo, hi := m.p.Window()
	fig := vizlib.Figure{
		X: "mean of q", Y: "sd of q",
		View: vizlib.View{
			X:      vizlib.Interval{Min: lo[0] + 2, Max: hi[0] - 2},
			Y:      vizlib.Interval{Min: 0.4, Max: 6},
			LogY:   true,
			Legend: vizlib.NoLegend,
		},
		Marks: []vizlib.Mark{
			vizlib.Contour{F: func(mean, sd float64) float64 { return -m.divergence(mean, sd) }, Levels: levels, N: knots, Name: "−KL(q‖p)", Unit: "nats", Key: "map",
				Style: vizlib.Style{Ink: vizlib.P, Fill: 0.09, Width: 0.8}},
		},
	}
	for path, tr := range m.traces {
		ink := directionInks()[path]
		var x, y []float64
		for _, s := range tr.Steps[:min(i+1, len(tr.Steps))] {
			x, y = append(x, s.Q.Mean[0]), append(y, s.Q.Sd(0))
		}
		key := fmt.Sprintf("path%d", path)
		if len(x) > 1 {
			fig.Marks = append(fig.Marks, vizlib.Line{X: x, Y: y, Name: "iterates", Key: key, Style: vizlib.Style{Ink: ink, Width: 2.5, Dash: vizlib.Solid, Casing: true}})
		}
		fig.Marks = append(fig.Marks,
			vizlib.Dots{X: x, Y: y, Size: 6, Key: key + "/steps", Style: vizlib.Style{Ink: ink}},
			vizlib.Dots{X: x[:1], Y: y[:1], Size: 9, Glyph: vizlib.Ring, Name: "start", Key: key + "/start", Style: vizlib.Style{Ink: ink}},
			vizlib.Dots{X: x[len(x)-1:], Y: y[len(y)-1:], Size: 12, Name: "now", Key: key + "/now", Style: vizlib.Style{Ink: ink, Rim: true}},
		)
		if i == m.frames-1 {
			fig.Marks = append(fig.Marks, vizlib.Text{Text: fmt.Sprintf("%.3f", -tr.Last().Value),
				At: vizlib.Point{X: x[len(x)-1] + 0.3, Y: y[len(y)-1]}, AlignX: 1, Bold: true})
		}
	}
	return fig
}

// densities are p and the q of every path.
func (m directionMap) densities(i int) vizlib.Figure {
	lo, hi := m.p.Window()
	fig := densityPanel("p and each q", "", vizlib.Interval{Min: lo[0], Max: hi[0]}, vizlib.Interval{Max: 0.9})
	fig.View.XTicks = nil
	fig.Marks = []vizlib.Mark{targetArea(density(m.p))}
	for path := range m.traces {
		q := m.at(path, i).Q
		fig.Marks = append(fig.Marks, vizlib.Curve{F: density(q).at, Name: "q", Key: fmt.Sprintf("q%d", path),
			Style: vizlib.Style{Ink: directionInks()[path], Width: 3, Dash: vizlib.Solid}})
	}
	return fig
}

// divergenceOf is KL(q‖p) of q = N(mean, sd²) by an even grid over q, fine enough for contours.
func divergenceOf(p kl.Target) func(mean, sd float64) float64 {
	const reach, step = 6.0, 0.1
	return func(mean, sd float64) float64 {
		var sum, mass float64
		x := make([]float64, 1)
		for z := -reach; z <= reach; z += step {
			w := math.Exp(-z * z / 2)
			x[0] = mean + sd*z
			sum += w * p.LogProb(x)
			mass += w
		}
		return -sum/mass - math.Log(sd) - 0.5*math.Log(2*math.Pi*math.E)
	}
}

// remembered is f with its values kept, for the frames of a movie that ask for the same places.
func remembered(f func(x, y float64) float64) func(x, y float64) float64 {
	seen := map[[2]float64]float64{}
	return func(x, y float64) float64 {
		at := [2]float64{x, y}
		v, ok := seen[at]
		if !ok {
			v = f(x, y)
			seen[at] = v
		}
		return v
	}
}
