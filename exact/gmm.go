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
	// Auto takes quadrature for K = 2 and 3 where there are more than a few data, else enumeration.
	Auto Method = iota
	// Enumeration sums over all ways to share the data out, up to the components' names. It serves any K, and
	// any n for K = 1; otherwise at most MaxPartitions ways.
	Enumeration
	// Quadrature integrates over the two means of K = 2, at any n, or over the three of K = 3: up to some 20,000 data, in
	// seconds.
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

// Up to so many ways Auto prefers enumeration to quadrature, for two and for three components.
const (
	fewPartitions  = 1 << 11
	fewPartitions3 = 1 << 20
)

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

	m    model.GMM // as given
	from float64   // where near counts from
	near model.GMM // the same model, with data and prior counted from there
	plan *plane    // of the quadrature for K = 2
	cube *space    // of that for K = 3
}

// GMM returns the exact posterior of the mixture. The error says in one sentence what is wrong with the fields,
// or that the evidence is out of reach: for K > 3 it takes enumeration, and the number of ways to share n data out grows
// like Kⁿ⁻¹/(K−1)!.
func GMM(m model.GMM, c Config) (GMMPosterior, error) {
	if err := m.Check(); err != nil {
		return GMMPosterior{}, fmt.Errorf("exact: %w", err)
	}
	m = m.Filled()
	near, from := centred(m)
	ways := partitions(len(m.X), m.K)
	method := c.Method
	if method == Auto {
		method = Enumeration
		if m.K == 2 && ways > fewPartitions || m.K == 3 && ways > fewPartitions3 {
			method = Quadrature
		}
	}
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	switch {
	case method == Quadrature && (m.K == 2 || m.K == 3):
		integrate := quadrature
		if m.K == 3 {
			integrate = inSpace
		}
		p, err := integrate(near, c.Workers)
		p.m, p.from, p.near = m, from, near
		return finite(p, err)
	case method == Quadrature:
		return GMMPosterior{}, fmt.Errorf("exact: GMM: quadrature is over 2 or 3 means, not over K = %d", m.K)
	case method == Enumeration && ways <= MaxPartitions:
		p := enumeration(near)
		p.m, p.from, p.near = m, from, near
		return finite(p, nil)
	case method == Enumeration:
		return GMMPosterior{}, fmt.Errorf("exact: GMM: %d data can be shared out among K = %d components in %.3g ways, more than the %d that are summed",
			len(m.X), m.K, ways, MaxPartitions)
	}
	return GMMPosterior{}, fmt.Errorf("exact: GMM: Method %d is none of Auto, Enumeration, Quadrature", c.Method)
}

// finite turns a posterior whose evidence under- or overflows into an error.
func finite(p GMMPosterior, err error) (GMMPosterior, error) {
	if err == nil && (math.IsInf(p.LogEvidence, 0) || math.IsNaN(p.LogEvidence)) {
		return GMMPosterior{}, fmt.Errorf("exact: GMM: the log evidence is %v: the data or the prior are too large or too small for these units", p.LogEvidence)
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
		return p.plan.marginal(mu-p.from, p.LogEvidence)
	}
	if p.cube != nil {
		return p.cube.marginal(mu-p.from, p.LogEvidence)
	}
	return p.average(func(b cluster) float64 { return gauss(mu-p.from, b.mean(p.near), b.variance(p.near)) })
}

// Predictive returns p(x_new | x), the density of a new datum at x with everything unknown averaged out.
func (p GMMPosterior) Predictive(x float64) float64 {
	noise := p.m.Sigma * p.m.Sigma
	if p.plan != nil {
		return p.plan.predictive(x-p.from, p.LogEvidence)
	}
	if p.cube != nil {
		return p.cube.predictive(x-p.from, p.LogEvidence)
	}
	return p.average(func(b cluster) float64 { return gauss(x-p.from, b.mean(p.near), noise+b.variance(p.near)) })
}

// gauss is the density N(x; mean, variance).
func gauss(x, mean, variance float64) float64 {
	return math.Exp(-(x-mean)*(x-mean)/(2*variance)) / math.Sqrt(2*math.Pi*variance)
}

// centred returns the model with its data and prior mean counted from a place near where the means live, and the
// place: the datum nearest to the mean of all, or the prior mean where that says more than all data. A difference of
// two numbers is rounded by a share of itself alone, so that data far from 0 lose no digits.
func centred(m model.GMM) (model.GMM, float64) {
	from := m.Mu0
	if n := float64(len(m.X)); n/(m.Sigma*m.Sigma) >= 1/(m.Tau0*m.Tau0) {
		var all cluster
		for _, x := range m.X {
			all = all.with(x)
		}
		from = m.X[0]
		for _, x := range m.X {
			if far, best := math.Abs(x-all.centre), math.Abs(from-all.centre); far < best || far == best && x < from {
				from = x
			}
		}
	}
	x := make([]float64, len(m.X))
	for i, v := range m.X {
		x[i] = v - from
	}
	m.X, m.Mu0 = x, m.Mu0-from
	return m, from
}

// rounding bounds what rounding can do to a log density of about that size, in nats. Its sums of n squares, in units
// of σ², come to about so many nats as well; and a datum or a mean that is R from 0 is off by R ulps, which moves the
// squares by 2R/σ times their root each.
func rounding(m model.GMM, size float64) float64 {
	const ulps, eps = 16, 0x1p-52
	n, reach := float64(len(m.X)), 0.0
	for _, x := range m.X {
		reach = max(reach, math.Abs(x))
	}
	squares := math.Abs(size) + n*(1+math.Abs(math.Log(m.Sigma)))
	return ulps * eps * (squares + reach/m.Sigma*math.Sqrt(n*squares))
}
