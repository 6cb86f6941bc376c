package kl

import (
	"cmp"
	"math"
	"slices"
)

// Adaptive quadrature in one and two dimensions, of several integrands at once. A cell (an interval or a
// rectangle) gets the 15-point Kronrod rule along each side; its error is what the embedded 7-point Gauss
// rule says differently along the worse side, and that side is halved next. Cells are refined in rounds until
// the errors add up to little enough. Everything is summed in a fixed order.
//
// Source: Piessens, de Doncker-Kapenga, Überhuber and Kahaner, QUADPACK (1983), §2.2 and §3.4.

const kronrodNodes = 15

// kronrod holds the non-negative nodes of the rule on [−1, 1] with the weights of Kronrod and of Gauss (0
// where the node is Kronrod's alone).
var kronrod = [8]struct{ x, k, g float64 }{
	{0.991455371120812639206854697526329, 0.022935322010529224963732008058970, 0},
	{0.949107912342758524526189684047851, 0.063092092629978553290700663189204, 0.129484966168869693270611432679082},
	{0.864864423359769072789712788640926, 0.104790010322250183839876322541518, 0},
	{0.741531185599394439863864773280788, 0.140653259715525918745189590510238, 0.279705391489276667901467771423780},
	{0.586087235467691130294144691693, 0.169004726639267902826583426598550, 0},
	{0.405845151377397166906606412076961, 0.190350578064785409913256402421014, 0.381830050505118944950369775488975},
	{0.207784955007898467600689403773245, 0.204432940075298892414161999234649, 0},
	{0, 0.209482141084727828012999174891714, 0.417959183673469387755102040816327},
}

// kronrodAt returns node i of 15 with its two weights, in ascending order of the node.
func kronrodAt(i int) (x, k, g float64) {
	if i < 8 {
		r := kronrod[i]
		return -r.x, r.k, r.g
	}
	r := kronrod[14-i]
	return r.x, r.k, r.g
}

// maxComps is how many integrands a cubature can carry.
const maxComps = 8

// comps are the values of the integrands.
type comps [maxComps]float64

// span is an interval or a rectangle; a 1-D cell leaves the second entries at 0.
type span struct{ lo, hi [2]float64 }

type cell struct {
	span
	val, abs, err comps // ∫f, ∫|f| and the error of val
	side          int   // to be halved next
}

// cubature says what to integrate.
type cubature struct {
	dim     int                            // 1 or 2
	n       int                            // integrands in use
	f       func(x [2]float64, out *comps) // writes the n integrands at x
	rel     float64                        // wanted error of each, relative to ∫|f|
	maxEval int                            // evaluations, after which the result stands as it is
}

// outcome is a cubature's result.
type outcome struct {
	val, abs, err comps
	cells         []cell
	evals         int
}

// run integrates over the cells given, which must not overlap.
func (c cubature) run(spans []span) outcome {
	perCell := kronrodNodes
	if c.dim == 2 {
		perCell *= kronrodNodes
	}
	var o outcome
	o.cells = make([]cell, 0, 2*len(spans))
	for _, s := range spans {
		o.cells = append(o.cells, c.measure(s))
	}
	o.evals = perCell * len(spans)
	for {
		o.val, o.abs, o.err = comps{}, comps{}, comps{}
		for i := range o.cells {
			for k := range c.n {
				o.val[k] += o.cells[i].val[k]
				o.abs[k] += o.cells[i].abs[k]
				o.err[k] += o.cells[i].err[k]
			}
		}
		enough := true
		for k := range c.n {
			enough = enough && !(o.err[k] > c.rel*o.abs[k])
		}
		if enough || o.evals >= c.maxEval {
			return o
		}
		// Halve each cell that has more than its even share of what may be left.
		var next []cell
		split := false
		for i := range o.cells {
			if !c.tooCoarse(&o.cells[i], &o, len(o.cells)) {
				next = append(next, o.cells[i])
				continue
			}
			split = true
			left, right := o.cells[i].span, o.cells[i].span
			side := o.cells[i].side
			mid := left.lo[side] + (left.hi[side]-left.lo[side])/2
			left.hi[side], right.lo[side] = mid, mid
			next = append(next, c.measure(left), c.measure(right))
			o.evals += 2 * perCell
		}
		if !split {
			return o
		}
		o.cells = next
	}
}

// runTwice is run on a line with a second opinion. A kink closer to a cell's edge than the outermost node
// goes unseen by both rules, so a second run has its edges inside the first run's cells; where the two
// disagree, a third has the edges of both. The errors cover what the last two disagree by.
func (c cubature) runTwice(spans []span) outcome {
	const golden = 0.6180339887498949 // where the new edges stand
	first := c.run(spans)
	if len(first.cells) == 0 {
		return first
	}
	cells := slices.Clone(first.cells)
	slices.SortFunc(cells, func(a, b cell) int { return cmp.Compare(a.lo[0], b.lo[0]) })
	edges := []float64{cells[0].lo[0]}
	for _, s := range cells {
		edges = append(edges, s.lo[0]+golden*(s.hi[0]-s.lo[0]))
	}
	edges = append(edges, cells[len(cells)-1].hi[0])
	second := c.run(between(edges))
	second.evals += first.evals
	last := first
	if c.disagree(first, second) {
		edges = edges[:0]
		for _, s := range append(cells, second.cells...) {
			edges = append(edges, s.lo[0], s.hi[0])
		}
		slices.Sort(edges)
		third := c.run(between(slices.Compact(edges)))
		third.evals += second.evals
		last, second = second, third
	}
	for k := range c.n {
		second.err[k] = max(second.err[k], math.Abs(second.val[k]-last.val[k]))
	}
	return second
}

// disagree reports whether two results differ by more than was asked for and than rounding explains.
func (c cubature) disagree(a, b outcome) bool {
	for k := range c.n {
		if math.Abs(a.val[k]-b.val[k]) > c.rel*b.abs[k]+rounding(b.abs[k], b.evals) {
			return true
		}
	}
	return false
}

// between returns the intervals between ascending edges.
func between(edges []float64) []span {
	var spans []span
	for i := 1; i < len(edges); i++ {
		if edges[i] > edges[i-1] {
			spans = append(spans, span{lo: [2]float64{edges[i-1]}, hi: [2]float64{edges[i]}})
		}
	}
	return spans
}

// tooCoarse reports whether a cell's error matters and can still fall: it is above the even share of the
// allowance, above the rounding of the cell's own sum, and the cell is wider than a few spacings of its numbers.
func (c cubature) tooCoarse(s *cell, o *outcome, cells int) bool {
	const (
		share    = 0.5
		rounding = 100 * 0x1p-53
		spacings = 64 * 0x1p-52
	)
	lo, hi := s.lo[s.side], s.hi[s.side]
	if hi-lo <= spacings*max(math.Abs(lo), math.Abs(hi)) {
		return false
	}
	for k := range c.n {
		if s.err[k] > share*c.rel*o.abs[k]/float64(cells) && s.err[k] > rounding*s.abs[k] {
			return true
		}
	}
	return false
}

// measure applies the rule to one cell.
func (c cubature) measure(s span) cell {
	out := cell{span: s}
	var half, mid [2]float64
	for j := range c.dim {
		half[j] = (s.hi[j] - s.lo[j]) / 2
		mid[j] = s.lo[j] + half[j]
	}
	var gx, gy comps // Gauss along the first side, along the second, Kronrod along the other
	var at [2]float64
	var f comps
	if c.dim == 1 {
		for i := range kronrodNodes {
			x, k, g := kronrodAt(i)
			at[0] = mid[0] + half[0]*x
			c.f(at, &f)
			for n := range c.n {
				out.val[n] += k * f[n]
				out.abs[n] += k * math.Abs(f[n])
				gx[n] += g * f[n]
			}
		}
		for n := range c.n {
			out.err[n] = half[0] * math.Abs(out.val[n]-gx[n])
			out.val[n] *= half[0]
			out.abs[n] *= half[0]
		}
		return out
	}
	for i := range kronrodNodes {
		x, kx, wx := kronrodAt(i)
		at[0] = mid[0] + half[0]*x
		for j := range kronrodNodes {
			y, ky, wy := kronrodAt(j)
			at[1] = mid[1] + half[1]*y
			c.f(at, &f)
			for n := range c.n {
				out.val[n] += kx * ky * f[n]
				out.abs[n] += kx * ky * math.Abs(f[n])
				gx[n] += wx * ky * f[n]
				gy[n] += kx * wy * f[n]
			}
		}
	}
	area := half[0] * half[1]
	var ex, ey float64 // the worst relative to the cell's own size
	for n := range c.n {
		dx, dy := area*math.Abs(out.val[n]-gx[n]), area*math.Abs(out.val[n]-gy[n])
		out.err[n] = max(dx, dy)
		out.val[n] *= area
		out.abs[n] *= area
		if out.abs[n] > 0 {
			ex, ey = max(ex, dx/out.abs[n]), max(ey, dy/out.abs[n])
		}
	}
	if ey > ex {
		out.side = 1
	}
	return out
}
