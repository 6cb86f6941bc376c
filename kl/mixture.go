package kl

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// Mixture is a mixture of normal distributions in one dimension,
//
//	p(x) = Σ_k Weight_k N(x; Mean_k, Sd_k²)
//
// normalised, with exact draws. The weights are divided by their sum, so they need not add up to 1.
type Mixture struct {
	Weight []float64 // each > 0; nil means equal weights
	Mean   []float64
	Sd     []float64 // each > 0; nil means 1
}

// TwoBumps returns ½N(−a, 1) + ½N(a, 1), the lesson's target: two bumps at distance 2a. Other weights, places
// and widths are a Mixture literal.
func TwoBumps(a float64) Mixture {
	mustBeFinite("TwoBumps", "a", a)
	return Mixture{Weight: []float64{0.5, 0.5}, Mean: []float64{-a, a}, Sd: []float64{1, 1}}
}

// LogProb returns ln p(x[0]) in nats, without underflow at any distance.
func (m Mixture) LogProb(x []float64) float64 { return m.frozen().LogProb(x) }

// ScoreInput writes p′(x)/p(x) to dst and returns it; a nil dst is made.
func (m Mixture) ScoreInput(dst, x []float64) []float64 { return m.frozen().ScoreInput(dst, x) }

// Draw writes one draw to dst[0].
func (m Mixture) Draw(dst []float64, rng *rand.Rand) {
	m.mustFit(len(dst))
	var total float64
	for k := range m.Mean {
		total += m.weight(k)
	}
	u := rng.Float64() * total
	k := 0
	for ; k < len(m.Mean)-1 && u >= m.weight(k); k++ {
		u -= m.weight(k)
	}
	dst[0] = m.Mean[k] + m.sd(k)*rng.NormFloat64()
}

// Window returns the smallest interval with Mean_k ± 5 Sd_k for every k.
func (m Mixture) Window() (lo, hi []float64) {
	const sds = 5
	m.mustFit(1)
	a, b := math.Inf(1), math.Inf(-1)
	for k, mean := range m.Mean {
		a, b = min(a, mean-sds*m.sd(k)), max(b, mean+sds*m.sd(k))
	}
	return []float64{a}, []float64{b}
}

// Moments returns the Gaussian with the mixture's mean and variance, the argmin of KL(p‖q):
// m = Σ w_k m_k, v = Σ w_k (s_k² + (m_k − m)²).
func (m Mixture) Moments() Gaussian {
	m.mustFit(1)
	var total, mean, variance float64
	for k, mk := range m.Mean {
		total += m.weight(k)
		mean += m.weight(k) * mk
	}
	mean /= total
	for k, mk := range m.Mean {
		variance += m.weight(k) / total * (m.sd(k)*m.sd(k) + (mk-mean)*(mk-mean))
	}
	return Gaussian{Mean: []float64{mean}, Cov: mat.NewSymDense(1, []float64{variance})}
}

// logRootTwoPi is ½ ln 2π.
const logRootTwoPi = 0.91893853320467274178032973640561764

// bumps is a Mixture made ready for many evaluations.
type bumps []struct{ mean, sd, lnFront float64 } // ln of weight/(sd √2π)

func (m Mixture) frozen() bumps {
	m.mustFit(1)
	var total float64
	for k := range m.Mean {
		total += m.weight(k)
	}
	b := make(bumps, len(m.Mean))
	for k, mean := range m.Mean {
		b[k].mean, b[k].sd = mean, m.sd(k)
		b[k].lnFront = math.Log(m.weight(k)/total/m.sd(k)) - logRootTwoPi
	}
	return b
}

// lnTerm returns the log of component k at x.
func (b bumps) lnTerm(k int, x float64) float64 {
	z := (x - b[k].mean) / b[k].sd
	return b[k].lnFront - z*z/2
}

// best returns the largest component at x.
func (b bumps) best(x []float64) float64 {
	mustHave("Mixture", len(x), 1)
	best := math.Inf(-1)
	for k := range b {
		best = max(best, b.lnTerm(k, x[0]))
	}
	return best
}

func (b bumps) LogProb(x []float64) float64 {
	best := b.best(x)
	if math.IsInf(best, -1) || math.IsNaN(best) {
		return best
	}
	var sum float64
	for k := range b {
		sum += math.Exp(b.lnTerm(k, x[0]) - best)
	}
	return best + math.Log(sum)
}

func (b bumps) ScoreInput(dst, x []float64) []float64 {
	if dst == nil {
		dst = make([]float64, 1)
	}
	best := b.best(x)
	var sum, slope float64
	for k := range b {
		w := math.Exp(b.lnTerm(k, x[0]) - best)
		sum += w
		slope += w * (b[k].mean - x[0]) / (b[k].sd * b[k].sd)
	}
	dst[0] = slope / sum
	return dst
}

func (m Mixture) weight(k int) float64 {
	if m.Weight == nil {
		return 1
	}
	return m.Weight[k]
}

func (m Mixture) sd(k int) float64 {
	if m.Sd == nil {
		return 1
	}
	return m.Sd[k]
}

// mustFit checks the fields and that x has n = 1 entries.
func (m Mixture) mustFit(n int) {
	if n != 1 {
		panic("kl: Mixture: x has " + strconv.Itoa(n) + " entries, want 1")
	}
	if len(m.Mean) == 0 {
		panic("kl: Mixture: Mean has 0 entries, want at least 1")
	}
	if m.Weight != nil && len(m.Weight) != len(m.Mean) || m.Sd != nil && len(m.Sd) != len(m.Mean) {
		panic("kl: Mixture: Weight, Mean and Sd have " + strconv.Itoa(len(m.Weight)) + ", " + strconv.Itoa(len(m.Mean)) + " and " + strconv.Itoa(len(m.Sd)) + " entries, want as many")
	}
	for k := range m.Mean {
		if w, s, mean := m.weight(k), m.sd(k), m.Mean[k]; !(w > 0 && s > 0 && w < math.MaxFloat64 && s < math.MaxFloat64 && math.Abs(mean) <= math.MaxFloat64) {
			panic("kl: Mixture: component " + strconv.Itoa(k) + " has weight " + number(w) + ", mean " + number(mean) + ", sd " + number(s) + ", want a finite mean, and weight and sd above 0")
		}
	}
}
