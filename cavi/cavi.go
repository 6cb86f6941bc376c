// Package cavi climbs the evidence lower bound one factor at a time.
//
// Coordinate ascent variational inference looks for the member of a factorised family, q(z) = Π_j q_j(z_j), that
// has the highest ELBO = E_q ln p(x, z) − E_q ln q(z), in nats. Holding all factors but one, the best q_j is
//
//	ln q_j*(z_j) = E_{−j} ln p(x, z) + const        (Bishop, PRML (2006), eq. 10.9)
//
// and in the models here that is a density with a name. Each update is that formula; no update can lower the
// ELBO, and since ELBO = ln p(x) − KL(q‖p(·|x)), the climb is a descent of the divergence.
//
// A model is a value with a Start, its Updates and its ELBO; Fit runs them and returns the history. A fit ends
// at a local optimum at best: the start decides which. See Fit for what Converged does and does not mean.
package cavi

import (
	"fmt"
	"math"
	"math/rand/v2"

	"elboroom/fit"
)

// Model is what Fit climbs. Q is the state: plain numbers that describe the factors.
type Model[Q any] interface {
	// Start checks the model's fields, panics with one sentence if they are wrong, and returns a first state
	// that depends on the fields and the draws of src alone.
	Start(src rand.Source) Q
	// Updates returns the factors' updates in the order of a sweep.
	Updates() []Update[Q]
	// ELBO returns the evidence lower bound at q in nats, every constant included.
	ELBO(q Q) float64
}

// Update moves one factor to its optimum, the others held.
type Update[Q any] struct {
	Factor string      // the factor that moves, "q(μ)"
	Move   func(q Q) Q // returns the state after the move; does not modify its argument
}

// Sweeper is a Model with a fused sweep: all updates, and the ELBO after them, in one pass over the data.
// Its result equals that of the updates and does not depend on workers, bit for bit.
type Sweeper[Q any] interface {
	Sweep(q Q, workers int) (Q, float64)
}

// Term is one named part of an ELBO, in nats.
type Term struct {
	Name  string
	Value float64
}

// sum adds the terms in their order.
func sum(terms []Term) float64 {
	var s float64
	for _, t := range terms {
		s += t.Value
	}
	return s
}

// stream is the second word of the generator that draws starts; the first is Settings.Seed.
const stream = 0x63617669 // "cavi"

// Fit runs coordinate ascent on m and returns its history; the objective is the ELBO in nats.
//
// Converged means that the last sweep gained less than s.Tol. It does not mean that an optimum was reached: a
// start near a saddle gains little for many sweeps, and one that is close enough stops there. Lower Tol, or a
// negative one, lets it go on. Broken means that the ELBO of a step was NaN or infinite; that step is dropped,
// unless it is the start itself, which is kept so that it can be looked at.
func Fit[Q any](m Model[Q], s fit.Settings) fit.Trace[Q] {
	s = s.Filled()
	c := climb[Q]{keep: s.Keep, trace: fit.Trace[Q]{Objective: "ELBO", Status: fit.OutOfSweeps}}
	q := m.Start(rand.NewPCG(s.Seed, stream))
	value := m.ELBO(q)
	if !c.step(fit.Step[Q]{Value: value, Q: q}) {
		return c.trace
	}
	sweep := func(q Q, n int) (Q, float64, bool) { return c.plain(m, q, n) }
	if fused, ok := m.(Sweeper[Q]); ok && s.Keep != fit.EveryUpdate {
		sweep = func(q Q, n int) (Q, float64, bool) {
			q, v := fused.Sweep(q, s.Workers)
			return q, v, c.step(fit.Step[Q]{Sweep: n, Value: v, Q: q})
		}
	}
	for n := 1; n <= s.Sweeps; n++ {
		next, after, ok := sweep(q, n)
		if !ok {
			break
		}
		gain := after - value
		q, value = next, after
		if gain < s.Tol && s.Tol > 0 {
			c.trace.Status = fit.Converged
			break
		}
	}
	return c.trace
}

// climb collects the steps of a fit.
type climb[Q any] struct {
	keep  fit.Keep
	trace fit.Trace[Q]
}

// plain does one sweep update by update and returns the ELBO after it.
func (c *climb[Q]) plain(m Model[Q], q Q, n int) (Q, float64, bool) {
	var value float64
	updates := m.Updates()
	for i, u := range updates {
		q = u.Move(q)
		step := fit.Step[Q]{Sweep: n, Update: u.Factor, Q: q}
		if c.keep != fit.EveryUpdate {
			if i < len(updates)-1 {
				continue
			}
			step.Update = ""
		}
		value = m.ELBO(q)
		step.Value = value
		if !c.step(step) {
			return q, value, false
		}
	}
	return q, value, true
}

// step keeps s, or says that the fit is broken.
func (c *climb[Q]) step(s fit.Step[Q]) bool {
	bad := math.IsNaN(s.Value) || math.IsInf(s.Value, 0)
	if bad {
		c.trace.Status = fit.Broken
		c.trace.Reason = fmt.Sprintf("cavi: the ELBO is %v in sweep %d", s.Value, s.Sweep)
		if s.Sweep > 0 {
			return false
		}
	}
	if c.keep == fit.LastOnly {
		c.trace.Steps = c.trace.Steps[:0]
	}
	c.trace.Steps = append(c.trace.Steps, s)
	return !bad
}
