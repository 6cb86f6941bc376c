package kl

import (
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// Target is a density to be approximated, through its logarithm. It need not be normalised: an additive
// constant shifts the ELBO and leaves the optimum alone. It is −Inf where the density is zero, never NaN.
// LogProb must not keep or change x. It is gonum's distmv.LogProber.
type Target interface {
	LogProb(x []float64) float64
}

// Scorer is a Target that knows the gradient of LogProb in x, d numbers. It writes it to dst, which it makes
// when dst is nil, and returns it; the name is gonum's.
type Scorer interface {
	ScoreInput(dst, x []float64) []float64
}

// Drawer is a Target with exact, independent draws, written to dst.
type Drawer interface {
	Draw(dst []float64, rng *rand.Rand)
}

// Windower is a Target that knows roughly where it lies: nearly all of its mass, corner to corner. Pictures
// use it as their window and quadrature as its first scale; mass outside is found and counted all the same.
type Windower interface {
	Window() (lo, hi []float64)
}

// Family is the set of Gaussians that a fit may choose from.
type Family int

const (
	FullRank  Family = iota // any covariance
	MeanField               // a diagonal covariance: the coordinates are independent under q
)

// String returns the family in words.
func (f Family) String() string {
	switch f {
	case FullRank:
		return "full rank"
	case MeanField:
		return "mean field"
	}
	return "unknown family"
}

func (f Family) mustBeKnown(where string) {
	if f != FullRank && f != MeanField {
		panic("kl: " + where + ": the family is " + strconv.Itoa(int(f)) + ", want FullRank or MeanField")
	}
}

// mustBeGiven panics with a sentence unless there is a target.
func mustBeGiven(where string, p Target) {
	if p == nil {
		panic("kl: " + where + ": p is nil, want a target")
	}
}

// within returns the member of the family that shares g's mean and, as far as the family allows, its
// covariance: MeanField keeps the variances.
func (f Family) within(g Gaussian) Gaussian {
	g.mustFit("Gaussian")
	d := g.Dim()
	cov := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			if i == j || f == FullRank {
				cov.SetSym(i, j, g.Cov.At(i, j))
			}
		}
	}
	return Gaussian{Mean: append([]float64(nil), g.Mean...), Cov: cov}
}
