package kl

import (
	"math"
	"math/rand/v2"
	"strconv"

	"elboroom/fit"
)

// Estimator is a way to estimate the ELBO's gradient from draws x = m + Lz, z ~ N(0, 1). Each is unbiased; they
// differ in noise. Along z, with u = Lᵀ∇ln p(x) and w = ln p(x) − ln q(x), one draw says:
//
//	StickingTheLanding   u + z          and   (u + z) zᵀ
//	Reparameterised      u              and   u zᵀ + 1
//	ScoreFunction        (w − b) z      and   (w − b)(zzᵀ − 1)
//
// for the mean and for L. b is the mean of w over the step's other draws.
type Estimator int

const (
	// StickingTheLanding follows x alone and leaves out q's own score, whose mean is 0. Where q meets p it
	// has no noise at all (Roeder, Wu and Duvenaud, Sticking the landing, NeurIPS 2017).
	StickingTheLanding Estimator = iota
	// Reparameterised has the entropy in closed form; its noise stays at the optimum (Kucukelbir et al.,
	// Automatic differentiation variational inference, JMLR 18 (2017)).
	Reparameterised
	// ScoreFunction needs no gradient of ln p, and has by far the most noise (Ranganath, Gerrish and Blei,
	// Black box variational inference, AISTATS 2014).
	ScoreFunction
)

// String returns the estimator in words.
func (e Estimator) String() string {
	switch e {
	case StickingTheLanding:
		return "sticking the landing"
	case Reparameterised:
		return "reparameterised"
	case ScoreFunction:
		return "score function"
	}
	return "unknown estimator"
}

// BlackBox steers ReverseBlackBox. The zero value works.
type BlackBox struct {
	Estimator Estimator
	Draws     int     // a step; 0 means 10, and ScoreFunction wants at least 2
	Rate      float64 // of the first step, along z; 0 means 0.1
	Delay     float64 // steps t for which the rate hardly falls; 0 means 100
	Power     float64 // the rate falls as Rate·(1 + t/Delay)^−Power, Power in (½, 1]; 0 means 0.7
}

func (b BlackBox) filled(where string) BlackBox {
	if b.Draws == 0 {
		b.Draws = 10
	}
	if b.Rate == 0 {
		b.Rate = 0.1
	}
	if b.Delay == 0 {
		b.Delay = 100
	}
	if b.Power == 0 {
		b.Power = 0.7
	}
	least := 1
	if b.Estimator == ScoreFunction {
		least = 2
	}
	switch {
	case b.Estimator < StickingTheLanding || b.Estimator > ScoreFunction:
		panic("kl: " + where + ": Estimator is " + strconv.Itoa(int(b.Estimator)) + ", want StickingTheLanding, Reparameterised or ScoreFunction")
	case b.Draws < least:
		panic("kl: " + where + ": Draws is " + strconv.Itoa(b.Draws) + ", want at least " + strconv.Itoa(least))
	case !(b.Power > 0.5 && b.Power <= 1):
		panic("kl: " + where + ": Power is " + number(b.Power) + ", want a number in (0.5, 1]")
	}
	mustBePositive(where, "Rate", b.Rate)
	mustBePositive(where, "Delay", b.Delay)
	return b
}

// ReverseBlackBox climbs the ELBO of a Gaussian q on p by noisy gradients, from fresh draws at every step:
// black-box variational inference. It asks of p what Reverse above two dimensions asks, in any dimension, and
// of ScoreFunction's p only LogProb.
//
// A step moves along z, where the mean's Fisher information is 1 and that of ln L_ii is 2 (so it is a natural
// gradient up to the rows below the diagonal), by Rate·(1 + t/Delay)^−Power, which is Robbins and Monro's
// condition, and never by more than 1.
//
// The trace holds every iterate. Value is the mean of ln p − ln q over the draws of the step that left it: an
// unbiased, noisy estimate of its ELBO in nats that falls as often as it rises (ELBO tells the exact one). The
// objective is "ELBO, estimated". s.Sweeps is the number of steps and s.Seed seeds the draws; s.Tol and s.Workers
// are not used, since no noisy gain says that a fit has converged: the status is OutOfSweeps, or Broken with a
// sentence where LogProb or its gradient is not finite. It panics on a bad q0 or b.
//
// Sources: as at Estimator; Robbins and Monro, Ann. Math. Stat. 22 (1951); Amari, Neural Computation 10 (1998).
func ReverseBlackBox(p Target, q0 Gaussian, f Family, b BlackBox, s fit.Settings) fit.Trace[Gaussian] {
	const where = "ReverseBlackBox"
	s = s.Filled()
	b = b.filled(where)
	f.mustBeKnown(where)
	q := f.within(q0).factored(where + ": q0")
	w := newWalker(p, b, s.Seed)
	tr := fit.Trace[Gaussian]{Objective: "ELBO, estimated", Status: fit.OutOfSweeps}
	for t := 0; ; t++ {
		g, bad := w.estimate(q)
		if bad != "" {
			if t == 0 {
				tr.Steps = append(tr.Steps, fit.Step[Gaussian]{Value: math.NaN(), Q: q.gaussian()})
			}
			tr.Status, tr.Reason = fit.Broken, bad
			break
		}
		tr.Steps = append(tr.Steps, fit.Step[Gaussian]{Sweep: t, Value: g.elbo, Q: q.gaussian()})
		if t == s.Sweeps {
			break
		}
		q = g.step(q, f, b.Rate*math.Pow(1+float64(t)/b.Delay, -b.Power))
	}
	if s.Keep == fit.LastOnly {
		tr.Steps = tr.Steps[len(tr.Steps)-1:]
	}
	return tr
}

// GradientNoise returns the mean and the standard deviation of n estimates of the ELBO's gradient at q, each
// from b.Draws draws: first the d slopes along z of the mean, then, row by row, those of L's lower triangle
// (for MeanField its diagonal). The mean is the gradient, the same for every estimator; the sd is the noise.
// An error in p's LogProb gives NaN. It panics on n < 2 and on a bad q or b.
func GradientNoise(p Target, q Gaussian, f Family, b BlackBox, n int, seed uint64) (mean, sd []float64) {
	const where = "GradientNoise"
	b = b.filled(where)
	f.mustBeKnown(where)
	if n < 2 {
		panic("kl: " + where + ": n is " + strconv.Itoa(n) + ", want at least 2 estimates")
	}
	at := f.within(q).factored(where + ": q")
	w := newWalker(p, b, seed)
	var sums []running
	for range n {
		g, bad := w.estimate(at)
		all := g.flat(f)
		if sums == nil {
			sums = make([]running, len(all))
		}
		for i, v := range all {
			if bad != "" {
				v = math.NaN()
			}
			sums[i].add(v)
		}
	}
	for _, r := range sums {
		mean = append(mean, r.mean)
		sd = append(sd, math.Sqrt(r.square/(r.n-1)))
	}
	return mean, sd
}

// walker draws and estimates.
type walker struct {
	p     Target
	score func(dst, x []float64)
	b     BlackBox
	rng   *rand.Rand
}

func newWalker(p Target, b BlackBox, seed uint64) *walker {
	const secondWord = 0x6b6c2d626c61636b // of the generator: "kl-black"
	fast := frozen(p)
	return &walker{p: fast, score: gradient(p, fast), b: b, rng: rand.New(rand.NewPCG(seed, secondWord))}
}

// ascentStep is one estimate: of the ELBO, of the slopes along z, and of those of L (lower triangle, d×d).
type ascentStep struct {
	elbo   float64
	slope  []float64
	spread []float64
}

// estimate makes b.Draws draws of q. It returns a sentence when p makes no sense at one.
func (w *walker) estimate(q factor) (ascentStep, string) {
	d, n := len(q.mean), w.b.Draws
	g := ascentStep{slope: make([]float64, d), spread: make([]float64, d*d)}
	zs, weights := make([][]float64, n), make([]float64, n)
	x, u := make([]float64, d), make([]float64, d)
	for k := range n {
		z := make([]float64, d)
		var square float64
		for i := range z {
			z[i] = w.rng.NormFloat64()
			square += z[i] * z[i]
		}
		q.place(x, z)
		v := w.p.LogProb(x)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return g, "LogProb is " + number(v) + " at a draw of q, " + place(x)
		}
		zs[k], weights[k] = z, v+square/2+q.logDet+float64(d)*logRootTwoPi
		g.elbo += weights[k] / float64(n)
		if w.b.Estimator == ScoreFunction {
			continue
		}
		w.score(u, x)
		for _, v := range u {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return g, "the gradient of LogProb is " + number(v) + " at a draw of q, " + place(x)
			}
		}
		q.pull(u)
		g.add(u, z, w.b.Estimator == StickingTheLanding)
	}
	if w.b.Estimator == ScoreFunction {
		for k, z := range zs {
			others := (g.elbo*float64(n) - weights[k]) / float64(n-1)
			g.addScore(weights[k]-others, z)
		}
	}
	for i := range g.slope {
		g.slope[i] /= float64(n)
	}
	for i := range g.spread {
		g.spread[i] /= float64(n)
	}
	return g, ""
}

// add adds one draw's path derivative: u + z with the landing stuck to, else u with the entropy's own 1.
func (g *ascentStep) add(u, z []float64, stick bool) {
	d := len(z)
	for i := range d {
		v := u[i]
		if stick {
			v += z[i]
		}
		g.slope[i] += v
		for j := range i + 1 {
			g.spread[i*d+j] += v * z[j]
		}
		if !stick {
			g.spread[i*d+i]++
		}
	}
}

// addScore adds one draw's (w − b) times q's score.
func (g *ascentStep) addScore(w float64, z []float64) {
	d := len(z)
	for i := range d {
		g.slope[i] += w * z[i]
		for j := range i {
			g.spread[i*d+j] += w * z[i] * z[j]
		}
		g.spread[i*d+i] += w * (z[i]*z[i] - 1)
	}
}

// flat lists the parameters' slopes.
func (g ascentStep) flat(f Family) []float64 {
	d := len(g.slope)
	out := append([]float64(nil), g.slope...)
	for i := range d {
		for j := range i + 1 {
			if i == j || f == FullRank {
				out = append(out, g.spread[i*d+j])
			}
		}
	}
	return out
}

// step moves q by rate along z: m + L·rate·slope, and L·T with T's diagonal exp(rate·spread/2).
func (g ascentStep) step(q factor, f Family, rate float64) factor {
	const longest = 1.0
	var length float64
	for _, v := range g.flat(f) {
		length = math.Hypot(length, rate*v)
	}
	if length > longest {
		rate *= longest / length
	}
	d := len(q.mean)
	next := factor{mean: make([]float64, d)}
	shift, t := make([]float64, d), make([]float64, d*d)
	for i := range d {
		shift[i] = rate * g.slope[i]
		t[i*d+i] = math.Exp(rate * g.spread[i*d+i] / 2)
		if f == FullRank {
			for j := range i {
				t[i*d+j] = rate * g.spread[i*d+j]
			}
		}
	}
	q.place(next.mean, shift)
	next.low, next.logDet = q.times(t)
	return next
}
