package cavi

import (
	"math"
	"math/rand/v2"
)

const (
	gapDraws = 4000 // draws that the splits of the gap use for K > 2
	maxNames = 10   // components up to which the K! namings are summed
)

// sampledGap estimates E_q(μ) KL(q(c) ‖ p(c|μ,x)) and KL(q ‖ q̄) for any K from draws of (μ, c) ~ q. The first
// needs only μ. In the second, ln q̄/q is the log of a permanent: with V_ab the density that q gives to what
// component a has, its mean and its data, under the name b, Σ_names q = Σ_π Π_a V_{a,π(a)}.
func (m GMM) sampledGap(q GMMFactors) (assignments, labels, se float64) {
	rng := rand.New(rand.NewPCG(gapDraws, stream))
	phi, lnPhi := m.logShares(q)
	mu, unspread := make([]float64, m.K), make([]float64, m.K)
	far, share := make([]float64, m.K), make([]float64, m.K)
	lnV := make([][]float64, m.K)
	for a := range lnV {
		lnV[a] = make([]float64, m.K)
	}
	var a1, a2, l1, l2 float64 // first and second moments of the two
	for range gapDraws {
		for a := range mu {
			mu[a] = q.Mean[a] + math.Sqrt(q.Var[a])*rng.NormFloat64()
			for b := range lnV[a] {
				d := mu[a] - q.Mean[b]
				lnV[a][b] = -d*d/(2*q.Var[b]) - 0.5*math.Log(q.Var[b])
			}
		}
		var gap float64
		for i, x := range m.X {
			lnTotal := math.Log(weigh(far, share, x, mu, unspread, 0.5/(m.Sigma*m.Sigma)))
			for b, p := range phi[i] {
				gap += p * (lnPhi[i][b] + far[b] + lnTotal)
			}
			c := pickShare(phi[i], rng.Float64())
			for b := range lnV[c] {
				lnV[c][b] += lnPhi[i][b]
			}
		}
		label := lnFactorial(m.K) - lnPermanent(lnV)
		for a := range lnV {
			label += lnV[a][a]
		}
		a1, a2, l1, l2 = a1+gap, a2+gap*gap, l1+label, l2+label*label
	}
	const n = gapDraws
	a1, a2, l1, l2 = a1/n, a2/n, l1/n, l2/n
	se = math.Sqrt(max(a2-a1*a1, l2-l1*l1, 0) / n)
	return a1, min(max(l1, 0), lnFactorial(m.K)), se
}

// logShares returns φ_ik and ln φ_ik, a row a datum; the logarithms are finite where φ underflows.
func (m GMM) logShares(q GMMFactors) (phi, lnPhi [][]float64) {
	phi, lnPhi = make([][]float64, len(m.X)), make([][]float64, len(m.X))
	for i, x := range m.X {
		far, share := make([]float64, m.K), make([]float64, m.K)
		total := weigh(far, share, x, q.PhiMean, q.PhiVar, 0.5/(m.Sigma*m.Sigma))
		for k := range share {
			share[k] /= total
			far[k] = -far[k] - math.Log(total)
		}
		phi[i], lnPhi[i] = share, far
	}
	return phi, lnPhi
}

// pickShare returns the component that u, uniform on [0, 1), falls on.
func pickShare(phi []float64, u float64) int {
	last := 0
	for k, p := range phi {
		if p > 0 {
			last = k
		}
		if u -= p; u < 0 {
			return k
		}
	}
	return last
}

// lnPermanent returns ln Σ_π Π_a exp(lnV[a][π(a)]), adding a row at a time to the sums over subsets of columns.
func lnPermanent(lnV [][]float64) float64 {
	k := len(lnV)
	sums := make([]float64, 1<<k) // of the rows so far over the columns in the subset
	for s := 1; s < len(sums); s++ {
		row, top := -1, math.Inf(-1)
		for b := s; b > 0; b &= b - 1 {
			row++
		}
		var terms [maxNames]float64
		for b := range k {
			terms[b] = math.Inf(-1)
			if s>>b&1 == 1 {
				terms[b] = sums[s&^(1<<b)] + lnV[row][b]
				top = max(top, terms[b])
			}
		}
		var total float64
		for b := range k {
			total += math.Exp(terms[b] - top)
		}
		sums[s] = top + math.Log(total)
	}
	return sums[len(sums)-1]
}

// lnFactorial returns ln k!.
func lnFactorial(k int) float64 {
	v, _ := math.Lgamma(float64(k) + 1)
	return v
}
