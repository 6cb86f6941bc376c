package check

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"elboroom/cavi"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/vizlib"
)

// tilted is a random Gaussian in the plane with unequal variances and a correlation of either sign, by its mean,
// covariance and precision Λ.
type tilted struct {
	p      kl.Gaussian
	lambda [2][2]float64
}

func tiltedFrom(d draws) tilted {
	s1, s2, rho := d.between(0.7, 1.6), d.between(1.7, 2.6), d.away(0.4, 0.9)
	a, b, c := rounded(s1*s1), rounded(s2*s2), rounded(rho*s1*s2)
	det := a*b - c*c
	t := tilted{p: kl.Gaussian{Mean: []float64{d.away(0.5, 2), d.away(0.5, 2)}, Cov: mat.NewSymDense(2, []float64{a, c, c, b})}}
	t.lambda = [2][2]float64{{b / det, -c / det}, {-c / det, a / det}}
	return t
}

// copied keeps a student's function from writing to the instance.
func (t tilted) copied() kl.Gaussian {
	cov := mat.NewSymDense(2, nil)
	cov.CopySym(t.p.Cov)
	return kl.Gaussian{Mean: clone(t.p.Mean), Cov: cov}
}

func (t tilted) String() string {
	return fmt.Sprintf("μ = %v, Σ = (%v %v; %v %v)", t.p.Mean, t.p.Cov.At(0, 0), t.p.Cov.At(0, 1), t.p.Cov.At(1, 0), t.p.Cov.At(1, 1))
}

// elbo is −KL(q‖p) up to a constant, for q of these means and variances.
func (t tilted) elbo(m [2]float64, v [2]float64) float64 {
	d := [2]float64{m[0] - t.p.Mean[0], m[1] - t.p.Mean[1]}
	quadratic := t.lambda[0][0]*(d[0]*d[0]+v[0]) + t.lambda[1][1]*(d[1]*d[1]+v[1]) + 2*t.lambda[0][1]*d[0]*d[1]
	return -quadratic/2 + math.Log(v[0]*v[1])/2
}

// StaircaseMean checks exercise 4.1: where the update of q(θ₁) puts its mean, for a Gaussian p in the plane and
// the present means m = (m₁, m₂).
//
//	m₁ = μ₁ − (Λ₁₂/Λ₁₁)(m₂ − μ₂)
//
// Source: Bishop, PRML (2006), eq. 10.13.
func StaircaseMean(f func(p kl.Gaussian, m []float64) float64) { staircaseMean(f).tell() }

func staircaseMean(f func(p kl.Gaussian, m []float64) float64) exercise {
	e := exercise{id: "4.1", title: "one leg of the staircase", hints: []hint{
		{"Σ for Λ", "what couples two coordinates in ln p is the precision Λ, the inverse of Σ; its off-diagonal has the other sign."},
		{"m₁ was used where m₂ belongs", "q(θ₁) moves to where the other factor, with its mean m₂, calls it."},
		{"m₁ − μ₁ was used where m₂ − μ₂ belongs", "what pulls θ₁ is how far the other factor is from its own place: m₂ − μ₂."},
		{"a wrong divisor", "divide by Λ₁₁, the precision of the coordinate that moves."},
		{"the sign of the pull", "Λ₁₂ is negative for a positive correlation, and a minus stands before it."},
	}}
	d := drawsFor(41)
	for range 8 {
		t := tiltedFrom(d)
		mu, l := t.p.Mean, t.lambda
		m := []float64{rounded(mu[0] + d.away(0.5, 2)), rounded(mu[1] + d.away(0.5, 2))}
		v := [2]float64{1 / l[0][0], 1 / l[1][1]}
		want := mu[0] - l[0][1]/l[0][0]*(m[1]-mu[1])
		sd := math.Sqrt(v[0])
		in := instance{
			given: fmt.Sprintf("%s, m = %v", t, m),
			ask:   func() ([]float64, error) { return []float64{f(t.copied(), clone(m))}, nil },
			want:  []float64{want},
			slips: map[string][]float64{
				"Σ for Λ":                      {mu[0] - t.p.Cov.At(0, 1)/t.p.Cov.At(0, 0)*(m[1]-mu[1])},
				"m₁ was used where m₂ belongs": {mu[0] - l[0][1]/l[0][0]*(m[0]-mu[1])},
				"m₁ − μ₁ was used where m₂ − μ₂ belongs": {mu[0] - l[0][1]/l[0][0]*(m[0]-mu[0])},
				"a wrong divisor":      {mu[0] - l[0][1]/l[1][1]*(m[1]-mu[1])},
				"the sign of the pull": {mu[0] + l[0][1]/l[0][0]*(m[1]-mu[1])},
			},
			alarm: func(got []float64) *Alarms {
				elbo := func(free []float64) float64 { return t.elbo([2]float64{free[0] * sd, m[1]}, v) }
				return sound(elbo, []float64{m[0] / sd}, []float64{got[0] / sd}, []float64{want / sd})
			},
		}
		in.laws = []law{in.climbs(), in.stationary("m₁")}
		e.instances = append(e.instances, in)
		if e.picture == nil {
			e.picture = func(got []float64) vizlib.Picture { return t.leg(m, got[0], want) }
		}
	}
	return e
}

// leg draws p's ellipse, the line on which each leg ends, and the student's leg beside the right one.
func (t tilted) leg(m []float64, got, want float64) vizlib.Picture {
	a, c, b := t.p.Cov.At(0, 0), t.p.Cov.At(0, 1), t.p.Cov.At(1, 1)
	high, low := m[1]+1, m[1]-1
	on := func(y float64) float64 { return t.p.Mean[0] - t.lambda[0][1]/t.lambda[0][0]*(y-t.p.Mean[1]) }
	return vizlib.Figure{Title: "A leg ends where p is highest along it", X: "θ₁", Y: "θ₂",
		Marks: []vizlib.Mark{
			vizlib.EllipseOf(vizlib.Point{X: t.p.Mean[0], Y: t.p.Mean[1]}, a, c, b, 0.9),
			vizlib.Line{X: []float64{on(low), on(high)}, Y: []float64{low, high}, Name: "E[θ₁|θ₂]", Style: vizlib.Style{Ink: vizlib.Muted, Width: 2}},
			vizlib.Line{X: []float64{m[0], got}, Y: []float64{m[1], m[1]}, Name: "your leg", Style: vizlib.Style{Ink: vizlib.Path1, Width: 3}},
			vizlib.Dots{X: []float64{got}, Y: []float64{m[1]}, Size: 12, Style: vizlib.Style{Ink: vizlib.Path1}},
			vizlib.Dots{X: []float64{want}, Y: []float64{m[1]}, Size: 14, Glyph: vizlib.Ring, Style: vizlib.Style{Ink: vizlib.Black}},
		}}
}

// StaircaseVariance checks exercise 4.2: the variance of q(θ₁) after its update, for a Gaussian p in the plane.
//
//	v₁ = 1/Λ₁₁
//
// Source: Bishop, PRML (2006), eq. 10.14.
func StaircaseVariance(f func(p kl.Gaussian) float64) { staircaseVariance(f).tell() }

func staircaseVariance(f func(p kl.Gaussian) float64) exercise {
	e := exercise{id: "4.2", title: "the variance of a factor", hints: []hint{
		{"Σ₁₁, p's own variance", "mean field is narrower than that: it takes the width of p along θ₁ with θ₂ held."},
		{"1/Σ₁₁", "the precision of θ₁ given θ₂ is Λ₁₁ from the inverse matrix, not the inverse of one entry."},
		{"Λ₁₁ itself", "that is a precision. Its inverse is the variance."},
		{"the sd for the variance", "no root: a variance is asked for."},
	}}
	d := drawsFor(42)
	for range 8 {
		t := tiltedFrom(d)
		want := 1 / t.lambda[0][0]
		wide := t.p.Cov.At(0, 0)
		in := instance{
			given: t.String(),
			ask:   func() ([]float64, error) { return []float64{f(t.copied())}, nil },
			want:  []float64{want},
			slips: map[string][]float64{
				"Σ₁₁, p's own variance":   {wide},
				"1/Σ₁₁":                   {1 / wide},
				"Λ₁₁ itself":              {1 / want},
				"the sd for the variance": {math.Sqrt(want)},
			},
			alarm: func(got []float64) *Alarms {
				if !(got[0] > 0) {
					return nil
				}
				elbo := func(free []float64) float64 {
					return t.elbo([2]float64{t.p.Mean[0], t.p.Mean[1]}, [2]float64{math.Exp(free[0]), 1 / t.lambda[1][1]})
				}
				return sound(elbo, []float64{math.Log(3 * wide)}, []float64{math.Log(got[0])}, []float64{math.Log(want)})
			},
		}
		in.laws = []law{
			{"a variance is positive", positive("variance", 0)},
			{"mean field is narrower than p", func(got []float64) string {
				if got[0] >= wide*(1-closeEnough) {
					return fmt.Sprintf("your variance is %s, and p's own is %s", number(got[0]), number(wide))
				}
				return ""
			}},
			in.climbs(), in.stationary("the variance"),
		}
		e.instances = append(e.instances, in)
	}
	return e
}

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
