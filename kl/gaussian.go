package kl

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Gaussian is a normal distribution in d dimensions. It is itself a Target, a Scorer and a Drawer.
type Gaussian struct {
	Mean []float64     // d
	Cov  *mat.SymDense // d×d, positive definite
}

// NewGaussian returns the Gaussian with these means and a diagonal covariance of these standard deviations.
// It panics on different lengths, on none, and on an sd that is not a finite number above 0.
func NewGaussian(mean, sd []float64) Gaussian {
	if len(mean) == 0 || len(mean) != len(sd) {
		panic("kl: NewGaussian: there are " + strconv.Itoa(len(mean)) + " means and " + strconv.Itoa(len(sd)) + " sds, want as many, and at least 1")
	}
	cov := mat.NewSymDense(len(sd), nil)
	for i, s := range sd {
		mustBeFinite("NewGaussian", "mean["+strconv.Itoa(i)+"]", mean[i])
		mustBePositive("NewGaussian", "sd["+strconv.Itoa(i)+"]", s)
		cov.SetSym(i, i, s*s)
	}
	return Gaussian{Mean: append([]float64(nil), mean...), Cov: cov}
}

// Dim returns d.
func (g Gaussian) Dim() int { return len(g.Mean) }

// Sd returns the standard deviation of coordinate i, 0 … d−1.
func (g Gaussian) Sd(i int) float64 {
	g.mustFit("Gaussian.Sd")
	if i < 0 || i >= g.Dim() {
		panic("kl: Gaussian: there is no coordinate " + strconv.Itoa(i) + " of " + strconv.Itoa(g.Dim()) + ", counted from 0")
	}
	return math.Sqrt(g.Cov.At(i, i))
}

// LogProb returns ln N(x; Mean, Cov) = −½(x − m)ᵀ Cov⁻¹ (x − m) − ½ ln|Cov| − (d/2) ln 2π in nats
// (Bishop, PRML (2006), eq. 2.43).
func (g Gaussian) LogProb(x []float64) float64 { return g.factored("Gaussian.LogProb").LogProb(x) }

// ScoreInput writes the gradient of LogProb in x, Cov⁻¹(m − x), to dst and returns it; a nil dst is made.
func (g Gaussian) ScoreInput(dst, x []float64) []float64 {
	return g.factored("Gaussian.ScoreInput").ScoreInput(dst, x)
}

// Draw writes a draw m + Lz, Cov = LLᵀ, to dst, which has d places.
func (g Gaussian) Draw(dst []float64, rng *rand.Rand) { g.factored("Gaussian.Draw").Draw(dst, rng) }

// Marginal returns the distribution of coordinate i, 0 … d−1.
func (g Gaussian) Marginal(i int) distuv.Normal {
	sd := g.Sd(i)
	return distuv.Normal{Mu: g.Mean[i], Sigma: sd}
}

// Entropy returns −E ln N = ½ ln|Cov| + (d/2)(1 + ln 2π) in nats (Bishop, PRML (2006), eq. B.41).
func (g Gaussian) Entropy() float64 {
	return g.factored("Gaussian.Entropy").logDet + float64(g.Dim())/2*(1+math.Log(2*math.Pi))
}

// Window returns Mean ± 4 sd, where a picture of the Gaussian belongs.
func (g Gaussian) Window() (lo, hi []float64) {
	const sds = 4
	lo, hi = make([]float64, g.Dim()), make([]float64, g.Dim())
	for i, m := range g.Mean {
		lo[i], hi[i] = m-sds*g.Sd(i), m+sds*g.Sd(i)
	}
	return lo, hi
}

// Ellipse returns the contour that holds this mass of a 2-D Gaussian, in (0, 1): its centre, its semi-axes
// (the longer first) and the angle of the longer one from the x axis in radians, in (−π/2, π/2]. A circle
// has angle 0. The radius in sds is √(−2 ln(1 − mass)), the χ₂ quantile. It panics unless d = 2.
func (g Gaussian) Ellipse(mass float64) (cx, cy, major, minor, angle float64) {
	if g.Dim() != 2 {
		panic("kl: Gaussian.Ellipse: the Gaussian has " + strconv.Itoa(g.Dim()) + " dimensions, want 2")
	}
	if !(mass > 0 && mass < 1) {
		panic("kl: Gaussian.Ellipse: mass is " + number(mass) + ", want a number in (0, 1)")
	}
	f := g.factored("Gaussian.Ellipse")
	r := math.Sqrt(-2 * math.Log1p(-mass))
	a, b, c := g.Cov.At(0, 0), g.Cov.At(0, 1), g.Cov.At(1, 1)
	// λ = (a + c)/2 ± hypot((a − c)/2, b); the smaller one from the determinant, which does not cancel.
	big := (a+c)/2 + math.Hypot((a-c)/2, b)
	if b != 0 || a != c {
		angle = math.Atan2(2*b, a-c) / 2
	}
	return g.Mean[0], g.Mean[1], r * math.Sqrt(big), r * math.Exp(f.logDet) / math.Sqrt(big), angle
}
