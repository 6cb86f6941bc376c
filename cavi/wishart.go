package cavi

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// expectedLnDet is E ln|Λ| of a Wishart with ν degrees of freedom and ln|W| in d dimensions (PRML eq. B.81).
func expectedLnDet(nu, lnW float64, d int) float64 {
	v := float64(d)*math.Ln2 + lnW
	for i := range d {
		v += psi((nu - float64(i)) / 2)
	}
	return v
}

// lnWishart is ln B(W, ν), the normaliser of a Wishart (PRML eq. B.79).
func lnWishart(nu, lnW float64, d int) float64 {
	dim := float64(d)
	v := -nu/2*lnW - nu*dim/2*math.Ln2 - dim*(dim-1)/4*math.Log(math.Pi)
	for i := range d {
		v -= lnGamma((nu - float64(i)) / 2)
	}
	return v
}

// inverted returns the inverse of a positive definite matrix, and one of NaN where it has none.
func inverted(a *mat.SymDense) *mat.SymDense {
	d := a.SymmetricDim()
	out := mat.NewSymDense(d, nil)
	var chol mat.Cholesky
	if !chol.Factorize(a) || chol.InverseTo(out) != nil {
		for i := range d {
			for j := range i + 1 {
				out.SetSym(i, j, math.NaN())
			}
		}
	}
	return out
}

// lnDet is ln|a|, NaN where a is not positive definite.
func lnDet(a *mat.SymDense) float64 {
	var chol mat.Cholesky
	if !chol.Factorize(a) {
		return math.NaN()
	}
	return chol.LogDet()
}

// traceOf is Tr(ab) of two symmetric matrices.
func traceOf(a, b *mat.SymDense) float64 {
	var s float64
	for i := range a.SymmetricDim() {
		for j := range a.SymmetricDim() {
			s += a.At(i, j) * b.At(i, j)
		}
	}
	return s
}

// quadratic is (x − m)ᵀ a (x − m).
func quadratic(a *mat.SymDense, x, m []float64) float64 {
	var s float64
	for i := range x {
		for j := range x {
			s += (x[i] - m[i]) * a.At(i, j) * (x[j] - m[j])
		}
	}
	return s
}

func lnGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
