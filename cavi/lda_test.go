package cavi

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"

	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
)

// smallCorpus has words that go together, a word that no document has, and a document with a single word.
func smallCorpus() model.LDA {
	return model.LDA{
		Docs: []model.Counts{
			{{Word: 0, Times: 3}, {Word: 1, Times: 2}}, {{Word: 2, Times: 4}, {Word: 3, Times: 1}},
			{{Word: 0, Times: 1}, {Word: 1, Times: 1}, {Word: 2, Times: 1}}, {{Word: 3, Times: 1}},
		},
		Vocab: []string{"a", "b", "c", "d", "never"}, K: 3, Alpha: 0.4, Eta: 0.3,
	}
}

func bars(n int, seed uint64) (model.LDA, *mat.Dense) {
	topics, vocab := model.Bars(5)
	docs, _ := model.SimulateLDA(n, 100, topics, 0.3, rng(seed))
	return model.LDA{Docs: docs, Vocab: vocab, K: 10, Alpha: 0.3, Eta: 0.2}, topics
}

func TestLDA(t *testing.T) {
	checkModel(t, "LDA", allocation(LDA{LDA: smallCorpus(), Rounds: 1, Warm: -1}))
	checkModel(t, "LDA, three rounds", allocation(LDA{LDA: smallCorpus(), Rounds: 3}))
	checkModel(t, "LDA, K 1", allocation(LDA{LDA: model.LDA{Docs: smallCorpus().Docs, Vocab: smallCorpus().Vocab, K: 1, Alpha: 2, Eta: 1.5}, Rounds: 1}))
	checkModel(t, "LDA, more topics than words", allocation(LDA{LDA: model.LDA{Docs: smallCorpus().Docs[3:], Vocab: smallCorpus().Vocab, K: 4}, Rounds: 1}))
	many, _ := bars(70, 1)
	many.K = 2
	checkModel(t, "LDA, three chunks", allocation(LDA{LDA: many, Rounds: 1}))
}

func allocation(m LDA) subject[LDAFactors] {
	filled := m.filled()
	return subject[LDAFactors]{
		model: m, evidence: math.Inf(1), tolerance: 1e-9,
		numbers: func(q LDAFactors) []float64 {
			return slices.Concat(q.Topics.RawMatrix().Data, q.Shares.RawMatrix().Data, q.shared.doc, q.shared.word)
		},
		params: func(q LDAFactors, factor string) int {
			n, k := q.Shares.Dims()
			_, v := q.Topics.Dims()
			switch factor {
			case "q(θ)":
				return min(n, 6) * k
			case "q(β)":
				return k * v
			}
			return k*v + min(n, 6)*k
		},
		nudge: func(q LDAFactors, factor string, i int, by float64) LDAFactors {
			switch factor {
			case "q(θ)":
				q.Shares = mat.DenseCopyOf(q.Shares)
				q.Shares.RawMatrix().Data[i] *= 1 + by
			case "q(β)":
				q.Topics = mat.DenseCopyOf(q.Topics)
				q.Topics.RawMatrix().Data[i] *= 1 + by
			default:
				shares, topics := q.logShares(), q.logTopics()
				if i < len(topics) {
					topics[i] += by
				} else {
					shares[i-len(topics)] += by
				}
				q.shared = filled.fold(shares, topics, 1)
			}
			return q
		},
	}
}

// The ELBO with every φ_dwk written out, and gonum's and kl's Dirichlets for the rest.
func TestLDATermsAreTheTextbook(t *testing.T) {
	const tol = 1e-9 // gonum's digamma keeps 11 digits
	m := LDA{LDA: smallCorpus()}
	for _, s := range Fit(m, fit.Settings{Seed: 3, Tol: -1, Sweeps: 4, Keep: fit.EverySweep}).Steps[1:] {
		q := s.Q
		// At the end of a sweep φ lags behind both other factors: make it current.
		q = m.Updates()[0].Move(q)
		theta, beta := q.logShares(), q.logTopics()
		var want float64
		for d, doc := range m.Docs {
			for _, c := range doc {
				phi, total := make([]float64, m.K), 0.0
				for k := range phi {
					phi[k] = math.Exp(theta[d*m.K+k] + beta[c.Word*m.K+k])
					total += phi[k]
				}
				for k, p := range phi {
					p /= total
					want += float64(c.Times) * p * (theta[d*m.K+k] + beta[c.Word*m.K+k] - math.Log(p))
				}
			}
			want -= kl.Dirichlet(q.Shares.RawRowView(d), slices.Repeat([]float64{m.Alpha}, m.K))
		}
		for k := range m.K {
			want -= kl.Dirichlet(q.Topics.RawRowView(k), slices.Repeat([]float64{m.Eta}, len(m.Vocab)))
		}
		if got := m.ELBO(q); !near(got, want, tol) {
			t.Errorf("sweep %d: ELBO %.14g, the textbook's %.14g", s.Sweep, got, want)
		}
	}
}

// The ELBO is E ln p(w, θ, β) + …: below the log evidence, which for one document and few words is a sum over all
// assignments of Dirichlet-multinomial probabilities.
func TestLDABoundsTheExactEvidence(t *testing.T) {
	docs := []model.Counts{{{Word: 0, Times: 2}, {Word: 1, Times: 1}}, {{Word: 1, Times: 2}, {Word: 2, Times: 1}}}
	words := [][2]int{{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 1}, {1, 2}} // document and word
	m := model.LDA{Docs: docs, Vocab: []string{"a", "b", "c"}, K: 2, Alpha: 0.6, Eta: 0.8}
	lg := lnGamma
	var evidence float64
	for z := range 1 << len(words) {
		var inDoc [2][2]float64
		var inTopic [2][3]float64
		for i, w := range words {
			k := z >> i & 1
			inDoc[w[0]][k]++
			inTopic[k][w[1]]++
		}
		ln := 0.0
		for d := range 2 {
			ln += lg(2*m.Alpha) - lg(2*m.Alpha+3)
			for k := range 2 {
				ln += lg(m.Alpha+inDoc[d][k]) - lg(m.Alpha)
			}
		}
		for k := range 2 {
			total := 0.0
			for w := range 3 {
				total += inTopic[k][w]
				ln += lg(m.Eta+inTopic[k][w]) - lg(m.Eta)
			}
			ln += lg(3*m.Eta) - lg(3*m.Eta+total)
		}
		evidence += math.Exp(ln)
	}
	best := math.Inf(-1)
	for seed := range uint64(8) {
		best = max(best, Fit(LDA{LDA: m}, fit.Settings{Seed: seed, Sweeps: 3000}).Last().Value)
	}
	const most = 3 // nats of gap, four dozen assignments and ln 2! of labels
	if gap := math.Log(evidence) - best; gap < 0 || gap > most {
		t.Errorf("the ELBO %v is %v below the log evidence %v", best, gap, math.Log(evidence))
	}
	// And with no choice to make, K = 1, it is the evidence.
	m.K, m.Alpha = 1, 1
	exact := lg(3*m.Eta) - lg(3*m.Eta+6)
	for _, n := range []float64{2, 3, 1} {
		exact += lg(m.Eta+n) - lg(m.Eta)
	}
	if got := Fit(LDA{LDA: m}, fit.Settings{}).Last().Value; !near(got, exact, 1e-10) {
		t.Errorf("K = 1: ELBO %.15g, log evidence %.15g", got, exact)
	}
}

func TestLDAOrderOfDocumentsMeansNothing(t *testing.T) {
	const tol = 1e-8
	m, _ := bars(60, 2)
	order := rand.New(rand.NewPCG(1, 1)).Perm(len(m.Docs))
	other := m
	other.Docs = make([]model.Counts, len(m.Docs))
	for i, d := range order {
		other.Docs[i] = slices.Clone(m.Docs[d])
		slices.Reverse(other.Docs[i])
	}
	s := fit.Settings{Seed: 1, Sweeps: 20, Tol: -1, Keep: fit.LastOnly}
	a, b := Fit(LDA{LDA: m}, s).Last(), Fit(LDA{LDA: other}, s).Last()
	if !near(a.Value, b.Value, tol) {
		t.Errorf("ELBO %.12g, in another order %.12g", a.Value, b.Value)
	}
	for i, d := range order {
		for k := range m.K {
			if !near(a.Q.Shares.At(d, k), b.Q.Shares.At(i, k), tol) {
				t.Fatalf("γ of document %d: %v, in another order %v", d, a.Q.Shares.RawRowView(d), b.Q.Shares.RawRowView(i))
			}
		}
	}
}

func TestLDAFindsTheBars(t *testing.T) {
	m, truth := bars(300, 7)
	best := Fit(LDA{LDA: m}, fit.Settings{Seed: 1, Sweeps: 60, Keep: fit.LastOnly}).Last()
	for seed := range uint64(3) {
		if s := Fit(LDA{LDA: m}, fit.Settings{Seed: seed + 2, Sweeps: 60, Keep: fit.LastOnly}).Last(); s.Value > best.Value {
			best = s
		}
	}
	means := best.Q.TopicMeans()
	for k, j := range MatchTopics(truth, means) {
		var far float64
		for w, p := range truth.RawRowView(k) {
			far += math.Abs(p-means.At(j, w)) / 2
		}
		if far > 0.1 {
			t.Errorf("bar %d is %v away from topic %d, its closest", k, far, j)
		}
		top := best.Q.TopWords(j, 5)
		slices.Sort(top)
		for _, w := range top {
			if truth.At(k, w) == 0 {
				t.Errorf("the top words of topic %d are %v, not those of bar %d", j, top, k)
			}
		}
	}
	if order := best.Q.Order(); len(order) != 10 || mat.Sum(best.Q.Topics.RowView(order[0])) < mat.Sum(best.Q.Topics.RowView(order[9])) {
		t.Errorf("order %v", order)
	}
	// Held out: near what the truth itself scores, far below the 25 of a uniform guess.
	held, shares := model.SimulateLDA(200, 100, truth, 0.3, rng(99))
	var ln float64
	for d, doc := range held {
		for _, c := range doc {
			var p float64
			for k := range 10 {
				p += shares.At(d, k) * truth.At(k, c.Word)
			}
			ln += float64(c.Times) * math.Log(p)
		}
	}
	floor := math.Exp(-ln / float64(200*100))
	ours, completion := (LDA{LDA: m}).Perplexity(best.Q, held), (LDA{LDA: m}).CompletionPerplexity(best.Q, held)
	t.Logf("perplexity %.2f, completion %.2f, of the true topics and shares %.2f", ours, completion, floor)
	if ours < floor || ours > 1.25*floor || completion < floor || completion > 1.15*floor {
		t.Errorf("perplexity %v, completion %v; the truth's is %v", ours, completion, floor)
	}
}

func TestLDAExtremes(t *testing.T) {
	// Tiny weights: exponentials of digammas underflow, shares do not become NaN.
	m := smallCorpus()
	m.Alpha, m.Eta = 1e-4, 1e-4
	for seed := range uint64(5) {
		tr := Fit(LDA{LDA: m}, fit.Settings{Seed: seed, Sweeps: 50})
		if tr.Status == fit.Broken {
			t.Errorf("seed %d: %s", seed, tr.Reason)
		}
		v := tr.Values()
		for i := 1; i < len(v); i++ {
			if v[i] < v[i-1]-elboSlack*(1+math.Abs(v[i])) {
				t.Errorf("seed %d, step %d: the ELBO fell from %.14g to %.14g", seed, i, v[i-1], v[i])
			}
		}
	}
	// Equal topics stay equal.
	even := mat.NewDense(3, 5, slices.Repeat([]float64{1}, 15))
	q := Fit(LDA{LDA: smallCorpus(), Init: even, Warm: 2}, fit.Settings{Sweeps: 20, Tol: -1}).Last().Q
	for w := range 5 {
		if q.Topics.At(0, w) != q.Topics.At(1, w) {
			t.Fatalf("equal topics part: %v", mat.Formatted(q.Topics))
		}
	}
}

func TestLDAEntropyIsGonums(t *testing.T) {
	a := []float64{0.3, 2, 5.5}
	var terms dirichletTerms
	terms.add(a, 1.7)
	d := distmv.NewDirichlet(a, rand.NewPCG(1, 1))
	prior := distmv.NewDirichlet([]float64{1.7, 1.7, 1.7}, nil)
	const draws, sds = 200_000, 5
	var entropy, cross, squares float64
	for range draws {
		x := d.Rand(nil)
		l := d.LogProb(x)
		entropy -= l / draws
		squares += l * l / draws
		cross += prior.LogProb(x) / draws
	}
	if se := math.Sqrt((squares - entropy*entropy) / draws); math.Abs(entropy-terms.entropy) > sds*se {
		t.Errorf("entropy %v, by draws %v ± %v", terms.entropy, entropy, se)
	}
	if math.Abs(cross-terms.prior) > 0.05 {
		t.Errorf("E ln p %v, by draws %v", terms.prior, cross)
	}
	if want := -kl.Dirichlet(a, []float64{1.7, 1.7, 1.7}); !near(terms.prior+terms.entropy, want, 1e-10) {
		t.Errorf("−KL %v, kl says %v", terms.prior+terms.entropy, want)
	}
}

// A fused sweep over 300 documents of 120 words: 800 different words, 12 topics, 10 rounds.
func BenchmarkLDASweep(b *testing.B) {
	m := model.LDA{Vocab: make([]string, 800), K: 12, Alpha: 0.2, Eta: 0.05}
	m.Docs, _, _ = m.Simulate(300, 120, rng(1))
	l := LDA{LDA: m}
	q := l.Start(rand.NewPCG(1, 1))
	b.ReportAllocs()
	for b.Loop() {
		l.Sweep(q, 1)
	}
}

// The ELBO puts each Dirichlet's terms together; by name they sum to the same after every half-step, settled or not.
func TestLDATermsSumToTheELBO(t *testing.T) {
	const tol = 1e-9 // of the digammas in the terms, which cancel out of the ELBO
	m := LDA{LDA: smallCorpus(), Rounds: 2}
	for _, s := range Fit(m, fit.Settings{Seed: 5, Tol: -1, Sweeps: 4}).Steps {
		if got := sum(m.Terms(s.Q)); !near(got, s.Value, tol) {
			t.Errorf("sweep %d, %s: the terms sum to %.15g, the ELBO is %.15g", s.Sweep, s.Update, got, s.Value)
		}
		other := s.Q
		other.Topics = mat.DenseCopyOf(s.Q.Topics)
		other.Topics.Set(1, 2, 3*other.Topics.At(1, 2))
		if got, want := sum(m.Terms(other)), m.ELBO(other); !near(got, want, tol) || want >= s.Value {
			t.Errorf("sweep %d, %s, a topic moved: the terms sum to %.15g, the ELBO is %.15g, before %.15g", s.Sweep, s.Update, got, want, s.Value)
		}
	}
}
