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
	planeCells  = 8     // a side, to begin with
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

// mode is a local maximum of bright and the distance at which it has fallen by half a nat.
type mode struct {
	t     [2]float64
	g     float64
	width float64
}

// ridge is a place where bright, along one axis, is at a maximum and falls by half a nat within width.
type ridge struct {
	t     [2]float64
	axis  int
	width float64
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

// search looks at a grid, climbs to the modes, looks around each on every scale, and returns the modes and
// the ridges too narrow for the grid with the rectangle that holds what is bright. It sets top.
func (pl *plane) search() ([]ridge, span) {
	const rounds = 2
	step := 2 * planeReach / (planeGrid - 1)
	at := func(i int) float64 { return step * float64(i-planeGrid/2) }
	var g [planeGrid][planeGrid]float64
	type point struct {
		t [2]float64
		g float64
	}
	var seen []point
	see := func(t [2]float64) float64 {
		v := pl.bright(t)
		seen = append(seen, point{t, v})
		return v
	}
	for i := range planeGrid {
		for j := range planeGrid {
			g[i][j] = see([2]float64{at(i), at(j)})
		}
	}
	var modes []mode
	ascend := func(t [2]float64, v, step float64) {
		if len(modes) >= planeModes || math.IsInf(v, -1) {
			return
		}
		m := pl.climb(t, v, step)
		for _, o := range modes {
			if math.Hypot(m.t[0]-o.t[0], m.t[1]-o.t[1]) < max(m.width, o.width) {
				return
			}
		}
		modes = append(modes, m)
		seen = append(seen, point{m.t, m.g})
	}
	for i := range planeGrid {
		for j := range planeGrid {
			highest := true
			for a := max(i-1, 0); a <= min(i+1, planeGrid-1); a++ {
				for b := max(j-1, 0); b <= min(j+1, planeGrid-1); b++ {
					highest = highest && g[i][j] >= g[a][b]
				}
			}
			if highest {
				ascend([2]float64{at(i), at(j)}, g[i][j], step)
			}
		}
	}
	for from, round := 0, 0; from < len(modes) && round < rounds; round++ {
		const rays, stretch = 24, 1.25
		to := len(modes)
		for _, m := range modes[from:to] {
			for k := range rays {
				sin, cos := math.Sincos(2 * math.Pi * float64(k) / rays)
				var before, last float64 = math.Inf(1), m.g
				var lastT [2]float64 = m.t
				for r := m.width; r < 2*step; r *= stretch {
					t := [2]float64{m.t[0] + r*cos, m.t[1] + r*sin}
					v := see(t)
					if last > v && last > before {
						ascend(lastT, last, r*(stretch-1))
					}
					before, last, lastT = last, v, t
				}
			}
		}
		from = to
	}
	pl.top = math.Inf(-1)
	for _, m := range modes {
		pl.top = max(pl.top, m.g)
	}
	var ridges []ridge
	for _, m := range modes {
		if m.g > pl.top-planeDark {
			ridges = append(ridges, ridge{m.t, 0, m.width}, ridge{m.t, 1, m.width})
		}
	}
	for axis := range 2 {
		const resolved = 3.0 // nats between neighbours on the grid
		for i := range planeGrid {
			value := func(j int) float64 {
				if axis == 0 {
					return g[j][i]
				}
				return g[i][j]
			}
			line := func(v float64) float64 {
				var t [2]float64
				t[axis], t[1-axis] = v, at(i)
				return pl.bright(t)
			}
			for j := 1; j < planeGrid-1; j++ {
				v, left, right := value(j), value(j-1), value(j+1)
				if math.IsInf(v, -1) || v < left || v < right || v-left < resolved && v-right < resolved {
					continue
				}
				top, high := climb(line, at(j-1), at(j+1))
				if high < pl.top-planeDark {
					continue
				}
				r := ridge{axis: axis, width: fall(line, top, high, planeReach)}
				r.t[axis], r.t[1-axis] = top, at(i)
				seen = append(seen, point{r.t, high})
				ridges = append(ridges, r)
			}
		}
	}
	hull := span{lo: [2]float64{math.Inf(1), math.Inf(1)}, hi: [2]float64{math.Inf(-1), math.Inf(-1)}}
	for _, s := range seen {
		if s.g < pl.top-planeDark {
			continue
		}
		for k := range 2 {
			hull.lo[k], hull.hi[k] = min(hull.lo[k], s.t[k]), max(hull.hi[k], s.t[k])
		}
	}
	return ridges, hull
}

// climb goes uphill from t by trying steps along the axes and diagonals, halving them when none gains.
func (pl *plane) climb(t [2]float64, v, step float64) mode {
	const (
		halvings = 30
		moves    = 400
	)
	for halved, moved := 0, 0; halved < halvings && moved < moves; {
		best, bestT := v, t
		for _, dir := range [8][2]float64{{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}} {
			at := [2]float64{t[0] + step*dir[0], t[1] + step*dir[1]}
			if g := pl.bright(at); g > best {
				best, bestT = g, at
			}
		}
		if best > v {
			v, t = best, bestT
			moved++
			continue
		}
		step /= 2
		halved++
	}
	m := mode{t: t, g: v, width: math.Inf(1)}
	for k := range 2 {
		m.width = min(m.width, fall(func(s float64) float64 {
			at := t
			at[k] = s
			return pl.bright(at)
		}, t[k], v, planeReach))
	}
	return m
}

// grow moves each side of the hull outwards until it is dark. It reports false when a side never is.
func (pl *plane) grow(hull *span) bool {
	const margin = 0.3
	for k := range 2 {
		hull.lo[k] -= margin
		hull.hi[k] += margin
	}
	for {
		moved := false
		for k := range 2 {
			for _, end := range []*float64{&hull.lo[k], &hull.hi[k]} {
				line := func(v float64) float64 {
					var t [2]float64
					t[k], t[1-k] = *end, v
					return pl.bright(t)
				}
				if !pl.lit(line, hull.lo[1-k], hull.hi[1-k]) {
					continue
				}
				moved = true
				if end == &hull.lo[k] {
					*end -= margin
				} else {
					*end += margin
				}
				if math.Abs(*end) > planeFar {
					return false
				}
			}
		}
		if !moved {
			return true
		}
	}
}

// lit reports whether g is bright anywhere on [a, b]: at even samples, or at the top of the highest of them,
// where a narrow neck may pass between two samples.
func (pl *plane) lit(g func(float64) float64, a, b float64) bool {
	const samples = 128
	at := func(i int) float64 { return a + (b-a)*float64(i)/samples }
	best, bestI := math.Inf(-1), -1
	for i := range samples + 1 {
		v := g(at(i))
		if v > pl.top-planeDark {
			return true
		}
		if v > best {
			best, bestI = v, i
		}
	}
	if bestI < 0 {
		return false
	}
	_, v := climb(g, at(max(bestI-1, 0)), at(min(bestI+1, samples)))
	return v > pl.top-planeDark
}

// cutAround cuts the hull into a grid, and the cells that hold a ridge across it down to the ridge's width.
func cutAround(hull span, ridges []ridge) []span {
	var cells []span
	for i := range planeCells {
		for j := range planeCells {
			var s span
			for k, n := range [2]int{i, j} {
				side := (hull.hi[k] - hull.lo[k]) / planeCells
				s.lo[k], s.hi[k] = hull.lo[k]+side*float64(n), hull.lo[k]+side*float64(n+1)
			}
			cells = append(cells, s)
		}
	}
	for _, r := range ridges {
		for i := 0; i < len(cells); i++ {
			s := cells[i]
			inside := true
			for k, t := range r.t {
				inside = inside && t >= s.lo[k]-r.width && t <= s.hi[k]+r.width
			}
			for inside && s.hi[r.axis]-s.lo[r.axis] > modeWidths*r.width {
				mid := (s.lo[r.axis] + s.hi[r.axis]) / 2
				near, far := s, s
				near.hi[r.axis], far.lo[r.axis] = mid, mid
				if r.t[r.axis] > mid {
					near, far = far, near
				}
				cells = append(cells, far) // looked at again further on, in case the ridge touches it
				s = near
				cells[i] = s
			}
		}
	}
	return cells
}
