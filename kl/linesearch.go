package kl

import (
	"math"

	"gonum.org/v1/gonum/optimize"
)

// lineSearch looks for a step that gains, without leaving the neighbourhood: from a start, the first step is
// no longer than the gradient, and no later step is stretched by more than a few doublings. It accepts by the
// weak Wolfe conditions, near the optimum by the slopes alone, since differences of the objective drown in
// rounding long before slopes do.
//
// Sources: Nocedal and Wright, Numerical Optimization (2006), §3.1; the approximate conditions are those of
// Hager and Zhang, SIAM J. Optim. 16 (2005), eq. 4.1.
type lineSearch struct {
	later           bool    // the first search of a run is behind
	longest         float64 // step that may be tried
	f0, g0          float64
	step, low, high float64
	tries           int
}

const (
	armijo   = 1e-4
	wolfe    = 0.9
	noise    = 1e-13 // of the objective, relative to 1 + |objective|
	maxTries = 60
	maxGrow  = 16.0
)

// Init begins a search from value f and slope g along the direction.
func (l *lineSearch) Init(f, g, step float64) optimize.Operation {
	l.longest = math.Inf(1)
	if !l.later {
		// gonum's first direction is minus the gradient, with a step that makes its length 1.
		l.later, l.longest = true, 1
	}
	l.f0, l.g0, l.step, l.low, l.high, l.tries = f, g, step, 0, math.Inf(1), 0
	return optimize.FuncEvaluation | optimize.GradEvaluation
}

// Iterate judges the value f and slope g at the present step and says what to do next.
func (l *lineSearch) Iterate(f, g float64) (optimize.Operation, float64, error) {
	again := optimize.FuncEvaluation | optimize.GradEvaluation
	l.tries++
	if l.step > l.longest {
		l.step, l.longest = l.longest, math.Inf(1)
		return again, l.step, nil
	}
	gains := f <= l.f0+armijo*l.step*l.g0
	flat := f <= l.f0+noise*(1+math.Abs(l.f0)) && g <= (2*armijo-1)*l.g0
	steep := g < wolfe*l.g0
	switch {
	case !gains && !flat:
		if l.tries > maxTries {
			return optimize.NoOperation, l.step, optimize.ErrLinesearcherFailure
		}
		l.high = l.step
		next := (l.low + l.high) / 2
		if bend := f - l.f0 - l.g0*l.step; l.low == 0 && bend > 0 && !math.IsInf(bend, 1) {
			// The parabola through value, slope and value.
			next = min(max(-l.g0*l.step*l.step/(2*bend), 0.1*l.step), 0.5*l.step)
		}
		l.step = next
		return again, l.step, nil
	case steep && math.IsInf(l.high, 1) && l.step < maxGrow:
		l.low = l.step
		l.step *= 2
		return again, l.step, nil
	case steep && !math.IsInf(l.high, 1) && l.tries < maxTries/2 && l.high-l.low > 1e-3*l.high:
		l.low = l.step
		l.step = (l.low + l.high) / 2
		return again, l.step, nil
	}
	return optimize.MajorIteration, l.step, nil
}
