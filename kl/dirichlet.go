package kl

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"
)

// Dirichlet returns KL(q‖p) of two Dirichlet distributions with concentrations alphaQ and alphaP in nats:
//
//	lnΓ(a₀) − Σ lnΓ(a_i) − lnΓ(c₀) + Σ lnΓ(c_i) + Σ (a_i − c_i)(ψ(a_i) − ψ(a₀)),  a = alphaQ, c = alphaP, a₀ = Σ a_i
//
// computed as Σ B(c_i, a_i) − B(c₀, a₀), B the Bregman divergence of lnΓ, of which the leading terms
// together are c₀ times the KL between the two means. It panics on different lengths, on fewer than 2
// entries, and where an entry is not a finite number above 0.
//
// Source: Penny (2001), eq. 8.
func Dirichlet(alphaQ, alphaP []float64) float64 {
	if len(alphaQ) != len(alphaP) {
		panic("kl: Dirichlet: alphaQ has " + strconv.Itoa(len(alphaQ)) + " entries and alphaP " + strconv.Itoa(len(alphaP)) + ", want as many")
	}
	if len(alphaQ) < 2 {
		panic("kl: Dirichlet: alphaQ has " + strconv.Itoa(len(alphaQ)) + " entries, want at least 2")
	}
	var a0, c0 float64
	for i := range alphaQ {
		mustBePositive("Dirichlet", "alphaQ["+strconv.Itoa(i)+"]", alphaQ[i])
		mustBePositive("Dirichlet", "alphaP["+strconv.Itoa(i)+"]", alphaP[i])
		a0 += alphaQ[i]
		c0 += alphaP[i]
	}
	var means, shapes float64
	for i, a := range alphaQ {
		c := alphaP[i]
		means += c * crossExcess(a, c0, a0, c)
		shapes += shapeExcess(c, a)
	}
	if math.IsInf(shapes, 1) {
		return shapes
	}
	// The shapes' sum can fall below shapeExcess(c₀, a₀) by rounding alone.
	return means + max(0, shapes-shapeExcess(c0, a0))
}

// Beta returns KL(q‖p) of two beta distributions in nats, which is the Dirichlet's with two entries.
// It panics where a shape is not a finite number above 0.
//
// Source: Dirichlet; Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), ch. 25.
func Beta(q, p distuv.Beta) float64 {
	mustBePositive("Beta", "q.Alpha", q.Alpha)
	mustBePositive("Beta", "q.Beta", q.Beta)
	mustBePositive("Beta", "p.Alpha", p.Alpha)
	mustBePositive("Beta", "p.Beta", p.Beta)
	return Dirichlet([]float64{q.Alpha, q.Beta}, []float64{p.Alpha, p.Beta})
}
