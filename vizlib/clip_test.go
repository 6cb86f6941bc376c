package vizlib

import (
	"math"
	"math/rand/v2"
	"testing"
)

var unit = Box{Max: Point{1, 1}}

func TestClipLine(t *testing.T) {
	zigzag := []Point{{-1, 0.5}, {0.5, 0.5}, {0.5, 2}, {0.75, 2}, {0.75, 0.5}, {0.9, 0.5}}
	got := clipLine(zigzag, unit)
	if len(got) != 2 || len(got[0]) != 3 || len(got[1]) != 3 {
		t.Fatalf("%v, want two lines of three points", got)
	}
	if got[0][0] != (Point{0, 0.5}) || got[0][2] != (Point{0.5, 1}) || got[1][0] != (Point{0.75, 1}) {
		t.Errorf("%v is not cut at the box", got)
	}
	if out := clipLine([]Point{{2, 2}, {3, 2}}, unit); out != nil {
		t.Errorf("%v of a line outside", out)
	}
}

// The area of a clipped ring is the area of the intersection, here found by counting points.
func TestClipRing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var tri []Point
		for range 3 {
			tri = append(tri, Point{3*r.Float64() - 1, 3*r.Float64() - 1})
		}
		if area(tri) < 0 {
			tri[0], tri[1] = tri[1], tri[0]
		}
		const n = 400
		inside := 0
		for i := range n {
			for j := range n {
				p := Point{(float64(i) + 0.5) / n, (float64(j) + 0.5) / n}
				in := true
				for k := range tri {
					a, b := tri[k], tri[(k+1)%3]
					in = in && (b.X-a.X)*(p.Y-a.Y)-(b.Y-a.Y)*(p.X-a.X) >= 0
				}
				if in {
					inside++
				}
			}
		}
		if got, want := area(clipRing(tri, unit)), float64(inside)/(n*n); math.Abs(got-want) > 0.01 {
			t.Errorf("%v: area %v, want %v", tri, got, want)
		}
	}
}

// The hatching of a square covers it evenly: the length of its lines is the area over the gap.
func TestHatch(t *testing.T) {
	square := []Point{{10, 10}, {110, 10}, {110, 110}, {10, 110}}
	for _, back := range []bool{false, true} {
		sum := 0.0
		for _, l := range hatch([][]Point{square}, 2, back) {
			for _, p := range l {
				if p.X < 10-1e-9 || p.X > 110+1e-9 || p.Y < 10-1e-9 || p.Y > 110+1e-9 {
					t.Fatalf("a line ends outside, at %v", p)
				}
			}
			sum += length(l)
		}
		if want := 100.0 * 100 / 2; math.Abs(sum/want-1) > 0.01 {
			t.Errorf("back %v: %v points of lines, want %v", back, sum, want)
		}
	}
}

func TestTicks(t *testing.T) {
	labels := func(ticks []Tick) (out []string) {
		for _, t := range ticks {
			out = append(out, t.Label)
		}
		return out
	}
	equal := func(a, b []string) bool {
		if len(a) != len(b) {
			return false
		}
		for i := range a {
			if a[i] != b[i] {
				return false
			}
		}
		return true
	}
	for _, c := range []struct {
		got  []Tick
		want []string
	}{
		{linearTicks(Interval{-1, 1}, 4), []string{"−1.0", "−0.5", "0.0", "0.5", "1.0"}},
		{linearTicks(Interval{0, 10}, 5), []string{"0", "2", "4", "6", "8", "10"}},
		{linearTicks(Interval{-0.3, 0.3}, 3), []string{"−0.2", "0.0", "0.2"}},
		{linearTicks(Interval{0, 3e6}, 3), []string{"0", "1·10⁶", "2·10⁶", "3·10⁶"}},
		{linearTicks(Interval{1e6, 1e6 + 8}, 4), []string{"1000000", "1000002", "1000004", "1000006", "1000008"}},
		{linearTicks(Interval{-2e6 - 10, -2e6}, 2), []string{"−2000010", "−2000005", "−2000000"}},
		{linearTicks(Interval{1e6, 2e6}, 5), []string{"1·10⁶", "1.2·10⁶", "1.4·10⁶", "1.6·10⁶", "1.8·10⁶", "2·10⁶"}},
		{linearTicks(Interval{1, 1 + 4e-7}, 2), []string{"1.0000000", "1.0000002", "1.0000004"}},
		{linearTicks(Interval{0, 3e-7}, 3), []string{"0", "1·10⁻⁷", "2·10⁻⁷", "3·10⁻⁷"}},
		{linearTicks(Interval{-1e7, 1e7}, 4), []string{"−1·10⁷", "−5·10⁶", "0", "5·10⁶", "1·10⁷"}},
		{logTicks(Interval{1e-3, 100}, 7), []string{"10⁻³", "10⁻²", "0.1", "1", "10", "10²"}},
		{logTicks(Interval{1, 20}, 5), []string{"1", "2", "5", "10", "20"}},
	} {
		if !equal(labels(c.got), c.want) {
			t.Errorf("ticks %q, want %q", labels(c.got), c.want)
		}
	}
}

// Ticks of any window that can be drawn say where they are: no two of them the same.
func TestTicksDiffer(t *testing.T) {
	for exponent := -20; exponent <= 20; exponent++ {
		for _, grain := range []float64{3, 1, 0.3, 1e-3, 1e-6, 1e-9} {
			at := math.Pow(10, float64(exponent))
			seen := map[string]bool{}
			for _, tick := range linearTicks(Interval{at, at + grain*at}, 5) {
				if seen[tick.Label] {
					t.Errorf("from %g on over %g: two ticks read %s", at, grain*at, tick.Label)
				}
				seen[tick.Label] = true
			}
		}
	}
}

// A function that bends gets more points where it bends, and not too many.
func TestSamplingIsFineAndFrugal(t *testing.T) {
	narrow := bell(0.3, 0.01)
	pts, err := sampleFunc(narrow, Interval{-5, 5}, View{})
	if err != nil {
		t.Fatal(err)
	}
	if len(pts) > maxSamples {
		t.Errorf("%d points, want at most %d", len(pts), maxSamples)
	}
	wide, _ := sampleFunc(bell(0, 1), Interval{-5, 5}, View{})
	if len(wide) > 200 {
		t.Errorf("%d points for a standard Normal, want at most 200", len(wide))
	}
	for i := 1; i < len(wide); i++ {
		a, b := wide[i-1], wide[i]
		mid := (a.X + b.X) / 2
		if off := math.Abs(bell(0, 1)(mid) - (a.Y+b.Y)/2); off > 2*flatness*0.4 {
			t.Fatalf("at %v the chord is off by %v", mid, off)
		}
	}
}
