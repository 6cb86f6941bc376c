package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"elboroom/vizlib"
)

// Small things that the mixture's figures share.

// componentCycle is after how many components the inks begin again.
const componentCycle = 3

func componentInk(k int) vizlib.Ink {
	return [componentCycle]vizlib.Ink{vizlib.One, vizlib.Two, vizlib.Three}[k%componentCycle]
}

// componentHatched says whether a component's areas are hatched, which survives a grey print.
func componentHatched(k int) bool { return k%componentCycle == 1 }

// jumping keeps a mark from tweening between frames.
type jumping struct{ vizlib.Mark }

// Shapes are the mark's, each of which jumps.
func (s jumping) Shapes(v vizlib.View) ([]vizlib.Shape, error) {
	shapes, err := s.Mark.Shapes(v)
	for _, sh := range shapes {
		switch sh := sh.(type) {
		case *vizlib.Points:
			sh.Still = true
		case *vizlib.Path:
			sh.Still = true
		}
	}
	return shapes, err
}

// bell is the density N(x; mean, variance).
func bell(x, mean, variance float64) float64 {
	return math.Exp(-(x-mean)*(x-mean)/(2*variance)) / math.Sqrt(2*math.Pi*variance)
}

// meanName is q(μ₁) for k = 0.
func meanName(k int) string { return "q(μ" + sub(k+1) + ")" }

// sub writes i in subscript digits.
func sub(i int) string {
	return strings.Map(func(r rune) rune { return '₀' + r - '0' }, fmt.Sprint(i))
}

// signed is v with the given decimals and a true minus sign.
func signed(v float64, decimals int) string {
	return strings.Replace(fmt.Sprintf("%.*f", decimals, v), "-", "−", 1)
}

// numeral writes small numbers in words.
func numeral(k int) string {
	words := [...]string{"no", "one", "two", "three", "four", "five", "six"}
	if k < len(words) {
		return words[k]
	}
	return fmt.Sprint(k)
}

func factorial(k int) int {
	f := 1
	for i := 2; i <= k; i++ {
		f *= i
	}
	return f
}

// logFactorial is ln k!.
func logFactorial(k int) float64 {
	v, _ := math.Lgamma(float64(k) + 1)
	return v
}

// leftmost is the index of the least value.
func leftmost(v []float64) int {
	at := 0
	for i := range v {
		if v[i] < v[at] {
			at = i
		}
	}
	return at
}

// everySoMany keeps at most n of the values, evenly apart, the first and the last among them.
func everySoMany[T any](v []T, n int) []T {
	if len(v) <= n {
		return v
	}
	kept := make([]T, n)
	for i := range kept {
		kept[i] = v[i*(len(v)-1)/(n-1)]
	}
	return kept
}

// sorted is a sorted copy.
func sorted[T cmp.Ordered](v []T) []T {
	w := slices.Clone(v)
	slices.Sort(w)
	return w
}

// points pairs coordinates up.
func points(x, y []float64) []vizlib.Point {
	p := make([]vizlib.Point, len(x))
	for i := range x {
		p[i] = vizlib.Point{X: x[i], Y: y[i]}
	}
	return p
}

// coordinates are the x and the y of points.
func coordinates(p []vizlib.Point) (x, y []float64) {
	for _, q := range p {
		x, y = append(x, q.X), append(y, q.Y)
	}
	return x, y
}

// binsOf is a number of bars over the axis that shows both the data's bumps and their noise: the rule of Freedman
// and Diaconis (1981) for the data, but bars no wider than 0.6 of the noise sd.
func binsOf(x []float64, axis vizlib.Interval, sigma float64) int {
	const fewest, most, wide = 12, 60, .6
	v := sorted(x)
	n := len(v)
	width := 2 * (v[3*n/4] - v[n/4]) / math.Cbrt(float64(n))
	if width == 0 || width > wide*sigma {
		width = wide * sigma
	}
	return int(min(max(math.Round((axis.Max-axis.Min)/width), fewest), most))
}
