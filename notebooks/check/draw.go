package check

import (
	"math"
	"math/rand/v2"
)

// draws gives the random numbers of an exercise's instances: the same for everybody, different for each exercise.
type draws struct{ *rand.Rand }

// drawsFor takes the exercise's number as the seed: 52 for exercise 5.2.
func drawsFor(exercise uint64) draws { return draws{rand.New(rand.NewPCG(exercise, 0x0e1b0))} }

// between draws from [low, high), rounded to three digits after the point so that a reader can copy it.
func (d draws) between(low, high float64) float64 {
	return rounded(low + (high-low)*d.Float64())
}

// away draws with either sign, its size from [low, high): for what must not be 0.
func (d draws) away(low, high float64) float64 {
	v := d.between(low, high)
	if d.IntN(2) == 0 {
		return -v
	}
	return v
}

// sample draws n numbers from N(mean, sd²).
func (d draws) sample(n int, mean, sd float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rounded(mean + sd*d.NormFloat64())
	}
	return x
}

// simplex draws n positive numbers that sum to 1, none smaller than 0.02.
func (d draws) simplex(n int) []float64 {
	p, total := make([]float64, n), 0.0
	for i := range p {
		p[i] = 0.1 + d.Float64()
		total += p[i]
	}
	for i := range p {
		p[i] /= total
	}
	return p
}

func rounded(x float64) float64 { return math.Round(x*1000) / 1000 }
