package kl

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// Correlated returns the 2-D Gaussian with mean 0, unit variances and correlation rho, the target of the
// mean-field lesson: reverse KL gives variances 1 − ρ², forward KL 1, and both minimal divergences are
// −½ ln(1 − ρ²) (Bishop, PRML (2006), §10.1.2). It panics unless −1 < rho < 1.
func Correlated(rho float64) Gaussian {
	if !(rho > -1 && rho < 1) {
		panic("kl: Correlated: rho is " + number(rho) + ", want a number between -1 and 1")
	}
	return Gaussian{Mean: []float64{0, 0}, Cov: mat.NewSymDense(2, []float64{1, rho, rho, 1})}
}

// Banana is a bent Gaussian in 2-D: x₁ ~ N(0, Sd²), x₂ | x₁ ~ N(Bend·(x₁² − Sd²), 1). It is normalised, with
// mean 0, and the map that bends it keeps areas.
//
// Source: Haario, Saksman and Tamminen, Adaptive proposal distribution for random walk Metropolis
// algorithm, Comput. Stat. 14 (1999), §4.
type Banana struct {
	Bend float64 // 0 means 0.5
	Sd   float64 // of x₁; 0 means 1.5
}

func (b Banana) filled() (bend, sd float64) {
	bend, sd = b.Bend, b.Sd
	if bend == 0 {
		bend = 0.5
	}
	if sd == 0 {
		sd = 1.5
	}
	mustBeFinite("Banana", "Bend", bend)
	mustBePositive("Banana", "Sd", sd)
	return bend, sd
}

// LogProb returns ln p(x) in nats.
func (b Banana) LogProb(x []float64) float64 {
	mustHave("Banana", len(x), 2)
	bend, sd := b.filled()
	u := x[0] / sd
	v := x[1] - bend*(x[0]*x[0]-sd*sd)
	return -(u*u+v*v)/2 - math.Log(sd) - 2*logRootTwoPi
}

// ScoreInput writes the gradient of LogProb to dst and returns it.
func (b Banana) ScoreInput(dst, x []float64) []float64 {
	mustHave("Banana", len(x), 2)
	if dst == nil {
		dst = make([]float64, 2)
	}
	bend, sd := b.filled()
	v := x[1] - bend*(x[0]*x[0]-sd*sd)
	dst[0], dst[1] = -x[0]/(sd*sd)+2*bend*x[0]*v, -v
	return dst
}

// Draw writes one draw to dst.
func (b Banana) Draw(dst []float64, rng *rand.Rand) {
	mustHave("Banana", len(dst), 2)
	bend, sd := b.filled()
	x := sd * rng.NormFloat64()
	dst[0], dst[1] = x, bend*(x*x-sd*sd)+rng.NormFloat64()
}

// Window returns 3 sds of x₁ and what x₂ does there.
func (b Banana) Window() (lo, hi []float64) {
	const sds = 3
	bend, sd := b.filled()
	tip, turn := bend*(sds*sds-1)*sd*sd, -bend*sd*sd
	return []float64{-sds * sd, min(tip, turn) - sds}, []float64{sds * sd, max(tip, turn) + sds}
}

// Ring is a ring in 2-D, ln p(x) = −(|x| − Radius)²/(2 Width²) − ln Z, normalised:
//
//	Z = 2π[w² e^(−R²/(2w²)) + R w √(π/2) (1 + erf(R/(w√2)))],  R = Radius, w = Width
//
// The best Gaussians for reverse KL lie anywhere around it: they form a circle.
type Ring struct {
	Radius float64 // 0 means 2
	Width  float64 // 0 means 0.4
}

func (r Ring) filled() (radius, width float64) {
	radius, width = r.Radius, r.Width
	if radius == 0 {
		radius = 2
	}
	if width == 0 {
		width = 0.4
	}
	mustBePositive("Ring", "Radius", radius)
	mustBePositive("Ring", "Width", width)
	return radius, width
}

// LogProb returns ln p(x) in nats.
func (r Ring) LogProb(x []float64) float64 {
	mustHave("Ring", len(x), 2)
	radius, width := r.filled()
	u := (math.Hypot(x[0], x[1]) - radius) / width
	return -u*u/2 - math.Log(2*math.Pi*ringMass(math.Inf(1), radius, width))
}

// ringMass returns ∫_0^r s exp(−(s − R)²/(2w²)) ds.
func ringMass(r, radius, width float64) float64 {
	a, b := -radius/(width*math.Sqrt2), (r-radius)/(width*math.Sqrt2)
	return width*width*(math.Exp(-a*a)-math.Exp(-b*b)) + radius*width*math.Sqrt(math.Pi/2)*(math.Erf(b)-math.Erf(a))
}

// ScoreInput writes the gradient of LogProb to dst and returns it; at the origin, a kink, it is 0.
func (r Ring) ScoreInput(dst, x []float64) []float64 {
	mustHave("Ring", len(x), 2)
	if dst == nil {
		dst = make([]float64, 2)
	}
	radius, width := r.filled()
	s := math.Hypot(x[0], x[1])
	if s == 0 {
		dst[0], dst[1] = 0, 0
		return dst
	}
	pull := (radius - s) / (width * width * s)
	dst[0], dst[1] = pull*x[0], pull*x[1]
	return dst
}

// Draw writes one draw to dst: the radius by inverting its distribution function, then an angle.
func (r Ring) Draw(dst []float64, rng *rand.Rand) {
	mustHave("Ring", len(dst), 2)
	const (
		sds      = 10 // beyond which a radius has no mass in double precision
		halvings = 60
	)
	radius, width := r.filled()
	u := rng.Float64() * ringMass(math.Inf(1), radius, width)
	lo, hi := max(0, radius-sds*width), radius+sds*width
	for range halvings {
		if mid := (lo + hi) / 2; ringMass(mid, radius, width) < u {
			lo = mid
		} else {
			hi = mid
		}
	}
	sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
	dst[0], dst[1] = lo*cos, lo*sin
}

// Window returns the square around the ring with 4 widths to spare.
func (r Ring) Window() (lo, hi []float64) {
	radius, width := r.filled()
	e := radius + 4*width
	return []float64{-e, -e}, []float64{e, e}
}

// Funnel is Neal's funnel: v ~ N(0, Sd²) and, given v, Dim − 1 coordinates x_i ~ N(0, e^v). The point is
// (v, x₁, x₂, …). It is normalised. For n = Dim − 1 the best mean-field Gaussian of reverse KL is known:
// m = 0, Var q(v) = 1/(1/Sd² + n/2), Var q(x_i) = exp(−Var q(v)/2).
//
// Source: Neal, Slice sampling, Ann. Stat. 31 (2003), §8 (there Sd = 3 and nine coordinates, which puts half
// of E x² beyond v = 9).
type Funnel struct {
	Sd  float64 // of v; 0 means 1
	Dim int     // with v; 0 means 2
}

func (f Funnel) filled() (sd float64, dim int) {
	sd, dim = f.Sd, f.Dim
	if sd == 0 {
		sd = 1
	}
	if dim == 0 {
		dim = 2
	}
	mustBePositive("Funnel", "Sd", sd)
	if dim < 2 {
		panic("kl: Funnel: Dim is " + strconv.Itoa(dim) + ", want at least 2")
	}
	return sd, dim
}

// LogProb returns ln p(x) in nats.
func (f Funnel) LogProb(x []float64) float64 {
	sd, dim := f.filled()
	mustHave("Funnel", len(x), dim)
	var square float64
	for _, v := range x[1:] {
		square += v * v
	}
	u, n := x[0]/sd, float64(dim-1)
	spread := 0.0
	if square > 0 {
		spread = math.Exp(math.Log(square) - x[0])
	}
	return -u*u/2 - math.Log(sd) - (n*x[0]+spread)/2 - float64(dim)*logRootTwoPi
}

// ScoreInput writes the gradient of LogProb to dst and returns it.
func (f Funnel) ScoreInput(dst, x []float64) []float64 {
	sd, dim := f.filled()
	mustHave("Funnel", len(x), dim)
	if dst == nil {
		dst = make([]float64, dim)
	}
	scale := math.Exp(-x[0])
	dst[0] = -x[0]/(sd*sd) - float64(dim-1)/2
	for i, v := range x[1:] {
		dst[0] += v * v * scale / 2
		dst[i+1] = -v * scale
	}
	return dst
}

// Draw writes one draw to dst.
func (f Funnel) Draw(dst []float64, rng *rand.Rand) {
	sd, dim := f.filled()
	mustHave("Funnel", len(dst), dim)
	dst[0] = sd * rng.NormFloat64()
	for i := range dst[1:] {
		dst[i+1] = math.Exp(dst[0]/2) * rng.NormFloat64()
	}
}

// Window returns 3 sds of v and, for the others, 3 sds as they are at v = Sd.
func (f Funnel) Window() (lo, hi []float64) {
	const sds = 3
	sd, dim := f.filled()
	lo, hi = make([]float64, dim), make([]float64, dim)
	for i := range lo {
		hi[i] = sds * math.Exp(sd/2)
		if i == 0 {
			hi[i] = sds * sd
		}
		lo[i] = -hi[i]
	}
	return lo, hi
}

func mustHave(where string, n, want int) {
	if n != want {
		panic("kl: " + where + ": x has " + strconv.Itoa(n) + " entries, want " + strconv.Itoa(want))
	}
}
