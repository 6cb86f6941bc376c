package kl

import "math"

// Named tolerances of the quadrature along a line.
const (
	lineTol   = 1e-12   // wanted error relative to ∫|f|
	lineEvals = 400_000 // evaluations at most
	noMass    = 1e-15   // a share of q's mass that counts as none
	massTol   = 1e-10   // mass that may be missing before it enters an error bound
)

// Quad returns KL(q‖p) = ∫_a^b q ln(q/p) dx in nats by adaptive quadrature, with a bound on its error.
// logq and logp are the logarithms of two densities on (a, b), whose ends may be infinite; both must be
// normalised for the result to be the divergence (an unnormalised p shifts it by −ln ∫p).
//
// It finds q's mass by itself, in narrow peaks too. Where q is 0 nothing is added; where p is 0 on more than
// 1e−15 of q's mass, or where the integral grows without end, it is +Inf. NaN from logq or logp gives NaN.
//
// The bound is the Kronrod rule's against its embedded Gauss rule plus rounding, which is pessimistic by
// orders of magnitude. Mass of q that was not found in (a, b) counts too: the bound is large when the window
// cuts q off, and +Inf when q was nowhere seen.
//
// It panics unless a < b. Source: Piessens et al., QUADPACK (1983).
func Quad(logq, logp func(x float64) float64, a, b float64) (kl, errBound float64) {
	w := newWindow("Quad", a, b)
	var worst float64 // largest |ln(q/p)| seen
	job := lineJob{
		comps: 3,
		log: func(x float64) (float64, bool) {
			lq, lp := logq(x), logp(x)
			if math.IsNaN(lq) || math.IsNaN(lp) {
				return 0, true
			}
			if math.IsInf(lp, -1) || math.IsInf(lq, -1) {
				return lq, false
			}
			return lq + math.Log1p(math.Abs(lq-lp)), false
		},
		eval: func(x, lnJac float64, out *comps) {
			lq := logq(x)
			if math.IsInf(lq, -1) {
				return
			}
			q := math.Exp(lq + lnJac)
			out[1] = q
			lp := logp(x)
			if math.IsInf(lp, -1) {
				out[2] = q
				return
			}
			out[0] = q * (lq - lp)
			worst = max(worst, math.Abs(lq-lp))
		},
	}
	o, loc, broken := w.integrate(job)
	if !broken && !math.IsInf(loc.top, -1) && 1-o.val[1]-o.err[1] > massTol {
		job.comb, w = true, newWindow("Quad", a, b)
		o, loc, broken = w.integrate(job)
	}
	switch {
	case broken:
		return math.NaN(), math.Inf(1)
	case math.IsInf(loc.top, -1):
		return 0, math.Inf(1)
	case o.val[2] > noMass*o.val[1]:
		return math.Inf(1), 0
	case w.endless(loc):
		return math.Inf(1), 0
	}
	errBound = o.err[0] + rounding(o.abs[0], o.evals)
	if missing := 1 - o.val[1] - o.err[1]; missing > massTol {
		errBound += missing * unseen(worst, missing)
	}
	return o.val[0], errBound
}

// unseen bounds what each share of missing mass may add, when the largest |ln(q/p)| seen was worst and the
// mass goes on beyond the window as a power does: its mean there exceeds the window's edge by the edge over
// −ln of the share. Doubled for safety.
func unseen(worst, missing float64) float64 {
	return 2 * (1 + worst) * (1 - 1/math.Log(min(missing, 0.999)))
}

// rounding bounds what the summation of n terms with ∫|f| = abs can have lost, and what the logarithms it
// came from had lost before.
func rounding(abs float64, n int) float64 {
	return 0x1p-52 * abs * (4 + math.Sqrt(float64(n)))
}

// window is an interval to integrate over.
type window struct{ axis axis }

func newWindow(where string, a, b float64) window {
	if !(a < b) {
		panic("kl: " + where + ": the interval is (" + number(a) + ", " + number(b) + "), want a < b")
	}
	return window{axis{a: a, b: b, scale: 1}}
}

// lineJob is what to integrate over a window.
type lineJob struct {
	comps int
	log   func(x float64) (ln float64, nan bool) // ln of how much matters at x, per dx
	eval  func(x, lnJac float64, out *comps)     // the integrands times dx/dt; out comes zeroed
	lift  bool                                   // lnJac is less by the peak's height, which may be any number
	known []needle                               // peaks that the caller knows of
	comb  bool                                   // whether to look for narrow peaks evenly, where the mass is and around it
}

// integrate locates the job's mass and integrates. On the whole line it does so twice, the second time with
// the map centred on the peak, so that a narrow peak far from 0 keeps its digits.
func (w *window) integrate(job lineJob) (outcome, located, bool) {
	broken := false
	g := func(t float64) float64 {
		x, lnJac, inside := w.axis.at(t)
		if !inside {
			return math.Inf(-1)
		}
		v, nan := job.log(x)
		broken = broken || nan
		return v + lnJac
	}
	lo, hi := w.axis.ends()
	hints := func() (spans []span) {
		for _, n := range job.known {
			spans = append(spans, span{lo: [2]float64{w.axis.t(n.at - n.width)}, hi: [2]float64{w.axis.t(n.at + n.width)}})
		}
		return spans
	}
	loc := locate(g, lo, hi, hints()...)
	if job.comb && !math.IsInf(loc.top, -1) && !broken {
		job.known = append(job.known, w.combed(loc, job)...)
		loc = locate(g, lo, hi, hints()...)
	}
	if math.IsInf(loc.top, -1) || broken || w.endless(loc) {
		return outcome{}, loc, broken
	}
	if math.IsInf(w.axis.a, -1) && math.IsInf(w.axis.b, 1) {
		c, _, _ := w.axis.at(loc.peak)
		width := fall(func(x float64) float64 { v, _ := job.log(x); return v }, c, func() float64 { v, _ := job.log(c); return v }(), math.MaxFloat64)
		if width < math.Sqrt(math.MaxFloat64) {
			w.axis.centre, w.axis.scale = c, width
			around := hints()
			if job.comb {
				for _, n := range scanEvenly(nil, g, -combReach, combReach) {
					around = append(around, span{lo: [2]float64{n.at - n.width}, hi: [2]float64{n.at + n.width}})
				}
			}
			loc = locate(g, lo, hi, around...)
		}
	}
	down := 0.0
	if job.lift {
		down = loc.top
	}
	o := cubature{dim: 1, n: job.comps, rel: lineTol, maxEval: lineEvals, f: func(t [2]float64, out *comps) {
		*out = comps{}
		if x, lnJac, inside := w.axis.at(t[0]); inside {
			job.eval(x, lnJac-down, out)
		}
	}}.runTwice(loc.spans)
	for k := range job.comps {
		broken = broken || math.IsNaN(o.val[k])
	}
	return o, loc, broken
}

// combReach is how far from the highest peak narrow ones are looked for, in t: 600,000 of its widths. The steps grow
// with the distance, and so do the stretches on which a peak rises from the slope of another.
const combReach = 14

// combed returns the local maxima on an even grid over the bright stretch.
func (w *window) combed(loc located, job lineJob) []needle {
	a, _, _ := w.axis.at(loc.spans[0].lo[0])
	b, _, _ := w.axis.at(loc.spans[len(loc.spans)-1].hi[0])
	return scanEvenly(nil, func(x float64) float64 {
		if v, nan := job.log(x); !nan && x > w.axis.a && x < w.axis.b {
			return v
		}
		return math.Inf(-1)
	}, a, b)
}

// endless reports whether the integrand was still there at an infinite end.
func (w window) endless(loc located) bool {
	const gone = 25 // nats below the peak: a share of 1e−11
	return loc.endA < gone && math.IsInf(w.axis.a, -1) || loc.endB < gone && math.IsInf(w.axis.b, 1)
}
