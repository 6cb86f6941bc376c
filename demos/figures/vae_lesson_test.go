package figures

import (
	"math"
	"math/rand/v2"
	"testing"

	"elboroom/fit"
	"elboroom/vae"
)

// The numbers that lesson 09 writes into its text, answers included, are computed here again.
func TestLesson09SaysWhatTheSolverSays(t *testing.T) {
	says := sayings(t, "09-autoencoder")
	says(`\ln %d = %.2f$ nats`, len(vae.CleanGlyphs().Label), math.Log(float64(len(vae.CleanGlyphs().Label))))

	// 9.1 and 9.2
	const mu, logVar, eps = 0.4, -1.2, 0.9
	says("$z$ is %.4f", mu+math.Exp(logVar/2)*eps)
	says(`for $\sigma$ has %.4f, and who took $\sigma^2$ for it %.4f`, mu+logVar*eps, mu+math.Exp(logVar)*eps)
	sum := math.Exp(-3) + math.Exp(-1) + math.Exp(-2)
	says("gives %.4f", math.Log(sum/3))
	says("%.4f is the mean of the logarithms", -2.0)
	says(`%.4f has forgotten $\ln k$`, math.Log(sum))

	// New drawings.
	rng := func(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }
	im := vae.Glyphs(600, 0.02, rng(1))
	w := vae.Fit(vae.Model{X: im.X, Latent: 2}, fit.Settings{Sweeps: 80, Seed: 1, Keep: fit.LastOnly}).Last().Q
	z, draw := w.Codes(im.X, rng(3)), rng(6)
	var codes, plain [][]float64
	for i := range 600 {
		codes = append(codes, z.RawRowView(i))
		plain = append(plain, []float64{draw.NormFloat64(), draw.NormFloat64()})
	}
	says("own codes %.0f %% are legible", 100*Legible(w, codes))
	if corners := Legible(w, [][]float64{{-2.4, -2.4}, {-2.4, 2.4}, {2.4, -2.4}, {2.4, 2.4}}); corners < 0.75 {
		t.Errorf("%.2f of the corners are legible, the lesson says mostly", corners)
	}
	worst := 0.0
	for i := range 17 {
		for j := range 17 {
			_, off := vae.CleanGlyphs().Nearest(w.Decode([]float64{.3 * float64(i-8), .3 * float64(j-8)}))
			worst = max(worst, off)
		}
	}
	if worst < 10 {
		t.Errorf("no place of the plane is more than %.1f pixels off, the lesson says ten and more", worst)
	}
	if mongrels := 1 - Legible(w, plain); math.Abs(mongrels-0.4) > 0.05 {
		t.Errorf("%.2f of the draws from N(0, I) are mongrels, the lesson says two in five", mongrels)
	}
}
