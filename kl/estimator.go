package kl

import (
	"math"
	"math/rand/v2"
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
	// ScoreFunction needs no gradient of ln p, and away from the optimum has by far the most noise (Ranganath,
	// Gerrish and Blei, Black box variational inference, AISTATS 2014).
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
