package kl

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func BenchmarkNormal(b *testing.B) {
	q, p := distuv.UnitNormal, distuv.Normal{Mu: 1, Sigma: 2}
	for b.Loop() {
		Normal(q, p)
	}
}

func BenchmarkGamma(b *testing.B) {
	q, p := distuv.Gamma{Alpha: 2, Beta: 3}, distuv.Gamma{Alpha: 2.5, Beta: 1}
	for b.Loop() {
		Gamma(q, p)
	}
}

func BenchmarkQuad(b *testing.B) {
	q, p := distuv.UnitNormal, distuv.Normal{Mu: 1, Sigma: 2}
	for b.Loop() {
		Quad(q.LogProb, p.LogProb, math.Inf(-1), math.Inf(1))
	}
}

func BenchmarkReverse(b *testing.B) {
	for name, c := range map[string]struct {
		p Target
		q Gaussian
	}{
		"bumps":         {TwoBumps(2.6), one(1, 1)},
		"banana":        {Banana{}, NewGaussian([]float64{1, 1}, []float64{1, 1})},
		"ring":          {Ring{}, NewGaussian([]float64{1, 1}, []float64{1, 1})},
		"correlated":    {Correlated(0.99), NewGaussian([]float64{1, 1}, []float64{1, 1})},
		"funnel in 5-D": {Funnel{Dim: 5}, unitGaussian(5)},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Reverse(c.p, c.q, FullRank, settings)
			}
		})
	}
}

func BenchmarkForward(b *testing.B) {
	for name, p := range map[string]Target{"bumps": TwoBumps(2.6), "banana": Banana{}, "ring": Ring{}, "funnel in 5-D": Funnel{Dim: 5}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Forward(p, unitGaussian(dimOf(p)), FullRank, settings)
			}
		})
	}
}
