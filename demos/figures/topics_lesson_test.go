package figures

import (
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/model"
)

// The numbers that lesson 08 writes into its text, answers included, are computed here again.
func TestLesson08SaysWhatTheSolverSays(t *testing.T) {
	says := sayings(t, "08-topic-models")
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
