package kl

import (
	"cmp"
	"math"
	"slices"
)

// Named constants of the search for needles.
const (
	needleReach = 10.0    // sds of the start, looked at evenly
	needleSteps = 1 << 14 // across them, and across each other stretch that is looked at evenly
)

// bumpsOf returns the peaks that a target says it has, with their widths.
func bumpsOf(p Target) (known []needle) {
	if m, ok := p.(Mixture); ok {
		for k, at := range m.Mean {
			known = append(known, needle{at, m.sd(k)})
		}
	}
	return known
}

// needles returns the peaks of a 1-D target and their widths: those that it says it has, and what is found looking
// from near on all scales. Where it says nothing they are looked for evenly too, around the start and where the target
// says that it lies: between two looks a peak can hide only when it rises out of another's slope on a shorter stretch
// than that.
func needles(p, fast Target, near factor) []needle {
	w := axis{a: math.Inf(-1), b: math.Inf(1), centre: near.mean[0], scale: near.low[0]}
	lnp := func(x float64) float64 {
		if v := fast.LogProb([]float64{x}); !math.IsNaN(v) {
			return v
		}
		return math.Inf(-1)
	}
	lo, hi := w.ends()
	var found []needle
	for _, n := range locate(func(t float64) float64 {
		x, _, _ := w.at(t)
		return lnp(x)
	}, lo, hi).peaks {
		x, _, _ := w.at(n.at)
		found = addNeedle(found, lnp, x)
	}
	known := bumpsOf(p)
	for _, n := range known {
		const inside = 0.999 // of the stretch: at its end there is a slope, not a peak
		if x, _ := climb(lnp, n.at-n.width, n.at+n.width); math.Abs(x-n.at) < inside*n.width {
			found = addNeedle(found, lnp, x)
		}
	}
	if known == nil {
		found = scanEvenly(found, lnp, near.mean[0]-needleReach*near.low[0], near.mean[0]+needleReach*near.low[0])
		if win, ok := p.(Windower); ok {
			lo, hi := win.Window()
			found = scanEvenly(found, lnp, lo[0], hi[0])
		}
	}
	slices.SortFunc(found, func(a, b needle) int { return cmp.Compare(a.at, b.at) })
	return found
}

// scanEvenly adds the local maxima of g on an even grid.
func scanEvenly(found []needle, g func(float64) float64, a, b float64) []needle {
	step := (b - a) / needleSteps
	before, here := g(a-step), g(a)
	for i := range needleSteps + 1 {
		x := a + step*float64(i)
		after := g(x + step)
		if here > before && here > after {
			top, _ := climb(g, x-step, x+step)
			found = addNeedle(found, g, top)
		}
		before, here = here, after
	}
	return found
}

// addNeedle adds the peak at x unless it is one that was found before.
func addNeedle(found []needle, g func(float64) float64, x float64) []needle {
	const most = 64
	if len(found) >= most {
		return found
	}
	n := needle{x, halfNat(g, x, math.Sqrt(math.MaxFloat64))}
	for _, o := range found {
		if math.Abs(o.at-n.at) < max(o.width, n.width)/2 && o.width < 4*n.width && n.width < 4*o.width {
			return found
		}
	}
	return append(found, n)
}
