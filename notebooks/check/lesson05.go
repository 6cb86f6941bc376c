package check

import (
	"fmt"
	"math"

	"elboroom/model"
	"elboroom/vizlib"
)

// Responsibilities checks exercise 5.1: the update of q(c) in the lecture's mixture, for means m, variances s2 and
// noise sd sigma. The function may take one datum and return its K shares, or all data and return a row each.
//
//	φ_ik ∝ exp((m_k x_i − (s_k² + m_k²)/2)/σ²)
//
// Source: Blei, Kucukelbir & McAuliffe (2017), eq. 26.
func Responsibilities[F func(x float64, m, s2 []float64, sigma float64) []float64 |
	func(x, m, s2 []float64, sigma float64) [][]float64](f F) {
	responsibilities(f).tell()
}

func responsibilities[F func(x float64, m, s2 []float64, sigma float64) []float64 |
	func(x, m, s2 []float64, sigma float64) [][]float64](f F) exercise {
	all := func(x, m, s2 []float64, sigma float64) (rows [][]float64) {
		switch f := any(f).(type) {
		case func(x, m, s2 []float64, sigma float64) [][]float64:
			rows = f(clone(x), clone(m), clone(s2), sigma)
		case func(x float64, m, s2 []float64, sigma float64) []float64:
			for _, v := range x {
				rows = append(rows, f(v, clone(m), clone(s2), sigma))
			}
		}
		return rows
	}
	e := exercise{id: "5.1", title: "responsibilities", hints: []hint{
		{"not normalised", "the shares of one datum sum to 1: divide by their sum."},
		{"normalised over the data", "each datum is shared out among the components: sum over k, not over i."},
		{"s² was dropped", "μ_k is not known, only q(μ_k): E[μ_k²] is m_k² + s_k²."},
		{"m² was dropped", "of −(x − μ_k)²/2 only x² is the same for all k. The −½E[μ_k²] stays, and it is −½(m_k² + s_k²)."},
		{"the ½ is missing", "the square is ½(m_k² + s_k²), from −(x − μ)²/2."},
		{"σ² was dropped", "the whole exponent is divided by σ²."},
		{"overflow", "exp of a large number is Inf, and Inf/Inf NaN: subtract the largest exponent before exp."},
		{"a hard choice", "φ is a share between 0 and 1, not a winner."},
	}}
	d := drawsFor(51)
	for i := range 6 {
		m, mean, s2 := mixtureFrom(d, 8)
		if i == 5 { // far from 0: the exponents are beyond what exp can hold
			for j := range m.X {
				m.X[j] += 300
			}
			mean[0], mean[1] = mean[0]+300, mean[1]+300
		}
		rows := bestShares(m.X, mean, s2, m.Sigma)
		var want, raw, overData, hard []float64
		sums := make([]float64, 2)
		weight := func(x float64, k int) float64 {
			return math.Exp((mean[k]*x - (mean[k]*mean[k]+s2[k])/2) / (m.Sigma * m.Sigma))
		}
		for _, x := range m.X {
			sums[0] += weight(x, 0)
			sums[1] += weight(x, 1)
		}
		noS := bestShares(m.X, mean, []float64{0, 0}, m.Sigma)
		noHalf, noM, overflow := [][]float64{}, [][]float64{}, [][]float64{}
		for j, x := range m.X {
			want = append(want, rows[j]...)
			a, b := weight(x, 0), weight(x, 1)
			raw = append(raw, a, b)
			overData = append(overData, a/sums[0], b/sums[1])
			overflow = append(overflow, []float64{a / (a + b), b / (a + b)})
			whole, bare := make([]float64, 2), make([]float64, 2)
			for k := range whole {
				whole[k] = (mean[k]*x - mean[k]*mean[k] - s2[k]) / (m.Sigma * m.Sigma)
				bare[k] = (mean[k]*x - s2[k]/2) / (m.Sigma * m.Sigma)
			}
			noHalf, noM = append(noHalf, softmax(whole)), append(noM, softmax(bare))
			won := math.Round(rows[j][0])
			hard = append(hard, won, 1-won)
		}
		join := func(rows [][]float64) []float64 {
			var all []float64
			for _, r := range rows {
				all = append(all, r...)
			}
			return all
		}
		// the update starts from the shares of a q(μ) half a sd away, as they stand in the middle of a fit
		earlier := join(bestShares(m.X, []float64{mean[0] + m.Sigma/2, mean[1] + m.Sigma/2}, s2, m.Sigma))
		in := instance{
			given: fmt.Sprintf("x = %v, m = %v, s² = %v, σ = %v", m.X, mean, s2, m.Sigma),
			ask: func() ([]float64, error) {
				return flat(all(m.X, mean, s2, m.Sigma), len(m.X), 2, "a share for each component")
			},
			want: want,
			slips: map[string][]float64{
				"not normalised":           raw,
				"normalised over the data": overData,
				"s² was dropped":           join(noS),
				"m² was dropped":           join(noM),
				"the ½ is missing":         join(noHalf),
				"σ² was dropped":           join(bestShares(m.X, mean, s2, 1)),
				"overflow":                 join(overflow),
				"a hard choice":            hard,
			},
			alarm: func(got []float64) *Alarms {
				for j := range m.X {
					if !(got[2*j] >= 0) || !(got[2*j+1] >= 0) || !same(got[2*j]+got[2*j+1], 1, closeEnough) {
						return nil
					}
				}
				elbo := func(free []float64) float64 { return mixtureELBO(m, mean, s2, fromLogOdds(free)) }
				return sound(elbo, logOdds(earlier), logOdds(got), logOdds(want))
			},
		}
		in.laws = []law{
			{"the shares of each datum sum to 1", func(got []float64) string {
				for j := range m.X {
					if s := got[2*j] + got[2*j+1]; !same(s, 1, closeEnough) {
						return fmt.Sprintf("those of x = %v sum to %s: the normaliser is missing", m.X[j], number(s))
					}
				}
				return ""
			}},
			{"a share lies between 0 and 1", func(got []float64) string {
				for j, g := range got {
					if g < 0 || g > 1 {
						return fmt.Sprintf("one of x = %v is %s", m.X[j/2], number(g))
					}
				}
				return ""
			}},
			in.climbs(), in.stationary("a share"),
		}
		e.instances = append(e.instances, in)
	}
	return e
}

// CAVIMeanUpdate checks exercise 5.2: the update of one component's q(μ_k) = N(mean, variance) in the lecture's
// mixture, from the shares phi that it has in the n data.
//
//	s² = 1/(1/τ₀² + Σφ/σ²),    m = s² (μ₀/τ₀² + Σφx/σ²)
//
// Source: Blei, Kucukelbir & McAuliffe (2017), eq. 34, with the noise sd σ and a prior N(μ₀, τ₀²).
func CAVIMeanUpdate(f func(m model.GMM, phi []float64) (mean, variance float64)) {
	caviMeanUpdate(f).tell()
}

func caviMeanUpdate(f func(m model.GMM, phi []float64) (mean, variance float64)) exercise {
	e := exercise{id: "5.2", title: "the mean and variance of a component", hints: []hint{
		{"the prior is missing", "the prior adds its precision 1/τ₀² and pulls by μ₀/τ₀²."},
		{"the prior is missing in s²", "the prior adds its precision 1/τ₀² to that of the data."},
		{"the prior mean is missing", "the prior pulls to μ₀ by μ₀/τ₀²."},
		{"σ² is missing", "each datum has precision 1/σ²: it weighs Σφ/σ² and pulls by Σφx/σ²."},
		{"divided by n", "the component has Σφ data, not n."},
		{"the sd for the variance", "a variance is asked for: no root."},
	}}
	d := drawsFor(52)
	for range 8 {
		m, means, variances := mixtureFrom(d, 8)
		rows := bestShares(m.X, means, variances, m.Sigma)
		phi := make([]float64, len(m.X))
		count, sum, n := 0.0, 0.0, float64(len(m.X))
		for i := range phi {
			phi[i] = rounded(rows[i][0])
			rows[i][0], rows[i][1] = phi[i], 1-phi[i]
			count += phi[i]
			sum += phi[i] * m.X[i]
		}
		noise, prior := 1/(m.Sigma*m.Sigma), 1/(m.Tau0*m.Tau0)
		precision, pull := prior+count*noise, m.Mu0*prior+sum*noise
		mean, variance := pull/precision, 1/precision
		elboAt := func(mk, vk float64) float64 {
			return mixtureELBO(m, []float64{mk, means[1]}, []float64{vk, variances[1]}, rows)
		}
		in := instance{
			given: fmt.Sprintf("x = %v, φ = %v, σ = %v, μ₀ = %v, τ₀ = %v", m.X, phi, m.Sigma, m.Mu0, m.Tau0),
			parts: []string{"mean", "variance"},
			ask: func() ([]float64, error) {
				a, b := f(copiedMixture(m), clone(phi))
				return []float64{a, b}, nil
			},
			want: []float64{mean, variance},
			slips: map[string][]float64{
				"the prior is missing":       {sum / count, 1 / (count * noise)},
				"the prior is missing in s²": {pull / (count * noise), 1 / (count * noise)},
				"the prior mean is missing":  {sum * noise / precision, variance},
				"σ² is missing":              {(m.Mu0*prior + sum) / (prior + count), 1 / (prior + count)},
				"divided by n":               {(m.Mu0*prior + sum*noise) / (prior + n*noise), 1 / (prior + n*noise)},
				"the sd for the variance":    {mean, math.Sqrt(variance)},
			},
			alarm: func(got []float64) *Alarms {
				if !(got[1] > 0) {
					return nil
				}
				unit := math.Sqrt(variance)
				free := func(m, v float64) []float64 { return []float64{m / unit, math.Log(v)} }
				elbo := func(at []float64) float64 { return elboAt(at[0]*unit, math.Exp(at[1])) }
				return sound(elbo, free(means[0], variances[0]), free(got[0], got[1]), free(mean, variance))
			},
		}
		in.laws = []law{{"a variance is positive", positive("variance", 1)}, in.climbs(), in.stationary("the mean or the variance")}
		e.instances = append(e.instances, in)
		if e.picture == nil {
			e.picture = func(got []float64) vizlib.Picture {
				if !(got[1] > 0) {
					return nil
				}
				if same(got[0], mean, closeEnough) {
					return slice("The ELBO along the variance", "variance", func(v float64) float64 { return elboAt(mean, math.Max(v, 1e-3)) }, got[1], variance, variance/2)
				}
				return slice("The ELBO along the mean", "mean", func(at float64) float64 { return elboAt(at, variance) }, got[0], mean, math.Sqrt(variance))
			}
		}
	}
	return e
}
