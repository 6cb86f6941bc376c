package cavi

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/model"
)

// Normal fits a Gaussian with unknown mean and precision, model.Normal, by
//
//	q(μ, τ) = q(μ) q(τ),    q(μ) = N(μ_n, 1/λ_n),    q(τ) = Gamma(a_n, b_n), b_n a rate: E[τ] = a_n/b_n
//
// The exact posterior is Normal-Gamma, in which the width of μ depends on τ; the factorised family cannot say
// that. At the fixed point E_q[τ] is the exact posterior mean, and q(μ) is narrower than the exact marginal:
// Var_q(μ) = (a − 1)/a of its variance, a = A0 + n/2.
//
// Source: Bishop, PRML (2006), §10.1.3, eqs 10.24–10.30.
type Normal struct {
	model.Normal
	Init NormalFactors // the start; the zero value draws one
}

// NormalFactors is a state: q(μ) = N(Mu, 1/Lambda) and q(τ) = Gamma(shape A, rate B).
type NormalFactors struct{ Mu, Lambda, A, B float64 }

// Start returns Init. Without one q(τ) starts at its prior, and q(μ) at what a single datum, drawn without
// regard to order, would make of its prior: precision (Lambda0 + 1)·E[τ].
func (m Normal) Start(src rand.Source) NormalFactors {
	if err := m.Check(); err != nil {
		panic("cavi: " + err.Error())
	}
	if m.Init != (NormalFactors{}) {
		q := m.Init
		for _, v := range []float64{q.Lambda, q.A, q.B} {
			if !(v > 0) || math.IsInf(v, 0) || math.IsNaN(q.Mu) || math.IsInf(q.Mu, 0) {
				panic(fmt.Sprintf("cavi: Normal: Init is %+v, want a finite Mu and positive finite Lambda, A, B", q))
			}
		}
		return q
	}
	datum := pickData(m.X, 1, src.Uint64())[0]
	return NormalFactors{
		Mu:     (m.Lambda0*m.Mu0 + datum) / (m.Lambda0 + 1),
		Lambda: (m.Lambda0 + 1) * m.A0 / m.B0,
		A:      m.A0,
		B:      m.B0,
	}
}

// Updates returns the half-steps q(μ) and q(τ).
func (m Normal) Updates() []Update[NormalFactors] {
	d := m.moments()
	return []Update[NormalFactors]{
		{"q(μ)", func(q NormalFactors) NormalFactors { return m.moveMu(q, d) }},
		{"q(τ)", func(q NormalFactors) NormalFactors { return m.moveTau(q, d) }},
	}
}

// moveMu sets μ_n = (λ₀μ₀ + n x̄)/(λ₀ + n) and λ_n = (λ₀ + n) E[τ] (PRML eqs 10.26, 10.27).
func (m Normal) moveMu(q NormalFactors, d moments) NormalFactors {
	q.Mu = (m.Lambda0*m.Mu0 + d.n*d.mean) / (m.Lambda0 + d.n) // 10.26
	q.Lambda = (m.Lambda0 + d.n) * q.A / q.B                  // 10.27
	return q
}

// moveTau sets a_n = a₀ + (n + 1)/2 and b_n = b₀ + ½ E[Σ_i (x_i − μ)² + λ₀ (μ − μ₀)²] (PRML eqs 10.29, 10.30). The shape
// gains (n + 1)/2, not n/2, because the prior of μ scales with τ.
func (m Normal) moveTau(q NormalFactors, d moments) NormalFactors {
	q.A = m.A0 + (d.n+1)/2                                    // 10.29
	q.B = m.B0 + 0.5*(d.around(q)+m.Lambda0*m.priorAround(q)) // 10.30
	return q
}

// ELBO returns the evidence lower bound at q in nats, the sum of m.Terms(q).
func (m Normal) ELBO(q NormalFactors) float64 { return sum(m.Terms(q)) }

// Terms returns the ELBO by name, in nats. E ln τ = ψ(A) − ln B, E τ = A/B.
//
//	E ln p(x|μ,τ)  (n/2)(E ln τ − ln 2π) − (E τ/2) E Σ(x_i − μ)²
//	E ln p(μ|τ)    ½(ln λ₀ + E ln τ − ln 2π) − (λ₀ E τ/2) E(μ − μ₀)²
//	E ln p(τ)      a₀ ln b₀ − ln Γ(a₀) + (a₀ − 1) E ln τ − b₀ E τ
//	H q(μ)         ½ ln(2πe/Lambda)
//	H q(τ)         A − ln B + ln Γ(A) + (1 − A) ψ(A)
func (m Normal) Terms(q NormalFactors) []Term {
	d := m.moments()
	tau, lnTau := q.A/q.B, psi(q.A)-math.Log(q.B)
	lgA0, _ := math.Lgamma(m.A0)
	lgA, _ := math.Lgamma(q.A)
	ln2Pi := math.Log(2 * math.Pi)
	return []Term{
		{"E ln p(x|μ,τ)", d.n/2*(lnTau-ln2Pi) - tau/2*d.around(q)},
		{"E ln p(μ|τ)", 0.5*(math.Log(m.Lambda0)+lnTau-ln2Pi) - m.Lambda0*tau/2*m.priorAround(q)},
		{"E ln p(τ)", m.A0*math.Log(m.B0) - lgA0 + (m.A0-1)*lnTau - m.B0*tau},
		{"H q(μ)", 0.5 * (ln2Pi + 1 - math.Log(q.Lambda))},
		{"H q(τ)", q.A - math.Log(q.B) + lgA + (1-q.A)*psi(q.A)},
	}
}

// Density returns q(μ) q(τ) at (mu, tau); 0 where tau ≤ 0.
func (q NormalFactors) Density(mu, tau float64) float64 {
	if !(tau > 0) {
		return 0
	}
	return q.MarginalMu().Prob(mu) * q.MarginalTau().Prob(tau)
}

// MarginalMu returns q(μ).
func (q NormalFactors) MarginalMu() distuv.Normal {
	return distuv.Normal{Mu: q.Mu, Sigma: 1 / math.Sqrt(q.Lambda)}
}

// MarginalTau returns q(τ); distuv's Beta is the rate.
func (q NormalFactors) MarginalTau() distuv.Gamma { return distuv.Gamma{Alpha: q.A, Beta: q.B} }

// moments are the data as the updates see them.
type moments struct{ n, mean, squares float64 } // squares: Σ(x_i − mean)²

func (m Normal) moments() moments {
	d := moments{n: float64(len(m.X))}
	for _, x := range m.X {
		d.mean += x / d.n
	}
	for _, x := range m.X {
		d.squares += (x - d.mean) * (x - d.mean)
	}
	return d
}

// around is E_q Σ(x_i − μ)².
func (d moments) around(q NormalFactors) float64 {
	return d.squares + d.n*((d.mean-q.Mu)*(d.mean-q.Mu)+1/q.Lambda)
}

// priorAround is E_q (μ − μ₀)².
func (m Normal) priorAround(q NormalFactors) float64 {
	return (q.Mu-m.Mu0)*(q.Mu-m.Mu0) + 1/q.Lambda
}
