package exact

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/model"
)

// NormalPosterior is the Normal-Gamma posterior of model.Normal:
//
//	τ ~ Gamma(A, rate B)        μ | τ ~ N(Mu, 1/(Lambda·τ))
//
// Lambda counts data: it is Lambda0 + n.
type NormalPosterior struct {
	Mu, Lambda, A, B float64
	LogEvidence      float64 // ln p(x) in nats
}

// Normal returns the posterior in closed form. It panics on fields that model.Normal.Check refuses.
//
//	μ_n = (λ₀μ₀ + n x̄)/(λ₀ + n)      λ_n = λ₀ + n      a_n = a₀ + n/2
//	b_n = b₀ + ½ Σ(x_i − x̄)² + λ₀ n (x̄ − μ₀)²/(2(λ₀ + n))
//	ln p(x) = ln Γ(a_n) − ln Γ(a₀) + a₀ ln b₀ − a_n ln b_n + ½ ln(λ₀/λ_n) − (n/2) ln 2π
//
// Source: Murphy, Conjugate Bayesian analysis of the Gaussian distribution (2007), §3.
func Normal(m model.Normal) NormalPosterior {
	if err := m.Check(); err != nil {
		panic("exact: " + err.Error())
	}
	n := float64(len(m.X))
	var mean, squares float64
	for _, x := range m.X {
		mean += x / n
	}
	for _, x := range m.X {
		squares += (x - mean) * (x - mean)
	}
	p := NormalPosterior{
		Mu:     (m.Lambda0*m.Mu0 + n*mean) / (m.Lambda0 + n),
		Lambda: m.Lambda0 + n,
		A:      m.A0 + n/2,
		B:      m.B0 + squares/2 + m.Lambda0*n*(mean-m.Mu0)*(mean-m.Mu0)/(2*(m.Lambda0+n)),
	}
	lgA0, _ := math.Lgamma(m.A0)
	lgA, _ := math.Lgamma(p.A)
	p.LogEvidence = lgA - lgA0 + m.A0*math.Log(m.B0) - p.A*math.Log(p.B) +
		0.5*math.Log(m.Lambda0/p.Lambda) - n/2*math.Log(2*math.Pi)
	if math.IsInf(p.LogEvidence, 0) || math.IsNaN(p.LogEvidence) {
		panic(fmt.Sprintf("exact: Normal: the log evidence is %v: the data or the prior are too large or too small for these units", p.LogEvidence))
	}
	return p
}

// LogDensity returns ln p(μ, τ | x) in nats; −∞ where tau ≤ 0.
func (p NormalPosterior) LogDensity(mu, tau float64) float64 {
	if !(tau > 0) {
		return math.Inf(-1)
	}
	given := distuv.Normal{Mu: p.Mu, Sigma: 1 / math.Sqrt(p.Lambda*tau)}
	return p.MarginalTau().LogProb(tau) + given.LogProb(mu)
}

// Density returns p(μ, τ | x), a density with respect to dμ dτ; 0 where tau ≤ 0.
func (p NormalPosterior) Density(mu, tau float64) float64 { return math.Exp(p.LogDensity(mu, tau)) }

// MarginalMu returns p(μ | x), a Student t with 2A degrees of freedom, centre Mu and scale √(B/(A·Lambda)).
//
// Source: Murphy (2007), §3.4.
func (p NormalPosterior) MarginalMu() distuv.StudentsT {
	return distuv.StudentsT{Mu: p.Mu, Sigma: math.Sqrt(p.B / (p.A * p.Lambda)), Nu: 2 * p.A}
}

// MarginalTau returns p(τ | x), a Gamma; distuv's Beta is the rate.
func (p NormalPosterior) MarginalTau() distuv.Gamma { return distuv.Gamma{Alpha: p.A, Beta: p.B} }

// Predictive returns p(x_new | x), a Student t with 2A degrees of freedom, centre Mu and scale
// √(B(Lambda + 1)/(A·Lambda)).
//
// Source: Murphy (2007), §3.6.
func (p NormalPosterior) Predictive() distuv.StudentsT {
	return distuv.StudentsT{Mu: p.Mu, Sigma: math.Sqrt(p.B * (p.Lambda + 1) / (p.A * p.Lambda)), Nu: 2 * p.A}
}
