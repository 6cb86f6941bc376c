package exact

import "math"

// blend returns a read-out of all assignments: that of f, and those of two components, of all data in one, and of the prior.
func (s *space) blend(f, two, one, prior, logEvidence float64) float64 {
	n := s.all.n
	pairs := math.Exp(n*math.Ln2 + s.two.LogEvidence - n*math.Log(3) - logEvidence)
	all := math.Exp(s.all.logMarginal(s.m) - n*math.Log(3) - logEvidence)
	return f + pairs*(2*two+prior) - all*(one+2*prior)
}

// predictive returns p(x_new | x) at x.
func (s *space) predictive(x, logEvidence float64) float64 {
	s2 := s.m.Sigma * s.m.Sigma
	f := s.over(logEvidence, func(mu float64) float64 { return gauss(x, mu, s2) })
	return s.blend(f, s.two.Predictive(x), gauss(x, s.all.mean(s.m), s2+s.all.variance(s.m)), gauss(x, s.m.Mu0, s2+s.m.Tau0*s.m.Tau0), logEvidence)
}

// marginal returns p(μ_k | x) at mu, averaged over the names. A function that a lattice of this step sums well has next
// to no frequencies above those that its planes can tell apart, so its integral over the other means at any mu follows from those at the lattice's planes
// by Whittaker's series (Stenger, Numerical methods based on sinc and analytic functions (1993), §1.10).
func (s *space) marginal(mu, logEvidence float64) float64 {
	f := s.over(logEvidence, func(at float64) float64 {
		if u := math.Pi * (mu - at) / s.apart; u != 0 {
			return math.Sin(u) / u / s.apart
		}
		return 1 / s.apart
	})
	return s.blend(f, s.two.Marginal(mu), gauss(mu, s.all.mean(s.m), s.all.variance(s.m)), gauss(mu, s.m.Mu0, s.m.Tau0*s.m.Tau0), logEvidence)
}

// over returns the mean over f of (1/3) Σ_k of a function of a mean.
func (s *space) over(logEvidence float64, g func(mu float64) float64) (total float64) {
	for _, v := range s.grid {
		if w := v.times * math.Exp(v.logF+s.lnW-logEvidence); w > 0 {
			mu := s.at(v.at)
			total += w * (g(mu[0]) + g(mu[1]) + g(mu[2])) / 3
		}
	}
	return total
}
