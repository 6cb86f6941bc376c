package kl

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"
)

func TestGaussianAgainstGonum(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for _, d := range []int{1, 2, 3, 10} {
		g := Gaussian{make([]float64, d), spd(d, rng)}
		x := make([]float64, d)
		for i := range x {
			g.Mean[i], x[i] = rng.NormFloat64(), rng.NormFloat64()
		}
		ref, _ := distmv.NewNormal(g.Mean, g.Cov, nil)
		if got, want := g.LogProb(x), ref.LogProb(x); relErr(got, want) > 1e-11 {
			t.Errorf("d = %d: LogProb = %v, want %v", d, got, want)
		}
		if got, want := g.Entropy(), ref.Entropy(); relErr(got, want) > 1e-12 {
			t.Errorf("d = %d: Entropy = %v, want %v", d, got, want)
		}
		want := ref.ScoreInput(nil, x)
		for i, v := range g.ScoreInput(nil, x) {
			if relErr(v, want[i]) > 1e-9 {
				t.Errorf("d = %d: score %v, want %v", d, v, want[i])
			}
		}
		if m := g.Marginal(0); m.Mu != g.Mean[0] || m.Sigma != math.Sqrt(g.Cov.At(0, 0)) {
			t.Errorf("d = %d: Marginal = %+v", d, m)
		}
	}
}

func TestGaussianDraws(t *testing.T) {
	g := Gaussian{[]float64{1, -2}, mat.NewSymDense(2, []float64{2, -0.9, -0.9, 1})}
	rng := rand.New(rand.NewPCG(1, 1))
	const n = 50_000
	x := make([]float64, 2)
	var m0, m1, c01 running
	for range n {
		g.Draw(x, rng)
		m0.add(x[0])
		m1.add(x[1])
		c01.add((x[0] - 1) * (x[1] + 2))
	}
	if math.Abs(m0.mean-1) > 4*m0.se() || math.Abs(m1.mean+2) > 4*m1.se() || math.Abs(c01.mean+0.9) > 4*c01.se() {
		t.Errorf("means %v, %v, covariance %v", m0.mean, m1.mean, c01.mean)
	}
}

func TestEllipse(t *testing.T) {
	g := Gaussian{[]float64{1, -2}, mat.NewSymDense(2, []float64{2, -0.9, -0.9, 1})}
	cx, cy, major, minor, angle := g.Ellipse(0.9)
	// Every point of it has Mahalanobis distance² −2 ln 0.1: the same LogProb.
	peak := g.LogProb(g.Mean)
	for i := range 12 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / 12)
		s, c := math.Sincos(angle)
		x := []float64{cx + major*cos*c - minor*sin*s, cy + major*cos*s + minor*sin*c}
		if drop := peak - g.LogProb(x); relErr(drop, -math.Log(0.1)) > 1e-12 {
			t.Errorf("point %d is %v nats down, want ln 10", i, drop)
		}
	}
	if major < minor || angle <= -math.Pi/2 || angle > math.Pi/2 {
		t.Errorf("major %v, minor %v, angle %v", major, minor, angle)
	}
	// The mass inside, by draws.
	rng := rand.New(rand.NewPCG(2, 2))
	in := 0
	x := make([]float64, 2)
	for range 20_000 {
		g.Draw(x, rng)
		if peak-g.LogProb(x) < -math.Log(0.1) {
			in++
		}
	}
	if math.Abs(float64(in)/20_000-0.9) > 0.01 {
		t.Errorf("mass inside %v", float64(in)/20_000)
	}
	if _, _, a, b, angle := Correlated(0).Ellipse(0.5); a != b || angle != 0 {
		t.Errorf("circle: %v, %v, %v", a, b, angle)
	}
	if _, _, a, b, angle := Correlated(0.999999).Ellipse(0.5); relErr(b/a, math.Sqrt(1e-6/1.999999)) > 1e-9 || relErr(angle, math.Pi/4) > 1e-12 {
		t.Errorf("needle: %v, %v, %v", a, b, angle)
	}
}

// named lists every target with known mass 1.
func named() map[string]Target {
	return map[string]Target{
		"two bumps":  TwoBumps(2.6),
		"mixture":    Mixture{Weight: []float64{1, 3}, Mean: []float64{-1, 2}, Sd: []float64{0.5, 1.25}},
		"banana":     Banana{},
		"bent down":  Banana{Bend: -0.3, Sd: 2},
		"ring":       Ring{},
		"thick ring": Ring{Radius: 1, Width: 0.8},
		"funnel":     Funnel{},
		"correlated": Correlated(0.9),
	}
}

func dimOf(p Target) int {
	lo, _ := p.(Windower).Window()
	return len(lo)
}

func unitGaussian(d int) Gaussian {
	one := make([]float64, d)
	for i := range one {
		one[i] = 1
	}
	return NewGaussian(make([]float64, d), one)
}

func TestNamedTargetsAreNormalised(t *testing.T) {
	for name, p := range named() {
		m := MomentsOf(bare{p}, unitGaussian(dimOf(p)), settings)
		if m.Reason != "" || math.Abs(m.LogZ) > 1e-9 {
			t.Errorf("%s: ln Z = %v %s", name, m.LogZ, m.Reason)
		}
	}
}

func TestNamedTargetsDrawWhatTheySay(t *testing.T) {
	for name, p := range named() {
		d := dimOf(p)
		m := MomentsOf(bare{p}, unitGaussian(d), settings)
		rng := rand.New(rand.NewPCG(5, 5))
		x := make([]float64, d)
		k := make([]running, 2*d+1)
		for range 40_000 {
			p.(Drawer).Draw(x, rng)
			for i, v := range x {
				k[i].add(v - m.Gaussian.Mean[i])
				k[d+i].add((v - m.Gaussian.Mean[i]) * (v - m.Gaussian.Mean[i]))
			}
			k[2*d].add(-p.LogProb(x))
		}
		for i := range d {
			if math.Abs(k[i].mean) > 4.5*k[i].se() {
				t.Errorf("%s: mean %d of draws is off by %v ± %v", name, i, k[i].mean, k[i].se())
			}
			if math.Abs(k[d+i].mean-m.Gaussian.Cov.At(i, i)) > 4.5*k[d+i].se() {
				t.Errorf("%s: variance %d of draws is %v ± %v, want %v", name, i, k[d+i].mean, k[d+i].se(), m.Gaussian.Cov.At(i, i))
			}
		}
		if math.Abs(k[2*d].mean-m.Entropy) > 4.5*k[2*d].se() {
			t.Errorf("%s: entropy of draws %v ± %v, want %v", name, k[2*d].mean, k[2*d].se(), m.Entropy)
		}
	}
}

func TestScoresAreGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	targets := named()
	targets["funnel in 5-D"] = Funnel{Sd: 2, Dim: 5}
	for name, p := range targets {
		d := dimOf(p)
		numeric := gradient(bare{p}, bare{p})
		x, want := make([]float64, d), make([]float64, d)
		for range 20 {
			for i := range x {
				x[i] = rng.NormFloat64()
			}
			numeric(want, x)
			for i, v := range p.(Scorer).ScoreInput(nil, x) {
				if math.Abs(v-want[i]) > 1e-6*(1+math.Abs(v)) {
					t.Fatalf("%s at %v: score %d is %v, differences say %v", name, x, i, v, want[i])
				}
			}
		}
	}
}

func TestWindowsHoldTheMass(t *testing.T) {
	for name, p := range named() {
		lo, hi := p.(Windower).Window()
		rng := rand.New(rand.NewPCG(7, 7))
		x := make([]float64, len(lo))
		in := 0
		for range 5000 {
			p.(Drawer).Draw(x, rng)
			inside := true
			for i, v := range x {
				inside = inside && v >= lo[i] && v <= hi[i]
			}
			if inside {
				in++
			}
		}
		if in < 4850 {
			t.Errorf("%s: %d of 5000 draws in the window", name, in)
		}
	}
}

// bare hides everything of a target but LogProb.
type bare struct{ p Target }

func (b bare) LogProb(x []float64) float64 { return b.p.LogProb(x) }
