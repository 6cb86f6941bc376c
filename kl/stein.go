package kl

import (
	"math"
	"slices"
)

// stein accumulates Σ w f, Σ w f z, Σ w f (zzᵀ − 1).
type stein struct {
	w, none float64 // Σ w, and that of the points where p is 0
	f, abs  float64
	z       [2]float64
	zz      [3]float64 // 11, 12, 22
}

func (m *stein) add(w, f float64, z [2]float64) {
	wf := w * f
	m.f += wf
	m.abs += math.Abs(wf)
	m.z[0] += wf * z[0]
	m.z[1] += wf * z[1]
	m.zz[0] += wf * (z[0]*z[0] - 1)
	m.zz[1] += wf * z[0] * z[1]
	m.zz[2] += wf * (z[1]*z[1] - 1)
}

// differs returns the largest difference between two sets of them, each divided by its Σ w.
func (m *stein) differs(o *stein) float64 {
	worst := math.Abs(m.f/m.w - o.f/o.w)
	for i := range m.z {
		worst = max(worst, math.Abs(m.z[i]/m.w-o.z[i]/o.w))
	}
	for i := range m.zz {
		worst = max(worst, math.Abs(m.zz[i]/m.w-o.zz[i]/o.w))
	}
	return worst
}

// result turns them into an expectation; f0 is what was taken off every f.
func (m *stein) result(d int, f0, err float64) expectation {
	r := expectation{f: f0 + m.f/m.w, abs: m.abs / m.w, err: err, slope: make([]float64, d), spread: make([]float64, d*d)}
	if m.none > noMass*m.w {
		r.f = math.Inf(-1)
	}
	for i := range d {
		r.slope[i] = m.z[i] / m.w
		for j := range d {
			r.spread[i*d+j] = m.zz[i+j] / m.w
		}
	}
	return r
}

// probe evaluates f at z, less f0. ok is false where p is 0 or f makes no sense, which it notes.
func (e *expecter) probe(q factor, z [2]float64, f0 float64, bad *string) (f float64, ok bool) {
	d := len(q.mean)
	var x [2]float64
	q.place(x[:d], z[:d])
	f = e.p.LogProb(x[:d])
	if math.IsNaN(f) || math.IsInf(f, 1) {
		if *bad == "" {
			*bad = "LogProb is " + number(f) + " at " + place(x[:d])
		}
		return 0, false
	}
	return f - f0, !math.IsInf(f, -1)
}

// place writes a point for a sentence.
func place(x []float64) string {
	s := "x = ("
	for i, v := range x {
		if i > 0 {
			s += ", "
		}
		s += number(v)
	}
	return s + ")"
}

// origin returns f(m), or 0 where that is not finite, and how far |z| must reach so that what f does beyond,
// times z², is nothing beside its size at |z| = 1.
func (e *expecter) origin(q factor, bad *string) (f0, reach float64) {
	const (
		step = 4.5
		left = 1e-13
	)
	if f, ok := e.probe(q, [2]float64{}, 0, bad); ok {
		f0 = f
	}
	usual := e.rim(q, 1, f0, bad)
	reach = zReach
	for reach < zFarthest {
		size := e.rim(q, reach, f0, bad)
		if math.Log(size)+2*math.Log(reach)-reach*reach/2 < math.Log(left)+math.Log1p(usual) {
			break
		}
		reach += step
	}
	return f0, reach
}

// rim returns the largest |f − f0| on a few points with this |z|.
func (e *expecter) rim(q factor, reach, f0 float64, bad *string) float64 {
	points := 16
	if len(q.mean) == 1 {
		points = 2
	}
	size := 0.0
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(points))
		if len(q.mean) == 1 {
			sin = 0
		}
		if f, ok := e.probe(q, [2]float64{reach * cos, reach * sin}, f0, bad); ok {
			size = max(size, math.Abs(f))
		}
	}
	return size
}

// trapezoid is the trapezoid rule on a grid in z that is halved until two agree; for smooth f it converges
// faster than any power of the spacing (Trefethen and Weideman, SIAM Review 56 (2014), §5). It reports
// false when the finest grid allowed was not enough.
func (e *expecter) trapezoid(q factor) (expectation, bool) {
	d := len(q.mean)
	coarse, finest := 16, 1024 // points a unit of z
	if d == 2 {
		coarse, finest = 4, 32
	}
	coarse *= max(e.finer, 1)
	var bad string
	f0, reach := e.origin(q, &bad)
	var sum stein
	for per := coarse; ; per *= 2 {
		h := 1 / float64(per)
		n := int(reach * float64(per))
		before := sum
		bell := make([]float64, n+1)
		for k := range bell {
			z := float64(k) * h
			bell[k] = math.Exp(-z * z / 2)
		}
		rows := 0
		if d == 2 {
			rows = n
		}
		for j := -rows; j <= rows; j++ {
			for i := -n; i <= n; i++ {
				if per > coarse && i&1 == 0 && j&1 == 0 || i*i+j*j > n*n {
					continue
				}
				w := bell[max(i, -i)] * bell[max(j, -j)]
				z := [2]float64{float64(i) * h, float64(j) * h}
				f, ok := e.probe(q, z, f0, &bad)
				sum.w += w
				if !ok {
					sum.none += w
					continue
				}
				sum.add(w, f, z)
			}
			if bad != "" {
				return expectation{bad: bad}, true
			}
		}
		if sum.none > noMass*sum.w {
			return sum.result(d, f0, 0), true
		}
		if per > coarse {
			diff := sum.differs(&before)
			if diff <= zTol*(1+sum.abs/sum.w)+0x1p-48*math.Abs(f0) || math.IsInf(sum.abs, 1) {
				return sum.result(d, f0, diff), true
			}
		}
		if per >= finest {
			return expectation{}, false
		}
	}
}

// adaptive is the rule for targets with kinks or features much narrower than q.
func (e *expecter) adaptive(q factor) expectation {
	d := len(q.mean)
	var bad string
	f0, reach := e.origin(q, &bad)
	cells, evals := 4, hardEvals2
	if d == 1 {
		cells, evals = 24, hardEvals1
	}
	var edges []float64
	for i := range cells + 1 {
		edges = append(edges, reach*(2*float64(i)/float64(cells)-1))
	}
	for _, n := range e.fine {
		z := needle{(n.at - q.mean[0]) / q.low[0], n.width / q.low[0]}
		for _, c := range z.cuts(reach) {
			if math.Abs(c) < reach {
				edges = append(edges, c)
			}
		}
	}
	slices.Sort(edges)
	spans := between(slices.Compact(edges))
	if d == 2 {
		line := spans
		spans = nil
		for _, u := range line {
			for _, v := range line {
				spans = append(spans, span{lo: [2]float64{u.lo[0], v.lo[0]}, hi: [2]float64{u.hi[0], v.hi[0]}})
			}
		}
	}
	rule := cubature{dim: d, n: 8, rel: zTol, maxEval: evals, f: func(z [2]float64, out *comps) {
		w := math.Exp(-(z[0]*z[0]+z[1]*z[1])/2 - float64(d)*logRootTwoPi)
		*out = comps{6: w}
		f, ok := e.probe(q, z, f0, &bad)
		if !ok {
			out[7] = w
			return
		}
		var m stein
		m.add(w, f, z)
		out[0], out[1], out[2], out[3], out[4], out[5] = m.f, m.z[0], m.z[1], m.zz[0], m.zz[1], m.zz[2]
	}}
	o := outcome{}
	if d == 1 {
		o = rule.runTwice(spans)
	} else {
		o = rule.run(spans)
	}
	if bad != "" {
		return expectation{bad: bad}
	}
	v := o.val
	sum := stein{w: v[6], none: v[7], f: v[0], abs: o.abs[0], z: [2]float64{v[1], v[2]}, zz: [3]float64{v[3], v[4], v[5]}}
	return sum.result(d, f0, o.err[0])
}
