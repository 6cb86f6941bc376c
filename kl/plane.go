package kl

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// plane integrates over a 2-D target in coordinates that fit it: x = c + L u, u_i = sinh t_i, where c and L
// come from the moments found before, so that a second look is a look at something round of size 1.
type plane struct {
	p      Target
	frame  factor
	top    float64 // ln of the largest integrand seen
	bad    string
	points int
}

// Named constants of the search on the plane.
const (
	planeReach  = 9.0   // of t at first: 4,000 sds
	planeGrid   = 61    // points a side of the first look
	planeFar    = 60.0  // of t, beyond which tails are said not to end
	planeDark   = 40.0  // nats below the top that count as nothing
	planeCells  = 16    // a side, to begin with
	planeRough  = 1e-4  // relative error of the looks before the last
	planeTol    = 1e-10 // and of the last
	planeEvals  = 3_000_000
	planeLooks  = 6
	planeModes  = 32
	modeWidths  = 4.0 // cells at a mode are no wider than so many of its widths
	steadyShift = 0.2 // in sds: moments that move less than that need no new frame
)

// planeMoments returns the moments of a 2-D target.
func planeMoments(p Target, near factor) Moments {
	pl := plane{p: p, frame: near}
	var m Moments
	for look := 1; ; look++ {
		tol := planeRough
		if look == planeLooks {
			tol = planeTol
		}
		var steady bool
		m, steady = pl.look(tol)
		if m.Reason != "" || tol == planeTol {
			return m
		}
		if steady || look == planeLooks-1 {
			pl.reframe(m)
			m, _ = pl.look(planeTol)
			return m
		}
		pl.reframe(m)
	}
}

func (pl *plane) reframe(m Moments) { pl.frame = m.Gaussian.factored("plane") }

// u returns the place in the frame, and the log of its share of area.
func (pl *plane) u(t [2]float64) (u [2]float64, lnJac float64) {
	for i, v := range t {
		u[i] = math.Sinh(v)
		a := math.Abs(v)
		lnJac += a + math.Log1p(math.Exp(-2*a)) - math.Ln2
	}
	return u, lnJac
}

// lnp returns ln p at u, noting what makes no sense.
func (pl *plane) lnp(u [2]float64) float64 {
	var x [2]float64
	pl.frame.place(x[:], u[:])
	v := pl.p.LogProb(x[:])
	pl.points++
	if math.IsNaN(v) || math.IsInf(v, 1) {
		if pl.bad == "" {
			pl.bad = "LogProb is " + number(v) + " at " + place(x[:])
		}
		return math.Inf(-1)
	}
	return v
}

// bright is the log of what t contributes to the largest of the moments, per dt.
func (pl *plane) bright(t [2]float64) float64 {
	u, lnJac := pl.u(t)
	return pl.lnp(u) + lnJac + math.Log1p(u[0]*u[0]+u[1]*u[1])
}

// look finds the mass in the present frame and integrates. steady says that the frame fitted.
func (pl *plane) look(tol float64) (Moments, bool) {
	ridges, hull := pl.search()
	if pl.bad != "" {
		return Moments{Reason: pl.bad}, false
	}
	if len(ridges) == 0 {
		return Moments{Reason: "LogProb is −Inf wherever it was looked at, around " + place(pl.frame.mean) + " on all scales"}, false
	}
	if !pl.grow(&hull) {
		return Moments{Reason: "p has no finite covariance, or no finite mass: its tails do not fall fast enough"}, false
	}
	o := cubature{dim: 2, n: 7, rel: tol, maxEval: planeEvals, f: func(t [2]float64, out *comps) {
		*out = comps{}
		u, lnJac := pl.u(t)
		v := pl.lnp(u)
		if math.IsInf(v, -1) {
			return
		}
		w := math.Exp(v + lnJac - pl.top)
		out[0], out[1], out[2] = w, w*u[0], w*u[1]
		out[3], out[4], out[5] = w*u[0]*u[0], w*u[0]*u[1], w*u[1]*u[1]
		out[6] = w * v
	}}.run(cutAround(hull, ridges))
	if pl.bad != "" {
		return Moments{Reason: pl.bad}, false
	}
	return pl.moments(o)
}

// moments turns the integrals over u into moments of x.
func (pl *plane) moments(o outcome) (Moments, bool) {
	z := o.val[0]
	if !(z > 0) {
		return Moments{Reason: "no mass of p was found around " + place(pl.frame.mean)}, false
	}
	mu := [2]float64{o.val[1] / z, o.val[2] / z}
	var s [2][2]float64
	s[0][0], s[0][1], s[1][1] = o.val[3]/z-mu[0]*mu[0], o.val[4]/z-mu[0]*mu[1], o.val[5]/z-mu[1]*mu[1]
	s[1][0] = s[0][1]
	low := pl.frame.low
	l := [2][2]float64{{low[0], 0}, {low[2], low[3]}}
	m := Moments{LogZ: pl.top + math.Log(z) + pl.frame.logDet, MeanErr: make([]float64, 2), CovErr: mat.NewSymDense(2, nil)}
	m.Entropy = m.LogZ - o.val[6]/z
	g := Gaussian{Mean: make([]float64, 2), Cov: mat.NewSymDense(2, nil)}
	pl.frame.place(g.Mean, mu[:])
	rel := o.err[0]/z + rounding(1, o.evals)
	worst := 0.0 // error of any first or second moment of u
	for k := 1; k <= 5; k++ {
		worst = max(worst, o.err[k]/z+rel*o.abs[k]/z)
	}
	for i := range 2 {
		for j := i; j < 2; j++ {
			var sum, size float64
			for a := range 2 {
				for b := range 2 {
					sum += l[i][a] * s[a][b] * l[j][b]
					size += math.Abs(l[i][a] * l[j][b])
				}
			}
			g.Cov.SetSym(i, j, sum)
			m.CovErr.SetSym(i, j, size*worst*(1+2*math.Abs(mu[0])+2*math.Abs(mu[1])))
		}
		m.MeanErr[i] = (math.Abs(l[i][0]) + math.Abs(l[i][1])) * worst
	}
	if _, ok := cholesky(g.Cov); !ok {
		return Moments{Reason: "the covariance of p is lost in rounding at " + place(g.Mean)}, false
	}
	m.Gaussian = g
	near := func(v, want float64) bool { return math.Abs(v-want) < steadyShift }
	return m, near(mu[0], 0) && near(mu[1], 0) && near(s[0][0], 1) && near(s[1][1], 1) && near(s[0][1], 0)
}
