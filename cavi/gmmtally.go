package cavi

import "math"

// tally is what one pass over the data leaves of the assignments φ of a mixture with known noise, each sum over
// the n data. The centres c_k are the means that φ was computed from; sums of deviations from them keep their
// digits wherever the data lie.
type tally struct {
	n       int
	count   []float64 // Σ_i φ_ik
	dev     []float64 // Σ_i φ_ik (x_i − c_k)
	dev2    []float64 // Σ_i φ_ik (x_i − c_k)²
	entropy float64   // −Σ_ik φ_ik ln φ_ik, in nats
}

func newTally(k int) tally {
	s := make([]float64, 3*k)
	return tally{count: s[:k:k], dev: s[k : 2*k : 2*k], dev2: s[2*k:]}
}

// add adds u to t.
func (t *tally) add(u tally) {
	t.n += u.n
	t.entropy += u.entropy
	for k := range t.count {
		t.count[k] += u.count[k]
		t.dev[k] += u.dev[k]
		t.dev2[k] += u.dev2[k]
	}
}

// squares returns Σ_i φ_ik (x_i − m)², given the centre c of component k.
func (t tally) squares(k int, m, c float64) float64 {
	d := m - c
	return t.dev2[k] - 2*d*t.dev[k] + d*d*t.count[k]
}

// blockLen is how many data there are between two logarithms: a product of as many numbers in [1, 2] does not
// overflow.
const blockLen = 256

// tallied shares the data x out among components at mean with variances of q(μ), noise sd sigma.
func tallied(x, mean, variance []float64, sigma float64, workers int) tally {
	total := newTally(len(mean))
	for _, part := range inChunks(len(x), workers, func(from, to int) tally {
		return tallyChunk(x[from:to], mean, variance, sigma)
	}) {
		total.add(part)
	}
	return total
}

// tallyChunk tallies one chunk, a block at a time.
func tallyChunk(x, mean, variance []float64, sigma float64) tally {
	total, block := newTally(len(mean)), newTally(len(mean))
	room := make([]float64, 2*len(mean))
	for len(x) > 0 {
		n := min(blockLen, len(x))
		if len(mean) == 2 {
			block.two(x[:n], mean, variance, sigma)
		} else {
			block.many(x[:n], mean, variance, sigma, room)
		}
		total.add(block)
		x = x[n:]
	}
	return total
}

// many sets t to the tally of x for any number of components; room is for 2K numbers.
func (t *tally) many(x, mean, variance []float64, sigma float64, room []float64) {
	const full = 1e200 // a product from which on its logarithm is taken, far from overflow
	h := 0.5 / (sigma * sigma)
	far, share := room[:len(mean)], room[len(mean):]
	clear(t.count)
	clear(t.dev)
	clear(t.dev2)
	t.n, t.entropy = len(x), 0
	product := 1.0
	for _, x := range x {
		total := weigh(far, share, x, mean, variance, h)
		if product *= total; product > full {
			t.entropy += math.Log(product)
			product = 1
		}
		norm := 1 / total
		for k, c := range mean {
			phi := share[k] * norm
			d := x - c
			t.count[k] += phi
			t.dev[k] += phi * d
			t.dev2[k] += phi * d * d
			t.entropy += phi * far[k]
		}
	}
	t.entropy += math.Log(product)
}

// weigh sets far[k] to how many nats component k is below the likeliest for a datum at x, share[k] to
// exp(−far[k]), and returns the sum of the latter, between 1 and K. h is 1/(2σ²).
func weigh(far, share []float64, x float64, mean, variance []float64, h float64) float64 {
	least := math.Inf(1)
	for k, c := range mean {
		far[k] = h * ((x-c)*(x-c) + variance[k])
		least = min(least, far[k])
	}
	var total float64
	for k := range far {
		far[k] -= least
		share[k] = 1
		if far[k] > 0 {
			share[k] = math.Exp(-far[k])
		}
		total += share[k]
	}
	return total
}

// two is many for two components: the log odds are linear in x, and one exponential serves both shares.
func (t *tally) two(x, mean, variance []float64, sigma float64) {
	c0, c1 := mean[0], mean[1]
	slope := (c1 - c0) / (sigma * sigma)
	middle := c0 + 0.5*(c1-c0)
	offset := 0.5 * (variance[1] - variance[0]) / (sigma * sigma)
	var n0, n1, a0, a1, b0, b1, entropy float64
	product := 1.0 // of 1 + e, one logarithm for the block
	for _, x := range x {
		odds := slope*(x-middle) - offset // ln φ_i1/φ_i0
		far := math.Abs(odds)
		e := math.Exp(-far)
		major := 1 / (1 + e)
		minor := e * major
		product *= 1 + e
		entropy += minor * far
		phi0, phi1 := major, minor
		if odds > 0 {
			phi0, phi1 = minor, major
		}
		d0, d1 := x-c0, x-c1
		n0 += phi0
		n1 += phi1
		a0 += phi0 * d0
		a1 += phi1 * d1
		b0 += phi0 * d0 * d0
		b1 += phi1 * d1 * d1
	}
	t.n = len(x)
	t.count[0], t.count[1] = n0, n1
	t.dev[0], t.dev[1] = a0, a1
	t.dev2[0], t.dev2[1] = b0, b1
	t.entropy = entropy + math.Log(product)
}

// shares returns φ ∝ exp(−((x − mean)² + variance)/(2σ²)), summing to 1.
func shares(x float64, mean, variance []float64, sigma float64) []float64 {
	far, phi := make([]float64, len(mean)), make([]float64, len(mean))
	total := weigh(far, phi, x, mean, variance, 0.5/(sigma*sigma))
	for k := range phi {
		phi[k] /= total
	}
	return phi
}
