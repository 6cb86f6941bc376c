package exact

import (
	"errors"
	"math"
	"sync"
	"sync/atomic"

	"elboroom/model"
)

// Quadrature for two components. Two of the 2ⁿ assignments give all data to one component; the other one then
// keeps its prior, which can be arbitrarily wide. Their part of the density is known, and so is its integral:
//
//	r(μ₁, μ₂) = 2⁻ⁿ N(μ₁)N(μ₂) (Π_i N(x_i; μ₁, σ²) + Π_i N(x_i; μ₂, σ²))
//
// What is left, f = p(x, μ) − r, is smooth, positive and stays near the data. It is summed over a lattice of
// points: for a smooth function that dies away, such a sum converges faster than any power of the step
// (Trefethen & Weideman, The exponentially convergent trapezoidal rule (2014)). The lattice is laid along the
// posterior's axes at its peaks (gmmpeaks.go), grows outwards from them until f has fallen by lostNats, and is
// refined by its other coset, the centres of its cells. Two cosets share the errors of the Fourier modes (a, b)
// with a + b even; the next refinement sees those unless a and b are both even. So it takes two agreements in a
// row, the first of them rough: what neither sees is about its square.
const (
	firstStep = 1.15    // of the lattice, in posterior sds: a Gaussian's first two cosets agree to 1e-6
	lostNats  = 32      // below the peak: e⁻³² = 1e-14
	agree     = 1e-11   // the relative difference of two cosets that ends the refinement …
	roughly   = 3e-6    // … if the one before was at most this, its root
	maxNodes  = 1 << 22 // points that are too many
	faint     = 1e-12   // of p: what is left of it after r is taken away is noise
)

// plane is the quadrature of one posterior.
type plane struct {
	m       model.GMM
	all     cluster // the data in one cluster
	ridges  float64 // ln ∫ r
	peaks   []peak
	workers int

	nodes  []node
	basis  [2]point // of the last lattice, all cosets together
	lnCell float64  // of it
	double bool     // the nodes are those with μ₁ < μ₂ and stand for their mirror images as well
}

// point is a pair of means.
type point [2]float64

// node is a lattice point and ln f there.
type node struct {
	at   point
	logF float64
}

func (a point) plus(b point, t float64) point { return point{a[0] + t*b[0], a[1] + t*b[1]} }

// logF returns ln f in nats at mu, −∞ where it is lost in the noise of p.
func (p *plane) logF(mu point) float64 {
	full := p.m.LogProb(mu[:])
	var alone float64
	for k := range mu {
		alone += math.Exp(p.logRidge(mu, k) - full)
	}
	if !(alone < 1-faint) {
		return math.Inf(-1)
	}
	return full + math.Log1p(-alone)
}

// logRidge returns ln of the term of r in which component k has all the data.
func (p *plane) logRidge(mu point, k int) float64 {
	n, s2, t2 := p.all.n, p.m.Sigma*p.m.Sigma, p.m.Tau0*p.m.Tau0
	d := p.all.centre - mu[k]
	a, b := mu[0]-p.m.Mu0, mu[1]-p.m.Mu0
	return -n*math.Ln2 - (p.all.squares+n*d*d)/(2*s2) - n/2*math.Log(2*math.Pi*s2) - (a*a+b*b)/(2*t2) - math.Log(2*math.Pi*t2)
}

func quadrature(m model.GMM, workers int) (GMMPosterior, error) {
	p := &plane{m: m, workers: workers}
	for _, x := range m.X {
		p.all = p.all.with(x)
	}
	p.ridges = p.all.logMarginal(m) - (p.all.n-1)*math.Ln2
	sorted, weight := thin(m.X)
	out := GMMPosterior{Method: Quadrature, plan: p, LogEvidence: p.ridges}
	if weight == 1 && mostOfRest(m, sorted) < p.ridges-lostNats {
		out.ErrBound = p.rounding(p.ridges) + math.Exp(-lostNats)
		return out, nil
	}
	p.peaks = p.whereRestLives(findPeaks(m))
	out.ErrBound = p.rounding(p.ridges) + faint
	if len(p.peaks) == 0 {
		return out, nil // as with a single datum: every assignment that matters is one of the two
	}
	var ok bool
	for _, apart := range []bool{true, false} {
		var sum, err float64
		var count int
		sum, err, count, ok = p.refine(apart)
		out.Evaluations += count
		if ok {
			total := newLogSum()
			total.add(sum)
			total.add(p.ridges)
			out.LogEvidence = total.value()
			out.ErrBound = p.rounding(out.LogEvidence) + err*math.Exp(sum-out.LogEvidence) + faint*math.Exp(p.ridges-out.LogEvidence)
			return out, nil
		}
	}
	return GMMPosterior{}, errors.New("exact: GMM: the quadrature did not settle; the posterior has features too fine for its spread")
}

// rounding bounds what rounding can do to a log density of about that size, in nats: to its sum over the data,
// and to the means themselves where they are many of their sds from 0.
func (p *plane) rounding(size float64) float64 {
	const ulps, eps = 16, 0x1p-52
	reach := math.Abs(p.all.mean(p.m))
	for _, k := range p.peaks {
		reach = max(reach, math.Abs(k.at[0]), math.Abs(k.at[1]))
	}
	return rounding(p.m, size) + ulps*eps*reach/narrowest(p.m)
}

// refine sums f over finer and finer lattices and returns ln ∫ f, the relative error and the number of points.
// Where the peaks lie apart from their mirror images, one half of the plane is enough; it returns false if f
// turns out to matter on the diagonal μ₁ = μ₂ then, or if the sums do not settle.
func (p *plane) refine(apart bool) (lnSum, relErr float64, count int, ok bool) {
	basis, ok := p.lattice(apart)
	if !ok {
		return 0, 0, 0, false
	}
	tol := max(agree, p.rounding(p.peaks[0].logP))
	origin := p.peaks[0].at
	cell := math.Abs(basis[0][0]*basis[1][1] - basis[0][1]*basis[1][0])
	nodes, sum, lost, ok := p.flood(origin, basis, apart)
	before := math.Inf(1)
	for ok && len(nodes) <= maxNodes {
		// The other coset: the same lattice, moved to the centres of its cells.
		more, other, alsoLost, fine := p.flood(origin.plus(basis[0], 0.5).plus(basis[1], 0.5), basis, apart)
		gap := math.Abs(other-sum) / max(sum, other)
		nodes = append(nodes, more...)
		// Both together are the lattice of half the cell.
		sum, lost = sum+other, lost+alsoLost
		basis = [2]point{
			{0.5 * (basis[0][0] + basis[1][0]), 0.5 * (basis[0][1] + basis[1][1])},
			{0.5 * (basis[0][0] - basis[1][0]), 0.5 * (basis[0][1] - basis[1][1])},
		}
		cell /= 2
		ok = fine
		lnSum = p.peaks[0].logP + math.Log(sum*cell)
		if apart {
			lnSum += math.Ln2
		}
		share := 1 / (1 + math.Exp(p.ridges-lnSum)) // of f in the evidence
		if fine && gap*share <= tol && before*share <= roughly {
			p.nodes, p.basis, p.lnCell, p.double = nodes, basis, math.Log(cell), apart
			return lnSum, gap + before*before + lost/sum, len(nodes), true
		}
		before = gap
	}
	return 0, 0, len(nodes), false
}

// flood evaluates ln f over the lattice origin + i·basis₀ + j·basis₁, outwards from the peaks until it has fallen
// by lostNats, and returns the points, Σ exp(ln f − ln p at the first peak) and the part of it from the rim.
func (p *plane) flood(origin point, basis [2]point, apart bool) (nodes []node, sum, rim float64, ok bool) {
	type index [2]int32
	seen := map[index]bool{}
	var wave []index
	visit := func(i index) {
		if !seen[i] {
			seen[i] = true
			wave = append(wave, i)
		}
	}
	for _, k := range p.peaks {
		i, j := nearest(k.at, origin, basis)
		visit(index{i, j})
		if !apart {
			i, j = nearest(point{k.at[1], k.at[0]}, origin, basis)
			visit(index{i, j})
		}
	}
	top := math.Inf(-1)
	for len(wave) > 0 && len(nodes) <= maxNodes {
		now := make([]node, len(wave))
		each(len(wave), p.workers, func(i int) {
			now[i].at = origin.plus(basis[0], float64(wave[i][0])).plus(basis[1], float64(wave[i][1]))
			now[i].logF = p.logF(now[i].at)
		})
		for _, v := range now {
			top = max(top, v.logF)
		}
		last := wave
		wave = nil
		for i, v := range now {
			if v.logF <= top-lostNats {
				continue
			}
			if apart && v.at[0] >= v.at[1] {
				return nodes, 0, 0, false
			}
			for di := int32(-1); di <= 1; di++ {
				for dj := int32(-1); dj <= 1; dj++ {
					visit(index{last[i][0] + di, last[i][1] + dj})
				}
			}
		}
		nodes = append(nodes, now...)
	}
	for _, v := range nodes {
		e := math.Exp(v.logF - p.peaks[0].logP)
		sum += e
		if v.logF <= top-lostNats {
			rim += e
		}
	}
	return nodes, sum, rim, sum > 0
}

// each runs f(0) … f(n−1), shared out among the workers.
func each(n, workers int, f func(i int)) {
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			f(i)
		}
	}
	var wg sync.WaitGroup
	for range min(workers, n) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}

// nearest returns the lattice indices next to at.
func nearest(at, origin point, basis [2]point) (i, j int32) {
	d := origin.plus(at, -1) // origin − at
	det := basis[0][0]*basis[1][1] - basis[0][1]*basis[1][0]
	a := (d[1]*basis[1][0] - d[0]*basis[1][1]) / det
	b := (d[0]*basis[0][1] - d[1]*basis[0][0]) / det
	return int32(math.Round(a)), int32(math.Round(b))
}
