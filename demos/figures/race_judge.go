package figures

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/model"
	"elboroom/rivals"
)

// raceJudge knows the exact answer and how far from it another is: in the density of the next datum, and in the
// distribution of the two means, the smaller first. (The mean "of component 1" says nothing: the posterior is the
// same for either name.)
type raceJudge struct {
	sigma        float64
	x            []float64 // where predictive densities are compared
	predictive   []float64
	mu           []float64   // where distributions of means are compared
	lower, upper []float64   // the exact distribution functions of the smaller and the greater mean, at mu
	bells        [][]float64 // N(x; μ, σ²) for each of mu, over x
}

// raceAnswer is what a method says at one time.
type raceAnswer struct {
	predictive []float64
	tv, w1     float64
}

func newRaceJudge(m model.GMM, post exact.GMMPosterior) *raceJudge {
	const knots, places, beyond = 601, 201, 4 // beyond the data, in σ
	low, high := slices.Min(m.X), slices.Max(m.X)
	j := &raceJudge{sigma: m.Sigma, x: evenly(low-beyond*m.Sigma, high+beyond*m.Sigma, places), mu: evenly(low-beyond*m.Sigma, high+beyond*m.Sigma, knots)}
	for _, x := range j.x {
		j.predictive = append(j.predictive, post.Predictive(x))
	}
	for _, mu := range j.mu {
		j.bells = append(j.bells, make([]float64, places))
		for i, x := range j.x {
			j.bells[len(j.bells)-1][i] = bell(x, mu, m.Sigma*m.Sigma)
		}
	}
	// The mass of each pair of knots, once for a < b: the posterior is symmetric.
	lower, upper := make([]float64, knots), make([]float64, knots)
	var total float64
	for a := range j.mu {
		for b := a; b < knots; b++ {
			d := post.Density([]float64{j.mu[a], j.mu[b]})
			if a == b {
				d /= 2
			}
			lower[a] += d
			upper[b] += d
			total += d
		}
	}
	j.lower, j.upper = distributionOf(lower, total), distributionOf(upper, total)
	return j
}

// distributionOf is the distribution function at the knots that carry these masses: a knot's own mass counts half.
func distributionOf(mass []float64, total float64) []float64 {
	f := make([]float64, len(mass))
	var below float64
	for i, w := range mass {
		f[i] = (below + w/2) / total
		below += w
	}
	return f
}

// factors is what a q(μ₁) q(μ₂) says.
func (j *raceJudge) factors(q cavi.GMMFactors) raceAnswer {
	density := make([]float64, len(j.x))
	for i, x := range j.x {
		density[i] = q.Predictive(x)
	}
	first := distuv.Normal{Mu: q.Mean[0], Sigma: math.Sqrt(q.Var[0])}
	second := distuv.Normal{Mu: q.Mean[1], Sigma: math.Sqrt(q.Var[1])}
	return j.answer(density, first.CDF, second.CDF)
}

// point is what two means say that are taken for certain.
func (j *raceJudge) point(mu []float64) raceAnswer {
	density := make([]float64, len(j.x))
	for i, x := range j.x {
		density[i] = (bell(x, mu[0], j.sigma*j.sigma) + bell(x, mu[1], j.sigma*j.sigma)) / 2
	}
	step := func(at float64) func(float64) float64 {
		return func(t float64) float64 {
			if t < at {
				return 0
			}
			return 1
		}
	}
	return j.answer(density, step(mu[0]), step(mu[1]))
}

// answer judges a density and two independent means with distribution functions f and g.
func (j *raceJudge) answer(density []float64, f, g func(float64) float64) raceAnswer {
	lower, upper := make([]float64, len(j.mu)), make([]float64, len(j.mu))
	for i, t := range j.mu {
		lower[i] = 1 - (1-f(t))*(1-g(t))
		upper[i] = f(t) * g(t)
	}
	return j.judged(density, lower, upper)
}

func (j *raceJudge) judged(density, lower, upper []float64) raceAnswer {
	return raceAnswer{
		predictive: density,
		tv:         between(density, j.predictive, j.x) / 2,
		w1:         (between(lower, j.lower, j.mu) + between(upper, j.upper, j.mu)) / 2,
	}
}

// chains is what each chain says at each time: the average of its draws so far, each moved to the nearest of mu.
func (j *raceJudge) chains(c rivals.Chains, at []int) [][]raceAnswer {
	out := make([][]raceAnswer, len(c.Draws))
	for k, draws := range rivals.Sorted(c).Draws {
		lower, upper := make([]float64, len(j.mu)), make([]float64, len(j.mu))
		done := 0
		for _, t := range at {
			for ; done < t; done++ {
				lower[nearest(j.mu, draws[done][0])]++
				upper[nearest(j.mu, draws[done][1])]++
			}
			share := 1 / (2 * float64(t)) // of a mean in the average density
			density := make([]float64, len(j.x))
			for i, bells := range j.bells {
				if w := (lower[i] + upper[i]) * share; w > 0 {
					for l, b := range bells {
						density[l] += w * b
					}
				}
			}
			out[k] = append(out[k], j.judged(density, distributionOf(lower, float64(t)), distributionOf(upper, float64(t))))
		}
	}
	return out
}

// runner gathers a method's answers, chain × time.
func (j *raceJudge) runner(name string, answers [][]raceAnswer, accepted float64) RaceRunner {
	r := RaceRunner{Name: name, Accepted: accepted}
	for t := range answers[0] {
		var tv, w1 []float64
		for _, chain := range answers {
			tv, w1 = append(tv, chain[t].tv), append(w1, chain[t].w1)
		}
		r.TV, r.W1 = append(r.TV, tv), append(r.W1, w1)
		r.Predictive = append(r.Predictive, answers[0][t].predictive)
	}
	return r
}

// between is ∫|f − g| over even knots.
func between(f, g, knots []float64) float64 {
	var sum float64
	for i := range f {
		sum += math.Abs(f[i] - g[i])
	}
	return sum * (knots[1] - knots[0])
}

// evenly are n knots from low to high.
func evenly(low, high float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = low + (high-low)*float64(i)/float64(n-1)
	}
	return out
}

// nearest is the place of the even knot nearest to v.
func nearest(knots []float64, v float64) int {
	i := int(math.Round((v - knots[0]) / (knots[1] - knots[0])))
	return min(max(i, 0), len(knots)-1)
}
