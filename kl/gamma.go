package kl

import "gonum.org/v1/gonum/stat/distuv"

// Gamma returns KL(q‖p) of two gamma distributions (Alpha is the shape, Beta the rate) in nats:
//
//	(a − c)ψ(a) − lnΓ(a) + lnΓ(c) + c ln(b/d) + a(d − b)/b,  q = Ga(a, b), p = Ga(c, d)
//
// computed as c·h(ad/(bc)) + ½h(c/a) + the rest of lnΓ, h(r) = r − 1 − ln r, each ≥ 0. It panics where a
// shape or a rate is not a finite number above 0.
//
// Source: Penny, KL-divergences of Normal, Gamma, Dirichlet and Wishart densities (2001), eq. 5.
func Gamma(q, p distuv.Gamma) float64 {
	mustBePositive("Gamma", "q.Alpha", q.Alpha)
	mustBePositive("Gamma", "q.Beta", q.Beta)
	mustBePositive("Gamma", "p.Alpha", p.Alpha)
	mustBePositive("Gamma", "p.Beta", p.Beta)
	a, b, c, d := q.Alpha, q.Beta, p.Alpha, p.Beta
	return c*crossExcess(a, d, b, c) + shapeExcess(c, a)
}

// Exponential returns KL(q‖p) of two exponential distributions with rates b and d in nats:
//
//	d/b − 1 − ln(d/b)
//
// It panics where a rate is not a finite number above 0. Source: Gamma with both shapes 1.
func Exponential(q, p distuv.Exponential) float64 {
	mustBePositive("Exponential", "q.Rate", q.Rate)
	mustBePositive("Exponential", "p.Rate", p.Rate)
	return ratioExcess(p.Rate, q.Rate)
}
