package exact

import "math"

// lattice returns the basis of the first lattice: along the axes of the highest peak where that stands apart
// from its mirror image, else along the mean and the difference of the two means. It is no coarser than firstStep
// sds of any peak in any direction.
func (p *plane) lattice(apart bool) ([2]point, bool) {
	best := p.peaks[0]
	var basis [2]point
	if apart {
		if !best.concave || best.at[0] == best.at[1] {
			return basis, false
		}
		a, b, c := best.curve[0], best.curve[1], best.curve[2]
		det := a*c - b*b
		l := math.Sqrt(c / det) // Cholesky of the inverse curvature
		basis = [2]point{{l, -b / det / l}, {0, 1 / math.Sqrt(c)}}
	} else {
		basis = [2]point{{1, 1}, {-0.5, 0.5}}
		for i, dir := range basis {
			t := min(p.halfNat(best, dir, 1), p.halfNat(best, dir, -1))
			basis[i] = point{t * dir[0], t * dir[1]}
		}
	}
	steepest := 1.0
	for _, k := range p.peaks {
		if k.concave {
			steepest = max(steepest, sharpness(k.curve, basis))
		}
	}
	shrink := firstStep / math.Sqrt(steepest)
	for i := range basis {
		basis[i] = point{shrink * basis[i][0], shrink * basis[i][1]}
	}
	return basis, true
}

// halfNat returns about how far ln p falls by half a nat from the peak along ±dir: one sd of a Gaussian.
func (p *plane) halfNat(k peak, dir point, sign float64) float64 {
	t := narrowest(p.m)
	for {
		at := k.at.plus(dir, sign*t)
		if drop := k.logP - p.m.LogProb(at[:]); drop >= 0.5 {
			return t * math.Sqrt(0.5/drop)
		}
		t *= 2
	}
}

// sharpness is the largest eigenvalue of BᵀAB for the curvature A and the basis B: the greatest squared length,
// in sds, of a combination of the basis vectors of unit size.
func sharpness(curve [3]float64, basis [2]point) float64 {
	form := func(u, v point) float64 {
		return curve[0]*u[0]*v[0] + curve[1]*(u[0]*v[1]+u[1]*v[0]) + curve[2]*u[1]*v[1]
	}
	a, b, c := form(basis[0], basis[0]), form(basis[0], basis[1]), form(basis[1], basis[1])
	return 0.5*(a+c) + math.Hypot(0.5*(a-c), b)
}
