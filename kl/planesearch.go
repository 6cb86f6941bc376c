package kl

import "math"

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
