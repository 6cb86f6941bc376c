package rivals

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/model"
)

// Gibbs sampling draws each block of unknowns from its distribution given all others: where CAVI puts
// expectations, it puts draws. A sweep visits the blocks in order. Every move is taken.
//
// Source: Geman & Geman (1984); Gelfand & Smith (1990).

// GibbsGaussian samples N(mean, cov) one coordinate at a time: θ_i | rest ~ N(μ_i − Λ_ii⁻¹ Σ_j Λ_ij(θ_j − μ_j), 1/Λ_ii).
// With two coordinates of correlation ρ the lag-1 autocorrelation is ρ², the rate at which CAVI's staircase
// climbs, and the integrated autocorrelation time is (1 + ρ²)/(1 − ρ²). Starts are drawn twice as wide as cov.
//
// Source: Geman & Geman (1984); Roberts & Sahu (1997) for the rate.
func GibbsGaussian(mean []float64, cov *mat.SymDense, s Sampling) Chains {
	d := len(mean)
	if d == 0 || cov == nil || cov.SymmetricDim() != d {
		panic(fmt.Sprintf("rivals: GibbsGaussian: cov does not fit %d means, want %d×%d and at least 1", d, d, d))
	}
	for i, v := range mean {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			panic(fmt.Sprintf("rivals: GibbsGaussian: mean %d is %v, want a finite number", i, v))
		}
	}
	var chol mat.Cholesky
	lambda := mat.NewSymDense(d, nil)
	if !chol.Factorize(cov) || chol.InverseTo(lambda) != nil {
		panic("rivals: GibbsGaussian: cov is not positive definite, want a covariance matrix of full rank")
	}
	s = s.filled("GibbsGaussian", d)
	start := func(rng *rand.Rand) []float64 {
		out := make([]float64, d)
		for i := range out {
			out[i] = mean[i] + 2*math.Sqrt(cov.At(i, i))*rng.NormFloat64()
		}
		return out
	}
	return s.run("GibbsGaussian", start, func(int) walker {
		return func(state []float64, rng *rand.Rand) float64 {
			for i := range state {
				var pull float64
				for j := range state {
					if j != i {
						pull += lambda.At(i, j) * (state[j] - mean[j])
					}
				}
				state[i] = mean[i] - pull/lambda.At(i, i) + rng.NormFloat64()/math.Sqrt(lambda.At(i, i))
			}
			return 1
		}
	})
}

// GibbsNormal samples (μ, τ) of model.Normal: μ | τ ~ N(μ_n, 1/(λ_n τ)) with μ_n = (λ₀μ₀ + n x̄)/λ_n, λ_n = λ₀ + n,
// then τ | μ ~ Gamma(a₀ + (n + 1)/2, b₀ + ½ Σ(x_i − μ)² + ½ λ₀(μ − μ₀)²). Starts are a μ_n with a
// number drawn from the data's range in the place of x̄, and a τ drawn given that μ: the prior of τ, where it is vague,
// gives starts from which no chain comes back. It panics where a draw leaves the range of numbers.
//
// Source: Gelfand & Smith (1990); PRML eqs 10.21–10.23 for the joint density.
func GibbsNormal(m model.Normal, s Sampling) Chains {
	if err := m.Check(); err != nil {
		panic("rivals: " + err.Error())
	}
	s = s.filled("GibbsNormal", 2)
	for i, p := range s.Init {
		if !(p[1] > 0) {
			panic(fmt.Sprintf("rivals: GibbsNormal: Init[%d] has τ = %v, want a positive number", i, p[1]))
		}
	}
	n := float64(len(m.X))
	var mean, squares float64
	for _, x := range m.X {
		mean += x / n
	}
	for _, x := range m.X {
		squares += (x - mean) * (x - mean)
	}
	drawTau := func(mu float64, rng *rand.Rand) float64 {
		around := squares + n*(mean-mu)*(mean-mu)
		rate := m.B0 + 0.5*around + 0.5*m.Lambda0*(mu-m.Mu0)*(mu-m.Mu0)
		tau := distuv.Gamma{Alpha: m.A0 + (n+1)/2, Beta: rate, Src: rng}.Rand()
		if !(tau > 0) {
			return math.NaN() // underflow
		}
		return tau
	}
	low, high := slices.Min(m.X), slices.Max(m.X)
	start := func(rng *rand.Rand) []float64 {
		mu := (m.Lambda0*m.Mu0 + n*(low+(high-low)*rng.Float64())) / (m.Lambda0 + n)
		return []float64{mu, drawTau(mu, rng)}
	}
	return s.run("GibbsNormal", start, func(int) walker {
		return func(state []float64, rng *rand.Rand) float64 {
			lambda := m.Lambda0 + n
			state[0] = (m.Lambda0*m.Mu0+n*mean)/lambda + rng.NormFloat64()/math.Sqrt(lambda*state[1])
			state[1] = drawTau(state[0], rng)
			return 1
		}
	})
}

// GibbsGMM samples the means of model.GMM, with the assignments as steps in between: c_i | μ with probabilities
// ∝ exp(−(x_i − μ_k)²/(2σ²)), then μ_k | c ~ N of the data that it got and of its prior. Starts are different
// data, drawn by seed.
//
// The posterior does not change when the components are renamed, so a chain that runs long enough swaps them,
// and the average of "μ₁" tells nothing. Sorted gives names back. It panics where a draw leaves the range of numbers.
//
// Source: Diebolt & Robert (1994), here with known weights and noise.
func GibbsGMM(m model.GMM, s Sampling) Chains {
	if err := m.Check(); err != nil {
		panic("rivals: " + err.Error())
	}
	m = m.Filled()
	s = s.filled("GibbsGMM", m.K)
	start := func(rng *rand.Rand) []float64 {
		mu := make([]float64, m.K)
		for k := range mu {
			mu[k] = m.X[rng.IntN(len(m.X))]
		}
		return mu
	}
	// Counted from Mu0 in units of Sigma, no square under- or overflows before the posterior does.
	x, tau := make([]float64, len(m.X)), m.Tau0/m.Sigma
	for i, v := range m.X {
		x[i] = (v - m.Mu0) / m.Sigma
	}
	return s.run("GibbsGMM", start, func(int) walker {
		count, shift, weight, at := make([]float64, m.K), make([]float64, m.K), make([]float64, m.K), make([]float64, m.K)
		return func(mu []float64, rng *rand.Rand) float64 {
			for k, v := range mu {
				at[k] = (v - m.Mu0) / m.Sigma
			}
			clear(count)
			clear(shift)
			for _, x := range x {
				k := drawComponent(weight, x, at, rng)
				count[k]++
				shift[k] += x
			}
			for k := range mu {
				sd := tau / math.Hypot(1, tau*math.Sqrt(count[k]))
				mu[k] = m.Mu0 + m.Sigma*(sd*(sd*shift[k]+rng.NormFloat64()))
			}
			return 1
		}
	})
}

// drawComponent draws who made x, for components at the given places with noise of sd 1. The exponents are those of
// the nearest component's weight, and differences of squares are products, which lose nothing far away.
func drawComponent(weight []float64, x float64, at []float64, rng *rand.Rand) int {
	nearest := at[0]
	for _, v := range at {
		if math.Abs(x-v) < math.Abs(x-nearest) {
			nearest = v
		}
	}
	var total float64
	for k, v := range at {
		weight[k] = 1
		if v != nearest {
			weight[k] = math.Exp((v - nearest) * (x - nearest - 0.5*(v-nearest)))
		}
		total += weight[k]
	}
	u, last := total*rng.Float64(), 0
	for k, w := range weight {
		if w > 0 {
			last = k
		}
		if u -= w; u < 0 {
			return k
		}
	}
	return last
}

// Sorted returns the chains with each draw's numbers in ascending order: the means of a mixture under names that
// do not switch, "the lower" and "the upper". It is a summary of the posterior, not the posterior.
func Sorted(c Chains) Chains {
	draws := make([][][]float64, len(c.Draws))
	for i, chain := range c.Draws {
		draws[i] = make([][]float64, len(chain))
		for j, draw := range chain {
			draws[i][j] = append([]float64(nil), draw...)
			slices.Sort(draws[i][j])
		}
	}
	c.Draws = draws
	return c
}
