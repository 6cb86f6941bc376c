package check

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/kl"
	"elboroom/vizlib"
)

// KLNormal checks exercise 2.1: KL(q‖p) of two Normals, in nats.
//
//	ln(s_p/s_q) + (s_q² + (m_q − m_p)²)/(2 s_p²) − ½
func KLNormal(f func(q, p distuv.Normal) float64) { klNormal(f).tell() }

func klNormal(f func(q, p distuv.Normal) float64) exercise {
	e := exercise{id: "2.1", title: "KL of two Normals", hints: []hint{
		{"q and p were swapped", "KL(q‖p) averages over q, the first of the two."},
		{"the −½ is missing", "E_q of −ln q brings −½ with it: without it KL(q‖q) is not 0."},
		{"log₂ for ln", "logarithms to base 2 give bits; everything here is in nats."},
	}}
	d := drawsFor(21)
	for i := range 8 {
		q := distuv.Normal{Mu: d.away(0.5, 3), Sigma: d.between(0.4, 2.5)}
		p := distuv.Normal{Mu: d.away(0.5, 3), Sigma: d.between(0.4, 2.5)}
		if i == 7 {
			p = q
		}
		want := kl.Normal(q, p)
		bits := math.Log2(p.Sigma/q.Sigma) + (q.Sigma*q.Sigma+(q.Mu-p.Mu)*(q.Mu-p.Mu))/(2*p.Sigma*p.Sigma) - 0.5
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("q = N(%v, %v²), p = N(%v, %v²)", q.Mu, q.Sigma, p.Mu, p.Sigma),
			ask:   func() ([]float64, error) { return []float64{f(q, p)}, nil },
			want:  []float64{want},
			laws:  []law{{"a divergence is never negative", atLeastZero("KL", 0)}, zeroAtSelf(p == q)},
			slips: map[string][]float64{
				"q and p were swapped": {kl.Normal(p, q)},
				"the −½ is missing":    {want + 0.5},
				"log₂ for ln":          {bits},
			},
		})
		if bits == 0 || p == q {
			delete(e.instances[i].slips, "log₂ for ln")
		}
	}
	return e
}

// zeroAtSelf is the law that KL(q‖q) = 0, where the instance has q = p.
func zeroAtSelf(self bool) law {
	return law{"KL(q‖q) is 0", func(got []float64) string {
		if self && math.Abs(got[0]) > closeEnough {
			return fmt.Sprintf("q and p are the same, and your KL is %s", number(got[0]))
		}
		return ""
	}}
}

// KLCategorical checks exercise 2.2: KL(q‖p) of two lists of probabilities, zeros included, in nats.
//
//	Σ_j q_j ln(q_j/p_j),    0·ln 0 = 0,    +Inf where p_j = 0 < q_j
func KLCategorical(f func(q, p []float64) float64) { klCategorical(f).tell() }

func klCategorical(f func(q, p []float64) float64) exercise {
	e := exercise{id: "2.2", title: "KL with zeros", hints: []hint{
		{"NaN from 0·ln 0", "an outcome that q never draws is never averaged: its term is 0, so skip it."},
		{"0 for p = 0 < q", "q draws what p calls impossible: the surprise is infinite, and so is the average. Return math.Inf(1)."},
		{"p ln(p/q): the other direction", "KL(q‖p) weighs by q, the first of the two."},
	}}
	d := drawsFor(22)
	for i := range 8 {
		q, p := d.simplex(4), d.simplex(4)
		if i%4 == 1 || i%4 == 3 {
			q = append([]float64{0}, d.simplex(3)...)
		}
		if i%4 == 2 || i == 7 {
			p = append(d.simplex(3), 0)
		}
		want := kl.Categorical(q, p)
		raw, kept := 0.0, 0.0
		for j := range q {
			raw += q[j] * math.Log(q[j]/p[j])
			if q[j] > 0 && p[j] > 0 {
				kept += q[j] * math.Log(q[j]/p[j])
			}
		}
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("q = %s, p = %s", numbers(q), numbers(p)),
			ask:   func() ([]float64, error) { return []float64{f(clone(q), clone(p))}, nil },
			want:  []float64{want},
			laws: []law{
				{"infinite where p = 0 < q", func(got []float64) string {
					if math.IsInf(want, 1) && !math.IsInf(got[0], 1) {
						return "p calls an outcome impossible that q draws, and your KL is " + number(got[0])
					}
					return ""
				}},
				{"a divergence is never negative", atLeastZero("KL", 0)},
			},
			slips: map[string][]float64{
				"NaN from 0·ln 0":                {raw},
				"0 for p = 0 < q":                {kept},
				"p ln(p/q): the other direction": {kl.Categorical(p, q)},
			},
		})
	}
	return e
}

// ForwardFit checks exercise 2.3: the Normal that minimises KL(p‖q), for a mixture p of Normals with weights w,
// means and sds. The function returns its mean and sd.
//
//	m = Σ w_k m_k,    s² = Σ w_k (s_k² + m_k²) − m²
func ForwardFit(f func(w, means, sds []float64) (mean, sd float64)) { forwardFit(f).tell() }

func forwardFit(f func(w, means, sds []float64) (mean, sd float64)) exercise {
	e := exercise{id: "2.3", title: "the forward fit", hints: []hint{
		{"the sds were averaged", "variances average, sds do not; and the means are apart as well."},
		{"the spread of the means was forgotten", "the variance of a mixture is the mean of the variances plus the variance of the means."},
		{"the heavier bump alone", "forward KL pays wherever p is and q is not: it does not choose a bump."},
		{"the variance for the sd", "take the root."},
	}}
	d := drawsFor(23)
	var first func(float64) float64
	for i := range 8 {
		k := 2 + i%2
		w, means, sds := d.simplex(k), make([]float64, k), make([]float64, k)
		var mean, second, within, sd float64
		heavy := 0
		for j := range k {
			means[j], sds[j] = rounded(4*float64(j)+d.between(-2, 1)), d.between(0.4, 2.2)
			mean += w[j] * means[j]
			second += w[j] * (sds[j]*sds[j] + means[j]*means[j])
			within += w[j] * sds[j] * sds[j]
			sd += w[j] * sds[j]
			if w[j] > w[heavy] {
				heavy = j
			}
		}
		if first == nil {
			first = func(x float64) float64 {
				p := 0.0
				for j := range w {
					p += w[j] * math.Exp(normalLog(x, means[j], sds[j]))
				}
				return p
			}
		}
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("weights %s, means %v, sds %v", numbers(w), means, sds),
			parts: []string{"mean", "sd"},
			ask: func() ([]float64, error) {
				m, s := f(clone(w), clone(means), clone(sds))
				return []float64{m, s}, nil
			},
			want: []float64{mean, math.Sqrt(second - mean*mean)},
			laws: []law{
				{"q has p's mean", func(got []float64) string {
					if !same(got[0], mean, closeEnough) {
						return fmt.Sprintf("your mean is %s, and p's is %s", number(got[0]), number(mean))
					}
					return ""
				}},
				{"q is as wide as p, both bumps and what lies between", func(got []float64) string {
					if got[1] < math.Sqrt(second-mean*mean)*(1-closeEnough) {
						return fmt.Sprintf("your sd is %s, and that is too narrow for p", number(got[1]))
					}
					return ""
				}},
			},
			slips: map[string][]float64{
				"the sds were averaged":                 {mean, sd},
				"the spread of the means was forgotten": {mean, math.Sqrt(within)},
				"the heavier bump alone":                {means[heavy], sds[heavy]},
				"the variance for the sd":               {mean, second - mean*mean},
			},
		})
	}
	want := e.instances[0].want
	e.picture = func(got []float64) vizlib.Picture {
		if !(got[1] > 0) {
			return nil
		}
		low, high := want[0]-3.5*want[1], want[0]+3.5*want[1]
		return vizlib.Figure{Title: "Your q on p", X: "x",
			View: vizlib.View{X: vizlib.Interval{Min: low, Max: high}, Axes: vizlib.BottomOnly},
			Marks: []vizlib.Mark{
				vizlib.Curve{F: first, Name: "p", Style: vizlib.Style{Ink: vizlib.P, Fill: 0.4}},
				vizlib.Curve{F: func(x float64) float64 { return math.Exp(normalLog(x, got[0], got[1])) }, Name: "your q", Style: vizlib.Style{Ink: vizlib.Q, Width: 3}},
			}}
	}
	return e
}
