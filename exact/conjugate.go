package exact

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Conjugate pairs, a prior and the likelihood that keeps its form: the posterior is the prior with other numbers.
// Each posterior holds its distribution, with gonum's Prob, Mean, Quantile and Rand. Log evidences are of the data in
// their order, in nats. Source: Murphy, Machine learning: a probabilistic perspective (2012), ch. 3, and
// Gelman et al., Bayesian data analysis, 3rd ed. (2013), ch. 2. Normal is the fifth pair.

// BetaPosterior is the posterior of a coin's probability of heads.
type BetaPosterior struct {
	Posterior   distuv.Beta
	LogEvidence float64
}

// BetaBernoulli returns the posterior after heads out of n tosses, x_i ~ Bernoulli(p), p ~ Beta(α, β):
//
//	p | x ~ Beta(α + heads, β + n − heads)        p(x) = B(α + heads, β + n − heads)/B(α, β)
//
// n = 0 returns the prior. It panics on a prior that is not positive or on heads outside 0 … n.
func BetaBernoulli(prior distuv.Beta, heads, n int) BetaPosterior {
	mustBePositive("BetaBernoulli", "Alpha", prior.Alpha)
	mustBePositive("BetaBernoulli", "Beta", prior.Beta)
	if heads < 0 || n < heads {
		panic(fmt.Sprintf("exact: BetaBernoulli: %d heads of %d tosses, want 0 ≤ heads ≤ n", heads, n))
	}
	post := distuv.Beta{Alpha: prior.Alpha + float64(heads), Beta: prior.Beta + float64(n-heads), Src: prior.Src}
	return BetaPosterior{post, lnBeta(post.Alpha, post.Beta) - lnBeta(prior.Alpha, prior.Beta)}
}

// Predictive returns the probability that the next toss is heads, α/(α + β) with the posterior's numbers.
func (p BetaPosterior) Predictive() float64 { return p.Posterior.Mean() }

// GammaPosterior is the posterior of a rate.
type GammaPosterior struct {
	Posterior   distuv.Gamma // Alpha is the shape, Beta the rate
	LogEvidence float64
}

// GammaPoisson returns the posterior of λ, x_i ~ Poisson(λ), λ ~ Gamma(α, rate β):
//
//	λ | x ~ Gamma(α + Σx, β + n)        p(x) = Γ(α + Σx)/Γ(α) · β^α/(β + n)^(α + Σx) / Π x_i!
//
// No counts return the prior. It panics on a prior that is not positive or on a negative count.
func GammaPoisson(prior distuv.Gamma, counts []int) GammaPosterior {
	mustBePositive("GammaPoisson", "Alpha", prior.Alpha)
	mustBePositive("GammaPoisson", "Beta", prior.Beta)
	var sum, factorials float64
	for i, c := range counts {
		if c < 0 {
			panic(fmt.Sprintf("exact: GammaPoisson: count %d is %d, want 0 or more", i, c))
		}
		sum += float64(c)
		factorials += lnGamma(float64(c) + 1)
	}
	post := distuv.Gamma{Alpha: prior.Alpha + sum, Beta: prior.Beta + float64(len(counts)), Src: prior.Src}
	return GammaPosterior{post, lnGamma(post.Alpha) - lnGamma(prior.Alpha) +
		prior.Alpha*math.Log(prior.Beta) - post.Alpha*math.Log(post.Beta) - factorials}
}

// Predictive returns the probability that the next count is k, a negative binomial; 0 for k < 0:
//
//	Γ(α + k)/(Γ(α) k!) · (β/(β + 1))^α · (1/(β + 1))^k
func (p GammaPosterior) Predictive(k int) float64 {
	if k < 0 {
		return 0
	}
	n, a, b := float64(k), p.Posterior.Alpha, p.Posterior.Beta
	return math.Exp(lnGamma(a+n) - lnGamma(a) - lnGamma(n+1) - a*math.Log1p(1/b) - n*math.Log1p(b))
}

// NormalMeanPosterior is the posterior of a mean when the noise is known.
type NormalMeanPosterior struct {
	Posterior   distuv.Normal
	Noise       float64 // sd of the data around the mean
	LogEvidence float64
}

// NormalNormal returns the posterior of μ, x_i ~ N(μ, noise²), μ ~ N(m₀, s₀²). Precisions add up:
//
//	1/s² = 1/s₀² + n/noise²        m = s² (m₀/s₀² + Σx/noise²)
//
// The evidence is that of one cluster of model.GMM. No data return the prior. It panics on an sd that is not
// positive or on a datum that is not finite.
func NormalNormal(prior distuv.Normal, noise float64, x []float64) NormalMeanPosterior {
	mustBePositive("NormalNormal", "Sigma", prior.Sigma)
	mustBePositive("NormalNormal", "noise", noise)
	if math.IsNaN(prior.Mu) || math.IsInf(prior.Mu, 0) {
		panic(fmt.Sprintf("exact: NormalNormal: Mu is %v, want a finite number", prior.Mu))
	}
	var all cluster // counted from the first datum, which keeps the digits of data far from 0
	var from float64
	if len(x) > 0 {
		from = x[0]
	}
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			panic(fmt.Sprintf("exact: NormalNormal: datum %d is %v, want a finite number", i, v))
		}
		all = all.with(v - from)
	}
	s2, t2 := noise*noise, prior.Sigma*prior.Sigma
	variance := 1 / (1/t2 + all.n/s2)
	d := all.centre - (prior.Mu - from)
	post := distuv.Normal{Mu: prior.Mu + variance*all.n*d/s2, Sigma: math.Sqrt(variance), Src: prior.Src}
	return NormalMeanPosterior{post, noise, all.logMarginalWith(s2, t2, d)}
}

// Predictive returns the distribution of the next datum, N(m, s² + noise²).
func (p NormalMeanPosterior) Predictive() distuv.Normal {
	return distuv.Normal{Mu: p.Posterior.Mu, Sigma: math.Hypot(p.Posterior.Sigma, p.Noise), Src: p.Posterior.Src}
}

// DirichletPosterior is the posterior of the probabilities of K categories.
type DirichletPosterior struct {
	Alpha       []float64 // K
	LogEvidence float64
}

// DirichletCategorical returns the posterior of θ, x_i ~ Categorical(θ), θ ~ Dirichlet(α), from how often each
// category came up:
//
//	θ | x ~ Dirichlet(α + counts)        p(x) = B(α + counts)/B(α),  B(a) = Π Γ(a_k)/Γ(Σ a_k)
//
// It panics on different lengths, on none, on an α that is not positive, or on a negative count.
func DirichletCategorical(alpha []float64, counts []int) DirichletPosterior {
	if len(alpha) == 0 || len(alpha) != len(counts) {
		panic(fmt.Sprintf("exact: DirichletCategorical: %d alphas and %d counts, want as many, and at least 1", len(alpha), len(counts)))
	}
	post := DirichletPosterior{Alpha: make([]float64, len(alpha))}
	for k, a := range alpha {
		mustBePositive("DirichletCategorical", fmt.Sprintf("alpha[%d]", k), a)
		if counts[k] < 0 {
			panic(fmt.Sprintf("exact: DirichletCategorical: count %d is %d, want 0 or more", k, counts[k]))
		}
		post.Alpha[k] = a + float64(counts[k])
	}
	post.LogEvidence = lnBeta(post.Alpha...) - lnBeta(alpha...)
	return post
}

// Predictive returns the probability of each category for the next datum, α_k/Σα, which is also the mean of θ.
func (p DirichletPosterior) Predictive() []float64 {
	var sum float64
	for _, a := range p.Alpha {
		sum += a
	}
	mean := make([]float64, len(p.Alpha))
	for k, a := range p.Alpha {
		mean[k] = a / sum
	}
	return mean
}

// Marginal returns the distribution of θ_k, Beta(α_k, Σα − α_k). It panics for a single category.
func (p DirichletPosterior) Marginal(k int) distuv.Beta {
	if len(p.Alpha) < 2 {
		panic("exact: DirichletPosterior: Marginal of 1 category, which is always 1")
	}
	if k < 0 || k >= len(p.Alpha) {
		panic(fmt.Sprintf("exact: DirichletPosterior: there is no category %d of %d, counted from 0", k, len(p.Alpha)))
	}
	var rest float64
	for i, a := range p.Alpha {
		if i != k {
			rest += a
		}
	}
	return distuv.Beta{Alpha: p.Alpha[k], Beta: rest}
}

// lnBeta is ln B(a) = Σ ln Γ(a_k) − ln Γ(Σ a_k).
func lnBeta(a ...float64) float64 {
	var sum, total float64
	for _, v := range a {
		sum += v
		total += lnGamma(v)
	}
	return total - lnGamma(sum)
}

func lnGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

func mustBePositive(where, field string, v float64) {
	if !(v > 0) || math.IsInf(v, 0) {
		panic(fmt.Sprintf("exact: %s: %s is %v, want a positive finite number", where, field, v))
	}
}
