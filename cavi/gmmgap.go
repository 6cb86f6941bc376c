package cavi

import (
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/integrate/quad"
)

// Gap says where the nats between the ELBO and the log evidence go. All are divergences, at least 0, and
//
//	Total = Means + Assignments = Labels + MeanField
//
// Total is KL(q(μ, c) ‖ p(μ, c | x)). The first split is the chain rule over μ and then c given μ. The second
// goes by way of q̄, which is q averaged over the K! ways to name the components: the posterior cannot tell these
// apart, so E_q ln q̄/p = E_q̄ ln q̄/p.
type Gap struct {
	Total       float64 // log evidence − ELBO
	Means       float64 // KL(q(μ) ‖ p(μ|x))
	Assignments float64 // E_q(μ) KL(q(c) ‖ p(c|μ,x))
	Labels      float64 // KL(q ‖ q̄), between 0 (all names alike) and ln K! (no overlap)
	MeanField   float64 // KL(q̄ ‖ p), what factorising costs apart from the names
	Err         float64 // of the four parts: of the quadrature for K ≤ 2, above that the larger standard error
}

// Gap splits the gap between logEvidence (of exact.GMM, in nats) and the ELBO at q.
//
// For K ≤ 2 both splits are computed by quadrature, at the cost of a few hundred passes over the data, and of far fewer
// where the data are many. Above that they are means over 4,000 seeded draws from q, each of which is a pass with n·K
// exponentials and K·2ᴷ more for the names: a quarter of a second for a thousand data and K = 3, and in proportion.
// It panics for K > 10, whose names have too many orders.
func (m GMM) Gap(q GMMFactors, logEvidence float64) Gap {
	m = m.checked()
	if len(q.Mean) != m.K || math.IsNaN(logEvidence) || math.IsInf(logEvidence, 0) {
		panic(fmt.Sprintf("cavi: GMM: Gap of %d means to the log evidence %v, want K = %d and a finite number", len(q.Mean), logEvidence, m.K))
	}
	if m.K > maxNames {
		panic(fmt.Sprintf("cavi: GMM: Gap of K = %d components, want at most %d", m.K, maxNames))
	}
	g := Gap{Total: logEvidence - m.ELBO(q)}
	if m.K <= 2 {
		g.Assignments, g.Err = m.assignmentsGap(q)
		g.Labels = q.labelsGap(m.X)
	} else {
		g.Assignments, g.Labels, g.Err = m.sampledGap(q)
	}
	g.Means = g.Total - g.Assignments
	g.MeanField = g.Total - g.Labels
	return g
}

// assignmentsGap is E_q(μ) Σ_i Σ_k φ_ik (ln φ_ik − ln r_ik(μ)) for K ≤ 2, with the exact responsibilities
// r_ik(μ) ∝ exp(−(x_i − μ_k)²/(2σ²)). Only E Σ_i ln Σ_k exp(−(x_i − μ_k)²/(2σ²)) needs quadrature. For two
// components the sum is, with the odds t = (μ₂ − μ₁)(x − (μ₁ + μ₂)/2)/σ² in favour of the second,
// exp(−(x − μ₁)²/(2σ²)) (1 + eᵗ), so it is E ln(1 + eᵗ), by Gauss–Hermite nodes along μ₁ and μ₂.
func (m GMM) assignmentsGap(q GMMFactors) (gap, err float64) {
	if m.K == 1 {
		return 0, 0
	}
	soft, off := m.meanSoftOdds(q)
	// E Σφ ln r = Σφ₂ E t − Σ E ln(1 + eᵗ).
	// E t = ((m₂ − m₁)(x − m₂) + ½(m₂ − m₁)² − ½(s₂² − s₁²))/σ².
	d := q.Mean[1] - q.Mean[0]
	fromSecond := q.shared.dev[1] - (q.Mean[1]-q.PhiMean[1])*q.Count[1] // Σφ₂(x − m₂)
	odds := (d*fromSecond + q.Count[1]*0.5*(d*d-q.Var[1]+q.Var[0])) / (m.Sigma * m.Sigma)
	return soft - odds - q.shared.entropy, off + 1e-14*(math.Abs(soft)+math.Abs(odds))
}

// meanSoftOdds is E_q(μ) Σ_i ln(1 + eᵗ) for two components, and how far off it may be. Large data are summed over
// weighted places where these do as well as the data.
func (m GMM) meanSoftOdds(q GMMFactors) (soft, off float64) {
	const good = 1e-11 // agreement of two rules in a row
	// Counted from the first mean, data far from 0 keep their digits.
	from := q.Mean[0]
	q.Mean = []float64{0, q.Mean[1] - from}
	x := make([]float64, len(m.X))
	for i, v := range m.X {
		x[i] = v - from
	}
	m.X = x
	if len(m.X) > fewData {
		at, weights := places(m.X, 2*fewerPlaces)
		soft, off, n := m.refined(q, at, weights, good)
		at, weights = places(m.X, fewerPlaces)
		if fewer := m.softOdds(q, n, at, weights); math.Abs(fewer-soft) <= good*(1+math.Abs(soft)) {
			return soft, off + math.Abs(fewer-soft)
		}
	}
	soft, off, _ = m.refined(q, m.X, nil, good)
	return soft, off
}

// refined doubles the nodes an axis until two rules in a row agree to good, and returns the last number of nodes.
func (m GMM) refined(q GMMFactors, at, weights []float64, good float64) (soft, off float64, n int) {
	const first, last = 6, 96 // nodes an axis
	n, off = first, math.Inf(1)
	for soft = m.softOdds(q, n, at, weights); n < last && off > good*(1+math.Abs(soft)); {
		n *= 2
		before := soft
		soft = m.softOdds(q, n, at, weights)
		off = math.Abs(soft - before)
	}
	return soft, off, n
}

// softOdds is E_q(μ) Σ_j weights[j] ln(1 + eᵗ) for two components and data at the given places, with n×n nodes.
// Weights of nil are 1 each.
func (m GMM) softOdds(q GMMFactors, n int, at, weights []float64) float64 {
	nodes, masses := make([]float64, n), make([]float64, n)
	quad.Hermite{}.FixedLocations(nodes, masses, math.Inf(-1), math.Inf(1))
	var total float64
	for i, a := range nodes {
		mu1 := q.Mean[0] + math.Sqrt(2*q.Var[0])*a
		for j, b := range nodes {
			mu2 := q.Mean[1] + math.Sqrt(2*q.Var[1])*b
			w := masses[i] * masses[j] / math.Pi
			if w < 1e-18 {
				continue
			}
			slope, middle := (mu2-mu1)/(m.Sigma*m.Sigma), 0.5*(mu1+mu2)
			var sum float64
			for i, x := range at {
				t := slope * (x - middle)
				soft := max(t, 0) + math.Log1p(math.Exp(-math.Abs(t)))
				if weights != nil {
					soft *= weights[i]
				}
				sum += soft
			}
			total += w * sum
		}
	}
	return total
}

// labelsGap is KL(q ‖ q̄) for K ≤ 2: ln 2 − E_q ln(1 + r), where r = q′/q and q′ is q with the names swapped.
// With ln(1 + r) = (1/2πi) ∫ rˢ π/(s sin πs) ds along Re s = ½ (Gradshteyn & Ryzhik 4.293.10, a Mellin transform)
// and M(s) = E_q rˢ, which on that line is real,
//
//	E_q ln(1 + r) = ¼ ∫ M(½ + iω) / ((¼ + ω²) cosh πω) dω
//
// M factorises over the means and the data. The integrand is analytic for |Im ω| < ½, so the trapezoidal rule
// with step h is off by about e^{−π/h}.
func (q GMMFactors) labelsGap(x []float64) float64 {
	if len(q.Mean) == 1 {
		return 0
	}
	const (
		step = 0.09 // e^{−π/h} = 7e-16
		ends = 12.0 // 1/cosh πω = 9e-17 there
		none = -45  // nats: M below this does not change ln 2
	)
	odds := make([]float64, len(x))
	var lnM float64
	s2 := q.sigma * q.sigma
	c0, c1 := q.PhiMean[0], q.PhiMean[1]
	for i, x := range x {
		odds[i] = (c1-c0)*(x-c0-0.5*(c1-c0))/s2 - 0.5*(q.PhiVar[1]-q.PhiVar[0])/s2
		lnM -= math.Abs(odds[i])/2 + math.Log1p(math.Exp(-math.Abs(odds[i]))) - math.Ln2
	}
	// The means: ∫ N(μ₁; m₂, s₂²)ˢ N(μ₁; m₁, s₁²)^{1−s} dμ₁, and its mirror image, the complex conjugate.
	v0, v1, d := q.Var[0], q.Var[1], q.Mean[1]-q.Mean[0]
	means := func(w float64) float64 {
		s := complex(0.5, w)
		v := s*complex(v0, 0) + (1-s)*complex(v1, 0)
		ln := s*complex(0.5*math.Log(v0), 0) + (1-s)*complex(0.5*math.Log(v1), 0) - 0.5*cmplx.Log(v) - s*(1-s)*complex(d*d/2, 0)/v
		return 2 * real(ln)
	}
	if lnM+means(0) < none {
		return math.Ln2
	}
	var sum float64
	for w := 0.0; w < ends; w += step {
		ratio := 1.0
		for _, t := range odds {
			ratio *= math.Cos(w * t)
		}
		v := ratio * math.Exp(lnM+means(w)) / ((0.25 + w*w) * math.Cosh(math.Pi*w))
		if w == 0 {
			v /= 2
		}
		sum += v
	}
	return max(0, math.Ln2-0.5*step*sum)
}
