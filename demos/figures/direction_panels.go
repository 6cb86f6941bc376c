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

// densityPanel is an empty panel for densities over x, with its title and a line below it.
func densityPanel(title, note string, x, y vizlib.Interval) vizlib.Figure {
	return vizlib.Figure{
		Title:   title,
		Caption: note,
		View:    vizlib.View{X: x, Y: y, Axes: vizlib.BottomOnly, Legend: vizlib.NoLegend, XTicks: []vizlib.Tick{}},
	}
}

// targetMarks are p as a grey area with its letter on the left bump, or beside it while q's letter is near.
func targetMarks(p kl.Mixture) []vizlib.Mark {
	const apart, aside = 1.5, 1.7
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

// approximationMarks are q as a thick line with its letter on top, in a window of densities y. The key names the
// optimum: one that takes the place of another jumps there, while one that lives on moves.
func approximationMarks(key string, q kl.Gaussian, ink vizlib.Ink, y vizlib.Interval) []vizlib.Mark {
	return []vizlib.Mark{
		vizlib.Curve{F: density(q).at, Name: "q", Key: key, Style: vizlib.Style{Ink: ink, Width: 4.5}},
		vizlib.Text{Text: "q", At: vizlib.Point{X: q.Mean[0], Y: height(q) + 0.03*y.Max}, AlignY: 1, Key: key + "/name", Style: vizlib.Style{Ink: ink}},
	}
}

// height is the density of a Gaussian at its mean.
func height(q kl.Gaussian) float64 { return density(q).at(q.Mean[0]) }

// otherOptima are the local optima that lost, dotted, each with its divergence. A mirror image is not drawn.
func otherOptima(s DirectionStop) []vizlib.Mark {
	// The words for the covering optimum stand between the bumps, a little to the side of the bump that q leaves free.
	const near, far = 0.8, 2.3
	p := density(s.P)
	var marks []vizlib.Mark
	best := s.Best()
	for b, f := range s.Reverse {
		if !f.Exists() || b == best || mirrored(s, b) {
			continue
		}
		key := fmt.Sprintf("other%d", b)
		at, align := vizlib.Point{X: f.Q.Mean[0], Y: height(f.Q) + 0.015}, 0.0
		if b == Covering {
			align = -math.Copysign(1, s.Reverse[best].Q.Mean[0])
			at = vizlib.Point{X: -align * near, Y: math.Max(height(f.Q), p.at(align*far)) + 0.02}
		}
		marks = append(marks,
			vizlib.Curve{F: density(f.Q).at, Name: "another local optimum", Key: key, Style: vizlib.Style{Ink: vizlib.Q, Width: 2, Dash: vizlib.Dotted}},
			vizlib.Text{Text: fmt.Sprintf("KL %.3f", f.KL), At: at, AlignX: align, AlignY: 1, Key: key + "/kl", Style: vizlib.Style{Ink: vizlib.Q}},
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
func integrandPanel(key, title string, a, b logDensity, ink vizlib.Ink, x, y vizlib.Interval) vizlib.Figure {
	fig := densityPanel(title, "area = KL", x, y)
	fig.View.XTicks = nil
	fig.Marks = []vizlib.Mark{
		vizlib.Area{F: integrand(a, b), Name: title, Unit: "nats per unit of x", Key: key, Style: vizlib.Style{Ink: ink, Width: 1.5, Dash: vizlib.Solid}},
		zeroLine(),
	}
	return fig
}

// zeroLine is where an integrand changes sign.
func zeroLine() vizlib.Mark {
	return vizlib.Rule{At: 0, Key: "zero", Style: vizlib.Style{Ink: vizlib.Black, Width: 0.8}}
}
