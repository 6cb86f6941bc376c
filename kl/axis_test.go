package kl

import (
	"math"
	"testing"
)

// The way back from x to t, and what lies at an end or beyond: a stretch that is looked at may begin there.
func TestAxisBothWays(t *testing.T) {
	inf := math.Inf(1)
	for _, m := range []axis{{a: -inf, b: inf, centre: 1, scale: 2}, {a: 1, b: inf}, {a: -inf, b: 3}, {a: -1, b: 2}} {
		for _, want := range []float64{-5, -0.3, 0, 2, 7} {
			if x, _, inside := m.at(want); !inside || math.Abs(m.t(x)-want) > 1e-9 {
				t.Errorf("(%v, %v): t = %v goes to x = %v and back to %v", m.a, m.b, want, x, m.t(x))
			}
		}
		if below, above := m.t(m.a-1), m.t(m.b+1); !math.IsInf(below, -1) || !math.IsInf(above, 1) {
			t.Errorf("(%v, %v): beyond the ends are %v and %v, want ∓Inf", m.a, m.b, below, above)
		}
	}
}
