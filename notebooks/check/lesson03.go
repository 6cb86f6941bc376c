package check

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/exact"
	"elboroom/kl"
)

// normalCase is a Normal mean with a Normal prior, and a q to score: the example of lesson 03.
type normalCase struct {
	x                      []float64
	sigma, mu0, tau0, m, s float64
	evidence               float64 // ln p(x)
	fit, prior, entropy    float64 // E ln p(x|θ), E ln p(θ), H(q)
}

// normalCases are random; in the last q is the posterior, so that the ELBO is tight.
func normalCases(d draws, n int) []normalCase {
	all := make([]normalCase, n)
	for i := range all {
		c := normalCase{sigma: d.between(1.2, 2.5), mu0: d.away(0.5, 2), tau0: d.between(1.4, 3), m: d.away(0.3, 2), s: d.between(0.3, 0.9)}
		c.x = d.sample(4+d.IntN(3), d.away(0.5, 2), c.sigma)
		post := exact.NormalNormal(distuv.Normal{Mu: c.mu0, Sigma: c.tau0}, c.sigma, c.x)
		if i == n-1 {
			c.m, c.s = post.Posterior.Mu, post.Posterior.Sigma
		}
		c.evidence = post.LogEvidence
		for _, x := range c.x {
			c.fit += normalLog(x, c.m, c.sigma) - c.s*c.s/(2*c.sigma*c.sigma)
		}
		c.prior = normalLog(c.m, c.mu0, c.tau0) - c.s*c.s/(2*c.tau0*c.tau0)
		c.entropy = math.Log(2*math.Pi*math.E*c.s*c.s) / 2
		all[i] = c
	}
	return all
}

func (c normalCase) String() string {
	return fmt.Sprintf("x = %v, σ = %v, prior N(%v, %v²), q = N(%s, %s²)", c.x, c.sigma, c.mu0, c.tau0, number(c.m), number(c.s))
}

// bounds are the laws of an ELBO: below the log evidence, and equal to it at the posterior.
func (c normalCase) bounds(of func(got []float64) float64) []law {
	return []law{
		{"the ELBO never exceeds the log evidence", func(got []float64) string {
			if v := of(got); v > c.evidence+1e-6*(1+math.Abs(c.evidence)) {
				return fmt.Sprintf("your ELBO is %s and the log evidence only %s", number(v), number(c.evidence))
			}
			return ""
		}},
		{"where q is the posterior, the ELBO is the log evidence", func(got []float64) string {
			if tight := same(c.fit+c.prior+c.entropy, c.evidence, 1e-9); tight && !same(of(got), c.evidence, closeEnough) {
				return fmt.Sprintf("q is the posterior, your ELBO is %s, the log evidence is %s", number(of(got)), number(c.evidence))
			}
			return ""
		}},
	}
}

// ELBONormal checks exercise 3.1: the ELBO, in nats, of q = N(m, s²) for a Normal mean θ with prior N(mu0, tau0²)
// and data x with noise sd sigma.
//
//	E_q[ln p(x|θ)] + E_q[ln p(θ)] + H(q)
func ELBONormal(f func(x []float64, sigma, mu0, tau0, m, s float64) float64) { elboNormal(f).tell() }

func elboNormal(f func(x []float64, sigma, mu0, tau0, m, s float64) float64) exercise {
	e := exercise{id: "3.1", title: "the ELBO of a Normal", hints: []hint{
		{"the entropy has the wrong sign", "the ELBO is energy plus entropy: a wider q is rewarded."},
		{"−ELBO", "that is the loss that programs minimise. The bound itself lies below the log evidence."},
		{"constants were dropped", "without −½ ln 2πσ² for each datum and −½ ln 2πτ₀² the number is no bound and cannot be compared."},
		{"the constants of the likelihood were dropped", "each datum brings −½ ln 2πσ²."},
		{"the constant of the prior was dropped", "the prior brings −½ ln 2πτ₀²."},
		{"the variance of q was forgotten", "E(x − θ)² is (x − m)² + s², not (x − m)²."},
	}}
	for _, c := range normalCases(drawsFor(31), 7) {
		elbo := c.fit + c.prior + c.entropy
		n := float64(len(c.x))
		ofData, ofPrior := n*math.Log(2*math.Pi*c.sigma*c.sigma)/2, math.Log(2*math.Pi*c.tau0*c.tau0)/2
		e.instances = append(e.instances, instance{
			given: c.String(),
			ask: func() ([]float64, error) {
				return []float64{f(clone(c.x), c.sigma, c.mu0, c.tau0, c.m, c.s)}, nil
			},
			want: []float64{elbo},
			laws: c.bounds(func(got []float64) float64 { return got[0] }),
			slips: map[string][]float64{
				"the entropy has the wrong sign":               {elbo - 2*c.entropy},
				"−ELBO":                                        {-elbo},
				"constants were dropped":                       {elbo + ofData + ofPrior},
				"the constants of the likelihood were dropped": {elbo + ofData},
				"the constant of the prior was dropped":        {elbo + ofPrior},
				"the variance of q was forgotten":              {elbo + n*c.s*c.s/(2*c.sigma*c.sigma) + c.s*c.s/(2*c.tau0*c.tau0)},
			},
		})
	}
	return e
}

// Gap checks exercise 3.2: the gap between log evidence and ELBO, in nats, and whether it can be true. A log
// joint density at one θ is given as well: whether it is of use is part of the question. Where the gap is
// impossible the function returns false, and any number.
//
//	ln p(x) − ELBO(q) = KL(q‖p(θ|x)) ≥ 0
func Gap(f func(logEvidence, logJoint, elbo float64) (gap float64, possible bool)) { gap(f).tell() }

func gap(f func(logEvidence, logJoint, elbo float64) (gap float64, possible bool)) exercise {
	e := exercise{id: "3.2", title: "the gap", hints: []hint{
		{"a negative gap was accepted", "a KL divergence is never negative. An ELBO above the log evidence means a mistake in one of them: return false."},
		{"the sign", "the evidence is the ceiling: subtract the ELBO from it."},
		{"the log joint for the log evidence", "the log joint belongs to one θ. The evidence has θ integrated out."},
	}}
	d := drawsFor(32)
	for i := range 6 {
		evidence := -d.between(8, 40)
		elbo, joint := rounded(evidence-d.between(0.2, 4)), rounded(evidence+d.between(0.3, 2))
		if i%3 == 2 {
			elbo = rounded(evidence + d.between(0.1, 0.2))
		}
		answer := func(gap float64, possible bool) []float64 {
			if !possible {
				return []float64{0, 0}
			}
			return []float64{gap, 1}
		}
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("log evidence %v, log joint %v, ELBO %v", evidence, joint, elbo),
			parts: []string{"gap", "verdict (1 is possible, 0 is not)"},
			ask:   func() ([]float64, error) { return answer(f(evidence, joint, elbo)), nil },
			want:  answer(evidence-elbo, elbo <= evidence),
			laws: []law{{"a gap is a divergence, and never negative", func(got []float64) string {
				if got[1] == 1 && got[0] < 0 {
					return fmt.Sprintf("you call a gap of %s possible", number(got[0]))
				}
				return ""
			}}},
			slips: map[string][]float64{
				"a negative gap was accepted":        {evidence - elbo, 1},
				"the sign":                           answer(elbo-evidence, elbo <= evidence),
				"the log joint for the log evidence": answer(joint-elbo, elbo <= evidence),
			},
		})
	}
	return e
}

// NormalEntropy checks exercise 3.3: the entropy of a Normal with this sd, in nats.
//
//	½ ln 2πe s²
func NormalEntropy(f func(sd float64) float64) { normalEntropy(f).tell() }

func normalEntropy(f func(sd float64) float64) exercise {
	e := exercise{id: "3.3", title: "the entropy of a Normal", hints: []hint{
		{"the sd was taken for the variance", "½ ln 2πe s²: the formula holds the square of what you were given."},
		{"the variance was taken for the sd", "½ ln 2πe s² holds one square, and what you were given is s, not s²: square it once."},
		{"2π without e", "the e is E[(x − m)²]/(2s²) = ½, moved into the logarithm."},
		{"the sign", "entropy is −E ln q."},
		{"the ½ is missing", "the root in the density is the ½ in front."},
	}}
	d := drawsFor(33)
	for range 6 {
		s := d.between(0.2, 4)
		want := math.Log(2*math.Pi*math.E*s*s) / 2
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("sd = %v", s),
			parts: []string{"entropy", "entropy at twice the sd"},
			ask:   func() ([]float64, error) { return []float64{f(s), f(2 * s)}, nil },
			want:  []float64{want, want + math.Ln2},
			laws: []law{{"twice the sd is ln 2 more entropy", func(got []float64) string {
				if more := got[1] - got[0]; !same(more, math.Ln2, closeEnough) {
					return fmt.Sprintf("from sd %v to %v your entropy grows by %s, not by ln 2 = %s", s, 2*s, number(more), number(math.Ln2))
				}
				return ""
			}}},
			slips: map[string][]float64{
				"the sd was taken for the variance": {math.Log(2*math.Pi*math.E*s) / 2, math.Log(2*math.Pi*math.E*2*s) / 2},
				"the variance was taken for the sd": {want + math.Log(s), want + 2*math.Ln2 + math.Log(s)},
				"2π without e":                      {want - 0.5, want + math.Ln2 - 0.5},
				"the sign":                          {-want, -want - math.Ln2},
				"the ½ is missing":                  {2 * want, 2*want + 2*math.Ln2},
			},
		})
	}
	return e
}

// FitMinusKL checks exercise 3.4: the ELBO of the same model as in 3.1 in its second form, as two terms in nats:
// how well q fits the data, and how far it went from the prior. Their difference is the ELBO.
//
//	E_q[ln p(x|θ)]   and   KL(q‖prior)
func FitMinusKL(f func(x []float64, sigma, mu0, tau0, m, s float64) (fit, toPrior float64)) {
	fitMinusKL(f).tell()
}

func fitMinusKL(f func(x []float64, sigma, mu0, tau0, m, s float64) (fit, toPrior float64)) exercise {
	e := exercise{id: "3.4", title: "fit minus KL to the prior", hints: []hint{
		{"KL(prior‖q)", "q averages here too: the term is KL(q‖prior)."},
		{"the prior was counted twice", "the fit is E ln p(x|θ), the likelihood alone. The prior is already in the KL."},
		{"the sign of the KL", "return the divergence itself, at least 0: the subtraction comes after."},
		{"the variance of q was forgotten in the fit", "E(x − θ)² is (x − m)² + s²."},
	}}
	for _, c := range normalCases(drawsFor(34), 7) {
		q, prior := distuv.Normal{Mu: c.m, Sigma: c.s}, distuv.Normal{Mu: c.mu0, Sigma: c.tau0}
		toPrior := kl.Normal(q, prior)
		e.instances = append(e.instances, instance{
			given: c.String(),
			parts: []string{"fit", "KL to the prior"},
			ask: func() ([]float64, error) {
				a, b := f(clone(c.x), c.sigma, c.mu0, c.tau0, c.m, c.s)
				return []float64{a, b}, nil
			},
			want: []float64{c.fit, toPrior},
			laws: append([]law{{"a divergence is never negative", atLeastZero("KL to the prior", 1)}},
				c.bounds(func(got []float64) float64 { return got[0] - got[1] })...),
			slips: map[string][]float64{
				"KL(prior‖q)":                                {c.fit, kl.Normal(prior, q)},
				"the prior was counted twice":                {c.fit + c.prior, toPrior},
				"the sign of the KL":                         {c.fit, -toPrior},
				"the variance of q was forgotten in the fit": {c.fit + float64(len(c.x))*c.s*c.s/(2*c.sigma*c.sigma), toPrior},
			},
		})
	}
	return e
}
