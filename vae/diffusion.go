package vae

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
)

// Diffusion is a denoising diffusion model of codes: noise is added in T small steps until only N(0, I) is left, and
// one network learns to undo a step, by guessing the noise ε in z_t.
//
//	p(z_T) = N(0, I),  p(z_{t−1}|z_t) = N((z_t − β_t/√(1−ᾱ_t) ε̂(z_t, t))/√(1−β_t), β_t I)
//
// The codes should be of the size of N(0, I), as those of a Weights are.
//
// The variance β_t is the right one where the codes are N(0, I) or smooth.
//
// Source: Ho, Jain and Abbeel (2020), eqs. 1 and 11, and §3.2 for the variance.
type Diffusion struct {
	Z        *mat.Dense // n×L, a row a code
	Schedule Schedule   // the zero Schedule means Logistic(50)
	Hidden   []int      // widths of the hidden layers; nil means two of 64
	Batch    int        // codes in a mini-batch; 0 means 50, or all where there are fewer
	Rate     float64    // Adam's first step size; 0 means 0.01
	Weighted bool       // trains on the ELBO itself; false: on all ‖ε − ε̂‖² alike, Ho et al.'s simple loss (eq. 14)
}

// Denoiser is a trained diffusion model.
type Denoiser struct {
	Net      Net // z_t, √ᾱ_t, √(1−ᾱ_t) and t/T → ε̂
	Schedule Schedule
}

const (
	diffusionSteps  = 50
	diffusionHidden = 64
	diffusionBatch  = 50
	diffusionRate   = 0.01
	timeFeatures    = 3
	sharpness       = 5.0 // the codes' first weights are so many times larger: clumps with sds near 0.2 can be told apart

	diffusionStream      = 0x64647031
	diffusionValueStream = 0x64647032
)

func (m Diffusion) filled() Diffusion {
	n, _ := checked("Diffusion", "Z", m.Z)
	if m.Schedule.Steps() == 0 {
		m.Schedule = Logistic(diffusionSteps)
	}
	if m.Hidden == nil {
		m.Hidden = []int{diffusionHidden, diffusionHidden}
	}
	if m.Batch == 0 {
		m.Batch = min(diffusionBatch, n)
	}
	if m.Rate == 0 {
		m.Rate = diffusionRate
	}
	if m.Batch < 1 || m.Batch > n {
		panic(fmt.Sprintf("vae: Diffusion: Batch is %d, want 1 to %d, the number of codes", m.Batch, n))
	}
	checkWidths("Diffusion", m.Hidden)
	checkPositive("Diffusion", "Rate", m.Rate)
	m.Schedule.check()
	return m
}

func (s Schedule) check() {
	if len(s.Beta) < 2 || len(s.AlphaBar) != len(s.Beta)+1 || s.AlphaBar[0] != 1 {
		panic("vae: Diffusion: Schedule is not whole, want at least 2 steps and the ᾱ of each, 1 first")
	}
	for i, b := range s.Beta {
		if !(b > 0 && b < 1) {
			panic(fmt.Sprintf("vae: Diffusion: Beta[%d] is %v, want between 0 and 1", i, b))
		}
	}
}

// FitDiffusion trains a diffusion model with Adam and returns its history, one step an epoch.
//
// Value is the mean ELBO of a code in nats, a bound on its log density, estimated with one step t a code and the same
// noise in every epoch; Denoiser.ELBO has it term by term. As in Fit, Tol has no say and Workers changes nothing.
func FitDiffusion(m Diffusion, s fit.Settings) fit.Trace[Denoiser] {
	m, s = m.filled(), s.Filled()
	rng := rand.New(rand.NewPCG(s.Seed, diffusionStream))
	n, l := m.Z.Dims()
	sizes := append(append([]int{l + timeFeatures}, m.Hidden...), l)
	d := Denoiser{Net: randomNet(sizes, rng), Schedule: m.Schedule}
	first, _ := d.Net.layer(d.Net.Theta, 0)
	ofCodes := first.Slice(0, l, 0, sizes[1]).(*mat.Dense)
	ofCodes.Scale(sharpness, ofCodes)
	noise := normals(n, l, rand.New(rand.NewPCG(s.Seed, diffusionValueStream)))
	times := make([]int, n)
	for i := range times {
		times[i] = 1 + i%m.Schedule.Steps()
	}
	h := history[Denoiser]{s: s, noun: "ELBO", trace: fit.Trace[Denoiser]{Objective: "ELBO a code", Status: fit.OutOfSweeps}}
	if !h.keep(0, d.quick(m.Z, noise, times, s.Workers), d.copied()) {
		return h.trace
	}
	up, grad := adam{}, make([]float64, len(d.Net.Theta))
	for epoch := 1; epoch <= s.Sweeps; epoch++ {
		up.rate = cooled(m.Rate, epoch, s.Sweeps)
		order := rng.Perm(n)
		for from := 0; from < n; from += m.Batch {
			z := picked(m.Z, order[from:min(from+m.Batch, n)])
			size, _ := z.Dims()
			eps, at := normals(size, l, rng), make([]int, size)
			for i := range at {
				at[i] = 1 + rng.IntN(m.Schedule.Steps())
			}
			inChunks(size, s.Workers, grad, func(a, b int, g []float64) float64 {
				d.gradient(rows(z, a, b), rows(eps, a, b), at[a:b], m.Weighted, g)
				return 0
			})
			up.climb(grad, float64(size), d.Net.Theta)
		}
		if !h.keep(epoch, d.quick(m.Z, noise, times, s.Workers), d.copied()) {
			break
		}
	}
	return h.trace
}

// gradient adds the derivatives of −Σ w_t ‖ε − ε̂‖² to grad; w_t is ½, or what makes it the ELBO's.
func (d Denoiser) gradient(z, eps *mat.Dense, times []int, weighted bool, grad []float64) {
	acts := d.Net.forward(d.inputs(z, eps, times))
	guess := acts[len(acts)-1]
	slope := mat.NewDense(guess.RawMatrix().Rows, guess.RawMatrix().Cols, nil)
	slope.Sub(eps, guess)
	if weighted {
		for i, t := range times {
			row := slope.RawRowView(i)
			for j := range row {
				row[j] *= 2 * d.Schedule.weight(t)
			}
		}
	}
	d.Net.backward(acts, slope, grad)
}

// inputs is what the network sees of each code at its step.
func (d Denoiser) inputs(z, eps *mat.Dense, times []int) *mat.Dense {
	r, l := z.Dims()
	in := mat.NewDense(r, l+timeFeatures, nil)
	for i, t := range times {
		row := in.RawRowView(i)
		d.Schedule.jump(row[:l], z.RawRowView(i), eps.RawRowView(i), t)
		d.features(row[l:], t)
	}
	return in
}

// features tells the network how much is noise.
func (d Denoiser) features(dst []float64, t int) {
	a := d.Schedule.AlphaBar[t]
	dst[0], dst[1], dst[2] = math.Sqrt(a), math.Sqrt(1-a), float64(t)/float64(d.Schedule.Steps())
}

// Noise returns ε̂(z_t, t), the guess at the noise in z_t; t is 1 to T.
func (d Denoiser) Noise(z []float64, t int) []float64 {
	if t < 1 || t > d.Schedule.Steps() {
		panic(fmt.Sprintf("vae: Denoiser: step %d, want 1 to %d", t, d.Schedule.Steps()))
	}
	in := append(append([]float64(nil), z...), make([]float64, timeFeatures)...)
	d.features(in[len(z):], t)
	return d.Net.Eval(in)
}

// Draw returns z_T, …, z_1, z_0: a draw from N(0, I), then one from each p(z_{t−1}|z_t) in turn. The last is the code.
//
// Source: Ho et al. (2020), algorithm 2, where also p(z_0|z_1) gives its mean.
func (d Denoiser) Draw(rng *rand.Rand) [][]float64 {
	l, steps := d.Net.Sizes[len(d.Net.Sizes)-1], d.Schedule.Steps()
	z := make([]float64, l)
	for j := range z {
		z[j] = rng.NormFloat64()
	}
	path := [][]float64{z}
	for t := steps; t >= 1; t-- {
		next := d.Schedule.reverseMean(z, d.Noise(z, t), t)
		if t > 1 {
			for j := range next {
				next[j] += math.Sqrt(d.Schedule.Beta[t-1]) * rng.NormFloat64()
			}
		}
		z = next
		path = append(path, z)
	}
	return path
}

// reverseMean is the mean of p(z_{t−1}|z_t) (Ho et al., eq. 11).
func (s Schedule) reverseMean(z, guess []float64, t int) []float64 {
	beta := s.Beta[t-1]
	mean := make([]float64, len(z))
	for j, v := range z {
		mean[j] = (v - beta/math.Sqrt(1-s.AlphaBar[t])*guess[j]) / math.Sqrt(1-beta)
	}
	return mean
}

func (d Denoiser) copied() Denoiser {
	d.Net = d.Net.copied()
	return d
}
