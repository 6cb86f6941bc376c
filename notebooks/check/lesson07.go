package check

import (
	"fmt"
	"math"

	"elboroom/model"
)

// SVIStep checks exercise 7.1: a stochastic step of one component's q(μ_k) = N(mean, variance) in the lecture's
// mixture. The model has all n data; x is a mini-batch of them and phi the component's shares in it. The step moves
// the natural parameters by eps.
//
//	λ ← (1 − ε) λ + ε λ̂,    λ = (m/s², 1/s²),    λ̂ = (μ₀/τ₀² + (n/B) Σφx/σ², 1/τ₀² + (n/B) Σφ/σ²)
//
// Source: Hoffman, Blei, Wang & Paisley, Stochastic variational inference (2013), eq. 34.
func SVIStep(f func(m model.GMM, mean, variance float64, x, phi []float64, eps float64) (newMean, newVariance float64)) {
	sviStep(f).tell()
}

func sviStep(f func(m model.GMM, mean, variance float64, x, phi []float64, eps float64) (newMean, newVariance float64)) exercise {
	e := exercise{id: "7.1", title: "a stochastic step", hints: []hint{
		{"n/B is missing", "the mini-batch stands for all n data: each of its B data counts n/B times. The prior counts once."},
		{"n/B on the prior as well", "there is one prior, however many mini-batches."},
		{"1 − ε on the wrong term", "ε is the step: how much of the new. A small ε stays near the old."},
		{"the moments were averaged", "mean and variance do not average; precision and precision times mean do."},
	}}
	d := drawsFor(71)
	for i := range 8 {
		m, means, variances := mixtureFrom(d, 12)
		batch := []int{3, 4, 6, 12}[i%4]
		x := clone(m.X[:batch])
		rows := bestShares(x, means, variances, m.Sigma)
		phi, count, sum := make([]float64, batch), 0.0, 0.0
		for j := range phi {
			phi[j] = rounded(rows[j][0])
			count += phi[j]
			sum += phi[j] * x[j]
		}
		eps := d.between(0.1, 0.45)
		if i == 7 {
			eps = 1
		}
		noise, prior, scale := 1/(m.Sigma*m.Sigma), 1/(m.Tau0*m.Tau0), float64(len(m.X))/float64(batch)
		target := func(scale, weight float64) (pull, precision float64) {
			return weight*m.Mu0*prior + scale*sum*noise, weight*prior + scale*count*noise
		}
		step := func(eps, pull, precision float64) []float64 {
			a := (1-eps)*means[0]/variances[0] + eps*pull
			b := (1-eps)/variances[0] + eps*precision
			return []float64{a / b, 1 / b}
		}
		pull, precision := target(scale, 1)
		smallPull, smallPrecision := target(1, 1)
		bigPull, bigPrecision := target(scale, scale)
		want := step(eps, pull, precision)
		low, high := math.Min(precision, 1/variances[0]), math.Max(precision, 1/variances[0])
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("n = %d, σ = %v, μ₀ = %v, τ₀ = %v, q = N(%v, variance %v), x = %v, φ = %v, ε = %v", len(m.X), m.Sigma, m.Mu0, m.Tau0, means[0], variances[0], x, phi, eps),
			parts: []string{"mean", "variance"},
			ask: func() ([]float64, error) {
				a, b := f(copiedMixture(m), means[0], variances[0], clone(x), clone(phi), eps)
				return []float64{a, b}, nil
			},
			want: want,
			laws: []law{
				{"a variance is positive", positive("variance", 1)},
				{"a full batch with ε = 1 is the plain update", func(got []float64) string {
					if eps == 1 && batch == len(m.X) {
						return fmt.Sprintf("yours is N(%s, variance %s), and the plain update gives N(%s, variance %s)", number(got[0]), number(got[1]), number(want[0]), number(want[1]))
					}
					return ""
				}},
				{"the new precision lies between the old one and that of n data", func(got []float64) string {
					if p := 1 / got[1]; p < low*(1-closeEnough) || p > high*(1+closeEnough) {
						return fmt.Sprintf("your precision is %s, outside of %s to %s", number(p), number(low), number(high))
					}
					return ""
				}},
				{"the natural parameters move by ε of the way", func(got []float64) string {
					return fmt.Sprintf("your precision went %s of the way, and ε is %v", number((1/got[1]-1/variances[0])/(precision-1/variances[0])), eps)
				}},
			},
			slips: map[string][]float64{
				"n/B is missing":            step(eps, smallPull, smallPrecision),
				"n/B on the prior as well":  step(eps, bigPull, bigPrecision),
				"1 − ε on the wrong term":   step(1-eps, pull, precision),
				"the moments were averaged": {(1-eps)*means[0] + eps*pull/precision, (1-eps)*variances[0] + eps/precision},
			},
		})
	}
	return e
}

// StepSize checks exercise 7.2: the step size of sweep t = 0, 1, 2 …, and whether the schedule is one that converges.
// Where it is not, or where the step has no value, the function returns false, and any number.
//
//	ε_t = (t + delay)^−κ,    ½ < κ ≤ 1,    t + delay > 0
//
// Source: Hoffman et al. (2013), eq. 26, after Robbins & Monro (1951).
func StepSize(f func(t int, delay, kappa float64) (eps float64, converges bool)) { stepSize(f).tell() }

func stepSize(f func(t int, delay, kappa float64) (eps float64, converges bool)) exercise {
	e := exercise{id: "7.2", title: "the schedule of steps", hints: []hint{
		{"κ = ½ was accepted", "Σ ε² must be finite, so that the noise dies out: κ must exceed ½."},
		{"κ above 1 was accepted", "Σ ε must be infinite, so that the steps can reach any place: κ is at most 1."},
		{"t = 0 without a delay", "0 to a negative power is infinite: t + delay must be above 0."},
		{"any schedule was accepted", "Σ ε must be infinite and Σ ε² finite: that leaves ½ < κ ≤ 1, and t + delay must be above 0."},
	}}
	d := drawsFor(72)
	cases := []struct {
		t            int
		delay, kappa float64
	}{
		{3, d.between(1.5, 4), d.between(0.55, 0.95)}, {17, d.between(1.5, 4), d.between(0.55, 0.95)},
		{5, 2, 1}, {4, 2, 0.5}, {6, 3, 1.1}, {0, 0, 0.7}, {2, 0, 0.8}, {0, d.between(1.5, 4), 0.6}, {1, 1.5, 0.3},
	}
	for _, c := range cases {
		answer := func(eps float64, ok bool) []float64 {
			if !ok {
				return []float64{0, 0}
			}
			return []float64{eps, 1}
		}
		eps := math.Pow(float64(c.t)+c.delay, -c.kappa)
		slow, fast, start := c.kappa <= 0.5, c.kappa > 1, float64(c.t)+c.delay <= 0
		onlyHalf := c.kappa == 0.5
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("t = %d, delay = %v, κ = %v", c.t, c.delay, c.kappa),
			parts: []string{"step", "verdict (1 converges, 0 does not)"},
			ask:   func() ([]float64, error) { return answer(f(c.t, c.delay, c.kappa)), nil },
			want:  answer(eps, !slow && !fast && !start),
			laws: []law{
				{"the noise dies out: Σ ε² is finite", refuses(slow)},
				{"any place can be reached: Σ ε is infinite", refuses(fast)},
				{"a step is a number", refuses(start)},
			},
			slips: map[string][]float64{
				"κ = ½ was accepted":        answer(eps, (onlyHalf || !slow) && !fast && !start),
				"κ above 1 was accepted":    answer(eps, !slow && !start),
				"t = 0 without a delay":     answer(eps, !slow && !fast),
				"any schedule was accepted": answer(eps, true),
			},
		})
	}
	return e
}

// refuses is a law's test for a verdict: number 1 of the answer must not be 1 where it is bad.
func refuses(bad bool) func(got []float64) string {
	return func(got []float64) string {
		if bad && got[1] == 1 {
			return "you accept this schedule"
		}
		return ""
	}
}
