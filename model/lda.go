package model

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// LDA is latent Dirichlet allocation: a document is a mixture of topics, a topic a distribution over words.
//
//	β_k ~ Dirichlet(Eta, …, Eta)       the topics, V probabilities each
//	θ_d ~ Dirichlet(Alpha, …, Alpha)   the document's shares, K probabilities
//	z_di ~ Categorical(θ_d)            the topic of its word i
//	w_di ~ Categorical(β_{z_di})       the word
//
// The order of the words says nothing, so a document is counts. Probabilities are those of the words in one order:
// no multinomial coefficient is counted. K larger than the number of documents or of words is legal: topics without
// words return to their prior.
//
// Source: Blei, Ng & Jordan, Latent Dirichlet allocation (2003), with the prior on topics of its §5.4.
type LDA struct {
	Docs  []Counts
	Vocab []string // V words; a word of a document is an index into it
	K     int      // topics; 0 means 2
	Alpha float64  // Dirichlet weight of each topic in a document, in words; 0 means 1/K
	Eta   float64  // Dirichlet weight of each word in a topic, in words; 0 means 1/K
}

// Count says how often a document has a word.
type Count struct {
	Word  int // an index into the vocabulary
	Times int // at least 1
}

// Counts is a document: its words, each once, and how often. Words that it does not have are left out.
type Counts []Count

// Len returns the number of words in the document, repetitions counted.
func (c Counts) Len() int {
	var n int
	for _, w := range c {
		n += w.Times
	}
	return n
}

// Filled returns m with its zero values replaced by what they stand for. 1/K is scikit-learn's default too.
func (m LDA) Filled() LDA {
	if m.K == 0 {
		m.K = 2
	}
	if m.Alpha == 0 {
		m.Alpha = 1 / float64(m.K)
	}
	if m.Eta == 0 {
		m.Eta = 1 / float64(m.K)
	}
	return m
}

// Check says in one sentence what is wrong with the fields, or returns nil.
func (m LDA) Check() error {
	if len(m.Docs) == 0 {
		return fmt.Errorf("LDA: Docs has 0 documents, want at least 1")
	}
	if err := m.checkPrior(); err != nil {
		return err
	}
	return m.CheckDocs(m.Docs)
}

// CheckDocs says in one sentence what is wrong with documents over the vocabulary, or returns nil.
func (m LDA) CheckDocs(docs []Counts) error {
	for d, doc := range docs {
		if len(doc) == 0 {
			return fmt.Errorf("LDA: document %d is empty, want at least one word", d)
		}
		for _, c := range doc {
			if c.Word < 0 || c.Word >= len(m.Vocab) {
				return fmt.Errorf("LDA: document %d has the word %d, outside the vocabulary of %d words", d, c.Word, len(m.Vocab))
			}
			if c.Times < 1 {
				return fmt.Errorf("LDA: document %d has word %d %d times, want at least once, or leave it out", d, c.Word, c.Times)
			}
		}
	}
	return nil
}

func (m LDA) checkPrior() error {
	if len(m.Vocab) == 0 {
		return fmt.Errorf("LDA: Vocab has 0 words, want at least 1")
	}
	if m.K < 0 {
		return fmt.Errorf("LDA: K is %d, want at least 1, or 0 for 2", m.K)
	}
	m = m.Filled()
	if err := checkPositive("LDA", "Alpha", m.Alpha); err != nil {
		return err
	}
	return checkPositive("LDA", "Eta", m.Eta)
}

// LogProb returns ln p(w, θ, β) in nats, the topics of the words summed out: a density with respect to the first
// V − 1 probabilities of each topic and the first K − 1 shares of each document. topics is K×V, shares a row a
// document, n×K; it is −∞ where one of them is not positive. It panics on other shapes.
func (m LDA) LogProb(topics, shares *mat.Dense) float64 {
	m = m.Filled()
	if k, v := topics.Dims(); k != m.K || v != len(m.Vocab) {
		panic(fmt.Sprintf("model: LDA: LogProb of %d×%d topics, want %d×%d", k, v, m.K, len(m.Vocab)))
	}
	if n, k := shares.Dims(); n != len(m.Docs) || k != m.K {
		panic(fmt.Sprintf("model: LDA: LogProb of %d×%d shares, want %d×%d", n, k, len(m.Docs), m.K))
	}
	ln := lnDirichletRows(topics, m.Eta) + lnDirichletRows(shares, m.Alpha)
	for d, doc := range m.Docs {
		for _, c := range doc {
			var p float64
			for k, share := range shares.RawRowView(d) {
				p += share * topics.At(k, c.Word)
			}
			ln += float64(c.Times) * math.Log(p)
		}
	}
	return ln
}

// lnDirichletRows is the log density of the rows of p, each under a symmetric Dirichlet of weight a.
func lnDirichletRows(p *mat.Dense, a float64) float64 {
	rows, dim := p.Dims()
	ln := float64(rows) * (lnGamma(float64(dim)*a) - float64(dim)*lnGamma(a))
	for i := range rows {
		for _, v := range p.RawRowView(i) {
			if !(v > 0) {
				return math.Inf(-1)
			}
			ln += (a - 1) * math.Log(v)
		}
	}
	return ln
}

// Simulate draws n documents of so many words each from the whole story, and returns them with the topics, K×V, and
// the shares, n×K, that made them. It does not read Docs. It panics on fields that Check refuses, and if n or words
// is less than 1.
func (m LDA) Simulate(n, words int, rng *rand.Rand) (docs []Counts, topics, shares *mat.Dense) {
	if err := m.checkPrior(); err != nil {
		panic("model: " + err.Error())
	}
	m = m.Filled()
	topics = mat.NewDense(m.K, len(m.Vocab), nil)
	for k := range m.K {
		drawDirichlet(topics.RawRowView(k), m.Eta, rng)
	}
	docs, shares = SimulateLDA(n, words, topics, m.Alpha, rng)
	return docs, topics, shares
}

// SimulateLDA draws n documents of so many words each from given topics, K×V with rows that sum to 1, and returns
// them with the shares, n×K, drawn with Dirichlet weight alpha. It panics if n or words is less than 1, or if alpha
// is not positive.
func SimulateLDA(n, words int, topics *mat.Dense, alpha float64, rng *rand.Rand) (docs []Counts, shares *mat.Dense) {
	if n < 1 || words < 1 {
		panic(fmt.Sprintf("model: SimulateLDA: %d documents of %d words, want at least 1 of each", n, words))
	}
	if err := checkPositive("SimulateLDA", "alpha", alpha); err != nil {
		panic("model: " + err.Error())
	}
	k, v := topics.Dims()
	docs, shares = make([]Counts, n), mat.NewDense(n, k, nil)
	times := make([]int, v)
	for d := range docs {
		share := shares.RawRowView(d)
		drawDirichlet(share, alpha, rng)
		clear(times)
		for range words {
			times[drawIndex(topics.RawRowView(drawIndex(share, rng)), rng)]++
		}
		for w, t := range times {
			if t > 0 {
				docs[d] = append(docs[d], Count{Word: w, Times: t})
			}
		}
	}
	return docs, shares
}

// drawDirichlet sets p to a draw from a symmetric Dirichlet of weight a, in logs so that a small a does not underflow:
// a gamma draw of shape a is one of shape a + 1 times U^{1/a} (Marsaglia & Tsang 2000, §6).
func drawDirichlet(p []float64, a float64, rng *rand.Rand) {
	top := math.Inf(-1)
	gamma := distuv.Gamma{Alpha: a + 1, Beta: 1, Src: rng}
	for i := range p {
		p[i] = math.Log(gamma.Rand()) - rng.ExpFloat64()/a
		top = max(top, p[i])
	}
	var total float64
	for i := range p {
		p[i] = math.Exp(p[i] - top)
		total += p[i]
	}
	for i := range p {
		p[i] /= total
	}
}

// drawIndex draws i with probability p[i].
func drawIndex(p []float64, rng *rand.Rand) int {
	u, last := rng.Float64(), 0
	for i, v := range p {
		if v == 0 {
			continue
		}
		if last = i; u < v {
			break
		}
		u -= v
	}
	return last
}
