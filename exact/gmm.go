package exact

import (
	"fmt"
	"math"
	"runtime"

	"elboroom/model"
)

// Method says how a mixture's evidence is had.
type Method int

const (
	// Auto takes enumeration for K ≠ 2 and for very few data, else quadrature.
	Auto Method = iota
	// Enumeration sums over all ways to share the data out, up to the components' names. It serves any K, and
	// any n for K = 1; otherwise at most MaxPartitions ways.
	Enumeration
	// Quadrature integrates over the two means of K = 2, at any n.
	Quadrature
)

// String returns the method in words.
func (m Method) String() string {
	switch m {
	case Auto:
		return "auto"
	case Enumeration:
		return "enumeration"
	case Quadrature:
		return "quadrature"
	}
	return "unknown method"
}

// MaxPartitions is how many ways to share the data out Enumeration will sum, about a second's work.
const MaxPartitions = 1 << 24

// fewPartitions is up to how many ways Auto prefers enumeration to quadrature.
const fewPartitions = 1 << 11

// Config steers GMM. The zero value works.
type Config struct {
	Method  Method
	Workers int // 0 means all cores; the result does not depend on it, bit for bit
}

// GMMPosterior is the exact posterior of model.GMM. It is symmetric in the components' names.
type GMMPosterior struct {
	LogEvidence float64 // ln p(x) in nats
	ErrBound    float64 // how far off LogEvidence may be, in nats
	Method      Method  // Enumeration or Quadrature
	Evaluations int     // of the joint density, or ways to share the data out: the cost

	m    model.GMM
	plan *plane // of the quadrature
}

// GMM returns the exact posterior of the mixture. The error says in one sentence what is wrong with the fields,
// or that the evidence is out of reach: for K > 2 the number of ways to share n data out grows like Kⁿ⁻¹/(K−1)!.
func GMM(m model.GMM, c Config) (GMMPosterior, error) {
	if err := m.Check(); err != nil {
		return GMMPosterior{}, fmt.Errorf("exact: %w", err)
	}
	m = m.Filled()
	ways := partitions(len(m.X), m.K)
	method := c.Method
	if method == Auto {
		method = Enumeration
		if m.K == 2 && ways > fewPartitions {
			method = Quadrature
		}
	}
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	switch {
	case method == Quadrature && m.K == 2:
		return finite(quadrature(m, c.Workers))
	case method == Quadrature:
		return GMMPosterior{}, fmt.Errorf("exact: GMM: quadrature is over 2 means, not over K = %d", m.K)
	case method == Enumeration && ways <= MaxPartitions:
		return finite(enumeration(m), nil)
	case method == Enumeration:
		return GMMPosterior{}, fmt.Errorf("exact: GMM: %d data can be shared out among K = %d components in %.3g ways, more than the %d that are summed",
			len(m.X), m.K, ways, MaxPartitions)
	}
	return GMMPosterior{}, fmt.Errorf("exact: GMM: Method %d is none of Auto, Enumeration, Quadrature", c.Method)
}

// finite turns a posterior whose evidence under- or overflows into an error.
func finite(p GMMPosterior, err error) (GMMPosterior, error) {
	if err == nil && (math.IsInf(p.LogEvidence, 0) || math.IsNaN(p.LogEvidence)) {
		return GMMPosterior{}, fmt.Errorf("exact: GMM: the log evidence is %v: the data are too far apart in units of Sigma", p.LogEvidence)
	}
	return p, err
}

// LogDensity returns ln p(μ | x) in nats at the K means mu.
func (p GMMPosterior) LogDensity(mu []float64) float64 { return p.m.LogProb(mu) - p.LogEvidence }

// Density returns p(μ | x), a density with respect to dμ_1 … dμ_K. It panics unless len(mu) is K.
func (p GMMPosterior) Density(mu []float64) float64 { return math.Exp(p.LogDensity(mu)) }

// Marginal returns p(μ_k | x) at mu, the same for every k: the components have no names of their own.
func (p GMMPosterior) Marginal(mu float64) float64 {
	if p.plan != nil {
		return p.plan.marginal(mu, p.LogEvidence)
	}
	return p.average(func(b cluster) float64 { return gauss(mu, b.mean(p.m), b.variance(p.m)) })
}

// Predictive returns p(x_new | x), the density of a new datum at x with everything unknown averaged out.
func (p GMMPosterior) Predictive(x float64) float64 {
	noise := p.m.Sigma * p.m.Sigma
	if p.plan != nil {
		return p.plan.predictive(x, p.LogEvidence)
	}
	return p.average(func(b cluster) float64 { return gauss(x, b.mean(p.m), noise+b.variance(p.m)) })
}

// gauss is the density N(x; mean, variance).
func gauss(x, mean, variance float64) float64 {
	return math.Exp(-(x-mean)*(x-mean)/(2*variance)) / math.Sqrt(2*math.Pi*variance)
}

// rounding bounds what rounding can do to a log density of n data whose value is about size, in nats.
func rounding(n int, size float64) float64 {
	const ulps, eps = 16, 0x1p-52
	return ulps * eps * (float64(n) + math.Abs(size))
}
