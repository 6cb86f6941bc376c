package figures

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/vizlib"
)

// Against Gamma(3, 2) the exponential of rate 2/3 costs ln(2/3) − 1 − E ln p with E ln p in closed form; a Normal costs
// +∞, since part of it lies below 0.
func TestSupportSaysWhatItCosts(t *testing.T) {
	const rate, euler = 2. / 3, 0.5772156649015329
	logP := 3*math.Log(2) - math.Log(2) + 2*(-euler-math.Log(rate)) - 2/rate // E over q of 2 ln z − 2z and the constant
	want := "KL(q‖p) = " + fixed(math.Log(rate)-1-logP, 2) + " nats"
	g := LectureSupport(distuv.Gamma{Alpha: 3, Beta: 2}, 0, math.Inf(1), vizlib.Interval{Min: -1, Max: 5},
		SupportChoice{"exponential", distuv.Exponential{Rate: rate}}, SupportChoice{"Normal", distuv.Normal{Mu: 1, Sigma: 1}})
	mustDraw(t, g)
	if got := g.Cells[0].Figure.Caption; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := g.Cells[1].Figure.Caption; got != "KL(q‖p) = +∞, mass 0.159" {
		t.Errorf("%q, want Φ(−1) outside", got)
	}
}

func TestLectureFiguresAreDrawn(t *testing.T) {
	mustDraw(t, LectureHistory(Milestones()...))
	mustDraw(t, LectureHistory(Milestone{Year: 1976, Who: "one", What: "alone"}))
	mustDraw(t, LectureMixturePlates())
	flat := func(float64) float64 { return 1 }
	g := LectureEvidence(flat, func(x float64) float64 { return x * (1 - x) }, math.Log(1./6), vizlib.Interval{Max: 1})
	mustDraw(t, g)
	if !strings.HasPrefix(g.Numbers, "p(x) = 0.167") {
		t.Errorf("%q, want an evidence of 1/6", g.Numbers)
	}
	d := LectureData([]float64{-1, 1, 2}, []int{0, 1, 1}, []float64{-1.5, 1.5}, 1)
	mustDraw(t, d)
	if d.Numbers != "1 from the one, 2 from the other" {
		t.Errorf("%q, want one datum and two", d.Numbers)
	}
	mustDraw(t, LectureData([]float64{3}, []int{0}, []float64{3, 5}, 0.5))
}

func TestLectureFiguresWantWhatTheyDraw(t *testing.T) {
	for want, f := range map[string]func(){
		"0 candidates":   func() { LectureSupport(distuv.UnitNormal, 0, 1, vizlib.Interval{Max: 1}) },
		"no milestones":  func() { LectureHistory() },
		"0 data":         func() { LectureData(nil, nil, []float64{0, 1}, 1) },
		"component 2 of": func() { LectureData([]float64{1}, []int{2}, []float64{0, 1}, 1) },
	} {
		func() {
			defer func() {
				if msg, _ := recover().(string); !strings.HasPrefix(msg, "figures: ") || !strings.Contains(msg, want) {
					t.Errorf("panic %q, want a sentence with %q", msg, want)
				}
			}()
			f()
		}()
	}
}
