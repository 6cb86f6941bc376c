package kl

import "gonum.org/v1/gonum/stat/distuv"

// Normal returns KL(q‖p) of two normal distributions in nats:
//
//	½[(σ_q/σ_p)² − 1 − ln(σ_q/σ_p)² + ((μ_q − μ_p)/σ_p)²]
//
// It is exact to rounding also where q and p nearly agree. It panics where a mean is not finite or an sd is
// not a finite number above 0.
//
// Source: Bishop, PRML (2006), exercise 1.30; for p = N(0,1) Kingma and Welling (2014), appendix B.
func Normal(q, p distuv.Normal) float64 {
	mustBeFinite("Normal", "q.Mu", q.Mu)
	mustBeFinite("Normal", "p.Mu", p.Mu)
	mustBePositive("Normal", "q.Sigma", q.Sigma)
	mustBePositive("Normal", "p.Sigma", p.Sigma)
	shift := (q.Mu - p.Mu) / p.Sigma
	return 0.5 * (squareExcess(q.Sigma, p.Sigma) + shift*shift)
}

// squareExcess returns h((a/b)²) for positive a and b without squaring either.
func squareExcess(a, b float64) float64 {
	d := (a - b) / b
	if d = d * (2 + d); d > -smallExcess && d < smallExcess {
		return excess(d)
	}
	return d - 2*logRatio(a, b)
}
