package model

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// Normal is a Gaussian whose mean and precision are both unknown.
//
//	τ ~ Gamma(A0, rate B0)        μ | τ ~ N(Mu0, 1/(Lambda0·τ))        x_i | μ, τ ~ N(μ, 1/τ)
//
// The prior of the mean is as wide as the noise divided by √Lambda0: Lambda0 counts the data that the prior is
// worth. No field has a default: a zero Lambda0, A0 or B0 is an improper prior, which has no evidence, and
// Check refuses it. To come close to "no prior knowledge" take all three small, such as 1e-3.
//
// Source: Bishop, PRML (2006), §10.1.3, eqs 10.21–10.23.
type Normal struct {
	X       []float64 // the data, n ≥ 1 finite numbers
	Mu0     float64   // prior mean of μ, in the units of X
	Lambda0 float64   // prior weight of Mu0, in data; positive
	A0      float64   // shape of the Gamma prior on τ; positive
	B0      float64   // rate of the Gamma prior on τ, in squared units of X; positive
}

// Check says in one sentence what is wrong with the fields, or returns nil.
func (m Normal) Check() error {
	if err := checkData("Normal", m.X); err != nil {
		return err
	}
	return m.checkPrior()
}

func (m Normal) checkPrior() error {
	if err := checkFinite("Normal", "Mu0", m.Mu0); err != nil {
		return err
	}
	if err := checkPositive("Normal", "Lambda0", m.Lambda0); err != nil {
		return err
	}
	if err := checkPositive("Normal", "A0", m.A0); err != nil {
		return err
	}
	return checkPositive("Normal", "B0", m.B0)
}

// LogProb returns ln p(x, μ, τ) in nats at theta = (μ, τ), a density with respect to dμ dτ; −∞ where τ ≤ 0.
// It panics unless theta has 2 numbers.
//
// Source: PRML eqs 10.21–10.23, with every constant.
func (m Normal) LogProb(theta []float64) float64 {
	if len(theta) != 2 {
		panic(fmt.Sprintf("model: Normal: LogProb at %d numbers, want 2, μ and τ", len(theta)))
	}
	mu, tau := theta[0], theta[1]
	if !(tau > 0) {
		return math.Inf(-1)
	}
	lnTau := math.Log(tau)
	var ss float64
	for _, x := range m.X {
		ss += (x - mu) * (x - mu)
	}
	n := float64(len(m.X))
	lgA0, _ := math.Lgamma(m.A0)
	lnLik := n/2*(lnTau-ln2Pi) - tau/2*ss                                                 // 10.21
	lnMu := 0.5*(math.Log(m.Lambda0)+lnTau-ln2Pi) - m.Lambda0*tau/2*(mu-m.Mu0)*(mu-m.Mu0) // 10.22
	lnTauPrior := m.A0*math.Log(m.B0) - lgA0 + (m.A0-1)*lnTau - m.B0*tau                  // 10.23
	return lnLik + lnMu + lnTauPrior
}

// Simulate draws n data from the whole story, the prior included, and returns them with the μ and τ that made
// them. It does not read X. It panics where the prior is not proper or n < 1.
func (m Normal) Simulate(n int, rng *rand.Rand) (x []float64, mu, tau float64) {
	if err := m.checkPrior(); err != nil {
		panic("model: " + err.Error())
	}
	tau = distuv.Gamma{Alpha: m.A0, Beta: m.B0, Src: rng}.Rand()
	mu = m.Mu0 + rng.NormFloat64()/math.Sqrt(m.Lambda0*tau)
	return SimulateNormal(n, mu, 1/math.Sqrt(tau), rng), mu, tau
}

// SimulateNormal draws n numbers from N(mu, sd²). It panics if n < 1 or sd is not positive.
func SimulateNormal(n int, mu, sd float64, rng *rand.Rand) []float64 {
	if n < 1 {
		panic("model: SimulateNormal: n is less than 1, want at least 1 datum")
	}
	if err := checkPositive("SimulateNormal", "sd", sd); err != nil {
		panic("model: " + err.Error())
	}
	if err := checkFinite("SimulateNormal", "mu", mu); err != nil {
		panic("model: " + err.Error())
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = mu + sd*rng.NormFloat64()
	}
	return x
}
