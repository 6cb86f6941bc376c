package vizlib

import (
	"fmt"
	"math"
	"slices"
)

// Bars are a histogram of data, or bars of given heights.
//
// Each bar can be split in two: the lower part in Style.Ink, the upper part hatched in Style.Ink2. For data
// the split is Σ Share over the data in the bar, so that a bar shows how its data are shared out.
type Bars struct {
	Data    []float64 // a histogram of these …
	Share   []float64 // optional, one a datum, 0…1: how much of it belongs to the upper part
	Bins    int       // of the histogram; 0 means the rule of Freedman and Diaconis (1981), 5 to 60
	From    float64   // where the histogram begins and ends; both 0 means the range of the data
	To      float64
	Density bool // heights such that the area of all bars is 1 (of the data inside From…To)

	Edges  []float64 // … or bars between these, increasing
	Counts []float64 // their heights, one fewer than Edges, at least 0
	Upper  []float64 // optional, as many as Counts: heights stacked on top

	Name  string
	Unit  string
	Key   string
	Style Style // Fill 0 means 0.75; no line around the bars unless Width says so
}

// barFill is the opacity of bars that ask for none, barGap the part of a bar's width left free.
const (
	barFill = 0.75
	barGap  = 0.06
)

// Bounds is the box around the bars, down to 0.
func (b Bars) Bounds() (Box, bool) {
	edges, lower, upper, err := b.heights()
	if err != nil {
		return Box{}, false
	}
	top := 0.0
	for i := range lower {
		top = max(top, lower[i]+upper[i])
	}
	return Box{Point{edges[0], 0}, Point{edges[len(edges)-1], top}}, true
}

// Shapes is one path of all lower parts and, where the bars are split, one of all upper parts.
func (b Bars) Shapes(v View) ([]Shape, error) {
	edges, lower, upper, err := b.heights()
	if err != nil {
		return nil, err
	}
	base := common(b.Name, b.Unit, b.Key, b.Style)
	if base.Style.Fill == 0 {
		base.Style.Fill = barFill
	}
	if base.Style.Width == 0 {
		base.Style.Width = -1
	}
	floor := v.floor()
	low := &Path{Common: base, Closed: true}
	high := &Path{Common: base, Closed: true}
	high.Name, high.Key = "", keyed(b.Key, "upper")
	high.Style.Ink, high.Style.Hatch = b.Style.Ink2, true
	for i := range lower {
		gap := barGap / 2 * (edges[i+1] - edges[i])
		left, right := edges[i]+gap, edges[i+1]-gap
		bar := func(from, to float64) []Point {
			return []Point{{left, from}, {right, from}, {right, to}, {left, to}}
		}
		low.Lines = append(low.Lines, bar(floor, max(lower[i], floor)))
		high.Lines = append(high.Lines, bar(max(lower[i], floor), max(lower[i]+upper[i], floor)))
	}
	if len(b.Share) == 0 && len(b.Upper) == 0 {
		return []Shape{low}, nil
	}
	return []Shape{low, high}, nil
}

// heights are the bars' edges and the heights of their two parts.
func (b Bars) heights() (edges, lower, upper []float64, err error) {
	kind := called("Bars", b.Name)
	if len(b.Edges) > 0 || len(b.Counts) > 0 {
		if len(b.Data) > 0 {
			return nil, nil, nil, fmt.Errorf("%s have both Data and Counts, want one of them", kind)
		}
		return b.given(kind)
	}
	if len(b.Data) == 0 {
		return nil, nil, nil, fmt.Errorf("%s have neither Data nor Counts", kind)
	}
	if len(b.Share) != 0 && len(b.Share) != len(b.Data) {
		return nil, nil, nil, fmt.Errorf("%s: Share has %d values for %d data, want as many or none", kind, len(b.Share), len(b.Data))
	}
	for i, x := range b.Data {
		if err := checkValue(kind, "Data", i, x); err != nil {
			return nil, nil, nil, err
		}
		if len(b.Share) > 0 && !(b.Share[i] >= 0 && b.Share[i] <= 1) {
			return nil, nil, nil, fmt.Errorf("%s: Share[%d] is %v, want 0…1", kind, i, b.Share[i])
		}
	}
	if b.From > b.To || b.Bins < 0 {
		return nil, nil, nil, fmt.Errorf("%s: From %v, To %v, Bins %d: want From < To and Bins ≥ 0", kind, b.From, b.To, b.Bins)
	}
	edges = b.edges()
	n := len(edges) - 1
	lower, upper = make([]float64, n), make([]float64, n)
	inside := 0.0
	for i, x := range b.Data {
		if x < edges[0] || x > edges[n] {
			continue
		}
		k := min(int((x-edges[0])/(edges[n]-edges[0])*float64(n)), n-1)
		share := 0.0
		if len(b.Share) > 0 {
			share = b.Share[i]
		}
		lower[k] += 1 - share
		upper[k] += share
		inside++
	}
	if b.Density && inside > 0 {
		for k := range lower {
			area := inside * (edges[k+1] - edges[k])
			lower[k] /= area
			upper[k] /= area
		}
	}
	return edges, lower, upper, nil
}

// given checks bars of given heights.
func (b Bars) given(kind string) (edges, lower, upper []float64, err error) {
	n := len(b.Counts)
	if n == 0 || len(b.Edges) != n+1 || len(b.Upper) != 0 && len(b.Upper) != n {
		return nil, nil, nil, fmt.Errorf("%s: %d Edges, %d Counts, %d Upper: want one more edge than counts, and Upper as many as Counts or none",
			kind, len(b.Edges), n, len(b.Upper))
	}
	upper = b.Upper
	if len(upper) == 0 {
		upper = make([]float64, n)
	}
	for i := range b.Counts {
		if !(b.Counts[i] >= 0) || !(upper[i] >= 0) || math.IsInf(b.Counts[i]+upper[i], 0) {
			return nil, nil, nil, fmt.Errorf("%s: bar %d has height %v and %v on top, want finite and at least 0", kind, i, b.Counts[i], upper[i])
		}
	}
	for i := range b.Edges {
		if err := checkValue(kind, "Edges", i, b.Edges[i]); err != nil {
			return nil, nil, nil, err
		}
		if i > 0 && b.Edges[i] <= b.Edges[i-1] {
			return nil, nil, nil, fmt.Errorf("%s: Edges[%d] is %v after %v, want increasing", kind, i, b.Edges[i], b.Edges[i-1])
		}
	}
	return b.Edges, b.Counts, upper, nil
}

// edges of a histogram, equally far apart.
func (b Bars) edges() []float64 {
	sorted := slices.Sorted(slices.Values(b.Data))
	n := len(sorted)
	lo, hi := sorted[0], sorted[n-1]
	if b.From != b.To {
		lo, hi = b.From, b.To
	}
	if lo == hi {
		lo, hi = lo-0.5, hi+0.5
	}
	bins := b.Bins
	if bins == 0 {
		const fewest, most = 5, 60
		width := 2 * (sorted[(3*n)/4] - sorted[n/4]) / math.Cbrt(float64(n))
		bins = most
		if width > 0 {
			bins = int(min(math.Ceil((hi-lo)/width), most))
		}
		bins = max(bins, fewest)
	}
	edges := make([]float64, bins+1)
	for i := range edges {
		edges[i] = lo + (hi-lo)*float64(i)/float64(bins)
	}
	return edges
}
