package check

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/vizlib"
)

// all is every exercise, with an answer that returns nothing of use.
func all() []exercise {
	return []exercise{
		betaPosterior(func(a, b float64, heads, n int) (x, y, z float64) { return }),
		logEvidence(func(func(float64) float64, float64, float64, int) (x float64) { return }),
		normalPosterior(func(a, b, c float64, x []float64) (m, s float64) { return }),
		klNormal(func(q, p distuv.Normal) (x float64) { return -1 }),
		klCategorical(func(q, p []float64) (x float64) { return -1 }),
		forwardFit(func(w, m, s []float64) (x, y float64) { return }),
		reverseWinner("", ""),
		klFromDraws(func(q, p func(float64) float64, a, b []float64) (x float64) { return }),
		elboNormal(func(x []float64, a, b, c, d, e float64) (y float64) { return }),
		gap(func(a, b, c float64) (x float64, ok bool) { return }),
		normalEntropy(func(s float64) (x float64) { return }),
		fitMinusKL(func(x []float64, a, b, c, d, e float64) (y, z float64) { return }),
		staircaseMean(func(p kl.Gaussian, m []float64) (x float64) { return }),
		staircaseVariance(func(p kl.Gaussian) (x float64) { return }),
		sweepsNeeded(func(a, b float64) (n int) { return }),
		precisionUpdate(func(m model.Normal, a, b float64) (x, y float64) { return }),
		uniformKL(func(a, b, c, d float64) (x float64) { return -1 }),
		responsibilities(func(x float64, m, s []float64, sigma float64) []float64 { return nil }),
		caviMeanUpdate(func(m model.GMM, phi []float64) (x, y float64) { return }),
		elboOfMixture(func(m model.GMM, a, b []float64, phi [][]float64) (x float64) { return }),
		escapeSaddle(fit.Settings{Sweeps: 1}),
		labelsShare(func(m, s []float64) (x float64) { return -1 }),
		emWidth(func(x, phi []float64, old float64) (m, s float64) { return }),
		metropolis(func(a, b func(float64) float64, s float64, j, u []float64) (c, d []float64) { return }),
		gibbsSweep(func(p kl.Gaussian, theta, z []float64) []float64 { return nil }),
		effectiveSamples(func(n int, r []float64) (x float64) { return }),
		sviStep(func(m model.GMM, a, b float64, x, phi []float64, eps float64) (y, z float64) { return }),
		stepSize(func(t int, a, b float64) (x float64, ok bool) { return }),
		topicShares(func(a float64, g []float64, l [][]float64, w, c []int) (x [][]float64, y []float64) { return }),
		matchTopics(func(a, b [][]float64) []int { return nil }),
		reparameterise(func(a, b, c, d float64) (w, x, y, z float64) { return }),
		importanceBound(func(l []float64) (x float64) { return }),
		simultaneousUpdates(func(p kl.Gaussian) bool { return false }),
		coverage(func(a, b float64) (x float64) { return }),
	}
}

func TestExercises(t *testing.T) {
	exercises, seen := all(), map[string]bool{}
	if len(exercises) != 34 {
		t.Errorf("there are %d exercises, want 34", len(exercises))
	}
	for _, e := range exercises {
		if seen[e.id] || e.title == "" || len(e.instances) == 0 {
			t.Errorf("exercise %q (%q) stands twice, or is empty", e.id, e.title)
		}
		seen[e.id] = true
		if v := e.judge(); v.Passed || v.Message == "" || v.Property == "" {
			t.Errorf("an answer of nothing to %s: %s", e.id, v)
		}
		for i, a := range e.hints {
			if e.id == "5.4" {
				break // there the slips are the student's own runs
			}
			shows := false
			for _, in := range e.instances {
				wrong, known := in.slips[a.slip]
				shows = shows || known && !in.agrees(wrong, in.want)
			}
			if !shows {
				t.Errorf("%s: %q shows in no instance", e.id, a.slip)
			}
			for _, b := range e.hints[i+1:] {
				apart := false
				for _, in := range e.instances {
					x, okX := in.slips[a.slip]
					y, okY := in.slips[b.slip]
					apart = apart || okX != okY || okX && !in.agrees(x, y)
				}
				if !apart {
					t.Errorf("%s: %q and %q give the same numbers", e.id, a.slip, b.slip)
				}
			}
		}
		for _, in := range e.instances {
			for slip := range in.slips {
				known := false
				for _, h := range e.hints {
					known = known || h.slip == slip
				}
				if !known {
					t.Errorf("%s: the slip %q has no hint", e.id, slip)
				}
			}
			if name, message := in.first(in.want); name != "" {
				t.Errorf("%s: the right answer lacks %q: %s", e.id, name, message)
			}
		}
	}
}

func TestTroubleIsASentence(t *testing.T) {
	for want, f := range map[string]func(s float64) float64{
		"NaN":      func(float64) float64 { return math.NaN() },
		"+Inf":     func(float64) float64 { return math.Inf(1) },
		"panicked": func(float64) float64 { return []float64{}[int(math.Sqrt(4))] },
	} {
		if v := normalEntropy(f).judge(); v.Passed || !strings.Contains(v.Message, want) {
			t.Errorf("want a sentence with %q:\n%s", want, v)
		}
	}
	if v := normalEntropy(nil).judge(); v.Passed || !strings.Contains(v.Message, "panicked") {
		t.Errorf("no function: %s", v)
	}
	halt := make(chan bool)
	defer close(halt)
	e := normalEntropy(func(float64) float64 { <-halt; return 0 })
	e.limit = 20 * time.Millisecond
	if v := e.judge(); v.Passed || !strings.Contains(v.Message, "never ends") {
		t.Errorf("for ever: %s", v)
	}
	if v := responsibilities(func(x, m, s []float64, sigma float64) [][]float64 { return [][]float64{{1}} }).judge(); !strings.Contains(v.Message, "1 rows where 8") {
		t.Errorf("one row: %s", v)
	}
	if v := gibbsSweep(func(p kl.Gaussian, a, z []float64) []float64 { return a[:1] }).judge(); !strings.Contains(v.Message, "1 numbers where 2") {
		t.Errorf("one number: %s", v)
	}
}

func TestScaleAndConstant(t *testing.T) {
	twice := normalEntropy(func(s float64) float64 { return 3 * distuv.Normal{Sigma: s}.Entropy() }).judge()
	if !strings.Contains(twice.Hint, "3.0000 times") {
		t.Errorf("three times: %s", twice)
	}
	shifted := elboNormal(func(x []float64, sigma, mu0, tau0, m, s float64) float64 {
		a, b, c := oneNormal(x, sigma, mu0, tau0, m, s)
		return a + b + c - 2.5
	}).judge()
	if !strings.Contains(shifted.Hint, "off by -2.5") {
		t.Errorf("a constant off: %s", shifted)
	}
}

// Which alarms ring for which wrong update of eight data: dropping s² in φ and the sd for the variance are silent for
// "the ELBO fell", and a missing ½ is not.
func TestThreeAlarms(t *testing.T) {
	anywhere := func(e exercise) *Alarms { // rings in one instance at least
		all := &Alarms{}
		for _, in := range e.instances {
			got, err := in.ask()
			if err != nil {
				t.Fatal(err)
			}
			if a := in.alarm(got); a != nil {
				all.Fell, all.Slope, all.Closed = all.Fell || a.Fell, all.Slope || a.Slope, all.Closed || a.Closed
			}
		}
		return all
	}
	share := func(spread, half float64) *Alarms {
		return anywhere(responsibilities(func(x float64, m, s2 []float64, sigma float64) []float64 {
			l := make([]float64, 2)
			for k := range l {
				l[k] = (m[k]*x - half*(m[k]*m[k]+spread*s2[k])) / (sigma * sigma)
			}
			return softmax(l)
		}))
	}
	width := func(change func(m model.GMM, mean, v float64) (float64, float64)) *Alarms {
		return anywhere(caviMeanUpdate(func(m model.GMM, phi []float64) (float64, float64) {
			p, pull := 1/(m.Tau0*m.Tau0), m.Mu0/(m.Tau0*m.Tau0)
			for i, x := range m.X {
				p, pull = p+phi[i]/(m.Sigma*m.Sigma), pull+phi[i]*x/(m.Sigma*m.Sigma)
			}
			return change(m, pull/p, 1/p)
		}))
	}
	for name, a := range map[string]*Alarms{
		"s² dropped in φ":     share(0, 0.5),
		"sd for the variance": width(func(_ model.GMM, mean, v float64) (float64, float64) { return mean, math.Sqrt(v) }),
		"prior missing in s²": width(func(m model.GMM, mean, v float64) (float64, float64) { return mean, 1 / (1/v - 1/(m.Tau0*m.Tau0)) }),
	} {
		if a == nil || a.Fell || !a.Slope || !a.Closed {
			t.Errorf("%s: %v, want silence of the first alarm only", name, a)
		}
	}
	if a := share(1, 1); a == nil || !a.Fell || !a.Slope || !a.Closed {
		t.Errorf("½ missing: %v, want all three to ring", a)
	}
}

func TestSameWordsEachTime(t *testing.T) {
	first, second := all(), all()
	for i := range first {
		if a, b := first[i].judge().String(), second[i].judge().String(); a != b {
			t.Errorf("%s: two runs differ:\n%s\n%s", first[i].id, a, b)
		}
	}
}

// Every picture can be drawn, for an answer near the right one.
func TestPictures(t *testing.T) {
	drawn := 0
	for _, e := range all() {
		if e.picture == nil {
			continue
		}
		near := clone(e.instances[0].want)
		for i := range near {
			near[i] *= 1.2
		}
		p := e.picture(near)
		if p == nil {
			t.Errorf("%s: no picture", e.id)
			continue
		}
		drawn++
		path := filepath.Join(t.TempDir(), e.id+".png")
		if keep := os.Getenv("CHECK_PICTURES"); keep != "" {
			path = filepath.Join(keep, e.id+".png")
		}
		if err := vizlib.Save(path, p); err != nil {
			t.Errorf("%s: %v", e.id, err)
		}
	}
	if drawn < 5 {
		t.Errorf("%d pictures, want 5 or more", drawn)
	}
}

func TestReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report")
	t.Setenv(ReportVariable, path)
	NormalEntropy(func(s float64) float64 { return distuv.Normal{Sigma: s}.Entropy() })
	ReverseWinner("covers", "covers")
	text, err := os.ReadFile(path)
	if lines := strings.Split(strings.TrimSpace(string(text)), "\n"); err != nil || len(lines) != 2 || !strings.Contains(lines[0], `"passed":true`) || !strings.Contains(lines[1], `"exercise":"2.4"`) {
		t.Errorf("the report is %q (%v)", text, err)
	}
}
