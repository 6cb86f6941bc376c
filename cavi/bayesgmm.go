package cavi

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"elboroom/model"
)

// BayesGMM fits a mixture with unknown weights, means and precisions, model.BayesGMM, by
//
//	q(c, π, μ, Λ) = Π_i q(c_i) q(π) Π_k q(μ_k, Λ_k),    q(c_i = k) = φ_ik,    q(π) = Dirichlet(α),
//	q(μ_k, Λ_k) = N(μ_k; m_k, (β_k Λ_k)⁻¹) Wishart(Λ_k; W_k, ν_k);    in the updates N_k = Σ_i φ_ik
//
// A sweep is two half-steps: q(c), then q(π, μ, Λ), whose parts do not depend on each other given φ. With a small
// Alpha0 components die: their Count goes to 0 and they return to the prior. Local optima abound, and equal
// components stay equal: try several seeds, and keep the highest ELBO.
//
// Source: Bishop, PRML (2006), §10.2, with ν_k = ν₀ + N_k in eq. 10.63.
type BayesGMM struct {
	model.BayesGMM
	Init [][]float64 // starting responsibilities, n×K, rows that sum to 1; nil gives each datum to the nearest of K drawn ones
}

// BayesGMMFactors is a state of the fit. Its memory does not grow with the data: q(c) is held as the K·(1 + D + D²)
// numbers that it was last computed from, and as the sums over the data that the next half-step needs.
type BayesGMMFactors struct {
	Alpha []float64       // q(π), K
	Beta  []float64       // K
	Nu    []float64       // K
	M     [][]float64     // K×D
	W     []*mat.SymDense // K of D×D: E Λ_k = Nu[k]·W[k]
	Count []float64       // Σ_i φ_ik, the data that component k has; the counts sum to n

	shared scatter // the other sums over the data
	rule   rule    // how φ was computed
}

// Start returns q(π, μ, Λ) after one step from Init, or from K different data drawn without regard to their order,
// each datum given to the nearest in units of the columns' sds; and every φ_ik = 1/K.
func (m BayesGMM) Start(src rand.Source) BayesGMMFactors {
	m = m.checked()
	given := func(i int) []float64 { return m.Init[i] }
	if m.Init == nil {
		given = m.nearest(src.Uint64())
	}
	n, d := m.X.Dims()
	first := newScatter(m.K, d)
	for i := range n {
		for k, phi := range given(i) {
			first.add(k, phi, m.X.RawRowView(i), m.M0)
		}
	}
	q := BayesGMMFactors{rule: evenRule(m.K, m.M0)}
	q.shared = first
	q = m.moveTheta(q)
	return m.shareOut(q, q.rule, 1)
}

// checked returns the model with its defaults filled in, or panics with what is wrong.
func (m BayesGMM) checked() BayesGMM {
	if err := m.Check(); err != nil {
		panic("cavi: " + err.Error())
	}
	m.BayesGMM = m.Filled()
	n, _ := m.X.Dims()
	if m.Init != nil && len(m.Init) != n {
		panic(fmt.Sprintf("cavi: BayesGMM: Init has %d rows, want one for each of %d data", len(m.Init), n))
	}
	const slack = 1e-9 // of a row's sum
	for i, row := range m.Init {
		var total float64
		for _, r := range row {
			if !(r >= 0) {
				total = math.NaN()
			}
			total += r
		}
		if len(row) != m.K || !(math.Abs(total-1) <= slack) {
			panic(fmt.Sprintf("cavi: BayesGMM: Init[%d] is %v, want %d numbers of at least 0 that sum to 1", i, row, m.K))
		}
	}
	return m
}

// Updates returns the half-steps q(c) and q(π,μ,Λ).
func (m BayesGMM) Updates() []Update[BayesGMMFactors] {
	m.BayesGMM = m.Filled()
	return []Update[BayesGMMFactors]{
		{"q(c)", func(q BayesGMMFactors) BayesGMMFactors { return m.shareOut(q, m.ruleOf(q), 1) }},
		{"q(π,μ,Λ)", m.moveTheta},
	}
}

// Sweep does both half-steps in one pass over the data.
func (m BayesGMM) Sweep(q BayesGMMFactors, workers int) (BayesGMMFactors, float64) {
	m.BayesGMM = m.Filled()
	q = m.moveTheta(m.shareOut(q, m.ruleOf(q), workers))
	return q, m.ELBO(q)
}

// moveTheta sets α_k = α₀ + N_k, β_k = β₀ + N_k, ν_k = ν₀ + N_k, m_k = (β₀ m₀ + Σ_i φ_ik x_i)/β_k and W_k from its inverse
// (PRML eqs 10.57–10.63). With the sums taken around any centre that is
// W_k⁻¹ = W₀⁻¹ + Σ_i φ_ik (x_i − m_k)(x_i − m_k)ᵀ + β₀ (m_k − m₀)(m_k − m₀)ᵀ, which divides by no N_k.
func (m BayesGMM) moveTheta(q BayesGMMFactors) BayesGMMFactors {
	d := len(m.M0)
	inverse0 := inverted(m.W0)
	s := q.shared
	q.Count = s.count
	q.Alpha, q.Beta, q.Nu = make([]float64, m.K), make([]float64, m.K), make([]float64, m.K)
	q.M, q.W = make([][]float64, m.K), make([]*mat.SymDense, m.K)
	for k, n := range s.count {
		q.Alpha[k] = m.Alpha0 + n // 10.58
		q.Beta[k] = m.Beta0 + n   // 10.60
		q.Nu[k] = m.Nu0 + n       // 10.63
		q.M[k] = make([]float64, d)
		for j, c := range q.rule.centre[k] { // 10.61
			q.M[k][j] = c + (m.Beta0*(m.M0[j]-c)+s.dev[k][j])/q.Beta[k]
		}
		inverse := s.around(k, q.M[k], q.rule.centre[k])
		for a := range d {
			for b := range a + 1 { // 10.62
				v := inverse.At(a, b) + inverse0.At(a, b) + m.Beta0*(q.M[k][a]-m.M0[a])*(q.M[k][b]-m.M0[b])
				inverse.SetSym(a, b, v)
			}
		}
		q.W[k] = inverted(inverse)
	}
	return q
}

// ELBO returns the evidence lower bound at q in nats, the sum of m.Terms(q).
func (m BayesGMM) ELBO(q BayesGMMFactors) float64 { return sum(m.Terms(q)) }

// Terms returns the ELBO by name, in nats, for the φ held. E ln π_k = ψ(α_k) − ψ(Σα) and
// E ln|Λ_k| = Σ_j ψ((ν_k + 1 − j)/2) + D ln 2 + ln|W_k| (PRML eqs 10.65, 10.66).
func (m BayesGMM) Terms(q BayesGMMFactors) []Term {
	m.BayesGMM = m.Filled()
	d, kk := float64(len(m.M0)), float64(m.K)
	ln2Pi := math.Log(2 * math.Pi)
	inverse0 := inverted(m.W0)
	lnW0 := lnDet(m.W0)
	var lik, assign, mix, prior, mixH, paramH float64
	total := 0.0
	for _, a := range q.Alpha {
		total += a
	}
	mix = lnGamma(kk*m.Alpha0) - kk*lnGamma(m.Alpha0)
	mixH = -lnGamma(total)
	for k := range m.K {
		lnPi := psi(q.Alpha[k]) - psi(total)
		lnW := lnDet(q.W[k])
		lnLambda := expectedLnDet(q.Nu[k], lnW, len(m.M0))
		// 10.71, the scatter around m_k in one piece
		lik += 0.5*q.Count[k]*(lnLambda-d/q.Beta[k]-d*ln2Pi) -
			0.5*q.Nu[k]*traceOf(q.W[k], q.shared.around(k, q.M[k], q.rule.centre[k]))
		assign += q.Count[k] * lnPi  // 10.72
		mix += (m.Alpha0 - 1) * lnPi // 10.73
		prior += 0.5*(d*math.Log(m.Beta0)-d*ln2Pi+lnLambda-d*m.Beta0/q.Beta[k]-m.Beta0*q.Nu[k]*quadratic(q.W[k], q.M[k], m.M0)) +
			lnWishart(m.Nu0, lnW0, len(m.M0)) + 0.5*(m.Nu0-d-1)*lnLambda - 0.5*q.Nu[k]*traceOf(q.W[k], inverse0) // 10.74
		mixH += lnGamma(q.Alpha[k]) - (q.Alpha[k]-1)*lnPi // −10.76
		wishartH := -lnWishart(q.Nu[k], lnW, len(m.M0)) - 0.5*(q.Nu[k]-d-1)*lnLambda + 0.5*q.Nu[k]*d
		paramH += wishartH - 0.5*lnLambda - 0.5*d*(math.Log(q.Beta[k])-ln2Pi) + 0.5*d // −10.77
	}
	return []Term{
		{"E ln p(x|c,μ,Λ)", lik},
		{"E ln p(c|π)", assign},
		{"E ln p(π)", mix},
		{"E ln p(μ,Λ)", prior},
		{"H q(c)", q.shared.entropy},
		{"H q(π)", mixH},
		{"H q(μ,Λ)", paramH},
	}
}

// Responsibilities returns the K shares φ of a datum at x, as held: they sum to 1.
func (q BayesGMMFactors) Responsibilities(x []float64) []float64 {
	q.mustFit("Responsibilities", x)
	phi, room := make([]float64, len(q.Alpha)), make([]float64, len(x))
	q.rule.weigh(phi, make([]float64, len(phi)), x, room)
	return phi
}

// Weights returns E π.
func (q BayesGMMFactors) Weights() []float64 {
	var total float64
	for _, a := range q.Alpha {
		total += a
	}
	w := make([]float64, len(q.Alpha))
	for k, a := range q.Alpha {
		w[k] = a / total
	}
	return w
}

// Predictive returns the density of a new datum at x under q: a mixture of Student t with weights E π, degrees of
// freedom ν_k + 1 − D, centres m_k and precisions (ν_k + 1 − D) β_k/(1 + β_k) W_k.
//
// Source: PRML eqs 10.81, 10.82 and B.68.
func (q BayesGMMFactors) Predictive(x []float64) float64 {
	q.mustFit("Predictive", x)
	d := float64(len(x))
	var p float64
	for k, w := range q.Weights() {
		nu := q.Nu[k] + 1 - d
		scale := nu * q.Beta[k] / (1 + q.Beta[k])
		ln := lnGamma((nu+d)/2) - lnGamma(nu/2) + 0.5*(d*math.Log(scale)+lnDet(q.W[k])) - d/2*math.Log(nu*math.Pi) -
			(nu+d)/2*math.Log1p(scale*quadratic(q.W[k], x, q.M[k])/nu)
		p += w * math.Exp(ln)
	}
	return p
}

// mustFit panics unless x has as many numbers as a datum.
func (q BayesGMMFactors) mustFit(who string, x []float64) {
	if len(q.M) == 0 || len(x) != len(q.M[0]) {
		d := 0
		if len(q.M) > 0 {
			d = len(q.M[0])
		}
		panic(fmt.Sprintf("cavi: BayesGMM: %s at %d numbers, want D = %d", who, len(x), d))
	}
}
