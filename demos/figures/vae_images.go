package figures

import (
	"fmt"
	"math/rand/v2"

	"elboroom/vae"
	"elboroom/vizlib"
)

// VAEReconstructions shows some data, what the decoder makes of the mean of their q(z|x), and of one draw from it,
// with each datum's ELBO and its KL below. Where decoder and datum differ, the ELBO pays.
func VAEReconstructions(im vae.Images, w vae.Weights, which []int) vizlib.Grid {
	rng := rand.New(rand.NewPCG(1, 0))
	var data, means, draws [][]float64
	var marks []vizlib.Mark
	var total float64
	const lines = 3
	const drawsOfELBO = 200
	for i, at := range which {
		x := im.X.RawRowView(at)
		q := w.Encode(x)
		data, means, draws = append(data, x), append(means, w.Decode(q.Mean)), append(draws, w.Decode(q.Draw(rng)))
		b := w.ELBO(x, drawsOfELBO, rng)
		total += b.ELBO() / float64(len(which))
		middle := float64(i) + .5
		marks = append(marks,
			vizlib.Text{Text: signed(b.ELBO(), 1), At: vizlib.Point{X: middle, Y: -.14}, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.Bound}},
			vizlib.Text{Text: fmt.Sprintf("%.1f", b.KL), At: vizlib.Point{X: middle, Y: -.50}, AlignY: -1, Style: vizlib.Style{Ink: vizlib.Q}})
	}
	columns := len(which)
	heat := mosaic(append(append(data, means...), draws...), columns, vae.GlyphSide)
	marks = append([]vizlib.Mark{heat, seams(heat.Box, columns, lines)}, marks...)
	for i, text := range []string{"datum x", "at the mean", "at a draw"} {
		marks = append(marks, vizlib.Text{Text: text, At: vizlib.Point{X: -.15, Y: float64(lines-i) - .5}, AlignX: -1})
	}
	marks = append(marks, vizlib.Text{Text: "ELBO", At: vizlib.Point{X: -.15, Y: -.14}, AlignX: -1, AlignY: -1, Bold: true, Style: vizlib.Style{Ink: vizlib.Bound}},
		vizlib.Text{Text: "its KL", At: vizlib.Point{X: -.15, Y: -.50}, AlignX: -1, AlignY: -1, Style: vizlib.Style{Ink: vizlib.Q}})
	return onePanel("In through the encoder, out through the decoder", "64 pixels → two numbers → 64 pixels",
		fmt.Sprintf("mean ELBO of these %s nats", signed(total, 1)), marks, vizlib.Interval{Min: -1.6, Max: float64(columns)}, vizlib.Interval{Min: -.9, Max: lines})
}

// VAEInterpolation decodes the codes on the straight line between two data, a row for each pair: every step is a
// drawing, and the walk passes through whatever shapes lie between them.
func VAEInterpolation(im vae.Images, w vae.Weights, pairs ...[2]int) vizlib.Grid {
	const steps = 9
	var images [][]float64
	for _, p := range pairs {
		a, b := im.X.RawRowView(p[0]), im.X.RawRowView(p[1])
		from, to := w.Encode(a).Mean, w.Encode(b).Mean
		images = append(images, a)
		for s := range steps {
			share := float64(s) / (steps - 1)
			z := make([]float64, len(from))
			for j := range z {
				z[j] = (1-share)*from[j] + share*to[j]
			}
			images = append(images, w.Decode(z))
		}
		images = append(images, b)
	}
	const columns = steps + 2
	lines := len(pairs)
	heat := mosaic(images, columns, vae.GlyphSide)
	marks := []vizlib.Mark{heat, seams(heat.Box, columns, lines)}
	for _, t := range []struct {
		text string
		x    float64
	}{{"datum", .5}, {"codes on the straight line from one to the other, decoded", columns / 2.0}, {"datum", columns - .5}} {
		marks = append(marks, vizlib.Text{Text: t.text, At: vizlib.Point{X: t.x, Y: -.1}, AlignY: -1})
	}
	return onePanel("From one datum to another", "a straight walk in the plane of codes", "",
		marks, vizlib.Interval{Max: columns}, vizlib.Interval{Min: -.5, Max: float64(lines)})
}

// onePanel is a slide of one panel without axes, in which a unit is as long in x as in y.
func onePanel(title, caption, numbers string, marks []vizlib.Mark, x, y vizlib.Interval) vizlib.Grid {
	return vizlib.Grid{Title: title, Caption: caption, Numbers: numbers, Cells: []vizlib.Cell{{At: vizlib.Rect{.03, .04, .94, .80},
		Figure: vizlib.Figure{Marks: marks, View: bare(vizlib.View{X: x, Y: y, Equal: true, Legend: vizlib.NoLegend})}}}}
}
