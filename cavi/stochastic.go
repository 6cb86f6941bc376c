package cavi

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"

	"elboroom/fit"
)

// Learner is a model that can learn from a mini-batch. D is a datum: float64 for GMM, []float64 for BayesGMM,
// model.Counts for LDA. The model's own data are not read, so they need not be there.
type Learner[Q, D any] interface {
	// Begin returns the first state, and what b says of its ELBO in nats. It may draw the start from b.
	Begin(b Batch[D], src rand.Source) (Q, float64)
	// Learn moves the global factors by the natural gradient that b estimates, times rate, and returns the ELBO in
	// nats that b estimates of the new state.
	Learn(q Q, b Batch[D], rate float64) (Q, float64)
}

// Batch is a mini-batch.
type Batch[D any] struct {
	Data    []D // at least 1
	Of      int // how many data there are in all, that these stand for
	Workers int // at least 1; the result does not depend on it
}

// Stochastic says how FitStochastic walks. Step t = 1, 2, … has the rate
//
//	ε_t = (t + Delay)^−Power
//
// which falls slowly enough to get anywhere (Σ ε_t = ∞) and fast enough to come to rest (Σ ε_t² < ∞: Robbins &
// Monro, 1951) just when Power is in (½, 1].
type Stochastic struct {
	Of    int     // how many data there are in all, in one pass over the stream; at least 1
	Batch int     // data a step; 0 means 100, or Of if that is less
	Delay float64 // at least 0; the larger, the less the first steps count. 0: the first step forgets the start
	Power float64 // in (½, 1], often called κ; 0 means 0.7
	Const float64 // not 0: this rate at every step, in (0, 1], instead of the falling one. It never comes to rest
}

const (
	stochasticBatch = 100
	stochasticPower = 0.7
)

// Filled returns c with its zero values replaced by what they stand for, or panics with what is wrong.
func (c Stochastic) Filled() Stochastic {
	if c.Of < 1 {
		panic(fmt.Sprintf("cavi: Stochastic: Of is %d, want how many data there are in all", c.Of))
	}
	if c.Batch == 0 {
		c.Batch = min(stochasticBatch, c.Of)
	}
	if c.Power == 0 {
		c.Power = stochasticPower
	}
	switch {
	case c.Batch < 0:
		panic(fmt.Sprintf("cavi: Stochastic: Batch is %d, want at least 1", c.Batch))
	case c.Batch > c.Of:
		panic(fmt.Sprintf("cavi: Stochastic: Batch is %d, more than all %d data", c.Batch, c.Of))
	case !(c.Delay >= 0) || math.IsInf(c.Delay, 0):
		panic(fmt.Sprintf("cavi: Stochastic: Delay is %v, want at least 0: a rate above 1 overshoots", c.Delay))
	case math.IsNaN(c.Power) || c.Power > 1:
		panic(fmt.Sprintf("cavi: Stochastic: Power is %v, want at most 1: the steps would shrink before they arrive", c.Power))
	case c.Power <= 0.5:
		panic(fmt.Sprintf("cavi: Stochastic: Power is %v, want more than ½: the noise would never die out", c.Power))
	case math.IsNaN(c.Const) || c.Const < 0 || c.Const > 1:
		panic(fmt.Sprintf("cavi: Stochastic: Const is %v, want a rate in (0, 1], or 0 for one that falls", c.Const))
	}
	return c
}

// Rate returns ε_t of step t ≥ 1.
func (c Stochastic) Rate(t int) float64 {
	if c.Const != 0 {
		return c.Const
	}
	if c.Power == 0 {
		c.Power = stochasticPower
	}
	return math.Pow(float64(t)+c.Delay, -c.Power)
}

// FitStochastic climbs the ELBO of m by stochastic variational inference: noisy natural gradients, each from a
// mini-batch of consecutive data of the stream.
//
// A step makes the local factors of the mini-batch optimal, computes the λ̂ that the global factors would get from all
// data if those were Of/Batch copies of the mini-batch, and sets λ ← (1 − ε_t) λ + ε_t λ̂ in their natural parameters.
// λ̂ − λ is the natural gradient, on average over mini-batches the one of all data. With all data in a batch and rate 1
// a step is a sweep of Fit, bit for bit; LDA's sweep is then one that begins with even shares. Memory does not grow
// with the data: no more than a mini-batch of the stream is ever held.
//
// The stream is read once, to its end or for s.Sweeps passes (0 means 500) of Of data each; a last shorter mini-batch
// counts as one. Its order must be random, or near enough: see Shuffled. Value is what the step's own mini-batch says
// of the ELBO after it, "ELBO, estimated": noisy, a little too high, and it falls as often as it rises. So s.Tol is not
// used, and the status is OutOfSweeps, or Broken with a sentence. It panics where c has no meaning or the stream no data.
//
// Source: Hoffman, Blei, Wang & Paisley, Stochastic variational inference (2013), fig. 4 and eqs 26, 27.
func FitStochastic[Q, D any](m Learner[Q, D], data iter.Seq[D], c Stochastic, s fit.Settings) fit.Trace[Q] {
	w := walk[Q, D]{model: m, plan: c.Filled(), settings: s.Filled()}
	w.climb = climb[Q]{keep: s.Keep, trace: fit.Trace[Q]{Objective: "ELBO, estimated", Status: fit.OutOfSweeps}}
	batch := make([]D, 0, w.plan.Batch)
	for x := range data {
		if batch = append(batch, x); len(batch) < w.plan.Batch {
			continue
		}
		if !w.step(batch) || w.seen/w.plan.Of >= w.settings.Sweeps {
			return w.climb.trace
		}
		batch = batch[:0]
	}
	if len(batch) > 0 {
		w.step(batch)
	}
	if w.steps == 0 {
		panic("cavi: FitStochastic: the stream has no data, want at least 1")
	}
	return w.climb.trace
}

// walk is a stochastic fit under way.
type walk[Q, D any] struct {
	model    Learner[Q, D]
	plan     Stochastic
	settings fit.Settings
	climb    climb[Q]
	q        Q
	steps    int // taken
	seen     int // data in them
}

// step takes one step, the first after the start, and says whether the fit goes on.
func (w *walk[Q, D]) step(data []D) bool {
	b := Batch[D]{Data: data, Of: w.plan.Of, Workers: w.settings.Workers}
	if w.steps == 0 {
		first, value := w.model.Begin(b, rand.NewPCG(w.settings.Seed, stream))
		if !w.climb.step(fit.Step[Q]{Value: value, Q: first}) {
			w.steps = 1
			return false
		}
		w.q = first
	}
	w.steps++
	pass := 1 + w.seen/w.plan.Of
	w.seen += len(data)
	next, value := w.model.Learn(w.q, b, w.plan.Rate(w.steps))
	w.q = next
	ok := w.climb.step(fit.Step[Q]{Sweep: pass, Value: value, Q: next})
	if last := len(w.climb.trace.Steps) - 1; ok && w.settings.Keep == fit.EverySweep && w.climb.trace.Steps[last-1].Sweep == pass {
		w.climb.trace.Steps = slices.Delete(w.climb.trace.Steps, last-1, last)
	}
	return ok
}

// Shuffled is a stream of x for so many passes, each in a new order, every one as likely as any other. It serves data
// that fit in memory, and is the same each time that it is read. It panics if passes < 1.
func Shuffled[D any](x []D, passes int, seed uint64) iter.Seq[D] {
	if passes < 1 {
		panic(fmt.Sprintf("cavi: Shuffled: %d passes, want at least 1", passes))
	}
	return func(yield func(D) bool) {
		rng := rand.New(rand.NewPCG(seed, stream))
		for range passes {
			for _, i := range rng.Perm(len(x)) {
				if !yield(x[i]) {
					return
				}
			}
		}
	}
}
