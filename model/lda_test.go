package model_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"

	"elboroom/model"
)

func TestLDALogProbIsTheProductOfItsParts(t *testing.T) {
	const tol = 1e-12
	m := model.LDA{Docs: []model.Counts{{{Word: 0, Times: 2}, {Word: 2, Times: 1}}, {{Word: 1, Times: 3}}}, Vocab: []string{"a", "b", "c"},
		K: 2, Alpha: 0.7, Eta: 1.4}
	topics := mat.NewDense(2, 3, []float64{0.2, 0.3, 0.5, 0.6, 0.3, 0.1})
	shares := mat.NewDense(2, 2, []float64{0.25, 0.75, 0.9, 0.1})
	var want float64
	for k := range 2 {
		want += distmv.NewDirichlet([]float64{1.4, 1.4, 1.4}, nil).LogProb(topics.RawRowView(k))
		want += distmv.NewDirichlet([]float64{0.7, 0.7}, nil).LogProb(shares.RawRowView(k))
	}
	// Word by word, over every assignment of the three words of document 0 and those of document 1.
	words := [][]int{{0, 0, 2}, {1, 1, 1}}
	for d, w := range words {
		var p float64
		for z := range 8 {
			q := 1.0
			for i, v := range w {
				k := z >> i & 1
				q *= shares.At(d, k) * topics.At(k, v)
			}
			p += q
		}
		want += math.Log(p)
	}
	if got := m.LogProb(topics, shares); math.Abs(got-want) > tol*math.Abs(want) {
		t.Errorf("%.15g, want %.15g", got, want)
	}
	topics.Set(0, 0, 0)
	if v := m.LogProb(topics, shares); !math.IsInf(v, -1) {
		t.Errorf("a probability of 0 has %v", v)
	}
}

func TestLDACheck(t *testing.T) {
	doc, vocab := []model.Counts{{{Word: 1, Times: 2}}}, []string{"a", "b"}
	if err := (model.LDA{Docs: doc, Vocab: vocab, K: 9}).Check(); err != nil {
		t.Error(err)
	}
	for want, m := range map[string]model.LDA{
		"LDA: Docs has 0 documents":                                             {Vocab: vocab},
		"LDA: Vocab has 0 words":                                                {Docs: doc},
		"LDA: K is -1, want at least 1, or 0 for 2":                             {Docs: doc, Vocab: vocab, K: -1},
		"LDA: Alpha is NaN, want a positive finite number":                      {Docs: doc, Vocab: vocab, Alpha: math.NaN()},
		"LDA: Eta is -1, want a positive finite number":                         {Docs: doc, Vocab: vocab, Eta: -1},
		"LDA: document 0 has the word 1, outside the vocabulary of 1 words":     {Docs: doc, Vocab: vocab[:1]},
		"LDA: document 1 is empty, want at least one word":                      {Docs: append(doc[:1:1], nil), Vocab: vocab},
		"LDA: document 0 has word 1 0 times, want at least once, or leave it o": {Docs: []model.Counts{{{Word: 1}}}, Vocab: vocab},
	} {
		if err := m.Check(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// The moments of simulated documents: E θ_k² = (α + 1)/(K (Kα + 1)), and words as often as topics and shares say.
func TestLDASimulate(t *testing.T) {
	const n, words, sds = 4000, 20, 5
	for _, alpha := range []float64{0.02, 0.5, 3} {
		topics, vocab := model.Bars(2)
		docs, shares := model.SimulateLDA(n, words, topics, alpha, rng(3))
		k := 4.0
		var square float64
		seen := make([]float64, len(vocab))
		for d, doc := range docs {
			if doc.Len() != words {
				t.Fatalf("document %d has %d words", d, doc.Len())
			}
			for _, v := range shares.RawRowView(d) {
				square += v * v / (n * k)
			}
			for _, c := range doc {
				seen[c.Word] += float64(c.Times) / (n * words)
			}
		}
		want := (alpha + 1) / (k * (k*alpha + 1))
		if math.Abs(square-want) > sds*0.5/math.Sqrt(n*k) {
			t.Errorf("α = %v: mean square share %v, want %v", alpha, square, want)
		}
		for w, p := range seen {
			if math.Abs(p-0.25) > sds*0.5/math.Sqrt(n) {
				t.Errorf("α = %v: word %s has frequency %v, want ¼", alpha, vocab[w], p)
			}
		}
	}
	m := model.LDA{Vocab: []string{"a", "b", "c"}, K: 2}
	a, _, _ := m.Simulate(5, 7, rng(1))
	b, _, _ := m.Simulate(5, 7, rng(1))
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed drew other documents")
	}
}

func TestCountWords(t *testing.T) {
	docs, vocab := model.CountWords([]string{"The cat, the dog.", "A cat! cat?", "dog's life"}, "the", "a")
	if !reflect.DeepEqual(vocab, []string{"cat", "dog"}) {
		t.Fatalf("vocabulary %q", vocab)
	}
	want := []model.Counts{{{Word: 0, Times: 1}, {Word: 1, Times: 1}}, {{Word: 0, Times: 2}}, {{Word: 1, Times: 1}}}
	if !reflect.DeepEqual(docs, want) {
		t.Errorf("documents %v, want %v", docs, want)
	}
}
