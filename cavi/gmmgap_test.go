package cavi

import (
	"math"
	"testing"

	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"

	"gonum.org/v1/gonum/stat/distuv"
)

// eachAssignment calls f for all Kⁿ assignments.
func eachAssignment(n, k int, f func(c []int)) {
	c := make([]int, n)
	for {
		f(c)
		i := 0
		for ; i < n; i++ {
			if c[i]++; c[i] < k {
				break
			}
			c[i] = 0
		}
		if i == n {
			return
		}
	}
}

// jointKL is KL(q(μ, c) ‖ p(μ, c | x)) by enumeration: Σ_c q(c) [ln q(c) − ln p(c, x) + KL(q(μ) ‖ p(μ | c, x))] + ln p(x),
// where ln p(c, x) = ln p(x, μ, c) − ln p(μ | c, x) at any μ, here at 0.
func jointKL(m model.GMM, q GMMFactors, logEvidence float64) float64 {
	m = m.Filled()
	s2, t2 := m.Sigma*m.Sigma, m.Tau0*m.Tau0
	var total float64
	eachAssignment(len(m.X), m.K, func(c []int) {
		lnQ, lnJoint := 0.0, -float64(len(c))*math.Log(float64(m.K))
		n, s := make([]float64, m.K), make([]float64, m.K)
		for i, x := range m.X {
			lnQ += math.Log(q.Responsibilities(x)[c[i]])
			n[c[i]]++
			s[c[i]] += x
			lnJoint += distuv.Normal{Mu: 0, Sigma: m.Sigma}.LogProb(x)
		}
		v := lnQ
		for k := range m.K {
			variance := 1 / (1/t2 + n[k]/s2)
			given := distuv.Normal{Mu: variance * (m.Mu0/t2 + s[k]/s2), Sigma: math.Sqrt(variance)}
			lnJoint += distuv.Normal{Mu: m.Mu0, Sigma: m.Tau0}.LogProb(0) - given.LogProb(0)
			v += kl.Normal(distuv.Normal{Mu: q.Mean[k], Sigma: math.Sqrt(q.Var[k])}, given)
		}
		total += math.Exp(lnQ) * (v - lnJoint)
	})
	return total + logEvidence
}

func smallMixtures() map[string]GMM {
	return map[string]GMM{
		"K 1":              {GMM: model.GMM{X: []float64{0.3, 1.2, -1}, K: 1, Tau0: 2}},
		"overlapping":      {GMM: model.GMM{X: []float64{-1, 0.2, 1.4, 0.9}, Tau0: 1.5, Mu0: 0.3}, Init: []float64{-1, 1}},
		"apart":            {GMM: model.GMM{X: []float64{-4, -3.1, 3, 4.2, 3.3}, Tau0: 3}, Init: []float64{-1, 1}},
		"noise sd 2":       {GMM: model.GMM{X: []float64{-4, 0.5, 3, 7, -2}, Sigma: 2, Mu0: 1, Tau0: 4}, Init: []float64{-3, 5}},
		"on the saddle":    {GMM: model.GMM{X: []float64{-1, 0.2, 1.4}, Tau0: 1.5}, Init: []float64{1, 1}},
		"three components": {GMM: model.GMM{X: []float64{-4, 0.5, 3, 7}, K: 3, Tau0: 4}, Init: []float64{-3, 1, 5}},
	}
}

func TestGapIsTheJointDivergence(t *testing.T) {
	const tol = 1e-10
	for name, m := range smallMixtures() {
		p, err := exact.GMM(m.GMM, exact.Config{})
		if err != nil {
			t.Fatal(err)
		}
		tr := Fit(m, fit.Settings{Sweeps: 6, Tol: -1})
		for i, step := range tr.Steps {
			if got, want := p.LogEvidence-step.Value, jointKL(m.GMM, step.Q, p.LogEvidence); !near(got, want, tol) {
				t.Errorf("%s, step %d: gap %.14g, KL(q‖p) by enumeration %.14g", name, i, got, want)
			}
		}
	}
}

// overMeans integrates f against q(μ) on a lattice of two means.
func overMeans(q GMMFactors, f func(mu []float64) float64) float64 {
	const reach, h = 7.6, 0.19
	var total float64
	for a := -reach; a <= reach; a += h {
		for b := -reach; b <= reach; b += h {
			mu := []float64{q.Mean[0] + a*math.Sqrt(q.Var[0]), q.Mean[1] + b*math.Sqrt(q.Var[1])}
			total += math.Exp(-(a*a+b*b)/2) / (2 * math.Pi) * h * h * f(mu)
		}
	}
	return total
}

// Both splits, each part by its own definition.
func TestGapSplits(t *testing.T) {
	const tol = 1e-8
	for name, m := range smallMixtures() {
		if m.K == 1 || m.K == 3 {
			continue
		}
		p, err := exact.GMM(m.GMM, exact.Config{})
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range Fit(m, fit.Settings{Sweeps: 4, Tol: -1}).Steps {
			q := step.Q
			g := m.Gap(q, p.LogEvidence)
			means := overMeans(q, func(mu []float64) float64 { return math.Log(q.Density(mu)) - p.LogDensity(mu) })
			if !near(g.Means, means, tol+g.Err) {
				t.Errorf("%s, sweep %d %s: KL(q(μ)‖p(μ|x)) = %.12g ± %.1g, by quadrature %.12g", name, step.Sweep, step.Update, g.Means, g.Err, means)
			}
			swapped := q
			swapped.Mean, swapped.Var = []float64{q.Mean[1], q.Mean[0]}, []float64{q.Var[1], q.Var[0]}
			var labels float64
			eachAssignment(len(m.X), 2, func(c []int) {
				own, other := 1.0, 1.0
				for i, x := range m.X {
					phi := q.Responsibilities(x)
					own *= phi[c[i]]
					other *= phi[1-c[i]]
				}
				labels += own * overMeans(q, func(mu []float64) float64 {
					return math.Ln2 - math.Log1p(other/own*swapped.Density(mu)/q.Density(mu))
				})
			})
			if !near(g.Labels, labels, tol) {
				t.Errorf("%s, sweep %d %s: labels' share %.12g, by enumeration %.12g", name, step.Sweep, step.Update, g.Labels, labels)
			}
			if g.Labels < 0 || g.Labels > math.Ln2 || g.Assignments < -1e-9 || g.MeanField < -1e-9 || g.Means < -1e-9 {
				t.Errorf("%s: a part below 0: %+v", name, g)
			}
		}
	}
}

// The draws that serve K > 2 agree with the quadrature at K = 2, and with ln K! where nothing overlaps.
func TestSampledGap(t *testing.T) {
	const sds = 4.5
	m := GMM{GMM: model.GMM{X: []float64{-1, 0.2, 1.4, 0.9}, Tau0: 1.5, Mu0: 0.3}, Init: []float64{-1, 1}}
	q := m.Factors([]float64{-0.5, 0.6}, []float64{0.05, 0.8})
	p, _ := exact.GMM(m.GMM, exact.Config{})
	want := m.Gap(q, p.LogEvidence)
	m.GMM = m.Filled()
	assignments, labels, se := m.sampledGap(q)
	if math.Abs(assignments-want.Assignments) > sds*se || math.Abs(labels-want.Labels) > sds*se || se > 0.02 {
		t.Errorf("from draws %v and %v ± %v, by quadrature %v and %v", assignments, labels, se, want.Assignments, want.Labels)
	}
	x, _ := model.SimulateGMM(60, []float64{-9, 0, 9}, 1, rng(3))
	three := GMM{GMM: model.GMM{X: x, K: 3}, Init: []float64{-8, 1, 8}}
	g := three.Gap(Fit(three, fit.Settings{}).Last().Q, -200)
	if math.Abs(g.Labels-math.Log(6)) > 1e-9 {
		t.Errorf("labels' share of three bumps far apart %v, want ln 6", g.Labels)
	}
	three.Init = []float64{1, 1, 1}
	g = three.Gap(Fit(three, fit.Settings{}).Last().Q, -200)
	if math.Abs(g.Labels) > 1e-9 {
		t.Errorf("labels' share of three equal components %v, want 0", g.Labels)
	}
}

// Data moved by a power of two without rounding have the same gap, and the same parts of it to the errors given.
func TestGapFarFromZero(t *testing.T) {
	const far = 0x1p30
	r := rng(6)
	for range 20 {
		x, moved := make([]float64, 30), make([]float64, 30)
		for i := range x {
			x[i] = math.Round(64*(3*float64(r.IntN(2))+r.NormFloat64())) / 64
			moved[i] = x[i] + far
		}
		m, there := GMM{GMM: model.GMM{X: x}, Init: []float64{0, 1}}, GMM{GMM: model.GMM{X: moved, Mu0: far}, Init: []float64{far, far + 1}}
		s := fit.Settings{Sweeps: 5, Tol: -1, Keep: fit.LastOnly}
		a, b := m.Gap(Fit(m, s).Last().Q, -90), there.Gap(Fit(there, s).Last().Q, -90)
		// The means themselves are rounded to 2⁻²³ far away.
		if math.Abs(a.Assignments-b.Assignments) > a.Err+b.Err+1e-6 || b.Err > 1e-8 {
			t.Errorf("assignments %.12g ± %.1g, far from 0 %.12g ± %.1g", a.Assignments, a.Err, b.Assignments, b.Err)
		}
	}
}
