package kl

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// checkMoments holds Forward's answer against a known mean and covariance, and MeanField's against its diagonal.
func checkMoments(t *testing.T, name string, p Target, q0 Gaussian, mean []float64, cov [][]float64, tol float64) {
	t.Helper()
	full, mf := Forward(p, q0, FullRank, settings), Forward(p, q0, MeanField, settings)
	for i := range mean {
		scale := math.Sqrt(cov[i][i])
		for _, tr := range []fit.Trace[Gaussian]{full, mf} {
			if tr.Status != fit.Converged {
				t.Fatalf("%s: %v %s", name, tr.Status, tr.Reason)
			}
			near(t, name+": mean", (tr.Last().Q.Mean[i]-mean[i])/scale, 0, tol)
			near(t, name+": sd", tr.Last().Q.Sd(i)/scale, 1, tol)
		}
		for j := range i {
			near(t, name+": covariance", full.Last().Q.Cov.At(i, j)/scale/math.Sqrt(cov[j][j]), cov[i][j]/scale/math.Sqrt(cov[j][j]), tol)
			near(t, name+": mean field's covariance", mf.Last().Q.Cov.At(i, j), 0, 0)
		}
	}
	if full.Last().Value < mf.Last().Value-1e-12 || mf.Last().Value < mf.Steps[0].Value-1e-12 {
		t.Errorf("%s: values full %v, mean field %v, start %v", name, full.Last().Value, mf.Last().Value, mf.Steps[0].Value)
	}
}

func TestForwardOnKnownMoments(t *testing.T) {
	t.Parallel()
	q1, q2 := one(0.3, 2), NewGaussian([]float64{1, 1}, []float64{1, 1})
	tail := math.Exp(0.5)
	for _, rho := range []float64{0, 0.9, -0.99, 0.9999} {
		cov := [][]float64{{1, rho}, {rho, 1}}
		checkMoments(t, "Gaussian", Correlated(rho), q2, []float64{0, 0}, cov, 0)
		checkMoments(t, "a Gaussian's LogProb", bare{Correlated(rho)}, q2, []float64{0, 0}, cov, 1e-9)
	}
	checkMoments(t, "funnel", Funnel{}, q2, []float64{0, 0}, [][]float64{{1, 0}, {0, tail}}, 1e-8)
	checkMoments(t, "funnel, sd 2", bare{Funnel{Sd: 2}}, q2, []float64{0, 0}, [][]float64{{4, 0}, {0, math.Exp(2)}}, 1e-8)
	// Banana: x₂ = b(x₁² − S²) + z has variance 2b²S⁴ + 1.
	checkMoments(t, "banana", bare{Banana{}}, q2, []float64{0, 0}, [][]float64{{2.25, 0}, {0, 1 + 0.5*math.Pow(1.5, 4)}}, 1e-8)
	checkMoments(t, "banana from afar", bare{Banana{}}, NewGaussian([]float64{100, 3}, []float64{1, 0.1}), []float64{0, 0}, [][]float64{{2.25, 0}, {0, 1 + 0.5*math.Pow(1.5, 4)}}, 1e-8)
	for _, m := range []Mixture{TwoBumps(2), TwoBumps(50), {[]float64{1, 9}, []float64{-3, 100}, []float64{0.5, 2}}} {
		g := m.Moments()
		checkMoments(t, "mixture", m, q1, g.Mean, [][]float64{{g.Cov.At(0, 0)}}, 1e-10)
		checkMoments(t, "mixture seen from afar", bare{m}, one(-1000, 0.1), g.Mean, [][]float64{{g.Cov.At(0, 0)}}, 1e-10)
	}
	// Student's t with ν degrees of freedom: variance ν/(ν − 2).
	for _, nu := range []float64{2.2, 3, 10} {
		p := of(func(x []float64) float64 { return -(nu + 1) / 2 * math.Log1p((x[0]-3)*(x[0]-3)/nu) })
		checkMoments(t, "student", p, q1, []float64{3}, [][]float64{{nu / (nu - 2)}}, 1e-8)
	}
	plane := of(func(x []float64) float64 { return -3.5 * math.Log1p(((x[0]-3)*(x[0]-3)+x[1]*x[1]/4)/5) })
	checkMoments(t, "student in the plane", plane, q2, []float64{3, 0}, [][]float64{{5.0 / 3, 0}, {0, 20.0 / 3}}, 1e-8)
	// Four bumps on a rectangle.
	four := of(func(x []float64) float64 { return TwoBumps(20).LogProb(x[:1]) + TwoBumps(30).LogProb(x[1:]) })
	checkMoments(t, "four bumps", four, q2, []float64{0, 0}, [][]float64{{401, 0}, {0, 901}}, 1e-8)
	// A half line and a box: p is 0 elsewhere.
	half := of(func(x []float64) float64 {
		if x[0] <= 0 {
			return math.Inf(-1)
		}
		return 2*math.Log(x[0]) - 4*x[0]
	})
	checkMoments(t, "gamma", half, one(1, 1), []float64{0.75}, [][]float64{{3.0 / 16}}, 1e-7)
}

// Bumps a thousand times narrower than others, far away and on their slopes: a Mixture knows where its own are, and of
// another target they are looked for on even grids, which find them unless they are narrower still.
func TestForwardFindsNeedles(t *testing.T) {
	t.Parallel()
	const tol = 1e-9
	r := rand.New(rand.NewPCG(3, 3))
	for i := range 18 {
		spread, narrow := math.Pow(10, 2*r.Float64()), -3+4*r.Float64()
		m := Mixture{Weight: []float64{0.1 + r.Float64(), 0.1 + r.Float64(), 0.1 + r.Float64()}}
		for range m.Weight {
			m.Mean, m.Sd = append(m.Mean, spread*r.NormFloat64()), append(m.Sd, math.Pow(10, narrow*r.Float64()))
		}
		g := m.Moments()
		checkMoments(t, "mixture", m, one(r.NormFloat64(), 1), g.Mean, [][]float64{{g.Cov.At(0, 0)}}, tol)
		if i%6 == 0 {
			within := Mixture{Weight: m.Weight, Mean: []float64{0, 2 + spread/50, -3}, Sd: []float64{2, 0.004, 0.5}}
			g := within.Moments()
			checkMoments(t, "hidden needle", bare{within}, one(0.5, 1), g.Mean, [][]float64{{g.Cov.At(0, 0)}}, tol)
		}
	}
	// A thin bump across a plane, beside two others.
	thin := Gaussian{[]float64{1, -4.7}, mat.NewSymDense(2, []float64{8.5, -0.0758, -0.0758, 0.0014})}
	tall, small := NewGaussian([]float64{3, 4.6}, []float64{0.17, 1.7}), NewGaussian([]float64{0.5, 3.7}, []float64{0.2, 0.2})
	plane := of(func(x []float64) float64 {
		return math.Log(0.4*math.Exp(thin.LogProb(x)) + 0.4*math.Exp(tall.LogProb(x)) + 0.2*math.Exp(small.LogProb(x)) + math.SmallestNonzeroFloat64)
	})
	want := []float64{0.4*1 + 0.4*3 + 0.2*0.5, -0.4*4.7 + 0.4*4.6 + 0.2*3.7}
	for i, v := range Forward(plane, unitGaussian(2), FullRank, settings).Last().Q.Mean {
		near(t, "a thin bump in the plane: mean", v, want[i], 1e-5)
	}
}

func TestForwardOfARing(t *testing.T) {
	// E r² over the ring's radius, r e^(−(r−R)²/2w²), is its second moment; each variance is half of it.
	for _, r := range []Ring{{}, {Radius: 3, Width: 0.1}} {
		radius, width := r.filled()
		n := 400_000
		var mass, second float64
		for i := range n {
			s := (radius + 12*width) * (float64(i) + 0.5) / float64(n)
			w := s * math.Exp(-(s-radius)*(s-radius)/(2*width*width))
			mass, second = mass+w, second+w*s*s
		}
		v := second / mass / 2
		checkMoments(t, "ring", r, unitGaussian(2), []float64{0, 0}, [][]float64{{v, 0}, {0, v}}, 1e-9)
	}
}

func TestForwardFindsTheNormaliser(t *testing.T) {
	scaled := of(func(x []float64) float64 { return TwoBumps(2).LogProb(x) + 700 })
	m := MomentsOf(scaled, one(0, 1), settings)
	near(t, "ln Z", m.LogZ, 700, 1e-11)
	tr := Forward(scaled, one(0, 1), FullRank, settings)
	near(t, "KL", -tr.Last().Value, 0.17199876248009, 1e-12)
	if tr.Objective != "−KL(p‖q)" {
		t.Errorf("objective %q", tr.Objective)
	}
	// The start's value too is −KL(p‖q0).
	kl, _ := Quad(onLine(TwoBumps(2)), onLine(one(0, 1)), math.Inf(-1), math.Inf(1))
	near(t, "KL at the start", -tr.Steps[0].Value, kl, 1e-10)
}

func TestForwardByDraws(t *testing.T) {
	p := Funnel{Dim: 5}
	tr := Forward(p, unitGaussian(5), FullRank, settings)
	m := MomentsOf(p, unitGaussian(5), settings)
	if tr.Status != fit.Converged || tr.Objective != "−KL(p‖q) − ln Z" || m.Draws == 0 {
		t.Fatalf("%v %q, %d draws", tr.Status, tr.Objective, m.Draws)
	}
	for i := range 5 {
		want := math.Exp(0.5)
		if i == 0 {
			want = 1
		}
		if d := math.Abs(tr.Last().Q.Mean[i]); d > 4.5*m.MeanErr[i] || !(m.MeanErr[i] > 0) {
			t.Errorf("mean %d is off by %v ± %v", i, d, m.MeanErr[i])
		}
		if d := math.Abs(tr.Last().Q.Cov.At(i, i) - want); d > 4.5*m.CovErr.At(i, i) {
			t.Errorf("variance %d is off by %v ± %v", i, d, m.CovErr.At(i, i))
		}
		if tr.Last().Q.Mean[i] != m.Gaussian.Mean[i] {
			t.Error("MomentsOf reports on another answer")
		}
	}
	other := Forward(p, unitGaussian(5), FullRank, fit.Settings{Seed: 1})
	if other.Last().Q.Mean[0] == tr.Last().Q.Mean[0] {
		t.Error("the seed changes nothing")
	}
	g := Gaussian{[]float64{1, 2, 3}, spd(3, rand.New(rand.NewPCG(1, 2)))}
	exact := Forward(g, unitGaussian(3), MeanField, settings)
	near(t, "a Gaussian's variance", exact.Last().Q.Cov.At(2, 2), g.Cov.At(2, 2), 0)
}

func TestForwardBroken(t *testing.T) {
	cauchy := func(x []float64) float64 {
		s := 0.0
		for _, v := range x {
			s += v * v
		}
		return -float64(len(x)+1) / 2 * math.Log1p(s)
	}
	for _, c := range []struct {
		name string
		p    Target
		d    int
		want string
	}{
		{"no draws", of(cauchy), 3, "no Draw method"},
		{"no variance", of(cauchy), 1, "no finite"},
		{"no variance in the plane", of(cauchy), 2, "no finite"},
		{"flat", of(func([]float64) float64 { return 0 }), 1, "no finite"},
		{"flat in the plane", of(func([]float64) float64 { return 0 }), 2, "no finite"},
		{"NaN", of(func([]float64) float64 { return math.NaN() }), 1, "LogProb is NaN"},
		{"NaN in the plane", of(func([]float64) float64 { return math.NaN() }), 2, "LogProb is NaN"},
		{"nowhere", of(func([]float64) float64 { return math.Inf(-1) }), 1, "−Inf wherever"},
		{"nowhere in the plane", of(func([]float64) float64 { return math.Inf(-1) }), 2, "−Inf wherever"},
	} {
		tr := Forward(c.p, unitGaussian(c.d), FullRank, settings)
		if tr.Status != fit.Broken || !contains(tr.Reason, c.want) || len(tr.Steps) != 1 {
			t.Errorf("%s: %v %q, want %q", c.name, tr.Status, tr.Reason, c.want)
		}
	}
}
