package model

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// GMM is the lecture's mixture of Gaussians: K components of equal weight and one known noise.
//
//	μ_k ~ N(Mu0, Tau0²)        c_i ~ uniform on 1 … K        x_i | c, μ ~ N(μ_{c_i}, Sigma²)
//
// Only the means are unknown; the weights are 1/K each and the noise is given. K > n is legal: components
// without data keep their prior. The zero value of each field but X has a meaning, so GMM{X: x} is a model.
//
// Source: Blei, Kucukelbir & McAuliffe, Variational inference: a review for statisticians (2017), §2.1, here
// with a noise sd and a prior mean.
type GMM struct {
	X     []float64 // the data, n ≥ 1 finite numbers
	K     int       // components; 0 means 2
	Sigma float64   // sd of the noise, in the units of X; 0 means 1
	Mu0   float64   // prior mean of each μ_k; 0 is 0
	Tau0  float64   // prior sd of each μ_k; 0 means 10·Sigma, a wide prior
}

// WideTau0 is the prior sd that a zero Tau0 stands for, in units of Sigma.
const WideTau0 = 10

// Filled returns m with its zero values replaced by what they stand for.
func (m GMM) Filled() GMM {
	if m.K == 0 {
		m.K = 2
	}
	if m.Sigma == 0 {
		m.Sigma = 1
	}
	if m.Tau0 == 0 {
		m.Tau0 = WideTau0 * m.Sigma
	}
	return m
}

// Check says in one sentence what is wrong with the fields, or returns nil.
func (m GMM) Check() error {
	if err := checkData("GMM", m.X); err != nil {
		return err
	}
	return m.checkPrior()
}

func (m GMM) checkPrior() error {
	if m.K < 0 {
		return fmt.Errorf("GMM: K is %d, want at least 1, or 0 for 2", m.K)
	}
	m = m.Filled()
	if err := checkPositive("GMM", "Sigma", m.Sigma); err != nil {
		return err
	}
	if err := checkFinite("GMM", "Mu0", m.Mu0); err != nil {
		return err
	}
	return checkPositive("GMM", "Tau0", m.Tau0)
}

// LogProb returns ln p(x, μ) in nats at the K means mu, the assignments summed out:
//
//	Σ_k ln N(μ_k; Mu0, Tau0²) + Σ_i ln (1/K) Σ_k N(x_i; μ_k, Sigma²)
//
// It costs K−1 exponentials a datum. It panics unless len(mu) is K.
func (m GMM) LogProb(mu []float64) float64 {
	m = m.Filled()
	if len(mu) != m.K {
		panic(fmt.Sprintf("model: GMM: LogProb of %d means, want K = %d", len(mu), m.K))
	}
	var prior float64
	for _, v := range mu {
		z := (v - m.Mu0) / m.Tau0
		prior -= 0.5 * z * z
	}
	prior -= float64(m.K) * (math.Log(m.Tau0) + 0.5*ln2Pi)
	n := float64(len(m.X))
	return prior + m.logMix(mu) - n*(math.Log(float64(m.K))+math.Log(m.Sigma)+0.5*ln2Pi)
}

// logMix is Σ_i ln Σ_k exp(−(x_i − μ_k)²/(2σ²)). The largest exponent is taken out of each sum, which leaves a
// number between 1 and K; these are multiplied up, so that one logarithm serves many data.
func (m GMM) logMix(mu []float64) float64 {
	const full = 1e290 // take the logarithm before the product could overflow
	if len(mu) == 2 {
		return m.logMix2(mu[0], mu[1])
	}
	h := 0.5 / (m.Sigma * m.Sigma)
	limit := full / float64(m.K)
	var sum, block float64 // block: of the data since the last logarithm, which keeps the summands small
	prod := 1.0
	for i, x := range m.X {
		best := math.Inf(1)
		for _, v := range mu {
			best = min(best, (x-v)*(x-v))
		}
		s := 0.0
		for _, v := range mu {
			if d := (x-v)*(x-v) - best; d > 0 {
				s += math.Exp(-h * d)
			} else {
				s++
			}
		}
		prod *= s
		block -= best
		if prod > limit || i&511 == 511 {
			sum += h*block + math.Log(prod)
			prod, block = 1, 0
		}
	}
	return sum + h*block + math.Log(prod)
}

// logMix2 is logMix for two means: a datum at c from their middle is |c| − half from the nearer one, and the other
// one's exponent is lower by |c|·2·half/σ².
func (m GMM) logMix2(a, b float64) float64 {
	const blockLen = 512 // data between two logarithms: 2⁵¹² does not overflow
	half, middle := 0.5*math.Abs(b-a), a+0.5*(b-a)
	slope := 2 * half / (m.Sigma * m.Sigma)
	var squares, sum float64
	for x := m.X; len(x) > 0; {
		n := min(blockLen, len(x))
		product, block := 1.0, 0.0
		for _, v := range x[:n] {
			c := math.Abs(v - middle)
			product *= 1 + math.Exp(-slope*c)
			block += (c - half) * (c - half)
		}
		squares += block
		sum += math.Log(product)
		x = x[n:]
	}
	return sum - 0.5*squares/(m.Sigma*m.Sigma)
}

// Simulate draws n data from the whole story, the prior included, and returns them with the means and the
// assignments (0 … K−1) that made them. It does not read X. It panics on a field without meaning or n < 1.
func (m GMM) Simulate(n int, rng *rand.Rand) (x, mu []float64, c []int) {
	if err := m.checkPrior(); err != nil {
		panic("model: " + err.Error())
	}
	m = m.Filled()
	mu = make([]float64, m.K)
	for k := range mu {
		mu[k] = m.Mu0 + m.Tau0*rng.NormFloat64()
	}
	x, c = SimulateGMM(n, mu, m.Sigma, rng)
	return x, mu, c
}

// SimulateGMM draws n data from the mixture of N(mu[k], sigma²) with equal weights, and returns them with their
// assignments, 0 … len(mu)−1. It panics if n < 1, if there is no mean, or if sigma is not positive.
func SimulateGMM(n int, mu []float64, sigma float64, rng *rand.Rand) (x []float64, c []int) {
	if n < 1 {
		panic("model: SimulateGMM: n is less than 1, want at least 1 datum")
	}
	if len(mu) == 0 {
		panic("model: SimulateGMM: mu has 0 means, want at least 1")
	}
	if err := checkPositive("SimulateGMM", "sigma", sigma); err != nil {
		panic("model: " + err.Error())
	}
	for k, m := range mu {
		if err := checkFinite("SimulateGMM", fmt.Sprintf("mu[%d]", k), m); err != nil {
			panic("model: " + err.Error())
		}
	}
	x, c = make([]float64, n), make([]int, n)
	for i := range x {
		c[i] = rng.IntN(len(mu))
		x[i] = mu[c[i]] + sigma*rng.NormFloat64()
	}
	return x, c
}
