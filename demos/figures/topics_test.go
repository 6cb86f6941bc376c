package figures

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vizlib"
)

func TestTopicsBarsSayWhatTheSolverSays(t *testing.T) {
	truth, vocab := model.Bars(5)
	docs, _ := model.SimulateLDA(400, 100, truth, 0.3, rand.New(rand.NewPCG(7, 0)))
	m := cavi.LDA{LDA: model.LDA{Docs: docs, Vocab: vocab, K: 10, Alpha: 0.3, Eta: 0.2}, Warm: -1}
	tr := cavi.Fit(m, fit.Settings{Seed: 14, Sweeps: 60, Keep: fit.EverySweep})
	movie := TopicsBars(truth, tr)
	mustDraw(t, movie)
	first, last := movie.Frame(0).(vizlib.Grid), movie.Frame(movie.Len-1).(vizlib.Grid)
	for i, at := range barFrames(len(tr.Steps)) {
		want := fmt.Sprintf("ELBO %s nats", signed(tr.Steps[at].Value, 0))
		if g := movie.Frame(i).(vizlib.Grid); !strings.HasPrefix(g.Numbers, want) {
			t.Errorf("frame %d says %q, want %q", i, g.Numbers, want)
		}
	}
	if first.Caption != "the start: noise" || last.Caption != "after sweep 60" {
		t.Errorf("from %q to %q", first.Caption, last.Caption)
	}
	// In the end each panel is dark on its bar and nowhere else.
	for k := range 10 {
		heat := last.Cells[k].Figure.Marks[0].(vizlib.Heat)
		for w := range vocab {
			if p := heat.Cells[w/5][w%5]; math.Abs(p-truth.At(k, w)) > 0.1 {
				t.Errorf("panel %d has %v at word %s, its bar %v", k, p, vocab[w], truth.At(k, w))
			}
		}
	}
	mustDraw(t, TopicsDocuments(docs, 5))
}

func TestTopicsWordsAreTheSolvers(t *testing.T) {
	mustDraw(t, TopicsPlate())
	docs, vocab := model.CountWords([]string{"sun star sun star", "sun star star", "salt bread salt", "bread salt bread bread"})
	m := model.LDA{Docs: docs, Vocab: vocab, K: 2, Alpha: 0.1, Eta: 0.3}
	q := cavi.Fit(cavi.LDA{LDA: m}, fit.Settings{Seed: 1}).Last().Q
	g := TopicsWords(m, q, 2).(vizlib.Grid)
	mustDraw(t, g)
	for i, k := range q.Order() {
		for rank, w := range q.TopWords(k, 2) {
			if got := g.Cells[i].Figure.View.YTicks[rank].Label; got != vocab[w] {
				t.Errorf("panel %d, rank %d: %q, want %q", i, rank, got, vocab[w])
			}
		}
	}
	mustDraw(t, TopicsShares(q))
}
