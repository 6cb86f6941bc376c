package check

import (
	"fmt"
	"math"
)

// Reparameterise checks exercise 9.1: a draw z from N(μ, σ²) by way of eps ~ N(0, 1), where the network gives
// μ and ln σ²; the gradients of a loss in μ and in ln σ², dz being its gradient in z; and KL(N(μ, σ²)‖N(0, 1)), in
// nats (without its gradients).
//
//	z = μ + σε,    ∂/∂μ = dz,    ∂/∂ ln σ² = dz·½σε,    KL = −½ (1 + ln σ² − μ² − σ²)
//
// Source: Kingma & Welling, Auto-encoding variational Bayes (2014), §2.4 and App. B.
func Reparameterise(f func(mu, logVar, eps, dz float64) (z, dMu, dLogVar, toPrior float64)) {
	reparameterise(f).tell()
}

func reparameterise(f func(mu, logVar, eps, dz float64) (z, dMu, dLogVar, toPrior float64)) exercise {
	e := exercise{id: "9.1", title: "reparameterisation", hints: []hint{
		{"ln σ² for σ", "the network gives ln σ²: the sd is exp(½ ln σ²)."},
		{"the variance for the sd", "exp(ln σ²) is the variance: z is μ plus the sd times ε, and sd = exp(½ ln σ²)."},
		{"a gradient through ε", "ε is drawn and does not depend on μ or σ: only z does. The gradient in ln σ² is dz·½σε."},
		{"no gradient through z", "z = μ + σε does depend on μ and σ: that is what the trick is for."},
		{"the gradient in σ for that in ln σ²", "σ = exp(½ ln σ²) has one more factor, ½σ."},
		{"the sign of the KL", "a divergence is never negative: −½ (1 + ln σ² − μ² − σ²)."},
		{"the ½ of the KL is missing", "the KL is ½ of μ² + σ² − 1 − ln σ²."},
	}}
	d := drawsFor(91)
	for range 8 {
		mu, logVar, eps, dz := d.away(0.4, 2), d.away(0.3, 1.2), d.away(0.3, 2), d.away(0.4, 2)
		sd := math.Exp(logVar / 2)
		toPrior := -(1 + logVar - mu*mu - sd*sd) / 2
		want := []float64{mu + sd*eps, dz, dz * sd * eps / 2, toPrior}
		with := func(change func(a []float64)) []float64 {
			a := clone(want)
			change(a)
			return a
		}
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("μ = %v, ln σ² = %v, ε = %v, gradient in z %v", mu, logVar, eps, dz),
			parts: []string{"z", "gradient in μ", "gradient in ln σ²", "KL"},
			ask: func() ([]float64, error) {
				z, a, b, k := f(mu, logVar, eps, dz)
				return []float64{z, a, b, k}, nil
			},
			want: want,
			laws: []law{
				{"z lies ε sds from μ", func(got []float64) string {
					if !same(got[0], want[0], closeEnough) {
						return fmt.Sprintf("your z is %s, and μ + σε is %s", number(got[0]), number(want[0]))
					}
					return ""
				}},
				{"the gradients are those of z, with ε held", func(got []float64) string {
					if !same(got[1], want[1], closeEnough) || !same(got[2], want[2], closeEnough) {
						return fmt.Sprintf("a small move of (μ, ln σ²) changes the loss by %s, yours say %s", numbers(want[1:3]), numbers(got[1:3]))
					}
					return ""
				}},
				{"a divergence is never negative", atLeastZero("KL", 3)},
			},
			slips: map[string][]float64{
				"ln σ² for σ":             {mu + logVar*eps, dz, dz * eps, -(1 + 2*math.Log(math.Abs(logVar)) - mu*mu - logVar*logVar) / 2},
				"the variance for the sd": with(func(a []float64) { a[0], a[2] = mu+sd*sd*eps, dz*sd*sd*eps }),
				"a gradient through ε":    with(func(a []float64) { a[2] = dz * sd }),
				"no gradient through z":   with(func(a []float64) { a[1], a[2] = 0, 0 }),
				"the gradient in σ for that in ln σ²": with(func(a []float64) {
					a[2] = dz * eps
				}),
				"the sign of the KL":         with(func(a []float64) { a[3] = -toPrior }),
				"the ½ of the KL is missing": with(func(a []float64) { a[3] = 2 * toPrior }),
			},
		})
	}
	return e
}

// ImportanceBound checks exercise 9.2: the importance-weighted bound on the log evidence, in nats, from the logarithms
// of M weights p(x, z)/q(z).
//
//	ln (1/M) Σ exp(ln w)
//
// Source: Burda, Grosse & Salakhutdinov, Importance weighted autoencoders (2016), eq. 8.
func ImportanceBound(f func(logw []float64) float64) { importanceBound(f).tell() }

func importanceBound(f func(logw []float64) float64) exercise {
	e := exercise{id: "9.2", title: "the importance-weighted bound", hints: []hint{
		{"the mean of the logarithms", "that is the ELBO. Here the weights are averaged first, and the logarithm is taken after."},
		{"log M is missing", "it is a mean of weights, not a sum: subtract ln M."},
		{"no shift by the largest", "exp of −900 is 0 to a machine. Subtract the largest before exp and add it after."},
		{"the largest weight alone", "all weights count, divided by M."},
	}}
	d := drawsFor(92)
	for i := range 6 {
		m := 5 + d.IntN(8)
		centre := []float64{-20, -3, -900, -35, -1200, 800}[i]
		logw := d.sample(m, centre, 1.5)
		largest, plain := math.Inf(-1), 0.0
		for _, l := range logw {
			largest = math.Max(largest, l)
			plain += math.Exp(l)
		}
		all, mean, logM := logSumExp(logw), total(logw)/float64(m), math.Log(float64(m))
		want := all - logM
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("ln w = %v", logw),
			ask:   func() ([]float64, error) { return []float64{f(clone(logw))}, nil },
			want:  []float64{want},
			tol:   1e-7,
			laws: []law{
				{"one more weight of the same size changes nothing: it is a mean", func(got []float64) string {
					if got[0] > largest {
						return fmt.Sprintf("your bound is %s, above the largest weight, %s", number(got[0]), number(largest))
					}
					return ""
				}},
				{"the bound is at least the ELBO", func(got []float64) string {
					if got[0] < want-closeEnough && got[0] <= mean+closeEnough {
						return fmt.Sprintf("the mean of ln w, the ELBO, is %s, and your bound is %s", number(mean), number(got[0]))
					}
					return ""
				}},
			},
			slips: map[string][]float64{
				"the mean of the logarithms": {mean},
				"log M is missing":           {all},
				"no shift by the largest":    {math.Log(plain) - logM},
				"the largest weight alone":   {largest - logM},
			},
		})
	}
	return e
}
