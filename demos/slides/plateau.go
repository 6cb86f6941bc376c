package main

import (
	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/vizlib"
)

// plateau starts ever nearer to the saddle m₁ = m₂.
func plateau() slide {
	return slide{
		name:     "plateau",
		caption:  "near the saddle the ELBO stands still before it climbs",
		question: "Starts ever nearer to m₁ = m₂: what does the ELBO do?",
		given:    []string{"log evidence"},
		draw: func(l lecture) vizlib.Picture {
			saddle := l.fitFrom(0, 0).Last().Q.Mean[0]
			var runs []fit.Trace[cavi.GMMFactors]
			for _, off := range []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6} {
				start := cavi.GMM{GMM: l.mixture, Init: []float64{saddle - off, saddle + off}}
				runs = append(runs, cavi.Fit(start, fit.Settings{Tol: -1, Sweeps: 24, Keep: fit.EverySweep}))
			}
			return figures.MixturePlateau(l.truth, fit.DefaultTol, runs...)
		},
	}
}
