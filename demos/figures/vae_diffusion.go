package figures

import (
	"fmt"
	"time"

	"elboroom/vae"
	"elboroom/vizlib"
)

// DiffusionForward is the movie of codes that are forgotten: paths are z_0, z_1, … z_T of many codes (vae.Schedule.Noised). On
// the left all of them in the plane, on the right the first few, decoded at every stage: glyphs that dissolve.
func DiffusionForward(w vae.Weights, paths [][][]float64) vizlib.Movie {
	return diffusionMovie(w, paths, "Forward: noise is added until nothing is left", func(t, last int) string {
		if t == 0 {
			return "z₀: the codes of data"
		}
		return fmt.Sprintf("t = %d of %d · a little noise more", t, last)
	}, func(i, _ int) int { return i })
}

// DiffusionReverse is the movie of codes that are made: paths are z_T, … z_1, z_0 of many draws (vae.Denoiser.Draw). It
// starts from N(0, I), and every step goes where the network says that the noise is not; the last frame's decoded
// codes are new drawings.
func DiffusionReverse(w vae.Weights, paths [][][]float64) vizlib.Movie {
	return diffusionMovie(w, paths, "Reverse: from noise to glyphs", func(t, last int) string {
		switch t {
		case last:
			return fmt.Sprintf("t = %d · drawn from N(0, I)", t)
		case 0:
			return "t = 0 · new codes, decoded"
		}
		return fmt.Sprintf("t = %d · a little noise less", t)
	}, func(i, last int) int { return last - i })
}

// diffusionMovie shows the paths at every so many steps; when says which t belongs to place i of a path. The number is the
// share of the codes that decode to a glyph now.
func diffusionMovie(w vae.Weights, paths [][][]float64, title string, caption func(t, last int) string, when func(i, last int) int) vizlib.Movie {
	if len(paths) == 0 {
		panic("figures: diffusion: want at least one path")
	}
	const frames, shown, columns = 14, 25, 5
	last := len(paths[0]) - 1
	count := min(frames, last+1)
	place := func(frame int) int { return (frame*last + (count-1)/2) / max(count-1, 1) }
	return vizlib.Movie{
		Len: count,
		Frame: func(frame int) vizlib.Picture {
			i := place(frame)
			var x, y, fx, fy []float64
			var images, now [][]float64
			for k, p := range paths {
				now = append(now, p[i])
				if k < shown {
					images = append(images, w.Decode(p[i]))
					fx, fy = append(fx, inPlane(p[i][0])), append(fy, inPlane(p[i][1]))
					continue
				}
				x, y = append(x, inPlane(p[i][0])), append(y, inPlane(p[i][1]))
			}
			heat := mosaic(images, columns, vae.GlyphSide)
			lines := (len(images) + columns - 1) / columns
			marks := []vizlib.Mark{}
			for _, r := range []float64{.5, .95} {
				e := vizlib.EllipseOf(vizlib.Point{}, 1, 0, 1, r)
				e.Key, e.Style = fmt.Sprint("prior", r), vizlib.Style{Ink: vizlib.Muted, Width: 1.5}
				marks = append(marks, e)
			}
			if len(x) > 0 {
				marks = append(marks, vizlib.Dots{X: x, Y: y, Size: 5, Name: "codes", Key: "codes", Style: vizlib.Style{Ink: vizlib.Q, Opacity: .6}})
			}
			marks = append(marks, vizlib.Dots{X: fx, Y: fy, Size: 8, Name: "those decoded", Key: "decoded", Style: vizlib.Style{Ink: vizlib.Path1, Rim: true}},
				above("rings: 50 % and 95 % of N(0, I)", vizlib.Muted))
			t := when(i, last)
			return vizlib.Grid{Title: title, Caption: caption(t, last), Numbers: fmt.Sprintf("%d codes, %.0f %% legible", len(paths), 100*Legible(w, now)),
				Cells: []vizlib.Cell{
					{At: vizlib.Rect{.07, .13, .385, .684}, Figure: vizlib.Figure{X: "z₁", Y: "z₂", View: planeView(), Marks: marks}},
					{At: vizlib.Rect{.55, .13, .385, .684}, Figure: vizlib.Figure{View: bare(vizlib.View{X: vizlib.Interval{Max: columns},
						Y: vizlib.Interval{Max: float64(lines)}, Equal: true, Legend: vizlib.NoLegend}),
						Marks: []vizlib.Mark{heat, seams(heat.Box, columns, lines), above("those with a rim, decoded", vizlib.Path1)}}},
				}}
		},
		Hold: func(frame int) time.Duration {
			if frame == 0 || frame == count-1 {
				return 2500 * time.Millisecond
			}
			return 600 * time.Millisecond
		},
	}
}
