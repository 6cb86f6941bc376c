package cavi

import (
	"math"
	"slices"
	"sort"
)

// pickData draws up to k different values of x, each as likely as any other, and returns them sorted. The draw
// depends on the set of values alone: the order of x changes nothing, and no copy of x is made. There are
// fewer than k only where x has fewer different values.
func pickData(x []float64, k int, key uint64) []float64 {
	picked := lowest(len(x), k, func(i int) uint64 {
		return mix(math.Float64bits(x[i]+0) ^ key) // −0 and 0 are one value
	})
	values := make([]float64, len(picked))
	for j, i := range picked {
		values[j] = x[i] + 0
	}
	sort.Float64s(values)
	return values
}

// lowest returns the indices below n of the up to k lowest different priorities, the lowest first. Where a priority
// is a hash of a datum, that draws k different data (bottom-k sampling: Cohen & Kaplan, Summarizing data using
// bottom-k sketches (2007)).
func lowest(n, k int, priority func(i int) uint64) []int {
	found, at := make([]int, 0, k+1), make([]uint64, 0, k+1) // ascending in priority
	for i := range n {
		p := priority(i)
		if len(at) == k && p >= at[k-1] {
			continue
		}
		place, known := slices.BinarySearch(at, p)
		if known {
			continue
		}
		at, found = slices.Insert(at, place, p), slices.Insert(found, place, i)
		at, found = at[:min(len(at), k)], found[:min(len(found), k)]
	}
	return found
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
