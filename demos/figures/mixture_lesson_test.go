package figures

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/model"
)

// The numbers that lesson 05 writes into its text, answers included, are computed here again.
func TestLesson05SaysWhatTheSolverSays(t *testing.T) {
	says := sayings(t, "05-cavi-gaussian-mixture")
	m, tr, post := lecture(t)

	// The first minutes: swapped starts end equally high, equal ones stay on the saddle.
	swapped := fitFrom(m, 4, 3.2)
	if a, b := tr.Last(), swapped.Last(); math.Abs(a.Value-b.Value) > 5e-3 || math.Abs(a.Q.Mean[0]-b.Q.Mean[1]) > 1e-3 {
		t.Errorf("from (4, 3.2) the fit ends at %v with %v, from (−0.4, 3.2) at %v with %v", b.Q.Mean, b.Value, a.Q.Mean, a.Value)
	}
	if q := fitFrom(m, 3.2, 3.2).Last().Q; q.Mean[0] != q.Mean[1] {
		t.Errorf("equal starting means end at %v", q.Mean)
	}
	says("%d data, so", len(m.X))
	if bound := tr.Last().Value + 40*math.Ln2; bound < post.LogEvidence {
		t.Errorf("without −n ln K the ELBO is %v, below the evidence", bound)
	}

	// Section 6 and exercise 5.4: the growth beside the saddle.
	saddle := fitFrom(m, 0, 0).Last().Q
	var squares float64
	for _, x := range m.X {
		squares += (x - saddle.Mean[0]) * (x - saddle.Mean[0])
	}
	r := saddle.Var[0] * squares / 2
	says(`\ln %.2f = %.1f`, r, math.Log(3e5)/math.Log(r))
	says(`\ln %.2f = %.1f`, r, math.Log(3e11)/math.Log(r))
	const off = 1e-6 // small enough for first order, large enough for rounding
	step := cavi.Fit(cavi.GMM{GMM: m, Init: []float64{saddle.Mean[0] - off, saddle.Mean[0] + off}}, fit.Settings{Tol: -1, Sweeps: 3, Keep: fit.EverySweep})
	apartAfter := func(sweep int) float64 { q := step.Steps[sweep].Q; return q.Mean[1] - q.Mean[0] }
	if got := apartAfter(3) / apartAfter(2); math.Abs(got-r) > 1e-4*r {
		t.Errorf("a sweep beside the saddle multiplies the distance by %v, the formula says %v", got, r)
	}

	// 5.1, the right answer and each slip.
	mean, variance := []float64{-1, 2}, []float64{0.1, 0.9}
	const x, noise = 0.7, 4.0
	two := func(exponent func(k int) float64) string {
		p := 1 / (1 + math.Exp(exponent(1)-exponent(0)))
		return fmt.Sprintf("`[%.4f %.4f]`", p, 1-p)
	}
	right := func(k int) float64 { return (mean[k]*x - (mean[k]*mean[k]+variance[k])/2) / noise }
	says("%s. If yours", two(right))
	says("%s dropped $s_k^2$", two(func(k int) float64 { return (mean[k]*x - mean[k]*mean[k]/2) / noise }))
	says("%s dropped the ½", two(func(k int) float64 { return (mean[k]*x - mean[k]*mean[k] - variance[k]) / noise }))
	says(`%s dropped $\sigma^2$`, two(func(k int) float64 { return right(k) * noise }))
	says("`[%.4f %.4f]` does not sum", math.Exp(right(0)), math.Exp(right(1)))

	// 5.2
	const n, pull, tau2, mu0 = 1.6, 2.7, 9.0, 1.0
	precision := 1/tau2 + n/noise
	says("= %.4f$ and", 1/precision)
	says("= %.4f$.", (mu0/tau2+pull/noise)/precision)
	says("$m = %.4f$ has forgotten the prior", pull/n)
	says(`$m = %.4f$ has forgotten $\sigma^2$`, (mu0/tau2+pull)/(1/tau2+n))
	says(`$m = %.4f$ has all of $n$ where`, (mu0/tau2+pull/noise)/(1/tau2+3/noise))
	says("%.4f$ is $s$", math.Sqrt(1/precision))

	// 5.3
	small := cavi.GMM{GMM: model.GMM{X: []float64{-1, 2}, Sigma: 1, Tau0: 2}}
	q := small.Factors([]float64{-1, 1}, []float64{0.5, 0.25})
	elbo, entropy := small.ELBO(q), 0.0
	for _, x := range small.X {
		says("(%.4f, %.4f)", q.Responsibilities(x)[0], q.Responsibilities(x)[1])
	}
	says("On paper: %.4f. The five terms", elbo)
	for _, term := range q.Terms() {
		says("%+.4f", term.Value)
		if strings.HasPrefix(term.Name, "H") {
			entropy += term.Value
		}
	}
	says("%.4f has no $-n \\ln K$", elbo+2*math.Ln2)
	says("%.4f has the sign", elbo-2*entropy)
	says("%.4f has no $s_k^2$", elbo+(q.Count[0]*0.5+q.Count[1]*0.25)/2)
	truth, err := exact.GMM(small.GMM, exact.Config{})
	if err != nil || elbo+2*math.Ln2 < truth.LogEvidence {
		t.Errorf("without −n ln K the bound is %v, the evidence %v (%v)", elbo+2*math.Ln2, truth.LogEvidence, err)
	}
	says("the log evidence, %.4f, which", truth.LogEvidence)

	// Sections 8 and 5.5
	says(`\ln 2 = %.3f`, math.Ln2)
	says(`\ln 6 = %.2f`, math.Log(6))
	for sigma, want := range map[float64]float64{2: math.Ln2, 3: 0} { // all of ln 2 while the factors stand apart, then 0
		noisy := m
		noisy.Sigma = sigma
		post, err := exact.GMM(noisy, exact.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if got := (cavi.GMM{GMM: noisy}).Gap(fitFrom(noisy, -0.4, 3.2).Last().Q, post.LogEvidence).Labels; math.Abs(got-want) > 0.02 {
			t.Errorf("with noise %v the labels' share is %v, the lesson says %v", sigma, got, want)
		}
	}
}
