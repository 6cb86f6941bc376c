package kl

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// factor is a Gaussian with its Cholesky factor, for the many evaluations of a fit.
type factor struct {
	mean   []float64
	low    []float64 // d×d row-major, Cov = low·lowᵀ
	logDet float64   // ½ ln|Cov| = Σ ln low_ii
}

// mustFit panics with a sentence that names the caller unless there is a covariance for every mean.
func (g Gaussian) mustFit(where string) {
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
}

// factored checks g and factors its covariance. It panics with a sentence that names the caller.
func (g Gaussian) factored(where string) factor {
	g.mustFit(where)
	d := len(g.Mean)
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

// pull overwrites v with lowᵀ v.
func (f factor) pull(v []float64) {
	d := len(f.mean)
	for i := range d {
		sum := 0.0
		for k := i; k < d; k++ {
			sum += f.low[k*d+i] * v[k]
		}
		v[i] = sum
	}
}

// times returns low·t for a lower t, and the sum of the logs of its diagonal.
func (f factor) times(t []float64) (low []float64, logDet float64) {
	d := len(f.mean)
	low = make([]float64, d*d)
	for i := range d {
		for j := range i + 1 {
			var sum float64
			for k := j; k <= i; k++ {
				sum += f.low[i*d+k] * t[k*d+j]
			}
			low[i*d+j] = sum
		}
		logDet += math.Log(low[i*d+i])
	}
	return low, logDet
}
