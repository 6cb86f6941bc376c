package check

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/kl"
)

func betaPosteriorAnswers(t *answers) {
	type f = func(a, b float64, heads, n int) (float64, float64, float64)
	for slip, f := range map[string]f{
		"": func(a, b float64, heads, n int) (float64, float64, float64) {
			h := float64(heads)
			return a + h, b + float64(n) - h, (a + h) / (a + b + float64(n))
		},
		"the prior was dropped": func(a, b float64, heads, n int) (float64, float64, float64) {
			return float64(heads), float64(n - heads), float64(heads) / float64(n)
		},
		"n was added where the tails belong": func(a, b float64, heads, n int) (float64, float64, float64) {
			x, y := a+float64(heads), b+float64(n)
			return x, y, x / (x + y)
		},
		"the next toss by maximum likelihood": func(a, b float64, heads, n int) (float64, float64, float64) {
			return a + float64(heads), b + float64(n-heads), float64(heads) / float64(n)
		},
	} {
		t.wants(betaPosterior(f), slip)
	}
	t.wants(betaPosterior(func(a, b float64, heads, n int) (float64, float64, float64) { // by counting tosses
		for i := range n {
			if i < heads {
				a++
			} else {
				b++
			}
		}
		return a, b, distuv.Beta{Alpha: a, Beta: b}.Mean()
	}), "")
}

func logEvidenceAnswers(t *answers) {
	grid := func(logJoint func(float64) float64, from, to float64, points int) []float64 {
		l := make([]float64, points)
		for i := range l {
			l[i] = logJoint(from + (to-from)*(float64(i)+0.5)/float64(points))
		}
		return l
	}
	type f = func(func(float64) float64, float64, float64, int) float64
	for slip, f := range map[string]f{
		"": func(j func(float64) float64, a, b float64, n int) float64 {
			return logSumExp(grid(j, a, b, n)) + math.Log((b-a)/float64(n))
		},
		"the width of a cell was forgotten": func(j func(float64) float64, a, b float64, n int) float64 {
			return logSumExp(grid(j, a, b, n))
		},
		"the mean for the sum": func(j func(float64) float64, a, b float64, n int) float64 {
			return logSumExp(grid(j, a, b, n)) - math.Log(float64(n))
		},
		"underflow": func(j func(float64) float64, a, b float64, n int) float64 {
			s := 0.0
			for _, l := range grid(j, a, b, n) {
				s += math.Exp(l) * (b - a) / float64(n)
			}
			return math.Log(s)
		},
	} {
		t.wants(logEvidence(f), slip)
	}
	t.wants(logEvidence(func(j func(float64) float64, a, b float64, n int) float64 { // trapezoids, shifted by the middle
		shift, s := j((a+b)/2), 0.0
		for i := range n {
			s += (math.Exp(j(a+(b-a)*float64(i)/float64(n))-shift) + math.Exp(j(a+(b-a)*float64(i+1)/float64(n))-shift)) / 2
		}
		return shift + math.Log(s*(b-a)/float64(n))
	}), "")
}

func normalPosteriorAnswers(t *answers) {
	right := func(mu0, tau0, sigma float64, x []float64) (float64, float64) {
		p, pull := 1/tau0/tau0, mu0/tau0/tau0
		for _, v := range x {
			p, pull = p+1/sigma/sigma, pull+v/sigma/sigma
		}
		return pull / p, 1 / math.Sqrt(p)
	}
	t.wants(normalPosterior(right), "")
	t.wants(normalPosterior(func(mu0, tau0, sigma float64, x []float64) (float64, float64) { // one datum after the other, by gains
		m, v := mu0, tau0*tau0
		for _, d := range x {
			gain := v / (v + sigma*sigma)
			m, v = m+gain*(d-m), v*(1-gain)
		}
		return m, math.Sqrt(v)
	}), "")
	t.wants(normalPosterior(func(mu0, tau0, sigma float64, x []float64) (float64, float64) {
		m, s := right(mu0, tau0, sigma, x)
		return m, s * s
	}), "the variance for the sd")
	t.wants(normalPosterior(func(mu0, tau0, sigma float64, x []float64) (float64, float64) {
		m, s := right(mu0, tau0, sigma, x)
		return m, math.Sqrt(1 / ((1 / (s * s)) / 2))
	}), "the precisions were averaged")
	t.wants(normalPosterior(func(mu0, tau0, sigma float64, x []float64) (float64, float64) {
		return right(0, 1e9, sigma, x)
	}), "the prior was ignored")
}

func klNormalAnswers(t *answers) {
	form := func(q, p distuv.Normal, half float64, log func(float64) float64) float64 {
		d := q.Mu - p.Mu
		return log(p.Sigma/q.Sigma) + (q.Sigma*q.Sigma+d*d)/(2*p.Sigma*p.Sigma) - half
	}
	t.wants(klNormal(kl.Normal), "")
	t.wants(klNormal(func(q, p distuv.Normal) float64 { // cross entropy less entropy
		d, v := q.Mu-p.Mu, p.Sigma*p.Sigma
		return math.Log(2*math.Pi*v)/2 + (q.Sigma*q.Sigma+d*d)/(2*v) - q.Entropy()
	}), "")
	t.wants(klNormal(func(q, p distuv.Normal) float64 { return form(p, q, 0.5, math.Log) }), "q and p were swapped")
	t.wants(klNormal(func(q, p distuv.Normal) float64 { return form(q, p, 0, math.Log) }), "the −½ is missing")
	t.wants(klNormal(func(q, p distuv.Normal) float64 { return form(q, p, 0.5, math.Log2) }), "log₂ for ln")
}

func klCategoricalAnswers(t *answers) {
	sum := func(q, p []float64, skip func(q, p float64) bool) float64 {
		s := 0.0
		for j := range q {
			if !skip(q[j], p[j]) {
				s += q[j] * math.Log(q[j]/p[j])
			}
		}
		return s
	}
	t.wants(klCategorical(func(q, p []float64) float64 { return sum(q, p, func(q, p float64) bool { return q == 0 }) }), "")
	t.wants(klCategorical(func(q, p []float64) float64 { // late: log differences, infinity noticed by hand
		s := 0.0
		for j := range q {
			switch {
			case q[j] > 0 && p[j] == 0:
				return math.Inf(1)
			case q[j] > 0:
				s -= q[j] * (math.Log(p[j]) - math.Log(q[j]))
			}
		}
		return s
	}), "")
	t.wants(klCategorical(func(q, p []float64) float64 { return sum(q, p, func(q, p float64) bool { return false }) }), "NaN from 0·ln 0")
	t.wants(klCategorical(func(q, p []float64) float64 { return sum(q, p, func(q, p float64) bool { return q == 0 || p == 0 }) }), "0 for p = 0 < q")
	t.wants(klCategorical(func(q, p []float64) float64 { return sum(p, q, func(q, p float64) bool { return q == 0 }) }), "p ln(p/q): the other direction")
}

func forwardFitAnswers(t *answers) {
	average := func(w, x []float64) float64 {
		s := 0.0
		for j := range w {
			s += w[j] * x[j]
		}
		return s
	}
	t.wants(forwardFit(func(w, m, s []float64) (float64, float64) {
		mean, v := average(w, m), 0.0
		for j := range w {
			v += w[j] * (s[j]*s[j] + (m[j]-mean)*(m[j]-mean))
		}
		return mean, math.Sqrt(v)
	}), "")
	t.wants(forwardFit(func(w, m, s []float64) (float64, float64) { // by quadrature
		const n = 40000
		var z, first, second float64
		for i := range n {
			x, p := -30+80*float64(i)/n, 0.0
			for j := range w {
				p += w[j] * distuv.Normal{Mu: m[j], Sigma: s[j]}.Prob(x)
			}
			z, first, second = z+p, first+p*x, second+p*x*x
		}
		return first / z, math.Sqrt(second/z - first*first/z/z)
	}), "")
	t.wants(forwardFit(func(w, m, s []float64) (float64, float64) { return average(w, m), average(w, s) }), "the sds were averaged")
	t.wants(forwardFit(func(w, m, s []float64) (float64, float64) {
		v := 0.0
		for j := range w {
			v += w[j] * s[j] * s[j]
		}
		return average(w, m), math.Sqrt(v)
	}), "the spread of the means was forgotten")
	t.wants(forwardFit(func(w, m, s []float64) (float64, float64) {
		top := 0
		for j := range w {
			if w[j] >= w[top] {
				top = j
			}
		}
		return m[top], s[top]
	}), "the heavier bump alone")
}

func reverseWinnerAnswers(t *answers) {
	t.wants(reverseWinner("covers", "one bump"), "")
	t.wants(reverseWinner("It covers both.", "Seeks one"), "")
	t.wants(reverseWinner("one bump", "one bump"), "reverse KL always seeks a mode")
	t.wants(reverseWinner("covers", "covers"), "reverse KL always covers")
	t.wants(reverseWinner("one bump", "covers"), "the two the wrong way round")
	if v := reverseWinner("blue", "covers").judge(); v.Passed || v.Message == "" {
		t.Errorf("a word that is no answer: %s", v)
	}
}

func klFromDrawsAnswers(t *answers) {
	type density = func(float64) float64
	mean := func(x []float64, f density) float64 {
		s := 0.0
		for _, v := range x {
			s += f(v)
		}
		return s / float64(len(x))
	}
	t.wants(klFromDraws(func(q, p density, xq, xp []float64) float64 {
		return mean(xq, func(x float64) float64 { r := math.Exp(p(x) - q(x)); return r - 1 - math.Log(r) })
	}), "")
	t.wants(klFromDraws(func(q, p density, xq, xp []float64) float64 {
		return mean(xq, func(x float64) float64 { return q(x) - p(x) }) + mean(xq, func(x float64) float64 { return math.Exp(p(x)-q(x)) - 1 })
	}), "")
	t.wants(klFromDraws(func(q, p density, xq, xp []float64) float64 {
		return mean(xq, func(x float64) float64 { r := math.Exp(q(x) - p(x)); return r - 1 - math.Log(r) })
	}), "r is upside down")
	t.wants(klFromDraws(func(q, p density, xq, xp []float64) float64 {
		return mean(xp, func(x float64) float64 { r := math.Exp(p(x) - q(x)); return r - 1 - math.Log(r) })
	}), "the draws are from p")
	t.wants(klFromDraws(func(q, p density, xq, xp []float64) float64 {
		return mean(xq, func(x float64) float64 { l := p(x) - q(x); return l * l / 2 })
	}), "k2, which is biased")
}

// oneNormal is E ln p(x|θ), E ln p(θ) and H(q) by 80,000 points of q, with the right to leave things out.
func oneNormal(x []float64, sigma, mu0, tau0, m, s float64) (fit, prior, entropy float64) {
	q := distuv.Normal{Mu: m, Sigma: s}
	const n = 80000
	z := 0.0
	for i := range n {
		theta := m + s*(-9+18*float64(i)/n)
		w := q.Prob(theta)
		z += w
		for _, v := range x {
			fit += w * distuv.Normal{Mu: theta, Sigma: sigma}.LogProb(v)
		}
		prior += w * distuv.Normal{Mu: mu0, Sigma: tau0}.LogProb(theta)
		entropy -= w * q.LogProb(theta)
	}
	return fit / z, prior / z, entropy / z
}

func elboNormalAnswers(t *answers) {
	closed := func(x []float64, sigma, mu0, tau0, m, s, spread, dataLog, priorLog, sign float64) float64 {
		e := sign * math.Log(2*math.Pi*math.E*s*s) / 2
		for _, v := range x {
			e -= dataLog*math.Log(2*math.Pi*sigma*sigma)/2 + ((v-m)*(v-m)+spread*s*s)/(2*sigma*sigma)
		}
		return e - priorLog*math.Log(2*math.Pi*tau0*tau0)/2 - ((m-mu0)*(m-mu0)+spread*s*s)/(2*tau0*tau0)
	}
	with := func(slip string, spread, dataLog, priorLog, sign, all float64) {
		t.Helper()
		t.wants(elboNormal(func(x []float64, sigma, mu0, tau0, m, s float64) float64 {
			return all * closed(x, sigma, mu0, tau0, m, s, spread, dataLog, priorLog, sign)
		}), slip)
	}
	with("", 1, 1, 1, 1, 1)
	t.wants(elboNormal(func(x []float64, sigma, mu0, tau0, m, s float64) float64 {
		a, b, c := oneNormal(x, sigma, mu0, tau0, m, s)
		return a + b + c
	}), "")
	with("the entropy has the wrong sign", 1, 1, 1, -1, 1)
	with("constants were dropped", 1, 0, 0, 1, 1)
	with("the constants of the likelihood were dropped", 1, 0, 1, 1, 1)
	with("the constant of the prior was dropped", 1, 1, 0, 1, 1)
	with("−ELBO", 1, 1, 1, 1, -1)
	with("the variance of q was forgotten", 0, 1, 1, 1, 1)
}

func gapAnswers(t *answers) {
	t.wants(gap(func(evidence, joint, elbo float64) (float64, bool) { return evidence - elbo, elbo <= evidence }), "")
	t.wants(gap(func(evidence, joint, elbo float64) (float64, bool) {
		if evidence < elbo {
			return math.NaN(), false
		}
		return -(elbo - evidence), true
	}), "")
	t.wants(gap(func(evidence, joint, elbo float64) (float64, bool) { return elbo - evidence, elbo <= evidence }), "the sign")
	t.wants(gap(func(evidence, joint, elbo float64) (float64, bool) { return joint - elbo, elbo <= evidence }), "the log joint for the log evidence")
	t.wants(gap(func(evidence, joint, elbo float64) (float64, bool) { return evidence - elbo, true }), "a negative gap was accepted")
}

func normalEntropyAnswers(t *answers) {
	t.wants(normalEntropy(func(s float64) float64 { return distuv.Normal{Sigma: s}.Entropy() }), "")
	t.wants(normalEntropy(func(s float64) float64 { return 0.5 + math.Log(s*math.Sqrt(2*math.Pi)) }), "")
	t.wants(normalEntropy(func(s float64) float64 { return 0.5 * math.Log(2*math.Pi*math.E*s) }), "the sd was taken for the variance")
	t.wants(normalEntropy(func(s float64) float64 { return distuv.Normal{Sigma: s * s}.Entropy() }), "the variance was taken for the sd")
	t.wants(normalEntropy(func(s float64) float64 { return 0.5 * math.Log(2*math.Pi*s*s) }), "2π without e")
}

func fitMinusKLAnswers(t *answers) {
	type f = func(x []float64, sigma, mu0, tau0, m, s float64) (float64, float64)
	closed := func(x []float64, sigma, mu0, tau0, m, s float64) (fit, toPrior float64) {
		for _, v := range x {
			fit -= math.Log(sigma*math.Sqrt(2*math.Pi)) + ((v-m)*(v-m)+s*s)/(2*sigma*sigma)
		}
		return fit, math.Log(tau0/s) + (s*s+(m-mu0)*(m-mu0))/(2*tau0*tau0) - 0.5
	}
	for slip, f := range map[string]f{
		"": closed,
		"KL(prior‖q)": func(x []float64, sigma, mu0, tau0, m, s float64) (float64, float64) {
			fit, _ := closed(x, sigma, mu0, tau0, m, s)
			return fit, math.Log(s/tau0) + (tau0*tau0+(m-mu0)*(m-mu0))/(2*s*s) - 0.5
		},
		"the prior was counted twice": func(x []float64, sigma, mu0, tau0, m, s float64) (float64, float64) {
			fit, toPrior := closed(x, sigma, mu0, tau0, m, s)
			_, prior, _ := oneNormal(x, sigma, mu0, tau0, m, s)
			return fit + prior, toPrior
		},
	} {
		t.wants(fitMinusKL(f), slip)
	}
	t.wants(fitMinusKL(func(x []float64, sigma, mu0, tau0, m, s float64) (float64, float64) { // by quadrature
		fit, prior, entropy := oneNormal(x, sigma, mu0, tau0, m, s)
		return fit, -prior - entropy
	}), "")
}
