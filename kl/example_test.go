package kl_test

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/fit"
	"elboroom/kl"
)

// The averaging density comes first, and the order matters.
func ExampleNormal() {
	q, p := distuv.Normal{Mu: 0, Sigma: 1}, distuv.Normal{Mu: 1, Sigma: 2}
	fmt.Printf("KL(q‖p) = %.4f nats\n", kl.Normal(q, p))
	fmt.Printf("KL(p‖q) = %.4f nats\n", kl.Normal(p, q))
	// Output:
	// KL(q‖p) = 0.4431 nats
	// KL(p‖q) = 1.3069 nats
}

func ExampleQuad() {
	q, p := distuv.Normal{Mu: 0, Sigma: 1}, distuv.StudentsT{Mu: 0, Sigma: 1, Nu: 1}
	value, bound := kl.Quad(q.LogProb, p.LogProb, math.Inf(-1), math.Inf(1))
	fmt.Printf("%.6f, good to 1e-9: %t\n", value, bound < 1e-9)
	// Output: 0.259245, good to 1e-9: true
}

func ExampleSampled() {
	q, p := kl.NewGaussian([]float64{0.5}, []float64{1}), kl.NewGaussian([]float64{0}, []float64{1})
	e := kl.Sampled(q.Draw, q.LogProb, p.LogProb, 100_000, 1)
	fmt.Printf("k1 %.2f  k3 %.2f  (exactly %.3f)\n", e.K1, e.K3, kl.MvNormal(q, p))
	// Output: k1 0.12  k3 0.13  (exactly 0.125)
}

// Forward KL covers both bumps; reverse KL has several optima, and which one wins depends on the distance.
func ExampleReverse() {
	p := kl.TwoBumps(3.2)
	start := kl.NewGaussian([]float64{3}, []float64{1})
	reverse := kl.Reverse(p, start, kl.FullRank, fit.Settings{}).Last()
	forward := kl.Forward(p, start, kl.FullRank, fit.Settings{}).Last()
	fmt.Printf("reverse: mean %.3f, sd %.3f, KL(q‖p) %.4f\n", reverse.Q.Mean[0], reverse.Q.Sd(0), -reverse.Value)
	fmt.Printf("forward: mean %.3f, sd %.3f, KL(p‖q) %.4f\n", math.Abs(forward.Q.Mean[0]), forward.Q.Sd(0), -forward.Value)
	// Output:
	// reverse: mean 3.192, sd 1.012, KL(q‖p) 0.6910
	// forward: mean 0.000, sd 3.353, KL(p‖q) 0.5186
}

func ExampleReverseOptima() {
	for _, o := range kl.ReverseOptima(kl.TwoBumps(2.6), nil, kl.FullRank, fit.Settings{}) {
		fmt.Printf("|mean| %.3f  sd %.3f  KL %.4f\n", math.Abs(o.Q.Mean[0]), o.Q.Sd(0), -o.Value)
	}
	// Output:
	// |mean| 0.000  sd 2.461  KL 0.5446
	// |mean| 2.530  sd 1.089  KL 0.6749
	// |mean| 2.530  sd 1.089  KL 0.6749
}

// Mean field is too narrow by √(1 − ρ²).
func ExampleReverse_meanField() {
	start := kl.NewGaussian([]float64{-2.2, 1.6}, []float64{1, 1})
	q := kl.Reverse(kl.Correlated(0.9), start, kl.MeanField, fit.Settings{}).Last().Q
	fmt.Printf("sds %.4f and %.4f\n", q.Sd(0), q.Sd(1))
	// Output: sds 0.4359 and 0.4359
}

func ExampleGaussian_Ellipse() {
	_, _, major, minor, angle := kl.Correlated(0.9).Ellipse(0.95)
	fmt.Printf("semi-axes %.3f and %.3f at %.0f°\n", major, minor, angle*180/math.Pi)
	// Output: semi-axes 3.374 and 0.774 at 45°
}

func ExampleParetoK() {
	// A q too narrow by a factor of 2: its weights have a heavy tail, k = 3/4.
	p, q := distuv.Normal{Mu: 0, Sigma: 1}, distuv.Normal{Mu: 0, Sigma: 0.5}
	ratios := make([]float64, 4000)
	for i := range ratios {
		x := q.Quantile((float64(i) + 0.5) / 4000)
		ratios[i] = p.LogProb(x) - q.LogProb(x)
	}
	k, sd := kl.ParetoK(ratios)
	fmt.Printf("k̂ = %.1f ± %.1f\n", k, sd)
	// Output: k̂ = 0.7 ± 0.1
}

// Two ways to estimate the same gradient, at the optimum: only one of them is quiet there.
func ExampleGradientNoise() {
	p := kl.Correlated(0.9)
	for _, e := range []kl.Estimator{kl.StickingTheLanding, kl.Reparameterised} {
		_, sd := kl.GradientNoise(p, p, kl.FullRank, kl.BlackBox{Estimator: e}, 500, 1)
		fmt.Printf("%-21s noise %.1f\n", e.String()+":", sd[0])
	}
	// Output:
	// sticking the landing: noise 0.0
	// reparameterised:      noise 0.3
}

// The Gaussian with the target's own moments, whatever the start.
func ExampleForward() {
	p := kl.Mixture{Weight: []float64{0.5, 0.5}, Mean: []float64{1, 10}, Sd: []float64{1, 1.5}}
	best := kl.Forward(p, kl.NewGaussian([]float64{0}, []float64{1}), kl.FullRank, fit.Settings{}).Last()
	fmt.Printf("mean %.2f, variance %.3f, KL(p‖q) %.6f\n", best.Q.Mean[0], best.Q.Cov.At(0, 0), -best.Value)
	// Output: mean 5.50, variance 21.875, KL(p‖q) 0.647268
}

// Noisy gradients end near the optimum that quadrature finds.
func ExampleReverseBlackBox() {
	start := kl.NewGaussian([]float64{0, 0}, []float64{1, 1})
	tr := kl.ReverseBlackBox(kl.Correlated(0.8), start, kl.MeanField, kl.BlackBox{}, fit.Settings{Seed: 1, Sweeps: 2000})
	q := tr.Last().Q
	fmt.Printf("sds %.1f and %.1f, where the optimum has %.1f\n", q.Sd(0), q.Sd(1), math.Sqrt(1-0.8*0.8))
	// Output: sds 0.6 and 0.6, where the optimum has 0.6
}

// Half-way from one KL to the other, and the two ends.
func ExampleAlpha() {
	q, p := distuv.Normal{Mu: 0, Sigma: 1}, distuv.Normal{Mu: 1, Sigma: 2}
	for _, alpha := range []float64{0, 0.5, 1} {
		fmt.Printf("α = %.1f: %.4f\n", alpha, kl.Alpha(alpha, q.LogProb, p.LogProb, math.Inf(-1), math.Inf(1)))
	}
	// Output:
	// α = 0.0: 1.3069
	// α = 0.5: 0.5968
	// α = 1.0: 0.4431
}
