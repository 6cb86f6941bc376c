package figures

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vizlib"
)

// lecture is the lecture's mixture, its poor start, and the truth.
func lecture(t *testing.T) (model.GMM, fit.Trace[cavi.GMMFactors], exact.GMMPosterior) {
	t.Helper()
	x, _ := model.SimulateGMM(40, []float64{-1.6, 1.9}, 1, rand.New(rand.NewPCG(48, 0)))
	m := model.GMM{X: x, Tau0: 5}
	post, err := exact.GMM(m, exact.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return m, fitFrom(m, -0.4, 3.2), post
}

func fitFrom(m model.GMM, means ...float64) fit.Trace[cavi.GMMFactors] {
	return cavi.Fit(cavi.GMM{GMM: m, Init: means}, fit.Settings{})
}

func gridOf(t *testing.T, p vizlib.Picture) vizlib.Grid {
	t.Helper()
	g, ok := p.(vizlib.Grid)
	if !ok {
		t.Fatalf("the picture is a %T, want a Grid", p)
	}
	return g
}

// drawn draws a picture and fails with the sentence that it cannot.
func drawn(t *testing.T, p vizlib.Picture) {
	t.Helper()
	var png bytes.Buffer
	if err := p.PNG(&png); err != nil {
		t.Errorf("not drawn: %v", err)
	}
}

func TestMixtureFitSaysWhatTheSolverSays(t *testing.T) {
	m, tr, post := lecture(t)
	movie := MixtureFit(m, tr, post)
	drawn(t, movie)
	for i := range movie.Len {
		g := gridOf(t, movie.Frame(i))
		st := tr.Steps[i] // only the end of the trace is left out
		want := fmt.Sprintf("ELBO −%.2f  gap %.2f nats", -st.Value, post.LogEvidence-st.Value)
		if g.Numbers != want {
			t.Errorf("frame %d says %q, want %q", i, g.Numbers, want)
		}
		want = fmt.Sprintf("sweep %d · %s moved", st.Sweep, st.Update)
		switch i {
		case 0:
			want = "the start"
		case movie.Len - 1:
			gap := cavi.GMM{GMM: m}.Gap(st.Q, post.LogEvidence)
			want = fmt.Sprintf("sweep %d · stops %.2f short: %.2f labels, the rest mean field", st.Sweep, gap.Total, gap.Labels)
		}
		if g.Caption != want {
			t.Errorf("frame %d is captioned %q, want %q", i, g.Caption, want)
		}
	}
	if movie.Len < 12 || movie.Len > 18 {
		t.Errorf("%d frames, want about 16", movie.Len)
	}
	if missed := tr.Last().Value - tr.Steps[movie.Len-1].Value; missed > settled {
		t.Errorf("the movie stops %v nats before the fit, want less than %v", missed, settled)
	}
	for i, want := range map[int]time.Duration{0: 1200 * time.Millisecond, 6: 500 * time.Millisecond, movie.Len - 1: 3 * time.Second} {
		if got := movie.Hold(i); got != want {
			t.Errorf("frame %d is held for %v, want %v", i, got, want)
		}
	}
}

func TestMixtureFitStrip(t *testing.T) {
	m, tr, post := lecture(t)
	drawn(t, MixtureFitStrip(m, tr, post))
	drawn(t, MixtureFitStrip(m, fit.Trace[cavi.GMMFactors]{Steps: tr.Steps[:1]}, post))
}

func TestMixtureFitSharesOutAllData(t *testing.T) {
	m, tr, post := lecture(t)
	s := newMixtureStory(m, tr, post)
	for _, i := range s.frames {
		q := s.steps[i].Q
		width := (s.x.Max - s.x.Min) / float64(s.bins)
		parts := make([]float64, 2)
		for _, bar := range s.stacks(q.Responsibilities) {
			if sum := bar.parts[0] + bar.parts[1]; math.Abs(sum-bar.top) > 1e-12 {
				t.Fatalf("step %d: a bar of height %v has parts that sum to %v", i, bar.top, sum)
			}
			for k, h := range bar.parts {
				parts[k] += h * width * float64(len(m.X))
			}
		}
		for k, n := range q.Count {
			if math.Abs(parts[k]-n) > 1e-9 {
				t.Errorf("step %d: component %d has bars of %v data, Σφ is %v", i, k, parts[k], n)
			}
		}
	}
}

func TestMixtureFitMarksWhatMoved(t *testing.T) {
	m, tr, post := lecture(t)
	movie := MixtureFit(m, tr, post)
	has := func(frame, panel int, kind string) bool {
		for _, mark := range gridOf(t, movie.Frame(frame)).Cells[panel].Figure.Marks {
			if strings.HasPrefix(fmt.Sprintf("%T", mark), "vizlib."+kind) {
				return true
			}
		}
		return false
	}
	for frame, update := range []string{"", "q(c)", "q(μ)", "q(c)", "q(μ)"} {
		if got := has(frame, 0, "Arrows"); got != (update == "q(μ)") {
			t.Errorf("frame %d (%q): arrow between the means %v", frame, update, got)
		}
		if got := has(frame, 2, "Segments"); got != (update == "q(c)") {
			t.Errorf("frame %d (%q): stems from the old φ %v", frame, update, got)
		}
	}
}

// Whatever can be fitted can be drawn.
func TestMixtureFitDrawsOddCases(t *testing.T) {
	for name, m := range map[string]model.GMM{
		"one datum":             {X: []float64{3}},
		"identical data":        {X: []float64{2, 2, 2, 2, 2}},
		"far from zero":         {X: []float64{1e5, 1e5 + 1, 1e5 + 7}, Mu0: 1e5},
		"tiny units":            {X: []float64{1e-9, 2e-9, 5e-9}, Sigma: 1e-9},
		"one component":         {X: []float64{1, 2, 3}, K: 1},
		"five, evidence known":  {X: []float64{1, 2, 3, 6, 8, 9, 20, 30}, K: 5},
		"more than data":        {X: []float64{1, 2}, K: 3},
		"a component left over": {X: []float64{0, 0.1, 0.2}, K: 2, Tau0: 0.01},
	} {
		t.Run(name, func(t *testing.T) {
			post, err := exact.GMM(m, exact.Config{})
			if err != nil {
				t.Fatal(err)
			}
			movie := MixtureFit(m, cavi.Fit(cavi.GMM{GMM: m}, fit.Settings{Sweeps: 30}), post)
			drawn(t, movie)
			drawn(t, movie.Frame(0))
		})
	}
}

func TestMixtureFitWithoutEvidence(t *testing.T) {
	x, _ := model.SimulateGMM(90, []float64{-4, 0, 3.5}, 1, rand.New(rand.NewPCG(1, 0)))
	m := model.GMM{X: x, K: 3, Tau0: 5}
	movie := MixtureFit(m, cavi.Fit(cavi.GMM{GMM: m}, fit.Settings{Seed: 3}), exact.GMMPosterior{})
	drawn(t, movie)
	last := gridOf(t, movie.Frame(movie.Len-1))
	if strings.Contains(last.Numbers+last.Caption, "gap") || strings.Contains(last.Caption, "short") {
		t.Errorf("a gap is claimed without the evidence: %q, %q", last.Caption, last.Numbers)
	}
	said := false
	for _, mark := range last.Cells[4].Figure.Marks {
		if text, ok := mark.(vizlib.Text); ok && strings.Contains(text.Text, "out of reach") {
			said = true
		}
	}
	if !said {
		t.Error("the picture does not say that the evidence is out of reach")
	}
}

func TestMixtureFitOfSweeps(t *testing.T) {
	m, _, post := lecture(t)
	tr := cavi.Fit(cavi.GMM{GMM: m, Init: []float64{-0.4, 3.2}}, fit.Settings{Keep: fit.EverySweep})
	movie := MixtureFit(m, tr, post)
	drawn(t, movie)
	if got := gridOf(t, movie.Frame(1)).Caption; got != "sweep 1" {
		t.Errorf("caption %q, want %q", got, "sweep 1")
	}
}

func TestMixtureFitThinsLongTraces(t *testing.T) {
	x, _ := model.SimulateGMM(60, []float64{-1, 0.9}, 1, rand.New(rand.NewPCG(2, 0)))
	m := model.GMM{X: x}
	tr := cavi.Fit(cavi.GMM{GMM: m, Init: []float64{0, 1e-9}}, fit.Settings{Tol: -1, Sweeps: 400})
	frames := framesOf(tr.Steps)
	if len(frames) > mostSteps {
		t.Errorf("%d frames, want at most %d", len(frames), mostSteps)
	}
	if frames[0] != 0 {
		t.Errorf("the first frame is step %d, want the start", frames[0])
	}
	if missed := tr.Last().Value - tr.Steps[frames[len(frames)-1]].Value; missed > settled {
		t.Errorf("the movie ends %v nats before the fit: it stopped on the plateau", missed)
	}
}

func TestMixtureLandscape(t *testing.T) {
	m, tr, post := lecture(t)
	p := MixtureLandscape(m, post, tr, fitFrom(m, 4, 3.2), fitFrom(m, 2.5, 2.5))
	drawn(t, p)
	g := gridOf(t, p)
	want := fmt.Sprintf("C ends %.2f short", post.LogEvidence-fitFrom(m, 2.5, 2.5).Last().Value)
	found := false
	for _, mark := range g.Cells[1].Figure.Marks {
		if text, ok := mark.(vizlib.Text); ok && text.Text == want {
			found = true
		}
	}
	if !found {
		t.Errorf("the figure does not say %q", want)
	}
}

// The map is the ELBO with all but the means at their best: symmetric in the names, never below a fit's own ELBO
// at the same means, and equal to it where the fit has converged.
// One map for many fits is the map of each, and it is the same for a fit that ends low.
func TestMixtureMapIsTheLandscape(t *testing.T) {
	m, tr, post := lecture(t)
	draw := MixtureMap(m, post)
	for _, r := range []fit.Trace[cavi.GMMFactors]{tr, fitFrom(m, 3, -2)} {
		var once, again bytes.Buffer
		if err := MixtureLandscape(m, post, r).PNG(&once); err != nil {
			t.Fatal(err)
		}
		if err := draw(r).PNG(&again); err != nil || !bytes.Equal(once.Bytes(), again.Bytes()) {
			t.Errorf("the two pictures of a fit from %v differ (%v)", r.Steps[0].Q.Mean, err)
		}
	}
	levels := func(p vizlib.Picture) []float64 { return gridOf(t, p).Cells[0].Figure.Marks[0].(vizlib.Contour).Levels }
	low, high := levels(draw(fitFrom(m, 1, 1))), levels(draw(tr))
	for i := range high {
		if math.Abs(low[i]-high[i]) > 1e-6 {
			t.Errorf("contour %d is at %v for a fit that stays on the diagonal, at %v for one that does not", i, low[i], high[i])
		}
	}
}

func TestLandscapeProfile(t *testing.T) {
	m, tr, _ := lecture(t)
	c := cavi.GMM{GMM: m.Filled()}
	for _, st := range tr.Steps {
		m1, m2 := st.Q.Mean[0], st.Q.Mean[1]
		v := profile(c, m1, m2)
		if w := profile(c, m2, m1); math.Abs(v-w) > 1e-9 {
			t.Errorf("profile at (%v, %v) is %v, at its mirror image %v", m1, m2, v, w)
		}
		if v < st.Value-1e-3 {
			t.Errorf("profile at (%v, %v) is %v, a fit has %v there", m1, m2, v, st.Value)
		}
	}
	last := tr.Last()
	if v := profile(c, last.Q.Mean[0], last.Q.Mean[1]); math.Abs(v-last.Value) > 1e-3 {
		t.Errorf("profile at the optimum is %v, the ELBO %v", v, last.Value)
	}
}

func TestMixturePlateau(t *testing.T) {
	m, _, post := lecture(t)
	var mean float64
	for _, x := range m.X {
		mean += x / float64(len(m.X))
	}
	run := func(off, tol float64) fit.Trace[cavi.GMMFactors] {
		return cavi.Fit(cavi.GMM{GMM: m, Init: []float64{mean - off, mean + off}}, fit.Settings{Tol: tol, Sweeps: 24, Keep: fit.EverySweep})
	}
	const tol = 1e-8
	var runs []fit.Trace[cavi.GMMFactors]
	stuck := 0
	for _, off := range []float64{1e-1, 1e-3, 1e-6} {
		runs = append(runs, run(off, -1))
		if stopped := run(off, tol); stopped.Status == fit.Converged && stopped.Last().Value < runs[0].Last().Value-1 {
			stuck++
		}
	}
	if stuck == 0 {
		t.Error("no fit stops on the plateau: the lesson's point is lost")
	}
	f, ok := MixturePlateau(post, tol, runs...).(vizlib.Figure)
	if !ok {
		t.Fatal("want a Figure")
	}
	drawn(t, f)
	if want := fmt.Sprintf("%d of 3 stop on the plateau", stuck); f.Numbers != want {
		t.Errorf("the figure says %q, want %q", f.Numbers, want)
	}
}

func TestPower(t *testing.T) {
	for v, want := range map[float64]string{1e-6: "10⁻⁶", 0.1: "10⁻¹", 100: "10²", 0.25: "0.25", 0: "0"} {
		if got := power(v); got != want {
			t.Errorf("power(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestMixturePosterior(t *testing.T) {
	m, tr, post := lecture(t)
	q := tr.Last().Q
	p := MixturePosterior(m, post, q)
	drawn(t, p)
	gap := cavi.GMM{GMM: m}.Gap(q, post.LogEvidence)
	want := fmt.Sprintf("gap %.3f nats = %.3f labels + %.3f mean field", gap.Total, gap.Labels, gap.MeanField)
	if got := gridOf(t, p).Caption; got != want {
		t.Errorf("caption %q, want %q", got, want)
	}
	// What the figure is for: the names cost ln 2, the prediction next to nothing.
	if math.Abs(gap.Labels-math.Ln2) > 1e-3 {
		t.Errorf("the labels' share is %v, want about ln 2", gap.Labels)
	}
	for x := -6.0; x < 7; x += .25 {
		if d := math.Abs(post.Predictive(x) - q.Predictive(x)); d > .005 {
			t.Errorf("at %v the predictions differ by %v", x, d)
		}
	}
}

// Bells on one place: q chooses nothing, and the picture says so.
func TestMixturePosteriorOfOnePeak(t *testing.T) {
	m, _, _ := lecture(t)
	m.Sigma = 3
	post, err := exact.GMM(m, exact.Config{})
	if err != nil {
		t.Fatal(err)
	}
	g := gridOf(t, MixturePosterior(m, post, fitFrom(m, -0.4, 3.2).Last().Q))
	drawn(t, g)
	if !strings.Contains(g.Title, "run together") || !strings.Contains(g.Caption, "0.000 labels") {
		t.Errorf("the picture says %q, %q", g.Title, g.Caption)
	}
}
