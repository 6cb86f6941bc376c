package kl

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// MvNormal returns KL(q‖p) of two Gaussians in d dimensions in nats:
//
//	½[ln(|S_p|/|S_q|) + tr(S_p⁻¹S_q) − d + (m_p − m_q)ᵀ S_p⁻¹ (m_p − m_q)]
//
// computed through the eigenvalues of S_p⁻¹S_q where the two are near each other, so that nothing cancels.
// It panics on different dimensions, on a mean that is not finite, and on a covariance that is not positive
// definite.
//
// Source: Duchi, Derivations for linear algebra and optimization (2007), §9; Bishop, PRML (2006), exercise 2.13.
func MvNormal(q, p Gaussian) float64 {
	fq, fp := q.factored("MvNormal: q"), p.factored("MvNormal: p")
	if q.Dim() != p.Dim() {
		panic("kl: MvNormal: q has " + strconv.Itoa(q.Dim()) + " dimensions and p " + strconv.Itoa(p.Dim()) + ", want as many")
	}
	shift := make([]float64, q.Dim())
	for i := range shift {
		shift[i] = q.Mean[i] - p.Mean[i]
	}
	fp.solve(shift)
	sum := spreadExcess(fq, fp, q.Cov, p.Cov)
	for _, v := range shift {
		sum += v * v
	}
	return sum / 2
}

// spreadExcess returns tr(P⁻¹Q) − d − ln|P⁻¹Q| = Σ h(λ_i), λ the eigenvalues of P⁻¹Q, for covariances Q and
// P with the factors fq and fp.
func spreadExcess(fq, fp factor, q, p *mat.SymDense) float64 {
	d := q.SymmetricDim()
	// E = low_p⁻¹ (Q − P) low_p⁻ᵀ has the eigenvalues λ_i − 1.
	e := make([]float64, d*d)
	for j := range d {
		col := make([]float64, d)
		for i := range d {
			col[i] = q.At(i, j) - p.At(i, j)
		}
		fp.solve(col)
		for i := range d {
			e[j*d+i] = col[i] // row j holds (low_p⁻¹(Q − P)) column j: the transpose
		}
	}
	sym := mat.NewSymDense(d, nil)
	for i := range d {
		row := make([]float64, d)
		for j := range d {
			row[j] = e[j*d+i]
		}
		fp.solve(row)
		for j := i; j < d; j++ {
			sym.SetSym(i, j, row[j])
		}
	}
	if mat.Norm(sym, math.Inf(1)) < smallExcess {
		var eig mat.EigenSym
		if eig.Factorize(sym, false) {
			var sum float64
			for _, v := range eig.Values(nil) {
				sum += excess(v)
			}
			return sum
		}
	}
	// Far apart: the trace as a sum of squares, the determinants from the factors.
	var trace float64
	for j := range d {
		col := make([]float64, d)
		for i := j; i < d; i++ {
			col[i] = fq.low[i*d+j]
		}
		fp.solve(col)
		for _, v := range col {
			trace += v * v
		}
	}
	return max(0, trace-float64(d)-2*(fq.logDet-fp.logDet))
}
