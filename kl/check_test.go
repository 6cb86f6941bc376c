package kl

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// Named tolerances of the tests.
const (
	refTol   = 2e-13 // relative, against 60-digit references
	quadSafe = 1.0   // a quadrature must keep its own bound
	optTol   = 1e-6  // of an optimum's mean and sd: the promise of Reverse and Forward
)

// line is a closed form in one dimension beside the densities it came from.
type line struct {
	name       string
	kl         float64
	self       float64 // the closed form of q from itself
	gonum      float64 // gonum's value, NaN where it has none
	gonumTol   float64 // how far gonum's is known to be off, relatively
	logq, logp func(float64) float64
	a, b       float64
}

// checkKL is the battery of every closed form: never negative, zero on itself, equal to quadrature, equal to
// gonum.
func checkKL(t *testing.T, c line) {
	t.Helper()
	if !(c.kl >= 0) {
		t.Errorf("%s: KL = %v, want ≥ 0", c.name, c.kl)
	}
	if c.self != 0 {
		t.Errorf("%s: KL(q‖q) = %v, want 0", c.name, c.self)
	}
	if !math.IsNaN(c.gonum) && relErr(c.kl, c.gonum) > c.gonumTol {
		t.Errorf("%s: KL = %v, gonum says %v", c.name, c.kl, c.gonum)
	}
	if c.logq == nil {
		return
	}
	got, bound := Quad(c.logq, c.logp, c.a, c.b)
	if diff := math.Abs(got - c.kl); diff > quadSafe*bound+1e-9*(1+c.kl) {
		t.Errorf("%s: KL = %.15g, quadrature says %.15g ± %.2g", c.name, c.kl, got, bound)
	}
}

// relErr is |a − b| relative to |b|, or absolute where b is 0.
func relErr(a, b float64) float64 {
	if a == b {
		return 0
	}
	if b == 0 {
		return math.Abs(a)
	}
	return math.Abs(a-b) / math.Abs(b)
}

// mustPanic runs f and requires a panic whose sentence begins with "kl: " and holds want.
func mustPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		msg, _ := recover().(string)
		if !strings.HasPrefix(msg, "kl: ") || !strings.Contains(msg, want) {
			t.Errorf("panic %q, want a sentence with %q", msg, want)
		}
	}()
	f()
}

// reference is testdata/kl.json.
type reference struct {
	Values []struct {
		Family string
		Q, P   []float64
		KL     float64
	}
	Fits struct {
		Values []struct {
			Weight, Mean, Sd, Near []float64
			Reverse, Forward       struct{ Mean, Sd, KL float64 }
		}
	}
}

func readReference(t *testing.T) reference {
	t.Helper()
	text, err := os.ReadFile("../testdata/kl.json")
	if err != nil {
		t.Fatal(err)
	}
	var r reference
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.Values) == 0 || len(r.Fits.Values) == 0 {
		t.Fatal("testdata/kl.json is empty")
	}
	return r
}
