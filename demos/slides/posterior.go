package main

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/demos/figures"
	"elboroom/exact"
	"elboroom/vizlib"
)

// posteriorSlides are Bayes' rule, what the evidence costs, and where variational inference came from.
func posteriorSlides() []slide {
	return []slide{
		{name: "prior-likelihood", caption: "prior × likelihood ∝ posterior, toss by toss", moves: true, given: []string{"p(θ)"}, draw: priorLikelihood},
		{name: "evidence-area", caption: "the evidence is the area under the joint density", given: []string{"p(θ)"}, draw: evidenceArea},
		{name: "evidence-cost", caption: "what a grid costs as the dimension grows", draw: evidenceCost},
		{name: "conjugate", caption: "conjugate against non-conjugate: a posterior with a name, and a table", given: []string{"prior", "Beta(2, 2)"}, draw: conjugate},
		{name: "history", caption: "variational inference on a time line, 1976 to 2021", given: []string{"years", "milestones"}, draw: history},
	}
}

// The coin of the lecture: its prior, and 9 heads in 12 tosses.
func coinPrior() distuv.Beta { return distuv.Beta{Alpha: 2, Beta: 2} }
func coinTosses() []int      { return []int{1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1} }

const (
	coinHeads = 9
	coinSize  = 12
)

func priorLikelihood(lecture) vizlib.Picture {
	return figures.EvidenceDivision(coinPrior(), coinTosses())
}

func evidenceArea(lecture) vizlib.Picture {
	prior := coinPrior()
	joint := func(p float64) float64 {
		return prior.Prob(p) * math.Pow(p, coinHeads) * math.Pow(1-p, coinSize-coinHeads)
	}
	ln := exact.BetaBernoulli(prior, coinHeads, coinSize).LogEvidence
	return figures.LectureEvidence(prior.Prob, joint, ln, vizlib.Interval{Max: 1})
}

func evidenceCost(lecture) vizlib.Picture {
	const side, dimensions, perSecond = 100, 10, 1e9
	return figures.EvidenceCost(side, dimensions, perSecond)
}

func conjugate(lecture) vizlib.Picture {
	return figures.EvidencePairs(coinPrior(), distuv.Normal{Mu: 0, Sigma: 1}, coinHeads, coinSize)
}

func history(lecture) vizlib.Picture { return figures.LectureHistory(figures.Milestones()...) }
