package vizlib_test

import (
	"fmt"
	"math"

	"elboroom/vizlib"
)

// A slider over the correlation of a Gaussian, and the ellipse that holds 90 % of it.
func ExampleExplorer() {
	correlations := []float64{-0.9, -0.6, -0.3, 0, 0.3, 0.6, 0.9}
	e := vizlib.Explorer{
		Sliders: []vizlib.Slider{{Name: "ρ", Values: correlations, Start: 5}},
		Frame: func(v []float64) vizlib.Picture {
			window := vizlib.Interval{Min: -3.5, Max: 3.5}
			return vizlib.Figure{
				Title:   "A correlated Gaussian",
				Numbers: fmt.Sprintf("sd of θ₁ given θ₂: %.2f", math.Sqrt(1-v[0]*v[0])),
				View:    vizlib.View{X: window, Y: window, Equal: true},
				Marks:   []vizlib.Mark{vizlib.EllipseOf(vizlib.Point{}, 1, v[0], 1, 0.9)},
			}
		},
	}
	fmt.Println(e.Alt())
	// Output: A picture with sliders: ρ from −0.9 to 0.9. At first: A correlated Gaussian. sd of θ₁ given θ₂: 0.80.
}
