package cavi

import "math"

// psi is the digamma function ψ(x) = d/dx ln Γ(x) for x > 0, to 14 digits of its largest part; gonum's keeps 11. Below 6
// it is that of x + 6, whose asymptotic series is good, less Σ 1/(x + i) for i < 6. With u = x(x + 5) these six are
//
//	(2x + 5) (1/u + 1/(u + 4) + 1/(u + 6)) = (2x + 5)(3u² + 20u + 24)/(u(u + 4)(u + 6))
//
// a single division, which is what makes it quick: a sweep of LDA is made of little else. NaN where x is not positive.
//
// Source: Abramowitz & Stegun (1964), 6.3.5 and 6.3.18.
func psi(x float64) float64 {
	const enough = 6
	if !(x > 0) {
		return math.NaN()
	}
	var below float64
	if x < enough {
		u := x * (x + 5)
		below = (2*x + 5) * (24 + u*(20+3*u)) / (u * (u + 4) * (u + 6))
		x += enough
	}
	v := 1 / x
	w := v * v
	series := w * (1./12 - w*(1./120-w*(1./252-w*(1./240-w*(1./132-w*(691./32760-w*(1./12-w*(3617./8160))))))))
	return math.Log(x) - 0.5*v - series - below
}
