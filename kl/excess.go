package kl

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mathext"
)

// Every closed form of this package is a sum of terms that are each ≥ 0 and each vanish to second order
// where q meets p, so that nothing is lost to cancellation there. The two bricks are
//
//	h(r) = r − 1 − ln r
//	B(c, a) = lnΓ(c) − lnΓ(a) − ψ(a)(c − a)
//
// h belongs to scales, B (the Bregman divergence of lnΓ) to shapes.

// smallExcess is where the series of excess takes over from the logarithm.
const smallExcess = 0.5

// excess returns h(1 + d) = d − ln(1 + d) for d > −1, accurate relatively at d = 0. With s = d/(2 + d),
// ln(1 + d) = 2 artanh s and d − 2s = s·d (Abramowitz and Stegun 1964, 4.1.27).
func excess(d float64) float64 {
	if !(math.Abs(d) < smallExcess) {
		return d - math.Log1p(d)
	}
	s := d / (2 + d)
	s2 := s * s
	sum, pow := 0.0, 1.0
	for k := 3.0; ; k += 2 {
		next := sum + pow/k
		if next == sum {
			break
		}
		sum, pow = next, pow*s2
	}
	return s*d - 2*s*s2*sum
}

// ratioExcess returns h(a/b) for positive a and b.
func ratioExcess(a, b float64) float64 {
	d := (a - b) / b
	if math.Abs(d) < smallExcess {
		return excess(d)
	}
	return d - logRatio(a, b)
}

// logRatio returns ln(a/b) for positive a and b of any size.
func logRatio(a, b float64) float64 { return math.Log(a) - math.Log(b) }

// crossExcess returns h(ad/(bc)) for positive numbers. The difference ad − bc is taken with fused
// multiply-add (Kahan's way), so that nearly equal products do not cancel.
func crossExcess(a, d, b, c float64) float64 {
	bc := b * c
	diff := math.FMA(a, d, -bc) - math.FMA(b, c, -bc)
	if rel := diff / bc; math.Abs(rel) < smallExcess {
		return excess(rel)
	}
	ln := logRatio(a, c) + logRatio(d, b)
	return math.Expm1(ln) - ln
}

// shapeExcess returns the part of B(c, a) that is left when the leading c·h(a/c) is taken away:
// ½h(c/a) + R(c) − R(a) − R′(a)(c − a), where R(x) = lnΓ(x) − (x − ½) ln x + x − ½ ln 2π is Stirling's
// remainder, convex and falling. Both parts are ≥ 0.
func shapeExcess(c, a float64) float64 {
	const (
		tiny  = 1e-30 // below, R(x) = −½ ln x + const + O(x ln x): R's part equals the other half
		close = 0.5   // |c − a|/a up to which the integral replaces the differences
		nodes = 16
	)
	half := ratioExcess(c, a) / 2
	switch {
	case math.IsInf(half, 1):
		return half
	case a < tiny && c < tiny:
		return 2 * half
	case math.Abs(c-a) < close*a:
		// ∫_a^c (c − t) R″(t) dt: the integrand keeps its sign, so small differences stay accurate.
		sum := quad.Fixed(func(u float64) float64 {
			t := a + u*(c-a)
			return (1 - u) * stirling2(t)
		}, 0, 1, nodes, quad.Legendre{}, 1)
		return half + sum*(c-a)*(c-a)
	}
	return half + math.Max(0, stirling0(c)-stirling0(a)-stirling1(a)*(c-a))
}

// lgammaExcess returns B(c, a) = lnΓ(c) − lnΓ(a) − ψ(a)(c − a) ≥ 0 for positive c and a.
func lgammaExcess(c, a float64) float64 {
	return c*ratioExcess(a, c) + shapeExcess(c, a)
}

// stirlingFrom is where the asymptotic series of R is good to the last digits that matter.
const stirlingFrom = 10

// stirling0 returns R(x), stirling1 its first and stirling2 its second derivative
// (Abramowitz and Stegun 1964, 6.1.41 and its derivatives).
func stirling0(x float64) float64 {
	if x < stirlingFrom {
		lg, _ := math.Lgamma(x)
		return lg - (x-0.5)*math.Log(x) + x - 0.5*math.Log(2*math.Pi)
	}
	y := 1 / (x * x)
	return (1.0/12 + y*(-1.0/360+y*(1.0/1260+y*(-1.0/1680+y*(1.0/1188-y*691.0/360360))))) / x
}

func stirling1(x float64) float64 {
	if x < stirlingFrom {
		// ψ(x) = ψ(x + n) − Σ 1/(x + k). gonum's mathext.Digamma keeps 11 digits, which is too few here.
		y, sum := x, 0.0
		for ; y < stirlingFrom; y++ {
			sum -= 1 / y
		}
		return sum + stirling1(y) + logRatio(y, x) + (1/x-1/y)/2
	}
	y := 1 / (x * x)
	return y * (-1.0/12 + y*(1.0/120+y*(-1.0/252+y*(1.0/240+y*(-1.0/132+y*691.0/32760)))))
}

func stirling2(x float64) float64 {
	if x < stirlingFrom {
		return mathext.Zeta(2, x) - 1/x - 1/(2*x*x)
	}
	y := 1 / (x * x)
	return y / x * (1.0/6 + y*(-1.0/30+y*(1.0/42+y*(-1.0/30+y*(5.0/66+y*(-691.0/2730+y*7.0/6))))))
}

// mustBePositive panics unless v is a finite number above zero.
func mustBePositive(where, name string, v float64) {
	if !(v > 0) || math.IsInf(v, 1) {
		panic("kl: " + where + ": " + name + " is " + number(v) + ", want a finite number above 0")
	}
}

// mustBeFinite panics on NaN and ±Inf.
func mustBeFinite(where, name string, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		panic("kl: " + where + ": " + name + " is " + number(v) + ", want a finite number")
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
