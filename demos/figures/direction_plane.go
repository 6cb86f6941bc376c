package figures

import (
	"fmt"
	"math"

	"elboroom/fit"
	"elboroom/kl"
	"elboroom/vizlib"
)

// PlaneFit is a target in two dimensions with a Gaussian fitted in each direction.
type PlaneFit struct {
	Title            string
	P                kl.Target
	Forward, Reverse fit.Trace[kl.Gaussian]
}

// DirectionPlane shows Gaussians fitted in both directions in two dimensions, a panel a target: p's regions of
// 50 % and 95 % of its mass in grey, and of each fit the ellipses of the same masses, forward vermillion and
// dashed, reverse blue. The scales are equal, so that a circle is one. It takes one to three fits.
func DirectionPlane(title string, fits ...PlaneFit) vizlib.Grid {
	const left, right, gap = 0.05, 0.98, 0.05
	if len(fits) < 1 || len(fits) > 3 {
		panic(fmt.Sprintf("figures: DirectionPlane: there are %d fits, want 1 to 3", len(fits)))
	}
	g := vizlib.Grid{Title: title, Caption: "reverse KL(q‖p) solid blue · forward KL(p‖q) dashed", Numbers: "rings: 50 % and 95 % of the mass"}
	width := (right - left - gap*float64(len(fits)-1)) / float64(len(fits))
	for i, f := range fits {
		at := vizlib.Rect{left + float64(i)*(width+gap), 0.08, width, 0.64}
		g.Cells = append(g.Cells, vizlib.Cell{At: at, Figure: planePanel(f, at)})
	}
	return g
}

// planeWindow is the window around a Gaussian, 3.2 sds to each side or more, in which a box shows equal scales.
func planeWindow(q kl.Gaussian, at vizlib.Rect) (x, y vizlib.Interval) {
	const sds, ratio = 3.2, 16.0 / 9
	halfX, halfY := sds*q.Sd(0), sds*q.Sd(1)
	shape := at[3] / (at[2] * ratio)
	halfX, halfY = math.Max(halfX, halfY/shape), math.Max(halfY, halfX*shape)
	around := func(c, half float64) vizlib.Interval { return vizlib.Interval{Min: c - half, Max: c + half} }
	return around(q.Mean[0], halfX), around(q.Mean[1], halfY)
}

// planePanel is one target with its two fits, in the box at.
func planePanel(f PlaneFit, at vizlib.Rect) vizlib.Figure {
	forward, reverse := f.Forward.Last(), f.Reverse.Last()
	x, y := planeWindow(forward.Q, at)
	fig := vizlib.Figure{View: vizlib.View{X: x, Y: y, Equal: true, Legend: vizlib.NoLegend}}
	fig.Marks = []vizlib.Mark{
		vizlib.Contour{F: func(x, y float64) float64 { return math.Exp(f.P.LogProb([]float64{x, y})) }, Masses: []float64{0.95, 0.5}, Name: "p", Key: "p",
			Style: vizlib.Style{Ink: vizlib.P, Fill: 0.3, Width: 1}},
	}
	fig.Marks = append(fig.Marks, directionRings(reverse.Q, "reverse", vizlib.Style{Ink: vizlib.Q, Width: 3.5})...)
	fig.Marks = append(fig.Marks, directionRings(forward.Q, "forward", vizlib.Style{Ink: vizlib.Two, Width: 3})...)
	note := func(text string, y float64, ink vizlib.Ink, bold bool) {
		fig.Marks = append(fig.Marks, vizlib.Text{Text: text, InBox: true, At: vizlib.Point{X: 0, Y: y}, AlignX: 1, AlignY: 1, Bold: bold, Key: text, Style: vizlib.Style{Ink: ink}})
	}
	note(f.Title, 1.12, vizlib.Black, true)
	note("forward "+nats(-forward.Value), 1.065, vizlib.Two, false)
	note("reverse "+nats(-reverse.Value), 1.01, vizlib.Q, false)
	return fig
}

// directionRings are the ellipses around a Gaussian that hold half of its mass, and 95 % of it, and its centre.
func directionRings(q kl.Gaussian, name string, style vizlib.Style) []vizlib.Mark {
	var marks []vizlib.Mark
	for _, mass := range []float64{0.5, 0.95} {
		cx, cy, major, minor, angle := q.Ellipse(mass)
		marks = append(marks, vizlib.Ellipse{Center: vizlib.Point{X: cx, Y: cy}, A: major, B: minor, Angle: angle, Name: fmt.Sprintf("%s, %.0f %%", name, 100*mass), Key: fmt.Sprintf("%s%v", name, mass), Style: style})
	}
	return append(marks, vizlib.Dots{X: q.Mean[:1], Y: q.Mean[1:2], Size: 7, Name: name + ", mean", Key: name + "/mean", Style: vizlib.Style{Ink: style.Ink}})
}
