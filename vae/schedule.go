package vae

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Schedule is how fast the forward process forgets:
//
//	q(z_t|z_{t−1}) = N(√(1−β_t) z_{t−1}, β_t I),  hence  q(z_t|z_0) = N(√ᾱ_t z_0, (1−ᾱ_t) I),  ᾱ_t = Π_{s≤t} (1−β_s)
//
// Source: Ho, Jain and Abbeel (2020), eqs. 2 and 4.
type Schedule struct {
	Beta     []float64 // β_1 … β_T, Beta[t−1] belongs to step t
	AlphaBar []float64 // ᾱ_0 = 1, ᾱ_1 … ᾱ_T
}

// Logistic returns steps that are even in the logarithm of the signal-to-noise ratio ᾱ_t/(1−ᾱ_t), which falls from
// e^5.5 before the first step to e^−6 at the last. Codes that lie in clumps with sds of 0.1 or more are hardly blurred by
// the first step, and nothing of them is left after the last.
//
// Source: Kingma, Salimans, Poole and Ho, Variational diffusion models (2021), eq. 4, with a straight line for γ.
func Logistic(steps int) Schedule {
	const clear, gone = 5.5, -6.0
	checkSteps("Logistic", steps)
	s := Schedule{AlphaBar: []float64{1}}
	for t := 1; t <= steps; t++ {
		s.AlphaBar = append(s.AlphaBar, logistic(clear+(gone-clear)*float64(t)/float64(steps)))
		s.Beta = append(s.Beta, 1-s.AlphaBar[t]/s.AlphaBar[t-1])
	}
	return s
}

// Linear returns β_t that grow evenly from 0.1/T to 20/T, at most ½. With T = 1000 that is the schedule of Ho et al.
// (2020), §4: 10⁻⁴ to 0.02. The scaling keeps the noise at the end about the same for any T (Song et al. 2021,
// appendix B). With few steps the first are coarse, which costs the ELBO some nats; Logistic spends them evenly.
func Linear(steps int) Schedule {
	const first, last, most = 0.1, 20.0, 0.5
	checkSteps("Linear", steps)
	s := Schedule{AlphaBar: []float64{1}}
	for t := range steps {
		beta := min((first+(last-first)*float64(t)/float64(steps-1))/float64(steps), most)
		s.Beta = append(s.Beta, beta)
		s.AlphaBar = append(s.AlphaBar, s.AlphaBar[t]*(1-beta))
	}
	return s
}

func checkSteps(name string, steps int) {
	if steps < 2 {
		panic(fmt.Sprintf("vae: %s: %d steps, want at least 2", name, steps))
	}
}

// Steps is T.
func (s Schedule) Steps() int { return len(s.Beta) }

// Noised returns z_0, z_1, … z_T of one code, each drawn from q(z_t|z_{t−1}).
func (s Schedule) Noised(z0 []float64, rng *rand.Rand) [][]float64 {
	path := [][]float64{append([]float64(nil), z0...)}
	for t, beta := range s.Beta {
		z := make([]float64, len(z0))
		for j, v := range path[t] {
			z[j] = math.Sqrt(1-beta)*v + math.Sqrt(beta)*rng.NormFloat64()
		}
		path = append(path, z)
	}
	return path
}

// jump writes √ᾱ_t z_0 + √(1−ᾱ_t) ε into dst: z_t in one go.
func (s Schedule) jump(dst, z0, eps []float64, t int) {
	a, b := math.Sqrt(s.AlphaBar[t]), math.Sqrt(1-s.AlphaBar[t])
	for j, v := range z0 {
		dst[j] = a*v + b*eps[j]
	}
}

// posteriorVar is β̃_t, the variance of q(z_{t−1}|z_t, z_0) (Ho et al., eq. 7); 0 at t = 1.
func (s Schedule) posteriorVar(t int) float64 {
	return (1 - s.AlphaBar[t-1]) / (1 - s.AlphaBar[t]) * s.Beta[t-1]
}

// weight turns ‖ε − ε̂‖² into ‖μ̃ − μ_θ‖²/(2 β_t) in nats: what the KL of step t pays for the guess at the noise.
//
// Source: Ho et al. (2020), eq. 12, with their σ_t² = β_t.
func (s Schedule) weight(t int) float64 {
	beta := s.Beta[t-1]
	return beta / (2 * (1 - beta) * (1 - s.AlphaBar[t]))
}

// spread is what the KL of step t ≥ 2 pays because p(z_{t−1}|z_t) has the variance β_t and q(z_{t−1}|z_t, z_0) the smaller
// β̃_t, in nats for a code of l numbers.
func (s Schedule) spread(t, l int) float64 {
	r := s.posteriorVar(t) / s.Beta[t-1]
	return 0.5 * float64(l) * (r - 1 - math.Log(r))
}
