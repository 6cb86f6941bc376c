package exact

import (
	"math"
	"slices"
	"sort"
)

// seeds returns places where f is high, ascending means each, the highest first, and the sd of the narrowest mean
// there. Every good sharing-out of data on a line is near a cut of the sorted data in three; each cut's means are taken,
// and where EM leads from them.
func (s *space) seeds() (found [][3]float64, narrow float64) {
	rough, weight := thin(s.m.X)
	if len(rough) < 3 {
		return nil, 0
	}
	var at []int // cuts, also right beside the ends, where a component has one datum
	for i := range spaceCuts {
		at = append(at, 1+i*(len(rough)-2)/(spaceCuts-1))
	}
	at = slices.Compact(at)
	var value []float64
	keep := func(mu [3]float64) {
		slices.Sort(mu[:])
		if v := s.lnF(mu); !math.IsInf(v, -1) && !math.IsNaN(v) {
			found, value = append(found, mu), append(value, v)
		}
	}
	for i, a := range at {
		for _, b := range at[i+1:] {
			var mu [3]float64
			for k, part := range [][]float64{rough[:a], rough[a:b], rough[b:]} {
				var c cluster
				for _, x := range part {
					c = c.with(x)
				}
				c.n *= weight
				mu[k] = c.mean(s.m)
			}
			keep(mu)
			for range spaceClimb {
				mu = s.climbEM(rough, weight, mu)
			}
			keep(mu)
		}
	}
	sort.Sort(byValue{found, value})
	for i := range found {
		if value[i] < value[0]-lostNats {
			found = found[:i]
			break
		}
	}
	narrow = math.Inf(1)
	for _, mu := range found {
		narrow = min(narrow, s.narrowest(rough, weight, mu))
	}
	return found, narrow
}

// byValue sorts places by what they are worth, the most first.
type byValue struct {
	at    [][3]float64
	value []float64
}

func (b byValue) Len() int           { return len(b.at) }
func (b byValue) Less(i, j int) bool { return b.value[i] > b.value[j] }
func (b byValue) Swap(i, j int) {
	b.at[i], b.at[j] = b.at[j], b.at[i]
	b.value[i], b.value[j] = b.value[j], b.value[i]
}

// shared calls f with the responsibilities of each datum.
func (s *space) shared(x []float64, mu [3]float64, f func(x float64, phi [3]float64)) {
	h := 0.5 / (s.m.Sigma * s.m.Sigma)
	for _, v := range x {
		var d, phi [3]float64
		for k, m := range mu {
			d[k] = (v - m) * (v - m)
		}
		best, total := min(d[0], d[1], d[2]), 0.0
		for k := range phi {
			phi[k] = math.Exp(-h * (d[k] - best))
			total += phi[k]
		}
		for k := range phi {
			phi[k] /= total
		}
		f(v, phi)
	}
}

// climbEM is one step of expectation maximisation on the posterior.
func (s *space) climbEM(x []float64, weight float64, mu [3]float64) [3]float64 {
	var count, shift [3]float64
	s.shared(x, mu, func(x float64, phi [3]float64) {
		for k, p := range phi {
			count[k] += p
			shift[k] += p * (x - s.m.Mu0)
		}
	})
	ratio := s.m.Sigma * s.m.Sigma / (s.m.Tau0 * s.m.Tau0)
	for k := range mu {
		mu[k] = s.m.Mu0 + weight*shift[k]/(weight*count[k]+ratio)
	}
	return mu
}

// narrowest is the least sd that a mean has given the assignments that are likely at mu: p is no narrower there.
func (s *space) narrowest(x []float64, weight float64, mu [3]float64) float64 {
	var count [3]float64
	s.shared(x, mu, func(_ float64, phi [3]float64) {
		for k, p := range phi {
			count[k] += weight * p
		}
	})
	return 1 / math.Sqrt(1/(s.m.Tau0*s.m.Tau0)+slices.Max(count[:])/(s.m.Sigma*s.m.Sigma))
}
