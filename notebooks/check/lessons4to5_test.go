package check

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

func staircaseMeanAnswers(t *answers) {
	t.wants(staircaseMean(func(p kl.Gaussian, m []float64) float64 { // regression of θ₁ on θ₂
		return p.Mean[0] + p.Cov.At(0, 1)/p.Cov.At(1, 1)*(m[1]-p.Mean[1])
	}), "")
	by := func(slip string, leg func(l *mat.Dense, p kl.Gaussian, m []float64) float64) {
		t.Helper()
		t.wants(staircaseMean(func(p kl.Gaussian, m []float64) float64 {
			var l mat.Dense
			if err := l.Inverse(p.Cov); err != nil {
				t.Fatal(err)
			}
			return leg(&l, p, m)
		}), slip)
	}
	by("", func(l *mat.Dense, p kl.Gaussian, m []float64) float64 {
		return p.Mean[0] - l.At(0, 1)/l.At(0, 0)*(m[1]-p.Mean[1])
	})
	by("Σ for Λ", func(l *mat.Dense, p kl.Gaussian, m []float64) float64 {
		return p.Mean[0] - p.Cov.At(0, 1)/p.Cov.At(0, 0)*(m[1]-p.Mean[1])
	})
	by("m₁ was used where m₂ belongs", func(l *mat.Dense, p kl.Gaussian, m []float64) float64 {
		return p.Mean[0] - l.At(0, 1)/l.At(0, 0)*(m[0]-p.Mean[1])
	})
	by("m₁ − μ₁ was used where m₂ − μ₂ belongs", func(l *mat.Dense, p kl.Gaussian, m []float64) float64 {
		return p.Mean[0] - l.At(0, 1)/l.At(0, 0)*(m[0]-p.Mean[0])
	})
	by("a wrong divisor", func(l *mat.Dense, p kl.Gaussian, m []float64) float64 {
		return p.Mean[0] - l.At(0, 1)/l.At(1, 1)*(m[1]-p.Mean[1])
	})
}

func staircaseVarianceAnswers(t *answers) {
	t.wants(staircaseVariance(func(p kl.Gaussian) float64 { return mat.Det(p.Cov) / p.Cov.At(1, 1) }), "")
	t.wants(staircaseVariance(func(p kl.Gaussian) float64 {
		rho := p.Cov.At(0, 1) / math.Sqrt(p.Cov.At(0, 0)*p.Cov.At(1, 1))
		return p.Cov.At(0, 0) * (1 - rho*rho)
	}), "")
	t.wants(staircaseVariance(func(p kl.Gaussian) float64 { return p.Cov.At(0, 0) }), "Σ₁₁, p's own variance")
	t.wants(staircaseVariance(func(p kl.Gaussian) float64 { return 1 / p.Cov.At(0, 0) }), "1/Σ₁₁")
	t.wants(staircaseVariance(func(p kl.Gaussian) float64 { return p.Cov.At(1, 1) / mat.Det(p.Cov) }), "Λ₁₁ itself")
}

func sweepsNeededAnswers(t *answers) {
	t.wants(sweepsNeeded(func(rho, f float64) int { return int(math.Ceil(math.Log10(f) / math.Log10(rho*rho))) }), "")
	t.wants(sweepsNeeded(func(rho, f float64) int {
		n := 0
		for left := 1.0; left > f; left *= rho * rho {
			n++
		}
		return n
	}), "")
	t.wants(sweepsNeeded(func(rho, f float64) int { return int(math.Ceil(math.Log(f) / math.Log(math.Abs(rho)))) }), "base ρ for ρ²")
	t.wants(sweepsNeeded(func(rho, f float64) int { return 2 * int(math.Ceil(math.Log(f)/math.Log(rho*rho))) }), "half-steps were counted")
}

func precisionUpdateAnswers(t *answers) {
	right := func(m model.Normal, mean, variance float64) (float64, float64) {
		b := m.B0 + m.Lambda0*((mean-m.Mu0)*(mean-m.Mu0)+variance)/2
		for _, x := range m.X {
			b += ((x-mean)*(x-mean) + variance) / 2
		}
		return m.A0 + float64(len(m.X)+1)/2, b
	}
	t.wants(precisionUpdate(right), "")
	t.wants(precisionUpdate(func(m model.Normal, mean, variance float64) (float64, float64) { // the solver's
		q := cavi.Normal{Normal: m}.Updates()[1].Move(cavi.NormalFactors{Mu: mean, Lambda: 1 / variance, A: m.A0, B: m.B0})
		return q.A, q.B
	}), "")
	t.wants(precisionUpdate(func(m model.Normal, mean, variance float64) (float64, float64) {
		a, b := right(m, mean, variance)
		return a - 0.5, b
	}), "a₀ + N/2")
	t.wants(precisionUpdate(func(m model.Normal, mean, variance float64) (float64, float64) { return right(m, mean, 0) }), "the variance of μ was forgotten")
	t.wants(precisionUpdate(func(m model.Normal, mean, variance float64) (float64, float64) {
		m.Lambda0 = 0
		return right(m, mean, variance)
	}), "the term with λ₀ is missing")
	t.wants(precisionUpdate(func(m model.Normal, mean, variance float64) (float64, float64) {
		a, b := right(m, mean, variance)
		return a, 1 / b
	}), "a scale for the rate")
}

func uniformKLAnswers(t *answers) {
	t.wants(uniformKL(func(q0, q1, p0, p1 float64) float64 {
		if q0 < p0 || q1 > p1 {
			return math.Inf(1)
		}
		return math.Log(p1-p0) - math.Log(q1-q0)
	}), "")
	t.wants(uniformKL(func(q0, q1, p0, p1 float64) float64 { // point by point
		q, p := distuv.Uniform{Min: q0, Max: q1}, distuv.Uniform{Min: p0, Max: p1}
		s := 0.0
		for i := range 1000 {
			x := q0 + (q1-q0)*(float64(i)+0.5)/1000
			s += (q.LogProb(x) - p.LogProb(x)) / 1000
		}
		return s
	}), "")
	t.wants(uniformKL(func(q0, q1, p0, p1 float64) float64 { return math.Log((p1 - p0) / (q1 - q0)) }), "an infinite KL went unnoticed")
	t.wants(uniformKL(func(q0, q1, p0, p1 float64) float64 {
		return (math.Min(q1, p1) - math.Max(q0, p0)) / (q1 - q0) * math.Log((p1-p0)/(q1-q0))
	}), "only the overlap was counted")
}

func responsibilitiesAnswers(t *answers) {
	type opts struct{ variance, square, half, noise float64 }
	logs := func(x float64, m, s2 []float64, sigma float64, o opts) []float64 {
		l := make([]float64, len(m))
		for k := range m {
			l[k] = (m[k]*x - o.half*(o.square*m[k]*m[k]+o.variance*s2[k])) / math.Pow(sigma, o.noise)
		}
		return l
	}
	stable := func(o opts) func(x float64, m, s2 []float64, sigma float64) []float64 {
		return func(x float64, m, s2 []float64, sigma float64) []float64 { return softmax(logs(x, m, s2, sigma, o)) }
	}
	full := opts{1, 1, 0.5, 2}
	naive := func(x, m, s2 []float64, sigma float64) (w [][]float64) {
		for _, v := range x {
			l := logs(v, m, s2, sigma, full)
			w = append(w, []float64{math.Exp(l[0]), math.Exp(l[1])})
		}
		return w
	}
	t.wants(responsibilities(stable(full)), "")
	t.wants(responsibilities(func(x float64, m, s2 []float64, sigma float64) []float64 { // lesson 05's answer
		a := (m[0]*x - (m[0]*m[0]+s2[0])/2) / (sigma * sigma)
		b := (m[1]*x - (m[1]*m[1]+s2[1])/2) / (sigma * sigma)
		phi := 1 / (1 + math.Exp(b-a))
		return []float64{phi, 1 - phi}
	}), "")
	t.wants(responsibilities(func(x, m, s2 []float64, sigma float64) (rows [][]float64) { // normalised late, whole squares
		for _, v := range x {
			r := make([]float64, 2)
			for k := range r {
				r[k] = math.Exp(-((v-m[k])*(v-m[k]) + s2[k]) / (2 * sigma * sigma))
			}
			rows = append(rows, []float64{r[0] / (r[0] + r[1]), r[1] / (r[0] + r[1])})
		}
		return rows
	}), "")
	t.wants(responsibilities(naive), "not normalised")
	t.wants(responsibilities(func(x, m, s2 []float64, sigma float64) [][]float64 {
		w := naive(x, m, s2, sigma)
		sums := make([]float64, 2)
		for _, r := range w {
			sums[0], sums[1] = sums[0]+r[0], sums[1]+r[1]
		}
		for _, r := range w {
			r[0], r[1] = r[0]/sums[0], r[1]/sums[1]
		}
		return w
	}), "normalised over the data")
	t.wants(responsibilities(func(x, m, s2 []float64, sigma float64) [][]float64 {
		w := naive(x, m, s2, sigma)
		for _, r := range w {
			s := r[0] + r[1]
			r[0], r[1] = r[0]/s, r[1]/s
		}
		return w
	}), "overflow")
	t.wants(responsibilities(stable(opts{0, 1, 0.5, 2})), "s² was dropped")
	t.wants(responsibilities(stable(opts{1, 0, 0.5, 2})), "m² was dropped")
	t.wants(responsibilities(stable(opts{1, 1, 1, 2})), "the ½ is missing")
	t.wants(responsibilities(stable(opts{1, 1, 0.5, 0})), "σ² was dropped")
	t.wants(responsibilities(func(x float64, m, s2 []float64, sigma float64) []float64 {
		first := math.Round(stable(full)(x, m, s2, sigma)[0])
		return []float64{first, 1 - first}
	}), "a hard choice")
}

func caviMeanUpdateAnswers(t *answers) {
	right := func(m model.GMM, phi []float64, prior, noise, n float64) (float64, float64) {
		p, pull := prior/(m.Tau0*m.Tau0), prior*m.Mu0/(m.Tau0*m.Tau0)
		for i, x := range m.X {
			share := phi[i]
			p, pull = p+(share+n*(1-share))/math.Pow(m.Sigma, noise), pull+share*x/math.Pow(m.Sigma, noise)
		}
		return pull / p, 1 / p
	}
	with := func(slip string, prior, noise, n float64) {
		t.Helper()
		t.wants(caviMeanUpdate(func(m model.GMM, phi []float64) (float64, float64) { return right(m, phi, prior, noise, n) }), slip)
	}
	with("", 1, 2, 0)
	with("the prior is missing", 0, 2, 0)
	with("σ² is missing", 1, 0, 0)
	with("divided by n", 1, 2, 1)
	t.wants(caviMeanUpdate(func(m model.GMM, phi []float64) (float64, float64) { // one datum after the other, by gains
		mean, v := m.Mu0, m.Tau0*m.Tau0
		for i, x := range m.X {
			gain := phi[i] * v / (phi[i]*v + m.Sigma*m.Sigma)
			mean, v = mean+gain*(x-mean), v*(1-gain)
		}
		return mean, v
	}), "")
	t.wants(caviMeanUpdate(func(m model.GMM, phi []float64) (float64, float64) {
		mean, v := right(m, phi, 1, 2, 0)
		return mean, math.Sqrt(v)
	}), "the sd for the variance")
	t.wants(caviMeanUpdate(func(m model.GMM, phi []float64) (float64, float64) {
		mean, v := right(m, phi, 1, 2, 0)
		p := 1/v - 1/(m.Tau0*m.Tau0)
		return mean / v / p, 1 / p
	}), "the prior is missing in s²")
}

func mixtureELBOAnswers(t *answers) {
	type opts struct{ labels, hc, hm, spread, skip float64 }
	form := func(o opts) func(m model.GMM, mean, variance []float64, phi [][]float64) float64 {
		return func(m model.GMM, mean, variance []float64, phi [][]float64) float64 {
			e := -o.labels * float64(len(m.X)) * math.Log(2)
			for k := range mean {
				e += distuv.Normal{Mu: m.Mu0, Sigma: m.Tau0}.LogProb(mean[k]) - variance[k]/2/m.Tau0/m.Tau0
				e += o.hm * distuv.Normal{Sigma: math.Sqrt(variance[k])}.Entropy()
				for i, x := range m.X {
					p := phi[i][k]
					e += p * (distuv.Normal{Mu: mean[k], Sigma: m.Sigma}.LogProb(x) - o.spread*variance[k]/2/m.Sigma/m.Sigma)
					if p > 0 || o.skip == 0 {
						e -= o.hc * p * math.Log(p)
					}
				}
			}
			return e
		}
	}
	t.wants(elboOfMixture(form(opts{1, 1, 1, 1, 1})), "")
	t.wants(elboOfMixture(func(m model.GMM, mean, variance []float64, phi [][]float64) float64 { // by KLs to the prior
		e := 0.0
		for k := range mean {
			e -= kl.Normal(distuv.Normal{Mu: mean[k], Sigma: math.Sqrt(variance[k])}, distuv.Normal{Mu: m.Mu0, Sigma: m.Tau0})
		}
		for i, x := range m.X {
			e -= kl.Categorical(phi[i], []float64{0.5, 0.5})
			for k, p := range phi[i] {
				e += p * (distuv.Normal{Mu: mean[k], Sigma: m.Sigma}.LogProb(x) - variance[k]/2/m.Sigma/m.Sigma)
			}
		}
		return e
	}), "")
	t.wants(elboOfMixture(form(opts{0, 1, 1, 1, 1})), "−n ln K is missing")
	t.wants(elboOfMixture(form(opts{1, -1, -1, 1, 1})), "the entropy has the wrong sign")
	t.wants(elboOfMixture(form(opts{1, -1, 1, 1, 1})), "the entropy of q(c) has the wrong sign")
	t.wants(elboOfMixture(form(opts{1, 1, 1, 1, 0})), "0·ln 0")
	t.wants(elboOfMixture(form(opts{1, 1, 1, 0, 1})), "s² is missing in the likelihood")
}

// The formula of the checker against the solver and the exact evidence of the project.
func TestMixtureFormulas(t *testing.T) {
	m, mean, variance := mixtureFrom(drawsFor(7), 8)
	phi := bestShares(m.X, mean, variance, m.Sigma)
	q := cavi.GMM{GMM: m}.Factors(mean, variance)
	if got, want := mixtureELBO(m, mean, variance, phi), (cavi.GMM{GMM: m}).ELBO(q); !same(got, want, 1e-12) {
		t.Errorf("mixtureELBO is %v, the solver's %v", got, want)
	}
	post, err := exact.GMM(m, exact.Config{})
	if got := mixtureEvidence(m); err != nil || !same(got, post.LogEvidence, 1e-9) {
		t.Errorf("mixtureEvidence is %v, the exact one %v (%v)", got, post.LogEvidence, err)
	}
}

func escapeSaddleAnswers(t *answers) {
	t.wants(escapeSaddle(fit.Settings{Tol: -1}), "")
	t.wants(escapeSaddle(fit.Settings{Tol: 1e-14, Sweeps: 200}), "")
	t.wants(escapeSaddle(fit.Settings{}), "it stopped on the plateau")
	t.wants(escapeSaddle(fit.Settings{Tol: -1, Sweeps: 3}), "too few sweeps")
	for _, s := range []fit.Settings{{Tol: math.NaN()}, {Sweeps: -1}, {Tol: -1, Sweeps: 1 << 30}} {
		if v := escapeSaddle(s).judge(); v.Passed || v.Message == "" {
			t.Errorf("settings %+v: %s", s, v)
		}
	}
}

func labelsShareAnswers(t *answers) {
	share := func(names func(k int) float64) func(m, s []float64) float64 {
		return func(m, s []float64) float64 {
			if math.Abs(m[1]-m[0]) > 6*s[0] {
				return names(len(m))
			}
			return 0
		}
	}
	factorial := func(k int) float64 { l, _ := math.Lgamma(float64(k) + 1); return l }
	t.wants(labelsShare(share(factorial)), "")
	t.wants(labelsShare(func(m, s []float64) float64 { // by E_q ln q/q̄ on the orders of the means themselves
		k := len(m)
		logs := []float64{}
		for _, pi := range orders(k) {
			l := 0.0
			for j := range k {
				l += distuv.Normal{Mu: m[int(pi[j])], Sigma: s[int(pi[j])]}.LogProb(m[j]) - distuv.Normal{Mu: m[j], Sigma: s[j]}.LogProb(m[j])
			}
			logs = append(logs, l)
		}
		return math.Log(float64(len(logs))) - logSumExp(logs)
	}), "")
	t.wants(labelsShare(share(func(k int) float64 { return math.Log(float64(k)) })), "ln K for ln K!")
	t.wants(labelsShare(func(m, s []float64) float64 { return factorial(len(m)) }), "added although the components overlap")
}
