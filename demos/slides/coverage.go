package main

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/vizlib"
)

// coverage is one datum a data set, drawn from N(0, Σ) with unit variances and correlation 0.9. Under a flat prior the
// posterior of the mean is N(x, Σ); the interval is for its first coordinate.
func coverage() slide {
	return slide{
		name:     "coverage",
		caption:  "coverage of 90 % intervals over 200 data sets, exact against mean field",
		question: "Intervals that promise 90 %: how many of 200 miss?",
		moves:    true,
		draw: func(lecture) vizlib.Picture {
			const sets, seed, mass = 200, 10, 0.9
			truth := kl.Correlated(0.9)
			rng := rand.New(rand.NewPCG(seed, 0))
			exact, factorised := figures.Intervals{Name: "exact"}, figures.Intervals{Name: "mean field"}
			add := func(to *figures.Intervals, d distuv.Normal) {
				to.Low, to.High = append(to.Low, d.Quantile((1-mass)/2)), append(to.High, d.Quantile((1+mass)/2))
			}
			for range sets {
				x := make([]float64, 2)
				truth.Draw(x, rng)
				post := kl.Gaussian{Mean: x, Cov: truth.Cov}
				add(&exact, post.Marginal(0))
				q := cavi.Fit(cavi.Gaussian{Target: post, Init: []float64{0, 0}}, fit.Settings{Keep: fit.LastOnly}).Last().Q
				add(&factorised, distuv.Normal{Mu: q.Mean[0], Sigma: math.Sqrt(q.Var[0])})
			}
			return figures.WhyCoverage(0, mass, exact, factorised)
		},
	}
}
