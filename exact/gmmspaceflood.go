package exact

import (
	"math"
	"slices"
)

// refine sums f over finer and finer lattices and returns ln ∫ f and the relative error; false if the sums do not settle.
func (s *space) refine(seeds [][3]float64, narrow float64) (lnSum, relErr float64, ok bool) {
	top := s.lnF(seeds[0])
	s.step = spaceStep * narrow
	before := math.Inf(1)
	sum, rim, ok := s.flood(seeds, top, even)
	for deep := 0; ok && deep < spaceDeep; deep++ {
		for _, class := range []parity{odd, mixed} {
			density := 2.0 // of the finer lattice, in points of the coarser one
			if class == mixed {
				density = 4
			}
			more, lost, fine := s.flood(seeds, top, class)
			gap := math.Abs(more/(density-1)-sum) / max(sum, more/(density-1)) * (density - 1) / density
			sum, rim, ok = sum+more, rim+lost, fine
			points := 2.0 // in a cube of the step
			if class == mixed {
				points = 8
			}
			s.lnW = 3*math.Log(s.step) - math.Log(points)
			lnSum = top + math.Log(sum) + s.lnW
			share := 1 / (1 + math.Exp(s.lnR-lnSum))
			if ok && gap*share <= max(agree, rounding(s.m, top)) && before*share <= roughly {
				s.apart = s.step / 2
				return lnSum, gap + before*before + 2*rim/sum, true
			}
			if !ok {
				return 0, 0, false
			}
			before = gap
		}
		s.halve()
	}
	return 0, 0, false
}

// halve counts the points in half steps of a lattice of half the step.
func (s *space) halve() {
	s.step /= 2
	for i := range s.grid {
		for k := range s.grid[i].at {
			s.grid[i].at[k] *= 2
		}
	}
}

// parity says which points of the lattice of half the step are meant.
type parity int

const (
	even  parity = iota // the lattice itself
	odd                 // the centres of its cubes
	mixed               // the others
)

func (p parity) has(t triple) bool {
	switch t[0]&1 + t[1]&1 + t[2]&1 {
	case 0:
		return p == even
	case 3:
		return p == odd
	}
	return p == mixed
}

// at returns the means of a triple.
func (s *space) at(t triple) (mu [3]float64) {
	for k, v := range t {
		mu[k] = 0.5 * s.step * float64(v)
	}
	return mu
}

// flood evaluates ln f at the points of a class, outwards from the seeds until it has fallen by lostNats, keeps them,
// and returns Σ f relative to exp(top), mirror images counted, and the part of it from the rim.
func (s *space) flood(seeds [][3]float64, top float64, class parity) (sum, rim float64, ok bool) {
	seen := map[triple]bool{}
	var wave []triple
	visit := func(t triple) {
		slices.Sort(t[:])
		if class.has(t) && !seen[t] {
			seen[t] = true
			wave = append(wave, t)
		}
	}
	for _, mu := range seeds {
		var t triple
		for k, v := range mu {
			at := math.Round(2 * v / s.step)
			if !(math.Abs(at) < spaceReach) {
				return 0, 0, false
			}
			t[k] = int64(at)
		}
		for d := range int64(27) { // the point itself and its neighbours: some are of the class
			visit(triple{t[0] + d%3 - 1, t[1] + d/3%3 - 1, t[2] + d/9 - 1})
		}
	}
	first, highest := len(s.grid), top
	for len(wave) > 0 {
		if len(s.grid)+len(wave) > spaceNodes || float64(len(s.grid)+len(wave))*s.all.n > spaceWork {
			return 0, 0, false
		}
		now := make([]spot, len(wave))
		each(len(wave), s.workers, func(i int) {
			now[i] = spot{at: wave[i], logF: s.lnF(s.at(wave[i])), times: images(wave[i])}
		})
		wave = nil
		for _, v := range now {
			highest = max(highest, v.logF)
		}
		for _, v := range now {
			if v.logF <= highest-lostNats {
				continue
			}
			for k := range v.at {
				for _, by := range []int64{-2, -1, 1, 2} {
					next := v.at
					next[k] += by
					visit(next)
				}
			}
		}
		s.grid = append(s.grid, now...)
	}
	for _, v := range s.grid[first:] {
		e := v.times * math.Exp(v.logF-top)
		sum += e
		if v.logF <= highest-lostNats {
			rim += e
		}
	}
	return sum, rim, true
}

// images is how many orders the numbers of an ascending triple have.
func images(t triple) float64 {
	switch {
	case t[0] == t[2]:
		return 1
	case t[0] == t[1] || t[1] == t[2]:
		return 3
	}
	return 6
}
