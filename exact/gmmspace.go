package exact

import (
	"fmt"
	"math"

	"elboroom/model"
)

// Quadrature for three components. Assignments that leave one of them without data are those of two components, whose
// evidence Z₂ is had in the plane; the inclusion of one in the other gives their part of the evidence,
//
//	r = 3¹⁻ⁿ (2ⁿ Z₂ − S),    S the marginal density of all data in one component
//
// and their part of the density at μ is p times Σ_k Π_i (1 − φ_ik) − Σ_k Π_i φ_ik, φ the responsibilities. What is left
// of p, f, is smooth, positive and stays near the data, and is summed over a cubic lattice as in the plane. The lattice
// has the same steps along each mean, so that of each six mirror images one is enough. It is refined in turn by the
// centres of its cubes and by the rest of the lattice of half the step.
const (
	spaceStep  = 1.5     // of the first lattice, in sds of the narrowest mean: the first refinement says 1e-3 then
	spaceNodes = 1 << 21 // points that are too many
	spaceDeep  = 20      // times that the lattice is refined at most: where no point says anything, the points do not grow
	spaceReach = 1 << 52 // half steps from 0, beyond which a number cannot tell two of them apart
	spaceWork  = 4e8     // points times data that are too much: some seconds
	spaceLeast = 10_000  // points that any posterior takes
	spaceCuts  = 20      // places along the sorted data where they are cut in three to find out where f lives
	spaceClimb = 40      // steps of EM from each of these
)

// space is the quadrature of one posterior of three means.
type space struct {
	m       model.GMM
	all     cluster
	two     GMMPosterior // of the same data and two components
	workers int

	lnR   float64 // ln r
	step  float64 // of the last lattice
	apart float64 // its planes along a mean
	lnW   float64 // ln of a point's share of space
	grid  []spot
}

// triple is three means, ascending, in half steps of a lattice from 0.
type triple [3]int64

// spot is a point of the lattice, ln f there, and how many mirror images it stands for.
type spot struct {
	at    triple
	logF  float64
	times float64
}

// lnF returns ln f at three means, −∞ where it is lost in the noise of p.
func (s *space) lnF(mu [3]float64) float64 {
	const small = 1e-250 // below it, logarithms are taken before a product underflows
	h := 0.5 / (s.m.Sigma * s.m.Sigma)
	var lnP float64
	product := 1.0
	without, only := [3]float64{1, 1, 1}, [3]float64{1, 1, 1} // Π (1 − φ_k) and Π φ_k
	for _, x := range s.m.X {
		var d, e [3]float64
		best := math.Inf(1)
		for k, v := range mu {
			d[k] = (x - v) * (x - v)
			best = min(best, d[k])
		}
		for k := range e {
			e[k] = 1
			if d[k] > best {
				e[k] = math.Exp(-h * (d[k] - best))
			}
		}
		total := e[0] + e[1] + e[2]
		one := 1 / total
		lnP -= best
		if product *= one; product < small {
			lnP -= math.Log(product) / h
			product = 1
		}
		for k, v := range e {
			only[k] *= v * one
		}
		without[0] *= (e[1] + e[2]) * one
		without[1] *= (e[0] + e[2]) * one
		without[2] *= (e[0] + e[1]) * one
	}
	alone := without[0] + without[1] + without[2] - only[0] - only[1] - only[2]
	if !(alone < 1-faint) {
		return math.Inf(-1)
	}
	n := float64(len(s.m.X))
	prior := -3 * (math.Log(s.m.Tau0) + 0.5*math.Log(2*math.Pi))
	for _, v := range mu {
		z := (v - s.m.Mu0) / s.m.Tau0
		prior -= 0.5 * z * z
	}
	return prior + h*lnP - math.Log(product) - n*(math.Log(3*s.m.Sigma)+0.5*math.Log(2*math.Pi)) + math.Log1p(-alone)
}

// inSpace is quadrature for K = 3.
func inSpace(m model.GMM, workers int) (GMMPosterior, error) {
	tooMuch := fmt.Errorf("exact: GMM: the quadrature over 3 means of %d data needs more than %d points, or %.0e points times data", len(m.X), spaceNodes, spaceWork)
	if float64(len(m.X))*spaceLeast > spaceWork {
		return GMMPosterior{}, tooMuch
	}
	pair := m
	pair.K = 2
	two, err := GMM(pair, Config{Workers: workers})
	if err != nil {
		return GMMPosterior{}, err
	}
	s := &space{m: m, two: two, workers: workers}
	for _, x := range m.X {
		s.all = s.all.with(x)
	}
	n := s.all.n
	pairs := n*math.Ln2 + two.LogEvidence
	s.lnR = (1-n)*math.Log(3) + pairs + math.Log1p(-math.Exp(s.all.logMarginal(m)-pairs))
	out := GMMPosterior{Method: Quadrature, cube: s, LogEvidence: s.lnR, Evaluations: two.Evaluations}
	noise := faint + n*0x1p-48 // of f beside p
	seeds, narrow := s.seeds()
	if len(seeds) == 0 {
		out.ErrBound = two.ErrBound + rounding(m, s.lnR) + noise
		return out, nil
	}
	lnSum, relErr, ok := s.refine(seeds, narrow)
	out.Evaluations += len(s.grid)
	if !ok {
		return GMMPosterior{}, tooMuch
	}
	total := newLogSum()
	total.add(lnSum)
	total.add(s.lnR)
	out.LogEvidence = total.value()
	out.ErrBound = relErr*math.Exp(lnSum-out.LogEvidence) + two.ErrBound*math.Exp(s.lnR-out.LogEvidence) + rounding(m, out.LogEvidence) + noise
	return out, nil
}
