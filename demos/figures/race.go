package figures

import (
	"fmt"
	"math"
	"slices"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/rivals"
)

// RaceRules are what every runner of a race is given.
type RaceRules struct {
	Start  []float64 // the two means where all begin
	Passes int       // over the data, at least 2
	Chains int       // of each sampler, so that luck can be told from skill
	Step   float64   // sd of Metropolis's proposals
	Seed   uint64    // of the chains
}

// Race is coordinate ascent, EM, Gibbs and Metropolis on one mixture with two means. Their cost is counted in passes over
// the data: a sweep is one, and so is one log density for Metropolis.
type Race struct {
	Rules   RaceRules
	At      []int     // the numbers of passes at which they are compared, increasing
	X       []float64 // where predictive densities are known
	Exact   []float64 // the exact predictive density there
	Runners []RaceRunner
}

// RaceRunner is how one method did.
type RaceRunner struct {
	Name       string
	Predictive [][]float64 // at each of Race.At, over Race.X; of its first chain
	TV         [][]float64 // at each of Race.At, a value a chain: ½∫|p̂ − p| of the predictive density, 0 … 1
	W1         [][]float64 // as TV: ∫|F̂ − F| of the sorted means, averaged over the two, in the units of the data
	Accepted   float64     // the share of proposals taken, of a sampler's chains together; else 0
}

// The order of Race.Runners.
const (
	RaceCAVI = iota
	RaceEM
	RaceGibbs
	RaceMetropolis
)

// RunRace lets the four methods start at the same place and measures them against the exact posterior. The samplers
// keep every draw: what they say after t passes is the average of t draws, the walk from the start included.
func RunRace(m model.GMM, post exact.GMMPosterior, rules RaceRules) Race {
	if len(rules.Start) != 2 || rules.Passes < 2 || rules.Chains < 1 {
		panic(fmt.Sprintf("figures: RunRace: %d starting means, %d passes and %d chains, want 2, at least 2 and at least 1", len(rules.Start), rules.Passes, rules.Chains))
	}
	m = m.Filled()
	at := checkpoints(rules.Passes)
	judge := newRaceJudge(m, post)
	settings := fit.Settings{Sweeps: rules.Passes, Keep: fit.EverySweep}

	climb := cavi.Fit(cavi.GMM{GMM: m, Init: rules.Start}, settings)
	points := rivals.EMMeans{GMM: m, Init: rules.Start}.Fit(settings)
	var byCAVI, byEM []raceAnswer
	for _, t := range at {
		q := climb.Steps[min(t, len(climb.Steps)-1)].Q
		byCAVI = append(byCAVI, judge.factors(q))
		byEM = append(byEM, judge.point(points.Steps[min(t, len(points.Steps)-1)].Q.Mean))
	}
	init := make([][]float64, rules.Chains)
	for c := range init {
		init[c] = rules.Start
	}
	sampling := rivals.Sampling{Seed: rules.Seed, Chains: rules.Chains, Draws: rules.Passes, Init: init}
	gibbs := rivals.GibbsGMM(m, sampling)
	metropolis := rivals.Metropolis{Target: m, Step: rules.Step}.Sample(sampling)
	return Race{Rules: rules, At: at, X: judge.x, Exact: judge.predictive, Runners: []RaceRunner{
		judge.runner("CAVI", [][]raceAnswer{byCAVI}, 0),
		judge.runner("EM", [][]raceAnswer{byEM}, 0),
		judge.runner("Gibbs", judge.chains(gibbs, at), 1),
		judge.runner("Metropolis", judge.chains(metropolis, at), meanOf(metropolis.Accepted)),
	}}
}

// checkpoints are 1 … last, from ten on about evenly on a log scale.
func checkpoints(last int) []int {
	const perDecade = 8
	var at []int
	for i := 0; ; i++ {
		t := int(math.Round(math.Pow(10, float64(i)/perDecade)))
		if t >= last {
			return append(at, last)
		}
		if len(at) == 0 || t > at[len(at)-1] {
			at = append(at, t)
		}
	}
}

// Floor is the error that a runner has at the end: the median over its chains.
func (r RaceRunner) Floor(errors [][]float64) float64 { return quantileOf(errors[len(errors)-1], 0.5) }

// Crossing is the number of passes from which on the median error of a runner stays below floor; false if it never does.
func (r Race) Crossing(errors [][]float64, floor float64) (int, bool) {
	at, below := 0, false
	for i, e := range errors {
		switch now := quantileOf(e, 0.5) < floor; {
		case now && !below:
			at, below = r.At[i], true
		case !now:
			below = false
		}
	}
	return at, below
}

// quantileOf is the p-quantile of a few values, between them by straight lines.
func quantileOf(v []float64, p float64) float64 {
	s := slices.Clone(v)
	slices.Sort(s)
	at := p * float64(len(s)-1)
	i := min(int(at), len(s)-1)
	j := min(i+1, len(s)-1)
	return s[i] + (at-float64(i))*(s[j]-s[i])
}

func meanOf(v []float64) float64 {
	var sum float64
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}
