package cavi

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
	"elboroom/model"
)

func rows(x *mat.Dense) [][]float64 {
	n, _ := x.Dims()
	out := make([][]float64, n)
	for i := range out {
		out[i] = x.RawRowView(i)
	}
	return out
}

// A full batch at rate 1 is a sweep of Fit.
func TestFullBatchIsCAVI(t *testing.T) {
	x, _ := model.SimulateGMM(9000, []float64{-2, 0, 3}, 1, rng(5))
	mix := GMM{GMM: model.GMM{X: x, K: 3, Mu0: 0.3}}
	full := Stochastic{Of: len(x), Batch: len(x), Const: 1}
	s := fit.Settings{Seed: 4, Tol: -1, Sweeps: 12, Keep: fit.EverySweep}
	a := Fit(mix, s)
	b := FitStochastic(GMM{GMM: model.GMM{K: 3, Mu0: 0.3}}, repeated(x, 12), full, s)
	same(t, "GMM", a, b, mixture(mix).numbers)

	y, _ := model.BayesGMM{X: mat.NewDense(1, 2, nil), K: 3, Beta0: 0.1}.Simulate(300, rng(6))
	deep := BayesGMM{BayesGMM: model.BayesGMM{X: y, K: 3, Alpha0: 0.5}}
	full = Stochastic{Of: 300, Batch: 300, Const: 1}
	c := Fit(deep, s)
	d := FitStochastic(BayesGMM{BayesGMM: model.BayesGMM{K: 3, Alpha0: 0.5}}, repeated(rows(y), 12), full, s)
	same(t, "BayesGMM", c, d, bayes(deep).numbers)

	docs, _ := bars(40, 3)
	topics := LDA{LDA: docs, Warm: -1}
	full = Stochastic{Of: 40, Batch: 40, Const: 1}
	e := FitStochastic(LDA{LDA: model.LDA{Vocab: docs.Vocab, K: docs.K, Alpha: docs.Alpha, Eta: docs.Eta}}, repeated(docs.Docs, 12), full, s)
	for i, step := range e.Steps[1:] {
		before := e.Steps[i].Q
		before.Shares = topics.filled().evenShares()
		want, value := topics.Sweep(before, 1)
		if !reflect.DeepEqual(want, step.Q) || value != step.Value {
			t.Fatalf("LDA, step %d: ELBO %.15g, a sweep from even shares %.15g", i+1, step.Value, value)
		}
	}
	if first := Fit(topics, s).Steps; !reflect.DeepEqual(first[0], e.Steps[0]) || !reflect.DeepEqual(first[1], e.Steps[1]) {
		t.Error("LDA: the start or the first step is not Fit's")
	}
}

func same[Q any](t *testing.T, name string, a, b fit.Trace[Q], numbers func(Q) []float64) {
	t.Helper()
	if len(a.Steps) != len(b.Steps) || b.Objective != "ELBO, estimated" || b.Status != fit.OutOfSweeps {
		t.Fatalf("%s: %d steps, want %d; %q, %v", name, len(b.Steps), len(a.Steps), b.Objective, b.Status)
	}
	for i := range a.Steps {
		x, y := a.Steps[i], b.Steps[i]
		if x.Value != y.Value || x.Sweep != y.Sweep || !reflect.DeepEqual(numbers(x.Q), numbers(y.Q)) {
			t.Fatalf("%s: sweep %d has %.17g, the full batch %.17g", name, i, x.Value, y.Value)
		}
	}
}

// repeated is x so many times, in its own order.
func repeated[D any](x []D, passes int) func(func(D) bool) {
	return slices.Values(slices.Concat(slices.Repeat([][]D{x}, passes)...))
}

// Averaged over an equal partition, λ̂ is that of all data: in natural parameters.
func TestMeanOverMiniBatchesIsTheBatch(t *testing.T) {
	const tol, parts, size = 1e-11, 6, 50
	average := func(name string, learn func(from, to int) []float64) {
		t.Helper()
		mean := make([]float64, len(learn(0, size)))
		for p := range parts {
			for i, v := range learn(p*size, (p+1)*size) {
				mean[i] += v / parts
			}
		}
		for i, v := range learn(0, parts*size) {
			if !near(mean[i], v, tol) {
				t.Errorf("%s: natural parameter %d is %.14g on average, %.14g of all data", name, i, mean[i], v)
			}
		}
	}
	x, _ := model.SimulateGMM(parts*size, []float64{-2, 1}, 1.3, rng(8))
	mix := GMM{GMM: model.GMM{X: x, Sigma: 1.3, Mu0: 2, Tau0: 3}, Init: []float64{-1, 0.5}}
	q := mix.Start(rand.NewPCG(1, 1))
	average("GMM", func(from, to int) (out []float64) {
		r, _ := mix.Learn(q, Batch[float64]{Data: x[from:to], Of: len(x), Workers: 1}, 1)
		for k, v := range r.Var {
			out = append(out, r.Mean[k]/v, 1/v)
		}
		return out
	})
	y, _ := model.BayesGMM{X: mat.NewDense(1, 2, nil), K: 2, Beta0: 0.1}.Simulate(parts*size, rng(6))
	deep := BayesGMM{BayesGMM: model.BayesGMM{X: y}}
	r := Fit(deep, fit.Settings{Seed: 1, Sweeps: 2, Tol: -1}).Last().Q
	average("BayesGMM", func(from, to int) []float64 {
		s, _ := deep.Learn(r, Batch[[]float64]{Data: rows(y)[from:to], Of: parts * size, Workers: 1}, 1)
		return naturals(s)
	})
	docs, _ := bars(parts*size, 3)
	topics := LDA{LDA: docs}
	u := topics.Start(rand.NewPCG(1, 1))
	average("LDA", func(from, to int) []float64 {
		s, _ := topics.Learn(u, Batch[model.Counts]{Data: docs.Docs[from:to], Of: parts * size, Workers: 1}, 1)
		return s.Topics.RawMatrix().Data
	})
}

func naturals(q BayesGMMFactors) (out []float64) {
	for k, m := range q.M {
		out = append(out, q.Alpha[k], q.Nu[k], q.Beta[k])
		inverse := inverted(q.W[k])
		for i := range m {
			out = append(out, q.Beta[k]*m[i])
			for j := range m {
				out = append(out, inverse.At(i, j)+q.Beta[k]*m[i]*m[j])
			}
		}
	}
	return out
}

// At any rate the natural parameters are blended, and nothing else.
func TestLearnBlendsNaturalParameters(t *testing.T) {
	const rate, tol = 0.3, 1e-10
	check := func(name string, was, hat, now []float64) {
		t.Helper()
		for i := range now {
			if want := (1-rate)*was[i] + rate*hat[i]; !near(now[i], want, tol) {
				t.Errorf("%s: natural parameter %d is %.14g, want %.14g", name, i, now[i], want)
			}
		}
	}
	x, _ := model.SimulateGMM(80, []float64{-2, 1}, 1, rng(8))
	mix := GMM{GMM: model.GMM{X: x}}
	q := mix.Start(rand.NewPCG(1, 1))
	nat := func(q GMMFactors) (out []float64) {
		for k, v := range q.Var {
			out = append(out, q.Mean[k]/v, 1/v)
		}
		return out
	}
	b := Batch[float64]{Data: x[:20], Of: 80, Workers: 1}
	hat, _ := mix.Learn(q, b, 1)
	now, _ := mix.Learn(q, b, rate)
	check("GMM", nat(q), nat(hat), nat(now))

	y, _ := model.BayesGMM{X: mat.NewDense(1, 2, nil), K: 2, Beta0: 0.1}.Simulate(90, rng(6))
	deep := BayesGMM{BayesGMM: model.BayesGMM{X: y}}
	r := Fit(deep, fit.Settings{Seed: 1, Sweeps: 2, Tol: -1}).Last().Q
	c := Batch[[]float64]{Data: rows(y)[:30], Of: 90, Workers: 1}
	hat2, _ := deep.Learn(r, c, 1)
	now2, _ := deep.Learn(r, c, rate)
	check("BayesGMM", naturals(r), naturals(hat2), naturals(now2))
}

// Streams far larger than a mini-batch end near what all data say.
func TestStochasticArrives(t *testing.T) {
	const n = 200_000
	x, _ := model.SimulateGMM(n, []float64{-1.6, 1.9}, 1, rng(3))
	m := GMM{GMM: model.GMM{X: x}, Init: []float64{-0.4, 3.2}}
	want := Fit(m, fit.Settings{Keep: fit.LastOnly}).Last()
	got := FitStochastic(m, Shuffled(x, 1, 1), Stochastic{Of: n, Power: 0.9}, fit.Settings{Keep: fit.LastOnly}).Last().Q
	for k := range got.Mean {
		if math.Abs(got.Mean[k]-want.Q.Mean[k]) > 0.02 {
			t.Errorf("mean %d is %v after one pass, all data say %v", k, got.Mean[k], want.Q.Mean[k])
		}
	}
	docs, truth := bars(1000, 7)
	topics := LDA{LDA: docs}
	batch := Fit(topics, fit.Settings{Seed: 1, Sweeps: 40, Keep: fit.LastOnly}).Last().Q
	online := FitStochastic(topics, Shuffled(docs.Docs, 6, 2), Stochastic{Of: 1000, Batch: 50, Delay: 5}, fit.Settings{Seed: 1, Keep: fit.LastOnly}).Last().Q
	held, _ := model.SimulateLDA(100, 100, truth, 0.3, rng(99))
	a, b := topics.CompletionPerplexity(batch, held), topics.CompletionPerplexity(online, held)
	t.Logf("completion perplexity: batch %.2f, stochastic %.2f", a, b)
	if b > 1.05*a {
		t.Errorf("completion perplexity %v after 6 passes, batch %v", b, a)
	}
}

func TestStochasticTrace(t *testing.T) {
	x := model.SimulateNormal(105, 0, 1, rng(1))
	run := func(keep fit.Keep, workers, sweeps int) fit.Trace[GMMFactors] {
		return FitStochastic(GMM{}, Shuffled(x, 3, 9), Stochastic{Of: 105, Batch: 20}, fit.Settings{Keep: keep, Workers: workers, Sweeps: sweeps})
	}
	all := run(fit.EveryUpdate, 1, 0)
	if len(all.Steps) != 1+16 || all.Last().Sweep != 3 {
		t.Errorf("315 data in steps of 20: %d steps, the last in pass %d", len(all.Steps)-1, all.Last().Sweep)
	}
	if !reflect.DeepEqual(all, run(fit.EveryUpdate, 8, 0)) {
		t.Error("eight workers give another trace")
	}
	passes := run(fit.EverySweep, 1, 0)
	if len(passes.Steps) != 4 || !reflect.DeepEqual(passes.Last(), all.Last()) || !reflect.DeepEqual(passes.Steps[0], all.Steps[0]) {
		t.Errorf("EverySweep keeps %d steps", len(passes.Steps))
	}
	if last := run(fit.LastOnly, 1, 0); len(last.Steps) != 1 || !reflect.DeepEqual(last.Last(), all.Last()) {
		t.Errorf("LastOnly keeps %d steps", len(last.Steps))
	}
	if one := run(fit.EveryUpdate, 1, 1); len(one.Steps) != 1+6 {
		t.Errorf("one pass of 105 data takes %d steps of 20, want 6", len(one.Steps)-1)
	}
	// A broken step is dropped, with a sentence.
	bad := FitStochastic(GMM{}, slices.Values([]float64{0, 1, -1e200, 1e200}), Stochastic{Of: 4, Batch: 2}, fit.Settings{})
	if bad.Status != fit.Broken || bad.Reason == "" || len(bad.Steps) != 2 {
		t.Errorf("huge data: %v after %d steps, %q", bad.Status, len(bad.Steps), bad.Reason)
	}
}

// The noise of the natural gradient falls as 1/√B: its variance over mini-batches with replacement is σ²/B.
func TestGradientNoise(t *testing.T) {
	const n, draws = 4000, 400
	x, _ := model.SimulateGMM(n, []float64{-1.6, 1.9}, 1, rng(3))
	m := GMM{GMM: model.GMM{X: x}, Init: []float64{-1, 1}}
	q := m.Start(rand.NewPCG(1, 1))
	r := rng(12)
	spread := func(size int) float64 {
		var sum, square float64
		for range draws {
			batch := make([]float64, size)
			for i := range batch {
				batch[i] = x[r.IntN(n)]
			}
			hat, _ := m.Learn(q, Batch[float64]{Data: batch, Of: n, Workers: 1}, 1)
			v := hat.Mean[0] / hat.Var[0]
			sum, square = sum+v, square+v*v
		}
		return square/draws - sum*sum/draws/draws
	}
	if ratio := spread(10) / spread(90); ratio < 6.5 || ratio > 12.5 {
		t.Errorf("nine times the mini-batch divides the variance by %v, want about 9", ratio)
	}
}

func TestStochasticPanicsWithASentence(t *testing.T) {
	x := []float64{1, 2, 3}
	run := func(c Stochastic) func() {
		return func() { FitStochastic(GMM{}, slices.Values(x), c, fit.Settings{}) }
	}
	doc := model.LDA{Vocab: []string{"a", "b"}, K: 2}
	read := func(d ...model.Counts) func() {
		return func() { FitStochastic(LDA{LDA: doc}, slices.Values(d), Stochastic{Of: 1}, fit.Settings{}) }
	}
	fitted := LDA{LDA: smallCorpus()}
	q, two := fitted.Start(rand.NewPCG(1, 1)), fitted
	two.K = 2
	if v := fitted.CompletionPerplexity(q, []model.Counts{{{Word: 3, Times: 1}}}); !math.IsNaN(v) {
		t.Errorf("documents of one word have the completion perplexity %v, want NaN: there is nothing to score", v)
	}
	for want, f := range map[string]func(){
		"cavi: Stochastic: Of is 0, want how many":           run(Stochastic{}),
		"cavi: Stochastic: Batch is 5, more than all 3 data": run(Stochastic{Of: 3, Batch: 5}),
		"cavi: Stochastic: Batch is -1, want at least 1":     run(Stochastic{Of: 3, Batch: -1}),
		"cavi: Stochastic: Delay is -2, want at least 0":     run(Stochastic{Of: 3, Delay: -2}),
		"cavi: Stochastic: Power is 1.1, want at most 1":     run(Stochastic{Of: 3, Power: 1.1}),
		"cavi: Stochastic: Power is 0.5, want more than ½":   run(Stochastic{Of: 3, Power: 0.5}),
		"cavi: Stochastic: Power is NaN":                     run(Stochastic{Of: 3, Power: math.NaN()}),
		"cavi: Stochastic: Const is 1.5, want a rate":        run(Stochastic{Of: 3, Const: 1.5}),
		"cavi: FitStochastic: the stream has no data":        func() { FitStochastic(GMM{}, slices.Values(x[:0]), Stochastic{Of: 3}, fit.Settings{}) },
		"cavi: GMM: X[1] is NaN": func() {
			FitStochastic(GMM{}, slices.Values([]float64{0, math.NaN()}), Stochastic{Of: 2}, fit.Settings{})
		},
		"cavi: Shuffled: 0 passes":                                     func() { Shuffled(x, 0, 1) },
		"cavi: LDA: document 0 is empty":                               read(model.Counts{}),
		"cavi: LDA: document 0 has the word 2, outside the vocabulary": read(model.Counts{{Word: 2, Times: 1}}),
		"cavi: LDA: document 0 has word 1 0 times, want at least once": read(model.Counts{{Word: 1}}),
		"cavi: LDA: Rounds is -1, want at least 1":                     func() { Fit(LDA{LDA: smallCorpus(), Rounds: -1}, fit.Settings{}) },
		"cavi: LDA: Init is 1×5, want K×V = 3×5":                       func() { Fit(LDA{LDA: smallCorpus(), Init: mat.NewDense(1, 5, nil)}, fit.Settings{}) },
		"cavi: LDA: Init[0][0] is 0, want a positive finite number":    func() { Fit(LDA{LDA: smallCorpus(), Init: mat.NewDense(3, 5, nil)}, fit.Settings{}) },
		"cavi: BayesGMM: the stream has a datum of 1 numbers after one of": func() {
			FitStochastic(BayesGMM{}, slices.Values([][]float64{{1, 2}, {1}}), Stochastic{Of: 2}, fit.Settings{})
		},
		"cavi: BayesGMM: the stream has a datum of 1 numbers after ones of 2": func() {
			FitStochastic(BayesGMM{}, slices.Values([][]float64{{1, 2}, {3, 4}, {1}, {2}}), Stochastic{Of: 4, Batch: 2}, fit.Settings{})
		},
		"cavi: LDA: 0 documents to read, want at least 1":    func() { fitted.Perplexity(q, nil) },
		"cavi: LDA: document 1 is empty":                     func() { fitted.Perplexity(q, []model.Counts{{{Word: 0, Times: 2}}, {}}) },
		"cavi: LDA: document 0 has the word 7, outside":      func() { fitted.CompletionPerplexity(q, []model.Counts{{{Word: 7, Times: 2}}}) },
		"cavi: LDA: the fit has 3×5 topics, want K×V = 2×5":  func() { two.FoldIn(q, fitted.Docs) },
		"cavi: LDA: the fit has 0×0 topics, want K×V = 3×5":  func() { fitted.Perplexity(LDAFactors{}, fitted.Docs) },
		"cavi: LDA: document 0 has word 1 -2 times, want at": read(model.Counts{{Word: 1, Times: -2}}),
	} {
		if msg := panics(f); !strings.HasPrefix(msg, want) {
			t.Errorf("panic %q, want %q", msg, want)
		}
	}
}
