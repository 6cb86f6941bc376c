package check

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"elboroom/kl"
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
