package main

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/vizlib"
)

// divergenceSlides are what KL measures, in both directions.
func divergenceSlides() []slide {
	return []slide{
		{name: "support", caption: "mass of q where p is zero makes KL(q‖p) infinite", given: []string{"p"}, draw: support},
		{name: "kl-areas", caption: "KL(p‖q) and KL(q‖p) as signed areas", given: []string{"p", "q"}, draw: klAreas},
		{name: "kl-triangle", caption: "KL is no distance: a detour can be shorter", given: []string{"a", "b", "c"}, draw: klTriangle},
		{name: "kl-directions", caption: "forward against reverse on two bumps that move apart", moves: true, given: []string{"p"}, draw: klDirections,
			strip: func(l lecture, _ vizlib.Movie) vizlib.Picture {
				return figures.DirectionStrip(l.bumps(), l.bumps().Landmarks()...)
			}},
		{name: "kl-optima", caption: "reverse KL over mean and sd of q: the start decides", moves: true, fromStart: true, draw: klOptima},
	}
}

func support(lecture) vizlib.Picture {
	return figures.LectureSupport(distuv.Gamma{Alpha: 3, Beta: 2}, 0, math.Inf(1), vizlib.Interval{Min: -1.2, Max: 5},
		figures.SupportChoice{Name: "q exponential", Q: distuv.Exponential{Rate: 2. / 3}},
		figures.SupportChoice{Name: "q uniform", Q: distuv.Uniform{Min: 0.2, Max: 3}},
		figures.SupportChoice{Name: "q Normal", Q: distuv.Normal{Mu: 1.3, Sigma: 0.8}})
}

// line is a Gaussian on the line.
func line(mean, sd float64) kl.Gaussian { return kl.NewGaussian([]float64{mean}, []float64{sd}) }

func klAreas(lecture) vizlib.Picture { return figures.DirectionAreas(line(0, 1), line(1, 2)) }

func klTriangle(lecture) vizlib.Picture {
	return figures.DirectionTriangle(line(0, 1), line(1, 1), line(2, 1))
}

func klDirections(l lecture) vizlib.Picture { return figures.DirectionMovie(l.bumps()) }

func klOptima(lecture) vizlib.Picture {
	p := kl.TwoBumps(3.2)
	from := func(mean, sd float64) fit.Trace[kl.Gaussian] {
		return kl.Reverse(p, line(mean, sd), kl.FullRank, fit.Settings{})
	}
	return figures.DirectionMap(p, from(0, 0.6), from(2, 0.5), from(-5.5, 3))
}
