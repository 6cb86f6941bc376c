package kl

import "math"

// Alpha returns the α-divergence of q from p over (a, b), in nats at its two ends:
//
//	D_α(q‖p) = ∫ [αq + (1 − α)p − q^α p^(1−α)] dx / (α(1 − α))
//
// It runs from one KL to the other: α = 1 is KL(q‖p), α = 0 is KL(p‖q), α = ½ is four times the squared
// Hellinger distance ½∫(√q − √p)², α = 2 is half of χ². It is ≥ 0, and 0 only where q and p agree; the integrand
// itself is ≥ 0, so that nothing cancels. For α ≥ 1 it is +Inf where p is 0 on some of q's mass, for α ≤ 0 the
// other way round.
//
// logq and logp are the logarithms of normalised densities; ends and mass are as in Quad. AlphaQuad tells how far off
// it may be. It panics unless a < b and alpha is finite.
//
// Source: Cichocki and Amari, Families of alpha- beta- and gamma-divergences, Entropy 12 (2010), eq. 2;
// Minka, Divergence measures and message passing (2005), eq. 1 (there p averages for α = 1).
func Alpha(alpha float64, logq, logp func(x float64) float64, a, b float64) float64 {
	d, _ := AlphaQuad(alpha, logq, logp, a, b)
	return d
}

// AlphaQuad is Alpha with a bound on its error, which means what Quad's does.
func AlphaQuad(alpha float64, logq, logp func(x float64) float64, a, b float64) (d, errBound float64) {
	mustBeFinite("Alpha", "alpha", alpha)
	switch alpha {
	case 1:
		return Quad(logq, logp, a, b)
	case 0:
		return Quad(logp, logq, a, b)
	}
	w := newWindow("Alpha", a, b)
	var worst float64
	o, loc, broken := w.integrate(lineJob{
		comps: 5,
		log: func(x float64) (float64, bool) {
			lq, lp := logq(x), logp(x)
			v := max(lq, lp)
			if mixed := alpha*lq + (1-alpha)*lp; !math.IsNaN(mixed) && !math.IsInf(mixed, 1) {
				v = max(v, mixed)
			}
			return v, math.IsNaN(lq) || math.IsNaN(lp)
		},
		eval: func(x, lnJac float64, out *comps) {
			lq, lp := logq(x), logp(x)
			q, p := math.Exp(lq+lnJac), math.Exp(lp+lnJac)
			out[1], out[2] = q, p
			switch {
			case math.IsInf(lq, -1) && math.IsInf(lp, -1):
				return
			case math.IsInf(lp, -1):
				out[0], out[3] = q/(1-alpha), q
				return
			case math.IsInf(lq, -1):
				out[0], out[4] = p/alpha, p
				return
			}
			worst = max(worst, math.Abs(lq-lp))
			out[0] = alphaTerm(alpha, lq+lnJac, lp+lnJac)
		},
	})
	switch {
	case broken:
		return math.NaN(), math.Inf(1)
	case math.IsInf(loc.top, -1):
		return 0, math.Inf(1)
	case alpha >= 1 && o.val[3] > noMass*o.val[1], alpha <= 0 && o.val[4] > noMass*o.val[2], w.endless(loc), math.IsInf(o.val[0], 1):
		return math.Inf(1), 0
	}
	errBound = o.err[0] + rounding(o.abs[0], o.evals)
	for k := 1; k <= 2; k++ {
		if missing := 1 - o.val[k] - o.err[k]; missing > massTol {
			errBound += missing * unseen(worst, missing) / math.Abs(alpha*(1-alpha))
		}
	}
	return o.val[0], errBound
}

// alphaTerm returns [αq + (1 − α)p − q^α p^(1−α)]/(α(1 − α)) from the logarithms. With u = ln(q/p) it is
// p[α(e^u − 1) − (e^(αu) − 1)]/(α(1 − α)), and each e^v − 1 is v + h(e^v), whose v cancel exactly.
func alphaTerm(alpha, lq, lp float64) float64 {
	u := lq - lp
	if math.Abs(u) < 1 && math.Abs(alpha*u) < 1 {
		return math.Exp(lp) * (alpha*logExcess(u) - logExcess(alpha*u)) / (alpha * (1 - alpha))
	}
	return (alpha*math.Exp(lq) + (1-alpha)*math.Exp(lp) - math.Exp(alpha*lq+(1-alpha)*lp)) / (alpha * (1 - alpha))
}

// Renyi returns Rényi's divergence of order alpha ≥ 0 in nats, with a bound on its error:
//
//	R_α(q‖p) = ln ∫ q^α p^(1−α) dx / (α − 1) = ln(1 − α(1 − α) D_α) / (α − 1)
//
// It grows with α and passes KL(q‖p) at α = 1; at α = 0 it is −ln of p's mass where q is positive. Arguments and
// bound are as in AlphaQuad; densities without common ground are +Inf apart. It panics unless alpha ≥ 0 is finite and a < b.
//
// Source: van Erven and Harremoës, Rényi divergence and Kullback-Leibler divergence, IEEE Trans. Inf. Theory
// 60 (2014), eq. 1.
func Renyi(alpha float64, logq, logp func(x float64) float64, a, b float64) (r, errBound float64) {
	if !(alpha >= 0) || math.IsInf(alpha, 1) {
		panic("kl: Renyi: alpha is " + number(alpha) + ", want a finite number of at least 0")
	}
	if alpha == 1 {
		return Quad(logq, logp, a, b)
	}
	const near = 0.5 // up to this share missing from ∫ q^α p^(1−α), D_α is the more accurate way
	d, e := AlphaQuad(max(alpha, tinyAlpha), logq, logp, a, b)
	if c := alpha * (1 - alpha); alpha >= tinyAlpha && (math.IsInf(d, 1) && alpha > 1 || math.IsNaN(d) || math.Abs(c*d) < near) {
		return math.Log1p(-c*d) / (alpha - 1), math.Abs(c) * e / (math.Abs(alpha-1) * (1 - c*d))
	}
	w := newWindow("Renyi", a, b)
	mixed := func(x float64) float64 {
		lq, lp := logq(x), logp(x)
		if math.IsInf(lq, -1) || math.IsInf(lp, -1) {
			return math.Inf(-1)
		}
		return alpha*lq + (1-alpha)*lp
	}
	o, loc, broken := w.integrate(lineJob{
		comps: 1,
		lift:  true,
		log:   func(x float64) (float64, bool) { v := mixed(x); return v, math.IsNaN(v) },
		eval:  func(x, lnJac float64, out *comps) { out[0] = math.Exp(mixed(x) + lnJac) },
	})
	switch {
	case broken:
		return math.NaN(), math.Inf(1)
	case math.IsInf(loc.top, -1), w.endless(loc):
		return math.Inf(1), 0
	}
	r = (loc.top + math.Log(o.val[0])) / (alpha - 1)
	return r, (o.err[0]/o.val[0] + rounding(1+math.Abs(loc.top), o.evals)) / math.Abs(alpha-1)
}

// tinyAlpha is the order below which Renyi is taken from the integral alone.
const tinyAlpha = 1e-6
