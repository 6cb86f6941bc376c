package cavi

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"elboroom/model"
)

// The local fit of documents to given topics stops when no share moves by more than this many words on average, or
// after so many rounds.
const (
	foldSettled = 1e-6
	foldRounds  = 1000
)

// FoldIn returns q(θ) of documents under the topics of q, which stay as they are: γ, a row a document, in words. It
// moves q(z) and q(θ) in turn until they rest. It panics on no documents, on documents that the model's CheckDocs
// refuses, and on topics of another shape.
func (m LDA) FoldIn(q LDAFactors, docs []model.Counts) *mat.Dense {
	gamma, _ := m.foldIn(q, docs)
	return gamma
}

// foldIn also returns the sums of φ that belong to γ.
func (m LDA) foldIn(q LDAFactors, docs []model.Counts) (*mat.Dense, folded) {
	m = m.filled()
	m.mustRead(q, docs)
	m.Docs = docs
	gamma := m.evenShares()
	all := m.collect(newByWord(q.logTopics(), m.K), 1, func(r *reader, d int, n []float64) {
		row := gamma.RawRowView(d)
		r.open(docs[d])
		for range foldRounds {
			expectedLn(r.logs, row)
			r.read(r.logs, n, false)
			var moved float64
			for k, v := range n {
				moved += math.Abs(m.Alpha+v-row[k]) / float64(m.K)
				row[k] = m.Alpha + v
			}
			if moved < foldSettled {
				break
			}
		}
		expectedLn(r.logs, row)
		r.read(r.logs, n, true)
	})
	return gamma, all
}

// mustRead panics unless there are documents over the vocabulary, and topics of q for it.
func (m LDA) mustRead(q LDAFactors, docs []model.Counts) {
	if len(docs) == 0 {
		panic("cavi: LDA: 0 documents to read, want at least 1")
	}
	if err := m.CheckDocs(docs); err != nil {
		panic("cavi: " + err.Error())
	}
	var k, v int
	if q.Topics != nil {
		k, v = q.Topics.Dims()
	}
	if k != m.K || v != len(m.Vocab) {
		panic(fmt.Sprintf("cavi: LDA: the fit has %d×%d topics, want K×V = %d×%d", k, v, m.K, len(m.Vocab)))
	}
}

// Perplexity returns exp(−bound / words) of documents under q, by scikit-learn's definition: the bound is the ELBO of
// these documents at their own best q(z) and q(θ), the terms of q(β) counted once and whole. Lower is better; V is
// what a uniform guess scores. It bounds the true perplexity from above.
//
// The bound has seen every word that it scores. CompletionPerplexity has not.
//
// Source: Hoffman, Blei & Bach (2010), §4; LatentDirichletAllocation.perplexity of scikit-learn.
func (m LDA) Perplexity(q LDAFactors, docs []model.Counts) float64 {
	m = m.filled()
	gamma, all := m.foldIn(q, docs)
	m.Docs = docs
	bound := m.bound(LDAFactors{Topics: q.Topics, Shares: gamma, shared: all, stands: 1}, 1)
	var words float64
	for _, doc := range docs {
		words += float64(doc.Len())
	}
	return math.Exp(-bound / words)
}

// CompletionPerplexity returns exp(−mean ln p(word)) of the second half of each document, predicted from the first:
// every other copy of a word, in the order of Counts, fits γ; the others are scored by Σ_k E θ_dk E β_kw. Lower is
// better. Documents of one word are left out; NaN means that there was nothing to score.
//
// Source: Wallach, Murray, Salakhutdinov & Mimno, Evaluation methods for topic models (2009), §5.1, with the
// variational posterior mean in place of samples.
func (m LDA) CompletionPerplexity(q LDAFactors, docs []model.Counts) float64 {
	m = m.filled()
	m.mustRead(q, docs)
	var seen, hidden []model.Counts
	for _, doc := range docs {
		var a, b model.Counts
		next := 0 // 0 where the next copy is to be seen
		for _, c := range doc {
			shown := (c.Times + 1 - next) / 2
			if shown > 0 {
				a = append(a, model.Count{Word: c.Word, Times: shown})
			}
			if c.Times > shown {
				b = append(b, model.Count{Word: c.Word, Times: c.Times - shown})
			}
			next = (next + c.Times) % 2
		}
		if len(b) > 0 {
			seen, hidden = append(seen, a), append(hidden, b)
		}
	}
	if len(seen) == 0 {
		return math.NaN()
	}
	shares, topics := rowMeans(m.FoldIn(q, seen)), q.TopicMeans()
	var ln, words float64
	for d, doc := range hidden {
		for _, c := range doc {
			var p float64
			for k, share := range shares.RawRowView(d) {
				p += share * topics.At(k, c.Word)
			}
			ln += float64(c.Times) * math.Log(p)
			words += float64(c.Times)
		}
	}
	return math.Exp(-ln / words)
}
