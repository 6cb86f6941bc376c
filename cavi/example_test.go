package cavi_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
)

// The lecture's mixture: fit it, and say where the gap to the log evidence goes.
func ExampleGMM() {
	x, _ := model.SimulateGMM(40, []float64{-1.6, 1.9}, 1, rand.New(rand.NewPCG(46, 1)))
	m := cavi.GMM{GMM: model.GMM{X: x}, Init: []float64{-0.4, 3.2}}
	trace := cavi.Fit(m, fit.Settings{})
	last := trace.Last()
	truth, err := exact.GMM(m.GMM, exact.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	gap := m.Gap(last.Q, truth.LogEvidence)
	fmt.Printf("means %.2f and %.2f after %d sweeps\n", last.Q.Mean[0], last.Q.Mean[1], last.Sweep)
	fmt.Printf("stops %.2f nats short: %.2f labels, %.2f mean field\n", gap.Total, gap.Labels, gap.MeanField)
	// Output:
	// means -1.74 and 1.91 after 15 sweeps
	// stops 1.00 nats short: 0.69 labels, 0.30 mean field
}

// The ELBO, term by term.
func ExampleGMMFactors_Terms() {
	m := cavi.GMM{GMM: model.GMM{X: []float64{-2, -1, 2, 2.5}}, Init: []float64{-1, 1}}
	for _, term := range cavi.Fit(m, fit.Settings{}).Last().Q.Terms() {
		fmt.Printf("%-14s %7.3f\n", term.Name, term.Value)
	}
	// Output:
	// E ln p(μ)       -6.484
	// E ln p(c)       -2.773
	// E ln p(x|c,μ)   -5.033
	// H q(μ)           2.140
	// H q(c)           0.058
}

// Each move of the staircase is one coordinate.
func ExampleGaussian() {
	cov := mat.NewSymDense(2, []float64{1, 0.9, 0.9, 1})
	m := cavi.Gaussian{Target: kl.Gaussian{Mean: []float64{0, 0}, Cov: cov}, Init: []float64{-2.2, 1.6}}
	for _, s := range cavi.Fit(m, fit.Settings{Sweeps: 2}).Steps {
		fmt.Printf("%-6s KL(q‖p) %6.3f nats\n", s.Update, -s.Value)
	}
	// Output:
	//        KL(q‖p) 36.978 nats
	// q(θ₁)  KL(q‖p)  2.110 nats
	// q(θ₂)  KL(q‖p)  1.867 nats
	// q(θ₁)  KL(q‖p)  1.670 nats
	// q(θ₂)  KL(q‖p)  1.511 nats
}

func ExampleNormal() {
	m := model.Normal{X: []float64{1.2, 0.7, 1.9, 1.4}, Lambda0: 1, A0: 1, B0: 1}
	last := cavi.Fit(cavi.Normal{Normal: m}, fit.Settings{}).Last()
	fmt.Printf("E μ %.3f, E τ %.3f, ELBO %.3f, log evidence %.3f\n",
		last.Q.Mu, last.Q.A/last.Q.B, last.Value, exact.Normal(m).LogEvidence)
	// Output: E μ 1.040, E τ 1.466, ELBO -6.016, log evidence -5.935
}

// Six components at most, a prior that wants few of them: those that are not needed die.
func ExampleBayesGMM() {
	x, _ := model.SimulateGMM(300, []float64{-4, 4}, 1, rand.New(rand.NewPCG(1, 1)))
	m := cavi.BayesGMM{BayesGMM: model.BayesGMM{X: mat.NewDense(300, 1, x), K: 6, Alpha0: 1e-3}}
	q := cavi.Fit(m, fit.Settings{Seed: 1}).Last().Q
	for k, w := range q.Weights() {
		if w > 0.01 {
			fmt.Printf("weight %.2f, mean %.1f\n", w, q.M[k][0])
		}
	}
	// Unordered output:
	// weight 0.48, mean -4.0
	// weight 0.52, mean 4.0
}

// Where the nats between the ELBO and the log evidence go: half a nat and more is only the two names.
func ExampleGMM_Gap() {
	m := cavi.GMM{GMM: model.GMM{X: []float64{-2.1, -1.4, -1.7, 1.6, 2.2, 2.0}, Tau0: 3}}
	p, err := exact.GMM(m.GMM, exact.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	g := m.Gap(cavi.Fit(m, fit.Settings{Seed: 1}).Last().Q, p.LogEvidence)
	fmt.Printf("gap %.3f nats, the names' share %.3f\n", g.Total, g.Labels)
	// Output: gap 0.745 nats, the names' share 0.693
}

// A stream that is read once, a hundred data at a time: 1000 small steps instead of a few sweeps.
func ExampleFitStochastic() {
	const n = 100_000
	x, _ := model.SimulateGMM(n, []float64{-2, 2}, 1, rand.New(rand.NewPCG(1, 1)))
	tr := cavi.FitStochastic(cavi.GMM{}, slices.Values(x), cavi.Stochastic{Of: n}, fit.Settings{Seed: 1})
	q := tr.Last().Q
	fmt.Printf("%d steps, means %.1f and %.1f\n", len(tr.Steps)-1, min(q.Mean[0], q.Mean[1]), max(q.Mean[0], q.Mean[1]))
	// Output: 1000 steps, means -2.0 and 2.0
}

// Two topics of six texts.
func ExampleLDA() {
	docs, vocab := model.CountWords([]string{"river water boat", "boat river fish water", "engine wheel road", "road wheel engine fuel fuel", "fish water", "fuel engine"})
	m := cavi.LDA{LDA: model.LDA{Docs: docs, Vocab: vocab}}
	q := cavi.Fit(m, fit.Settings{Seed: 1}).Last().Q
	for _, topic := range q.Order() {
		var words []string
		for _, w := range q.TopWords(topic, 4) {
			words = append(words, vocab[w])
		}
		slices.Sort(words)
		fmt.Println(words)
	}
	// Unordered output:
	// [boat fish river water]
	// [engine fuel road wheel]
}
