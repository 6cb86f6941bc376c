package kl

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
)

// settings are the defaults.
var settings fit.Settings

// of makes a function a Target.
type of func(x []float64) float64

func (f of) LogProb(x []float64) float64 { return f(x) }

func one(mean, sd float64) Gaussian { return NewGaussian([]float64{mean}, []float64{sd}) }

// checkTrace holds what every trace of Reverse must keep.
func checkTrace(t *testing.T, name string, tr fit.Trace[Gaussian]) {
	t.Helper()
	if tr.Status != fit.Converged || tr.Reason != "" {
		t.Errorf("%s: %v %q after %d steps", name, tr.Status, tr.Reason, len(tr.Steps))
	}
	for i, s := range tr.Steps {
		if i > 0 && (s.Value < tr.Steps[i-1].Value || s.Sweep <= tr.Steps[i-1].Sweep) {
			t.Errorf("%s: step %d: %v after %v", name, i, s.Value, tr.Steps[i-1].Value)
		}
	}
}

func near(t *testing.T, name string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %.12g, want %.12g (off by %.2g)", name, got, want, math.Abs(got-want))
	}
}

func TestReverseAndForwardOnMixturesAgainstMpmath(t *testing.T) {
	for _, c := range readReference(t).Fits.Values {
		for _, f := range []Family{FullRank, MeanField} {
			for _, p := range []Target{Mixture{c.Weight, c.Mean, c.Sd}, bare{Mixture{c.Weight, c.Mean, c.Sd}}} {
				q0 := one(c.Near[0], c.Near[1])
				tr := Reverse(p, q0, f, settings)
				checkTrace(t, "reverse", tr)
				last := tr.Last()
				near(t, "reverse mean", last.Q.Mean[0], c.Reverse.Mean, 1e-9)
				near(t, "reverse sd", last.Q.Sd(0), c.Reverse.Sd, 1e-9)
				near(t, "reverse KL", -last.Value, c.Reverse.KL, 1e-11)
				fw := Forward(p, q0, f, settings)
				near(t, "forward mean", fw.Last().Q.Mean[0], c.Forward.Mean, 1e-10)
				near(t, "forward sd", fw.Last().Q.Sd(0), c.Forward.Sd, 1e-10)
				near(t, "forward KL", -fw.Last().Value, c.Forward.KL, 1e-11)
			}
		}
	}
}

func TestReverseOnACorrelatedGaussian(t *testing.T) {
	t.Parallel()
	q0 := NewGaussian([]float64{-2.2, 1.6}, []float64{1, 1})
	for _, rho := range []float64{0, 0.5, -0.9, 0.99} {
		p := Correlated(rho)
		p.Mean = []float64{0.3, -0.7}
		for _, target := range []Target{p, bare{p}} {
			tr := Reverse(target, q0, MeanField, settings)
			checkTrace(t, "mean field", tr)
			near(t, "KL", -tr.Last().Value, -0.5*math.Log(1-rho*rho), 1e-10)
			full := Reverse(target, q0, FullRank, settings)
			checkTrace(t, "full rank", full)
			near(t, "KL", -full.Last().Value, 0, 1e-10)
			for i := range 2 {
				near(t, "mean", tr.Last().Q.Mean[i], p.Mean[i], optTol/100)
				near(t, "sd", tr.Last().Q.Sd(i), math.Sqrt(1-rho*rho), optTol/100)
				near(t, "mean", full.Last().Q.Mean[i], p.Mean[i], optTol/100)
				near(t, "sd", full.Last().Q.Sd(i), 1, optTol/100)
			}
			near(t, "mean field's covariance", tr.Last().Q.Cov.At(0, 1), 0, 0)
			near(t, "covariance", full.Last().Q.Cov.At(0, 1), rho, optTol/100)
		}
	}
}

func TestReverseOnTheFunnelIsKnown(t *testing.T) {
	for _, sd := range []float64{1, 2} {
		v := 1 / (1/(sd*sd) + 0.5)
		for _, f := range []Family{MeanField, FullRank} {
			tr := Reverse(Funnel{Sd: sd}, NewGaussian([]float64{1, 1}, []float64{1, 1}), f, settings)
			checkTrace(t, "funnel", tr)
			q := tr.Last().Q
			near(t, "mean of v", q.Mean[0], 0, optTol/10)
			near(t, "sd of v", q.Sd(0), math.Sqrt(v), optTol/10)
			near(t, "sd of x", q.Sd(1), math.Exp(-v/4), optTol/10)
		}
	}
}

// TestReverseIsStationary checks the optimum by a quadrature of its own: no small change of q gains.
func TestReverseIsStationary(t *testing.T) {
	student := of(func(x []float64) float64 { return -2 * math.Log1p((x[0]-3)*(x[0]-3)/3) })
	laplace := of(func(x []float64) float64 { return -math.Abs(x[0]-1) / 0.7 })
	for name, p := range map[string]Target{"student": student, "laplace": laplace, "bumps": TwoBumps(2.6)} {
		tr := Reverse(p, one(0.5, 1), FullRank, settings)
		checkTrace(t, name, tr)
		kl := func(m, s float64) float64 {
			q := one(m, s)
			v, _ := Quad(onLine(q), onLine(p), math.Inf(-1), math.Inf(1))
			return v
		}
		q := tr.Last().Q
		m, s := q.Mean[0], q.Sd(0)
		near(t, name+": ELBO by Quad", -kl(m, s), tr.Last().Value, 1e-9)
		const h = 1e-4
		// At a minimum, central differences vanish up to h² times the third derivative.
		near(t, name+": slope in m", (kl(m+h, s)-kl(m-h, s))/(2*h), 0, 1e-7)
		near(t, name+": slope in s", (kl(m, s+h)-kl(m, s-h))/(2*h), 0, 1e-7)
		if kl(m+0.05, s) < kl(m, s) || kl(m, s+0.05) < kl(m, s) || kl(m, s-0.05) < kl(m, s) {
			t.Errorf("%s: (%v, %v) is not a minimum", name, m, s)
		}
	}
}

func TestReverseOnShapesInThePlane(t *testing.T) {
	t.Parallel()
	q0 := NewGaussian([]float64{1, 1}, []float64{1, 1})
	// The ring's optima form a circle: the KL is what can be tested, from two starts.
	a, b := Reverse(Ring{}, q0, FullRank, settings), Reverse(Ring{}, NewGaussian([]float64{-0.5, 2}, []float64{0.3, 0.3}), FullRank, settings)
	checkTrace(t, "ring", a)
	checkTrace(t, "ring", b)
	near(t, "ring's KL", a.Last().Value, b.Last().Value, 1e-8)
	// The banana's: E ln p is a polynomial. With x₁ ~ N(0, s²): x₂'s variance is 1, its mean b(s² − S²), and
	// KL = −ln s + ln S + s²/(2S²) − ½ + b² s⁴, minimal where 4b² s⁴ + s²/S² = 1.
	const bend, sd = 0.5, 1.5
	s2 := (-1/(sd*sd) + math.Sqrt(1/math.Pow(sd, 4)+16*bend*bend)) / (8 * bend * bend)
	for _, f := range []Family{MeanField, FullRank} {
		tr := Reverse(Banana{}, q0, f, settings)
		checkTrace(t, "banana", tr)
		q := tr.Last().Q
		near(t, "sd of x₁", q.Sd(0), math.Sqrt(s2), optTol/100)
		near(t, "sd of x₂", q.Sd(1), 1, optTol/100)
		near(t, "mean of x₂", q.Mean[1], bend*(s2-sd*sd), optTol/100)
		near(t, "KL", -tr.Last().Value, -math.Log(s2)/2+math.Log(sd)+s2/(2*sd*sd)-0.5+bend*bend*s2*s2, 1e-10)
	}
}

func TestReverseFromFarAway(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ m, s, m0, s0 float64 }{{1e4, 1e-3, 0, 1}, {1e4, 1e3, 0, 1e-3}, {-50, 0.1, 3, 30}} {
		tr := Reverse(bare{one(c.m, c.s)}, one(c.m0, c.s0), FullRank, settings)
		checkTrace(t, "far", tr)
		near(t, "mean", (tr.Last().Q.Mean[0]-c.m)/c.s, 0, optTol)
		near(t, "sd", tr.Last().Q.Sd(0)/c.s, 1, optTol)
	}
}

func TestReverseAboveTwoDimensions(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(31, 32))
	for _, d := range []int{3, 5} {
		p := Gaussian{make([]float64, d), spd(d, rng)}
		precision := mat.NewSymDense(d, nil)
		var ch mat.Cholesky
		ch.Factorize(p.Cov)
		if err := ch.InverseTo(precision); err != nil {
			t.Fatal(err)
		}
		for i := range d {
			p.Mean[i] = rng.NormFloat64()
		}
		for name, target := range map[string]Target{"score": p, "differences": bare{p}} {
			full := Reverse(target, unitGaussian(d), FullRank, settings)
			checkTrace(t, name, full)
			near(t, name+": KL of full rank", MvNormal(full.Last().Q, p), 0, 1e-9)
			mf := Reverse(target, unitGaussian(d), MeanField, settings)
			checkTrace(t, name, mf)
			for i := range d {
				near(t, name+": mean", mf.Last().Q.Mean[i], p.Mean[i], 1e-5)
				near(t, name+": sd", mf.Last().Q.Sd(i), 1/math.Sqrt(precision.At(i, i)), 1e-5)
			}
		}
	}
	// The funnel's optimum is known; the fixed draws find it up to their error.
	tr := Reverse(Funnel{Dim: 4}, unitGaussian(4), MeanField, settings)
	checkTrace(t, "funnel", tr)
	v := 1 / (1 + 1.5)
	near(t, "sd of v", tr.Last().Q.Sd(0), math.Sqrt(v), 0.02)
	near(t, "sd of x", tr.Last().Q.Sd(2), math.Exp(-v/4), 0.02)
	// Reverse optimised over its own draws; others do not flatter.
	best := tr.Last()
	fresh, se := ELBO(Funnel{Dim: 4}, best.Q, settings)
	if math.Abs(fresh-best.Value) > 6*se+1e-3 || !(se > 0) {
		t.Errorf("ELBO on other draws %v ± %v, Reverse says %v", fresh, se, best.Value)
	}
}

func TestELBOIsTheIdentity(t *testing.T) {
	// ELBO + KL(q‖p) = ln Z, with p = e³ times a normalised mixture.
	p := Mixture{[]float64{1, 2}, []float64{0, 3}, []float64{1, 0.5}}
	scaled := of(func(x []float64) float64 { return p.LogProb(x) + 3 })
	q := one(1, 1.3)
	elbo, bound := ELBO(scaled, q, settings)
	kl, _ := Quad(onLine(q), onLine(p), math.Inf(-1), math.Inf(1))
	near(t, "ELBO + KL", elbo+kl, 3, 1e-10)
	if bound > 1e-9 {
		t.Errorf("bound %v", bound)
	}
	g := Gaussian{[]float64{1, 2, 3, 4}, spd(4, rand.New(rand.NewPCG(1, 2)))}
	elbo, _ = ELBO(g, unitGaussian(4), settings)
	near(t, "ELBO of Gaussians", elbo, -MvNormal(unitGaussian(4), g), 1e-9)
}

func TestTraceKeepsItsPromises(t *testing.T) {
	p, q0 := TwoBumps(2), one(1, 1)
	tr := Reverse(p, q0, FullRank, settings)
	if tr.Objective != "ELBO" || tr.Steps[0].Sweep != 0 || tr.Steps[0].Q.Mean[0] != 1 || math.Abs(tr.Steps[0].Q.Sd(0)-1) > 1e-15 {
		t.Errorf("start: %+v", tr.Steps[0])
	}
	again := Reverse(p, q0, FullRank, fit.Settings{Workers: 7})
	if !slices.EqualFunc(tr.Steps, again.Steps, func(a, b fit.Step[Gaussian]) bool {
		return a.Value == b.Value && a.Q.Mean[0] == b.Q.Mean[0] && a.Q.Cov.At(0, 0) == b.Q.Cov.At(0, 0)
	}) {
		t.Error("the same fit gave another trace")
	}
	last := Reverse(p, q0, FullRank, fit.Settings{Keep: fit.LastOnly})
	if len(last.Steps) != 1 || last.Last().Value != tr.Last().Value {
		t.Errorf("LastOnly: %d steps", len(last.Steps))
	}
	tr.Steps[1].Q.Mean[0], tr.Steps[1].Q.Cov.RawSymmetric().Data[0] = 99, 99
	if tr.Steps[2].Q.Mean[0] == 99 || tr.Steps[0].Q.Mean[0] == 99 || q0.Mean[0] == 99 {
		t.Error("steps share memory")
	}
	short := Reverse(p, q0, FullRank, fit.Settings{Sweeps: 2})
	if short.Status != fit.OutOfSweeps || short.Last().Sweep != 2 {
		t.Errorf("two sweeps: %v, sweep %d", short.Status, short.Last().Sweep)
	}
	rough := Reverse(p, q0, FullRank, fit.Settings{Tol: 1e-2})
	if rough.Status != fit.Converged || len(rough.Steps) > len(tr.Steps) {
		t.Errorf("Tol 1e-2: %v, %d steps", rough.Status, len(rough.Steps))
	}
	never := Reverse(p, q0, FullRank, fit.Settings{Tol: -1})
	if never.Status == fit.Broken || never.Last().Value < tr.Last().Value-1e-14 {
		t.Errorf("negative Tol: %v, %v", never.Status, never.Last().Value)
	}
	if at := Reverse(one(2, 3), one(2, 3), FullRank, settings); at.Status != fit.Converged || len(at.Steps) != 1 {
		t.Errorf("a start at the optimum: %v, %d steps", at.Status, len(at.Steps))
	}
}

func TestBrokenTargetsGetASentence(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Target
		q0   Gaussian
		want string
	}{
		{"NaN", of(func(x []float64) float64 { return math.NaN() }), one(0, 1), "LogProb is NaN"},
		{"NaN on the way", of(func(x []float64) float64 { return -math.Sqrt(20-x[0]) - (x[0]-18)*(x[0]-18)/2 }), one(0, 0.5), "LogProb is NaN"},
		{"half line", of(func(x []float64) float64 {
			if x[0] <= 0 {
				return math.Inf(-1)
			}
			return -x[0]
		}), one(20, 1), "transform the target"},
		{"start off support", of(func(x []float64) float64 {
			if x[0] <= 0 {
				return math.Inf(-1)
			}
			return -x[0]
		}), one(0, 1), "where the start q0 has mass"},
		{"flat", of(func(x []float64) float64 { return 0 }), one(0, 1), "no maximum"},
		{"NaN above 2-D", of(func(x []float64) float64 { return math.NaN() }), unitGaussian(3), "LogProb is NaN"},
	} {
		tr := Reverse(c.p, c.q0, FullRank, settings)
		if tr.Status != fit.Broken || !contains(tr.Reason, c.want) || len(tr.Steps) == 0 {
			t.Errorf("%s: %v %q, want %q", c.name, tr.Status, tr.Reason, c.want)
		}
		if len(tr.Steps) > 1 && math.IsNaN(tr.Last().Value) {
			t.Errorf("%s: the last step kept is NaN", c.name)
		}
	}
}

func TestReverseOptimaOfTwoBumps(t *testing.T) {
	// REFERENCES: for unit bumps at ±a the one-bump optima appear at a ≈ 2.413 and win for a > 2.80008; the
	// covering optimum never disappears.
	optima := func(a float64) []fit.Step[Gaussian] { return ReverseOptima(TwoBumps(a), nil, FullRank, settings) }
	for _, c := range []struct {
		a     float64
		n     int
		cover bool // the best one covers
	}{{1, 1, true}, {2, 1, true}, {2.40, 1, true}, {2.43, 3, true}, {2.7, 3, true}, {2.9, 3, false}, {6, 3, false}, {12, 3, false}} {
		got := optima(c.a)
		if len(got) != c.n || (math.Abs(got[0].Q.Mean[0]) < 1e-6) != c.cover {
			t.Errorf("a = %v: %d optima, the best at %v", c.a, len(got), got[0].Q.Mean[0])
		}
	}
	// Where the one-bump optimum appears, by bisection.
	lo, hi := 2.3, 2.6
	for range 14 {
		mid := (lo + hi) / 2
		if len(optima(mid)) > 1 {
			hi = mid
		} else {
			lo = mid
		}
	}
	near(t, "a of the birth", hi, 2.413, 1e-3)
	// Where it wins: the difference of the two KLs changes sign.
	lead := func(a float64) float64 {
		bump := Reverse(TwoBumps(a), one(a, 1), FullRank, settings).Last().Value
		return bump - Reverse(TwoBumps(a), one(0, a), FullRank, settings).Last().Value
	}
	lo, hi = 2.6, 3.0
	for range 24 {
		mid := (lo + hi) / 2
		if lead(mid) > 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	near(t, "a of the win", hi, 2.80008, 1e-5)
}

func TestReverseOptimaFromStarts(t *testing.T) {
	p := Mixture{Mean: []float64{1, 10}, Sd: []float64{1, 1.5}}
	got := ReverseOptima(p, []Gaussian{one(1, 1), one(10, 1), one(9, 1)}, MeanField, settings)
	if len(got) != 2 || got[0].Value < got[1].Value {
		t.Fatalf("%d optima", len(got))
	}
	near(t, "best mean", got[0].Q.Mean[0], 9.99653944, 1e-6)
	near(t, "second mean", got[1].Q.Mean[0], 1.00150140974, 1e-6)
}

// TestReverseSeesANeedleInThePlane puts a narrow bump on a broad one, between the nodes of a coarse grid.
func TestReverseSeesANeedleInThePlane(t *testing.T) {
	broad, needle := NewGaussian([]float64{0, 0}, []float64{1, 1}), NewGaussian([]float64{0.06, 0.055}, []float64{0.02, 0.02})
	fb, fn := broad.factored("test"), needle.factored("test")
	p := of(func(x []float64) float64 {
		a, b := fb.LogProb(x)-math.Ln2, fn.LogProb(x)-math.Ln2
		return max(a, b) + math.Log1p(math.Exp(-math.Abs(a-b)))
	})
	tr := Reverse(p, NewGaussian([]float64{0.05, 0}, []float64{0.9, 0.9}), MeanField, fit.Settings{Tol: 1e-4})
	checkTrace(t, "needle", tr)
	q := tr.Last().Q.factored("test")
	// E ln p by a plain sum on a fine grid, in the needle's own neighbourhood finer still.
	var sum float64
	const wide, n = 8.0, 800
	cellwise := func(cx, cy, half float64, n int, skip float64) {
		h := 2 * half / float64(n)
		for i := range n {
			for j := range n {
				x := []float64{cx - half + h*(float64(i)+0.5), cy - half + h*(float64(j)+0.5)}
				if math.Abs(x[0]-0.06) < skip && math.Abs(x[1]-0.055) < skip {
					continue
				}
				sum += h * h * math.Exp(q.LogProb(x)) * (p.LogProb(x) - q.LogProb(x))
			}
		}
	}
	cellwise(0.06, 0.055, wide, n, wide/16)
	cellwise(0.06, 0.055, wide/16, n, 0)
	near(t, "ELBO", tr.Last().Value, sum, 1e-5)
}

// TestReverseInThePlaneAgainstTheLine: on a product of 1-D targets, mean field is the product of the 1-D fits,
// and turning the plane turns the full-rank fit with it.
func TestReverseInThePlaneAgainstTheLine(t *testing.T) {
	t.Parallel()
	p1 := Mixture{[]float64{1, 3}, []float64{-1, 2}, []float64{0.5, 1.25}}
	p2 := of(func(x []float64) float64 { return -2.5 * math.Log1p((x[0]-3)*(x[0]-3)/4) })
	p := of(func(x []float64) float64 { return p1.LogProb(x[:1]) + p2(x[1:]) })
	a, b := Reverse(p1, one(1, 1), FullRank, settings).Last(), Reverse(p2, one(2, 1), FullRank, settings).Last()
	both := Reverse(p, NewGaussian([]float64{1, 2}, []float64{1, 1}), MeanField, settings)
	checkTrace(t, "product", both)
	near(t, "ELBO", both.Last().Value, a.Value+b.Value, 1e-9)
	for i, want := range []Gaussian{a.Q, b.Q} {
		near(t, "mean", both.Last().Q.Mean[i], want.Mean[0], optTol/100)
		near(t, "sd", both.Last().Q.Sd(i), want.Sd(0), optTol/100)
	}
	sin, cos := math.Sincos(0.7)
	turned := of(func(x []float64) float64 {
		return p([]float64{cos*x[0] + sin*x[1], -sin*x[0] + cos*x[1]})
	})
	start := []float64{cos*1 - sin*2, sin*1 + cos*2}
	plain := Reverse(p, NewGaussian([]float64{1, 2}, []float64{1, 1}), FullRank, settings)
	turn := Reverse(turned, NewGaussian(start, []float64{1, 1}), FullRank, settings)
	checkTrace(t, "turned", turn)
	near(t, "ELBO, turned", turn.Last().Value, plain.Last().Value, 1e-9)
	q := plain.Last().Q
	near(t, "mean, turned", turn.Last().Q.Mean[0], cos*q.Mean[0]-sin*q.Mean[1], optTol/10)
	near(t, "variance, turned", turn.Last().Q.Cov.At(0, 0), cos*cos*q.Cov.At(0, 0)+sin*sin*q.Cov.At(1, 1)-2*sin*cos*q.Cov.At(0, 1), optTol)
}
