package cavi

import (
	"fmt"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"elboroom/model"
)

// Begin returns what Start makes of the mini-batch.
func (m GMM) Begin(b Batch[float64], src rand.Source) (GMMFactors, float64) {
	m.X = b.Data
	q := m.Start(src)
	q = q.standing(b.Of)
	return q, m.ELBO(q)
}

// Learn takes one stochastic step. The natural parameters of q(μ_k) are its precision and its precision times its
// mean; the blend of both is written as a shift from the new ones, so that a rate of 1 gives those to the last bit.
func (m GMM) Learn(q GMMFactors, b Batch[float64], rate float64) (GMMFactors, float64) {
	m.X = b.Data
	m = m.checked()
	hat := q.moveC(m.X, b.Workers).standing(b.Of).moveMu()
	for k, v := range q.Var {
		fresh := hat.Var[k]
		hat.Var[k] = fresh / (rate + (1-rate)*(fresh/v))
		hat.Mean[k] += (1 - rate) * (hat.Var[k] / v) * (q.Mean[k] - hat.Mean[k])
	}
	return hat, m.ELBO(hat)
}

// standing makes the sums over the data stand for so many.
func (q GMMFactors) standing(of int) GMMFactors {
	times := float64(of) / float64(q.shared.n)
	t := newTally(len(q.Mean))
	t.n, t.entropy = of, times*q.shared.entropy
	for k := range t.count {
		t.count[k], t.dev[k], t.dev2[k] = times*q.shared.count[k], times*q.shared.dev[k], times*q.shared.dev2[k]
	}
	q.shared, q.Count = t, t.count
	return q
}

// Begin returns what Start makes of the mini-batch.
func (m BayesGMM) Begin(b Batch[[]float64], src rand.Source) (BayesGMMFactors, float64) {
	m.X = rowsOf(b.Data)
	q := m.Start(src).standing(float64(b.Of) / float64(len(b.Data)))
	return q, m.ELBO(q)
}

// Learn takes one stochastic step. The natural parameters are α of q(π), and ν, β, β m and W⁻¹ + β m mᵀ of each
// q(μ_k, Λ_k); the last becomes, around the two means, the blend of W⁻¹ plus what their distance adds.
func (m BayesGMM) Learn(q BayesGMMFactors, b Batch[[]float64], rate float64) (BayesGMMFactors, float64) {
	m.Init, m.X = nil, rowsOf(b.Data)
	if now, before := len(b.Data[0]), len(q.M[0]); now != before {
		panic(fmt.Sprintf("cavi: BayesGMM: the stream has a datum of %d numbers after ones of %d", now, before))
	}
	m = m.checked()
	hat := m.moveTheta(m.shareOut(q, m.ruleOf(q), b.Workers).standing(float64(b.Of) / float64(len(b.Data))))
	if rate == 1 {
		return hat, m.ELBO(hat)
	}
	old, d := 1-rate, len(m.M0)
	for k := range m.K {
		was, fresh := old*q.Beta[k], rate*hat.Beta[k]
		beta := was + fresh
		now, then := inverted(hat.W[k]), inverted(q.W[k])
		for i := range d {
			for j := range i + 1 {
				apart := (hat.M[k][i] - q.M[k][i]) * (hat.M[k][j] - q.M[k][j])
				now.SetSym(i, j, old*then.At(i, j)+rate*now.At(i, j)+was*fresh/beta*apart)
			}
		}
		hat.W[k] = inverted(now)
		for j := range d {
			hat.M[k][j] += was / beta * (q.M[k][j] - hat.M[k][j])
		}
		hat.Alpha[k] = old*q.Alpha[k] + rate*hat.Alpha[k]
		hat.Beta[k] = beta
		hat.Nu[k] = old*q.Nu[k] + rate*hat.Nu[k]
	}
	return hat, m.ELBO(hat)
}

// standing makes each datum stand for so many.
func (q BayesGMMFactors) standing(times float64) BayesGMMFactors {
	s := newScatter(len(q.Alpha), len(q.M[0]))
	s.join(q.shared)
	s.entropy *= times
	for k := range s.count {
		s.count[k] *= times
		for j := range s.dev[k] {
			s.dev[k][j] *= times
		}
		for j := range s.dev2[k] {
			s.dev2[k][j] *= times
		}
	}
	q.shared, q.Count = s, s.count
	return q
}

// rowsOf is a mini-batch as a matrix, or a panic that says which datum has another length.
func rowsOf(data [][]float64) *mat.Dense {
	d := len(data[0])
	if d == 0 {
		panic("cavi: BayesGMM: a datum of the stream has 0 numbers, want at least 1")
	}
	x := mat.NewDense(len(data), d, nil)
	for i, row := range data {
		if len(row) != d {
			panic(fmt.Sprintf("cavi: BayesGMM: the stream has a datum of %d numbers after one of %d", len(row), d))
		}
		x.SetRow(i, row)
	}
	return x
}

// Begin returns the topics of Start before its warm sweeps, which a falling rate makes needless.
func (m LDA) Begin(b Batch[model.Counts], src rand.Source) (LDAFactors, float64) {
	m.Docs = b.Data
	m = m.checked()
	q := m.cold(src)
	q.stands = float64(b.Of) / float64(len(b.Data))
	return q, m.ELBO(q)
}

// Learn takes one stochastic step: q(z) and q(θ) of the mini-batch move Rounds times from even shares, and λ, which is
// a natural parameter as it stands, moves by rate towards η + Of/Batch · Σ n φ.
//
// Source: Hoffman, Blei & Bach (2010), alg. 2.
func (m LDA) Learn(q LDAFactors, b Batch[model.Counts], rate float64) (LDAFactors, float64) {
	m.Docs = b.Data
	m = m.checked()
	was := q.Topics
	q.Shares, q.stands = m.evenShares(), float64(b.Of)/float64(len(b.Data))
	q = m.sweep(q, b.Workers)
	now, then := q.Topics.RawMatrix().Data, was.RawMatrix().Data
	for i, fresh := range now {
		now[i] = fresh + (1-rate)*(then[i]-fresh)
	}
	return q, m.bound(q, b.Workers)
}
