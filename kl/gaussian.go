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

// Sd returns the standard deviation of coordinate i.
func (g Gaussian) Sd(i int) float64 { return math.Sqrt(g.Cov.At(i, i)) }

// LogProb returns ln N(x; Mean, Cov) = −½(x − m)ᵀ Cov⁻¹ (x − m) − ½ ln|Cov| − (d/2) ln 2π in nats
// (Bishop, PRML (2006), eq. 2.43).
func (g Gaussian) LogProb(x []float64) float64 { return g.factored("Gaussian.LogProb").LogProb(x) }

// ScoreInput writes the gradient of LogProb in x, Cov⁻¹(m − x), to dst and returns it; a nil dst is made.
func (g Gaussian) ScoreInput(dst, x []float64) []float64 {
	return g.factored("Gaussian.ScoreInput").ScoreInput(dst, x)
}

// Draw writes a draw m + Lz, Cov = LLᵀ, to dst, which has d places.
func (g Gaussian) Draw(dst []float64, rng *rand.Rand) { g.factored("Gaussian.Draw").Draw(dst, rng) }

// Marginal returns the distribution of coordinate i.
func (g Gaussian) Marginal(i int) distuv.Normal {
	return distuv.Normal{Mu: g.Mean[i], Sigma: g.Sd(i)}
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

// factor is a Gaussian with its Cholesky factor, for the many evaluations of a fit.
type factor struct {
	mean   []float64
	low    []float64 // d×d row-major, Cov = low·lowᵀ
	logDet float64   // ½ ln|Cov| = Σ ln low_ii
}

// factored checks g and factors its covariance. It panics with a sentence that names the caller.
func (g Gaussian) factored(where string) factor {
	d := len(g.Mean)
	if d == 0 {
		panic("kl: " + where + ": Mean has 0 entries, want at least 1")
	}
	if g.Cov == nil || g.Cov.SymmetricDim() != d {
		n := 0
		if g.Cov != nil {
			n = g.Cov.SymmetricDim()
		}
		panic("kl: " + where + ": Cov is " + strconv.Itoa(n) + "×" + strconv.Itoa(n) + " and Mean has " + strconv.Itoa(d) + " entries, want as many")
	}
	for i, m := range g.Mean {
		mustBeFinite(where, "Mean["+strconv.Itoa(i)+"]", m)
	}
	low, ok := cholesky(g.Cov)
	if !ok {
		panic("kl: " + where + ": Cov is not positive definite, want a covariance matrix of full rank")
	}
	f := factor{mean: g.Mean, low: low}
	for i := range d {
		f.logDet += math.Log(low[i*d+i])
	}
	return f
}

// cholesky returns the lower factor of a, row-major, and false unless a is positive definite and finite.
func cholesky(a *mat.SymDense) ([]float64, bool) {
	d := a.SymmetricDim()
	low := make([]float64, d*d)
	for i := range d {
		for j := range i + 1 {
			sum := a.At(i, j)
			for k := range j {
				sum -= low[i*d+k] * low[j*d+k]
			}
			if i != j {
				low[i*d+j] = sum / low[j*d+j]
				continue
			}
			if !(sum > 0) || math.IsInf(sum, 1) {
				return nil, false
			}
			low[i*d+i] = math.Sqrt(sum)
		}
	}
	return low, true
}

// solve overwrites v with low⁻¹ v.
func (f factor) solve(v []float64) {
	d := len(f.mean)
	for i := range d {
		for k := range i {
			v[i] -= f.low[i*d+k] * v[k]
		}
		v[i] /= f.low[i*d+i]
	}
}

// solveT overwrites v with low⁻ᵀ v.
func (f factor) solveT(v []float64) {
	d := len(f.mean)
	for i := d - 1; i >= 0; i-- {
		for k := i + 1; k < d; k++ {
			v[i] -= f.low[k*d+i] * v[k]
		}
		v[i] /= f.low[i*d+i]
	}
}

// place writes mean + low·z to x.
func (f factor) place(x, z []float64) {
	d := len(f.mean)
	for i := range d {
		sum := f.mean[i]
		for k := range i + 1 {
			sum += f.low[i*d+k] * z[k]
		}
		x[i] = sum
	}
}

// stackDim is up to which dimension an evaluation needs no memory of its own.
const stackDim = 8

func (f factor) LogProb(x []float64) float64 {
	f.mustFit("Gaussian.LogProb", "x", len(x))
	var room [stackDim]float64
	v := append(room[:0], x...)
	for i, m := range f.mean {
		v[i] -= m
	}
	f.solve(v)
	var square float64
	for _, z := range v {
		square += z * z
	}
	return -square/2 - f.logDet - float64(len(v))/2*math.Log(2*math.Pi)
}

func (f factor) ScoreInput(dst, x []float64) []float64 {
	f.mustFit("Gaussian.ScoreInput", "x", len(x))
	if dst == nil {
		dst = make([]float64, len(x))
	}
	f.mustFit("Gaussian.ScoreInput", "dst", len(dst))
	for i, m := range f.mean {
		dst[i] = m - x[i]
	}
	f.solve(dst)
	f.solveT(dst)
	return dst
}

func (f factor) Draw(dst []float64, rng *rand.Rand) {
	f.mustFit("Gaussian.Draw", "dst", len(dst))
	var room [stackDim]float64
	z := room[:0]
	for range dst {
		z = append(z, rng.NormFloat64())
	}
	f.place(dst, z)
}

func (f factor) mustFit(where, name string, n int) {
	if n != len(f.mean) {
		panic("kl: " + where + ": " + name + " has " + strconv.Itoa(n) + " entries, want " + strconv.Itoa(len(f.mean)))
	}
}

// gaussian returns the plain Gaussian of f, sharing no memory with it.
func (f factor) gaussian() Gaussian {
	d := len(f.mean)
	cov := mat.NewSymDense(d, nil)
	for i := range d {
		for j := range i + 1 {
			var sum float64
			for k := range j + 1 {
				sum += f.low[i*d+k] * f.low[j*d+k]
			}
			cov.SetSym(i, j, sum)
		}
	}
	return Gaussian{Mean: append([]float64(nil), f.mean...), Cov: cov}
}
