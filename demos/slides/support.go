package main

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/demos/figures"
	"elboroom/vizlib"
)

func support() slide {
	return slide{
		name:     "support",
		caption:  "mass of q where p is zero makes KL(q‖p) infinite",
		question: "For which of these q is KL(q‖p) finite?",
		given:    []string{"p"},
		draw: func(lecture) vizlib.Picture {
			return figures.LectureSupport(distuv.Gamma{Alpha: 3, Beta: 2}, 0, math.Inf(1), vizlib.Interval{Min: -1.2, Max: 5},
				figures.SupportChoice{Name: "q exponential", Q: distuv.Exponential{Rate: 2. / 3}},
				figures.SupportChoice{Name: "q uniform", Q: distuv.Uniform{Min: 0.2, Max: 3}},
				figures.SupportChoice{Name: "q Normal", Q: distuv.Normal{Mu: 1.3, Sigma: 0.8}})
		},
	}
}
