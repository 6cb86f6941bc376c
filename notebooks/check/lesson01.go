package check

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/exact"
	"elboroom/vizlib"
)

// BetaPosterior checks exercise 1.1: a coin with prior Beta(a, b) shows heads in n tosses. The function returns
// both parameters of the posterior and the probability that the next toss is heads.
//
//	Beta(a + heads, b + n − heads)
func BetaPosterior(f func(a, b float64, heads, n int) (alpha, beta, next float64)) {
	betaPosterior(f).tell()
}

func betaPosterior(f func(a, b float64, heads, n int) (alpha, beta, next float64)) exercise {
	e := exercise{id: "1.1", title: "the posterior of a coin", hints: []hint{
		{"the prior was dropped", "the prior counts like tosses seen before: a of them heads, b of them tails."},
		{"n was added where the tails belong", "the second parameter counts tails, and n counts all tosses."},
		{"the next toss by maximum likelihood", "heads/n is the top of the likelihood. The next toss averages over the posterior: ask for its mean."},
		{"the mode for the mean", "the most probable θ is not the probability of heads: that is the mean of the posterior."},
	}}
	d := drawsFor(11)
	for range 8 {
		a, b := d.between(1.2, 6), d.between(1.2, 6)
		n := 6 + d.IntN(20)
		heads := 1 + d.IntN(n-2)
		h, t := float64(heads), float64(n-heads)
		alpha, beta := a+h, b+t
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("prior Beta(%v, %v), %d heads in %d tosses", a, b, heads, n),
			parts: []string{"first parameter", "second parameter", "probability of heads next"},
			ask: func() ([]float64, error) {
				x, y, z := f(a, b, heads, n)
				return []float64{x, y, z}, nil
			},
			want: []float64{alpha, beta, alpha / (alpha + beta)},
			laws: []law{{"the parameters count: prior counts and tosses together", func(got []float64) string {
				if sum := got[0] + got[1]; !same(sum, a+b+float64(n), closeEnough) {
					return fmt.Sprintf("your two parameters add up to %s, but prior and tosses count %s", number(sum), number(a+b+float64(n)))
				}
				return ""
			}}},
			slips: map[string][]float64{
				"the prior was dropped":               {h, t, h / (h + t)},
				"n was added where the tails belong":  {alpha, b + float64(n), alpha / (alpha + b + float64(n))},
				"the next toss by maximum likelihood": {alpha, beta, h / (h + t)},
				"the mode for the mean":               {alpha, beta, (alpha - 1) / (alpha + beta - 2)},
			},
		})
	}
	return e
}

// LogEvidence checks exercise 1.2: the logarithm of the area under exp(logJoint) between two ends, by a grid of
// that many points, in nats.
//
//	ln ∫ p(x, θ) dθ ≈ ln Σ_j p(x, θ_j)·width
//
// Any rule passes that is right to 1e-3 nats. The joint densities are far too small for a float64.
func LogEvidence(f func(logJoint func(theta float64) float64, from, to float64, points int) float64) {
	logEvidence(f).tell()
}

func logEvidence(f func(logJoint func(theta float64) float64, from, to float64, points int) float64) exercise {
	const points, accurate = 4000, 1e-3 // nats
	e := exercise{id: "1.2", title: "the evidence on a grid", hints: []hint{
		{"the width of a cell was forgotten", "an area is height times width: each value stands for a cell of (to − from)/points."},
		{"the mean for the sum", "the mean of the heights times 1 is the area only on an interval of length 1: multiply by to − from."},
		{"underflow", "the largest of the joint densities is 0 to a machine. Subtract the largest logarithm before you take exp, and add it after."},
	}}
	d := drawsFor(12)
	for i := range 5 {
		mu0, tau0, sigma := d.away(0.5, 2), d.between(1.5, 3), d.between(1.2, 2)
		n := []int{4, 6, 900, 1500, 8}[i]
		x := d.sample(n, d.away(1, 2), sigma)
		post := exact.NormalNormal(distuv.Normal{Mu: mu0, Sigma: tau0}, sigma, x)
		logJoint := func(theta float64) float64 {
			l := normalLog(theta, mu0, tau0)
			for _, v := range x {
				l += normalLog(v, theta, sigma)
			}
			return l
		}
		from, to := rounded(post.Posterior.Mu-9*post.Posterior.Sigma), rounded(post.Posterior.Mu+9*post.Posterior.Sigma)
		width := to - from
		in := instance{
			given: fmt.Sprintf("a Normal mean, %d data, θ from %v to %v in %d points", n, from, to, points),
			ask:   func() ([]float64, error) { return []float64{f(logJoint, from, to, points)}, nil },
			want:  []float64{post.LogEvidence},
			tol:   accurate / (1 + math.Abs(post.LogEvidence)),
			slips: map[string][]float64{
				"the width of a cell was forgotten": {post.LogEvidence - math.Log(width/points)},
				"the mean for the sum":              {post.LogEvidence - math.Log(width)},
			},
		}
		if post.LogEvidence < -800 {
			in.slips["underflow"] = []float64{math.Inf(-1)}
		}
		e.instances = append(e.instances, in)
	}
	return e
}

// NormalPosterior checks exercise 1.3: mean and sd of the posterior of a Normal mean with prior N(mu0, tau0²),
// from data with noise sd sigma.
//
//	1/sd² = 1/τ₀² + n/σ²,    mean = sd² (μ₀/τ₀² + Σx/σ²)
func NormalPosterior(f func(mu0, tau0, sigma float64, x []float64) (mean, sd float64)) {
	normalPosterior(f).tell()
}

func normalPosterior(f func(mu0, tau0, sigma float64, x []float64) (mean, sd float64)) exercise {
	e := exercise{id: "1.3", title: "precisions add", hints: []hint{
		{"the variance for the sd", "1 over the precision is a variance. Its root is asked for."},
		{"the prior was ignored", "that is what the data alone say. The prior adds its precision 1/τ₀², and pulls to μ₀."},
		{"the precisions were averaged", "precisions add up: two sources know more than either."},
		{"the means were averaged evenly", "each mean counts by its precision."},
	}}
	d := drawsFor(13)
	for range 8 {
		mu0, tau0, sigma := d.away(1, 6), d.between(1.2, 3), d.between(1.3, 4)
		x := d.sample(3+d.IntN(5), mu0+d.away(1, 5), sigma)
		n, sum := float64(len(x)), total(x)
		prior, data := 1/(tau0*tau0), n/(sigma*sigma)
		variance := 1 / (prior + data)
		mean := variance * (prior*mu0 + sum/(sigma*sigma))
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("μ₀ = %v, τ₀ = %v, σ = %v, x = %v", mu0, tau0, sigma, x),
			parts: []string{"mean", "sd"},
			ask: func() ([]float64, error) {
				m, s := f(mu0, tau0, sigma, clone(x))
				return []float64{m, s}, nil
			},
			want: []float64{mean, math.Sqrt(variance)},
			laws: []law{
				{"a posterior is narrower than its prior and than the data alone", func(got []float64) string {
					if got[1] > 0 && (got[1] >= tau0 || got[1] >= math.Sqrt(1/data)) {
						return fmt.Sprintf("your sd is %s; the prior's is %s and that of the data alone %s", number(got[1]), number(tau0), number(math.Sqrt(1/data)))
					}
					return ""
				}},
				{"positive sd", positive("sd", 1)},
			},
			slips: map[string][]float64{
				"the variance for the sd":        {mean, variance},
				"the prior was ignored":          {sum / n, math.Sqrt(1 / data)},
				"the precisions were averaged":   {mean, math.Sqrt(2 * variance)},
				"the means were averaged evenly": {(mu0 + sum/n) / 2, math.Sqrt(variance)},
			},
		})
	}
	first := e.instances[0].want
	e.picture = func(got []float64) vizlib.Picture {
		return bells("Where your posterior lies", bell{"posterior", first[0], first[1], vizlib.P}, bell{"yours", got[0], got[1], vizlib.Q})
	}
	return e
}

func normalLog(x, mean, sd float64) float64 {
	z := (x - mean) / sd
	return -math.Log(sd) - math.Log(2*math.Pi)/2 - z*z/2
}
