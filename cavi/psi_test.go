package cavi

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

func TestPsi(t *testing.T) {
	const tol = 3e-14
	const euler = 0.57721566490153286060651209008240243
	for x, want := range map[float64]float64{
		1: -euler, 2: 1 - euler, 0.5: -euler - 2*math.Ln2, 0.25: -euler - math.Pi/2 - 3*math.Ln2, 6: 137./60 - euler,
		1e-10: -1e10 - euler, 1e8: 18.420680738952367, 1e-300: -1e300,
	} {
		if got := psi(x); math.Abs(got-want) > tol*(1+math.Abs(want)) {
			t.Errorf("ψ(%v) = %.17g, want %.17g", x, got, want)
		}
	}
	for x := 1e-6; x < 1e6; x *= 1.07 {
		if up := psi(x) + 1/x; math.Abs(psi(x+1)-up) > tol*(1+1/x+math.Abs(up)) {
			t.Errorf("ψ(%v + 1) = %.17g, ψ + 1/x is %.17g", x, psi(x+1), up)
		}
		if got := 2 * psi(2*x); math.Abs(got-psi(x)-psi(x+0.5)-2*math.Ln2) > 2*tol*(1+1/x+math.Abs(got)) { // duplication
			t.Errorf("2ψ(2·%v) = %.17g, want %.17g", x, got, psi(x)+psi(x+0.5)+2*math.Ln2)
		}
		if want := mathext.Digamma(x); math.Abs(psi(x)-want) > 2e-10*(1+math.Abs(want)) {
			t.Errorf("ψ(%v) = %.17g, gonum says %.17g", x, psi(x), want)
		}
	}
	for _, x := range []float64{0, -1, -0.5, math.NaN(), math.Inf(-1)} {
		if got := psi(x); !math.IsNaN(got) {
			t.Errorf("ψ(%v) = %v, want NaN", x, got)
		}
	}
	if got := psi(math.Inf(1)); !math.IsInf(got, 1) {
		t.Errorf("ψ(+Inf) = %v", got)
	}
}
