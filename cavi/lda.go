package cavi

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/model"
)

// LDA fits latent Dirichlet allocation, model.LDA, by the factorised family
//
//	q(z, θ, β) = Π_di q(z_di) Π_d q(θ_d) Π_k q(β_k)
//	q(z_di = k) = φ_dwk for every copy of word w,    q(θ_d) = Dirichlet(γ_d),    q(β_k) = Dirichlet(λ_k)
//
// A sweep moves q(z) and q(θ) in turn, Rounds times, then q(β). Each of the three is a half-step of its own: documents
// do not depend on each other given the topics, nor topics on each other given φ. Local optima abound: while the topics
// are still vague, documents that keep their shares from sweep to sweep commit themselves too early. So the start has
// already made Warm sweeps in which every document begins afresh, which may lower the ELBO and are no part of the
// climb. Try several seeds all the same, and keep the highest ELBO. Equal topics stay equal for ever. The order of the
// topics means nothing; see LDAFactors.Order and MatchTopics.
//
// Source: Blei, Ng & Jordan (2003), §5 and fig. 8; Hoffman, Blei & Bach, Online learning for latent Dirichlet
// allocation (2010), eqs 1–5.
type LDA struct {
	model.LDA
	Rounds int        // of q(z) and q(θ) in a sweep; 0 means 10
	Warm   int        // sweeps from even shares that Start makes, on all cores; 0 means 20, negative none
	Init   *mat.Dense // starting λ, K×V, in words; nil draws each from Gamma(100, rate 100), as Hoffman et al. do
}

// LDAFactors is a state of the fit. Its memory is n×K + K×V: q(z) is held as its sums over each document and over
// each word, from which the next half-steps and the ELBO follow.
type LDAFactors struct {
	Topics *mat.Dense // K×V: q(β_k) = Dirichlet(row k), in words
	Shares *mat.Dense // n×K: q(θ_d) = Dirichlet(row d), in words; after a stochastic step, of the mini-batch alone

	shared folded
	stands float64 // how many documents each one stands for: 1, except in a mini-batch
}

const (
	ldaRounds  = 10
	ldaWarm    = 20
	ldaShape   = 100.0 // of the gamma draws that a fit starts from: mean 1, sd 0.1
	ldaMinDocs = 32    // documents below which a chunk is not worth a goroutine
	ldaChunks  = 16    // at most, since each has a table of V×K
)

// Start returns the first state. It is Warm sweeps from the topics of Init, or from nearly uniform ones drawn without
// regard to the documents, each with shares that begin at γ_d = α + N_d/K, where N_d is the length of document d.
// Without those sweeps every φ is 1/K.
func (m LDA) Start(src rand.Source) LDAFactors {
	m = m.checked()
	q := m.cold(src)
	for range m.Warm {
		q.Shares = m.evenShares()
		q = m.sweep(q, runtime.GOMAXPROCS(0))
	}
	return q
}

// cold is the state before any sweep.
func (m LDA) cold(src rand.Source) LDAFactors {
	q := LDAFactors{Shares: m.evenShares(), stands: 1}
	if m.Init != nil {
		q.Topics = mat.DenseCopyOf(m.Init)
	} else {
		q.Topics = m.noise(src)
	}
	q.shared = m.fold(make([]float64, len(m.Docs)*m.K), make([]float64, len(m.Vocab)*m.K), 1)
	return q
}

// noise draws K×V starting values of λ.
func (m LDA) noise(src rand.Source) *mat.Dense {
	out := mat.NewDense(m.K, len(m.Vocab), nil)
	g := distuv.Gamma{Alpha: ldaShape, Beta: ldaShape, Src: src}
	for k := range m.K {
		row := out.RawRowView(k)
		for w := range row {
			row[w] = g.Rand()
		}
	}
	return out
}

// evenShares is γ with every word shared out evenly.
func (m LDA) evenShares() *mat.Dense {
	out := mat.NewDense(len(m.Docs), m.K, nil)
	for d, doc := range m.Docs {
		row := out.RawRowView(d)
		for k := range row {
			row[k] = m.Alpha + float64(doc.Len())/float64(m.K)
		}
	}
	return out
}

// checked returns the model with its defaults filled in, or panics with what is wrong.
func (m LDA) checked() LDA {
	if err := m.Check(); err != nil {
		panic("cavi: " + err.Error())
	}
	m = m.filled()
	if m.Rounds < 1 {
		panic(fmt.Sprintf("cavi: LDA: Rounds is %d, want at least 1, or 0 for %d", m.Rounds, ldaRounds))
	}
	if m.Init == nil {
		return m
	}
	if k, v := m.Init.Dims(); k != m.K || v != len(m.Vocab) {
		panic(fmt.Sprintf("cavi: LDA: Init is %d×%d, want K×V = %d×%d", k, v, m.K, len(m.Vocab)))
	}
	for k := range m.K {
		for w, v := range m.Init.RawRowView(k) {
			if !(v > 0) || math.IsInf(v, 0) {
				panic(fmt.Sprintf("cavi: LDA: Init[%d][%d] is %v, want a positive finite number", k, w, v))
			}
		}
	}
	return m
}

func (m LDA) filled() LDA {
	m.LDA = m.Filled()
	if m.Rounds == 0 {
		m.Rounds = ldaRounds
	}
	if m.Warm == 0 {
		m.Warm = ldaWarm
	}
	m.Warm = max(m.Warm, 0)
	return m
}

// Updates returns the half-steps q(z) and q(θ), Rounds times, and q(β).
func (m LDA) Updates() []Update[LDAFactors] {
	m = m.filled()
	var all []Update[LDAFactors]
	for range m.Rounds {
		all = append(all, Update[LDAFactors]{"q(z)", m.moveZ}, Update[LDAFactors]{"q(θ)", m.moveTheta})
	}
	return append(all, Update[LDAFactors]{"q(β)", m.moveBeta})
}

// Sweep does all half-steps in one pass over the documents.
func (m LDA) Sweep(q LDAFactors, workers int) (LDAFactors, float64) {
	m = m.filled()
	q = m.sweep(q, workers)
	return q, m.bound(q, workers)
}

func (m LDA) sweep(q LDAFactors, workers int) LDAFactors {
	q.Shares, q.shared = m.foldRounds(q.Shares, q.logTopics(), workers)
	return m.moveBeta(q)
}

// moveZ sets φ_dwk ∝ exp(E ln θ_dk + E ln β_kw).
func (m LDA) moveZ(q LDAFactors) LDAFactors {
	q.shared = m.fold(q.logShares(), q.logTopics(), 1)
	return q
}

// moveTheta sets γ_dk = α + Σ_w n_dw φ_dwk.
func (m LDA) moveTheta(q LDAFactors) LDAFactors {
	q.Shares = mat.NewDense(len(m.Docs), m.K, nil)
	for d := range m.Docs {
		row := q.Shares.RawRowView(d)
		for k, n := range q.shared.doc[d*m.K : (d+1)*m.K] {
			row[k] = m.Alpha + n
		}
	}
	return q
}

// moveBeta sets λ_kw = η + Σ_d n_dw φ_dwk.
func (m LDA) moveBeta(q LDAFactors) LDAFactors {
	q.Topics = mat.NewDense(m.K, len(m.Vocab), nil)
	for k := range m.K {
		row := q.Topics.RawRowView(k)
		for w := range row {
			row[w] = m.Eta + q.stands*q.shared.word[w*m.K+k]
		}
	}
	return q
}

// ELBO returns the evidence lower bound at q in nats, to rounding the sum of m.Terms(q).
func (m LDA) ELBO(q LDAFactors) float64 { return m.filled().bound(q, 1) }

// bound is the ELBO with the terms of each Dirichlet factor put together. With c_i the words that φ gives to entry i of
// the factor Dirichlet(a) under a prior of weight b,
//
//	E ln p + H q + Σ_i c_i E ln p_i = ln B(a) − ln B(b) + Σ_i (b + c_i − a_i) E ln p_i
//
// and the last sum is over zeros just after the factor moved to a_i = b + c_i. That saves the digammas, not only time:
// large terms no longer cancel.
func (m LDA) bound(q LDAFactors, workers int) float64 {
	var words float64
	count := make([]float64, len(m.Vocab))
	for k := range m.K {
		for w := range count {
			count[w] = q.stands * q.shared.word[w*m.K+k]
		}
		words += lnEvidence(q.Topics.RawRowView(k), count, m.Eta)
	}
	var shares float64
	for _, part := range inParts(len(m.Docs), m.chunks(), workers, func(from, to int) (sum float64) {
		for d := from; d < to; d++ {
			sum += lnEvidence(q.Shares.RawRowView(d), q.shared.doc[d*m.K:(d+1)*m.K], m.Alpha)
		}
		return sum
	}) {
		shares += part
	}
	return words + q.stands*(shares+q.shared.entropy)
}

// Terms returns the ELBO by name, in nats, for the φ held:
//
//	E ln p(β)      Σ_k lnΓ(Vη) − V lnΓ(η) + (η − 1) Σ_w E ln β_kw
//	E ln p(θ)      Σ_d lnΓ(Kα) − K lnΓ(α) + (α − 1) Σ_k E ln θ_dk
//	E ln p(z|θ)    Σ_dwk n_dw φ_dwk E ln θ_dk
//	E ln p(w|z,β)  Σ_dwk n_dw φ_dwk E ln β_kw
//	H q(β), H q(θ) the entropies of the Dirichlets
//	H q(z)         −Σ_dwk n_dw φ_dwk ln φ_dwk
//
// After a stochastic step the sums over documents are those of the mini-batch, scaled to all documents.
func (m LDA) Terms(q LDAFactors) []Term {
	m = m.filled()
	topics := dirichletTerms{}
	for k := range m.K {
		topics.add(q.Topics.RawRowView(k), m.Eta)
	}
	var word float64
	for i, ln := range q.logTopics() {
		word += q.shared.word[i] * ln
	}
	var shares dirichletTerms
	var assign float64
	ln := make([]float64, m.K)
	for d := range m.Docs {
		shares.add(q.Shares.RawRowView(d), m.Alpha)
		expectedLn(ln, q.Shares.RawRowView(d))
		for k, n := range q.shared.doc[d*m.K : (d+1)*m.K] {
			assign += n * ln[k]
		}
	}
	return []Term{
		{"E ln p(β)", topics.prior},
		{"E ln p(θ)", q.stands * shares.prior},
		{"E ln p(z|θ)", q.stands * assign},
		{"E ln p(w|z,β)", q.stands * word},
		{"H q(β)", topics.entropy},
		{"H q(θ)", q.stands * shares.entropy},
		{"H q(z)", q.stands * q.shared.entropy},
	}
}
