package figures

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vae"
	"elboroom/vizlib"
)

// panics says whether do stops with a sentence of this package that has want in it.
func panics(t *testing.T, want string, do func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if msg, _ := recover().(string); !strings.HasPrefix(msg, "figures: ") || !strings.Contains(msg, want) {
			t.Errorf("panics with %q, want %q", msg, want)
		}
	}()
	do()
}

// lineOf is the line of this name in a figure.
func lineOf(t *testing.T, f vizlib.Figure, name string) vizlib.Line {
	t.Helper()
	for _, m := range f.Marks {
		if l, ok := m.(vizlib.Line); ok && l.Name == name {
			return l
		}
	}
	t.Fatalf("no line %q", name)
	return vizlib.Line{}
}

func TestProposalStudyIsAHill(t *testing.T) {
	steps := []float64{0.05, 2, 100}
	s := StudyProposals(12, steps, 3000, 1)
	for k := range steps {
		g := s.Picture(k)
		drawn(t, g)
		var taken, theory float64
		if _, err := fmt.Sscanf(g.Numbers, "%f %% taken, in theory %f %%", &taken, &theory); err != nil {
			t.Fatal(err)
		}
		if k > 0 && math.Abs(taken-theory) > 4 {
			t.Errorf("sd %v: %q", steps[k], g.Numbers)
		}
	}
	if !(s.ESS[0] < s.ESS[1]/10 && s.ESS[2] < s.ESS[1]/5) {
		t.Errorf("effective draws %v, want many in the middle", s.ESS)
	}
	if first := s.Chain[0][0]; math.Abs(first-12) > 1 {
		t.Errorf("the chain begins at %v, want near 12", first)
	}
}

func TestRaceClockStretchesTheAxis(t *testing.T) {
	m, post := raceMixture(40)
	r := RunRace(m, post, RaceRules{Start: []float64{-0.4, 3.2}, Passes: 100, Chains: 3, Step: 0.5})
	f := RaceClock(r, 1e-6, 2e-6, 3e-6, 4e-6)
	drawn(t, f)
	if x := lineOf(t, f, "Metropolis").X; math.Abs(x[0]-4e-6) > 1e-15 || math.Abs(x[len(x)-1]-4e-4) > 1e-12 {
		t.Errorf("a hundred passes at 4 µs lie between %v and %v s", x[0], x[len(x)-1])
	}
	for seconds, want := range map[float64]string{4.4e-7: "0.4 µs", 1.26e-5: "13 µs", 0.0031: "3.1 ms", 12: "12 s"} {
		if got := shortTime(seconds); got != want {
			t.Errorf("%v s is %q, want %q", seconds, got, want)
		}
	}
	for want, do := range map[string]func(){
		"1 times for 4 runners":        func() { RaceClock(r, 1) },
		"a pass of Gibbs took 0 secon": func() { RaceClock(r, 1, 1, 0, 1) },
	} {
		panics(t, want, do)
	}
}

func TestStochasticPlanComparesWithTheUsualOne(t *testing.T) {
	x, _ := model.SimulateGMM(200, []float64{-1.6, 1.9}, 1, rand.New(rand.NewPCG(1, 0)))
	m, start := model.GMM{X: x, Tau0: 5}, []float64{-0.4, 3.2}
	for _, plan := range []cavi.Stochastic{{Of: 200, Batch: 20}, {Of: 200, Batch: 5, Power: 1, Delay: 100}, {Of: 200, Batch: 100, Power: .55}} {
		drawn(t, StochasticPlan(m, start, 10, 1, plan))
	}
	same := StochasticPlan(m, start, 10, 1, cavi.Stochastic{Of: 200, Batch: 20})
	for _, c := range same.Cells {
		if a, b := lineOf(t, c.Figure, "usual"), lineOf(t, c.Figure, "this plan"); !slices.Equal(a.X, b.X) || !slices.Equal(a.Y, b.Y) {
			t.Error("the usual plan does not lie on itself")
		}
	}
}

func TestVAEPlaceNamesTheNearestGlyph(t *testing.T) {
	im, tr := autoencoder()
	w := tr.Last().Q
	g := VAEPlace(im, w, 0.3, -1.2)
	drawn(t, g)
	clean := vae.CleanGlyphs()
	row, off := clean.Nearest(w.Decode([]float64{0.3, -1.2}))
	if want := fmt.Sprintf("nearest glyph: %s, %.1f pixels off", clean.Names[clean.Label[row]], off); g.Numbers != want {
		t.Errorf("%q, want %q", g.Numbers, want)
	}
}

func TestVAESheetsCountWhatIsLegible(t *testing.T) {
	im, tr := autoencoder()
	w := tr.Last().Q
	var codes, far [][]float64
	for i := range 50 {
		codes = append(codes, w.Encode(im.X.RawRowView(i)).Mean)
		far = append(far, []float64{0, 0})
	}
	_, off := vae.CleanGlyphs().Nearest(w.Decode(far[0]))
	want := map[bool]float64{true: 1, false: 0}[off < 5]
	if got := Legible(w, far); got != want {
		t.Errorf("one place %v pixels off is legible to %v", off, got)
	}
	g := VAESheets(w, []string{"a", "b"}, codes, far[:3])
	drawn(t, g)
	if want := fmt.Sprintf("legible: %.0f %% and %.0f %%", 100*Legible(w, codes), 100*want); g.Numbers != want {
		t.Errorf("%q, want %q", g.Numbers, want)
	}
	panics(t, "1 names and 2 lists", func() { VAESheets(w, []string{"a"}, codes, far) })
}

func TestTopicsFoundShowsAllTopics(t *testing.T) {
	truth, vocab := model.Bars(5)
	docs, _ := model.SimulateLDA(60, 100, truth, 0.3, rand.New(rand.NewPCG(7, 0)))
	for _, k := range []int{2, 10, 21} {
		s := cavi.LDA{LDA: model.LDA{Docs: docs, Vocab: vocab, K: k, Alpha: .3, Eta: .2}}
		q := cavi.Fit(s, fit.Settings{Sweeps: 20, Keep: fit.LastOnly}).Last()
		g := TopicsFound(q.Q, q.Value, 16)
		drawn(t, g)
		if !strings.Contains(g.Caption, fmt.Sprintf("K = %d,", k)) || !strings.Contains(g.Numbers, signed(q.Value, 0)) {
			t.Errorf("%q %q", g.Caption, g.Numbers)
		}
	}
}

func TestWhyPromiseCountsAllIntervals(t *testing.T) {
	s := Intervals{Name: "mean field"}
	for i := range 100 {
		s.Low, s.High = append(s.Low, float64(i%4)-1.5), append(s.High, float64(i%4)-0.5) // one in four holds 0: that from −0.5 to 0.5
	}
	g := WhyPromise(0.9, 0.9, 0, s)
	drawn(t, g)
	if g.Numbers != "25 of 100 hold the truth: 25 %" {
		t.Errorf("%q", g.Numbers)
	}
	panics(t, "promised 1,", func() { WhyPromise(0.9, 1, 0, s) })
}
