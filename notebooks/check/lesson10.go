package check

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/kl"
	"elboroom/vizlib"
)

// coupled is a Gaussian with unit variances, mean 0, and the same correlation between every two of n coordinates.
func coupled(n int, rho float64) kl.Gaussian {
	cov := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			cov.SetSym(i, j, rho)
		}
		cov.SetSym(i, i, 1)
	}
	return kl.Gaussian{Mean: make([]float64, n), Cov: cov}
}

// sweeps returns the largest distance from the optimum after each of n sweeps from m = (0, …, 0, 1): all means at
// once, or one after the other.
func sweeps(p kl.Gaussian, n int, atOnce bool) []float64 {
	d := p.Dim()
	var chol mat.Cholesky
	chol.Factorize(p.Cov)
	lambda := mat.NewSymDense(d, nil)
	if err := chol.InverseTo(lambda); err != nil {
		panic("check: sweeps: " + err.Error())
	}
	m := make([]float64, d)
	m[d-1] = 1
	errs := []float64{1}
	for range n {
		from := m
		if atOnce {
			from = clone(m)
		}
		for i := range d {
			pull := 0.0
			for j := range d {
				if j != i {
					pull += lambda.At(i, j) * from[j]
				}
			}
			m[i] = -pull / lambda.At(i, i)
		}
		far := 0.0
		for _, v := range m {
			far = math.Max(far, math.Abs(v))
		}
		errs = append(errs, far)
	}
	return errs
}

// SimultaneousUpdates checks exercise 10.1: do the mean-field means of a Gaussian p reach the optimum from any start
// if all are updated at once, each from the old values of the others? The function returns true if they do.
//
//	the spectral radius of I − diag(Λ)⁻¹Λ is below 1
//
// It asks for Gaussians with equal correlations, of either sign. One at a time always converges.
func SimultaneousUpdates(f func(p kl.Gaussian) bool) { simultaneousUpdates(f).tell() }

func simultaneousUpdates(f func(p kl.Gaussian) bool) exercise {
	e := exercise{id: "10.1", title: "all updates at once", hints: []hint{
		{"it claims convergence", "one at a time always converges, all at once does not: three coordinates that each correct for the same error overshoot. Look at the factor of an error from sweep to sweep."},
		{"it denies convergence", "weakly coupled coordinates bear it, and two always do."},
		{"the size of the correlation decides", "the sign and the number of coordinates matter as well: look at the largest eigenvalue of I − diag(Λ)⁻¹Λ, in size."},
	}}
	d := drawsFor(101)
	factor := func(n int, rho float64) float64 { // of an error a sweep: the common direction or a difference
		off := -rho / (1 + float64(n-2)*rho) // Λ_ij/Λ_ii
		return math.Max(math.Abs(float64(n-1)*off), math.Abs(off))
	}
	for _, n := range []int{3, 2, 3, 4, 3, 5, 2, 4} {
		rho := 0.0
		switch i := len(e.instances); {
		case i == 0:
			rho = -0.4 // three coordinates: × 1.33 at once, × 0.544 one at a time
		case i == 2:
			rho = d.between(0.2, 0.6)
		case i == 3:
			rho = -0.3
		case i == 4:
			rho = -0.15
		case i == 7:
			rho = d.between(0.75, 0.9)
		case n == 2:
			rho = -d.between(0.7, 0.9)
		default:
			rho = -0.22
		}
		p := coupled(n, rho)
		grows := factor(n, rho) > 1
		right := truth(!grows)
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("%d coordinates with unit variances, every correlation %v", n, rho),
			parts: []string{"verdict (1 converges, 0 does not)"},
			ask: func() ([]float64, error) {
				return []float64{truth(f(coupled(n, rho)))}, nil
			},
			want: []float64{right},
			laws: []law{{"the error shrinks from sweep to sweep where you say that it converges", func(got []float64) string {
				after := sweeps(p, 20, true)
				return fmt.Sprintf("an error of 1 is %.3g after 20 sweeps at once, and you say %s", after[20], map[bool]string{true: "it converges", false: "it does not"}[got[0] == 1])
			}}},
			slips: map[string][]float64{
				"it claims convergence":               {1},
				"it denies convergence":               {0},
				"the size of the correlation decides": {truth(math.Abs(rho) < 0.5)},
			},
			tol: 1e-9,
		})
	}
	e.picture = func([]float64) vizlib.Picture {
		const n = 12
		x := make([]float64, n+1)
		for i := range x {
			x[i] = float64(i)
		}
		p := coupled(3, -0.4)
		return vizlib.Figure{Title: "Three coordinates, correlations −0.4", X: "sweep", Y: "distance from the optimum",
			View: vizlib.View{LogY: true},
			Marks: []vizlib.Mark{
				vizlib.Line{X: x, Y: sweeps(p, n, true), Name: "all at once", Style: vizlib.Style{Ink: vizlib.Path1, Width: 3}},
				vizlib.Line{X: x, Y: sweeps(p, n, false), Name: "one at a time", Style: vizlib.Style{Ink: vizlib.Q, Width: 3}},
			}}
	}
	return e
}

// truth is 1 for true.
func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Coverage checks exercise 10.2: how much of the exact posterior mass lies inside the central interval that holds
// this mass under mean field's q, for two coordinates with correlation rho.
//
//	2Φ(z √(1 − ρ²)) − 1,    Φ(z) = (1 + mass)/2
func Coverage(f func(rho, mass float64) float64) { coverage(f).tell() }

func coverage(f func(rho, mass float64) float64) exercise {
	e := exercise{id: "10.2", title: "the coverage of mean field", hints: []hint{
		{"ρ for 1 − ρ²", "the variance of q is 1 − ρ² times the exact one: the more correlated, the narrower."},
		{"ρ as an sd", "the sd of q is √(1 − ρ²) of the exact one, not ρ: the more correlated, the narrower."},
		{"1 − ρ² as an sd", "1 − ρ² is a variance. The interval is as long as its root."},
		{"the nominal mass", "that is what q believes. Ask the exact posterior, which is wider."},
		{"the ratio the wrong way round", "q is narrower than the exact posterior: it covers less than it says."},
	}}
	d := drawsFor(102)
	for i := range 8 {
		rho, mass := d.away(0.4, 0.95), []float64{0.9, 0.95, 0.8, 0.5}[i%4]
		z := distuv.UnitNormal.Quantile((1 + mass) / 2)
		inside := func(width float64) []float64 { return []float64{2*distuv.UnitNormal.CDF(z*width) - 1} }
		narrow := math.Sqrt(1 - rho*rho)
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("ρ = %v, interval of mass %v", rho, mass),
			ask:   func() ([]float64, error) { return []float64{f(rho, mass)}, nil },
			want:  inside(narrow),
			laws: []law{
				{"a coverage lies between 0 and 1", func(got []float64) string {
					if got[0] < 0 || got[0] > 1 {
						return "yours is " + number(got[0])
					}
					return ""
				}},
				{"mean field covers less than it says", func(got []float64) string {
					if got[0] >= mass*(1-closeEnough) {
						return fmt.Sprintf("q says %v, and your coverage is %s", mass, number(got[0]))
					}
					return ""
				}},
			},
			slips: map[string][]float64{
				"ρ for 1 − ρ²":                  inside(math.Sqrt(math.Abs(rho))),
				"ρ as an sd":                    inside(math.Abs(rho)),
				"1 − ρ² as an sd":               inside(1 - rho*rho),
				"the nominal mass":              {mass},
				"the ratio the wrong way round": inside(1 / narrow),
			},
			tol: 1e-4,
		})
	}
	return e
}
