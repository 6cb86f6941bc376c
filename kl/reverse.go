package kl

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/optimize"

	"elboroom/fit"
)

// Reverse climbs the ELBO of a Gaussian q on the target p from the start q0:
//
//	ELBO(q) = E_q ln p(x) + H[q] = ln Z − KL(q‖p/Z)
//
// in nats, Z = ∫p (0 = ln Z when p is normalised, and then Value is −KL). It ends at a local maximum, the one
// its start leads to; a target with several bumps has several (ReverseOptima lists them). The objective is
// "ELBO". The zero family is FullRank; MeanField keeps the variances of q0 and drops its correlations.
//
// In one and two dimensions the expectations are quadratures, good to about 1e−11, and no gradient of p is
// needed. Above, they are means over fixed draws from s.Seed (common random numbers), with p's ScoreInput
// or else central differences: the value carries sampling error (ELBO reports it), the path does not shake,
// and a Gaussian target is met exactly.
//
// gonum's BFGS does the climbing (L-BFGS where there are many parameters) on the mean and the
// Cholesky factor with a logarithmic diagonal. Each step of the trace is one accepted iterate; values never
// fall. It has converged when a step gained less than s.Tol and no slope, per sd of q or per unit of ln sd,
// exceeds s.Tol/100 (with a negative Tol: when no step gains any more). s.Keep LastOnly keeps the last step;
// s.Workers is not used.
//
// The status is Broken, with the last good step kept, where LogProb is NaN or +Inf, where p is 0 on a set
// that every Gaussian gives mass to, and where the ELBO has no maximum. It panics on a bad q0.
//
// Source: Bishop, PRML (2006), §10.1; Kucukelbir et al., JMLR 18 (2017), for the parameters.
func Reverse(p Target, q0 Gaussian, f Family, s fit.Settings) fit.Trace[Gaussian] {
	s = s.Filled()
	f.mustBeKnown("Reverse")
	mustBeGiven("Reverse", p)
	start := f.within(q0).factored("Reverse: q0")
	e := newExpecter(p, start, s.Seed)
	climb := func() ascent {
		a := ascent{family: f, s: s, e: e, trace: fit.Trace[Gaussian]{Objective: "ELBO"}, here: start}
		a.run()
		return a
	}
	a := climb()
	if a.bad == "" && !e.seesAll(a.here) {
		a = climb()
	}
	if s.Keep == fit.LastOnly {
		a.trace.Steps = a.trace.Steps[len(a.trace.Steps)-1:]
	}
	return a.trace
}

// ascent is one run of Reverse.
type ascent struct {
	family Family
	s      fit.Settings
	e      *expecter
	trace  fit.Trace[Gaussian]
	here   factor // the last accepted iterate
	frame  factor // parameters are relative to it: zero parameters are the frame itself
	sweeps int
	last   struct { // the last evaluation
		theta []float64
		q     factor
		r     expectation
		value float64
		ok    bool
	}
	bad      string // why it broke
	wall     bool   // an evaluation met p = 0
	done     bool
	progress bool // in this frame
}

// Named limits of the ascent.
const (
	slopeShare  = 0.01 // of Tol, what a slope may be
	maxDrift    = 2.0  // in ln sd, after which the frame is renewed
	farthest    = 20.0 // in ln sd, from the frame, where nothing is evaluated
	denseParams = 200  // parameters up to which BFGS keeps a full matrix
	frameSteps  = 100  // iterates before the frame is renewed
	endless     = 600  // |ln sd| at which the ELBO is said to have no maximum
)

func (a *ascent) run() {
	first := a.e.at(a.here)
	value := a.value(a.here, first)
	a.trace.Steps = append(a.trace.Steps, fit.Step[Gaussian]{Value: value, Q: a.here.gaussian()})
	switch {
	case first.bad != "":
		a.trace.Steps[0].Value = math.NaN()
		a.breakOff(first.bad)
		return
	case math.IsInf(value, -1):
		a.breakOff("LogProb is −Inf where the start q0 has mass, so its ELBO is −Inf: start where p is positive, and let LogProb return the logarithm itself where p underflows")
		return
	}
	for stuck := 0; !a.done && a.bad == "" && a.sweeps < a.s.Sweeps; {
		a.frame, a.progress = a.here, false
		a.last.ok = false
		a.climb()
		if a.progress {
			stuck = 0
		} else if stuck++; stuck > 1 {
			break
		}
	}
	residual := a.residual(a.e.at(a.here))
	switch {
	case a.bad != "":
		a.breakOff(a.bad)
	case a.done || residual*residual <= math.Abs(a.s.Tol):
		a.trace.Status = fit.Converged
	case a.sweeps >= a.s.Sweeps:
		a.trace.Status = fit.OutOfSweeps
	case a.wall:
		a.breakOff("LogProb is −Inf on a set that every Gaussian gives mass to, so KL(q‖p) is +Inf for every q: transform the target to the whole line")
	default:
		a.breakOff("no step along the gradient gains although the largest slope is " + number(residual) + ": LogProb is not smooth, or its gradient is wrong")
	}
}

func (a *ascent) breakOff(reason string) {
	a.trace.Status, a.trace.Reason = fit.Broken, reason
}

// climb runs gonum's minimiser on −ELBO in the present frame.
func (a *ascent) climb() {
	n := a.params()
	problem := optimize.Problem{
		Func: func(theta []float64) float64 {
			a.evaluate(theta)
			return -a.last.value
		},
		Grad: func(grad, theta []float64) {
			a.evaluate(theta)
			a.slopes(grad)
		},
	}
	var method optimize.Method = &optimize.BFGS{Linesearcher: &lineSearch{}, GradStopThreshold: math.NaN()}
	if n > denseParams {
		method = &optimize.LBFGS{Linesearcher: &lineSearch{}, GradStopThreshold: math.NaN()}
	}
	// An error is a line search that found no gain; run looks at how far it came.
	_, _ = optimize.Minimize(problem, make([]float64, n), &optimize.Settings{Converger: &watcher{a: a}}, method)
}

// watcher sees every accepted iterate.
type watcher struct {
	a     *ascent
	steps int
}

func (w *watcher) Init(int) {}

func (w *watcher) Converged(loc *optimize.Location) optimize.Status {
	a := w.a
	a.evaluate(loc.X)
	if w.steps++; w.steps == 1 {
		// The frame itself, which is recorded already.
		if a.sweeps == 0 && a.s.Tol > 0 && a.residual(a.last.r) <= slopeShare*a.s.Tol {
			a.done = true
			return optimize.GradientThreshold
		}
		return optimize.NotTerminated
	}
	gain := a.accept()
	switch {
	case a.s.Tol > 0 && gain < a.s.Tol && a.residual(a.last.r) <= slopeShare*a.s.Tol:
		a.done = true
		return optimize.GradientThreshold
	case a.sweeps >= a.s.Sweeps || a.bad != "":
		return optimize.IterationLimit
	case w.steps > frameSteps || a.drift() > maxDrift:
		return optimize.MethodConverge
	}
	return optimize.NotTerminated
}

// accept makes the last evaluation the present iterate and returns its gain. An iterate that lost a
// rounding error takes the place of the last step only where it is not below the one before that.
func (a *ascent) accept() float64 {
	steps := a.trace.Steps
	prev := steps[len(steps)-1]
	a.here = a.last.q
	a.sweeps++
	step := fit.Step[Gaussian]{Sweep: a.sweeps, Value: a.last.value, Q: a.here.gaussian()}
	switch {
	case step.Value > prev.Value:
		a.trace.Steps = append(steps, step)
		a.progress = true
	case len(steps) > 1 && step.Value >= steps[len(steps)-2].Value:
		step.Sweep = prev.Sweep
		steps[len(steps)-1] = step
	}
	for i := range a.here.mean {
		if ln := math.Log(a.here.low[i*len(a.here.mean)+i]); math.Abs(ln) > endless {
			a.bad = "the sd of coordinate " + strconv.Itoa(i) + " left the range of numbers: the ELBO has no maximum"
		}
	}
	return step.Value - prev.Value
}
