package main

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/rivals"
	"elboroom/vizlib"
)

// rivalSlides are what variational inference is compared with, and what it gets wrong.
func rivalSlides() []slide {
	return []slide{
		{name: "race", caption: "coordinate ascent, EM, Gibbs and Metropolis in time: the first has a floor", moves: true, fromStart: true, draw: race},
		{name: "gibbs-beside-cavi", caption: "on a correlated Gaussian one stops, the other walks on", moves: true, fromStart: true, draw: gibbsBesideCAVI},
		{name: "coverage", caption: "coverage of 90 % intervals over 200 data sets, exact against mean field", moves: true, draw: coverage},
	}
}

func race(l lecture) vizlib.Picture {
	return figures.RaceMovie(figures.RunRace(l.mixture, l.truth, figures.RaceRules{Start: []float64{-0.4, 3.2}, Passes: 3000, Chains: 12, Step: 0.5, Seed: 1}))
}

func gibbsBesideCAVI(lecture) vizlib.Picture {
	p, from := kl.Correlated(0.9), []float64{-2.2, 1.6}
	climb := cavi.Fit(cavi.Gaussian{Target: p, Init: from}, fit.Settings{Sweeps: 24, Tol: -1})
	chains := rivals.GibbsGaussian(p.Mean, p.Cov, rivals.Sampling{Seed: 3, Draws: 5000, Init: [][]float64{from, from, from, from}})
	return figures.RivalsWalks(p, climb, from, chains)
}

// coverage is one datum a data set, drawn from N(0, Σ) with unit variances and correlation 0.9. Under a flat prior the
// posterior of the mean is N(x, Σ); the interval is for its first coordinate.
func coverage(lecture) vizlib.Picture {
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
}
