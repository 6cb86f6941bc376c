// Package vae is the variational autoencoder, and a small diffusion model on its codes.
//
// The story: a code z ~ N(0, I) of few numbers is drawn, a network (the decoder) turns it into the parameters of
// p(x|z), and a datum x is drawn. The posterior p(z|x) has no closed form. A second network (the encoder) looks at x
// and answers with a diagonal Gaussian q(z|x): one network serves all data, which is called amortised inference.
// Both networks climb
//
//	ELBO(x) = E_{q(z|x)} ln p(x|z) − KL(q(z|x) ‖ N(0, I)) ≤ ln p(x)     in nats
//
// by stochastic gradients through z = μ + σ ε, ε ~ N(0, I), the reparameterisation.
//
// Source: Kingma and Welling, Auto-encoding variational Bayes (2014). The diffusion model is that of Ho, Jain and
// Abbeel, Denoising diffusion probabilistic models (2020), on codes as in Rombach et al. (2022).
package vae

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
)

// Model is the data and the shape of an autoencoder. Only X is needed.
type Model struct {
	X          *mat.Dense // n×d, a row a datum; in 0…1 where the likelihood is Bernoulli
	Latent     int        // numbers in a code; 0 means 2
	Hidden     []int      // widths of the hidden layers, the decoder's in reverse order; nil means one of 48, empty none
	Likelihood Likelihood // Bernoulli, or Gaussian with the sd Sigma
	Sigma      float64    // of a Gaussian likelihood, in the unit of X; 0 means 0.1
	Batch      int        // data in a mini-batch; 0 means 25, or all where there are fewer
	Rate       float64    // Adam's first step size; 0 means 0.01
}

// Weights is a trained autoencoder: two networks and what p(x|z) is.
type Weights struct {
	Encoder    Net // d → 2·Latent: the mean of q(z|x), then the logarithm of its variance
	Decoder    Net // Latent → d: logits (Bernoulli) or means (Gaussian)
	Likelihood Likelihood
	Sigma      float64 // of a Gaussian likelihood; else 0
}

// The defaults that zero values stand for.
const (
	defaultLatent = 2
	defaultHidden = 48
	defaultBatch  = 25
	defaultRate   = 0.01
	defaultSigma  = 0.1
)

// Streams are the second words of generators; the first is Settings.Seed.
const (
	trainStream = 0x76616531 // the start, the order of the data and their noise
	valueStream = 0x76616532 // the noise that the ELBO of every epoch is estimated with
)

// filled returns m with its defaults, or panics with one sentence.
func (m Model) filled() Model {
	n, _ := checked("Model", "X", m.X)
	if m.Latent == 0 {
		m.Latent = defaultLatent
	}
	if m.Hidden == nil {
		m.Hidden = []int{defaultHidden}
	}
	if m.Sigma == 0 {
		m.Sigma = defaultSigma
	}
	if m.Batch == 0 {
		m.Batch = min(defaultBatch, n)
	}
	if m.Rate == 0 {
		m.Rate = defaultRate
	}
	switch {
	case m.Latent < 1:
		panic(fmt.Sprintf("vae: Model: Latent is %d, want at least 1", m.Latent))
	case m.Batch < 1 || m.Batch > n:
		panic(fmt.Sprintf("vae: Model: Batch is %d, want 1 to %d, the number of data", m.Batch, n))
	case m.Likelihood != Bernoulli && m.Likelihood != Gaussian:
		panic("vae: Model: Likelihood is neither Bernoulli nor Gaussian")
	}
	checkWidths("Model", m.Hidden)
	checkPositive("Model", "Sigma", m.Sigma)
	checkPositive("Model", "Rate", m.Rate)
	if m.Likelihood == Bernoulli {
		for i, v := range m.X.RawMatrix().Data {
			if v < 0 || v > 1 {
				panic(fmt.Sprintf("vae: Model: number %d of X is %v, want 0 to 1 for a Bernoulli likelihood", i, v))
			}
		}
	}
	return m
}

// start draws the weights that training begins with.
func (m Model) start(rng *rand.Rand) Weights {
	_, d := m.X.Dims()
	in := append(append([]int{d}, m.Hidden...), 2*m.Latent)
	out := []int{m.Latent}
	for i := range m.Hidden {
		out = append(out, m.Hidden[len(m.Hidden)-1-i])
	}
	w := Weights{Encoder: randomNet(in, rng), Decoder: randomNet(append(out, d), rng), Likelihood: m.Likelihood}
	if m.Likelihood == Gaussian {
		w.Sigma = m.Sigma
	}
	return w
}

// Fit trains an autoencoder with Adam and returns its history, one step an epoch (a pass over all data).
//
// Value is the mean ELBO of a datum in nats, estimated with one draw of z a datum and the same noise in every epoch.
// It is an estimate, and training is stochastic, so it may fall: Tol has no say, the fit does all its Sweeps (epochs)
// and ends OutOfSweeps, or Broken when the step size made it diverge. The result depends on the data, the model and
// Seed alone (also on Sweeps, over which the step size falls in a straight line): the gradient of a mini-batch is
// summed in fixed chunks, whatever Workers is. With fit.LastOnly the ELBO is estimated at the end alone, which is
// faster; a fit that breaks then keeps its start.
func Fit(m Model, s fit.Settings) fit.Trace[Weights] {
	m, s = m.filled(), s.Filled()
	rng := rand.New(rand.NewPCG(s.Seed, trainStream))
	w := m.start(rng)
	n, _ := m.X.Dims()
	noise := normals(n, m.Latent, rand.New(rand.NewPCG(s.Seed, valueStream)))
	h := history[Weights]{s: s, noun: "ELBO", trace: fit.Trace[Weights]{Objective: "ELBO a datum", Status: fit.OutOfSweeps}}
	value := func() float64 {
		return inChunks(n, s.Workers, nil, func(from, to int, _ []float64) float64 {
			rec, div := w.terms(rows(m.X, from, to), rows(noise, from, to))
			return sum(rec) - sum(div)
		}) / float64(n)
	}
	if !h.keep(0, value(), w.copied()) {
		return h.trace
	}
	up := adam{}
	grad := make([]float64, len(w.Encoder.Theta)+len(w.Decoder.Theta))
	for epoch := 1; epoch <= s.Sweeps; epoch++ {
		up.rate = cooled(m.Rate, epoch, s.Sweeps)
		order := rng.Perm(n)
		for from := 0; from < n; from += m.Batch {
			x := picked(m.X, order[from:min(from+m.Batch, n)])
			size, _ := x.Dims()
			eps := normals(size, m.Latent, rng)
			inChunks(size, s.Workers, grad, func(a, b int, g []float64) float64 {
				w.gradient(rows(x, a, b), rows(eps, a, b), g)
				return 0
			})
			up.climb(grad, float64(size), w.Encoder.Theta, w.Decoder.Theta)
		}
		if h.passing(epoch, w.Encoder.Theta, w.Decoder.Theta) {
			continue
		}
		if !h.keep(epoch, value(), w.copied()) {
			break
		}
	}
	return h.trace
}

// copied shares no memory with w.
func (w Weights) copied() Weights {
	w.Encoder, w.Decoder = w.Encoder.copied(), w.Decoder.copied()
	return w
}

// history collects the steps of a fit.
type history[Q any] struct {
	s     fit.Settings
	noun  string
	trace fit.Trace[Q]
}

// passing is true for an epoch of which nothing will be kept, so that it need not be judged: where only the last is, and
// the parameters are finite.
func (h *history[Q]) passing(epoch int, parameters ...[]float64) bool {
	if h.s.Keep != fit.LastOnly || epoch == h.s.Sweeps {
		return false
	}
	for _, theta := range parameters {
		for _, v := range theta {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return false
			}
		}
	}
	return true
}

// keep adds a step, or says that the fit is broken.
func (h *history[Q]) keep(epoch int, value float64, q Q) bool {
	bad := math.IsNaN(value) || math.IsInf(value, 0)
	if bad {
		h.trace.Status = fit.Broken
		h.trace.Reason = fmt.Sprintf("vae: the %s is %v in epoch %d: the step size is too large", h.noun, value, epoch)
		if epoch > 0 {
			return false
		}
	}
	if h.s.Keep == fit.LastOnly {
		h.trace.Steps = h.trace.Steps[:0]
	}
	h.trace.Steps = append(h.trace.Steps, fit.Step[Q]{Sweep: epoch, Value: value, Q: q})
	return !bad
}
