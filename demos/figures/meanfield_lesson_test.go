package figures

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
)

// The numbers that lesson 04 writes into its text, answers included, are computed here again.
func TestLesson04SaysWhatTheSolverSays(t *testing.T) {
	says := sayings(t, "04-mean-field")
	climb := func(rho float64, sweeps int) fit.Trace[cavi.GaussianFactors] {
		return cavi.Fit(cavi.Gaussian{Target: kl.Correlated(rho), Init: []float64{-2.2, 1.6}}, fit.Settings{Sweeps: sweeps, Tol: -1})
	}

	// The first minutes: only ρ² counts, and with ρ = 0 one sweep is enough.
	if a, b := climb(0.9, 12).Last(), cavi.Fit(cavi.Gaussian{Target: kl.Correlated(-0.9), Init: []float64{2.2, 1.6}}, fit.Settings{Sweeps: 12, Tol: -1}).Last(); math.Abs(a.Value-b.Value) > 1e-12 {
		t.Errorf("with ρ = 0.9 the fit ends at %v, with −0.9 at %v", a.Value, b.Value)
	}
	if v := climb(0, 1).Last().Value; math.Abs(v) > 1e-12 {
		t.Errorf("with ρ = 0 one sweep ends %v nats short", -v)
	}

	// Section 1: of the three densities the Normal looks best, by the area between it and the target, and a mass
	// of fifteen in a thousand lies below 0; with half of the sd seven in a million.
	target, bell := distuv.Gamma{Alpha: 3, Beta: 2}, distuv.Normal{Mu: 1.3, Sigma: 0.6}
	between := func(q interface{ Prob(float64) float64 }) float64 {
		area := 0.0
		for x := -4.9995; x < 30; x += 0.001 {
			area += 0.001 * math.Abs(q.Prob(x)-target.Prob(x))
		}
		return area
	}
	if best := between(bell); best >= between(distuv.Exponential{Rate: 2. / 3}) || best >= between(distuv.Uniform{Min: 0, Max: 3}) {
		t.Errorf("between the Normal and the target lies an area of %v, no less than for the others: the lesson says that it looks best", best)
	}
	if mass := bell.CDF(0); math.Abs(mass-15e-3) > 0.5e-3 {
		t.Errorf("the Normal's mass below 0 is %v, the lesson says fifteen in a thousand", mass)
	}
	if mass := (distuv.Normal{Mu: 1.3, Sigma: 0.3}).CDF(0); math.Abs(mass-7e-6) > 0.5e-6 {
		t.Errorf("the Normal's mass below 0 is %v, the lesson says seven in a million", mass)
	}

	// Section 4: the banana's sd is short by nearly half.
	q0 := kl.NewGaussian([]float64{0, 0}, []float64{1, 1})
	q := kl.Reverse(kl.Banana{}, q0, kl.MeanField, fit.Settings{}).Last().Q
	truth := kl.MomentsOf(kl.Banana{}, q0, fit.Settings{}).Gaussian
	for i := range 2 {
		if r := q.Sd(i) / truth.Sd(i); r < 0.5 || r > 0.65 {
			t.Errorf("sd %d of q is %v of the exact one, the lesson says too narrow by nearly half", i, r)
		}
	}

	// Section 6: the variance of μ is short by (a − 1)/a.
	lengths := model.Normal{X: []float64{1.2, 0.4, 2.8, 1.9, 0.2, 1.5}, Lambda0: 0.1, A0: 1, B0: 1}
	last, p := cavi.Fit(cavi.Normal{Normal: lengths}, fit.Settings{Tol: 1e-12}).Last().Q, exact.Normal(lengths)
	if got, want := 1/last.Lambda/p.MarginalMu().Variance(), (p.A-1)/p.A; math.Abs(got-want) > 1e-6 || p.A != lengths.A0+3 {
		t.Errorf("the variance of μ is %v of the exact one, the lesson says %v", got, want)
	}

	// 4.1 and 4.2, the right answers by the solver and the slips.
	leg := kl.Gaussian{Mean: []float64{1, 2}, Cov: mat.NewSymDense(2, []float64{2, -1.2, -1.2, 1.5})}
	m := []float64{0, 0.5}
	first := cavi.Fit(cavi.Gaussian{Target: leg, Init: m}, fit.Settings{Sweeps: 1}).Steps[1].Q
	var precision mat.Dense
	if err := precision.Inverse(leg.Cov); err != nil {
		t.Fatal(err)
	}
	pull := func(divide, by, other float64) float64 { return leg.Mean[0] - divide/by*(other-leg.Mean[1]) }
	says(`\det \Sigma = %.2f`, mat.Det(leg.Cov))
	says("= %.1f$.", first.Mean[0])
	says("%.1f, you used $\\Sigma$ for $\\Lambda$; %.1f divides by $\\Lambda_{22}$; %.1f used $m_1$ where",
		pull(leg.Cov.At(0, 1), leg.Cov.At(0, 0), m[1]), pull(precision.At(0, 1), precision.At(1, 1), m[1]), pull(precision.At(0, 1), precision.At(0, 0), m[0]))
	says("= %.2f$. If yours is %v, that is $\\Sigma_{11}$", first.Var[0], leg.Cov.At(0, 0))
	says("%v is $1/\\Sigma_{11}$; %.2f is the precision", 1/leg.Cov.At(0, 0), precision.At(0, 0))

	// 4.3: as a formula, and counted in a fit.
	steps, n := climb(0.9, 200).Steps, 1
	for math.Abs(steps[2*n].Q.Mean[1]) > 1e-6*math.Abs(steps[2].Q.Mean[1]) {
		n++
	}
	says(`\ln 10^{-6} / \ln 0.81 = %.1f$, so %d sweeps. Who takes the base ρ finds %.0f`, math.Log(1e-6)/math.Log(0.81), n-1, math.Ceil(math.Log(1e-6)/math.Log(0.9)))

	// 4.4
	small := cavi.Normal{Normal: model.Normal{X: []float64{1, 2, 4}, Lambda0: 2, A0: 3, B0: 1.5}}
	tau := small.Updates()[1].Move(cavi.NormalFactors{Mu: 1.2, Lambda: 1 / 0.09, A: 3, B: 1.5})
	says("= %v$. In $b_N$", tau.A)
	says("= %.3f$, and $\\mathbb E[\\tau] = %v/%.3f = %.4f$", tau.B, tau.A, tau.B, tau.A/tau.B)
	says("$a_N = %.1f$ is the other model's", tau.A-0.5)
	says("$b_N = %.1f$ has forgotten", tau.B-(3+2)*0.09/2)
	says("$b_N = %.3f$ has left out", tau.B-2*(1.2*1.2+0.09)/2)
	says("= %.1f$ took the rate for a scale", tau.A*tau.B)

	// 4.5
	beta := distuv.Beta{Alpha: 2, Beta: 2}
	from := func(q interface{ LogProb(float64) float64 }) float64 {
		d, _ := kl.Quad(q.LogProb, beta.LogProb, math.Inf(-1), math.Inf(1))
		return d
	}
	says("the first two only, %.3f and %.3f nats", from(distuv.Uniform{Min: 0, Max: 1}), from(distuv.Uniform{Min: 0.1, Max: 0.9}))
	for _, q := range []interface{ LogProb(float64) float64 }{distuv.Uniform{Min: -0.1, Max: 1}, distuv.Normal{Mu: 0.5, Sigma: 0.1}, distuv.Exponential{Rate: 3}} {
		if d := from(q); !math.IsInf(d, 1) {
			t.Errorf("KL of %v from Beta(2, 2) is %v, the lesson says infinite", q, d)
		}
	}
}
