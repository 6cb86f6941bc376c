package rivals

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distmv"
)

// Metropolis walks at random on a log density in nats, which need not be normalised: a proposal x + Step·z with
// z ~ N(0, I) is taken with probability min(1, p(proposal)/p(x)), else the chain stays, and the stay counts.
//
// On N(0, 1) with step sd s the share taken is (2/π) arctan(2/s). The step decides everything: too short and
// the chain creeps, too long and it never moves.
//
// Source: Metropolis et al. (1953); Hastings (1970); Gelman, Roberts & Gilks (1996) for the shares aimed at.
type Metropolis struct {
	Target distmv.LogProber
	Step   float64 // sd of the proposal along each axis; positive
	// Adapt tunes each chain's step during the burn-in towards taking 44 % of the proposals in one dimension and
	// 23.4 % in more, by Robbins and Monro's rule; after the burn-in the step is fixed. Off, Step is all.
	Adapt bool
}

// Sample runs the chains; s.Init is required, one point a chain. It panics where the log density at one of them is NaN
// or +Inf; −Inf, a density of 0, is left for anything better.
func (m Metropolis) Sample(s Sampling) Chains {
	if m.Target == nil {
		panic("rivals: Metropolis: Target is nil, want a log density")
	}
	if !(m.Step > 0) || math.IsInf(m.Step, 0) {
		panic(fmt.Sprintf("rivals: Metropolis: Step is %v, want a positive finite number", m.Step))
	}
	if len(s.Init) == 0 || len(s.Init[0]) == 0 {
		panic("rivals: Metropolis: Init has 0 points, want one for each chain")
	}
	d := len(s.Init[0])
	s = s.filled("Metropolis", d)
	for i, at := range s.Init {
		if v := m.Target.LogProb(at); math.IsNaN(v) || math.IsInf(v, 1) {
			panic(fmt.Sprintf("rivals: Metropolis: the log density at Init[%d] is %v, want a number below +Inf", i, v))
		}
	}
	return s.run("Metropolis", nil, func(int) walker { return m.walk(d, s.Burn) })
}

func (m Metropolis) walk(d, burn int) walker {
	goal := 0.234
	if d == 1 {
		goal = 0.44
	}
	lnStep, done := math.Log(m.Step), 0
	proposal := make([]float64, d)
	here := math.NaN() // the log density at the state, once known
	return func(state []float64, rng *rand.Rand) float64 {
		if done == 0 {
			here = m.Target.LogProb(state)
		}
		done++
		step := math.Exp(lnStep)
		for i, v := range state {
			proposal[i] = v + step*rng.NormFloat64()
		}
		there := m.Target.LogProb(proposal)
		// A start where the density is 0 is left for anything better; NaN is never taken.
		taken := 0.0
		if u := rng.Float64(); math.Log(u) < there-here || (math.IsInf(here, -1) && there > here) {
			copy(state, proposal)
			here, taken = there, 1
		}
		if m.Adapt && done <= burn {
			lnStep += (taken - goal) / math.Sqrt(float64(done))
		}
		return taken
	}
}
