package rivals

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
)

// EM climbs the log likelihood of a mixture of Gaussians whose weights, means and full covariances are all free,
// in any dimension (a column serves 1-D). It has no prior: it returns a point, not a posterior of it, and its
// responsibilities are exact given that point. In terms of VI, q(θ) is a point mass and q(c) is exact.
//
//	E: r_ik ∝ π_k N(x_i; m_k, S_k)        M: N_k = Σ_i r_ik,  π_k = N_k/n,  m_k = Σ_i r_ik x_i/N_k,
//	                                         S_k = Σ_i r_ik (x_i − m_k)(x_i − m_k)ᵀ/N_k
//
// The likelihood has no maximum: a component on one datum can have any density. A component that collapses, or
// that runs out of data, ends the fit as Broken with a Reason; another start may do better.
//
// Source: Dempster, Laird & Rubin (1977); Bishop, PRML (2006), §9.2.2, eqs 9.23–9.28.
type EM struct {
	X    *mat.Dense  // n×D, a row a datum
	K    int         // components, 1 … n
	Init [][]float64 // starting responsibilities, n×K, rows that sum to 1; nil draws K data as means
}

// EMFactors is the point that EM is at.
type EMFactors struct {
	Weight []float64       // π_k, K
	Mean   [][]float64     // K×D
	Cov    []*mat.SymDense // K of D×D
}

// collapsed is the variance, in units of the data's own, below which a component is taken to have collapsed.
const collapsed = 1e-10

// Fit runs EM; the objective is the log likelihood in nats. Converged means that a sweep gained less than Tol.
func (m EM) Fit(s fit.Settings) fit.Trace[EMFactors] {
	s = s.Filled()
	m.check()
	e := newExpectation(m.X, m.K)
	q := m.start(s.Seed, e)
	return climb("log likelihood", "EM", q, s, func(q EMFactors) (EMFactors, float64, string) {
		value, broken := e.shareOut(q)
		if broken != "" {
			return q, value, broken
		}
		return e.refit(), value, ""
	})
}

// start is the point after a first M step from Init, or K data as means with the covariance of all data.
func (m EM) start(seed uint64, e *expectation) EMFactors {
	if m.Init != nil {
		for i, row := range m.Init {
			copy(e.r[i], row)
		}
		return e.refit()
	}
	for i := range e.r {
		for k := range e.r[i] {
			e.r[i][k] = 1 / float64(m.K)
		}
	}
	q := e.refit()
	rng := rand.New(rand.NewPCG(seed, uint64(m.K)))
	for k, i := range rng.Perm(len(e.x))[:m.K] {
		copy(q.Mean[k], e.x[i])
	}
	return q
}

func (m EM) check() {
	if m.X == nil || m.X.IsEmpty() {
		panic("rivals: EM: X has 0 points, want at least 1")
	}
	n, d := m.X.Dims()
	if m.K < 1 || m.K > n {
		panic(fmt.Sprintf("rivals: EM: K is %d with %d data, want 1 … %d", m.K, n, n))
	}
	for i := range n {
		for j := range d {
			if v := m.X.At(i, j); math.IsNaN(v) || math.IsInf(v, 0) {
				panic(fmt.Sprintf("rivals: EM: X[%d][%d] is %v, want a finite number", i, j, v))
			}
		}
	}
	if m.Init != nil && len(m.Init) != n {
		panic(fmt.Sprintf("rivals: EM: Init has %d rows, want one for each of %d data", len(m.Init), n))
	}
	const slack = 1e-9 // of a row's sum
	for i, row := range m.Init {
		var sum float64
		for _, r := range row {
			if !(r >= 0) {
				sum = math.NaN()
			}
			sum += r
		}
		if len(row) != m.K || !(math.Abs(sum-1) <= slack) {
			panic(fmt.Sprintf("rivals: EM: Init[%d] is %v, want %d numbers of at least 0 that sum to 1", i, row, m.K))
		}
	}
}

// Responsibilities returns the probabilities of the K components for a datum at x.
func (q EMFactors) Responsibilities(x []float64) []float64 {
	r, _ := q.shares(x)
	return r
}

// Density returns the density of the mixture at x.
func (q EMFactors) Density(x []float64) float64 {
	_, ln := q.shares(x)
	return math.Exp(ln)
}

func (q EMFactors) shares(x []float64) (r []float64, ln float64) {
	r = make([]float64, len(q.Weight))
	room := make([]float64, len(x))
	for k := range r {
		g, ok := factor(q.Cov[k])
		if !ok {
			panic(fmt.Sprintf("rivals: EMFactors: Cov[%d] is not positive definite", k))
		}
		r[k] = math.Log(q.Weight[k]) + g.logProb(x, q.Mean[k], room)
	}
	return r, normalise(r)
}

// climb runs a sweep over and over. The sweep returns the next state, the objective at the state it was given,
// and what is wrong with that state, if anything.
func climb[Q any](objective, who string, q Q, s fit.Settings, sweep func(Q) (Q, float64, string)) fit.Trace[Q] {
	tr := fit.Trace[Q]{Objective: objective, Status: fit.OutOfSweeps}
	for n := 0; ; n++ {
		next, value, broken := sweep(q)
		if broken == "" && (math.IsNaN(value) || math.IsInf(value, 0)) {
			broken = fmt.Sprintf("the %s is %v", objective, value)
		}
		if broken != "" {
			tr.Status, tr.Reason = fit.Broken, fmt.Sprintf("rivals: %s: %s in sweep %d", who, broken, n)
			if n == 0 {
				tr.Steps = append(tr.Steps, fit.Step[Q]{Value: value, Q: q})
			}
			return tr
		}
		gain := math.Inf(1)
		if n > 0 {
			gain = value - tr.Last().Value
		}
		if s.Keep == fit.LastOnly {
			tr.Steps = tr.Steps[:0]
		}
		tr.Steps = append(tr.Steps, fit.Step[Q]{Sweep: n, Value: value, Q: q})
		if gain < s.Tol && s.Tol > 0 {
			tr.Status = fit.Converged
			return tr
		}
		if n == s.Sweeps {
			return tr
		}
		q = next
	}
}
