package kl

import "math"

// The parameters of an ascent are those of a lower factor T and a shift relative to a frame: q.mean =
// frame.mean + frame.low·shift and q.low = frame.low·T, so that they are of size 1 whatever the target's scale.

// drift returns how far a diagonal entry of the factor has moved from the frame's, in ln sd.
func (a *ascent) drift() float64 {
	d := len(a.here.mean)
	var most float64
	for i := range d {
		most = max(most, math.Abs(math.Log(a.here.low[i*d+i]/a.frame.low[i*d+i])))
	}
	return most
}

// params returns how many numbers the family has: means, ln diagonal, and for FullRank what is below it.
func (a *ascent) params() int {
	d := len(a.here.mean)
	if a.family == MeanField {
		return 2 * d
	}
	return 2*d + d*(d-1)/2
}

// unpack returns the step theta in the frame: the shift and the lower factor T, q.low = frame.low·T.
func (a *ascent) unpack(theta []float64) (shift, t []float64) {
	d := len(a.here.mean)
	t = make([]float64, d*d)
	k := 2 * d
	for i := range d {
		t[i*d+i] = math.Exp(theta[d+i])
		if a.family == FullRank {
			for j := range i {
				t[i*d+j] = theta[k]
				k++
			}
		}
	}
	return theta[:d], t
}

// evaluate computes value and expectation at theta unless they are the last ones.
func (a *ascent) evaluate(theta []float64) {
	if a.last.ok && equal(a.last.theta, theta) {
		return
	}
	d := len(a.here.mean)
	a.last.theta = append(a.last.theta[:0], theta...)
	a.last.ok = true
	a.last.value = math.Inf(-1)
	a.last.r = expectation{slope: make([]float64, d), spread: make([]float64, d*d)}
	for i, v := range theta {
		if math.IsNaN(v) || math.IsInf(v, 0) || i >= d && i < 2*d && math.Abs(v) > farthest {
			return
		}
	}
	shift, t := a.unpack(theta)
	q := factor{mean: make([]float64, d)}
	a.frame.place(q.mean, shift)
	q.low, q.logDet = a.frame.times(t)
	a.last.q = q
	if math.IsInf(q.logDet, 0) || math.IsNaN(q.logDet) || a.bad != "" {
		return
	}
	r := a.e.at(q)
	if r.bad != "" {
		a.bad = r.bad
		return
	}
	if math.IsInf(r.f, -1) {
		a.wall = true
		return
	}
	a.last.r = r
	a.last.value = a.value(q, r)
}

// value returns the ELBO of q, E f + ½ ln|Cov| + (d/2)(1 + ln 2π).
func (a *ascent) value(q factor, r expectation) float64 {
	return r.f + q.logDet + float64(len(q.mean))*(0.5+logRootTwoPi)
}

// slopes writes the gradient of −ELBO with respect to theta. Along z it is (Lᵀ E ∇f, Lᵀ E[∇f zᵀ] + 1); from
// there to the frame's parameters it passes through T⁻ᵀ, and through T_ii for a logarithmic diagonal.
func (a *ascent) slopes(grad []float64) {
	d := len(a.here.mean)
	_, t := a.unpack(a.last.theta)
	frame := factor{mean: a.here.mean, low: t}
	r := a.last.r
	shift := append([]float64(nil), r.slope...)
	frame.solveT(shift)
	k := 2 * d
	full := make([]float64, d*d) // T⁻ᵀ of Lᵀ E[∇f zᵀ]
	for j := range d {
		col := make([]float64, d)
		for i := range d {
			col[i] = r.spread[i*d+j]
		}
		frame.solveT(col)
		for i := range d {
			full[i*d+j] = col[i]
		}
	}
	for i := range d {
		grad[i] = -shift[i]
		grad[d+i] = -(full[i*d+i]*t[i*d+i] + 1)
		if a.family == FullRank {
			for j := range i {
				grad[k] = -full[i*d+j]
				k++
			}
		}
	}
}

// residual returns the largest slope along z: nats per sd of q, and per unit of ln sd.
func (a *ascent) residual(r expectation) float64 {
	d := len(r.slope)
	var worst float64
	for i := range d {
		worst = max(worst, math.Abs(r.slope[i]), math.Abs(r.spread[i*d+i]+1))
		if a.family == FullRank {
			for j := range i {
				worst = max(worst, math.Abs(r.spread[i*d+j]))
			}
		}
	}
	return worst
}

func equal(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
