package vae

import "math"

// adam climbs along stochastic gradients with a step size of its own for each parameter:
//
//	m ← β₁ m + (1−β₁) g,  v ← β₂ v + (1−β₂) g²,  θ ← θ + rate · m̂ / (√v̂ + ε)
//
// with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ). The sign is that of an ascent.
//
// Source: Kingma and Ba, Adam (2015), algorithm 1, with its values of β₁, β₂ and ε.
type adam struct {
	rate float64
	t    int
	m, v []float64
}

const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

// climb takes a step along grad/count, whose numbers belong to the parameters one after the other, and leaves grad
// at 0 for the next.
func (a *adam) climb(grad []float64, count float64, parameters ...[]float64) {
	if a.m == nil {
		a.m, a.v = make([]float64, len(grad)), make([]float64, len(grad))
	}
	a.t++
	c1, c2 := 1-math.Pow(beta1, float64(a.t)), 1-math.Pow(beta2, float64(a.t))
	i := 0
	for _, theta := range parameters {
		for j := range theta {
			g := grad[i] / count
			a.m[i] = beta1*a.m[i] + (1-beta1)*g
			a.v[i] = beta2*a.v[i] + (1-beta2)*g*g
			theta[j] += a.rate * (a.m[i] / c1) / (math.Sqrt(a.v[i]/c2) + epsilon)
			grad[i] = 0
			i++
		}
	}
}

// cooled is the step size of an epoch: it falls in a straight line from the given one to a tenth of it in the last
// epoch, so that the noise of the mini-batches settles.
func cooled(rate float64, epoch, epochs int) float64 {
	const left = 0.1
	if epochs == 1 {
		return rate
	}
	return rate * (1 - (1-left)*float64(epoch-1)/float64(epochs-1))
}
