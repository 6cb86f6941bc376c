package check

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// clone gives the student a copy, so that a function that writes to its arguments harms nobody.
func clone(x []float64) []float64 { return slices.Clone(x) }

// cloneRows copies a table.
func cloneRows(x [][]float64) [][]float64 {
	rows := make([][]float64, len(x))
	for i := range x {
		rows[i] = slices.Clone(x[i])
	}
	return rows
}

// flat puts the rows of a student's table one after another, if there are as many as asked for.
func flat(rows [][]float64, want, wide int, what string) ([]float64, error) {
	if len(rows) != want {
		return nil, fmt.Errorf("your function returned %d rows where %d were asked for, %s", len(rows), want, what)
	}
	var all []float64
	for i, r := range rows {
		if len(r) != wide {
			return nil, fmt.Errorf("row %d of your answer has %d numbers where %d were asked for, %s", i+1, len(r), wide, what)
		}
		all = append(all, r...)
	}
	return all, nil
}

// total is the sum.
func total(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

// logSumExp is ln Σ exp(x) without overflow.
func logSumExp(x []float64) float64 {
	top := slices.Max(x)
	if math.IsInf(top, 0) {
		return top
	}
	s := 0.0
	for _, v := range x {
		s += math.Exp(v - top)
	}
	return top + math.Log(s)
}

// softmax turns logarithms into probabilities.
func softmax(logs []float64) []float64 {
	z := logSumExp(logs)
	p := make([]float64, len(logs))
	for i, v := range logs {
		p[i] = math.Exp(v - z)
	}
	return p
}

// positive is a law's test: number j of the answer is above 0.
func positive(what string, j int) func(got []float64) string {
	return func(got []float64) string {
		if got[j] > 0 {
			return ""
		}
		return fmt.Sprintf("your %s is %s", what, number(got[j]))
	}
}

// atLeastZero is a law's test for a divergence.
func atLeastZero(what string, j int) func(got []float64) string {
	return func(got []float64) string {
		if got[j] >= -closeEnough {
			return ""
		}
		return fmt.Sprintf("your %s is %s", what, number(got[j]))
	}
}

func same(a, b, tol float64) bool {
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.IsNaN(a) && math.IsNaN(b)
	}
	if math.IsInf(a, 0) || math.IsInf(b, 0) {
		return a == b
	}
	return math.Abs(a-b) <= tol*(1+math.Abs(b))
}

func allFinite(v []float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// number writes a value for a reader: four decimals, more digits only for what is very small or large.
func number(x float64) string {
	if a := math.Abs(x); a != 0 && !math.IsInf(x, 0) && (a < 1e-3 || a >= 1e6) {
		return fmt.Sprintf("%.4g", x)
	}
	return fmt.Sprintf("%.4f", x)
}

// numbers writes a list.
func numbers(x []float64) string {
	words := make([]string, len(x))
	for i, v := range x {
		words[i] = number(v)
	}
	return "(" + strings.Join(words, ", ") + ")"
}
