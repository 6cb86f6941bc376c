package exact

import (
	"math"
	"sort"

	"elboroom/model"
)

// peak is a local maximum of the joint density of two means, μ₁ ≤ μ₂.
type peak struct {
	at      point
	logP    float64    // ln p(x, μ) there, in nats
	curve   [3]float64 // −∂² ln p: (11, 12, 22)
	concave bool       // whether curve is positive definite
}

const (
	thinned    = 512 // groups of data that serve to find the peaks roughly
	splits     = 48  // starting points: cuts of the sorted data in two
	roughSteps = 200 // of EM from each of them
	fineSteps  = 12  // of Newton on all data; the peaks need not be exact, the lattice grows from near them
	otherPeaks = 60  // nats below the highest peak, from where on a peak is left out
)

// findPeaks climbs from cuts of the sorted data in two, since every good sharing-out of data on a line is nearly
// such a cut, and returns the peaks, the highest first.
func findPeaks(m model.GMM) []peak {
	rough, weight := thin(m.X)
	narrow := 1 / math.Sqrt(float64(len(m.X))/(m.Sigma*m.Sigma)+1/(m.Tau0*m.Tau0)) // no peak is narrower
	var found []peak
	known := func(at point) bool {
		for _, k := range found {
			if math.Hypot(at[0]-k.at[0], at[1]-k.at[1]) < narrow {
				return true
			}
		}
		return false
	}
	var starts []point
	for i := range min(splits, len(rough)-1) {
		cut := 1 + i*(len(rough)-1)/min(splits, len(rough)-1)
		var low, high cluster
		for _, x := range rough[:cut] {
			low = low.with(x)
		}
		for _, x := range rough[cut:] {
			high = high.with(x)
		}
		at := point{low.centre, high.centre}
		for range roughSteps {
			next := climbEM(m, rough, weight, at)
			moved := math.Hypot(next[0]-at[0], next[1]-at[1])
			at = next
			if moved < narrow/16 {
				break
			}
		}
		starts = append(starts, at)
	}
	starts = append(starts, point{m.Mu0, m.Mu0})
	done := map[point]bool{}
	for _, at := range starts {
		rounded := point{math.Round(at[0] / narrow), math.Round(at[1] / narrow)}
		if done[rounded] || known(at) {
			continue
		}
		done[rounded] = true
		k := polish(m, at)
		if !known(k.at) {
			found = append(found, k)
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].logP > found[j].logP })
	for i, k := range found {
		if k.logP < found[0].logP-otherPeaks {
			return found[:i]
		}
	}
	return found
}

// thin returns the sorted data, or the means of equal groups of them where there are many, and the data in each.
func thin(x []float64) ([]float64, float64) {
	sorted := append([]float64(nil), x...)
	sort.Float64s(sorted)
	if len(sorted) <= thinned {
		return sorted, 1
	}
	out := make([]float64, thinned)
	for i := range out {
		var group cluster
		for _, v := range sorted[i*len(x)/thinned : (i+1)*len(x)/thinned] {
			group = group.with(v)
		}
		out[i] = group.centre
	}
	return out, float64(len(x)) / thinned
}

// climbEM is one step of expectation maximisation on the posterior (Dempster, Laird & Rubin 1977).
func climbEM(m model.GMM, x []float64, weight float64, at point) point {
	s2, t2 := m.Sigma*m.Sigma, m.Tau0*m.Tau0
	var count, shift [2]float64
	for _, x := range x {
		r := second(x, at, s2)
		count[0] += 1 - r
		count[1] += r
		shift[0] += (1 - r) * (x - m.Mu0)
		shift[1] += r * (x - m.Mu0)
	}
	for k := range at {
		at[k] = m.Mu0 + weight*shift[k]/(weight*count[k]+s2/t2)
	}
	return ordered(at)
}

// second is the probability that a datum at x comes from the second component.
func second(x float64, at point, s2 float64) float64 {
	return 1 / (1 + math.Exp(-(at[1]-at[0])*(x-0.5*(at[0]+at[1]))/s2))
}

func ordered(at point) point { return point{min(at[0], at[1]), max(at[0], at[1])} }

// polish climbs on all data: by Newton's step where the density is concave and the step helps, else by EM's.
func polish(m model.GMM, at point) peak {
	var k peak
	for range fineSteps {
		var grad [2]float64
		grad, k = slope(m, at)
		next := climbEM(m, m.X, 1, at)
		size := math.Inf(1)
		if a, b, c := k.curve[0], k.curve[1], k.curve[2]; k.concave {
			det := a*c - b*b
			step := point{(c*grad[0] - b*grad[1]) / det, (a*grad[1] - b*grad[0]) / det}
			size = step[0]*grad[0] + step[1]*grad[1] // squared length in posterior sds
			if newton := ordered(at.plus(step, 1)); m.LogProb(newton[:]) > m.LogProb(next[:]) {
				next = newton
			}
		}
		if size < 1e-3 {
			return k
		}
		at = next
	}
	_, k = slope(m, at)
	return k
}

// slope returns the gradient of ln p(x, μ) at μ, and its value and curvature.
func slope(m model.GMM, at point) (grad [2]float64, k peak) {
	s2, t2 := m.Sigma*m.Sigma, m.Tau0*m.Tau0
	k.at, k.logP = at, m.LogProb(at[:])
	for i := range at {
		grad[i] = (m.Mu0 - at[i]) / t2
	}
	k.curve = [3]float64{1 / t2, 0, 1 / t2}
	for _, x := range m.X {
		r := second(x, at, s2)
		d0, d1, mixed := (x-at[0])/s2, (x-at[1])/s2, r*(1-r)
		grad[0] += (1 - r) * d0
		grad[1] += r * d1
		k.curve[0] += (1-r)/s2 - mixed*d0*d0
		k.curve[1] += mixed * d0 * d1
		k.curve[2] += r/s2 - mixed*d1*d1
	}
	k.concave = k.curve[0] > 0 && k.curve[0]*k.curve[2]-k.curve[1]*k.curve[1] > 1e-9*k.curve[0]*k.curve[2]
	return grad, k
}

// lattice returns the basis of the first lattice: along the axes of the highest peak where that stands apart
// from its mirror image, else along the mean and the difference of the two means. It is no coarser than firstStep
// sds of any peak in any direction.
func (p *plane) lattice(apart bool) ([2]point, bool) {
	best := p.peaks[0]
	var basis [2]point
	if apart {
		if !best.concave || best.at[0] == best.at[1] {
			return basis, false
		}
		a, b, c := best.curve[0], best.curve[1], best.curve[2]
		det := a*c - b*b
		l := math.Sqrt(c / det) // Cholesky of the inverse curvature
		basis = [2]point{{l, -b / det / l}, {0, 1 / math.Sqrt(c)}}
	} else {
		basis = [2]point{{1, 1}, {-0.5, 0.5}}
		for i, dir := range basis {
			t := min(p.halfNat(best, dir, 1), p.halfNat(best, dir, -1))
			basis[i] = point{t * dir[0], t * dir[1]}
		}
	}
	steepest := 1.0
	for _, k := range p.peaks {
		if k.concave {
			steepest = max(steepest, sharpness(k.curve, basis))
		}
	}
	shrink := firstStep / math.Sqrt(steepest)
	for i := range basis {
		basis[i] = point{shrink * basis[i][0], shrink * basis[i][1]}
	}
	return basis, true
}

// halfNat returns about how far ln p falls by half a nat from the peak along ±dir: one sd of a Gaussian.
func (p *plane) halfNat(k peak, dir point, sign float64) float64 {
	t := 1 / math.Sqrt(p.all.n/(p.m.Sigma*p.m.Sigma)+1/(p.m.Tau0*p.m.Tau0))
	for {
		at := k.at.plus(dir, sign*t)
		if drop := k.logP - p.m.LogProb(at[:]); drop >= 0.5 {
			return t * math.Sqrt(0.5/drop)
		}
		t *= 2
	}
}

// sharpness is the largest eigenvalue of BᵀAB for the curvature A and the basis B: the greatest squared length,
// in sds, of a combination of the basis vectors of unit size.
func sharpness(curve [3]float64, basis [2]point) float64 {
	form := func(u, v point) float64 {
		return curve[0]*u[0]*v[0] + curve[1]*(u[0]*v[1]+u[1]*v[0]) + curve[2]*u[1]*v[1]
	}
	a, b, c := form(basis[0], basis[0]), form(basis[0], basis[1]), form(basis[1], basis[1])
	return 0.5*(a+c) + math.Hypot(0.5*(a-c), b)
}
