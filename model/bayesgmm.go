package model

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// BayesGMM is a mixture of Gaussians in which everything is unknown: weights, means and precisions.
//
//	π ~ Dirichlet(Alpha0, …, Alpha0)        Λ_k ~ Wishart(W0, Nu0)        μ_k | Λ_k ~ N(M0, (Beta0 Λ_k)⁻¹)
//	c_i ~ Categorical(π)                    x_i | c, μ, Λ ~ N(μ_{c_i}, Λ_{c_i}⁻¹)
//
// The prior precision has the mean Nu0·W0. The defaults suit data whose columns have been brought to mean 0 and
// sd 1; others need their own M0 and W0. A small Alpha0 lets components that are not needed die.
//
// Source: Bishop, PRML (2006), §10.2, eqs 10.37–10.40.
type BayesGMM struct {
	X      *mat.Dense    // n×D, a row a datum
	K      int           // components at most; 0 means 2
	Alpha0 float64       // Dirichlet weight of each component, in data; 0 means 1
	Beta0  float64       // weight of M0, in data; 0 means 1
	Nu0    float64       // degrees of freedom of the Wishart, above D − 1; 0 means D
	M0     []float64     // D; nil means 0
	W0     *mat.SymDense // D×D, positive definite; nil means the identity
}

// Filled returns m with its zero values replaced by what they stand for.
func (m BayesGMM) Filled() BayesGMM {
	_, d := m.X.Dims()
	if m.K == 0 {
		m.K = 2
	}
	if m.Alpha0 == 0 {
		m.Alpha0 = 1
	}
	if m.Beta0 == 0 {
		m.Beta0 = 1
	}
	if m.Nu0 == 0 {
		m.Nu0 = float64(d)
	}
	if m.M0 == nil {
		m.M0 = make([]float64, d)
	}
	if m.W0 == nil {
		m.W0 = mat.NewSymDense(d, nil)
		for i := range d {
			m.W0.SetSym(i, i, 1)
		}
	}
	return m
}

// Check says in one sentence what is wrong with the fields, or returns nil.
func (m BayesGMM) Check() error {
	if m.X == nil || m.X.IsEmpty() {
		return fmt.Errorf("BayesGMM: X has 0 points, want at least 1")
	}
	n, d := m.X.Dims()
	for i := range n {
		for j, v := range m.X.RawRowView(i) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("BayesGMM: X[%d][%d] is %v, want a finite number", i, j, v)
			}
		}
	}
	if m.K < 0 {
		return fmt.Errorf("BayesGMM: K is %d, want at least 1, or 0 for 2", m.K)
	}
	m = m.Filled()
	if err := checkPositive("BayesGMM", "Alpha0", m.Alpha0); err != nil {
		return err
	}
	if err := checkPositive("BayesGMM", "Beta0", m.Beta0); err != nil {
		return err
	}
	if !(m.Nu0 > float64(d-1)) || math.IsInf(m.Nu0, 0) {
		return fmt.Errorf("BayesGMM: Nu0 is %v in %d dimensions, want a finite number above %d", m.Nu0, d, d-1)
	}
	if len(m.M0) != d {
		return fmt.Errorf("BayesGMM: M0 has %d numbers, want D = %d", len(m.M0), d)
	}
	for i, v := range m.M0 {
		if err := checkFinite("BayesGMM", fmt.Sprintf("M0[%d]", i), v); err != nil {
			return err
		}
	}
	if m.W0.SymmetricDim() != d {
		return fmt.Errorf("BayesGMM: W0 is %d×%d, want %d×%d", m.W0.SymmetricDim(), m.W0.SymmetricDim(), d, d)
	}
	var chol mat.Cholesky
	if !chol.Factorize(m.W0) {
		return fmt.Errorf("BayesGMM: W0 is not positive definite, want a scale matrix of full rank")
	}
	return nil
}

// LogProb returns ln p(x, π, μ, Λ) in nats, the assignments summed out: a density with respect to the first K − 1
// weights, the means, and the D(D+1)/2 free entries of each precision. It is −∞ where a weight is not positive or a
// precision is not positive definite. It panics unless there are K of each, in D dimensions.
//
// Source: PRML eqs 10.38–10.40, B.16 (Dirichlet) and B.78–B.79 (Wishart).
func (m BayesGMM) LogProb(weight []float64, mean [][]float64, precision []*mat.SymDense) float64 {
	m = m.Filled()
	if len(weight) != m.K || len(mean) != m.K || len(precision) != m.K {
		panic(fmt.Sprintf("model: BayesGMM: LogProb of %d weights, %d means and %d precisions, want K = %d of each",
			len(weight), len(mean), len(precision), m.K))
	}
	n, d := m.X.Dims()
	for k := range mean {
		if len(mean[k]) != d || precision[k] == nil || precision[k].SymmetricDim() != d {
			panic(fmt.Sprintf("model: BayesGMM: LogProb: component %d has no mean and precision in D = %d dimensions", k, d))
		}
	}
	dim := float64(d)
	var w0 mat.Cholesky
	w0.Factorize(m.W0)
	lnB := -m.Nu0/2*w0.LogDet() - m.Nu0*dim/2*math.Ln2 - dim*(dim-1)/4*math.Log(math.Pi)
	for i := range d {
		lnB -= lnGamma((m.Nu0 - float64(i)) / 2)
	}
	k := float64(m.K)
	ln := lnGamma(k*m.Alpha0) - k*lnGamma(m.Alpha0)
	half := make([]float64, m.K) // ½ ln|Λ_k|
	for c, lambda := range precision {
		var chol mat.Cholesky
		if !(weight[c] > 0) || !chol.Factorize(lambda) {
			return math.Inf(-1)
		}
		half[c] = chol.LogDet() / 2
		var ratio mat.Dense
		if err := w0.SolveTo(&ratio, lambda); err != nil {
			return math.NaN()
		}
		ln += (m.Alpha0 - 1) * math.Log(weight[c])
		ln += lnB + (m.Nu0-dim-1)*half[c] - mat.Trace(&ratio)/2
		ln += half[c] + dim/2*(math.Log(m.Beta0)-ln2Pi) - m.Beta0/2*form(lambda, mean[c], m.M0)
	}
	part := make([]float64, m.K)
	for i := range n {
		top, sum := math.Inf(-1), 0.0
		for c := range part {
			part[c] = math.Log(weight[c]) + half[c] - dim/2*ln2Pi - form(precision[c], m.X.RawRowView(i), mean[c])/2
			top = max(top, part[c])
		}
		for _, v := range part {
			sum += math.Exp(v - top)
		}
		ln += top + math.Log(sum)
	}
	return ln
}

// form is (a − b)ᵀ Λ (a − b).
func form(lambda *mat.SymDense, a, b []float64) float64 {
	var s float64
	for i := range a {
		for j := range a {
			s += (a[i] - b[i]) * lambda.At(i, j) * (a[j] - b[j])
		}
	}
	return s
}

func lnGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// Simulate draws n data from the whole story and returns them with their assignments, 0 … K−1. Of X it reads only
// how many columns it has. It panics on fields that Check refuses, and if n < 1.
func (m BayesGMM) Simulate(n int, rng *rand.Rand) (x *mat.Dense, c []int) {
	if err := m.Check(); err != nil {
		panic("model: " + err.Error())
	}
	if n < 1 {
		panic("model: BayesGMM: Simulate of less than 1 datum, want at least 1")
	}
	m = m.Filled()
	_, d := m.X.Dims()
	weight, total := make([]float64, m.K), 0.0
	mean, noise := make([][]float64, m.K), make([]*mat.TriDense, m.K)
	for k := range weight {
		weight[k] = distuv.Gamma{Alpha: m.Alpha0, Beta: 1, Src: rng}.Rand()
		total += weight[k]
		noise[k] = m.drawNoise(d, rng)
		mean[k] = shifted(m.M0, noise[k], 1/math.Sqrt(m.Beta0), rng)
	}
	x, c = mat.NewDense(n, d, nil), make([]int, n)
	for i := range c {
		u := total * rng.Float64()
		for c[i] = 0; c[i] < m.K-1 && u >= weight[c[i]]; c[i]++ {
			u -= weight[c[i]]
		}
		x.SetRow(i, shifted(mean[c[i]], noise[c[i]], 1, rng))
	}
	return x, c
}

// drawNoise draws Λ ~ Wishart(W0, Nu0) by Bartlett's decomposition, Λ = (LA)(LA)ᵀ with W0 = LLᵀ, and returns
// (LA)⁻ᵀ: times standard normal numbers it gives noise of precision Λ.
func (m BayesGMM) drawNoise(d int, rng *rand.Rand) *mat.TriDense {
	a := mat.NewTriDense(d, mat.Lower, nil)
	for i := range d {
		a.SetTri(i, i, math.Sqrt(distuv.ChiSquared{K: m.Nu0 - float64(i), Src: rng}.Rand()))
		for j := range i {
			a.SetTri(i, j, rng.NormFloat64())
		}
	}
	var chol mat.Cholesky
	chol.Factorize(m.W0)
	var l, la, inverse mat.TriDense
	chol.LTo(&l)
	la.MulTri(&l, a)
	if err := inverse.InverseTri(&la); err != nil {
		panic("model: BayesGMM: a drawn precision is singular; Nu0 is too close to D − 1 to simulate from")
	}
	out := mat.NewTriDense(d, mat.Upper, nil)
	for i := range d {
		for j := range i + 1 {
			out.SetTri(j, i, inverse.At(i, j))
		}
	}
	return out
}

// shifted returns centre + scale·noise·z, z standard normal.
func shifted(centre []float64, noise *mat.TriDense, scale float64, rng *rand.Rand) []float64 {
	out, z := append([]float64(nil), centre...), make([]float64, len(centre))
	for i := range z {
		z[i] = rng.NormFloat64()
	}
	for i := range out {
		for j := i; j < len(z); j++ {
			out[i] += scale * noise.At(i, j) * z[j]
		}
	}
	return out
}
