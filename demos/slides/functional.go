package main

import (
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/demos/figures"
	"elboroom/exact"
	"elboroom/kl"
	"elboroom/vizlib"
)

// functional bends q from a poor one into the posterior of a Normal mean after one datum.
func functional() slide {
	return slide{
		name:      "functional",
		caption:   "a functional: an area that changes as the function is bent",
		question:  "Bend q as you like: how far can the number rise?",
		moves:     true,
		fromStart: true,
		without:   []string{"log evidence"},
		draw: func(lecture) vizlib.Picture {
			const noise, datum, frames = 0.7, 1.6, 21
			prior := distuv.Normal{Mu: 0, Sigma: 2}
			joint := func(z float64) float64 { return prior.Prob(z) * distuv.Normal{Mu: z, Sigma: noise}.Prob(datum) }
			post := exact.NormalNormal(prior, noise, []float64{datum})
			var qs []kl.Gaussian
			for i := range frames {
				t := float64(i) / (frames - 1)
				qs = append(qs, line(-1.2*(1-t)+post.Posterior.Mu*t, 1.6*(1-t)+post.Posterior.Sigma*t))
			}
			return figures.ElboFunctional(joint, post.LogEvidence, vizlib.Interval{Min: -5, Max: 5}, qs...)
		},
	}
}
