package vae

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
)

// Diffusion is a denoising diffusion model of codes: noise is added in T small steps until only N(0, I) is left, and
// one network learns to undo a step. It looks at z_t and guesses the clean code ẑ_0; the noise that must then be in z_t
// is ε̂ = (z_t − √ᾱ_t ẑ_0)/√(1−ᾱ_t).
//
//	p(z_T) = N(0, I),  p(z_{t−1}|z_t) = N((z_t − β_t/√(1−ᾱ_t) ε̂(z_t, t))/√(1−β_t), β_t I)
//
// The codes should be of the size of N(0, I), as those of a Weights are.
//
// The variance β_t is the right one where the codes are N(0, I) or smooth.
//
// Source: Ho, Jain and Abbeel (2020), eqs. 1, 11 and 15, and §3.2 for the variance. A network that answers with ẑ_0 learns
// faster which of several clumps a code belongs to (Salimans and Ho 2022, §4).
type Diffusion struct {
	Z        *mat.Dense // n×L, a row a code
	SD       *mat.Dense // n×L or nil; with it a code is drawn from N(Z, SD²), afresh in every epoch, as from the q(z|x) of data
	Schedule Schedule   // the zero Schedule means Logistic(100)
	Hidden   []int      // widths of the hidden layers; nil means three of 64
	Batch    int        // codes in a mini-batch; 0 means 50, or all where there are fewer
	Rate     float64    // Adam's first step size; 0 means 0.01
	Weighted bool       // trains on the ELBO itself; false: on all ‖ε − ε̂‖² alike, Ho et al.'s simple loss (eq. 14)
}

const (
	diffusionSteps  = 100
	diffusionHidden = 64
	diffusionBatch  = 50
	diffusionRate   = 0.01
	memory          = 0.99 // of the running mean of the weights

	diffusionStream      = 0x64647031
	diffusionValueStream = 0x64647032
)

func (m Diffusion) filled() Diffusion {
	n, _ := checked("Diffusion", "Z", m.Z)
	if m.Schedule.Steps() == 0 {
		m.Schedule = Logistic(diffusionSteps)
	}
	if m.Hidden == nil {
		m.Hidden = []int{diffusionHidden, diffusionHidden, diffusionHidden}
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
	if m.SD != nil {
		m.checkSD(n)
	}
	return m
}

// checkSD panics unless every code has an sd above 0.
func (m Diffusion) checkSD(n int) {
	r, c := m.SD.Dims()
	if _, l := m.Z.Dims(); r != n || c != l {
		panic(fmt.Sprintf("vae: Diffusion: SD is %d×%d, want %d×%d as Z", r, c, n, l))
	}
	for _, v := range m.SD.RawMatrix().Data {
		checkPositive("Diffusion", "SD", v)
	}
}

// drawn returns the codes of one epoch.
func (m Diffusion) drawn(rng *rand.Rand) *mat.Dense {
	if m.SD == nil {
		return m.Z
	}
	n, l := m.Z.Dims()
	z := normals(n, l, rng)
	z.MulElem(z, m.SD)
	z.Add(z, m.Z)
	return z
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
// noise (and the same draw of the codes) in every epoch; Denoiser.ELBO has it term by term. As in Fit, Tol has no say and Workers changes nothing.
//
// The weights of a step are a running mean over the last hundred or so mini-batches, which are less noisy than the
// weights of any one (Ho et al., appendix B; Polyak and Juditsky 1992).
func FitDiffusion(m Diffusion, s fit.Settings) fit.Trace[Denoiser] {
	m, s = m.filled(), s.Filled()
	rng := rand.New(rand.NewPCG(s.Seed, diffusionStream))
	n, l := m.Z.Dims()
	sizes := append(append([]int{l*codeFeatures + timeFeatures}, m.Hidden...), l)
	d := Denoiser{Net: randomNet(sizes, rng), Schedule: m.Schedule}
	judge := rand.New(rand.NewPCG(s.Seed, diffusionValueStream))
	noise, fixed := normals(n, l, judge), m.drawn(judge)
	times := make([]int, n)
	for i := range times {
		times[i] = 1 + i%m.Schedule.Steps()
	}
	h := history[Denoiser]{s: s, noun: "ELBO", trace: fit.Trace[Denoiser]{Objective: "ELBO a code", Status: fit.OutOfSweeps}}
	if !h.keep(0, d.quick(fixed, noise, times, s.Workers), d.copied()) {
		return h.trace
	}
	up, grad, mean := adam{}, make([]float64, len(d.Net.Theta)), d.copied()
	for epoch := 1; epoch <= s.Sweeps; epoch++ {
		up.rate = cooled(m.Rate, epoch, s.Sweeps)
		order, codes := rng.Perm(n), m.drawn(rng)
		for from := 0; from < n; from += m.Batch {
			z := picked(codes, order[from:min(from+m.Batch, n)])
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
			mean.follow(d, up.t)
		}
		if h.passing(epoch, mean.Net.Theta) {
			continue
		}
		if !h.keep(epoch, mean.quick(fixed, noise, times, s.Workers), mean.copied()) {
			break
		}
	}
	return h.trace
}

// follow moves the running mean of the weights after the t-th mini-batch. It remembers less at first, so that the start is
// forgotten soon.
func (d Denoiser) follow(now Denoiser, t int) {
	keep := min(memory, float64(t)/float64(t+10))
	for i, v := range now.Net.Theta {
		d.Net.Theta[i] = keep*d.Net.Theta[i] + (1-keep)*v
	}
}

// gradient adds the derivatives of −Σ w_t ‖ε − ε̂‖² to grad; w_t is ½, or what makes it the ELBO's.
func (d Denoiser) gradient(z, eps *mat.Dense, times []int, weighted bool, grad []float64) {
	acts, slope := d.guess(z, eps, times)
	slope.Sub(eps, slope)
	for i, t := range times {
		a := d.Schedule.AlphaBar[t]
		by := -math.Sqrt(a / (1 - a)) // ∂ε̂/∂ẑ_0
		if weighted {
			by *= 2 * d.Schedule.weight(t)
		}
		row := slope.RawRowView(i)
		for j := range row {
			row[j] *= by
		}
	}
	d.Net.backward(acts, slope, grad)
}
