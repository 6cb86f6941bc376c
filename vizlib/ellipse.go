package vizlib

import (
	"fmt"
	"math"
)

// Ellipse is given by its centre, its half axes and the direction of the first. A circle has A = B.
type Ellipse struct {
	Center Point
	A, B   float64 // half axes, more than 0
	Angle  float64 // of axis A against the x axis, in radians
	Name   string
	Key    string
	Style  Style
}

// EllipseOf is the ellipse around a two-dimensional Gaussian with the given mean and covariance that holds
// the given mass: (x−m)ᵀ Σ⁻¹ (x−m) = −2 ln(1 − mass), the quantile of χ² with two degrees of freedom.
//
// It panics where the covariance is not positive definite or the mass not inside 0…1.
func EllipseOf(mean Point, varX, covXY, varY, mass float64) Ellipse {
	det := varX*varY - covXY*covXY
	if !(varX > 0 && varY > 0 && det > 0) {
		panic(fmt.Sprintf("vizlib: EllipseOf: covariance [%v %v; %v %v] is not positive definite", varX, covXY, covXY, varY))
	}
	if !(mass > 0 && mass < 1) {
		panic(fmt.Sprintf("vizlib: EllipseOf: mass is %v, want more than 0 and less than 1", mass))
	}
	r2 := -2 * math.Log1p(-mass)
	mid, half := (varX+varY)/2, math.Hypot((varX-varY)/2, covXY)
	big := mid + half
	return Ellipse{
		Center: mean,
		A:      math.Sqrt(r2 * big),
		B:      math.Sqrt(r2 * det / big), // the product of the eigenvalues is det: no cancellation
		Angle:  math.Atan2(2*covXY, varX-varY) / 2,
	}
}

// ellipseCorners is fine enough for a ring over a whole slide.
const ellipseCorners = 120

// Bounds is the box around the ellipse.
func (e Ellipse) Bounds() (Box, bool) {
	sin, cos := math.Sincos(e.Angle)
	w, h := math.Hypot(e.A*cos, e.B*sin), math.Hypot(e.A*sin, e.B*cos)
	return Box{Point{e.Center.X - w, e.Center.Y - h}, Point{e.Center.X + w, e.Center.Y + h}}, true
}

// Shapes is one closed path.
func (e Ellipse) Shapes(View) ([]Shape, error) {
	kind := called("Ellipse", e.Name)
	if !(e.A > 0 && e.B > 0) || math.IsInf(e.A+e.B, 0) {
		return nil, fmt.Errorf("%s has half axes %v and %v, want finite and more than 0", kind, e.A, e.B)
	}
	if s := e.Center.X + e.Center.Y + e.Angle; math.IsNaN(s) || math.IsInf(s, 0) {
		return nil, fmt.Errorf("%s has centre (%v, %v) and angle %v, want finite numbers", kind, e.Center.X, e.Center.Y, e.Angle)
	}
	sin, cos := math.Sincos(e.Angle)
	ring := make([]Point, ellipseCorners)
	for i := range ring {
		v, u := math.Sincos(2 * math.Pi * float64(i) / ellipseCorners)
		u, v = e.A*u, e.B*v
		ring[i] = Point{e.Center.X + u*cos - v*sin, e.Center.Y + u*sin + v*cos}
	}
	return []Shape{&Path{Common: common(e.Name, "", e.Key, e.Style), Lines: [][]Point{ring}, Closed: true}}, nil
}
