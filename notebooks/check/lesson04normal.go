package check

import (
	"fmt"
	"math"

	"elboroom/cavi"
	"elboroom/model"
)

// SweepsNeeded checks exercise 4.3: how many sweeps after the first until the distance from the optimum has shrunk
// to the given fraction, for two coordinates with correlation rho.
//
//	the smallest n with ρ²ⁿ ≤ fraction
func SweepsNeeded(f func(rho, fraction float64) int) { sweepsNeeded(f).tell() }

func sweepsNeeded(f func(rho, fraction float64) int) exercise {
	e := exercise{id: "4.3", title: "how many sweeps", hints: []hint{
		{"base ρ for ρ²", "a leg shrinks the distance by ρ, and a sweep has two legs: ρ² a sweep. These are half-steps."},
		{"half-steps were counted", "these are half-steps: a sweep is two of them."},
		{"rounded down", "the last sweep counts as well, even if it goes further than needed: round up."},
	}}
	d := drawsFor(43)
	for i := range 8 {
		rho, fraction := d.away(0.5, 0.97), math.Pow(10, -float64(3+i%6))
		exactly := math.Log(fraction) / math.Log(rho*rho)
		n := math.Ceil(exactly)
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("ρ = %v, fraction %.0e", rho, fraction),
			ask:   func() ([]float64, error) { return []float64{float64(f(rho, fraction))}, nil },
			want:  []float64{n},
			laws: []law{{"the distance after that many sweeps is small enough, and not before", func(got []float64) string {
				switch {
				case got[0] < n:
					return fmt.Sprintf("your number of sweeps, %.0f, leaves %.3g of the distance", got[0], math.Pow(rho*rho, got[0]))
				case got[0] > n:
					return fmt.Sprintf("%.0f sweeps are enough, you say %.0f", n, got[0])
				}
				return ""
			}}},
			slips: map[string][]float64{
				"base ρ for ρ²":           {math.Ceil(2 * exactly)},
				"half-steps were counted": {2 * n},
				"rounded down":            {math.Floor(exactly)},
			},
			tol: 1e-9,
		})
	}
	return e
}

// PrecisionUpdate checks exercise 4.4: the update of q(τ) = Ga(a, b), shape and rate, for Normal data with unknown
// mean and precision, while q(μ) = N(mean, variance).
//
//	a = a₀ + (N + 1)/2,    b = b₀ + ½ E[Σ(x − μ)² + λ₀(μ − μ₀)²]
//
// Source: Bishop, PRML (2006), eqs 10.29, 10.30, with the prior on μ that depends on τ.
func PrecisionUpdate(f func(m model.Normal, mean, variance float64) (a, b float64)) {
	precisionUpdate(f).tell()
}

func precisionUpdate(f func(m model.Normal, mean, variance float64) (a, b float64)) exercise {
	e := exercise{id: "4.4", title: "the update of the precision", hints: []hint{
		{"a₀ + N/2", "the prior of μ has a τ in it too: it counts as half a datum more."},
		{"the variance of μ was forgotten", "μ is not known, only q(μ): E(x − μ)² is (x − m)² plus the variance of q(μ)."},
		{"the term with λ₀ is missing", "the prior of μ scales with τ: ½ λ₀ E(μ − μ₀)² belongs into b."},
		{"a scale for the rate", "b is a rate: E[τ] = a/b. The scale is its inverse."},
		{"the ½ is missing", "ln N has −½ τ (x − μ)² in it."},
	}}
	d := drawsFor(44)
	for range 8 {
		m := model.Normal{Mu0: d.away(0.5, 2), Lambda0: d.between(1.3, 3), A0: d.between(1.5, 4), B0: d.between(1.3, 4)}
		m.X = d.sample(4+d.IntN(4), d.away(1, 2), 1.5)
		mean, variance := rounded(total(m.X)/float64(len(m.X))+d.away(0.2, 0.6)), d.between(0.2, 0.7)
		n := float64(len(m.X))
		squares := 0.0
		for _, x := range m.X {
			squares += (x - mean) * (x - mean)
		}
		toPrior := m.Lambda0 * ((mean-m.Mu0)*(mean-m.Mu0) + variance)
		a, b := m.A0+(n+1)/2, m.B0+(squares+n*variance+toPrior)/2
		solver := cavi.Normal{Normal: m}
		in := instance{
			given: fmt.Sprintf("x = %v, μ₀ = %v, λ₀ = %v, a₀ = %v, b₀ = %v, q(μ) = N(%v, variance %v)", m.X, m.Mu0, m.Lambda0, m.A0, m.B0, mean, variance),
			parts: []string{"a", "b"},
			ask: func() ([]float64, error) {
				copied := m
				copied.X = clone(m.X)
				x, y := f(copied, mean, variance)
				return []float64{x, y}, nil
			},
			want: []float64{a, b},
			slips: map[string][]float64{
				"a₀ + N/2":                        {m.A0 + n/2, b},
				"the variance of μ was forgotten": {a, b - n*variance/2 - m.Lambda0*variance/2},
				"the term with λ₀ is missing":     {a, b - toPrior/2},
				"a scale for the rate":            {a, 1 / b},
				"the ½ is missing":                {a, m.B0 + squares + n*variance + toPrior},
			},
			alarm: func(got []float64) *Alarms {
				if !(got[0] > 0) || !(got[1] > 0) {
					return nil
				}
				elbo := func(free []float64) float64 {
					return solver.ELBO(cavi.NormalFactors{Mu: mean, Lambda: 1 / variance, A: math.Exp(free[0]), B: math.Exp(free[1])})
				}
				logs := func(a, b float64) []float64 { return []float64{math.Log(a), math.Log(b)} }
				return sound(elbo, logs(m.A0, m.B0), logs(got[0], got[1]), logs(a, b))
			},
		}
		in.laws = []law{
			{"shape and rate are positive", positive("a", 0)}, {"shape and rate are positive", positive("b", 1)},
			in.climbs(), in.stationary("q(τ)"),
		}
		e.instances = append(e.instances, in)
	}
	return e
}

// UniformKL checks exercise 4.5: KL(q‖p), in nats, of two uniform densities, q on (q0, q1) and p on (p0, p1).
//
//	ln((p₁ − p₀)/(q₁ − q₀)) where q lies inside p, else +Inf
func UniformKL(f func(q0, q1, p0, p1 float64) float64) { uniformKL(f).tell() }

func uniformKL(f func(q0, q1, p0, p1 float64) float64) exercise {
	e := exercise{id: "4.5", title: "support", hints: []hint{
		{"an infinite KL went unnoticed", "compare the ends first: any mass of q where p has none makes KL(q‖p) infinite. Return math.Inf(1)."},
		{"only the overlap was counted", "what q has outside of p counts most of all: it is infinitely surprising."},
		{"the other direction", "the support rule of KL(q‖p) asks for q inside p, not p inside q."},
	}}
	d := drawsFor(45)
	for i := range 8 {
		p0, p1 := d.between(-3, -2), d.between(2, 3)
		q0, q1 := d.between(-1.5, -0.5), d.between(0.5, 1.5)
		switch i % 4 {
		case 1:
			q0 = d.between(-5, -4)
		case 2:
			q0, q1 = d.between(-5, -4), d.between(4, 5)
		}
		ratio := math.Log((p1 - p0) / (q1 - q0))
		low, high := math.Max(p0, q0), math.Min(p1, q1)
		overlap := (high - low) / (q1 - q0) * ratio
		want, other := ratio, math.Inf(1)
		if q0 < p0 || q1 > p1 {
			want = math.Inf(1)
		}
		if p0 >= q0 && p1 <= q1 {
			other = -ratio
		}
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("q uniform on (%v, %v), p uniform on (%v, %v)", q0, q1, p0, p1),
			ask:   func() ([]float64, error) { return []float64{f(q0, q1, p0, p1)}, nil },
			want:  []float64{want},
			laws: []law{
				{"infinite where q has mass and p has none", func(got []float64) string {
					if math.IsInf(want, 1) && !math.IsInf(got[0], 1) {
						return "q reaches beyond p, and your KL is " + number(got[0])
					}
					return ""
				}},
				{"a divergence is never negative", atLeastZero("KL", 0)},
			},
			slips: map[string][]float64{
				"an infinite KL went unnoticed": {ratio},
				"only the overlap was counted":  {overlap},
				"the other direction":           {other},
			},
		})
	}
	return e
}
