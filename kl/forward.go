package kl

import (
	"math"

	"elboroom/fit"
)

// Forward returns the member of the family with the smallest KL(p‖q). It is known without any climbing: the
// Gaussian with p's own mean and covariance, and for MeanField with p's own mean and variances. The trace holds
// the start q0 and, one step later, that answer. The moments are MomentsOf's: closed form for a Gaussian,
// quadrature in one and two dimensions (mean and sd good to 1e−6 and usually to 1e−9), and above from seeded
// draws, whose standard errors MomentsOf(p, q0, s) reports for the same answer.
//
// Value is −KL(p‖q) in nats with p normalised, by quadrature where it was not; the objective is then
// "−KL(p‖q)". Above two dimensions the normaliser is not known: the objective is "−KL(p‖q) − ln Z", the mean
// over the same draws.
//
// q0 hints at where p lies. The status is Broken, with only the start kept, where p's moments are not to be
// had: no finite variance, NaN from LogProb, or no Draw method above two dimensions. It panics on a bad q0.
//
// Source: Bishop, PRML (2006), §10.7, eq. 10.187; Minka, Divergence measures and message passing (2005).
func Forward(p Target, q0 Gaussian, f Family, s fit.Settings) fit.Trace[Gaussian] {
	s = s.Filled()
	f.mustBeKnown("Forward")
	mustBeGiven("Forward", p)
	start := f.within(q0)
	m := MomentsOf(p, q0, s)
	trace := fit.Trace[Gaussian]{Objective: "−KL(p‖q)"}
	if m.Draws > 0 {
		trace.Objective = "−KL(p‖q) − ln Z"
	}
	if m.Reason != "" {
		trace.Steps = []fit.Step[Gaussian]{{Value: math.NaN(), Q: start}}
		trace.Status, trace.Reason = fit.Broken, m.Reason
		return trace
	}
	best := f.within(m.Gaussian)
	trace.Steps = []fit.Step[Gaussian]{
		{Sweep: 0, Value: m.minusForward(start), Q: start},
		{Sweep: 1, Value: m.minusForward(best), Q: best},
	}
	if s.Keep == fit.LastOnly {
		trace.Steps = trace.Steps[1:]
	}
	return trace
}

// minusForward returns −KL(p‖q) = H[p] + E_p ln q, where
// E_p ln q = −½[tr S_q⁻¹S_p + (m_p − m_q)ᵀ S_q⁻¹ (m_p − m_q)] − ½ ln|S_q| − (d/2) ln 2π.
// Written as the entropy that p lacks beside a Gaussian of its moments, less that Gaussian's own KL from q.
func (m Moments) minusForward(q Gaussian) float64 {
	return m.Entropy - m.Gaussian.Entropy() - MvNormal(m.Gaussian, q)
}
