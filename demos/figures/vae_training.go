package figures

import (
	"fmt"
	"time"

	"elboroom/fit"
	"elboroom/vae"
	"elboroom/vizlib"
)

// VAETraining is the movie of an autoencoder that learns, with codes of two numbers.
//
// On the left every image is a dot at the mean of its q(z|x): at first a heap, then one clump a shape. In the middle
// the decoder's answer at each place of the same plane: grey at first, then every place becomes a drawing, and
// between two shapes one turns into the other. On the right the ELBO climbs, unevenly, for it is stochastic.
func VAETraining(im vae.Images, tr fit.Trace[vae.Weights]) vizlib.Movie {
	if len(tr.Steps) == 0 {
		panic("figures: VAETraining: the trace has no steps, want at least its start")
	}
	const frames = 15
	shown := growing(len(tr.Steps), frames)
	best := tr.Steps[0].Value
	for _, v := range tr.Values() {
		best = max(best, v)
	}
	end := float64(len(tr.Steps) - 1)
	climb := vizlib.View{X: vizlib.Interval{Max: max(end, 1) * 1.04}, Y: vizlib.Interval{Min: tr.Steps[0].Value - 1, Max: best + 3}, Legend: vizlib.NoLegend}
	return vizlib.Movie{
		Len: len(shown),
		Frame: func(i int) vizlib.Picture {
			step := tr.Steps[shown[i]]
			caption := fmt.Sprintf("epoch %d · every image seen %d times", step.Sweep, step.Sweep)
			switch step.Sweep {
			case 0:
				caption = "the start · random weights"
			case 1:
				caption = "epoch 1 · every image seen once"
			}
			var x, y []float64
			for _, s := range tr.Steps[:shown[i]+1] {
				x, y = append(x, float64(s.Sweep)), append(y, s.Value)
			}
			codes := planeView()
			return vizlib.Grid{
				Title:   "A plane of codes, while it is learned",
				Caption: caption,
				Numbers: "ELBO " + signed(step.Value, 1) + " nats a datum",
				Cells: []vizlib.Cell{
					{At: vizlib.Rect{.055, .135, .365, .649}, Figure: vizlib.Figure{X: "z₁", Y: "z₂", View: codes,
						Marks: append(codeDots(im, step.Q, 300), shapeKey(im.Names)...)}},
					{At: vizlib.Rect{.455, .135, .365, .649}, Figure: vizlib.Figure{View: bare(planeView()),
						Marks: append(decodedPlane(step.Q, 11), above("what the decoder draws at each place", vizlib.Black))}},
					{At: vizlib.Rect{.885, .135, .10, .649}, Figure: vizlib.Figure{X: "epochs", View: climb, Title: "ELBO",
						Marks: []vizlib.Mark{
							vizlib.Line{X: x, Y: y, Name: "ELBO", Unit: "nats", Key: "elbo", Style: vizlib.Style{Ink: vizlib.Bound, Width: 3}},
							vizlib.Dots{X: x[len(x)-1:], Y: y[len(y)-1:], Size: 9, Key: "now", Style: vizlib.Style{Ink: vizlib.Bound}},
						}}},
				},
			}
		},
		Hold: steady(len(shown), 900*time.Millisecond),
	}
}

// bare takes the ticks away along y, and along x.
func bare(v vizlib.View) vizlib.View {
	v.XTicks, v.YTicks, v.Axes = []vizlib.Tick{}, []vizlib.Tick{}, vizlib.NoAxes
	return v
}

// growing chooses at most so many of n steps, close together first and far apart later, the first and last among them.
func growing(n, most int) []int {
	chosen := []int{0}
	for i := 1; i < most; i++ {
		share := float64(i) / float64(most-1)
		at := int(float64(n-1)*share*share*share + .5)
		at = min(max(at, chosen[len(chosen)-1]+1), n-1)
		if at == chosen[len(chosen)-1] {
			break
		}
		chosen = append(chosen, at)
	}
	return chosen
}
