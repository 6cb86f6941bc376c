package kl

import (
	"math"
	"math/rand/v2"
	"strconv"
)

// Estimates are three estimates of KL(q‖p) in nats from the same n draws of q, with their standard errors.
// With r = p(x)/q(x), x ~ q:
//
//	K1 = mean of −ln r            unbiased, noisy, can be negative
//	K2 = mean of ½(ln r)²         biased, little noise, never negative
//	K3 = mean of (r − 1) − ln r   unbiased, never negative; noisy where p has more tail than q
//
// Only where p is normalised: else K1 is KL − ln Z, which is −ELBO, and K2 and K3 mean nothing.
//
// Source: Schulman, Approximating KL divergence (2020), joschu.net/blog/kl-approx.html.
type Estimates struct {
	K1, K2, K3    float64
	SE1, SE2, SE3 float64 // standard deviation of the terms over √n; +Inf where a term was
	N             int
}

// Sampled returns the estimates from n draws of q, by a generator seeded by seed. draw writes one draw to
// dst; logq and logp are the log densities.
//
// The dimension is not asked for: it is the smallest length of dst, up to 4,096, with which draw, logq and logp
// all run without a panic, as they do when a slice is too short or not their own length.
//
// A draw where p is 0 makes all three +Inf, as it should. NaN from logq or logp gives NaN. It panics unless
// n ≥ 2, and where no length works.
func Sampled(draw func(dst []float64, rng *rand.Rand), logq, logp func(x []float64) float64, n int, seed uint64) Estimates {
	const secondWord = 0x6b6c2d73616d706c // of the generator: "kl-sampl"
	if n < 2 {
		panic("kl: Sampled: n is " + strconv.Itoa(n) + ", want at least 2 draws")
	}
	x := make([]float64, dimension(draw, logq, logp))
	rng := rand.New(rand.NewPCG(seed, secondWord))
	var k [3]running
	for range n {
		draw(x, rng)
		ln := logp(x) - logq(x)
		// (r − 1) − ln r = h(r): expm1 keeps it accurate at r = 1.
		k[0].add(-ln)
		k[1].add(ln * ln / 2)
		k[2].add(logExcess(ln))
	}
	return Estimates{
		K1: k[0].mean, K2: k[1].mean, K3: k[2].mean,
		SE1: k[0].se(), SE2: k[1].se(), SE3: k[2].se(),
		N: n,
	}
}

// dimension returns the smallest length of x that all three functions accept.
func dimension(draw func(dst []float64, rng *rand.Rand), logq, logp func(x []float64) float64) int {
	const most = 4096
	for d := 1; d <= most; d++ {
		x := make([]float64, d)
		if runs(func() {
			draw(x, rand.New(rand.NewPCG(0, 0)))
			logq(x)
			logp(x)
		}) {
			return d
		}
	}
	panic("kl: Sampled: draw, logq and logp panic at every length of x up to " + strconv.Itoa(most) + ", want functions of the same dimension")
}

// runs reports whether f returns.
func runs(f func()) (ok bool) {
	defer func() { ok = recover() == nil }()
	f()
	return true
}

// logExcess returns h(e^v) = e^v − 1 − v.
func logExcess(v float64) float64 {
	if math.IsInf(v, -1) {
		return math.Inf(1)
	}
	return excess(math.Expm1(v))
}

// running is a mean and a variance, one value at a time (Welford, Technometrics 4 (1962)).
type running struct{ n, mean, square float64 }

func (r *running) add(v float64) {
	r.n++
	if math.IsInf(v, 0) || math.IsInf(r.mean, 0) {
		r.mean, r.square = r.mean+v, math.Inf(1)
		return
	}
	d := v - r.mean
	r.mean += d / r.n
	r.square += d * (v - r.mean)
}

func (r *running) se() float64 { return math.Sqrt(r.square / (r.n - 1) / r.n) }
