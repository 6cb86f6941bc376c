package figures

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/rivals"
)

// The numbers that lesson 06 writes into its text, answers included, are computed here again.
func TestLesson06SaysWhatTheSolverSays(t *testing.T) {
	says := sayings(t, "06-em-and-sampling")

	// The first minutes: with ten times the data both floors fall about tenfold; Gibbs needs far longer to be below CAVI's.
	rules := RaceRules{Start: []float64{-0.4, 3.2}, Passes: 10000, Chains: 20, Step: 0.5, Seed: 1}
	floors := func(n int) (vi, em, gibbs float64) {
		m, post := raceMixture(n)
		r := RunRace(m, post, rules)
		at, ok := r.Crossing(r.Runners[RaceGibbs].TV, r.Runners[RaceCAVI].Floor(r.Runners[RaceCAVI].TV))
		if !ok {
			at = 2 * rules.Passes
		}
		return r.Runners[RaceCAVI].Floor(r.Runners[RaceCAVI].TV), r.Runners[RaceEM].Floor(r.Runners[RaceEM].TV), float64(at)
	}
	vi, em, gibbs := floors(40)
	vi400, em400, gibbs400 := floors(400)
	if tenfold := func(ratio float64) bool { return ratio > 7 && ratio < 15 }; !tenfold(vi/vi400) || !tenfold(em/em400) || gibbs400 < 4*gibbs {
		t.Errorf("40 data: CAVI %v, EM %v, Gibbs below at %v; 400: %v, %v, %v", vi, em, gibbs, vi400, em400, gibbs400)
	}

	// The Explorer's hill, and the walk home.
	sds := []float64{0.05, 0.1, 0.3, 1, 2, 4, 10, 40, 100}
	hill, home := StudyProposals(0, sds, 5000, 1), StudyProposals(12, sds, 5000, 1)
	if top := slices.Index(hill.ESS, slices.Max(hill.ESS)); sds[top] < 2 || sds[top] > 4 {
		t.Errorf("the hill's top is at %v", sds[top])
	}
	if a, b := hill.Accepted[4], hill.Accepted[5]; a > 0.55 || b < 0.25 {
		t.Errorf("%v and %v are taken on top", a, b)
	}
	for k := range sds {
		if arrived := slices.Min(home.Chain[k][:300]) < 2; arrived != (k > 1) {
			t.Errorf("sd %v: near 0 within 300 states: %v", sds[k], arrived)
		}
	}

	// 6.1
	x, r := []float64{1, 2, 4}, []float64{0.9, 0.5, 0.2}
	count, sum := 0.0, 0.0
	for i := range x {
		count, sum = count+r[i], sum+r[i]*x[i]
	}
	around := func(m float64) (s float64) {
		for i := range x {
			s += r[i] * (x[i] - m) * (x[i] - m)
		}
		return s
	}
	squares := around(sum / count)
	says(`$m_1 = %.1f/%.1f = %.4f$`, sum, count, sum/count)
	says(`= %.4f$, so the variance is %.4f and the sd %.4f`, squares, squares/count, math.Sqrt(squares/count))
	says("is %.4f, you took the old mean; %.4f divides by $n = 3$", math.Sqrt(around(2)/count), math.Sqrt(squares/3))

	// 6.2: what a chain without its refused steps has for a variance, where 1 is right.
	rng, at := rand.New(rand.NewPCG(1, 0)), 0.0
	var moved []float64
	for range 20000 {
		there := at + 4*rng.NormFloat64()
		if math.Log(rng.Float64()) < distuv.UnitNormal.LogProb(there)-distuv.UnitNormal.LogProb(at) {
			at = there
			moved = append(moved, at)
		}
	}
	says("near %.2f in place of 1", stat.Variance(moved, nil))

	// 6.3 and 6.4
	says(`= %.1f$ and the variance $2 - 1.2^2/1.5 = %.2f$`, 1-1.2/1.5*(0.5-2), 2-1.2*1.2/1.5)
	const rt, n = 0.81, 10000
	says("= %.2f$, so", (1+rt)/(1-rt))
	says("= %.0f$. One", n*(1-rt)/(1+rt))
	says("%s, that is $n/(1 - r)$", grouped(n/(1-rt)))
	says("%s stops the sum", grouped(n/(1+2*rt)))

	// At ρ = 0.99 the number of effective draws is itself badly known.
	var effective []float64
	for seed := range uint64(5) {
		p := kl.Correlated(0.99)
		effective = append(effective, rivals.ESS(rivals.GibbsGaussian(p.Mean, p.Cov, rivals.Sampling{Seed: seed + 1, Draws: 5000}).Values(0)))
	}
	says("%.0f for %.0f, and other seeds give up to %.0f", effective[0], 20000*(1-0.99*0.99)/(1+0.99*0.99), math.Floor(slices.Max(effective)/10)*10)

	// A mean is uncertain by a quarter.
	m, _ := raceMixture(40)
	if q := cavi.Fit(cavi.GMM{GMM: m, Init: []float64{-0.4, 3.2}}, fit.Settings{}).Last().Q; math.Abs(math.Sqrt(q.Var[0])-0.25) > 0.02 {
		t.Errorf("sd %v, the lesson says a quarter", math.Sqrt(q.Var[0]))
	}
}
