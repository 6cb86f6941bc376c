package vizlib

import (
	"math"
	"testing"
)

func sampled(n int, f func(x, y float64) float64) lattice {
	l := lattice{w: n, h: n, value: make([]float64, n*n)}
	for j := range n {
		for i := range n {
			p := l.place(i, j)
			l.value[j*n+i] = f(p.X, p.Y)
		}
	}
	return l
}

// area of a ring by the shoelace formula; positive when it runs counter-clockwise.
func area(ring []Point) float64 {
	a := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		a += (p.X*q.Y - q.X*p.Y) / 2
	}
	return a
}

// The contour of a cone is a circle: one ring, of the right area, the high side on its left.
func TestContourOfCone(t *testing.T) {
	const r = 0.3
	l := sampled(161, func(x, y float64) float64 { return -math.Hypot(x-0.5, y-0.5) })
	rings, open := l.contour(-r)
	if len(rings) != 1 || len(open) != 0 {
		t.Fatalf("%d rings and %d open lines, want 1 and 0", len(rings), len(open))
	}
	if got, want := area(rings[0]), math.Pi*r*r; math.Abs(got/want-1) > 1e-3 {
		t.Errorf("area %v, want %v", got, want)
	}
	for _, p := range rings[0] {
		if d := math.Hypot(p.X-0.5, p.Y-0.5); math.Abs(d-r) > 2e-4 {
			t.Fatalf("a point at distance %v, want %v", d, r)
		}
	}
}

// A ring-shaped region has an outer contour and an inner one that runs the other way, so that a non-zero fill
// leaves the hole free.
func TestContourWithHole(t *testing.T) {
	l := sampled(121, func(x, y float64) float64 { return -math.Abs(math.Hypot(x-0.5, y-0.5) - 0.3) })
	rings, open := l.contour(-0.1)
	if len(rings) != 2 || len(open) != 0 {
		t.Fatalf("%d rings and %d open lines, want 2 and 0", len(rings), len(open))
	}
	if a, b := area(rings[0]), area(rings[1]); a*b >= 0 || math.Abs(a+b) < 0.2 {
		t.Errorf("areas %v and %v, want opposite signs and a sum of ±π(0.4² − 0.2²)", a, b)
	}
}

// A straight level set leaves the square: it is open, and closed along the edge inside a wall.
func TestContourAtTheEdge(t *testing.T) {
	l := sampled(31, func(x, _ float64) float64 { return x })
	rings, open := l.contour(0.25)
	if len(rings) != 0 || len(open) != 1 {
		t.Fatalf("%d rings and %d open lines, want 0 and 1", len(rings), len(open))
	}
	walled := l.walled(-1)
	rings, open = walled.contour(0.25)
	if len(rings) != 1 || len(open) != 0 {
		t.Fatalf("inside a wall: %d rings and %d open lines, want 1 and 0", len(rings), len(open))
	}
	for i, p := range rings[0] {
		rings[0][i] = walled.unwalled(p)
	}
	if got := area(rings[0]); math.Abs(got-0.75) > 1e-6 {
		t.Errorf("area %v, want 0.75", got)
	}
}

// In a saddle cell the centre decides: two bumps that touch at a point above the level are joined.
func TestContourSaddle(t *testing.T) {
	l := lattice{w: 2, h: 2, value: []float64{1, 0, 0, 1}}
	if _, open := l.contour(0.4); len(open) != 2 {
		t.Fatalf("%d lines, want 2", len(open))
	}
	high, _ := lattice{w: 4, h: 4, value: []float64{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0}}.contour(0.4)
	low, _ := lattice{w: 4, h: 4, value: []float64{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0}}.contour(0.6)
	if len(high) != 1 || len(low) != 2 {
		t.Errorf("below the saddle %d rings, above it %d; want 1 and 2", len(high), len(low))
	}
}

// The contour that holds half of a Gaussian's mass is the ellipse of EllipseOf.
func TestMassOfGaussian(t *testing.T) {
	const rho = 0.6
	det := 1 - rho*rho
	f := func(x, y float64) float64 { return math.Exp(-(x*x - 2*rho*x*y + y*y) / (2 * det)) }
	v := View{X: Interval{-6, 6}, Y: Interval{-6, 6}}
	for _, mass := range []float64{0.5, 0.9} {
		shapes, err := Contour{F: f, Masses: []float64{mass}}.Shapes(v)
		if err != nil {
			t.Fatal(err)
		}
		p := shapes[0].(*Path)
		want := EllipseOf(Point{}, 1, rho, 1, mass)
		if got, want := area(p.Lines[0]), math.Pi*want.A*want.B; math.Abs(got/want-1) > 5e-3 {
			t.Errorf("mass %v: area %v, want %v", mass, got, want)
		}
	}
}

func TestEllipseOf(t *testing.T) {
	e := EllipseOf(Point{1, 2}, 4, 0, 1, 1-math.Exp(-0.5)) // one standard deviation: −2 ln(1 − mass) = 1
	if math.Abs(e.A-2) > 1e-12 || math.Abs(e.B-1) > 1e-12 || e.Angle != 0 || e.Center != (Point{1, 2}) {
		t.Errorf("%+v, want half axes 2 and 1 along x and y around (1, 2)", e)
	}
	tilted := EllipseOf(Point{}, 1, 0.5, 1, 0.5)
	if math.Abs(tilted.Angle-math.Pi/4) > 1e-12 || math.Abs(tilted.A/tilted.B-math.Sqrt(3)) > 1e-12 {
		t.Errorf("%+v, want 45° and axes as √(1.5/0.5)", tilted)
	}
	for _, bad := range []func(){
		func() { EllipseOf(Point{}, 1, 2, 1, 0.5) },
		func() { EllipseOf(Point{}, 1, 0, 1, 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic where the covariance or the mass makes no sense")
				}
			}()
			bad()
		}()
	}
}

func TestThinKeepsShape(t *testing.T) {
	var line []Point
	for i := range 1001 {
		s, c := math.Sincos(float64(i) / 1000 * math.Pi)
		line = append(line, Point{c, s})
	}
	few := thin(line, 1e-3)
	if len(few) > 70 || few[0] != line[0] || few[len(few)-1] != line[1000] {
		t.Fatalf("%d points left of 1001", len(few))
	}
	for _, p := range line {
		near := math.Inf(1)
		for i := 1; i < len(few); i++ {
			near = min(near, offLine(few[i-1], few[i], p))
		}
		if near > 1e-3 {
			t.Fatalf("(%v, %v) lies %v off the thinned line", p.X, p.Y, near)
		}
	}
}
