package figures

import (
	"fmt"
	"math"
	"slices"

	"elboroom/fit"
	"elboroom/kl"
)

// DirectionFit is a Gaussian with its divergence in nats: KL(p‖q) for a forward fit, KL(q‖p) for a reverse
// one. The zero value stands for an optimum that does not exist.
type DirectionFit struct {
	Q  kl.Gaussian
	KL float64
}

// Exists reports whether there is such an optimum.
func (f DirectionFit) Exists() bool { return f.Q.Mean != nil }

// Covers reports whether q stands between bumps at ±a rather than on one of them.
func (f DirectionFit) Covers(a float64) bool { return f.Exists() && math.Abs(f.Q.Mean[0]) < a/2 }

// The local optima of the reverse divergence, as DirectionStop.Reverse orders them.
const (
	Covering = iota // between the bumps, wide
	OnRight         // on the right bump
	OnLeft          // on the left bump
	branches
)

// DirectionStop is what both directions find at one distance of the bumps.
type DirectionStop struct {
	A       float64
	P       kl.Mixture
	Forward DirectionFit           // argmin KL(p‖q)
	Reverse [branches]DirectionFit // every local argmin of KL(q‖p), by branch
}

// sameKL is how close two divergences are, in nats, that count as equal: mirror images and the tie at the
// distance where the winner changes.
const sameKL = 1e-6

// Best returns the branch of the global argmin of KL(q‖p); of equals, the first.
func (s DirectionStop) Best() int {
	best := -1
	for b, f := range s.Reverse {
		if f.Exists() && (best < 0 || f.KL < s.Reverse[best].KL-sameKL) {
			best = b
		}
	}
	return best
}

// Tie reports whether covering and seeking are equally good.
func (s DirectionStop) Tie() bool {
	cover, one := s.Reverse[Covering], s.seeking()
	return cover.Exists() && one.Exists() && math.Abs(cover.KL-one.KL) < sameKL
}

// seeking is the better of the two optima on one bump.
func (s DirectionStop) seeking() DirectionFit {
	right, left := s.Reverse[OnRight], s.Reverse[OnLeft]
	if !right.Exists() || left.Exists() && left.KL < right.KL-sameKL {
		return left
	}
	return right
}

// Directions is one Gaussian fitted in both directions to two bumps that move apart.
type Directions struct {
	Right  float64         // the weight of the right bump
	Stops  []DirectionStop // by growing distance
	Born   float64         // the distance a from which q on one bump is a local optimum; NaN where none is seen
	Switch float64         // the distance a from which it beats the covering one; NaN where none is seen
	Gone   float64         // the distance a from which there is no covering optimum; NaN where it lives on
}

// Bumps returns the target (1 − right)·N(−a, 1) + right·N(a, 1).
func Bumps(a, right float64) kl.Mixture {
	return kl.Mixture{Weight: []float64{1 - right, right}, Mean: []float64{-a, a}, Sd: []float64{1, 1}}
}

// SweepDirections fits Bumps(a, right) at every step of a, from…to. Each reverse optimum is followed from one
// distance to the next, the covering one upwards and those on one bump downwards, so that a branch which has
// lost is still followed. Born and Switch are found by bisection on kl.Reverse's own results and are
// themselves among the stops.
func SweepDirections(right, from, to, step float64) Directions {
	const finest = 0.1 // a branch is followed in steps no wider than this
	if !(from > 0 && to > from && step > 0 && right > 0 && right < 1) {
		panic(fmt.Sprintf("figures: SweepDirections: weight %v, from %v to %v by %v: want a weight in (0, 1), 0 < from < to and a step above 0", right, from, to, step))
	}
	s := sweeper{right: right}
	each := max(1, int(math.Ceil(step/finest-1e-9)))
	n := int(math.Round((to-from)/step))*each + 1
	for i := range n {
		s.stops = append(s.stops, s.stop(from+float64(i)*step/float64(each)))
	}
	last := s.stops[n-1].A
	s.follow(Covering, s.stops[0].Forward.Q, false)
	s.follow(OnRight, kl.NewGaussian([]float64{last}, []float64{1}), true)
	s.follow(OnLeft, kl.NewGaussian([]float64{-last}, []float64{1}), true)
	for i := range s.stops {
		s.complete(&s.stops[i])
	}
	d := Directions{Right: right, Born: math.NaN(), Switch: math.NaN(), Gone: math.NaN()}
	for i := 0; i < n; i += each {
		d.Stops = append(d.Stops, s.stops[i])
	}
	gone := func(at DirectionStop) bool { return !at.Reverse[Covering].Exists() }
	exists := func(at DirectionStop) bool { return at.seeking().Exists() }
	for i := 1; i < n; i++ {
		before, after := s.stops[i-1], s.stops[i]
		if math.IsNaN(d.Born) && !exists(before) && exists(after) {
			d.Born = d.insert(s.bisect(before, after, exists), step/4)
		}
		if math.IsNaN(d.Switch) && !before.seekingWins() && after.seekingWins() {
			d.Switch = d.insert(s.bisect(before, after, DirectionStop.seekingWins), step/4)
		}
		if math.IsNaN(d.Gone) && !gone(before) && gone(after) {
			d.Gone = s.bisect(before, after, gone).A
		}
	}
	return d
}

// seekingWins reports whether q on one bump is better than q over both.
func (s DirectionStop) seekingWins() bool {
	cover, one := s.Reverse[Covering], s.seeking()
	return one.Exists() && (!cover.Exists() || one.KL < cover.KL)
}

// sweeper follows the optima of one pair of weights.
type sweeper struct {
	right float64
	stops []DirectionStop
}

// stop is a distance with its forward fit, which has one optimum.
func (s *sweeper) stop(a float64) DirectionStop {
	p := Bumps(a, s.right)
	tr := kl.Forward(p, p.Moments(), kl.FullRank, fit.Settings{})
	return DirectionStop{A: a, P: p, Forward: DirectionFit{Q: tr.Last().Q, KL: -tr.Last().Value}}
}

// follow fills in one branch, upwards or downwards in a, until it vanishes or slides into another.
func (s *sweeper) follow(branch int, start kl.Gaussian, down bool) {
	order := make([]int, len(s.stops))
	for i := range order {
		order[i] = i
	}
	if down {
		slices.Reverse(order)
	}
	last := reverse(s.stops[order[0]].P, start)
	for _, i := range order {
		now, ok := s.next(s.stops[i].P, last)
		if !ok || now.Covers(s.stops[i].A) != (branch == Covering) {
			return
		}
		s.stops[i].Reverse[branch] = now
		last = now
	}
}

// jump is how far the mean moves when an optimum has vanished and the fit has gone to another one. Between
// neighbouring distances an optimum that lives on moves much less.
const jump = 0.5

// next is the optimum that last has become under a target a little farther on, and whether it still is one.
func (s *sweeper) next(p kl.Mixture, last DirectionFit) (DirectionFit, bool) {
	now := reverse(p, last.Q)
	return now, math.Abs(now.Q.Mean[0]-last.Q.Mean[0]) < jump
}

func reverse(p kl.Mixture, start kl.Gaussian) DirectionFit {
	last := kl.Reverse(p, start, kl.FullRank, fit.Settings{}).Last()
	return DirectionFit{Q: last.Q, KL: -last.Value}
}

// between is the stop at distance a, its branches followed from the stops on either side.
func (s *sweeper) between(a float64, before, after DirectionStop) DirectionStop {
	at := s.stop(a)
	for b := range branches {
		from := after.Reverse[b]
		if b == Covering {
			from = before.Reverse[b]
		}
		if !from.Exists() {
			continue
		}
		if now, ok := s.next(at.P, from); ok && now.Covers(a) == (b == Covering) {
			at.Reverse[b] = now
		}
	}
	s.complete(&at)
	return at
}

// complete finds an optimum for a stop that no branch reaches: where covering slides into seeking within a step.
func (s *sweeper) complete(at *DirectionStop) {
	if at.Best() >= 0 {
		return
	}
	switch f := reverse(at.P, at.Forward.Q); {
	case f.Covers(at.A):
		at.Reverse[Covering] = f
	case f.Q.Mean[0] > 0:
		at.Reverse[OnRight] = f
	default:
		at.Reverse[OnLeft] = f
	}
}

// bisect returns the stop at which is turns from false to true, to within 1e−7 in a, on the true side.
func (s *sweeper) bisect(before, after DirectionStop, is func(DirectionStop) bool) DirectionStop {
	const tol = 1e-7
	for after.A-before.A > tol {
		if mid := s.between((before.A+after.A)/2, before, after); is(mid) {
			after = mid
		} else {
			before = mid
		}
	}
	return after
}

// insert adds a stop, drops those of the even grid that stand closer to it than near, and returns its distance.
func (d *Directions) insert(at DirectionStop, near float64) float64 {
	d.Stops = slices.DeleteFunc(slices.Clone(d.Stops), func(s DirectionStop) bool {
		return math.Abs(s.A-at.A) < near && s.A != d.Born
	})
	i := slices.IndexFunc(d.Stops, func(s DirectionStop) bool { return s.A > at.A })
	if i < 0 {
		i = len(d.Stops)
	}
	d.Stops = slices.Insert(d.Stops, i, at)
	return at.A
}
