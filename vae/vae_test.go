package vae

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
	"elboroom/kl"
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// trained is a small autoencoder of glyphs and the data that it was trained on.
func trained(epochs int) (fit.Trace[Weights], Images) {
	im := Glyphs(300, 0.02, seeded(1))
	return Fit(Model{X: im.X}, fit.Settings{Sweeps: epochs, Seed: 1}), im
}

// checkGradient holds a gradient against central differences, one parameter at a time.
func checkGradient(t *testing.T, value func() float64, grad []float64, parameters ...[]float64) {
	t.Helper()
	const step, tolerance = 1e-5, 1e-6
	i := 0
	for _, theta := range parameters {
		for j := range theta {
			at := theta[j]
			theta[j] = at + step
			up := value()
			theta[j] = at - step
			down := value()
			theta[j] = at
			if want := (up - down) / (2 * step); math.Abs(grad[i]-want) > tolerance*(1+math.Abs(want)) {
				t.Fatalf("derivative %d is %v, by differences %v", i, grad[i], want)
			}
			i++
		}
	}
	if i != len(grad) {
		t.Fatalf("%d parameters for %d derivatives", i, len(grad))
	}
}

func TestGradientOfTheELBO(t *testing.T) {
	for _, hidden := range [][]int{{}, {4}, {5, 3}} {
		for _, like := range []Likelihood{Bernoulli, Gaussian} {
			t.Run(fmt.Sprint(hidden, like), func(t *testing.T) {
				rng := seeded(7)
				x := normals(3, 6, rng)
				for i, v := range x.RawMatrix().Data {
					x.RawMatrix().Data[i] = logistic(v)
				}
				w := Model{X: x, Hidden: hidden, Likelihood: like, Sigma: 0.7}.filled().start(rng)
				for i := range w.Encoder.Theta {
					w.Encoder.Theta[i] += 0.1 * rng.NormFloat64() // biases other than 0
				}
				eps := normals(3, 2, rng)
				grad := make([]float64, len(w.Encoder.Theta)+len(w.Decoder.Theta))
				w.gradient(x, eps, grad)
				checkGradient(t, func() float64 {
					fits, div := w.terms(x, eps)
					return sum(fits) - sum(div)
				}, grad, w.Encoder.Theta, w.Decoder.Theta)
			})
		}
	}
}

func TestKLIsTheIntegral(t *testing.T) {
	c := Code{Mean: []float64{0.7, -1.3}, SD: []float64{0.4, 1.8}}
	var want float64
	for j := range c.Mean {
		one := Code{Mean: c.Mean[j : j+1], SD: c.SD[j : j+1]}
		d, _ := kl.Quad(func(x float64) float64 { return one.logProb([]float64{x}) },
			func(x float64) float64 { return standardLogProb([]float64{x}) }, c.Mean[j]-12*c.SD[j], c.Mean[j]+12*c.SD[j])
		want += d
	}
	if got := c.KL(); math.Abs(got-want) > 1e-9 {
		t.Errorf("KL %v, by quadrature %v", got, want)
	}
	out := mat.NewDense(1, 4, []float64{0.7, -1.3, 2 * math.Log(0.4), 2 * math.Log(1.8)})
	if _, div := reparameterise(out, mat.NewDense(1, 2, nil)); math.Abs(div[0]-want) > 1e-9 {
		t.Errorf("in training KL is %v, by quadrature %v", div[0], want)
	}
}

func TestSameSeedSameWeights(t *testing.T) {
	im := Glyphs(120, 0.02, seeded(2))
	run := func(s fit.Settings) fit.Trace[Weights] {
		s.Sweeps = 3
		return Fit(Model{X: im.X}, s)
	}
	one := run(fit.Settings{Seed: 4, Workers: 1})
	for _, workers := range []int{2, 8} {
		many := run(fit.Settings{Seed: 4, Workers: workers})
		if !slices.Equal(one.Values(), many.Values()) || !slices.Equal(one.Last().Q.Encoder.Theta, many.Last().Q.Encoder.Theta) {
			t.Errorf("%d workers end elsewhere than one", workers)
		}
	}
	if other := run(fit.Settings{Seed: 5}); other.Last().Value == one.Last().Value {
		t.Error("another seed gives the same fit")
	}
	last := run(fit.Settings{Seed: 4, Keep: fit.LastOnly})
	if len(last.Steps) != 1 || !slices.Equal(last.Last().Q.Decoder.Theta, one.Last().Q.Decoder.Theta) || last.Last().Value != one.Last().Value || last.Last().Sweep != 3 {
		t.Error("LastOnly keeps another step than the last")
	}
}

func TestTrainingClimbsAndStepsStay(t *testing.T) {
	tr, im := trained(25)
	v := tr.Values()
	if len(v) != 26 || tr.Status != fit.OutOfSweeps || v[25] < v[0]+20 {
		t.Errorf("%d steps, %v, from %v to %v nats", len(v), tr.Status, v[0], v[25])
	}
	again := Model{X: im.X}.filled().start(rand.New(rand.NewPCG(1, trainStream)))
	if !slices.Equal(again.Decoder.Theta, tr.Steps[0].Q.Decoder.Theta) {
		t.Error("step 0 was changed by the training")
	}
}

func TestBoundsAreInOrder(t *testing.T) {
	tr, im := trained(30)
	w := tr.Last().Q
	plane := w.Plane(150)
	var elbo, five, many, evidence float64
	const data = 40
	for i := range data {
		x := im.X.RawRowView(i)
		elbo += w.ELBO(x, 400, seeded(1)).ELBO()
		for r := range 80 {
			five += w.ImportanceWeighted(x, 5, seeded(uint64(10+r))) / 80
		}
		many += w.ImportanceWeighted(x, 2000, seeded(3))
		evidence += plane.Evidence(x).LogEvidence
	}
	if !(elbo < five && five < evidence) {
		t.Errorf("ELBO %v, 5 importance samples %v, evidence %v: not in order", elbo/data, five/data, evidence/data)
	}
	if d := math.Abs(many-evidence) / data; d > 0.05 {
		t.Errorf("2000 importance samples are %v nats from the evidence by quadrature", d)
	}
	fine := w.Plane(300).Evidence(im.X.RawRowView(0))
	if d := math.Abs(fine.LogEvidence - plane.Evidence(im.X.RawRowView(0)).LogEvidence); d > 1e-5 {
		t.Errorf("a finer grid moves the evidence by %v", d)
	}
	var mass float64
	for _, row := range fine.Posterior {
		mass += sum(row) * math.Pow(2*CodeRange/300, 2)
	}
	if math.Abs(mass-1) > 1e-12 {
		t.Errorf("the posterior has mass %v", mass)
	}
}

func TestGlyphsWithoutNoiseAreEighteen(t *testing.T) {
	im := Glyphs(2000, 0, seeded(3))
	seen := map[string]int{}
	for i := range im.Label {
		seen[fmt.Sprint(im.Label[i], im.X.RawRowView(i))]++
	}
	if len(seen) != 18 {
		t.Fatalf("%d different images, want 6 shapes in 3 places", len(seen))
	}
	for _, n := range seen {
		if mean := 2000.0 / 18; math.Abs(float64(n)-mean) > 5*math.Sqrt(mean) {
			t.Errorf("an image appears %d times, want about %.0f", n, mean)
		}
	}
	clean := CleanGlyphs()
	for i := range clean.Label {
		key := fmt.Sprint(clean.Label[i], clean.X.RawRowView(i))
		if row, off := clean.Nearest(clean.X.RawRowView(i)); seen[key] == 0 || row != i || off != 0 {
			t.Errorf("clean glyph %d is drawn %d times; nearest to it is %d, %v pixels off", i, seen[key], row, off)
		}
		delete(seen, key)
	}
	if len(seen) > 0 {
		t.Errorf("%d glyphs are not among the clean ones", len(seen))
	}
	noisy := Glyphs(2000, 0.1, seeded(3))
	for i, v := range noisy.X.RawMatrix().Data {
		if v != 0 && v != 1 {
			t.Fatalf("pixel %d is %v", i, v)
		}
	}
}

func TestTooLargeAStepIsBroken(t *testing.T) {
	x := normals(50, 3, seeded(1))
	tr := Fit(Model{X: x, Likelihood: Gaussian, Rate: 1e6}, fit.Settings{Sweeps: 20})
	if tr.Status != fit.Broken || !strings.Contains(tr.Reason, "step size") {
		t.Errorf("%v, %q, want broken and a reason", tr.Status, tr.Reason)
	}
	last := Fit(Model{X: x, Likelihood: Gaussian, Rate: 1e6}, fit.Settings{Sweeps: 20, Keep: fit.LastOnly})
	if last.Status != fit.Broken || len(last.Steps) != 1 {
		t.Errorf("LastOnly: %v, %d steps, want broken and the start", last.Status, len(last.Steps))
	}
	for _, v := range append(tr.Values(), last.Values()...) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("a step with the value %v was kept", v)
		}
	}
}

func TestBadInputSaysSo(t *testing.T) {
	x := Glyphs(10, 0, seeded(1)).X
	spoilt := mat.DenseCopyOf(x)
	spoilt.Set(3, 4, math.NaN())
	grey := mat.DenseCopyOf(x)
	grey.Set(0, 0, 1.5)
	w := Model{X: x}.filled().start(seeded(1))
	w3 := Model{X: x, Latent: 3}.filled().start(seeded(1))
	s := fit.Settings{Sweeps: 1}
	for want, do := range map[string]func(){
		"X has 0 data, want at least 1":                 func() { Fit(Model{}, s) },
		"X[3][4] is NaN, want a finite number":          func() { Fit(Model{X: spoilt}, s) },
		"is 1.5, want 0 to 1 for a Bernoulli":           func() { Fit(Model{X: grey}, s) },
		"Latent is -1, want at least 1":                 func() { Fit(Model{X: x, Latent: -1}, s) },
		"Hidden[1] is 0, want at least 1":               func() { Fit(Model{X: x, Hidden: []int{3, 0}}, s) },
		"Batch is 11, want 1 to 10":                     func() { Fit(Model{X: x, Batch: 11}, s) },
		"Rate is NaN, want a finite number above 0":     func() { Fit(Model{X: x, Rate: math.NaN()}, s) },
		"Sigma is -1, want a finite number above 0":     func() { Fit(Model{X: x, Sigma: -1}, s) },
		"neither Bernoulli nor Gaussian":                func() { Fit(Model{X: x, Likelihood: 9}, s) },
		"Z has 0 data, want at least 1":                 func() { FitDiffusion(Diffusion{}, s) },
		"Batch is 99, want 1 to 10, the number of code": func() { FitDiffusion(Diffusion{Z: x, Batch: 99}, s) },
		"Schedule is not whole":                         func() { FitDiffusion(Diffusion{Z: x, Schedule: Schedule{Beta: []float64{0.1}}}, s) },
		"SD is 3×2, want 10×64 as Z":                    func() { FitDiffusion(Diffusion{Z: x, SD: mat.NewDense(3, 2, nil)}, s) },
		"SD is 0, want a finite number above 0":         func() { FitDiffusion(Diffusion{Z: x, SD: mat.NewDense(10, 64, nil)}, s) },
		"1 steps, want at least 2":                      func() { Linear(1) },
		"0 steps, want at least 2":                      func() { Logistic(0) },
		"the input has 3 numbers, want 64":              func() { w.Encode([]float64{1, 2, 3}) },
		"the datum has 3 numbers, want 64":              func() { w.LogLikelihood([]float64{1, 2, 3}, []float64{0, 0}) },
		"0 draws, want at least 1":                      func() { w.ImportanceWeighted(x.RawRowView(0), 0, seeded(1)) },
		"codes have 3 numbers, want 2":                  func() { w3.Plane(10) },
		"steps is -1, want 0 or more":                   func() { w.Refine(x.RawRowView(0), -1, 0) },
		"the image has 2 pixels, want 64":               func() { CleanGlyphs().Nearest([]float64{0, 1}) },
		"n is 0, want at least 1":                       func() { Glyphs(0, 0, seeded(1)) },
		"flip is 2, want a probability":                 func() { Glyphs(1, 2, seeded(1)) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "vae: ") || !strings.Contains(got, want) {
					t.Errorf("panics with %q, want %q", got, want)
				}
			}()
			do()
		}()
	}
}

func BenchmarkFitEpoch(b *testing.B) {
	im := Glyphs(600, 0.02, seeded(1))
	for b.Loop() {
		Fit(Model{X: im.X}, fit.Settings{Sweeps: 1})
	}
}

func BenchmarkDiffusionEpoch(b *testing.B) {
	z := normals(600, 2, seeded(1))
	for b.Loop() {
		FitDiffusion(Diffusion{Z: z}, fit.Settings{Sweeps: 1})
	}
}
