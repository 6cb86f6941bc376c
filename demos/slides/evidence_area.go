package main

import (
	"math"

	"elboroom/demos/figures"
	"elboroom/exact"
	"elboroom/vizlib"
)

func evidenceArea() slide {
	return slide{
		name:     "evidence-area",
		caption:  "the evidence is the area under the joint density",
		question: "The prior times the likelihood: how large is the area?",
		given:    []string{"p(θ)"},
		draw: func(lecture) vizlib.Picture {
			prior := coinPrior()
			joint := func(p float64) float64 {
				return prior.Prob(p) * math.Pow(p, coinHeads) * math.Pow(1-p, coinSize-coinHeads)
			}
			ln := exact.BetaBernoulli(prior, coinHeads, coinSize).LogEvidence
			return figures.LectureEvidence(prior.Prob, joint, ln, vizlib.Interval{Max: 1})
		},
	}
}
