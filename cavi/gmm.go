package cavi

import (
	"fmt"
	"math"
	"math/rand/v2"

	"elboroom/model"
)

// GMM fits the lecture's mixture of Gaussians, model.GMM, by the factorised family
//
//	q(μ, c) = Π_k q(μ_k) Π_i q(c_i),    q(μ_k) = N(m_k, s_k²),    q(c_i = k) = φ_ik
//
// A sweep is two half-steps: q(c), all n assignments (given q(μ) they do not depend on each other), then q(μ),
// all K means (given q(c) they do not either). Both are exact, so each is idempotent.
//
// What the mathematics makes of odd cases: equal starting means stay equal for ever. For K = 2 that point is a
// saddle when s² Σ_i(x_i − m)²/(2σ⁴) > 1, which is about when the sample variance exceeds σ²; else it is the
// optimum. A start a hair off the saddle gains less than Settings.Tol at first and is reported as Converged
// there. A component that gets no data returns to its prior; identical data and K > n are legal.
//
// Source: Blei, Kucukelbir & McAuliffe (2017), alg. 2 and eqs 26, 34, with the noise sd σ and a prior N(μ₀, τ₀²).
type GMM struct {
	model.GMM
	Init []float64 // starting means, K of them; nil draws different data (and from the prior where they run out)
}

// GMMFactors is a state of the fit. Its memory does not grow with the data: q(c) is held as the q(μ) that it
// was last computed from, and as the sums over the data that the next half-step and the ELBO need.
type GMMFactors struct {
	Mean, Var []float64 // q(μ_k) = N(Mean[k], Var[k]), K each, in the units of the data and their square

	// q(c): φ_ik ∝ exp(−((x_i − PhiMean[k])² + PhiVar[k])/(2σ²)), K each. After q(μ) moved they lag behind it.
	PhiMean, PhiVar []float64
	Count           []float64 // Σ_i φ_ik, the data that component k has; the counts sum to n

	shared tally // the other sums over the data
	sigma  float64
	mu0    float64
	tau0   float64
}

// Start returns the first state: the means of Init, or K different data drawn without regard to their order;
// variances σ²; and every φ_ik = 1/K.
func (m GMM) Start(src rand.Source) GMMFactors {
	m = m.checked()
	rng := rand.New(src)
	mean := append([]float64(nil), m.Init...)
	if m.Init == nil {
		mean = pickData(m.X, m.K, rng.Uint64())
		for len(mean) < m.K {
			mean = append(mean, m.Mu0+m.Tau0*rng.NormFloat64())
		}
	}
	q := GMMFactors{Mean: mean, Var: make([]float64, m.K), sigma: m.Sigma, mu0: m.Mu0, tau0: m.Tau0}
	for k := range q.Var {
		q.Var[k] = m.Sigma * m.Sigma
	}
	even := make([]float64, m.K)
	for k := range even {
		even[k] = m.Mu0
	}
	return q.share(m.X, even, make([]float64, m.K), 1)
}

// Factors returns the state with the given q(μ) and the q(c) that is best for it. It serves maps of the ELBO.
func (m GMM) Factors(mean, variance []float64) GMMFactors {
	m = m.checked()
	if len(mean) != m.K || len(variance) != m.K {
		panic(fmt.Sprintf("cavi: GMM: Factors of %d means and %d variances, want K = %d", len(mean), len(variance), m.K))
	}
	for k, v := range variance {
		if !(v > 0) || math.IsInf(v, 0) || math.IsNaN(mean[k]) || math.IsInf(mean[k], 0) {
			panic(fmt.Sprintf("cavi: GMM: Factors: N(%v, %v) is no density", mean[k], v))
		}
	}
	q := GMMFactors{Mean: append([]float64(nil), mean...), Var: append([]float64(nil), variance...),
		sigma: m.Sigma, mu0: m.Mu0, tau0: m.Tau0}
	return q.moveC(m.X, 1)
}

// checked returns the model with its defaults filled in, or panics with what is wrong.
func (m GMM) checked() GMM {
	if err := m.Check(); err != nil {
		panic("cavi: " + err.Error())
	}
	m.GMM = m.Filled()
	if m.Init != nil && len(m.Init) != m.K {
		panic(fmt.Sprintf("cavi: GMM: Init has %d means, want K = %d", len(m.Init), m.K))
	}
	for k, v := range m.Init {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			panic(fmt.Sprintf("cavi: GMM: Init[%d] is %v, want a finite number", k, v))
		}
	}
	return m
}

// Updates returns the half-steps q(c) and q(μ).
func (m GMM) Updates() []Update[GMMFactors] {
	return []Update[GMMFactors]{
		{"q(c)", func(q GMMFactors) GMMFactors { return q.moveC(m.X, 1) }},
		{"q(μ)", func(q GMMFactors) GMMFactors { return q.moveMu() }},
	}
}

// Sweep does both half-steps in one pass over the data.
func (m GMM) Sweep(q GMMFactors, workers int) (GMMFactors, float64) {
	q = q.moveC(m.X, workers).moveMu()
	return q, m.ELBO(q)
}

// moveC sets φ_ik ∝ exp((m_k x_i − (s_k² + m_k²)/2)/σ²).
func (q GMMFactors) moveC(x []float64, workers int) GMMFactors {
	return q.share(x, q.Mean, q.Var, workers)
}

// share makes q(c) the one that the given means and variances lead to.
func (q GMMFactors) share(x, mean, variance []float64, workers int) GMMFactors {
	q.PhiMean, q.PhiVar = mean, variance
	q.shared = tallied(x, mean, variance, q.sigma, workers)
	q.Count = q.shared.count
	return q
}

// moveMu sets s_k² = 1/(1/τ₀² + Σ_i φ_ik/σ²) and m_k = s_k² (μ₀/τ₀² + Σ_i φ_ik x_i/σ²). The second is written as
// a shift from the centre c_k of the sums, m_k = c_k + s_k² ((μ₀ − c_k)/τ₀² + Σ_i φ_ik (x_i − c_k)/σ²), which loses
// no digits where the data lie far from 0.
func (q GMMFactors) moveMu() GMMFactors {
	k := len(q.Mean)
	q.Mean, q.Var = make([]float64, k), make([]float64, k)
	s2, t2 := q.sigma*q.sigma, q.tau0*q.tau0
	for k, c := range q.PhiMean {
		q.Var[k] = 1 / (1/t2 + q.Count[k]/s2)
		q.Mean[k] = c + q.Var[k]*((q.mu0-c)/t2+q.shared.dev[k]/s2)
	}
	return q
}

// ELBO returns the evidence lower bound at q in nats, the sum of q.Terms().
func (m GMM) ELBO(q GMMFactors) float64 { return sum(q.Terms()) }

// Terms returns the ELBO by name, in nats, for the φ held (not the best φ):
//
//	E ln p(μ)      Σ_k −½ ln 2πτ₀² − ((m_k − μ₀)² + s_k²)/(2τ₀²)
//	E ln p(c)      −n ln K
//	E ln p(x|c,μ)  Σ_ik φ_ik (−½ ln 2πσ² − ((x_i − m_k)² + s_k²)/(2σ²))
//	H q(μ)         Σ_k ½ ln 2πe s_k²
//	H q(c)         −Σ_ik φ_ik ln φ_ik
func (q GMMFactors) Terms() []Term {
	s2, t2 := q.sigma*q.sigma, q.tau0*q.tau0
	n := float64(q.shared.n)
	var prior, lik, entropy float64
	for k, m := range q.Mean {
		d := m - q.mu0
		prior -= 0.5*math.Log(2*math.Pi*t2) + (d*d+q.Var[k])/(2*t2)
		lik -= q.shared.squares(k, m, q.PhiMean[k]) + q.Count[k]*q.Var[k]
		entropy += 0.5 * math.Log(2*math.Pi*math.E*q.Var[k])
	}
	return []Term{
		{"E ln p(μ)", prior},
		{"E ln p(c)", -n * math.Log(float64(len(q.Mean)))},
		{"E ln p(x|c,μ)", lik/(2*s2) - n/2*math.Log(2*math.Pi*s2)},
		{"H q(μ)", entropy},
		{"H q(c)", q.shared.entropy},
	}
}

// Responsibilities returns the K shares φ of a datum at x, as held: they sum to 1.
func (q GMMFactors) Responsibilities(x float64) []float64 {
	return shares(x, q.PhiMean, q.PhiVar, q.sigma)
}

// BestResponsibilities returns the K shares that a datum at x would get if q(c) moved now.
func (q GMMFactors) BestResponsibilities(x float64) []float64 {
	return shares(x, q.Mean, q.Var, q.sigma)
}

// Predictive returns the density of a new datum at x under q: (1/K) Σ_k N(x; m_k, σ² + s_k²).
func (q GMMFactors) Predictive(x float64) float64 {
	var p float64
	for k, m := range q.Mean {
		v := q.sigma*q.sigma + q.Var[k]
		p += math.Exp(-(x-m)*(x-m)/(2*v)) / math.Sqrt(2*math.Pi*v)
	}
	return p / float64(len(q.Mean))
}

// Density returns q(μ) at the K means mu: Π_k N(mu[k]; m_k, s_k²).
func (q GMMFactors) Density(mu []float64) float64 {
	if len(mu) != len(q.Mean) {
		panic(fmt.Sprintf("cavi: GMM: Density at %d means, want K = %d", len(mu), len(q.Mean)))
	}
	var ln float64
	for k, m := range q.Mean {
		ln -= (mu[k]-m)*(mu[k]-m)/(2*q.Var[k]) + 0.5*math.Log(2*math.Pi*q.Var[k])
	}
	return math.Exp(ln)
}
