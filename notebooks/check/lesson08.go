package check

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// TopicShares checks exercise 8.1: the update of one document in latent Dirichlet allocation. gamma are the present
// parameters of q(θ), lambda those of the topics (a row a topic, a column a word of the vocabulary), words the
// document's different words and counts how often each stands there. The function returns a row of shares for each
// word, and the new gamma.
//
//	φ_wk ∝ exp(ψ(γ_k) + ψ(λ_kw) − ψ(Σ_v λ_kv)),    γ_k = α + Σ_w n_w φ_wk
//
// Source: Hoffman, Blei & Bach, Online learning for latent Dirichlet allocation (2010), eqs 5.
func TopicShares(f func(alpha float64, gamma []float64, lambda [][]float64, words, counts []int) (phi [][]float64, newGamma []float64)) {
	topicShares(f).tell()
}

func topicShares(f func(alpha float64, gamma []float64, lambda [][]float64, words, counts []int) (phi [][]float64, newGamma []float64)) exercise {
	e := exercise{id: "8.1", title: "the shares of topics in a word", hints: []hint{
		{"a logarithm for the digamma", "E ln θ is not ln E θ: the expectation of a logarithm under a Dirichlet is ψ(γ_k) − ψ(Σγ)."},
		{"−ψ(Σλ) is missing", "E ln β_kw is ψ(λ_kw) − ψ(Σ_v λ_kv), and that sum differs from topic to topic. (−ψ(Σγ) is the same for all and may go.)"},
		{"the counts were ignored", "a word that stands there three times counts three times in γ."},
		{"α is missing", "the prior of the shares adds α to each."},
		{"not normalised", "the shares of a word sum to 1 over the topics."},
	}}
	d := drawsFor(81)
	digamma := mathext.Digamma
	for range 6 {
		const topics, vocabulary = 3, 7
		alpha := d.between(0.2, 0.8)
		gamma, lambda := make([]float64, topics), make([][]float64, topics)
		for k := range topics {
			gamma[k], lambda[k] = d.between(0.5, 4), make([]float64, vocabulary)
			for v := range vocabulary {
				lambda[k][v] = rounded(d.between(0.2, 2.5) * float64(k+1))
			}
		}
		words := []int{0, 2, 3, 6}
		counts := []int{1 + d.IntN(2), 2 + d.IntN(3), 1, 3 + d.IntN(3)}
		type rule struct{ log, noSum, noCounts, noAlpha, raw bool }
		run := func(r rule) []float64 {
			next := make([]float64, topics)
			var all []float64
			for j, w := range words {
				logs := make([]float64, topics)
				for k := range topics {
					sum := total(lambda[k])
					if r.log {
						logs[k] = math.Log(gamma[k]/total(gamma)) + math.Log(lambda[k][w]/sum)
						continue
					}
					logs[k] = digamma(gamma[k]) - digamma(total(gamma)) + digamma(lambda[k][w])
					if !r.noSum {
						logs[k] -= digamma(sum)
					}
				}
				phi := softmax(logs)
				if r.raw {
					for k := range phi {
						phi[k] = math.Exp(logs[k])
					}
				}
				all = append(all, phi...)
				for k := range topics {
					n := float64(counts[j])
					if r.noCounts {
						n = 1
					}
					next[k] += n * phi[k]
				}
			}
			for k := range next {
				if !r.noAlpha {
					next[k] += alpha
				}
			}
			return append(all, next...)
		}
		documentLength := 0
		for _, n := range counts {
			documentLength += n
		}
		shares := len(words) * topics
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("α = %v, γ = %v, λ = %v, words %v, counts %v", alpha, gamma, lambda, words, counts),
			ask: func() ([]float64, error) {
				phi, next := f(alpha, clone(gamma), cloneRows(lambda), slices.Clone(words), slices.Clone(counts))
				all, err := flat(phi, len(words), topics, "a share for each topic")
				if err == nil && len(next) != topics {
					err = fmt.Errorf("your new γ has %d numbers where %d were asked for, one a topic", len(next), topics)
				}
				return append(all, next...), err
			},
			want: run(rule{}),
			laws: []law{
				{"the shares of each word sum to 1", func(got []float64) string {
					for j := range words {
						if s := total(got[topics*j : topics*(j+1)]); !same(s, 1, closeEnough) {
							return fmt.Sprintf("those of word %d sum to %s: the normaliser is missing", words[j], number(s))
						}
					}
					return ""
				}},
				{"γ counts: α for each topic, and every word of the document", func(got []float64) string {
					if s, want := total(got[shares:]), topics*alpha+float64(documentLength); !same(s, want, closeEnough) {
						return fmt.Sprintf("your γ sums to %s, but K α and the words make %s", number(s), number(want))
					}
					return ""
				}},
			},
			slips: map[string][]float64{
				"a logarithm for the digamma": run(rule{log: true}),
				"−ψ(Σλ) is missing":           run(rule{noSum: true}),
				"the counts were ignored":     run(rule{noCounts: true}),
				"α is missing":                run(rule{noAlpha: true}),
				"not normalised":              run(rule{raw: true}),
			},
		})
	}
	return e
}

// MatchTopics checks exercise 8.2: which true topic each found one is. Rows are topics, columns words; the function
// returns for each found topic the index of the true one, each used once.
//
//	the order π with the smallest Σ_k Σ_w |found_kw − truth_π(k)w|
func MatchTopics(f func(found, truth [][]float64) []int) { matchTopics(f).tell() }

func matchTopics(f func(found, truth [][]float64) []int) exercise {
	e := exercise{id: "8.2", title: "matching topics", hints: []hint{
		{"the order was assumed", "found topics come in any order: topic 0 is not the true topic 0. Compare each with each."},
		{"the order the other way round", "for each found topic, the index of the true one; yours says where each true topic was found."},
		{"each took the nearest", "two found topics may lie nearest to the same true one. Each can be used once: make the sum small."},
	}}
	d := drawsFor(82)
	for i := range 6 {
		const vocabulary = 8
		k := 3 + i%2
		truth, found := make([][]float64, k), make([][]float64, k)
		for j := range k {
			truth[j] = d.simplex(vocabulary)
			for w := range truth[j] {
				if w%k == j {
					truth[j][w] += 0.5
				}
			}
			for w, sum := 0, total(truth[j]); w < vocabulary; w++ {
				truth[j][w] /= sum
			}
		}
		order := make([]int, k) // a cycle: neither the identity nor its own inverse
		for j := range k {
			order[j] = (j + 1) % k
		}
		for j := range k {
			found[j] = make([]float64, vocabulary)
			for w := range found[j] {
				found[j][w] = 0.9*truth[order[j]][w] + 0.1/vocabulary
			}
		}
		if i >= 4 { // one found topic is a blend that lies a little nearer to a neighbour's true topic
			a, b := order[0], order[1]
			for w := range found[0] {
				found[0][w] = 0.44*truth[a][w] + 0.56*truth[b][w]
			}
		}
		distance := func(f, t int) float64 {
			s := 0.0
			for w := range vocabulary {
				s += math.Abs(found[f][w] - truth[t][w])
			}
			return s
		}
		cost := func(pi []float64) float64 {
			s := 0.0
			for f, t := range pi {
				s += distance(f, int(t))
			}
			return s
		}
		var best, identity, inverse, nearest []float64
		for _, pi := range orders(k) {
			if best == nil || cost(pi) < cost(best) {
				best = pi
			}
		}
		inverse = make([]float64, k)
		for f, t := range best {
			inverse[int(t)] = float64(f)
			identity = append(identity, float64(f))
			near := 0
			for t := range k {
				if distance(f, t) < distance(f, near) {
					near = t
				}
			}
			nearest = append(nearest, float64(near))
		}
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("%d topics over %d words; found topic 1 is %s", k, vocabulary, numbers(found[0])),
			ask: func() ([]float64, error) {
				var answer []float64
				for _, t := range f(cloneRows(found), cloneRows(truth)) {
					answer = append(answer, float64(t))
				}
				return answer, nil
			},
			want: best,
			laws: []law{
				{"each true topic is used once", func(got []float64) string {
					seen := map[float64]bool{}
					for _, t := range got {
						if seen[t] || t < 0 || t >= float64(k) {
							return fmt.Sprintf("yours is %.0f", got)
						}
						seen[t] = true
					}
					return ""
				}},
				{"no other order has a smaller distance", func(got []float64) string {
					return fmt.Sprintf("your order %.0f is %s apart in all, and %s can be had", got, number(cost(got)), number(cost(best)))
				}},
			},
			slips: map[string][]float64{
				"the order was assumed":         identity,
				"the order the other way round": inverse,
				"each took the nearest":         nearest,
			},
		})
	}
	return e
}

// orders are all orders of 0 … k−1.
func orders(k int) [][]float64 {
	if k == 0 {
		return [][]float64{nil}
	}
	var all [][]float64
	for _, shorter := range orders(k - 1) {
		for at := 0; at <= len(shorter); at++ {
			all = append(all, slices.Insert(slices.Clone(shorter), at, float64(k-1)))
		}
	}
	return all
}
