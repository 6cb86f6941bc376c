package exact

import (
	"errors"
	"fmt"
	"math"
)

// GridPosterior is a posterior on the cells of a grid: the plain way to Bayes' rule, and why it ends early.
// The cost is points to the power of dimensions.
type GridPosterior struct {
	Axes        [][]float64 // d × points: the centres of the cells along each axis
	Density     []float64   // points^d, the last axis fastest: p(θ | x) at the cells' centres
	LogEvidence float64     // ln Σ exp(ln p(x, θ)) · cell, in nats
	Evaluations int         // points^d

	widths []float64 // of a cell along each axis
}

// MaxCells is how many cells Grid will fill.
const MaxCells = 1 << 26

// Grid evaluates the log joint ln p(x, θ), in nats, at the centres of points^d equal cells of the box from low to
// high, and normalises (the midpoint rule). What lies outside the box is lost, and what is finer than a cell is
// not seen: there is no error bound. The error says in one sentence what is wrong: a box without volume, too
// many cells, a log joint that is NaN or +Inf, or one that is −Inf everywhere.
func Grid(logJoint func(theta []float64) float64, low, high []float64, points int) (GridPosterior, error) {
	if logJoint == nil {
		return GridPosterior{}, errors.New("exact: Grid: the log joint is nil, want a function")
	}
	d := len(low)
	if d == 0 || len(high) != d || points < 1 {
		return GridPosterior{}, fmt.Errorf("exact: Grid: %d lower and %d upper ends with %d points an axis, want as many ends, and at least 1 point", d, len(high), points)
	}
	cells := math.Pow(float64(points), float64(d))
	if cells > MaxCells {
		return GridPosterior{}, fmt.Errorf("exact: Grid: %d points in %d dimensions are %.3g cells, more than the %d that are filled", points, d, cells, MaxCells)
	}
	g := GridPosterior{Axes: make([][]float64, d), Density: make([]float64, int(cells)), Evaluations: int(cells), widths: make([]float64, d)}
	cell := 1.0
	for i := range d {
		width := (high[i] - low[i]) / float64(points)
		if !(width > 0) || math.IsInf(width, 0) {
			return GridPosterior{}, fmt.Errorf("exact: Grid: axis %d is from %v to %v, want a finite interval", i, low[i], high[i])
		}
		g.widths[i] = width
		cell *= width
		g.Axes[i] = make([]float64, points)
		for j := range points {
			g.Axes[i][j] = low[i] + (float64(j)+0.5)*width
		}
	}
	theta, top := make([]float64, d), math.Inf(-1)
	for c := range g.Density {
		for i, rest := d-1, c; i >= 0; i-- {
			theta[i] = g.Axes[i][rest%points]
			rest /= points
		}
		v := logJoint(theta)
		if math.IsNaN(v) || math.IsInf(v, 1) {
			return GridPosterior{}, fmt.Errorf("exact: Grid: the log joint is %v at %v, want a number below +Inf", v, theta)
		}
		g.Density[c] = v
		top = max(top, v)
	}
	if math.IsInf(top, -1) {
		return GridPosterior{}, fmt.Errorf("exact: Grid: the log joint is −Inf in all %d cells", g.Evaluations)
	}
	var sum float64
	for c, v := range g.Density {
		g.Density[c] = math.Exp(v - top)
		sum += g.Density[c]
	}
	for c := range g.Density {
		g.Density[c] /= sum * cell
	}
	g.LogEvidence = top + math.Log(sum*cell)
	return g, nil
}

// Marginal returns the density of θ_i at Axes[i], the other dimensions summed out; i is 0 … d−1.
func (g GridPosterior) Marginal(i int) []float64 {
	if i < 0 || i >= len(g.Axes) {
		panic(fmt.Sprintf("exact: GridPosterior: there is no axis %d of %d, counted from 0", i, len(g.Axes)))
	}
	points := len(g.Axes[i])
	after := 1
	for range len(g.Axes) - 1 - i {
		after *= points
	}
	rest := 1.0
	for j, width := range g.widths {
		if j != i {
			rest *= width
		}
	}
	out := make([]float64, points)
	for c, v := range g.Density {
		out[c/after%points] += v * rest
	}
	return out
}

// Mean returns E θ.
func (g GridPosterior) Mean() []float64 {
	mean := make([]float64, len(g.Axes))
	for i, axis := range g.Axes {
		var mass float64
		for j, p := range g.Marginal(i) {
			mean[i] += p * axis[j]
			mass += p
		}
		mean[i] /= mass
	}
	return mean
}
