package cavi

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// scatter is what a pass over the data leaves of the assignments φ, each sum over the n data, around the centres
// of the rule that made φ.
type scatter struct {
	count   []float64   // K: Σ φ
	dev     [][]float64 // K×D: Σ φ (x − c_k)
	dev2    [][]float64 // K×D², lower triangles: Σ φ (x − c_k)(x − c_k)ᵀ
	entropy float64     // −Σ φ ln φ
}

func newScatter(k, d int) scatter {
	s := scatter{count: make([]float64, k), dev: make([][]float64, k), dev2: make([][]float64, k)}
	for i := range k {
		s.dev[i], s.dev2[i] = make([]float64, d), make([]float64, d*d)
	}
	return s
}

// add gives the share phi of the datum x to component k with centre c.
func (s *scatter) add(k int, phi float64, x, c []float64) {
	if phi == 0 {
		return
	}
	s.count[k] += phi
	dev, dev2 := s.dev[k], s.dev2[k]
	for a := range x {
		v := phi * (x[a] - c[a])
		dev[a] += v
		row := dev2[a*len(x) : a*len(x)+a+1]
		for b := range row {
			row[b] += v * (x[b] - c[b])
		}
	}
}

// join adds t to s.
func (s *scatter) join(t scatter) {
	s.entropy += t.entropy
	for k := range s.count {
		s.count[k] += t.count[k]
		for j, v := range t.dev[k] {
			s.dev[k][j] += v
		}
		for j, v := range t.dev2[k] {
			s.dev2[k][j] += v
		}
	}
}

// around returns Σ φ (x − m)(x − m)ᵀ of component k, whose centre is c.
func (s scatter) around(k int, m, c []float64) *mat.SymDense {
	d := len(m)
	out := mat.NewSymDense(d, nil)
	for a := range d {
		for b := range a + 1 {
			da, db := m[a]-c[a], m[b]-c[b]
			out.SetSym(a, b, s.dev2[k][a*d+b]-s.dev[k][a]*db-s.dev[k][b]*da+s.count[k]*da*db)
		}
	}
	return out
}

// rule is how φ follows from a datum: φ_ik ∝ exp(offset_k − ½ |root_k (x − centre_k)|²).
type rule struct {
	offset []float64   // K
	centre [][]float64 // K×D
	root   [][]float64 // K×D², lower triangles
}

// evenRule is φ = 1/K.
func evenRule(k int, centre []float64) rule {
	r := rule{offset: make([]float64, k), centre: make([][]float64, k), root: make([][]float64, k)}
	for i := range k {
		r.centre[i], r.root[i] = centre, make([]float64, len(centre)*len(centre))
	}
	return r
}

// ruleOf sets φ_ik ∝ exp(E ln π_k + ½ E ln|Λ_k| − D/(2β_k) − ½ ν_k (x_i − m_k)ᵀ W_k (x_i − m_k)) (PRML eqs 10.46,
// 10.64–10.66). The rule's offset is the first three terms, its root √ν_k times the inverse of the Cholesky factor of W_k⁻¹.
func (m BayesGMM) ruleOf(q BayesGMMFactors) rule {
	d := len(m.M0)
	r := evenRule(m.K, m.M0)
	var total float64
	for _, a := range q.Alpha {
		total += a
	}
	for k := range m.K {
		r.centre[k] = q.M[k]
		r.offset[k] = psi(q.Alpha[k]) - psi(total) +
			0.5*expectedLnDet(q.Nu[k], lnDet(q.W[k]), d) - 0.5*float64(d)/q.Beta[k]
		var chol mat.Cholesky
		var low, root mat.TriDense
		if !chol.Factorize(inverted(q.W[k])) {
			r.offset[k] = math.NaN()
			continue
		}
		chol.LTo(&low)
		if err := root.InverseTri(&low); err != nil {
			r.offset[k] = math.NaN()
			continue
		}
		for a := range d {
			for b := range a + 1 {
				r.root[k][a*d+b] = math.Sqrt(q.Nu[k]) * root.At(a, b)
			}
		}
	}
	return r
}

// weigh sets phi to the shares of x and returns their entropy −Σ φ ln φ. far and room are for K and D numbers.
func (r rule) weigh(phi, far, x, room []float64) float64 {
	least := math.Inf(1)
	d := len(x)
	for k, c := range r.centre {
		for j := range x {
			room[j] = x[j] - c[j]
		}
		var square float64
		for a := range x {
			var v float64
			for b, w := range r.root[k][a*d : a*d+a+1] {
				v += w * room[b]
			}
			square += v * v
		}
		far[k] = 0.5*square - r.offset[k]
		least = min(least, far[k])
	}
	var total float64
	for k := range phi {
		far[k] -= least
		phi[k] = math.Exp(-far[k])
		total += phi[k]
	}
	entropy := math.Log(total)
	for k := range phi {
		phi[k] /= total
		entropy += phi[k] * far[k]
	}
	return entropy
}

// shareOut makes q(c) the one that the rule gives.
func (m BayesGMM) shareOut(q BayesGMMFactors, r rule, workers int) BayesGMMFactors {
	n, d := m.X.Dims()
	total := newScatter(m.K, d)
	for _, part := range inChunks(n, workers, func(from, to int) scatter {
		s := newScatter(m.K, d)
		phi, far, room := make([]float64, m.K), make([]float64, m.K), make([]float64, d)
		for i := from; i < to; i++ {
			x := m.X.RawRowView(i)
			s.entropy += r.weigh(phi, far, x, room)
			for k, p := range phi {
				s.add(k, p, x, r.centre[k])
			}
		}
		return s
	}) {
		total.join(part)
	}
	q.rule, q.shared, q.Count = r, total, total.count
	return q
}

// nearest draws K different data and returns the hard shares of datum i among them, by distance in units of the
// columns' sds. The draw depends on the set of data alone, as in pickData.
func (m BayesGMM) nearest(key uint64) func(i int) []float64 {
	n, d := m.X.Dims()
	mean, square := make([]float64, d), make([]float64, d)
	for i := range n {
		for j, v := range m.X.RawRowView(i) {
			mean[j] += v / float64(n)
		}
	}
	for i := range n {
		for j, v := range m.X.RawRowView(i) {
			square[j] += (v - mean[j]) * (v - mean[j])
		}
	}
	drawn := lowest(n, m.K, func(i int) (p uint64) {
		for _, v := range m.X.RawRowView(i) {
			p = mix(p ^ math.Float64bits(v+0) ^ key)
		}
		return p
	})
	return func(i int) []float64 {
		phi, best, to := make([]float64, m.K), math.Inf(1), 0
		for k, o := range drawn {
			var far float64
			for j, v := range m.X.RawRowView(i) {
				if square[j] > 0 {
					far += (v - m.X.At(o, j)) * (v - m.X.At(o, j)) / square[j]
				}
			}
			if far < best {
				best, to = far, k
			}
		}
		phi[to] = 1
		return phi
	}
}
