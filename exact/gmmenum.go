package exact

import (
	"math"

	"elboroom/model"
)

// Enumeration. Given who belongs where, everything is Gaussian: a cluster of m data whose mean is x̄ and whose
// squares around it sum to R has the marginal density
//
//	ln p = −(m/2) ln 2πσ² − ½ ln(1 + mτ₀²/σ²) − (R + m(x̄ − μ₀)²σ²/(σ² + mτ₀²))/(2σ²)
//
// and p(x) = K⁻ⁿ Σ_c Π_clusters p. Assignments that differ by the components' names have the same product, so
// the sum runs over partitions into b ≤ K clusters, each counted K!/(K−b)! times.
//
// Source: Murphy, Machine learning: a probabilistic perspective (2012), §4.4.2, and the sum over assignments.

// cluster is the data of one component, added one at a time (Welford 1962).
type cluster struct{ n, centre, squares float64 }

// with returns b with x added.
func (b cluster) with(x float64) cluster {
	d := x - b.centre
	return cluster{b.n + 1, b.centre + d/(b.n+1), b.squares + d*d*b.n/(b.n+1)}
}

// logMarginal is ln p of the cluster's data in nats; an empty cluster has 0.
func (b cluster) logMarginal(m model.GMM) float64 {
	return b.logMarginalWith(m.Sigma*m.Sigma, m.Tau0*m.Tau0, b.centre-m.Mu0)
}

// logMarginalWith is logMarginal for the noise variance s2, the prior variance t2 and the centre's distance d
// from the prior mean.
func (b cluster) logMarginalWith(s2, t2, d float64) float64 {
	return -b.n/2*math.Log(2*math.Pi*s2) - 0.5*math.Log1p(b.n*t2/s2) - (b.squares+b.n*d*d*s2/(s2+b.n*t2))/(2*s2)
}

// variance and mean are those of the component's mean given its data.
func (b cluster) variance(m model.GMM) float64 {
	return 1 / (1/(m.Tau0*m.Tau0) + b.n/(m.Sigma*m.Sigma))
}

func (b cluster) mean(m model.GMM) float64 {
	return m.Mu0 + b.variance(m)*b.n*(b.centre-m.Mu0)/(m.Sigma*m.Sigma)
}

// partitions is the number of ways to share n data out among at most k clusters: Σ_b S(n, b), Stirling numbers
// of the second kind by their recurrence.
func partitions(n, k int) float64 {
	if k == 1 {
		return 1
	}
	row := make([]float64, min(n, k)+1) // row[b] = S(i, b)
	row[0] = 1
	for range n {
		for b := len(row) - 1; b > 0; b-- {
			row[b] = float64(b)*row[b] + row[b-1]
		}
		row[0] = 0
		if row[min(2, len(row)-1)] > MaxPartitions {
			break
		}
	}
	var total float64
	for _, s := range row {
		total += s
	}
	return total
}

// eachPartition calls leaf for every partition of the data with the log of its weight, names counted, and its
// clusters, which the call may not keep.
func eachPartition(m model.GMM, leaf func(logWeight float64, blocks []cluster)) {
	names := make([]float64, m.K+1) // ln K!/(K−b)!
	for b := 1; b <= m.K; b++ {
		names[b] = names[b-1] + math.Log(float64(m.K-b+1))
	}
	uniform := float64(len(m.X)) * math.Log(float64(m.K))
	if m.K == 1 {
		var all cluster
		for _, x := range m.X {
			all = all.with(x)
		}
		leaf(all.logMarginal(m), []cluster{all})
		return
	}
	blocks := make([]cluster, 0, m.K)
	parts := make([]float64, 0, m.K) // the blocks' log marginals
	var place func(i int)
	place = func(i int) {
		if i == len(m.X) {
			w := names[len(blocks)] - uniform
			for _, p := range parts {
				w += p
			}
			leaf(w, blocks)
			return
		}
		for b := range blocks {
			block, part := blocks[b], parts[b]
			blocks[b] = block.with(m.X[i])
			parts[b] = blocks[b].logMarginal(m)
			place(i + 1)
			blocks[b], parts[b] = block, part
		}
		if len(blocks) < m.K {
			alone := cluster{}.with(m.X[i])
			blocks, parts = append(blocks, alone), append(parts, alone.logMarginal(m))
			place(i + 1)
			blocks, parts = blocks[:len(blocks)-1], parts[:len(parts)-1]
		}
	}
	place(0)
}

// logSum is a running ln Σ exp(v), compensated (Neumaier 1974).
type logSum struct{ top, sum, rest float64 }

func newLogSum() logSum { return logSum{top: math.Inf(-1)} }

func (s *logSum) add(v float64) {
	if v > s.top {
		scale := math.Exp(s.top - v)
		s.top, s.sum, s.rest = v, s.sum*scale, s.rest*scale
	}
	e := math.Exp(v - s.top)
	t := s.sum + e
	if s.sum >= e {
		s.rest += (s.sum - t) + e
	} else {
		s.rest += (e - t) + s.sum
	}
	s.sum = t
}

func (s logSum) value() float64 {
	if math.IsInf(s.top, -1) {
		return s.top
	}
	return s.top + math.Log(s.sum+s.rest)
}

func enumeration(m model.GMM) GMMPosterior {
	total, count := newLogSum(), 0
	eachPartition(m, func(w float64, _ []cluster) {
		total.add(w)
		count++
	})
	p := GMMPosterior{LogEvidence: total.value(), Method: Enumeration, Evaluations: count}
	p.ErrBound = rounding(m, p.LogEvidence)
	return p
}

// average returns the posterior mean of (1/K) Σ_k f(cluster k), the empty clusters included.
func (p GMMPosterior) average(f func(cluster) float64) float64 {
	k := float64(p.near.K)
	empty := f(cluster{})
	var total float64
	eachPartition(p.near, func(w float64, blocks []cluster) {
		v := (k - float64(len(blocks))) * empty
		for _, b := range blocks {
			v += f(b)
		}
		total += math.Exp(w-p.LogEvidence) * v / k
	})
	return total
}
