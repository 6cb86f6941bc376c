package cavi

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// TopicMeans returns E β, K×V: row k is topic k's probability of each word, λ_kw / Σ_w λ_kw.
func (q LDAFactors) TopicMeans() *mat.Dense { return rowMeans(q.Topics) }

// ShareMeans returns E θ, n×K: row d is each topic's share in document d, γ_dk / Σ_k γ_dk.
func (q LDAFactors) ShareMeans() *mat.Dense { return rowMeans(q.Shares) }

// rowMeans is the mean of each row's Dirichlet.
func rowMeans(a *mat.Dense) *mat.Dense {
	out := mat.DenseCopyOf(a)
	rows, _ := a.Dims()
	for i := range rows {
		row := out.RawRowView(i)
		var total float64
		for _, v := range row {
			total += v
		}
		for j := range row {
			row[j] /= total
		}
	}
	return out
}

// Order returns the topics, 0 … K−1, the one with the most words first. Topics with equally many keep their order.
func (q LDAFactors) Order() []int {
	k, _ := q.Topics.Dims()
	size, order := make([]float64, k), make([]int, k)
	for i := range order {
		order[i] = i
		for _, v := range q.Topics.RawRowView(i) {
			size[i] += v
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(size[b], size[a]) })
	return order
}

// TopWords returns the n likeliest words of a topic, as indices into the vocabulary, the likeliest first; all if there
// are fewer. They are the usual label of a topic.
func (q LDAFactors) TopWords(topic, n int) []int {
	k, v := q.Topics.Dims()
	if topic < 0 || topic >= k {
		panic(fmt.Sprintf("cavi: LDA: TopWords of topic %d, want 0 to %d", topic, k-1))
	}
	words := make([]int, v)
	for w := range words {
		words[w] = w
	}
	row := q.Topics.RawRowView(topic)
	slices.SortStableFunc(words, func(a, b int) int { return cmp.Compare(row[b], row[a]) })
	return words[:max(0, min(n, v))]
}

// MatchTopics pairs topics by what they say, since their order means nothing: found[match[k]] is the row that is
// paired with want[k]. Rows are probabilities of words; the closest two are paired first, by total variation
// ½ Σ_w |a_w − b_w|, then the closest of those left. It panics unless both have the same shape.
func MatchTopics(want, found *mat.Dense) (match []int) {
	k, v := want.Dims()
	if a, b := found.Dims(); a != k || b != v {
		panic(fmt.Sprintf("cavi: MatchTopics of %d×%d topics with %d×%d, want the same shape", k, v, a, b))
	}
	type pair struct {
		want, found int
		far         float64
	}
	var pairs []pair
	for i := range k {
		for j := range k {
			p := pair{want: i, found: j}
			for w, x := range want.RawRowView(i) {
				p.far += math.Abs(x-found.At(j, w)) / 2
			}
			pairs = append(pairs, p)
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(a.far, b.far) })
	match = slices.Repeat([]int{-1}, k)
	taken := make([]bool, k)
	for _, p := range pairs {
		if match[p.want] < 0 && !taken[p.found] {
			match[p.want], taken[p.found] = p.found, true
		}
	}
	return match
}
