package cavi

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"gonum.org/v1/gonum/mat"

	"elboroom/kl"
)

// Gaussian fits a correlated Gaussian p(θ) = N(μ, Σ), Λ = Σ⁻¹, by independent coordinates: the staircase.
//
//	q(θ) = Π_i q(θ_i),    q(θ_i) = N(m_i, v_i)
//
// The optimum has the right means and the variances 1/Λ_ii, the conditional ones: never wider than the marginal
// Σ_ii. With two coordinates of correlation ρ the error of the means shrinks by ρ² a sweep, the ELBO's by ρ⁴.
// The target is normalised, so the ELBO is −KL(q‖p).
//
// Source: Bishop, PRML (2006), §10.1.2, eqs 10.10–10.15.
type Gaussian struct {
	Target kl.Gaussian
	Init   []float64 // starting means, d of them; nil draws them twice as far out as the target is wide
}

// GaussianFactors is a state: q(θ_i) = N(Mean[i], Var[i]).
type GaussianFactors struct{ Mean, Var []float64 }

// Start returns the means of Init, or drawn ones, and the variances 1/Λ_ii: these do not depend on the means, so
// only the means have to climb.
func (m Gaussian) Start(src rand.Source) GaussianFactors {
	lambda, _ := m.precision()
	d := len(m.Target.Mean)
	q := GaussianFactors{Mean: append([]float64(nil), m.Init...), Var: make([]float64, d)}
	if m.Init == nil {
		rng := rand.New(src)
		for i, mu := range m.Target.Mean {
			q.Mean = append(q.Mean, mu+2*math.Sqrt(m.Target.Cov.At(i, i))*rng.NormFloat64())
		}
	}
	for i := range q.Var {
		q.Var[i] = 1 / lambda.At(i, i)
	}
	return q
}

// precision checks the fields and returns Λ and ln|Λ|. It panics with what is wrong.
func (m Gaussian) precision() (*mat.SymDense, float64) {
	d := len(m.Target.Mean)
	if d == 0 {
		panic("cavi: Gaussian: Target.Mean has 0 entries, want at least 1")
	}
	if m.Target.Cov == nil || m.Target.Cov.SymmetricDim() != d {
		panic(fmt.Sprintf("cavi: Gaussian: Target.Cov does not fit %d means, want %d×%d", d, d, d))
	}
	if m.Init != nil && len(m.Init) != d {
		panic(fmt.Sprintf("cavi: Gaussian: Init has %d means, want %d", len(m.Init), d))
	}
	for _, s := range [][]float64{m.Target.Mean, m.Init} {
		for i, v := range s {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				panic(fmt.Sprintf("cavi: Gaussian: mean %d is %v, want a finite number", i, v))
			}
		}
	}
	var chol mat.Cholesky
	lambda := mat.NewSymDense(d, nil)
	if !chol.Factorize(m.Target.Cov) || chol.InverseTo(lambda) != nil {
		panic("cavi: Gaussian: Target.Cov is not positive definite, want a covariance matrix of full rank")
	}
	return lambda, -chol.LogDet()
}

// Updates returns one half-step a coordinate: q(θ₁), q(θ₂), …
func (m Gaussian) Updates() []Update[GaussianFactors] {
	lambda, _ := m.precision()
	updates := make([]Update[GaussianFactors], len(m.Target.Mean))
	for i := range updates {
		updates[i] = Update[GaussianFactors]{"q(θ" + subscript(i+1) + ")", func(q GaussianFactors) GaussianFactors {
			return m.move(q, lambda, i)
		}}
	}
	return updates
}

// move sets m_i = μ_i − Λ_ii⁻¹ Σ_j≠i Λ_ij (m_j − μ_j) and v_i = 1/Λ_ii (PRML eqs 10.12, 10.13).
func (m Gaussian) move(q GaussianFactors, lambda *mat.SymDense, i int) GaussianFactors {
	mu := m.Target.Mean
	var pull float64
	for j := range mu {
		if j != i {
			pull += lambda.At(i, j) * (q.Mean[j] - mu[j])
		}
	}
	q.Mean, q.Var = append([]float64(nil), q.Mean...), append([]float64(nil), q.Var...)
	q.Mean[i] = mu[i] - pull/lambda.At(i, i)
	q.Var[i] = 1 / lambda.At(i, i)
	return q
}

// ELBO returns E_q ln p(θ) + H q(θ) = −KL(q‖p) in nats, the sum of m.Terms(q).
func (m Gaussian) ELBO(q GaussianFactors) float64 { return sum(m.Terms(q)) }

// Terms returns the ELBO by name, in nats:
//
//	E ln p(θ)  ½ ln|Λ| − (d/2) ln 2π − ½ (m − μ)ᵀΛ(m − μ) − ½ Σ_i Λ_ii v_i
//	H q(θ)     Σ_i ½ ln 2πe v_i
func (m Gaussian) Terms(q GaussianFactors) []Term {
	lambda, lnDet := m.precision()
	mu := m.Target.Mean
	var square, entropy float64
	for i := range mu {
		for j := range mu {
			square += lambda.At(i, j) * (q.Mean[i] - mu[i]) * (q.Mean[j] - mu[j])
		}
		square += lambda.At(i, i) * q.Var[i]
		entropy += 0.5 * math.Log(2*math.Pi*math.E*q.Var[i])
	}
	return []Term{
		{"E ln p(θ)", 0.5*lnDet - float64(len(mu))/2*math.Log(2*math.Pi) - 0.5*square},
		{"H q(θ)", entropy},
	}
}

// Gaussian returns q as a Gaussian with a diagonal covariance, for its ellipses and divergences.
func (q GaussianFactors) Gaussian() kl.Gaussian {
	cov := mat.NewSymDense(len(q.Var), nil)
	for i, v := range q.Var {
		cov.SetSym(i, i, v)
	}
	return kl.Gaussian{Mean: append([]float64(nil), q.Mean...), Cov: cov}
}

// subscript writes i in subscript digits.
func subscript(i int) string {
	return strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈",
		"9", "₉").Replace(fmt.Sprint(i))
}
