package figures

import (
	"fmt"
	"math"
	"time"

	"gonum.org/v1/gonum/mat"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/vizlib"
)

// MeanFieldStop is a correlated Gaussian and its two best factorised approximations.
type MeanFieldStop struct {
	P                kl.Gaussian // unit variances, correlation Rho
	Rho              float64
	Reverse, Forward kl.Gaussian // the minima of KL(q‖p), where coordinate ascent settles, and of KL(p‖q)
}

// SweepCorrelation solves both divergences at each correlation, each inside −1…1.
func SweepCorrelation(rhos ...float64) []MeanFieldStop {
	stops := make([]MeanFieldStop, len(rhos))
	for i, rho := range rhos {
		if !(math.Abs(rho) < 1) {
			panic(fmt.Sprintf("figures: SweepCorrelation: correlation %v, want one inside −1…1", rho))
		}
		p := kl.Gaussian{Mean: []float64{0, 0}, Cov: mat.NewSymDense(2, []float64{1, rho, rho, 1})}
		// Started at the target's means the climb is at its fixed point.
		at := cavi.Fit(cavi.Gaussian{Target: p, Init: p.Mean}, fit.Settings{})
		q0 := kl.NewGaussian(p.Mean, []float64{1, 1})
		stops[i] = MeanFieldStop{P: p, Rho: rho, Reverse: at.Last().Q.Gaussian(), Forward: kl.Forward(p, q0, kl.MeanField, fit.Settings{}).Last().Q}
	}
	return stops
}

// MeanFieldCorrelation is the movie of mean field while the target's correlation grows, a frame a stop, each at its
// fixed point: q (blue) shrinks to the conditional width, the q of forward KL (vermillion, dashed) keeps the
// marginal one. On the right: the least divergence of each, and the width of q, against the correlation.
func MeanFieldCorrelation(stops []MeanFieldStop) vizlib.Movie {
	if len(stops) == 0 {
		panic("figures: MeanFieldCorrelation: there are no stops, want at least 1")
	}
	return vizlib.Movie{
		Len:   len(stops),
		Frame: func(i int) vizlib.Picture { return correlationFrame(stops, i) },
		Hold: func(i int) time.Duration {
			if i == 0 || i == len(stops)-1 {
				return 2 * time.Second
			}
			return 250 * time.Millisecond
		},
	}
}

func correlationFrame(stops []MeanFieldStop, i int) vizlib.Picture {
	s := stops[i]
	pl := newPlane("MeanFieldCorrelation", s.P)
	main := pl.panel()
	main.Marks = append(main.Marks, rings(s.Forward, "forward KL's q", vizlib.Style{Ink: vizlib.Two, Width: 2.5, Dash: vizlib.Dashed})...)
	main.Marks = append(main.Marks, rings(s.Reverse, "q", vizlib.Style{Ink: vizlib.Q, Width: 4})...)
	main.Marks = append(main.Marks,
		vizlib.Text{Text: "q of reverse KL: VI", At: vizlib.Point{X: .03, Y: .97}, InBox: true, AlignX: 1, AlignY: -1, Bold: true, Key: "reverse/name", Style: vizlib.Style{Ink: vizlib.Q}},
		vizlib.Text{Text: "q of forward KL", At: vizlib.Point{X: .97, Y: .03}, InBox: true, AlignX: -1, AlignY: 1, Bold: true, Key: "forward/name", Style: vizlib.Style{Ink: vizlib.Two}})
	return vizlib.Grid{
		Title:   "The stronger the correlation, the narrower mean field",
		Caption: fmt.Sprintf("ρ = %.2f · its 90 %% interval holds %.0f %%", s.Rho, 100*coverage(s.Rho)),
		Numbers: fmt.Sprintf("KL(q‖p) = %s", nats(kl.MvNormal(s.Reverse, s.P))),
		Cells: append(pl.withMargins(main, s.Reverse, s.Forward),
			vizlib.Cell{At: vizlib.Rect{.585, .53, .39, .29}, Figure: leastPanel(s)},
			vizlib.Cell{At: vizlib.Rect{.585, .10, .39, .26}, Figure: widthPanel(s.Rho)},
		),
	}
}

// leastPanel is the least divergence against the correlation, with a dot at the one of the stop: KL(q‖p) and KL(p‖q)
// have the same least value.
func leastPanel(now MeanFieldStop) vizlib.Figure {
	const far = 0.992 // of the axis: where the curve leaves the window
	r, least := math.Abs(now.Rho), kl.MvNormal(now.Reverse, now.P)
	side := valueSide(r)
	return vizlib.Figure{Title: "least KL, in nats, either direction", View: vizlib.View{
		X: vizlib.Interval{Max: 1}, Y: vizlib.Interval{Max: 2.9}, Legend: vizlib.NoLegend,
	}, Marks: []vizlib.Mark{
		vizlib.Curve{F: func(x float64) float64 { return -0.5 * math.Log1p(-x*x) }, From: 0, To: far, Name: "−½ ln(1 − ρ²)", Unit: "nats", Key: "least",
			Style: vizlib.Style{Ink: vizlib.Gap, Width: 3}},
		vizlib.Dots{X: []float64{r}, Y: []float64{least}, Size: 12, Name: "now", Key: "now", Style: vizlib.Style{Ink: vizlib.Gap, Rim: true}},
		vizlib.Text{Text: fmt.Sprintf("%.2f", least), At: vizlib.Point{X: r + side*.025, Y: least + .1}, AlignX: side, AlignY: 1, Bold: true, Key: "value", Style: vizlib.Style{Ink: vizlib.Gap}},
	}}
}
