package rivals

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Diagnosis says how far chains of one number may be trusted.
//
// Source: Vehtari, Gelman, Simpson, Carpenter & Bürkner, Rank-normalization, folding, and localization: an
// improved R̂ (2021), §3 and 4.
type Diagnosis struct {
	RHat    float64 // near 1 where the chains agree; the paper asks for less than 1.01
	BulkESS float64 // effective draws for the centre; the paper asks for 400
	TailESS float64 // effective draws for the 5 % and 95 % quantiles
	Mean    float64
	Sd      float64
	MCSE    float64 // standard error of Mean: Sd/√ESS
}

// Diagnose diagnoses chains × draws of one number. Chains are split in halves, so that one chain can disagree
// with itself. Constant chains have R̂ and effective draws NaN: they say nothing. It panics on chains of unequal
// length, on fewer than 8 draws, and on draws that are not finite.
func Diagnose(chains [][]float64) Diagnosis {
	mustBeChains("Diagnose", chains)
	halves := split(chains)
	all := pool(chains)
	mean, sd := stat.MeanStdDev(all, nil)
	d := Diagnosis{Mean: mean, Sd: sd}
	middle := median(all)
	d.RHat = max(rHat(rankNormal(halves)), rHat(rankNormal(mapped(halves, func(v float64) float64 { return math.Abs(v - middle) }))))
	d.BulkESS = ess(rankNormal(halves))
	sorted := append([]float64(nil), all...)
	slices.Sort(sorted)
	d.TailESS = math.Inf(1)
	for _, p := range []float64{0.05, 0.95} {
		q := stat.Quantile(p, stat.Empirical, sorted, nil)
		d.TailESS = min(d.TailESS, ess(mapped(halves, func(v float64) float64 {
			if v <= q {
				return 1
			}
			return 0
		})))
	}
	d.MCSE = sd / math.Sqrt(ess(halves))
	return d
}

// ESS returns the effective number of draws for the mean: as many independent ones would be as good. It is
// chains × draws over the integrated autocorrelation time, the sum of autocorrelations cut where pairs of them
// cease to fall (Geyer 1992).
func ESS(chains [][]float64) float64 {
	mustBeChains("ESS", chains)
	return ess(split(chains))
}

// Autocorrelation returns the autocorrelation of one chain at lags 0 … lags.
func Autocorrelation(chain []float64, lags int) []float64 {
	if lags < 0 || lags >= len(chain) {
		panic(fmt.Sprintf("rivals: Autocorrelation: %d lags of %d draws, want 0 or more, and fewer than draws", lags, len(chain)))
	}
	mean := stat.Mean(chain, nil)
	out := make([]float64, lags+1)
	for t := range out {
		out[t] = autocovariance(chain, mean, t)
	}
	for t := len(out) - 1; t >= 0; t-- {
		out[t] /= out[0]
	}
	return out
}

// autocovariance is (1/N) Σ (x_i − mean)(x_{i+t} − mean).
func autocovariance(chain []float64, mean float64, t int) float64 {
	var sum float64
	for i := range len(chain) - t {
		sum += (chain[i] - mean) * (chain[i+t] - mean)
	}
	return sum / float64(len(chain))
}

// spread returns the mean variance within the chains and the pooled estimate var⁺ (eqs 1–3 of the paper).
func spread(chains [][]float64) (within, pooled float64) {
	n := float64(len(chains[0]))
	means := make([]float64, len(chains))
	for i, c := range chains {
		var v float64
		means[i], v = stat.MeanVariance(c, nil)
		within += v / float64(len(chains))
	}
	pooled = within * (n - 1) / n
	if len(chains) > 1 {
		pooled += stat.Variance(means, nil)
	}
	return within, pooled
}

// rHat is √(var⁺/W) (eq. 4).
func rHat(chains [][]float64) float64 {
	within, pooled := spread(chains)
	return math.Sqrt(pooled / within)
}

// ess is eqs 9–13: ρ_t = 1 − (W − mean autocovariance at t)/var⁺, summed over Geyer's initial monotone pairs.
func ess(chains [][]float64) float64 {
	m, n := float64(len(chains)), len(chains[0])
	within, pooled := spread(chains)
	if !(pooled > 0) {
		return math.NaN()
	}
	means := make([]float64, len(chains))
	for i, c := range chains {
		means[i] = stat.Mean(c, nil)
	}
	rho := func(t int) float64 {
		var cov float64
		for i, c := range chains {
			cov += autocovariance(c, means[i], t) / m
		}
		return 1 - (within-cov)/pooled
	}
	pair := 1 + rho(1) // ρ₀ is 1
	tau := -1.0
	for t := 0; ; {
		tau += 2 * pair
		t += 2
		if t+1 >= n-3 { // the last lags are of too few products
			break
		}
		next := rho(t) + rho(t+1)
		if !(next > 0) {
			break
		}
		pair = min(pair, next)
	}
	total := m * float64(n)
	return total / max(tau, 1/math.Log10(total))
}

// rankNormal replaces the draws by the normal scores of their ranks among all chains, Φ⁻¹((r − 3/8)/(S + 1/4)),
// ties at their mean rank (eq. 14).
func rankNormal(chains [][]float64) [][]float64 {
	type place struct{ chain, draw int }
	var order []place
	for i, c := range chains {
		for j := range c {
			order = append(order, place{i, j})
		}
	}
	at := func(p place) float64 { return chains[p.chain][p.draw] }
	sort.SliceStable(order, func(i, j int) bool { return at(order[i]) < at(order[j]) })
	out := mapped(chains, func(v float64) float64 { return v })
	total := float64(len(order))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && at(order[j]) == at(order[i]) {
			j++
		}
		rank := float64(i+j+1) / 2 // the mean of ranks i+1 … j
		score := distuv.UnitNormal.Quantile((rank - 0.375) / (total + 0.25))
		for ; i < j; i++ {
			out[order[i].chain][order[i].draw] = score
		}
	}
	return out
}

// split cuts each chain in halves of equal length; the middle draw of an odd chain is left out.
func split(chains [][]float64) [][]float64 {
	var out [][]float64
	for _, c := range chains {
		half := len(c) / 2
		out = append(out, c[:half], c[len(c)-half:])
	}
	return out
}

func pool(chains [][]float64) []float64 {
	var out []float64
	for _, c := range chains {
		out = append(out, c...)
	}
	return out
}

func mapped(chains [][]float64, f func(float64) float64) [][]float64 {
	out := make([][]float64, len(chains))
	for i, c := range chains {
		out[i] = make([]float64, len(c))
		for j, v := range c {
			out[i][j] = f(v)
		}
	}
	return out
}

func median(x []float64) float64 {
	s := append([]float64(nil), x...)
	slices.Sort(s)
	n := len(s)
	return 0.5 * (s[(n-1)/2] + s[n/2])
}

func mustBeChains(who string, chains [][]float64) {
	const fewest = 8 // halves of 4 draws, from which a variance and a pair of lags can be had
	if len(chains) == 0 {
		panic("rivals: " + who + ": 0 chains, want at least 1")
	}
	for i, c := range chains {
		if len(c) < fewest || len(c) != len(chains[0]) {
			panic(fmt.Sprintf("rivals: %s: chain %d has %d draws, want as many as the others, and at least %d", who, i, len(c), fewest))
		}
		for _, v := range c {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				panic(fmt.Sprintf("rivals: %s: chain %d holds %v, want finite numbers", who, i, v))
			}
		}
	}
}
