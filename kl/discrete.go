package kl

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"
)

// sumTol is how far a vector of probabilities may be from adding up to 1.
const sumTol = 1e-9

// Categorical returns KL(q‖p) of two vectors of probabilities in nats:
//
//	Σ q_i ln(q_i/p_i)
//
// A term with q_i = 0 is 0; a term with p_i = 0 < q_i is +Inf. It panics on different lengths, on no entry,
// on an entry that is negative or NaN, and where a vector does not add up to 1 within 1e-9.
//
// Source: Cover and Thomas, Elements of Information Theory (2006), eq. 2.26.
func Categorical(q, p []float64) float64 {
	if len(q) != len(p) {
		panic("kl: Categorical: q has " + strconv.Itoa(len(q)) + " entries and p " + strconv.Itoa(len(p)) + ", want as many")
	}
	mustAddUp("Categorical", "q", q)
	mustAddUp("Categorical", "p", p)
	var sum float64
	for i := range q {
		sum += binExcess(q[i], p[i], p[i]-q[i])
	}
	return sum
}

// binExcess returns q ln(q/p) − q + p, each ≥ 0; over vectors with equal sums they add up to the
// divergence. The difference p − q is handed over because callers may know it better.
func binExcess(q, p, diff float64) float64 {
	switch {
	case q == 0:
		return p
	case p == 0:
		return math.Inf(1)
	}
	if d := diff / q; math.Abs(d) < smallExcess {
		return q * excess(d)
	}
	return diff + q*logRatio(q, p)
}

// Bernoulli returns KL(q‖p) of two coins in nats:
//
//	q ln(q/p) + (1 − q) ln((1 − q)/(1 − p))
//
// with 0 ln 0 = 0, and +Inf where q can show what p cannot. It panics where P is not in [0, 1].
// Source: Categorical with two entries.
func Bernoulli(q, p distuv.Bernoulli) float64 {
	for _, c := range []struct {
		name string
		v    float64
	}{{"q.P", q.P}, {"p.P", p.P}} {
		if !(c.v >= 0 && c.v <= 1) {
			panic("kl: Bernoulli: " + c.name + " is " + number(c.v) + ", want a probability in [0, 1]")
		}
	}
	return binExcess(q.P, p.P, p.P-q.P) + binExcess(1-q.P, 1-p.P, q.P-p.P)
}

// Poisson returns KL(q‖p) of two Poisson distributions with means λ and μ in nats:
//
//	λ ln(λ/μ) − λ + μ
//
// It panics where a mean is not a finite number above 0. Source: Bregman divergence of x ln x (Banerjee et
// al., Clustering with Bregman divergences, JMLR 6 (2005), table 2).
func Poisson(q, p distuv.Poisson) float64 {
	mustBePositive("Poisson", "q.Lambda", q.Lambda)
	mustBePositive("Poisson", "p.Lambda", p.Lambda)
	return q.Lambda * ratioExcess(p.Lambda, q.Lambda)
}

func mustAddUp(where, name string, v []float64) {
	if len(v) == 0 {
		panic("kl: " + where + ": " + name + " has 0 entries, want at least 1")
	}
	var sum float64
	for i, x := range v {
		if !(x >= 0) || math.IsInf(x, 1) {
			panic("kl: " + where + ": " + name + "[" + strconv.Itoa(i) + "] is " + number(x) + ", want a probability")
		}
		sum += x
	}
	if math.Abs(sum-1) > sumTol {
		panic("kl: " + where + ": " + name + " adds up to " + strconv.FormatFloat(sum, 'g', 12, 64) + ", want 1")
	}
}
