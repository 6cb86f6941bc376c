package kl

import (
	"math"
	"strconv"

	"elboroom/fit"
)

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
	mustBeGiven(where, p)
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
	mustBeGiven(where, p)
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
