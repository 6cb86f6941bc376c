package main

import (
	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/vizlib"
)

// mixtureSlides are coordinate ascent on the mixture of two.
func mixtureSlides() []slide {
	return []slide{
		{name: "mixture-data", caption: "the mixture's data, and where they came from", given: []string{"data"}, draw: mixtureData},
		{name: "mixture-plates", caption: "the mixture as a graphical model", diagram: true, draw: mixturePlates},
		{name: "cavi-fit", caption: "coordinate ascent fits the mixture, half-step by half-step", moves: true, fromStart: true, draw: caviFit},
		{name: "elbo-landscape", caption: "the ELBO over the two means: two optima and a saddle", given: []string{"ELBO", "m₁ = m₂"}, draw: elboLandscape},
		{name: "plateau", caption: "near the saddle the ELBO stands still before it climbs", given: []string{"log evidence"}, draw: plateau},
		{name: "mixture-posterior", caption: "q beside the exact posterior of both means, and what each predicts", given: []string{"data", "μ₁ = μ₂"}, draw: mixturePosterior},
	}
}

func mixtureData(l lecture) vizlib.Picture {
	return figures.LectureData(l.mixture.X, l.components, mixtureMeans(), l.mixture.Sigma)
}

func mixturePlates(lecture) vizlib.Picture { return figures.LectureMixturePlates() }

func caviFit(l lecture) vizlib.Picture {
	return figures.MixtureFit(l.mixture, l.fitFrom(-0.4, 3.2), l.truth)
}

func elboLandscape(l lecture) vizlib.Picture {
	return figures.MixtureLandscape(l.mixture, l.truth, l.fitFrom(-0.4, 3.2), l.fitFrom(4, 3.2), l.fitFrom(-3, -3.4), l.fitFrom(2.5, 2.5))
}

// plateau starts ever nearer to the saddle m₁ = m₂.
func plateau(l lecture) vizlib.Picture {
	saddle := l.fitFrom(0, 0).Last().Q.Mean[0]
	var runs []fit.Trace[cavi.GMMFactors]
	for _, off := range []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6} {
		start := cavi.GMM{GMM: l.mixture, Init: []float64{saddle - off, saddle + off}}
		runs = append(runs, cavi.Fit(start, fit.Settings{Tol: -1, Sweeps: 24, Keep: fit.EverySweep}))
	}
	return figures.MixturePlateau(l.truth, fit.DefaultTol, runs...)
}

func mixturePosterior(l lecture) vizlib.Picture {
	return figures.MixturePosterior(l.mixture, l.truth, l.fitFrom(-0.4, 3.2).Last().Q)
}
