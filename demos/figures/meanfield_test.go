package figures

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/vizlib"
)

func correlated(rho float64) kl.Gaussian {
	return kl.Gaussian{Mean: []float64{0, 0}, Cov: mat.NewSymDense(2, []float64{1, rho, rho, 1})}
}

func TestStaircaseSaysWhatItsTraceSays(t *testing.T) {
	p := correlated(0.9)
	tr := cavi.Fit(cavi.Gaussian{Target: p, Init: []float64{-2.2, 1.6}}, fit.Settings{Sweeps: 12, Tol: -1})
	m := MeanFieldStaircase(p, tr)
	mustDraw(t, m)
	if m.Len != 25 {
		t.Fatalf("%d frames, want the start and 24 half-steps", m.Len)
	}
	for i, st := range tr.Steps {
		g := m.Frame(i).(vizlib.Grid)
		// The divergence by its closed form, not by the ELBO that the figure reads.
		want := fmt.Sprintf("KL(q‖p) %.3f nats, floor %.3f", kl.MvNormal(st.Q.Gaussian(), p), -0.5*math.Log(1-0.81))
		if g.Numbers != want {
			t.Errorf("frame %d says %q, want %q", i, g.Numbers, want)
		}
	}
	if c := m.Frame(3).(vizlib.Grid).Caption; c != "ρ = 0.9 · sweep 2 · q(θ₁) moved" {
		t.Errorf("frame 3 is captioned %q", c)
	}
	if c := m.Frame(24).(vizlib.Grid).Caption; c != "ρ = 0.9 · its 90 % interval holds 53 %" {
		t.Errorf("the last frame is captioned %q", c)
	}
}

func TestStaircaseOfATiltedTargetElsewhere(t *testing.T) {
	p := kl.Gaussian{Mean: []float64{5, -40}, Cov: mat.NewSymDense(2, []float64{4, -3, -3, 9})}
	mustDraw(t, MeanFieldStaircase(p, cavi.Fit(cavi.Gaussian{Target: p}, fit.Settings{Seed: 1})))
	independent := correlated(0)
	mustDraw(t, MeanFieldStaircase(independent, cavi.Fit(cavi.Gaussian{Target: independent}, fit.Settings{Seed: 1})))
}

func TestConditionalLinesAreWhereLegsEnd(t *testing.T) {
	p := kl.Gaussian{Mean: []float64{5, -4}, Cov: mat.NewSymDense(2, []float64{4, -3, -3, 9})}
	tr := cavi.Fit(cavi.Gaussian{Target: p, Init: []float64{9, 1}}, fit.Settings{Sweeps: 3, Tol: -1})
	lines := map[string]vizlib.Line{}
	for _, m := range newPlane("test", p).conditionals() {
		if l, ok := m.(vizlib.Line); ok {
			lines[l.Name] = l
		}
	}
	for _, st := range tr.Steps[1:] {
		name := map[string]string{"q(θ₁)": "E[θ₁|θ₂]", "q(θ₂)": "E[θ₂|θ₁]"}[st.Update]
		l := lines[name]
		dx, dy := l.X[1]-l.X[0], l.Y[1]-l.Y[0]
		off := (st.Q.Mean[0]-l.X[0])*dy - (st.Q.Mean[1]-l.Y[0])*dx
		if math.Abs(off) > 1e-9*math.Hypot(dx, dy) {
			t.Errorf("after %s the means %v are %v off the line %s", st.Update, st.Q.Mean, off, name)
		}
	}
}

func TestCorrelationStopsAreTheTextbooks(t *testing.T) {
	stops := SweepCorrelation(0, 0.5, 0.99)
	for _, s := range stops {
		// Bishop, PRML (2006), figs 10.2 and 10.3: reverse KL takes 1/Λ_ii, forward KL takes Σ_ii.
		if v := s.Reverse.Cov.At(0, 0); math.Abs(v-(1-s.Rho*s.Rho)) > 1e-12 {
			t.Errorf("ρ %v: the reverse variance is %v, want %v", s.Rho, v, 1-s.Rho*s.Rho)
		}
		if v := s.Forward.Cov.At(1, 1); math.Abs(v-1) > 1e-9 {
			t.Errorf("ρ %v: the forward variance is %v, want 1", s.Rho, v)
		}
	}
	mustDraw(t, MeanFieldCorrelation(stops))
	if c := MeanFieldCorrelation(stops).Frame(0).(vizlib.Grid).Caption; !strings.Contains(c, "holds 90 %") {
		t.Errorf("without correlation the caption is %q, want its interval to hold 90 %%", c)
	}
}

func TestMeanFieldNormalEndsAtTheFixedPoint(t *testing.T) {
	m := model.Normal{X: []float64{1.2, .4, 2.8, 1.9, 0.2, 1.5}, Lambda0: .1, A0: 1, B0: 1}
	tr := cavi.Fit(cavi.Normal{Normal: m, Init: cavi.NormalFactors{Mu: 0.2, Lambda: 9, A: 6, B: 3}}, fit.Settings{})
	movie := MeanFieldNormal(tr, exact.Normal(m))
	mustDraw(t, movie)
	// At the fixed point Var_q(μ) is (a − 1)/a of the exact variance, a = A0 + n/2.
	want := fmt.Sprintf("the sd of μ %.2f of the exact", math.Sqrt(3.0/4))
	if c := movie.Frame(movie.Len - 1).(vizlib.Grid).Caption; !strings.Contains(c, want) {
		t.Errorf("the last frame is captioned %q, want %q in it", c, want)
	}
}

func TestUpdatesAllAtOnceDiverge(t *testing.T) {
	p := kl.Gaussian{Mean: []float64{3, -2, 7}, Cov: mat.NewSymDense(3, []float64{1, -.4, -.4, -.4, 1, -.4, -.4, -.4, 1})}
	mustDraw(t, MeanFieldTogether(p, []float64{4, -1, 8}, 10))
	turns, atOnce := meanFieldErrors(p, []float64{4, -1, 8}, 60)
	// The rate of moves at once is the spectral radius of I − D⁻¹Λ; for equal correlations r in three dimensions the
	// off-diagonal of D⁻¹Λ is −r/(1 + r), and the radius 2·|r|/(1 + r).
	if rate := atOnce[60] / atOnce[59]; math.Abs(rate-0.8/0.6) > 1e-9 {
		t.Errorf("all at once the error grows × %v a sweep, want 4/3", rate)
	}
	if rate := math.Pow(turns[60]/turns[40], 1./20); math.Abs(rate-0.544) > 2e-3 {
		t.Errorf("one at a time the error shrinks × %v a sweep, want about 0.544", rate)
	}
}

func TestMeanFieldFiguresWantWhatTheyDraw(t *testing.T) {
	for want, f := range map[string]func(){
		"no steps": func() { MeanFieldStaircase(correlated(0), fit.Trace[cavi.GaussianFactors]{}) },
		"1 dimensions": func() {
			one := kl.NewGaussian([]float64{0}, []float64{1})
			MeanFieldStaircase(one, cavi.Fit(cavi.Gaussian{Target: one}, fit.Settings{}))
		},
		"no stops":          func() { MeanFieldCorrelation(nil) },
		"inside −1…1":       func() { SweepCorrelation(1) },
		"want at least its": func() { MeanFieldNormal(fit.Trace[cavi.NormalFactors]{}, exact.NormalPosterior{}) },
		"0 sweeps":          func() { MeanFieldTogether(correlated(0), []float64{1, 1}, 0) },
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
