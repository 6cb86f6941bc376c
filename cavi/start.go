package cavi

import (
	"math"
	"sort"
)

// pickData draws up to k different values of x, each as likely as any other, and returns them sorted. The draw
// depends on the set of values alone: the order of x changes nothing, and no copy of x is made. There are
// fewer than k only where x has fewer different values.
//
// Each value gets a priority, a hash of its bits with the key; the k lowest are drawn (bottom-k sampling:
// Cohen & Kaplan, Summarizing data using bottom-k sketches (2007)).
func pickData(x []float64, k int, key uint64) []float64 {
	type draw struct {
		priority uint64
		value    float64
	}
	lowest := make([]draw, 0, k+1) // ascending in priority
	for _, v := range x {
		v += 0 // −0 and 0 are one value
		p := mix(math.Float64bits(v) ^ key)
		if len(lowest) == k && p >= lowest[k-1].priority {
			continue
		}
		at := sort.Search(len(lowest), func(i int) bool { return lowest[i].priority >= p })
		if at < len(lowest) && lowest[at].value == v {
			continue
		}
		lowest = append(lowest, draw{})
		copy(lowest[at+1:], lowest[at:])
		lowest[at] = draw{p, v}
		lowest = lowest[:min(len(lowest), k)]
	}
	values := make([]float64, len(lowest))
	for i, d := range lowest {
		values[i] = d.value
	}
	sort.Float64s(values)
	return values
}

// mix is a bijection of 64-bit words in which each bit of the result depends on all bits of z, so that near
// values get unrelated priorities and different values never share one.
//
// Source: Steele, Lea & Flood, Fast splittable pseudorandom number generators (2014), the variant mix13.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
