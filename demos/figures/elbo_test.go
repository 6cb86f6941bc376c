package figures

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/vizlib"
)

func TestElboFillSharesTheEvidenceOut(t *testing.T) {
	m := model.GMM{X: []float64{-2, -1.5, -1.9, 2, 2.1, 1.7, -.5, 2.5}, Tau0: 5}
	post, err := exact.GMM(m, exact.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var runs []fit.Trace[cavi.GMMFactors]
	for _, init := range [][]float64{{-.4, 3.2}, {3, -1}, {.5, .5}} {
		runs = append(runs, cavi.Fit(cavi.GMM{GMM: m, Init: init}, fit.Settings{}))
	}
	movie := ElboFill(post.LogEvidence, runs...)
	mustDraw(t, movie)
	for i := range movie.Len {
		f := movie.Frame(i).(vizlib.Grid).Cells[0].Figure
		for r := range runs {
			var heights float64
			for _, mark := range f.Marks {
				if b, ok := mark.(vizlib.Blocks); ok && strings.HasSuffix(b.Key, fmt.Sprintf("/%d", r)) {
					heights += b.At[0].Max.Y - b.At[0].Min.Y
				}
			}
			if want := post.LogEvidence - f.View.Y.Min; math.Abs(heights-want) > 1e-9 {
				t.Errorf("frame %d: ELBO and KL of fit %d stand %v high, want %v together", i, r, heights, want)
			}
		}
	}
	mustDraw(t, ElboFill(post.LogEvidence, cavi.Fit(cavi.GMM{GMM: m}, fit.Settings{Keep: fit.EverySweep})))
}

func TestElboFunctionalSaysTheAreaItDraws(t *testing.T) {
	prior := distuv.Normal{Mu: 0, Sigma: 2}
	joint := func(z float64) float64 { return prior.Prob(z) * distuv.Normal{Mu: z, Sigma: .7}.Prob(1.6) }
	post := exact.NormalNormal(prior, .7, []float64{1.6})
	qs := []kl.Gaussian{kl.NewGaussian([]float64{-1.2}, []float64{1.6}), kl.NewGaussian([]float64{post.Posterior.Mu}, []float64{post.Posterior.Sigma})}
	movie := ElboFunctional(joint, post.LogEvidence, vizlib.Interval{Min: -5, Max: 5}, qs...)
	mustDraw(t, movie)
	for i, q := range qs {
		gap := kl.Normal(distuv.Normal{Mu: q.Mean[0], Sigma: q.Sd(0)}, post.Posterior)
		want := fmt.Sprintf("ELBO %s, log evidence", signed(post.LogEvidence-gap, 2))
		if g := movie.Frame(i).(vizlib.Grid); !strings.HasPrefix(g.Numbers, want) {
			t.Errorf("frame %d says %q, want %q", i, g.Numbers, want)
		}
	}
}

func TestElboFiguresWantWhatTheyDraw(t *testing.T) {
	for want, f := range map[string]func(){
		"no fits":      func() { ElboFill(0) },
		"no steps":     func() { ElboFill(0, fit.Trace[cavi.GMMFactors]{}) },
		"no q":         func() { ElboFunctional(nil, 0, vizlib.Interval{}) },
		"2 dimensions": func() { ElboFunctional(nil, 0, vizlib.Interval{}, kl.Correlated(0)) },
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
