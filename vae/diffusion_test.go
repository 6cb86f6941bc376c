package vae

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/fit"
	"elboroom/kl"
)

func TestGradientOfTheDenoiser(t *testing.T) {
	rng := seeded(9)
	d := Denoiser{Net: randomNet([]int{2*codeFeatures + timeFeatures, 4, 3, 2}, rng), Schedule: Logistic(6)}
	z, eps, times := normals(4, 2, rng), normals(4, 2, rng), []int{1, 2, 5, 6}
	for _, weighted := range []bool{false, true} {
		grad := make([]float64, len(d.Net.Theta))
		d.gradient(z, eps, times, weighted, grad)
		checkGradient(t, func() float64 {
			var s float64
			for i, at := range times {
				zt := make([]float64, 2)
				d.Schedule.jump(zt, z.RawRowView(i), eps.RawRowView(i), at)
				w := 0.5
				if weighted {
					w = d.Schedule.weight(at)
				}
				for j, guess := range d.Noise(zt, at) {
					s -= w * math.Pow(eps.At(i, j)-guess, 2)
				}
			}
			return s
		}, grad, d.Net.Theta)
	}
}

func TestScheduleOfThePaper(t *testing.T) {
	s := Linear(1000) // Ho et al. (2020), §4: 10⁻⁴ to 0.02
	if math.Abs(s.Beta[0]-1e-4) > 1e-15 || math.Abs(s.Beta[999]-0.02) > 1e-15 {
		t.Errorf("β from %v to %v", s.Beta[0], s.Beta[999])
	}
	logistic := Logistic(50)
	for at := 2; at <= 50; at++ { // the logarithm of the signal-to-noise ratio falls evenly
		snr := func(t int) float64 { return math.Log(logistic.AlphaBar[t] / (1 - logistic.AlphaBar[t])) }
		if d := snr(at-1) - snr(at); math.Abs(d-11.5/50) > 1e-9 {
			t.Errorf("step %d takes %v", at, d)
		}
	}
	for _, s := range []Schedule{Linear(2), Linear(7), Linear(50), Logistic(2), logistic} {
		s.check()
	}
}

func TestForwardMarginals(t *testing.T) {
	s := Logistic(10)
	rng := seeded(4)
	const draws = 20000
	at := make([][]float64, 11)
	for range draws {
		for step, z := range s.Noised([]float64{1.5}, rng) {
			at[step] = append(at[step], z[0])
		}
	}
	for step := 1; step <= 10; step++ {
		mean, variance := stat.MeanVariance(at[step], nil)
		wantMean, wantVar := math.Sqrt(s.AlphaBar[step])*1.5, 1-s.AlphaBar[step]
		if math.Abs(mean-wantMean) > 4*math.Sqrt(wantVar/draws) || math.Abs(variance/wantVar-1) > 0.05 {
			t.Errorf("z_%d has mean %v and variance %v, want %v and %v", step, mean, variance, wantMean, wantVar)
		}
	}
}

// The terms of the bound are KLs of Gaussians whose parameters follow from Bayes' rule for Gaussians alone.
func TestTermsAreKLs(t *testing.T) {
	s := Logistic(8)
	z := mat.NewDense(1, 1, []float64{0.8})
	var drawn, guessed [9]float64
	b := s.bound(z, seeded(2), func(eps *mat.Dense, at int) *mat.Dense {
		drawn[at], guessed[at] = eps.At(0, 0), 0.3*eps.At(0, 0)+0.1*float64(at)
		return mat.NewDense(1, 1, []float64{guessed[at]})
	})
	for at := 1; at <= 8; at++ {
		zt := math.Sqrt(s.AlphaBar[at])*0.8 + math.Sqrt(1-s.AlphaBar[at])*drawn[at]
		p := distuv.Normal{Mu: s.reverseMean([]float64{zt}, []float64{guessed[at]}, at)[0], Sigma: math.Sqrt(s.Beta[at-1])}
		if at == 1 {
			if want := p.LogProb(0.8); math.Abs(b.Last-want) > 1e-9 {
				t.Errorf("last term %v, want %v", b.Last, want)
			}
			continue
		}
		// q(z_{t−1}|z_t, z_0) ∝ N(z_{t−1}; √ᾱ z_0, 1−ᾱ) N(z_t; √(1−β) z_{t−1}, β)
		prior, beta := 1-s.AlphaBar[at-1], s.Beta[at-1]
		precision := 1/prior + (1-beta)/beta
		mean := (math.Sqrt(s.AlphaBar[at-1])*0.8/prior + math.Sqrt(1-beta)*zt/beta) / precision
		want := kl.Normal(distuv.Normal{Mu: mean, Sigma: 1 / math.Sqrt(precision)}, p)
		if got := b.Steps[at-2]; math.Abs(got-want) > 1e-9*(1+want) {
			t.Errorf("step %d: %v, want %v", at, got, want)
		}
	}
	end := distuv.Normal{Mu: math.Sqrt(s.AlphaBar[8]) * 0.8, Sigma: math.Sqrt(1 - s.AlphaBar[8])}
	if want := kl.Normal(end, distuv.Normal{Sigma: 1}); math.Abs(b.Prior-want) > 1e-12 {
		t.Errorf("prior term %v, want %v", b.Prior, want)
	}
}

// Codes that are N(0, I) stay so; the best guess at the noise is √(1−ᾱ_t) z_t, every reverse step is then exact, and
// the ELBO is −entropy whatever the schedule. Its MC error here is about 0.01.
func TestBoundIsTightForStandardNormals(t *testing.T) {
	const n = 20000
	z := normals(n, 2, seeded(3))
	want := -math.Log(2 * math.Pi * math.E)
	for _, s := range []Schedule{Logistic(2), Logistic(50), Linear(5), Linear(50)} {
		t.Run(fmt.Sprint(s.Steps()), func(t *testing.T) {
			b := s.bound(z, seeded(8), func(eps *mat.Dense, at int) *mat.Dense {
				g := mat.NewDense(n, 2, nil)
				for i := range n {
					s.jump(g.RawRowView(i), z.RawRowView(i), eps.RawRowView(i), at)
				}
				g.Scale(math.Sqrt(1-s.AlphaBar[at]), g)
				return g
			})
			if got := b.ELBO(); math.Abs(got-want) > 0.03 {
				t.Errorf("ELBO %v, want %v", got, want)
			}
		})
	}
}

// For codes N(m, s²) the best guess is E[ε|z_t] = √(1−ᾱ)(z_t − √ᾱ m)/(ᾱ s² + 1−ᾱ): the network should come near it,
// and draws should have the codes' mean and sd.
func TestDenoiserLearnsAGaussian(t *testing.T) {
	const n, m, sd = 600, 0.6, 0.5
	z := normals(n, 1, seeded(6))
	z.Apply(func(_, _ int, v float64) float64 { return m + sd*v }, z)
	tr := FitDiffusion(Diffusion{Z: z, Hidden: []int{24}, Schedule: Logistic(20)}, fit.Settings{Sweeps: 150, Seed: 1})
	d := tr.Last().Q
	for _, at := range []int{3, 10, 18} {
		a := d.Schedule.AlphaBar[at]
		v := a*sd*sd + 1 - a
		for _, u := range []float64{-1.5, 0, 1.5} {
			zt := math.Sqrt(a)*m + u*math.Sqrt(v)
			got, want := d.Noise([]float64{zt}, at)[0], math.Sqrt(1-a)*(zt-math.Sqrt(a)*m)/v
			if math.Abs(got-want) > 0.25 {
				t.Errorf("step %d, %.1f sds off: guess %v, best %v", at, u, got, want)
			}
			clean, mean := d.Clean([]float64{zt}, at)[0], m+math.Sqrt(a)*sd*sd*(zt-math.Sqrt(a)*m)/v
			if math.Abs(clean-mean) > 0.25*math.Sqrt((1-a)/a) {
				t.Errorf("step %d, %.1f sds off: clean code %v, E[z₀|zₜ] is %v", at, u, clean, mean)
			}
		}
	}
	bound := d.ELBO(z, seeded(1)).ELBO()
	entropy := 0.5 * math.Log(2*math.Pi*math.E*sd*sd)
	if bound > -entropy+0.1 || bound < -entropy-0.25 {
		t.Errorf("ELBO %v, the codes' log density is %v on average", bound, -entropy)
	}
	if quick := tr.Last().Value; math.Abs(quick-bound) > 0.15 {
		t.Errorf("the trace says %v, all terms %v", quick, bound)
	}
	rng := seeded(12)
	var draws []float64
	for range 2000 {
		path := d.Draw(rng)
		if len(path) != 21 {
			t.Fatalf("a path of %d, want z_20 to z_0", len(path))
		}
		draws = append(draws, path[20][0])
	}
	if mean, got := stat.MeanStdDev(draws, nil); math.Abs(mean-m) > 0.1 || math.Abs(got-sd) > 0.1 {
		t.Errorf("draws have mean %v and sd %v, want %v and %v", mean, got, m, sd)
	}
}

// A code from between two clumps decodes to a mongrel. Draws from N(0, I) are often such codes, those of the diffusion
// model seldom, about as seldom as the codes of the data; and no glyph is forgotten.
func TestDrawsAreGlyphs(t *testing.T) {
	const draws, legible = 1500, 5.0 // pixels
	im := Glyphs(600, 0.02, seeded(1))
	w := Fit(Model{X: im.X}, fit.Settings{Sweeps: 80, Seed: 1, Keep: fit.LastOnly}).Last().Q
	mean, sd := w.CodeTable(im.X)
	d := FitDiffusion(Diffusion{Z: mean, SD: sd}, fit.Settings{Sweeps: 250, Seed: 1, Keep: fit.LastOnly}).Last().Q
	z := w.Codes(im.X, seeded(3)) // not those that it has seen
	clean := CleanGlyphs()
	share := func(n int, code func(i int) []float64) (legibly float64, seen []int) {
		seen = make([]int, 18)
		for i := range n {
			row, off := clean.Nearest(w.Decode(code(i)))
			if off < legible {
				legibly += 1 / float64(n)
				seen[row]++
			}
		}
		return legibly, seen
	}
	rng := seeded(6)
	data, _ := share(600, func(i int) []float64 { return z.RawRowView(i) })
	plain, _ := share(draws, func(int) []float64 { return []float64{rng.NormFloat64(), rng.NormFloat64()} })
	made, seen := share(draws, func(int) []float64 { path := d.Draw(rng); return path[len(path)-1] })
	t.Logf("legible: codes of data %.3f, diffusion %.3f, N(0, I) %.3f; %v", data, made, plain, seen)
	if made < data-0.05 || plain > 0.75 {
		t.Errorf("legible are %.3f of the draws, %.3f of the data's codes, %.3f of N(0, I)", made, data, plain)
	}
	var standard float64
	for i := range 600 {
		standard += standardLogProb(z.RawRowView(i)) / 600
	}
	if bound := d.ELBO(z, seeded(4)).ELBO(); bound < standard+0.1 {
		t.Errorf("the bound on new codes is %.3f nats, N(0, I) says %.3f", bound, standard)
	}
	for row, n := range seen {
		if mean := draws / 18.0; float64(n) < mean/3 || float64(n) > 3*mean {
			t.Errorf("glyph %d is drawn %d times in %d, want about %.0f", row, n, draws, mean)
		}
	}
}

// A code at m with an sd is as good as many codes drawn from N(m, sd²).
func TestCodesAreDrawnAfresh(t *testing.T) {
	const m, sd = 0.6, 0.5
	z, spread := mat.NewDense(300, 1, nil), mat.NewDense(300, 1, nil)
	z.Apply(func(_, _ int, _ float64) float64 { return m }, z)
	spread.Apply(func(_, _ int, _ float64) float64 { return sd }, spread)
	d := FitDiffusion(Diffusion{Z: z, SD: spread, Hidden: []int{24}, Schedule: Logistic(20)}, fit.Settings{Sweeps: 300, Seed: 1}).Last().Q
	rng := seeded(12)
	var draws []float64
	for range 2000 {
		draws = append(draws, d.Draw(rng)[20][0])
	}
	if mean, got := stat.MeanStdDev(draws, nil); math.Abs(mean-m) > 0.1 || math.Abs(got-sd) > 0.1 {
		t.Errorf("draws have mean %v and sd %v, want %v and %v", mean, got, m, sd)
	}
}

func TestDiffusionSameSeedSameWeights(t *testing.T) {
	z := normals(120, 2, seeded(5))
	for _, weighted := range []bool{false, true} {
		run := func(workers int) []float64 {
			m := Diffusion{Z: z, Weighted: weighted}
			return FitDiffusion(m, fit.Settings{Sweeps: 3, Seed: 2, Workers: workers}).Last().Q.Net.Theta
		}
		if !slices.Equal(run(1), run(8)) {
			t.Error("8 workers end elsewhere than one")
		}
	}
}
