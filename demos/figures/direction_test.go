package figures

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"elboroom/fit"
	"elboroom/kl"
	"elboroom/vizlib"
)

// trapezoid is an independent quadrature: KL(q‖p) of a Gaussian on Bumps(a, right) and its slopes in the mean
// and in ln sd, over an even grid, which converges faster than any power for such integrands.
func trapezoid(mean, lnSd, a, right float64) (divergence, slopeMean, slopeLn float64) {
	const step, reach = 0.02, 9.0
	sd := math.Exp(lnSd)
	for z := -reach; z <= reach; z += step {
		x := mean + sd*z
		w := step * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		up, down := math.Log(right)-(x-a)*(x-a)/2, math.Log(1-right)-(x+a)*(x+a)/2
		top := math.Max(up, down)
		share := math.Exp(up-top) / (math.Exp(up-top) + math.Exp(down-top))
		score := -(x - (2*share-1)*a)
		divergence -= w * (top + math.Log(math.Exp(up-top)+math.Exp(down-top)))
		slopeMean -= w * score
		slopeLn -= w * score * sd * z
	}
	return divergence - lnSd - 0.5, slopeMean, slopeLn - 1
}

func TestSweepFindsStationaryPoints(t *testing.T) {
	for _, right := range []float64{0.5, 0.6, 0.7} {
		d := SweepDirections(right, 0.3, 4.6, 0.1)
		for _, s := range d.Stops {
			for b, f := range s.Reverse {
				if !f.Exists() {
					continue
				}
				want, slopeMean, slopeLn := trapezoid(f.Q.Mean[0], math.Log(f.Q.Sd(0)), s.A, right)
				if math.Abs(f.KL-want) > 1e-9 || math.Abs(slopeMean) > 1e-6 || math.Abs(slopeLn) > 1e-6 {
					t.Errorf("weight %v, a %v, branch %d: KL %v, by trapezoids %v with slopes %v and %v", right, s.A, b, f.KL, want, slopeMean, slopeLn)
				}
			}
			if s.Forward.Q.Mean[0] != 0 && right == 0.5 && math.Abs(s.Forward.Q.Mean[0]) > 1e-9 {
				t.Errorf("a %v: forward mean %v, want 0", s.A, s.Forward.Q.Mean[0])
			}
			mean := (2*right - 1) * s.A
			if v := s.Forward.Q.Sd(0); math.Abs(v*v-(1+s.A*s.A-mean*mean)) > 1e-6 {
				t.Errorf("weight %v, a %v: forward variance %v, want the target's %v", right, s.A, v*v, 1+s.A*s.A-mean*mean)
			}
		}
	}
}

// onOneBump reports whether KL(q‖p) has a stationary point beside a bump: for each mean it finds the best sd, and
// looks for a mean with no slope left.
func onOneBump(a float64) bool {
	before := math.NaN()
	for mean := 0.85 * a; mean < a; mean += 0.003 {
		low, high := -1.0, 1.5
		for range 40 {
			mid := (low + high) / 2
			if _, _, slope := trapezoid(mean, mid, a, 0.5); slope < 0 {
				low = mid
			} else {
				high = mid
			}
		}
		_, slope, _ := trapezoid(mean, low, a, 0.5)
		if before*slope < 0 {
			return true
		}
		before = slope
	}
	return false
}

func TestBornAndSwitch(t *testing.T) {
	const apart = 3e-5
	d := SweepDirections(0.5, 0.3, 4.6, 0.1)
	if !onOneBump(d.Born+apart) || onOneBump(d.Born-apart) {
		t.Errorf("Born is %v, but q on one bump is %v a little above and %v a little below", d.Born, onOneBump(d.Born+apart), onOneBump(d.Born-apart))
	}
	if math.Abs(d.Switch-2.80008) > 1e-5 {
		t.Errorf("Switch is %v, want 2.80008", d.Switch)
	}
	for _, s := range d.Stops {
		if covers := s.Reverse[s.Best()].Covers(s.A); s.A != d.Switch && covers != (s.A < d.Switch) {
			t.Errorf("a %v: the best optimum covers both is %v, with the switch at %v", s.A, covers, d.Switch)
		}
		if !s.Reverse[Covering].Exists() {
			t.Errorf("a %v: the covering optimum is gone, want it at every distance for equal bumps", s.A)
		}
		if s.Tie() != (s.A == d.Switch) {
			t.Errorf("a %v: a tie is %v, with the switch at %v", s.A, s.Tie(), d.Switch)
		}
	}
	if coarse := SweepDirections(0.5, 0.3, 4.8, 1.5); math.Abs(coarse.Born-d.Born) > 1e-6 || math.Abs(coarse.Switch-d.Switch) > 1e-6 || len(coarse.Stops) != 6 {
		t.Errorf("in steps of 1.5: Born %v, Switch %v, %d stops, want %v, %v, 6", coarse.Born, coarse.Switch, len(coarse.Stops), d.Born, d.Switch)
	}
	if again := SweepDirections(0.5, 0.3, 4.6, 0.1); again.Born != d.Born || again.Switch != d.Switch {
		t.Errorf("a second sweep gives %v and %v, the first %v and %v", again.Born, again.Switch, d.Born, d.Switch)
	}
}

// With equal weights the covering optimum never goes; with 0.7 it does, and what is left sits on the bump.
func TestGone(t *testing.T) {
	if d := SweepDirections(0.5, 0.3, 4.6, 0.1); !math.IsNaN(d.Gone) {
		t.Errorf("equal weights: the covering optimum is gone from %v, want never", d.Gone)
	}
	d := SweepDirections(0.7, 0.3, 4.6, 0.1)
	if !(d.Gone > d.Switch && d.Gone < 2.4) {
		t.Errorf("weight 0.7: the covering optimum is gone from %v, want between the switch at %v and 2.4", d.Gone, d.Switch)
	}
	for _, s := range d.Stops {
		if s.Reverse[Covering].Exists() != (s.A < d.Gone) {
			t.Errorf("weight 0.7, a %v: covering exists is %v, gone from %v", s.A, s.Reverse[Covering].Exists(), d.Gone)
		}
	}
}

func TestSweepWithoutSpecialDistances(t *testing.T) {
	d := SweepDirections(0.5, 0.3, 1.5, 0.3)
	if !math.IsNaN(d.Born) || !math.IsNaN(d.Switch) || len(d.Stops) != 5 {
		t.Errorf("up to 1.5: Born %v, Switch %v, %d stops, want NaN, NaN, 5", d.Born, d.Switch, len(d.Stops))
	}
}

func TestDirectionMovieDrawsAndSpeaksTheSolversNumbers(t *testing.T) {
	for _, right := range []float64{0.5, 0.6, 0.75} {
		d := SweepDirections(right, 0.3, 4.6, 0.1)
		m := DirectionMovie(d)
		mustDraw(t, m)
		for i, s := range d.Stops {
			g := m.Frame(i).(vizlib.Grid)
			best := s.Reverse[s.Best()]
			if !strings.Contains(g.Numbers, "forward "+three(s.Forward.KL)+" ·") || !strings.Contains(g.Numbers, "reverse "+three(best.KL)+" nats") {
				t.Errorf("a %v: the numbers are %q, the solver's %v and %v", s.A, g.Numbers, s.Forward.KL, best.KL)
			}
			if covers := strings.Contains(g.Caption, "covers both"); covers != best.Covers(s.A) && s.A != d.Born && !s.Tie() {
				t.Errorf("a %v: the caption is %q, q covers both is %v", s.A, g.Caption, best.Covers(s.A))
			}
		}
	}
}

func TestDirectionAtIsTheNearestFrame(t *testing.T) {
	d := SweepDirections(0.5, 1, 3, 0.5)
	mustDraw(t, DirectionAt(d, 2.1))
	for a, want := range map[float64]float64{0: 1, 2.1: 2, 9: 3} {
		if got := DirectionAt(d, a).Caption; got != d.caption(d.nearest(want)) || !strings.Contains(got, fmt.Sprintf("±%.1f", want)) {
			t.Errorf("at %v the caption is %q, want that of %v", a, got, want)
		}
	}
}

func TestDirectionMovieWantsStops(t *testing.T) {
	defer func() {
		if msg, _ := recover().(string); !strings.Contains(msg, "0 stops") {
			t.Errorf("panic %q, want a sentence about 0 stops", msg)
		}
	}()
	DirectionMovie(Directions{})
}

// three is a divergence as a caption writes it.
func three(v float64) string { return strings.TrimSuffix(nats(v), " nats") }

// mustDraw lays out every frame of a picture and draws its still.
func mustDraw(t *testing.T, p vizlib.Picture) {
	t.Helper()
	var sink countingWriter
	if err := p.HTML(&sink); err != nil {
		t.Fatal(err)
	}
	if err := p.PNG(&sink); err != nil {
		t.Fatal(err)
	}
	if sink == 0 || p.Alt() == "" {
		t.Fatalf("%d bytes were drawn, and the words are %q", sink, p.Alt())
	}
}

type countingWriter int

func (c *countingWriter) Write(b []byte) (int, error) {
	*c += countingWriter(len(b))
	return len(b), nil
}

func TestBumpsIsNormalised(t *testing.T) {
	p := Bumps(2, 0.25)
	byHand := 0.75*math.Exp(-4.5)/math.Sqrt(2*math.Pi) + 0.25*math.Exp(-0.5)/math.Sqrt(2*math.Pi)
	if got := math.Exp(p.LogProb([]float64{1})); math.Abs(got-byHand) > 1e-15 {
		t.Errorf("p(1) = %v, want %v", got, byHand)
	}
	if d, _ := kl.Quad(density(p), density(p), -20, 20); d != 0 {
		t.Errorf("KL(p‖p) = %v, want 0", d)
	}
}

func TestDirectionPicturesDraw(t *testing.T) {
	p := kl.TwoBumps(3.2)
	q0 := kl.NewGaussian([]float64{3}, []float64{1})
	forward, reverse := kl.Forward(p, q0, kl.FullRank, fit.Settings{}), kl.Reverse(p, q0, kl.FullRank, fit.Settings{})
	none := fit.Trace[kl.Gaussian]{}
	d := SweepDirections(0.6, 0.3, 4.6, 0.5)
	for _, picture := range []vizlib.Picture{
		DirectionStill(p, forward, reverse),
		DirectionStill(p, forward, none),
		DirectionStill(p, none, reverse),
		DirectionStill(p, none, none),
		DirectionStrip(d, d.Landmarks()...),
		DirectionStrip(SweepDirections(0.5, 0.3, 1, 0.1), 0.5),
		DirectionMap(p, reverse, kl.Reverse(p, kl.NewGaussian([]float64{0}, []float64{1}), kl.FullRank, fit.Settings{})),
	} {
		mustDraw(t, picture)
	}
}

// The two areas are those of the closed form, 0.44314718… and 1.30685281…: ½ ln 4 − ¼ and 2 − ½ ln 4.
func TestDirectionAreasAndTriangle(t *testing.T) {
	g := DirectionAreas(kl.NewGaussian([]float64{0}, []float64{1}), kl.NewGaussian([]float64{1}, []float64{2}))
	mustDraw(t, g)
	for _, want := range []string{"KL(p‖q) 0.443", "KL(q‖p) 1.307"} {
		if !strings.Contains(g.Caption, want) {
			t.Errorf("%q is missing from %q", want, g.Caption)
		}
	}
	at := func(m float64) kl.Gaussian { return kl.NewGaussian([]float64{m}, []float64{1}) }
	f := DirectionTriangle(at(0), at(1), at(2))
	mustDraw(t, f)
	if want := "= 1 < 2 ="; !strings.Contains(f.Caption, want) {
		t.Errorf("%q is missing from %q", want, f.Caption)
	}
}

// For correlation ρ both minimal divergences of the mean field are −½ ln(1 − ρ²).
func TestDirectionPlane(t *testing.T) {
	p := kl.Correlated(0.9)
	q0 := kl.NewGaussian([]float64{1, -1}, []float64{1, 1})
	f := PlaneFit{Title: "ρ = 0.9", P: p, Forward: kl.Forward(p, q0, kl.MeanField, fit.Settings{}), Reverse: kl.Reverse(p, q0, kl.MeanField, fit.Settings{})}
	g := DirectionPlane("mean field", f)
	mustDraw(t, g)
	want := nats(-0.5 * math.Log(1-0.81))
	found := 0
	for _, m := range g.Cells[0].Figure.Marks {
		if text, ok := m.(vizlib.Text); ok && strings.HasSuffix(text.Text, want) {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%q stands %d times in the panel, want twice", want, found)
	}
}

// On a landscape drawn by its own quadrature, every path goes down to where kl says it ends.
func TestDirectionMapAgreesWithReverse(t *testing.T) {
	p := kl.TwoBumps(3.2)
	tr := kl.Reverse(p, kl.NewGaussian([]float64{2}, []float64{0.5}), kl.FullRank, fit.Settings{})
	divergence := divergenceOf(p)
	for i, s := range tr.Steps {
		if got := divergence(s.Q.Mean[0], s.Q.Sd(0)); math.Abs(got+s.Value) > 1e-3 {
			t.Errorf("step %d: the map says %v, the trace %v", i, got, -s.Value)
		}
	}
}
