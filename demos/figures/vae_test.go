package figures

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"elboroom/fit"
	"elboroom/vae"
	"elboroom/vizlib"
)

// autoencoder is a short training on few glyphs.
func autoencoder() (vae.Images, fit.Trace[vae.Weights]) {
	im := vae.Glyphs(150, 0.02, rand.New(rand.NewPCG(1, 0)))
	return im, vae.Fit(vae.Model{X: im.X}, fit.Settings{Sweeps: 30, Seed: 1})
}

func TestVAETraining(t *testing.T) {
	im, tr := autoencoder()
	movie := VAETraining(im, tr)
	for i := range movie.Len {
		drawn(t, movie.Frame(i))
	}
	for i, at := range map[int]int{0: 0, movie.Len - 1: len(tr.Steps) - 1} {
		if got, want := gridOf(t, movie.Frame(i)).Numbers, "ELBO "+signed(tr.Steps[at].Value, 1)+" nats a datum"; got != want {
			t.Errorf("frame %d says %q, want %q", i, got, want)
		}
	}
	short := fit.Trace[vae.Weights]{Steps: tr.Steps[:1]}
	drawn(t, VAETraining(im, short))
}

func TestGrowing(t *testing.T) {
	for n := 1; n < 200; n++ {
		g := growing(n, 15)
		if g[0] != 0 || g[len(g)-1] != n-1 || len(g) > 15 {
			t.Fatalf("of %d steps %v", n, g)
		}
		for i := 1; i < len(g); i++ {
			if g[i] <= g[i-1] {
				t.Fatalf("of %d steps %v", n, g)
			}
		}
	}
}

func TestMosaicIsTheRightWayUp(t *testing.T) {
	first, second := make([]float64, 4), make([]float64, 4)
	first[1], second[2] = 1, 1 // top right of the first, lower left of the second, below it
	h := mosaic([][]float64{first, second}, 1, 2)
	want := [][]float64{{1, 0}, {0, 0}, {0, 0}, {0, 1}} // rows from the bottom
	if fmt.Sprint(h.Cells) != fmt.Sprint(want) {
		t.Errorf("cells %v, want %v", h.Cells, want)
	}
}

func TestVAEStills(t *testing.T) {
	im, tr := autoencoder()
	w := tr.Last().Q
	drawn(t, VAEReconstructions(im, w, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}))
	drawn(t, VAEInterpolation(im, w, [2]int{0, 1}, [2]int{2, 3}, [2]int{4, 5}))
	drawn(t, VAEDiagram())
	gap := VAEGap(im, w, []int{0, 1, 2})
	drawn(t, gap)
	var mean, amortised, family float64
	if _, err := fmt.Sscanf(gap.Numbers, "mean gap %f nats: %f amortisation, %f family", &mean, &amortised, &family); err != nil {
		t.Fatal(err)
	}
	var want float64
	for i := range 3 {
		x := im.X.RawRowView(i)
		want += (w.Evidence(x, 200).LogEvidence - w.ELBO(x, 4000, rand.New(rand.NewPCG(5, 0))).ELBO()) / 3
	}
	if d := mean - want; d > .1 || d < -.1 {
		t.Errorf("mean gap %v, want %v", mean, want)
	}
}

func TestDiffusionMovies(t *testing.T) {
	im, tr := autoencoder()
	w := tr.Last().Q
	rng := rand.New(rand.NewPCG(2, 0))
	z := w.Codes(im.X, rng)
	d := vae.FitDiffusion(vae.Diffusion{Z: z}, fit.Settings{Sweeps: 5}).Last().Q
	var forward, reverse [][][]float64
	for i := range 40 {
		forward, reverse = append(forward, d.Schedule.Noised(z.RawRowView(i), rng)), append(reverse, d.Draw(rng))
	}
	for _, movie := range []vizlib.Movie{DiffusionForward(w, forward), DiffusionReverse(w, reverse), DiffusionReverse(w, reverse[:3])} {
		for i := range movie.Len {
			drawn(t, movie.Frame(i))
		}
	}
	there, back := DiffusionForward(w, forward), DiffusionReverse(w, reverse)
	for _, c := range []struct {
		p    vizlib.Picture
		want string
	}{{there.Frame(0), "z₀"}, {there.Frame(there.Len - 1), "t = 100 of 100"}, {back.Frame(0), "t = 100 ·"}, {back.Frame(back.Len - 1), "t = 0 ·"}} {
		if got := gridOf(t, c.p).Caption; !strings.HasPrefix(got, c.want) {
			t.Errorf("caption %q, want %q first", got, c.want)
		}
	}
	var start [][]float64
	for _, p := range forward {
		start = append(start, p[0])
	}
	if got, want := gridOf(t, there.Frame(0)).Numbers, fmt.Sprintf("40 codes, %.0f %% legible", 100*Legible(w, start)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	b := d.ELBO(z, rng)
	terms := DiffusionTerms(b, -3.4)
	drawn(t, terms)
	if want := "ELBO " + signed(b.ELBO(), 2) + " nats a code; N(0, I) says −3.40"; terms.Numbers != want {
		t.Errorf("%q, want %q", terms.Numbers, want)
	}
}
