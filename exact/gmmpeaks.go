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
	narrow := narrowest(m)
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
	return highest(found)
}

// narrowest is the sd of a mean that has all data: no peak is narrower.
func narrowest(m model.GMM) float64 {
	return 1 / math.Sqrt(float64(len(m.X))/(m.Sigma*m.Sigma)+1/(m.Tau0*m.Tau0))
}

// whereRestLives returns the peaks of p if f lives there too. It need not: a prior far from the data and narrow
// leaves almost all probability to a single component. Then the bumps of f are returned, one for each cut of the
// sorted data in two, or none where f is lost in the noise of p.
func (p *plane) whereRestLives(peaks []peak) []peak {
	best := math.Inf(-1)
	for _, k := range peaks {
		best = max(best, p.logF(k.at))
	}
	rough, weight := thin(p.m.X)
	if weight > 1 {
		return peaks // with so many data 2⁻ⁿ is nothing
	}
	var bumps []peak
	var low cluster
	s2, t2 := p.m.Sigma*p.m.Sigma, p.m.Tau0*p.m.Tau0
	for cut := 1; cut < len(rough); cut++ {
		low = low.with(rough[cut-1])
		high := cluster{}
		for _, x := range rough[cut:] {
			high = high.with(x)
		}
		k := peak{at: point{low.mean(p.m), high.mean(p.m)}, concave: true, curve: [3]float64{1/t2 + low.n/s2, 0, 1/t2 + high.n/s2}}
		if k.logP = p.logF(k.at); !math.IsInf(k.logP, -1) {
			bumps = append(bumps, k)
		}
	}
	bumps = highest(bumps)
	const higher = 1 // nats by which a bump of f must exceed f at the peaks of p to count
	if !math.IsInf(best, -1) && (len(bumps) == 0 || bumps[0].logP < best+higher) {
		return peaks
	}
	return bumps
}

// mostOfRest returns a number that ln ∫ f does not exceed, for sorted data. The integral is 2⁻ⁿ times the sum over the
// 2ⁿ − 2 assignments that use both components, and each of these is the highest value that its log joint density takes
// times 2π and the sds of the two means. No assignment's highest value is above that of the best cut of the sorted data in two.
func mostOfRest(m model.GMM, sorted []float64) float64 {
	high := make([]cluster, len(sorted)+1) // high[i] has the data from i on
	for i := len(sorted) - 1; i > 0; i-- {
		high[i] = high[i+1].with(sorted[i])
	}
	var low cluster
	best, widest := math.Inf(-1), math.Log(cluster{n: 1}.variance(m))
	for i := 1; i < len(sorted); i++ {
		low = low.with(sorted[i-1])
		value := low.logMarginal(m) + high[i].logMarginal(m)
		best = max(best, value-0.5*math.Log(low.variance(m))-0.5*math.Log(high[i].variance(m))+widest)
	}
	return best
}

// highest sorts the peaks, the highest first, and leaves out those that are otherPeaks nats lower.
func highest(peaks []peak) []peak {
	sort.SliceStable(peaks, func(i, j int) bool { return peaks[i].logP > peaks[j].logP })
	for i, k := range peaks {
		if k.logP < peaks[0].logP-otherPeaks {
			return peaks[:i]
		}
	}
	return peaks
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
