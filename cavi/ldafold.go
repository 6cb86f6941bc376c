package cavi

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"elboroom/model"
)

// folded is what a pass over the documents leaves of φ.
type folded struct {
	doc     []float64 // n×K: Σ_w n_dw φ_dwk
	word    []float64 // V×K: Σ_d n_dw φ_dwk
	entropy float64   // −Σ n φ ln φ, in nats
}

// expectedLn sets dst to E ln p_i = ψ(a_i) − ψ(Σ a) under Dirichlet(a) (PRML eq. B.21).
func expectedLn(dst, a []float64) {
	var total float64
	for _, v := range a {
		total += v
	}
	total = psi(total)
	for i, v := range a {
		dst[i] = psi(v) - total
	}
}

// logTopics is E ln β_kw, V×K: a word's numbers lie together, since a document visits words.
func (q LDAFactors) logTopics() []float64 {
	k, v := q.Topics.Dims()
	rows, totals := make([][]float64, k), make([]float64, k)
	for j := range rows {
		rows[j] = q.Topics.RawRowView(j)
		for _, x := range rows[j] {
			totals[j] += x
		}
		totals[j] = psi(totals[j])
	}
	out := make([]float64, v*k)
	for w := range v {
		for j, row := range rows {
			out[w*k+j] = psi(row[w]) - totals[j]
		}
	}
	return out
}

// logShares is E ln θ_dk, n×K.
func (q LDAFactors) logShares() []float64 {
	n, k := q.Shares.Dims()
	out := make([]float64, n*k)
	for d := range n {
		expectedLn(out[d*k:(d+1)*k], q.Shares.RawRowView(d))
	}
	return out
}

// dirichletTerms are E ln p and H q of Dirichlet factors, in nats.
type dirichletTerms struct{ prior, entropy float64 }

// add adds those of q = Dirichlet(a) under a symmetric prior of the given weight.
func (t *dirichletTerms) add(a []float64, weight float64) {
	dim := float64(len(a))
	var total float64
	for _, v := range a {
		total += v
	}
	ofTotal := psi(total)
	t.prior += lnGamma(dim*weight) - dim*lnGamma(weight)
	t.entropy -= lnGamma(total)
	for _, v := range a {
		ln := psi(v) - ofTotal
		t.prior += (weight - 1) * ln
		t.entropy += lnGamma(v) - (v-1)*ln
	}
}

// lnEvidence is E ln p + H q + Σ_i count_i E ln p_i of q = Dirichlet(a) under a symmetric prior of the given weight, in
// nats: where a is weight + count, the log evidence of the counts.
func lnEvidence(a, count []float64, weight float64) float64 {
	dim := float64(len(a))
	var total, ofTotal float64
	for _, v := range a {
		total += v
	}
	settled := true
	ln := lnGamma(dim*weight) - lnGamma(total) - dim*lnGamma(weight)
	for i, v := range a {
		ln += lnGamma(v)
		if rest := weight + count[i] - v; rest != 0 {
			if settled {
				settled, ofTotal = false, psi(total)
			}
			ln += rest * (psi(v) - ofTotal)
		}
	}
	return ln
}

// byWord is the share of each topic in each word, ready for use: exp(ln), scaled so that each word's largest is 1.
type byWord struct{ ln, exp []float64 }

// newByWord makes ln, V×K, its own and scales it.
func newByWord(ln []float64, k int) byWord {
	b := byWord{ln: ln, exp: make([]float64, len(ln))}
	for from := 0; from < len(ln); from += k {
		word := ln[from : from+k]
		top := slices.Max(word)
		for i, v := range word {
			word[i] = v - top
			b.exp[from+i] = math.Exp(word[i])
		}
	}
	return b
}

// reader folds documents, one after another.
type reader struct {
	k         int
	topics    byWord
	ln, exp   []float64 // of the document's shares, scaled so that the largest is 1
	logs      []float64 // E ln θ of the document
	phi, rare []float64 // of words whose φ takes logarithms: φ, and the sum of n φ
	word      []float64 // V×K, the sums so far
	entropy   float64   // so far, but for the words' part −Σ word·ln

	// The open document, so that its rounds stay within a few kilobytes.
	at           []int     // where the numbers of each of its words begin
	times, total []float64 // of each of its words: copies; Σ_k exp(topic + share), then copies by that
	table        []float64 // words×K, its part of topics.exp
}

// newReader is for documents of at most so many different words.
func newReader(k, words int, topics byWord) *reader {
	room, perWord := make([]float64, 5*k), make([]float64, (2+k)*words)
	return &reader{k: k, topics: topics, ln: room[:k], exp: room[k : 2*k], logs: room[2*k : 3*k], phi: room[3*k : 4*k],
		rare: room[4*k:], word: make([]float64, len(topics.ln)), at: make([]int, words),
		times: perWord[:words], total: perWord[words : 2*words], table: perWord[2*words:]}
}

// open makes doc the document that is read next.
func (r *reader) open(doc model.Counts) {
	r.at, r.times, r.total, r.table = r.at[:len(doc)], r.times[:len(doc)], r.total[:len(doc)], r.table[:len(doc)*r.k]
	for i, c := range doc {
		r.at[i], r.times[i] = c.Word*r.k, float64(c.Times)
		copy(r.table[i*r.k:(i+1)*r.k], r.topics.exp[r.at[i]:r.at[i]+r.k])
	}
}

// read sets n to Σ_w n_dw φ_dwk for the open document with the given E ln θ. Only where everything is wanted does it
// add to the sums by word and to the entropy.
func (r *reader) read(logs, n []float64, everything bool) {
	const faint = 1e-150 // below it, products of two scaled exponentials have lost digits
	top := math.Inf(-1)
	for _, v := range logs {
		top = max(top, v)
	}
	for k, v := range logs {
		r.ln[k] = v - top
		r.exp[k] = math.Exp(r.ln[k])
	}
	clear(r.rare)
	table := blas64.General{Rows: len(r.at), Cols: r.k, Stride: r.k, Data: r.table}
	share, sums := blas64.Vector{N: r.k, Data: r.exp, Inc: 1}, blas64.Vector{N: r.k, Data: n, Inc: 1}
	total := blas64.Vector{N: len(r.at), Data: r.total, Inc: 1}
	blas64.Gemv(blas.NoTrans, 1, table, share, 0, total)
	scale, times := r.total, r.times[:len(r.total)]
	for i, t := range scale {
		if t < faint {
			r.readFaint(r.at[i], times[i], everything)
			scale[i] = 0
			continue
		}
		scale[i] = times[i] / t
		if everything {
			r.entropy += times[i] * math.Log(t)
		}
	}
	blas64.Gemv(blas.Trans, 1, table, total, 0, sums)
	if everything {
		for i, at := range r.at {
			word, topic, share := r.word[at:at+r.k], r.table[i*r.k:(i+1)*r.k], r.exp[:r.k]
			for k, e := range topic {
				word[k] += scale[i] * e * share[k]
			}
		}
	}
	for k, e := range r.exp {
		n[k] = n[k]*e + r.rare[k]
	}
	if everything {
		for k, v := range n {
			r.entropy -= v * r.ln[k]
		}
	}
}

// readFaint is read for so many copies of the word whose numbers begin at the given place, in logarithms. It adds what
// belongs to n to rare.
func (r *reader) readFaint(at int, times float64, everything bool) {
	shift := math.Inf(-1)
	for k, v := range r.topics.ln[at : at+r.k] {
		shift = max(shift, v+r.ln[k])
	}
	var total float64
	for k, v := range r.topics.ln[at : at+r.k] {
		r.phi[k] = math.Exp(v + r.ln[k] - shift)
		total += r.phi[k]
	}
	for k, p := range r.phi {
		r.rare[k] += times * p / total
		if everything {
			r.word[at+k] += times * p / total
		}
	}
	if everything {
		r.entropy += times * (math.Log(total) + shift)
	}
}

func (m LDA) chunks() int { return min(ldaChunks, (len(m.Docs)+ldaMinDocs-1)/ldaMinDocs) }

// collect reads all documents with readers of their own and joins what they leave, in order. each folds document d
// and writes its n.
func (m LDA) collect(topics byWord, workers int, each func(r *reader, d int, n []float64)) folded {
	total, longest := folded{doc: make([]float64, len(m.Docs)*m.K)}, 0
	for _, doc := range m.Docs {
		longest = max(longest, len(doc))
	}
	for i, r := range inParts(len(m.Docs), m.chunks(), workers, func(from, to int) *reader {
		r := newReader(m.K, longest, topics)
		for d := from; d < to; d++ {
			each(r, d, total.doc[d*m.K:(d+1)*m.K])
		}
		return r
	}) {
		total.entropy += r.entropy
		if i == 0 {
			total.word = r.word
			continue
		}
		for j, v := range r.word {
			total.word[j] += v
		}
	}
	for j, v := range total.word {
		total.entropy -= v * topics.ln[j]
	}
	return total
}

// fold makes φ_dwk ∝ exp(shares_dk + topics_wk). It makes topics its own.
func (m LDA) fold(shares, topics []float64, workers int) folded {
	return m.collect(newByWord(topics, m.K), workers, func(r *reader, d int, n []float64) {
		r.open(m.Docs[d])
		r.read(shares[d*m.K:(d+1)*m.K], n, true)
	})
}

// foldRounds moves q(z) and q(θ) in turn from the given γ, and returns the last of both.
func (m LDA) foldRounds(gamma *mat.Dense, topics []float64, workers int) (*mat.Dense, folded) {
	next := mat.NewDense(len(m.Docs), m.K, nil)
	all := m.collect(newByWord(topics, m.K), workers, func(r *reader, d int, n []float64) {
		row := next.RawRowView(d)
		copy(row, gamma.RawRowView(d))
		r.open(m.Docs[d])
		for round := range m.Rounds {
			expectedLn(r.logs, row)
			r.read(r.logs, n, round == m.Rounds-1)
			for k, v := range n {
				row[k] = m.Alpha + v
			}
		}
	})
	return next, all
}
