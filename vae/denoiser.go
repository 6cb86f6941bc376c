package vae

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
)

// Denoiser is a trained diffusion model.
type Denoiser struct {
	Net      Net // z_t with waves of it, √ᾱ_t, √(1−ᾱ_t) and t/T → ẑ_0
	Schedule Schedule
}

// What the network sees: each number of z_t, its sine and cosine at so many frequencies (with them a small network can
// draw sharp borders between clumps; Tancik et al. 2020), and three numbers that tell the time.
const (
	waves        = 4
	codeFeatures = 1 + 2*waves
	timeFeatures = 3
)

// look writes what the network sees of z_t.
func (d Denoiser) look(dst, z []float64, t int) {
	for j, v := range z {
		f := dst[j*codeFeatures:]
		f[0] = v
		for k := 1; k <= waves; k++ {
			f[2*k-1], f[2*k] = math.Sincos(float64(k) * v)
		}
	}
	a, f := d.Schedule.AlphaBar[t], dst[len(z)*codeFeatures:]
	f[0], f[1], f[2] = math.Sqrt(a), math.Sqrt(1-a), float64(t)/float64(d.Schedule.Steps())
}

// guess returns the network's activations for codes with noise eps at their steps, and ε̂.
func (d Denoiser) guess(z, eps *mat.Dense, times []int) (acts []*mat.Dense, noise *mat.Dense) {
	r, l := z.Dims()
	in, noise := mat.NewDense(r, d.Net.Sizes[0], nil), mat.NewDense(r, l, nil)
	for i, t := range times {
		row := noise.RawRowView(i)
		d.Schedule.jump(row, z.RawRowView(i), eps.RawRowView(i), t)
		d.look(in.RawRowView(i), row, t)
	}
	acts = d.Net.forward(in)
	for i, t := range times {
		d.Schedule.noiseIn(noise.RawRowView(i), acts[len(acts)-1].RawRowView(i), t)
	}
	return acts, noise
}

// Clean returns ẑ_0(z_t, t), the guess at the code that z_t came from; t is 1 to T. It is near E[z_0|z_t]: for small t a
// place in one clump, for large t the mean of many.
func (d Denoiser) Clean(z []float64, t int) []float64 {
	if t < 1 || t > d.Schedule.Steps() {
		panic(fmt.Sprintf("vae: Denoiser: step %d, want 1 to %d", t, d.Schedule.Steps()))
	}
	if l := d.Net.Sizes[len(d.Net.Sizes)-1]; len(z) != l {
		panic(fmt.Sprintf("vae: Denoiser: the code has %d numbers, want %d", len(z), l))
	}
	in := make([]float64, d.Net.Sizes[0])
	d.look(in, z, t)
	return d.Net.Eval(in)
}

// Noise returns ε̂(z_t, t) = (z_t − √ᾱ_t ẑ_0)/√(1−ᾱ_t), the guess at the noise in z_t; t is 1 to T.
//
// Source: Ho et al. (2020), eq. 15, turned round.
func (d Denoiser) Noise(z []float64, t int) []float64 {
	noise := append([]float64(nil), z...)
	d.Schedule.noiseIn(noise, d.Clean(z, t), t)
	return noise
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

// noiseIn turns z_t into the noise in it, if clean is the code that it came from.
func (s Schedule) noiseIn(z, clean []float64, t int) {
	a, b := math.Sqrt(s.AlphaBar[t]), math.Sqrt(1-s.AlphaBar[t])
	for j, c := range clean {
		z[j] = (z[j] - a*c) / b
	}
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

// copied shares no memory with d.
func (d Denoiser) copied() Denoiser {
	d.Net = d.Net.copied()
	return d
}
