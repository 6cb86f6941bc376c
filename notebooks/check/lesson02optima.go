package check

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"
)

// ReverseWinner checks exercise 2.4: which optimum of KL(q‖p) is the better one for two unit bumps at ±2.6, and
// which at ±3.2. Each answer is a word: "covers" or "one bump".
//
// The two change places at 2.800 (see kl.ReverseOptima).
func ReverseWinner(at26, at32 string) { reverseWinner(at26, at32).tell() }

func reverseWinner(at26, at32 string) exercise {
	word := func(answer string) (float64, error) {
		switch a := strings.ToLower(answer); {
		case strings.Contains(a, "cover") || strings.Contains(a, "both") || strings.Contains(a, "wide"):
			return 2, nil
		case strings.Contains(a, "one") || strings.Contains(a, "bump") || strings.Contains(a, "seek") || strings.Contains(a, "mode"):
			return 1, nil
		}
		return 0, fmt.Errorf("%q is none of the two answers: write \"covers\" or \"one bump\"", answer)
	}
	const covers, one = 2.0, 1.0
	return exercise{id: "2.4", title: "which optimum wins",
		hints: []hint{
			{"reverse KL always seeks a mode", "it does once the bumps are far enough apart. At ±2.6 leaving half of the mass out costs more than the valley between."},
			{"reverse KL always covers", "the valley deepens as the bumps move apart, and the price of leaving one out stays near ln 2."},
			{"the two the wrong way round", "near bumps are covered, far ones are not."},
		},
		instances: []instance{{
			given: "the number of bumps that the best q covers, at ±2.6 and at ±3.2",
			parts: []string{"number of bumps at ±2.6", "number of bumps at ±3.2"},
			ask: func() ([]float64, error) {
				a, err := word(at26)
				if err != nil {
					return nil, err
				}
				b, err := word(at32)
				return []float64{a, b}, err
			},
			want: []float64{covers, one},
			laws: []law{{"the better of the two has the smaller KL", func([]float64) string {
				return "run the cell with all optima and compare their KL at both distances"
			}}},
			slips: map[string][]float64{
				"reverse KL always seeks a mode": {one, one},
				"reverse KL always covers":       {covers, covers},
				"the two the wrong way round":    {one, covers},
			},
		}},
	}
}

// KLFromDraws checks exercise 2.5: the estimate k3 of KL(q‖p), in nats, from two log densities. Both sets of
// draws are given; which to use is part of the question.
//
//	k3 = mean over q of (r − 1) − ln r,    r = p/q
//
// Source: Schulman, Approximating KL divergence (2020).
func KLFromDraws(f func(logq, logp func(x float64) float64, fromQ, fromP []float64) float64) {
	klFromDraws(f).tell()
}

func klFromDraws(f func(logq, logp func(x float64) float64, fromQ, fromP []float64) float64) exercise {
	e := exercise{id: "2.5", title: "KL from draws", hints: []hint{
		{"r is upside down", "r is p/q, with the density that you drew from below."},
		{"the draws are from p", "KL(q‖p) averages over q."},
		{"k2, which is biased", "½(ln r)² is near, but wrong on average: its bias does not go away with more draws."},
		{"k1, which can be negative", "−ln r is right on average, but a single mean of it can be below 0. Add r − 1, whose mean is 0."},
	}}
	d := drawsFor(25)
	for range 6 {
		q := distuv.Normal{Mu: d.away(0.3, 1), Sigma: d.between(0.7, 1.2)}
		p := distuv.Normal{Mu: 0, Sigma: d.between(1.3, 1.8)}
		fromQ, fromP := d.sample(200, q.Mu, q.Sigma), d.sample(200, p.Mu, p.Sigma)
		mean := func(draws []float64, term func(lr float64) float64) []float64 {
			s := 0.0
			for _, x := range draws {
				s += term(p.LogProb(x) - q.LogProb(x))
			}
			return []float64{s / float64(len(draws))}
		}
		k3 := func(lr float64) float64 { return math.Expm1(lr) - lr }
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("q = N(%v, %v²), p = N(%v, %v²), 200 draws of each", q.Mu, q.Sigma, p.Mu, p.Sigma),
			ask: func() ([]float64, error) {
				return []float64{f(q.LogProb, p.LogProb, clone(fromQ), clone(fromP))}, nil
			},
			want: mean(fromQ, k3),
			laws: []law{{"no mean of k3 is negative", atLeastZero("estimate", 0)}},
			slips: map[string][]float64{
				"r is upside down":          mean(fromQ, func(lr float64) float64 { return k3(-lr) }),
				"the draws are from p":      mean(fromP, k3),
				"k2, which is biased":       mean(fromQ, func(lr float64) float64 { return lr * lr / 2 }),
				"k1, which can be negative": mean(fromQ, func(lr float64) float64 { return -lr }),
			},
		})
	}
	return e
}
