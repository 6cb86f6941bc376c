package check

import (
	"fmt"
	"math"

	"elboroom/kl"
)

// EMWidth checks exercise 6.1: the M-step of one component, its new mean and sd, from the data and the shares phi
// that the component has in them. The old mean is given as well: whether it is of use is part of the question.
//
//	m = Σφx/Σφ,    s² = Σφ(x − m)²/Σφ
//
// Source: Bishop, PRML (2006), eqs 9.24, 9.25.
func EMWidth(f func(x, phi []float64, oldMean float64) (mean, sd float64)) { emWidth(f).tell() }

func emWidth(f func(x, phi []float64, oldMean float64) (mean, sd float64)) exercise {
	e := exercise{id: "6.1", title: "EM's mean and sd", hints: []hint{
		{"the sd is around the old mean", "the M-step sets mean and sd together: the new sd is around the new mean."},
		{"divided by n", "the component has N_k = Σφ data, not n."},
		{"the variance for the sd", "take the root."},
		{"Σφ − 1 for Σφ", "EM maximises the likelihood: no correction for a degree of freedom."},
	}}
	d := drawsFor(61)
	for range 8 {
		x := d.sample(7+d.IntN(4), d.away(1, 3), 2)
		phi := make([]float64, len(x))
		for i := range phi {
			phi[i] = d.between(0.1, 0.95)
		}
		count, sum, around, aroundOld := total(phi), 0.0, 0.0, 0.0
		for i := range x {
			sum += phi[i] * x[i]
		}
		mean, n := sum/count, float64(len(x))
		old := rounded(mean + d.away(0.5, 1.5))
		for i := range x {
			around += phi[i] * (x[i] - mean) * (x[i] - mean)
			aroundOld += phi[i] * (x[i] - old) * (x[i] - old)
		}
		expected := func(m, s float64) float64 {
			q := 0.0
			for i := range x {
				q += phi[i] * normalLog(x[i], m, s)
			}
			return q
		}
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("x = %v, φ = %v, old mean %v", x, phi, old),
			parts: []string{"mean", "sd"},
			ask: func() ([]float64, error) {
				m, s := f(clone(x), clone(phi), old)
				return []float64{m, s}, nil
			},
			want: []float64{mean, math.Sqrt(around / count)},
			laws: []law{{"an sd is positive", positive("sd", 1)},
				{"no other mean and sd have a higher expected log likelihood", func(got []float64) string {
					best := expected(mean, math.Sqrt(around/count))
					if v := expected(got[0], got[1]); v < best-1e-9 {
						return fmt.Sprintf("yours reach %s nats, and %s can be had", number(v), number(best))
					}
					return ""
				}}},
			slips: map[string][]float64{
				"the sd is around the old mean": {mean, math.Sqrt(aroundOld / count)},
				"divided by n":                  {mean, math.Sqrt(around / n)},
				"the variance for the sd":       {mean, around / count},
				"Σφ − 1 for Σφ":                 {mean, math.Sqrt(around / (count - 1))},
			},
		})
	}
	return e
}

// Metropolis checks exercise 6.2: a chain of Metropolis and Hastings on prior times likelihood, given by their
// logarithms. Step t proposes θ + jumps[t] and compares with the uniform number u[t]. The function returns the state
// after each step, and the probability with which each proposal was to be accepted.
//
//	accept where u < min(1, p(θ')/p(θ)), else stay (and write the old state down once more)
func Metropolis(f func(logPrior, logLik func(theta float64) float64, start float64, jumps, u []float64) (chain, accept []float64)) {
	metropolis(f).tell()
}

func metropolis(f func(logPrior, logLik func(theta float64) float64, start float64, jumps, u []float64) (chain, accept []float64)) exercise {
	e := exercise{id: "6.2", title: "Metropolis and Hastings", hints: []hint{
		{"min(1, …) is missing", "a probability of acceptance is at most 1: uphill always goes."},
		{"the likelihood alone", "the target is the posterior: prior times likelihood."},
		{"a log ratio against u", "either compare the logarithm with ln u, or take exp first."},
		{"rejected steps were dropped", "staying is a step as well: write the old state down once more, or the chain forgets how long it stayed."},
	}}
	d := drawsFor(62)
	for range 6 {
		const steps = 14
		mu0, tau0, sigma := d.away(0.5, 1.5), d.between(0.6, 1), d.between(1.2, 2)
		x := d.sample(4, d.away(1, 2), sigma)
		logPrior := func(theta float64) float64 { return normalLog(theta, mu0, tau0) }
		logLik := func(theta float64) float64 {
			l := 0.0
			for _, v := range x {
				l += normalLog(v, theta, sigma)
			}
			return l
		}
		start := rounded(mu0 + d.away(0.2, 0.8))
		jumps, u := make([]float64, steps), make([]float64, steps)
		for t := range steps {
			jumps[t], u[t] = d.away(0.3, 1.6), d.between(0.05, 0.98)
		}
		type rule struct{ noPrior, noMin, logAgainstU, drop bool }
		run := func(r rule) []float64 {
			at, chain, accept := start, []float64(nil), []float64(nil)
			for t := range steps {
				to := at + jumps[t]
				ratio := logLik(to) - logLik(at)
				if !r.noPrior {
					ratio += logPrior(to) - logPrior(at)
				}
				p := math.Exp(ratio)
				if !r.noMin {
					p = math.Min(1, p)
				}
				accept = append(accept, p)
				goes := u[t] < p
				if r.logAgainstU {
					goes = u[t] < ratio
				}
				if goes {
					at = to
				}
				if goes || !r.drop {
					chain = append(chain, at)
				}
			}
			return append(chain, accept...)
		}
		want := run(rule{})
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("prior N(%v, %v²), data %v with σ = %v, start %v, %d steps", mu0, tau0, x, sigma, start, steps),
			ask: func() ([]float64, error) {
				chain, accept := f(logPrior, logLik, start, clone(jumps), clone(u))
				return append(clone(chain), accept...), nil
			},
			want: want,
			laws: []law{
				{"a probability of acceptance lies between 0 and 1", func(got []float64) string {
					for t, p := range got[steps:] {
						if p < 0 || p > 1 {
							return fmt.Sprintf("that of step %d is %s", t+1, number(p))
						}
					}
					return ""
				}},
				{"the acceptance is that of the posterior", func(got []float64) string {
					if !same(got[steps], want[steps], closeEnough) {
						return fmt.Sprintf("the first step is accepted with probability %s, you have %s", number(want[steps]), number(got[steps]))
					}
					return ""
				}},
				{"the chain moves where u is below the acceptance, and stays elsewhere", func(got []float64) string {
					for t := range steps {
						if !same(got[t], want[t], closeEnough) {
							return fmt.Sprintf("after step %d your chain is at %s, and %s is right", t+1, number(got[t]), number(want[t]))
						}
					}
					return ""
				}},
			},
			slips: map[string][]float64{
				"min(1, …) is missing":        run(rule{noMin: true}),
				"the likelihood alone":        run(rule{noPrior: true}),
				"a log ratio against u":       run(rule{logAgainstU: true}),
				"rejected steps were dropped": run(rule{drop: true}),
			},
		})
	}
	return e
}

// GibbsSweep checks exercise 6.3: one sweep of Gibbs sampling on a Gaussian p in the plane, from theta. z are the
// two standard Normal numbers to use, z[0] for the first coordinate.
//
//	θ_i ← μ_i − (Λ_ij/Λ_ii)(θ_j − μ_j) + z_i/√Λ_ii, one after the other
func GibbsSweep(f func(p kl.Gaussian, theta, z []float64) []float64) { gibbsSweep(f).tell() }

func gibbsSweep(f func(p kl.Gaussian, theta, z []float64) []float64) exercise {
	e := exercise{id: "6.3", title: "a sweep of Gibbs", hints: []hint{
		{"the marginal variance", "given the other coordinate there is less doubt: the conditional variance is 1/Λ_ii, not Σ_ii."},
		{"both from the old state", "the second coordinate is drawn given the new first one."},
		{"the variance for the sd", "z is multiplied by an sd: take the root of 1/Λ_ii."},
	}}
	d := drawsFor(63)
	for range 8 {
		t := tiltedFrom(d)
		theta := []float64{rounded(t.p.Mean[0] + d.away(0.5, 2)), rounded(t.p.Mean[1] + d.away(0.5, 2))}
		z := []float64{d.away(0.3, 2), d.away(0.3, 2)}
		draw := func(i int, other float64, sd func(i int) float64) float64 {
			j := 1 - i
			return t.p.Mean[i] - t.lambda[i][j]/t.lambda[i][i]*(other-t.p.Mean[j]) + sd(i)*z[i]
		}
		sweep := func(sd func(i int) float64) []float64 {
			first := draw(0, theta[1], sd)
			return []float64{first, draw(1, first, sd)}
		}
		given := func(i int) float64 { return math.Sqrt(1 / t.lambda[i][i]) }
		want := sweep(given)
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("%s, θ = %v, z = %v", t, theta, z),
			parts: []string{"θ₁", "θ₂"},
			ask:   func() ([]float64, error) { return f(t.copied(), clone(theta), clone(z)), nil },
			want:  want,
			laws: []law{
				{"θ₁ is drawn given θ₂", func(got []float64) string {
					if !same(got[0], want[0], closeEnough) {
						return fmt.Sprintf("your θ₁ is %s, and %s is right", number(got[0]), number(want[0]))
					}
					return ""
				}},
				{"θ₂ is drawn given the new θ₁", func(got []float64) string {
					return fmt.Sprintf("your θ₂ is %s, and %s is right", number(got[1]), number(want[1]))
				}},
			},
			slips: map[string][]float64{
				"the marginal variance":   sweep(func(i int) float64 { return math.Sqrt(t.p.Cov.At(i, i)) }),
				"both from the old state": {draw(0, theta[1], given), draw(1, theta[0], given)},
				"the variance for the sd": sweep(func(i int) float64 { return 1 / t.lambda[i][i] }),
			},
		})
	}
	return e
}

// EffectiveSamples checks exercise 6.4: the effective size of a sample of n, from its autocorrelations at lag 1, 2, …,
// given until they have vanished.
//
//	n/(1 + 2 Σ r_t)
func EffectiveSamples(f func(n int, r []float64) float64) { effectiveSamples(f).tell() }

func effectiveSamples(f func(n int, r []float64) float64) exercise {
	e := exercise{id: "6.4", title: "the effective sample size", hints: []hint{
		{"n/(1 − r)", "draws that resemble each other are worth less than n, and every lag counts twice: n/(1 + 2 Σ r_t)."},
		{"the first lag only", "the later lags take their share as well: sum them all."},
		{"each lag counted once", "a draw resembles those before it and those after it: every lag counts twice."},
	}}
	d := drawsFor(64)
	for range 6 {
		n, near, far, share := 500+100*d.IntN(20), d.between(0.3, 0.6), d.between(0.75, 0.9), d.between(0.3, 0.7)
		r := make([]float64, 300)
		for t := range r {
			r[t] = share*math.Pow(near, float64(t+1)) + (1-share)*math.Pow(far, float64(t+1))
		}
		size := float64(n)
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("n = %d, r = %.3f, %.3f, %.3f, …, at lag 20 %.3f, at lag 300 0", n, r[0], r[1], r[2], r[19]),
			ask:   func() ([]float64, error) { return []float64{f(n, clone(r))}, nil },
			want:  []float64{size / (1 + 2*total(r))},
			laws: []law{
				{"draws that resemble each other are worth less than n", func(got []float64) string {
					if got[0] >= size {
						return fmt.Sprintf("you count %s for %d", number(got[0]), n)
					}
					return ""
				}},
				{"all lags count", func(got []float64) string {
					if got[0] > size/(1+2*total(r))*(1+closeEnough) {
						return fmt.Sprintf("you count %s, and that is too many", number(got[0]))
					}
					return ""
				}},
			},
			slips: map[string][]float64{
				"n/(1 − r)":             {size / (1 - r[0])},
				"the first lag only":    {size / (1 + 2*r[0])},
				"each lag counted once": {size / (1 + total(r))},
			},
		})
	}
	return e
}
