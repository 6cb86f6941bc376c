package figures

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/vae"
)

// saying returns what holds a lesson's text, with the numbers it gives, against the numbers computed here.
func saying(t *testing.T, lesson string) func(format string, values ...any) {
	text := prose(t, "../../notebooks/"+lesson+".ipynb")
	return func(format string, values ...any) {
		t.Helper()
		if want := strings.ReplaceAll(fmt.Sprintf(format, values...), "-", "−"); !strings.Contains(text, want) {
			t.Errorf("lesson %s does not say %q", lesson[:2], want)
		}
	}
}

func TestLesson06SaysWhatTheSolverSays(t *testing.T) {
	says := saying(t, "06-em-and-sampling")

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

	// A mean is uncertain by a quarter.
	m, _ := raceMixture(40)
	if q := cavi.Fit(cavi.GMM{GMM: m, Init: []float64{-0.4, 3.2}}, fit.Settings{}).Last().Q; math.Abs(math.Sqrt(q.Var[0])-0.25) > 0.02 {
		t.Errorf("sd %v, the lesson says a quarter", math.Sqrt(q.Var[0]))
	}
}

func TestLesson07SaysWhatTheSolverSays(t *testing.T) {
	says := saying(t, "07-stochastic-vi")
	x, _ := model.SimulateGMM(1000, []float64{-1.6, 1.9}, 1, rand.New(rand.NewPCG(48, 0)))
	m, start := model.GMM{X: x, Tau0: 5}, []float64{-0.4, 3.2}
	best := cavi.Fit(cavi.GMM{GMM: m, Init: start}, fit.Settings{Keep: fit.LastOnly}).Last().Q.Mean

	// The Explorer.
	far := func(kappa float64, batch, looks int) float64 {
		plan := cavi.Stochastic{Of: 1000, Power: kappa, Batch: batch}
		steps, distance := settling(m.Filled(), start, 40, 1, plan.Filled(), best)
		for i, s := range steps {
			if int(s)*batch >= looks {
				return distance[i]
			}
		}
		return distance[len(distance)-1]
	}
	const all = 40 * 1000
	if five, hundred := far(.7, 5, 100), far(.7, 100, 100); five > hundred {
		t.Errorf("after a hundred looks mini-batches of 5 are %v away, of 100 %v", five, hundred)
	}
	says("κ = 0.55 is still kept %.2f away", far(.55, 5, all))
	says("it ends %.2f away, the worst", far(1, 100, all))
	for _, kappa := range []float64{.55, .6, .7, .8, .9} {
		if far(kappa, 5, all) < far(1, 5, all) || far(kappa, 100, all) > far(1, 100, all) {
			t.Errorf("κ = %v: %v with 5 and %v with 100; κ = 1: %v and %v", kappa, far(kappa, 5, all), far(kappa, 100, all), far(1, 5, all), far(1, 100, all))
		}
	}

	// A million streamed: within 0.05 after a twentieth, a hundred sds off after ten steps.
	stream := func(yield func(float64) bool) {
		rng := rand.New(rand.NewPCG(3, 0))
		for range 60_000 {
			if !yield([]float64{-1.6, 1.9}[rng.IntN(2)] + rng.NormFloat64()) {
				return
			}
		}
	}
	tr := cavi.FitStochastic(cavi.GMM{GMM: model.GMM{Tau0: 5}, Init: start}, stream, cavi.Stochastic{Of: 1_000_000, Batch: 500, Power: 1}, fit.Settings{})
	if q := tr.Steps[100].Q; math.Abs(q.Mean[0]+1.6) > 0.05 || math.Abs(q.Mean[1]-1.9) > 0.05 {
		t.Errorf("after a twentieth of a million the means are %v", q.Mean)
	}
	if q := tr.Steps[10].Q; math.Abs(q.Mean[0]+1.6)/math.Sqrt(q.Var[0]) < 100 {
		t.Errorf("after ten steps m₁ = %v with sd %v", q.Mean[0], math.Sqrt(q.Var[0]))
	}
}

func TestLesson08SaysWhatTheSolverSays(t *testing.T) {
	says := saying(t, "08-topic-models")
	truth, vocab := model.Bars(5)
	docs, _ := model.SimulateLDA(400, 100, truth, 0.3, rand.New(rand.NewPCG(7, 0)))
	run := func(n, k int, seed uint64, warm int) (value, worst float64) {
		s := cavi.LDA{LDA: model.LDA{Docs: docs[:n], Vocab: vocab, K: k, Alpha: .3, Eta: .2}, Warm: warm}
		last := cavi.Fit(s, fit.Settings{Seed: seed, Sweeps: 60, Keep: fit.LastOnly}).Last()
		means := last.Q.TopicMeans()
		for b := range 10 {
			least := 1.0
			for j := range k {
				least = min(least, halfDistance(truth.RawRowView(b), means.RawRowView(j)))
			}
			worst = max(worst, least)
		}
		return last.Value, worst
	}
	const found = 0.1 // total variation of the worst bar

	// The first minutes.
	right, worst := run(400, 10, 14, -1)
	poor, poorWorst := run(400, 10, 0, -1)
	warm, warmWorst := run(400, 10, 0, 0)
	if worst > found || poorWorst < found || poor > right || warm < poor || warmWorst < found {
		t.Errorf("seed 14: %.1f, %.2f; seed 0: %.1f, %.2f; warm: %.1f, %.2f", right, worst, poor, poorWorst, warm, warmWorst)
	}

	// The Explorer.
	top, _ := run(200, 10, 0, 0)
	for seed := range uint64(4) {
		v10, far := run(200, 10, seed, 0)
		if (far < found) != (seed == 0) {
			t.Errorf("ten topics, seed %d: the worst bar is %.2f away", seed, far)
		}
		for _, k := range []int{2, 5, 8, 12, 15, 20} {
			if v, _ := run(200, k, seed, 0); v > top || v10 > top || (k == 20 && v > top-1000) {
				t.Errorf("seed %d: %d topics reach %.1f, ten %.1f, ten with seed 0 %.1f", seed, k, v, v10, top)
			}
		}
	}

	// The corpus.
	raw, err := os.ReadFile("../../testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	says("%d short documents", len(strings.Split(strings.TrimSpace(string(raw)), "\n")))
}

func halfDistance(p, q []float64) (d float64) {
	for i := range p {
		d += math.Abs(p[i]-q[i]) / 2
	}
	return d
}

func TestLesson09SaysWhatTheSolverSays(t *testing.T) {
	says := saying(t, "09-autoencoder")
	says(`\ln %d = %.2f$ nats`, len(vae.CleanGlyphs().Label), math.Log(float64(len(vae.CleanGlyphs().Label))))

	// 9.1 and 9.2
	const mu, logVar, eps = 0.4, -1.2, 0.9
	says("$z$ is %.4f", mu+math.Exp(logVar/2)*eps)
	says(`for $\sigma$ has %.4f, and who took $\sigma^2$ for it %.4f`, mu+logVar*eps, mu+math.Exp(logVar)*eps)
	sum := math.Exp(-3) + math.Exp(-1) + math.Exp(-2)
	says("gives %.4f", math.Log(sum/3))
	says("%.4f is the mean of the logarithms", -2.0)
	says(`%.4f has forgotten $\ln k$`, math.Log(sum))

	// New drawings.
	rng := func(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }
	im := vae.Glyphs(600, 0.02, rng(1))
	w := vae.Fit(vae.Model{X: im.X, Latent: 2}, fit.Settings{Sweeps: 80, Seed: 1, Keep: fit.LastOnly}).Last().Q
	z, draw := w.Codes(im.X, rng(3)), rng(6)
	var codes, plain [][]float64
	for i := range 600 {
		codes = append(codes, z.RawRowView(i))
		plain = append(plain, []float64{draw.NormFloat64(), draw.NormFloat64()})
	}
	says("own codes %.0f %% are legible", 100*Legible(w, codes))
	if corners := Legible(w, [][]float64{{-2.4, -2.4}, {-2.4, 2.4}, {2.4, -2.4}, {2.4, 2.4}}); corners < 0.75 {
		t.Errorf("%.2f of the corners are legible, the lesson says mostly", corners)
	}
	worst := 0.0
	for i := range 17 {
		for j := range 17 {
			_, off := vae.CleanGlyphs().Nearest(w.Decode([]float64{.3 * float64(i-8), .3 * float64(j-8)}))
			worst = max(worst, off)
		}
	}
	if worst < 10 {
		t.Errorf("no place of the plane is more than %.1f pixels off, the lesson says ten and more", worst)
	}
	if mongrels := 1 - Legible(w, plain); math.Abs(mongrels-0.4) > 0.05 {
		t.Errorf("%.2f of the draws from N(0, I) are mongrels, the lesson says two in five", mongrels)
	}
}

func TestLesson10SaysWhatTheSolverSays(t *testing.T) {
	says := saying(t, "10-why-vi")
	holds := func(sd, promised float64) float64 {
		return 100 * (2*distuv.UnitNormal.CDF(sd*distuv.UnitNormal.Quantile((1+promised)/2)) - 1)
	}
	sd := func(rho float64) float64 {
		return cavi.Fit(cavi.Gaussian{Target: kl.Correlated(rho)}, fit.Settings{}).Last().Q.Gaussian().Sd(0)
	}
	says(`= %.0f\,\%%$`, holds(sd(.6), .9))
	says("Near ρ = 0.6 the promise of 90 %% is worth %.0f", holds(sd(.6), .9))
	says("promises 99 %% holds %.0f", holds(sd(.9), .99))
	says("If you have %.0f %%, you took", holds(.6, .9))
	says("%.0f %% took the variance 0.64", holds(.64, .9))
	says("a count of %.0f %% scatters", holds(sd(.9), .9))
	says(`2/\ln(1 + \sqrt 2) = %.2f$`, 2/math.Log(1+math.Sqrt2))

	// 10.1: the formula, and what it says.
	for r, want := range map[float64]float64{-0.3: 6.0 / 7, -0.4: 4.0 / 3} {
		if got := 2 * math.Abs(r) / (1 + r); math.Abs(got-want) > 1e-12 {
			t.Errorf("r = %v: factor %v", r, got)
		}
	}
	says(`$0.6/0.7 = %.3f$`, 0.6/0.7)
	says(`$0.8/0.6 = %.2f$`, 0.8/0.6)

	// The band at ρ = 0.7: on both sides of ½, mostly below 0.7.
	p := kl.Correlated(.7)
	q := cavi.Fit(cavi.Gaussian{Target: p}, fit.Settings{}).Last().Q.Gaussian()
	low, trusted := 0, 0
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 0))
		x, ratios := make([]float64, 2), make([]float64, 4000)
		for i := range ratios {
			q.Draw(x, rng)
			ratios[i] = p.LogProb(x) - q.LogProb(x)
		}
		k, _ := kl.ParetoK(ratios)
		if k < .5 {
			low++
		}
		if k < .7 {
			trusted++
		}
	}
	if low == 0 || low == 20 || trusted <= 10 {
		t.Errorf("at ρ = 0.7 %d of 20 seeds are below ½ and %d below 0.7", low, trusted)
	}

	// The alarms: most slips are silent for the first, none for the third.
	eight := model.GMM{X: []float64{-2.9, -1.8, -1.2, -0.4, 0.6, 1.3, 2.2, 3.1}, Sigma: 1, Tau0: 5}
	silent, least := 0, math.Inf(1)
	for _, w := range WrongUpdates(eight, []float64{-0.4, 3.2})[1:] {
		if !w.Fell {
			silent++
		}
		least = min(least, w.Short)
	}
	if silent <= 3 || least < 5e-5 || least > 1.5e-4 {
		t.Errorf("%d of 7 slips are silent for the first alarm, the third hears %v nats", silent, least)
	}
	m, post := raceMixture(40)
	gap := cavi.GMM{GMM: m}.Gap(cavi.Fit(cavi.GMM{GMM: m, Init: []float64{-0.4, 3.2}}, fit.Settings{}).Last().Q, post.LogEvidence)
	if math.Abs(gap.MeanField-.25) > .03 {
		t.Errorf("mean field's share is %v, the lesson says a quarter", gap.MeanField)
	}
}
