package figures

import (
	"fmt"
	"math"

	"elboroom/kl"
	"elboroom/vizlib"
)

// logDensity is the logarithm of a density on the line, in nats.
type logDensity func(x float64) float64

// density reads a target in one dimension.
func density(p kl.Target) logDensity {
	return func(x float64) float64 { return p.LogProb([]float64{x}) }
}

func (l logDensity) at(x float64) float64 { return math.Exp(l(x)) }

// integrand is a ln(a/b), whose area is KL(a‖b).
func integrand(a, b logDensity) func(x float64) float64 {
	return func(x float64) float64 { return a.at(x) * (a(x) - b(x)) }
}

// lineWindow is the stretch of x of the panels on two bumps.
func lineWindow() vizlib.Interval { return vizlib.Interval{Min: -7, Max: 7} }

// densityPanel is an empty panel for densities, with its title and a line below it.
func densityPanel(title, note string, y vizlib.Interval) vizlib.Figure {
	return vizlib.Figure{
		Title:   title,
		Caption: note,
		View:    vizlib.View{X: lineWindow(), Y: y, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend, XTicks: []vizlib.Tick{}},
	}
}

// targetMarks are p as a grey area with its letter on the left bump, or beside it while q's letter is near.
func targetMarks(p kl.Mixture) []vizlib.Mark {
	const apart, aside = 1.5, 1.5
	l := density(p)
	near := math.Max(0, 1+p.Mean[0]/apart) // 1 where the bumps meet, 0 from a distance on
	x := p.Mean[0] - aside*near
	return []vizlib.Mark{
		targetArea(l),
		vizlib.Text{Text: "p", At: vizlib.Point{X: x, Y: l.at(x) + 0.015 + 0.03*near}, AlignX: -near, AlignY: 1, Key: "p/name", Style: vizlib.Style{Ink: vizlib.P}},
	}
}

// targetArea is p as a grey area.
func targetArea(p logDensity) vizlib.Mark {
	return vizlib.Curve{F: p.at, Name: "p", Key: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: 0.45, Width: 1}}
}

// approximationMarks are q as a thick line with its letter on top, in a window of densities y.
func approximationMarks(q kl.Gaussian, ink vizlib.Ink, y vizlib.Interval) []vizlib.Mark {
	return []vizlib.Mark{
		vizlib.Curve{F: density(q).at, Name: "q", Key: "q", Style: vizlib.Style{Ink: ink, Width: 4.5}},
		vizlib.Text{Text: "q", At: vizlib.Point{X: q.Mean[0], Y: height(q) + 0.03*y.Max}, AlignY: 1, Key: "q/name", Style: vizlib.Style{Ink: ink}},
	}
}

// height is the density of a Gaussian at its mean.
func height(q kl.Gaussian) float64 { return density(q).at(q.Mean[0]) }

// otherOptima are the local optima that lost, dotted, each with its divergence. A mirror image is not drawn.
func otherOptima(s DirectionStop) []vizlib.Mark {
	const overBumps = 0.255 // between the bumps, above what is drawn there
	var marks []vizlib.Mark
	best := s.Best()
	for b, f := range s.Reverse {
		if !f.Exists() || b == best || mirrored(s, b) {
			continue
		}
		key := fmt.Sprintf("other%d", b)
		at := vizlib.Point{X: f.Q.Mean[0], Y: height(f.Q) + 0.015}
		if b == Covering {
			at = vizlib.Point{X: 0, Y: overBumps}
		}
		marks = append(marks,
			vizlib.Curve{F: density(f.Q).at, Name: "another local optimum", Key: key, Style: vizlib.Style{Ink: vizlib.Q, Width: 2, Dash: vizlib.Dotted}},
			vizlib.Text{Text: fmt.Sprintf("KL %.3f", f.KL), At: at, AlignY: 1, Key: key + "/kl", Style: vizlib.Style{Ink: vizlib.Q}},
		)
	}
	return marks
}

// mirrored reports whether branch b is the mirror image of an earlier one, or of the best.
func mirrored(s DirectionStop, b int) bool {
	return b == OnLeft && s.Reverse[OnRight].Exists() && math.Abs(s.Reverse[b].KL-s.Reverse[OnRight].KL) < sameKL
}

// integrandPanel is the area whose size is KL(a‖b): filled where the integrand is positive, pale and hatched
// where it is negative.
func integrandPanel(title string, a, b logDensity, ink vizlib.Ink, y vizlib.Interval) vizlib.Figure {
	fig := densityPanel(title, "area = KL", y)
	fig.View.XTicks = nil
	fig.Marks = []vizlib.Mark{
		vizlib.Area{F: integrand(a, b), Name: title, Unit: "nats per unit of x", Key: "area", Style: vizlib.Style{Ink: ink, Width: 1.5, Dash: vizlib.Solid}},
		zeroLine(),
	}
	return fig
}

// zeroLine is where an integrand changes sign.
func zeroLine() vizlib.Mark {
	return vizlib.Rule{At: 0, Key: "zero", Style: vizlib.Style{Ink: vizlib.Black, Width: 0.8}}
}
