package kl

import (
	"math"
)

// What a fit needs to know of a target p at a Gaussian q is, with f = ln p and z = L⁻¹(x − m),
//
//	E f,   E ∇f,   E ∇f zᵀ
//
// the gradients being with respect to x. Up to two dimensions no gradient of f is asked for: by Stein's
// lemma E ∇f = L⁻ᵀ E[f z] and E ∇f zᵀ = L⁻ᵀ E[f (zzᵀ − 1)] (Bonnet's and Price's theorems: Rezende,
// Mohamed and Wierstra, ICML 2014, eqs 7–8), and both are integrals over z that a quadrature does to
// rounding. Above, E is the mean over fixed draws.

// expectation is what was found at one q.
type expectation struct {
	f      float64   // E f; −Inf when p is 0 on some of q's mass
	abs    float64   // E |f − f(m)|, the size that errors are relative to
	slope  []float64 // d, Lᵀ E ∇f: the gradient along z
	spread []float64 // d×d, Lᵀ E[∇f zᵀ]: the gradient along z in which L grows to L(1 + ε)
	err    float64   // estimated error of f: of the quadrature, or a standard error
	bad    string    // one sentence when f was NaN or +Inf somewhere
}

// expecter evaluates expectations of one target. It remembers which rule a hard target needed.
type expecter struct {
	p     Target
	hard  bool        // the trapezoid rule was not enough
	finer int         // times finer than usual its first grid is; 0 means 1
	fine  []needle    // peaks of a 1-D target, which a rule must not step over
	base  [][]float64 // fixed draws z above two dimensions
	grad  func(dst, x []float64)
}

// Named constants of the quadrature over z.
const (
	quadDim    = 2     // dimensions done by quadrature
	zReach     = 9.0   // |z| beyond which N(0, 1) leaves 1e−18
	zFarthest  = 36.0  // |z| at which the density is about to underflow
	zTol       = 1e-11 // wanted agreement of two trapezoid rules, relative to 1 + E|f − f(m)|
	hardEvals1 = 60_000
	hardEvals2 = 400_000
)

// newExpecter prepares p, to be looked at from near; draws are made only above two dimensions.
func newExpecter(p Target, near factor, seed uint64) *expecter {
	e := &expecter{p: frozen(p)}
	d := len(near.mean)
	if d == 1 {
		e.fine = needles(p, e.p, near)
	}
	if d > quadDim {
		e.base = baseDraws(d, seed)
		e.grad = gradient(p, e.p)
	}
	return e
}

// at returns the expectation at the Gaussian with the given factor.
func (e *expecter) at(q factor) expectation {
	if len(q.mean) > quadDim {
		return e.drawn(q)
	}
	if !e.hard && !e.stepsOver(q) {
		if r, ok := e.trapezoid(q); ok {
			return r
		}
		e.hard = true
	}
	return e.adaptive(q)
}

// stepsOver reports whether a peak of p is so narrow beside q that an even grid could miss it.
func (e *expecter) stepsOver(q factor) bool {
	const narrow = 0.15 // of q's sd; the grid's first spacing is 1/16
	for _, n := range e.fine {
		if n.width < narrow*q.low[0] && math.Abs(n.at-q.mean[0]) < zReach*q.low[0] {
			return true
		}
	}
	return false
}

// seesAll reports whether a grid four times finer tells the same as the one in use. Where it does not, two
// grids had agreed by both missing something, and the finer one is used from then on.
func (e *expecter) seesAll(q factor) bool {
	if _, quadratic := e.p.(factor); quadratic || e.hard || len(q.mean) > quadDim || e.finer > 1 || e.stepsOver(q) {
		return true
	}
	usual, _ := e.trapezoid(q)
	e.finer = 4
	fine, ok := e.trapezoid(q)
	if ok && math.Abs(usual.f-fine.f) <= 10*(usual.err+fine.err)+10*zTol*(1+fine.abs) {
		e.finer = 1
		return true
	}
	e.hard = !ok
	return false
}
