package kl

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// WishartDist is a distribution of d×d precision matrices, with density proportional to
// |Λ|^((ν−d−1)/2) exp(−½ tr(W⁻¹Λ)) and mean νW (Bishop, PRML (2006), eq. B.78).
type WishartDist struct {
	W  *mat.SymDense // scale, d×d, positive definite
	Nu float64       // degrees of freedom ν > d − 1
}

// Wishart returns KL(q‖p) of two Wishart distributions in nats:
//
//	(ν_p/2)(ln|W_p| − ln|W_q|) + (ν_q/2)(tr(W_p⁻¹W_q) − d) + lnΓ_d(ν_p/2) − lnΓ_d(ν_q/2) + ((ν_q − ν_p)/2) ψ_d(ν_q/2)
//
// lnΓ_d is the multivariate lnΓ and ψ_d its derivative. In one dimension it is Gamma with shape ν/2 and rate
// 1/(2W). It panics on different dimensions, on a scale that is not positive definite, and on ν ≤ d − 1.
//
// Source: Penny (2001), eq. 12; Bishop, PRML (2006), eqs B.78–B.82.
func Wishart(q, p WishartDist) float64 {
	fq, fp := q.factored("Wishart: q"), p.factored("Wishart: p")
	d := len(fq.mean)
	if len(fp.mean) != d {
		panic("kl: Wishart: q.W is " + strconv.Itoa(d) + "×" + strconv.Itoa(d) + " and p.W " + strconv.Itoa(len(fp.mean)) + "×" + strconv.Itoa(len(fp.mean)) + ", want as large")
	}
	a, c := q.Nu/2, p.Nu/2
	// As in Gamma, the shapes' part is Σ B(c_i, a_i) with a_i = a − i/2, and what couples it to the scales is
	// (a − c) ln|W_p⁻¹W_q|.
	sum := a*spreadExcess(fq, fp, q.W, p.W) + (a-c)*2*(fq.logDet-fp.logDet)
	for i := range d {
		sum += lgammaExcess(c-float64(i)/2, a-float64(i)/2)
	}
	return math.Max(0, sum)
}

func (w WishartDist) factored(where string) factor {
	if w.W == nil {
		panic("kl: " + where + ": W is nil, want a scale matrix")
	}
	d := w.W.SymmetricDim()
	if !(w.Nu > float64(d-1)) || math.IsInf(w.Nu, 1) {
		panic("kl: " + where + ": Nu is " + number(w.Nu) + ", want a finite number above " + strconv.Itoa(d-1))
	}
	return Gaussian{Mean: make([]float64, d), Cov: w.W}.factored(where)
}
