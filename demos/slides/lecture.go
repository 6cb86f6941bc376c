package main

import (
	"math/rand/v2"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/demos/figures"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
)

// lecture is what several slides share: the mixture's data and their exact posterior.
type lecture struct {
	mixture    model.GMM
	components []int // the component that made each datum, which only a slide about the data may see
	truth      exact.GMMPosterior
	bumps      func() figures.Directions // both fits to two equal bumps at ±a, a from 0.3 to 4.6; computed once
}

// The data of the lecture, as in the lessons.
const (
	mixtureSize = 40
	mixtureSeed = 48
	mixtureTau0 = 5
)

func mixtureMeans() []float64 { return []float64{-1.6, 1.9} }

func newLecture() lecture {
	x, c := model.SimulateGMM(mixtureSize, mixtureMeans(), 1, rand.New(rand.NewPCG(mixtureSeed, 0)))
	l := lecture{mixture: model.GMM{X: x, Sigma: 1, Tau0: mixtureTau0}, components: c}
	truth, err := exact.GMM(l.mixture, exact.Config{})
	if err != nil {
		panic("slides: the lecture's mixture has no exact posterior: " + err.Error())
	}
	l.truth = truth
	l.bumps = sync.OnceValue(func() figures.Directions { return figures.SweepDirections(0.5, 0.3, 4.6, 0.1) })
	return l
}

// fitFrom is coordinate ascent from two starting means.
func (l lecture) fitFrom(m1, m2 float64) fit.Trace[cavi.GMMFactors] {
	return cavi.Fit(cavi.GMM{GMM: l.mixture, Init: []float64{m1, m2}}, fit.Settings{})
}

// The coin of the lecture: its prior, and 9 heads in 12 tosses.
func coinPrior() distuv.Beta { return distuv.Beta{Alpha: 2, Beta: 2} }
func coinTosses() []int      { return []int{1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1} }

const (
	coinHeads = 9
	coinSize  = 12
)

// line is a Gaussian on the line.
func line(mean, sd float64) kl.Gaussian { return kl.NewGaussian([]float64{mean}, []float64{sd}) }
