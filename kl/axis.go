package kl

import (
	"cmp"
	"math"
	"slices"
)

// axis maps t, on which quadrature works, to x in (a, b), so that every scale of x gets its share of t: an
// infinite end is reached through sinh or exp, a finite end is approached in powers of e.
type axis struct {
	a, b          float64 // ends; ±Inf where open
	centre, scale float64 // of sinh, used when both ends are open
}

// expRoom is the largest |t| for which e^t and its square stay finite.
const expRoom = 340

// at returns x(t), ln dx/dt, and false where x cannot be told from an end in double precision.
func (m axis) at(t float64) (x, lnJac float64, inside bool) {
	openA, openB := math.IsInf(m.a, -1), math.IsInf(m.b, 1)
	switch {
	case openA && openB:
		// ln cosh t = |t| + ln(1 + e^(−2|t|)) − ln 2.
		x = m.centre + m.scale*math.Sinh(t)
		u := math.Abs(t)
		lnJac = math.Log(m.scale) + u + math.Log1p(math.Exp(-2*u)) - math.Ln2
	case openB:
		x, lnJac = m.a+math.Exp(t), t
	case openA:
		x, lnJac = m.b-math.Exp(-t), -t
	default:
		width := m.b - m.a
		u := math.Exp(-math.Abs(t))
		if t < 0 {
			x = m.a + width*u/(1+u)
		} else {
			x = m.b - width*u/(1+u)
		}
		lnJac = math.Log(width) - math.Abs(t) - 2*math.Log1p(u)
	}
	return x, lnJac, x > m.a && x < m.b
}

// t is the inverse of at, ±Inf beyond an end.
func (m axis) t(x float64) float64 {
	openA, openB := math.IsInf(m.a, -1), math.IsInf(m.b, 1)
	switch {
	case openA && openB:
		return math.Asinh((x - m.centre) / m.scale)
	case openB:
		return math.Log(max(x-m.a, 0))
	case openA:
		return -math.Log(max(m.b-x, 0))
	}
	return math.Log(max(x-m.a, 0) / max(m.b-x, 0))
}

// ends returns the range of t worth looking at.
func (m axis) ends() (lo, hi float64) {
	lo, hi = -expRoom, expRoom
	step := func(e float64) float64 { return math.Log(math.Nextafter(math.Abs(e), math.Inf(1)) - math.Abs(e)) }
	openA, openB := math.IsInf(m.a, -1), math.IsInf(m.b, 1)
	switch {
	case openA && openB:
	case openB:
		lo = max(-2*expRoom, step(m.a))
	case openA:
		hi = -max(-2*expRoom, step(m.b))
	default:
		w := math.Log(m.b - m.a)
		lo, hi = max(-2*expRoom, step(m.a)-w), -max(-2*expRoom, step(m.b)-w)
	}
	return lo, hi
}

// dark is how many nats below its peak an integrand counts as nothing: e⁻⁵⁰ = 2e−22.
const dark = 50

// located is where an integrand on a line lies.
type located struct {
	spans      []span // to begin with
	peak       float64
	top        float64  // ln of the integrand at the peak; −Inf when it was nowhere seen
	peaks      []needle // every local maximum that is not dark, ascending
	endA, endB float64  // how many nats below the peak it is at the ends of the range
}

// needle is a place of a local maximum, and how far from it half a nat has been lost.
type needle struct{ at, width float64 }

// cuts returns places at the peak and at growing distances from it, up to the given one.
func (n needle) cuts(farthest float64) []float64 {
	out := []float64{n.at}
	for d := n.width; d > 0 && d < farthest; d *= 3 {
		out = append(out, n.at-d, n.at+d)
	}
	return out
}

// locate finds where e^g has its mass on [lo, hi]: g is looked at on a grid that is fine near 0 and coarser
// outwards, each local maximum is climbed, the neighbourhood of each is looked at again on every scale, and
// the bright stretch is cut at each peak's own widths. Narrow peaks are found because g, the logarithm, slopes
// towards them from afar. What lies within a region where g is −Inf all around can escape, and a peak whose slopes
// another one covers: hints are stretches to look for one in.
func locate(g func(t float64) float64, lo, hi float64, hints ...span) located {
	const (
		fine   = 0.05 // step of the grid
		far    = 14   // beyond, steps grow
		growth = 0.02 // by this share of |t|
		rounds = 3    // of looking again around new peaks
		most   = 64   // peaks
	)
	type sample struct{ t, g float64 }
	var seen []sample
	look := func(t float64) sample {
		v := g(t)
		if math.IsNaN(v) {
			v = math.Inf(-1)
		}
		s := sample{t, v}
		seen = append(seen, s)
		return s
	}
	var right, left []float64
	for t := 0.0; t < hi; t += max(fine, growth*(t-far)) {
		right = append(right, max(t, lo))
	}
	for t := -fine; t > lo; t -= max(fine, growth*(-t-far)) {
		left = append(left, min(t, hi))
	}
	slices.Reverse(left)
	grid := append(append(append([]float64{lo}, left...), right...), hi)
	slices.Sort(grid)
	grid = slices.Compact(grid)

	type peak struct{ t, g, width float64 }
	var peaks []peak
	add := func(a, b float64) {
		t, v := climb(g, a, b)
		if math.IsInf(v, -1) || len(peaks) >= most {
			return
		}
		look(t)
		width := fall(g, t, v, hi-lo)
		for _, p := range peaks {
			if math.Abs(p.t-t) < max(p.width, width)/2 && p.width < 4*width && width < 4*p.width {
				return
			}
		}
		peaks = append(peaks, peak{t, v, width})
	}
	scan := func(ts []float64) {
		s := make([]sample, len(ts))
		for i, t := range ts {
			s[i] = look(t)
		}
		for i := range s {
			if (i == 0 || s[i].g >= s[i-1].g) && (i == len(s)-1 || s[i].g >= s[i+1].g) && !math.IsInf(s[i].g, -1) {
				add(ts[max(i-1, 0)], ts[min(i+1, len(ts)-1)])
			}
		}
	}
	scan(grid)
	for _, h := range hints {
		if a, b := max(h.lo[0], lo), min(h.hi[0], hi); a < b {
			add(a, b)
		}
	}
	for from, round := 0, 0; from < len(peaks) && round < rounds; round++ {
		to := len(peaks)
		for _, p := range peaks[from:to] {
			for _, side := range []float64{-1, 1} {
				var ts []float64
				for d := p.width; ; d *= 1.2 {
					t := p.t + side*d
					if t <= lo || t >= hi || d > max(2*fine, 2*growth*math.Abs(p.t)) {
						break
					}
					ts = append(ts, t)
				}
				if side < 0 {
					slices.Reverse(ts)
				}
				if len(ts) > 2 {
					scan(ts)
				}
			}
		}
		from = to
	}

	out := located{top: math.Inf(-1)}
	for _, p := range peaks {
		if p.g > out.top {
			out.top, out.peak = p.g, p.t
		}
	}
	if math.IsInf(out.top, -1) {
		return out
	}
	slices.SortStableFunc(seen, func(a, b sample) int { return cmp.Compare(a.t, b.t) })
	first, last := -1, -1
	for i, s := range seen {
		if s.g > out.top-dark {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	out.endA, out.endB = out.top-seen[0].g, out.top-seen[len(seen)-1].g
	a, b := seen[max(first-1, 0)].t, seen[min(last+1, len(seen)-1)].t
	cuts := []float64{a, b}
	for _, p := range peaks {
		if p.g < out.top-dark {
			continue
		}
		n := needle{p.t, p.width}
		out.peaks = append(out.peaks, n)
		cuts = append(cuts, n.cuts(b-a)...)
	}
	slices.SortFunc(out.peaks, func(a, b needle) int { return cmp.Compare(a.at, b.at) })
	slices.Sort(cuts)
	inside := slices.DeleteFunc(cuts, func(c float64) bool { return c < a || c > b })
	out.spans = between(slices.Compact(inside))
	return out
}

// climb returns the place and height of a maximum of g on [a, b] by golden section.
func climb(g func(float64) float64, a, b float64) (t, v float64) {
	const steps = 70 // golden^70 = 2e−15
	golden := (math.Sqrt(5) - 1) / 2
	c, d := b-golden*(b-a), a+golden*(b-a)
	gc, gd := g(c), g(d)
	for range steps {
		if gc >= gd {
			b, d, gd = d, c, gc
			c = b - golden*(b-a)
			gc = g(c)
		} else {
			a, c, gc = c, d, gd
			d = a + golden*(b-a)
			gd = g(d)
		}
	}
	if gc >= gd {
		return c, gc
	}
	return d, gd
}

// fall returns the distance from a peak at t with height v at which g has fallen by half a nat on one side.
func fall(g func(float64) float64, t, v, widest float64) float64 {
	const drop = 0.5
	d := 0x1p-40 * (1 + math.Abs(t))
	for d < widest && g(t-d) > v-drop && g(t+d) > v-drop {
		d *= 2
	}
	return min(d, widest)
}

// halfNat returns how far from a peak g has fallen by half a nat, on the nearer side: the sd of a Gaussian peak.
func halfNat(g func(float64) float64, peak, widest float64) float64 {
	const halvings = 40
	top := g(peak)
	lo, hi := 0.0, fall(g, peak, top, widest)
	for range halvings {
		if mid := (lo + hi) / 2; min(g(peak-mid), g(peak+mid)) > top-0.5 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}
