package rivals

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// expectation is the work of EM's two steps: the data, and the responsibilities last computed.
type expectation struct {
	x        [][]float64 // n×D
	r        [][]float64 // n×K
	variance []float64   // of the data along each axis, for scale
}

func newExpectation(x *mat.Dense, k int) *expectation {
	n, d := x.Dims()
	e := &expectation{x: make([][]float64, n), r: make([][]float64, n), variance: make([]float64, d)}
	cells := make([]float64, n*k)
	mean := make([]float64, d)
	for i := range n {
		e.x[i] = mat.Row(nil, i, x)
		e.r[i] = cells[i*k : (i+1)*k : (i+1)*k]
		for j, v := range e.x[i] {
			mean[j] += v / float64(n)
		}
	}
	for _, row := range e.x {
		for j, v := range row {
			e.variance[j] += (v - mean[j]) * (v - mean[j]) / float64(n)
		}
	}
	return e
}

// shareOut is the E step: it sets r_ik ∝ π_k N(x_i; m_k, S_k) and returns the log likelihood Σ_i ln Σ_k of them, or
// says which component has collapsed.
func (e *expectation) shareOut(q EMFactors) (lnLik float64, broken string) {
	parts := make([]gaussian, len(q.Weight))
	for k := range parts {
		var ok bool
		parts[k], ok = factor(q.Cov[k])
		for j := range e.variance {
			pivot := 0.0
			if ok {
				pivot = parts[k].low[j*len(e.variance)+j]
			}
			if !(pivot*pivot > collapsed*e.variance[j]) {
				return math.NaN(), fmt.Sprintf("component %d has collapsed onto %.3g data: the likelihood has no maximum there", k, q.Weight[k]*float64(len(e.x)))
			}
		}
	}
	room := make([]float64, len(e.variance))
	for i, x := range e.x {
		for k := range parts {
			e.r[i][k] = math.Log(q.Weight[k]) + parts[k].logProb(x, q.Mean[k], room)
		}
		lnLik += normalise(e.r[i])
	}
	return lnLik, ""
}

// refit is the M step (PRML eqs 9.24–9.26).
func (e *expectation) refit() EMFactors {
	k, d := len(e.r[0]), len(e.variance)
	q := EMFactors{Weight: make([]float64, k), Mean: make([][]float64, k), Cov: make([]*mat.SymDense, k)}
	for c := range k {
		var count float64
		mean := make([]float64, d)
		for i, x := range e.x {
			count += e.r[i][c]
			for j, v := range x {
				mean[j] += e.r[i][c] * v
			}
		}
		for j := range mean {
			mean[j] /= count
		}
		square := make([]float64, d*d)
		for i, x := range e.x {
			for a := range d {
				for b := range a + 1 {
					square[a*d+b] += e.r[i][c] * (x[a] - mean[a]) * (x[b] - mean[b])
				}
			}
		}
		cov := mat.NewSymDense(d, nil)
		for a := range d {
			for b := range a + 1 {
				cov.SetSym(a, b, square[a*d+b]/count)
			}
		}
		q.Weight[c], q.Mean[c], q.Cov[c] = count/float64(len(e.x)), mean, cov
	}
	return q
}

// normalise turns logarithms into shares that sum to 1 and returns ln Σ exp.
func normalise(ln []float64) float64 {
	top := math.Inf(-1)
	for _, v := range ln {
		top = max(top, v)
	}
	var total float64
	for k, v := range ln {
		ln[k] = math.Exp(v - top)
		total += ln[k]
	}
	for k := range ln {
		ln[k] /= total
	}
	return top + math.Log(total)
}

// gaussian is the Cholesky factor of a covariance, for many evaluations.
type gaussian struct {
	low   []float64 // D×D row-major, lower
	lnDet float64   // ½ ln|S|
}

// factor returns false unless cov is positive definite.
func factor(cov *mat.SymDense) (gaussian, bool) {
	d := cov.SymmetricDim()
	g := gaussian{low: make([]float64, d*d)}
	for i := range d {
		for j := range i + 1 {
			s := cov.At(i, j)
			for k := range j {
				s -= g.low[i*d+k] * g.low[j*d+k]
			}
			if i != j {
				g.low[i*d+j] = s / g.low[j*d+j]
				continue
			}
			if !(s > 0) {
				return g, false
			}
			g.low[i*d+i] = math.Sqrt(s)
			g.lnDet += 0.5 * math.Log(s)
		}
	}
	return g, true
}

// logProb is ln N(x; mean, S); room has D places.
func (g gaussian) logProb(x, mean, room []float64) float64 {
	d := len(x)
	var square float64
	for i := range d {
		v := x[i] - mean[i]
		for k := range i {
			v -= g.low[i*d+k] * room[k]
		}
		room[i] = v / g.low[i*d+i]
		square += room[i] * room[i]
	}
	return -square/2 - g.lnDet - float64(d)/2*math.Log(2*math.Pi)
}
