package figures

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/vizlib"
)

func TestEvidenceDivisionDividesByTheArea(t *testing.T) {
	prior, tosses := distuv.Beta{Alpha: 2, Beta: 3}, []int{1, 1, 0, 1, 1}
	m := EvidenceDivision(prior, tosses)
	mustDraw(t, m)
	heads := 0
	for n := range len(tosses) + 1 {
		if n > 0 {
			heads += tosses[n-1]
		}
		area := quad.Fixed(func(p float64) float64 {
			return prior.Prob(p) * math.Pow(p, float64(heads)) * math.Pow(1-p, float64(n-heads))
		}, 0, 1, 64, nil, 0)
		g := m.Frame(n).(vizlib.Grid)
		if want := fmt.Sprintf("ln p(x) = %s nats", signed(math.Log(area), 2)); n > 0 && !strings.Contains(g.Numbers, want) {
			t.Errorf("after %d tosses the numbers are %q, want %q", n, g.Numbers, want)
		}
		// The product's axis is the posterior's times the evidence, tick by tick.
		for _, tick := range g.Cells[2].Figure.View.YTicks {
			value, err := strconv.ParseFloat(tick.Label, 64)
			if err != nil || math.Abs(value-tick.At*area) > 1e-6*(1+tick.At*area) {
				t.Errorf("after %d tosses the tick at %v says %s, want %v", n, tick.At, tick.Label, tick.At*area)
			}
		}
	}
}

func TestEvidenceFiguresDraw(t *testing.T) {
	mustDraw(t, EvidenceCost(100, 10, 1e9))
	mustDraw(t, EvidenceCost(2, 1, 1e9))
	mustDraw(t, EvidencePairs(distuv.Beta{Alpha: 2, Beta: 2}, distuv.Normal{Sigma: 1}, 9, 12))
	mustDraw(t, EvidenceDivision(distuv.Beta{Alpha: 1, Beta: 1}, nil))
}

func TestEvidencePairsAgreeWithQuadrature(t *testing.T) {
	g := EvidencePairs(distuv.Beta{Alpha: 2, Beta: 2}, distuv.Normal{Sigma: 1}, 9, 12)
	// Over the log odds z there is no Jacobian.
	area := quad.Fixed(func(z float64) float64 {
		p := 1 / (1 + math.Exp(-z))
		return distuv.UnitNormal.Prob(z) * math.Pow(p, 9) * math.Pow(1-p, 3)
	}, -9, 9, 400, nil, 0)
	if want := "and " + signed(math.Log(area), 3) + " nats"; !strings.HasSuffix(g.Numbers, want) {
		t.Errorf("the numbers are %q, want %q at their end", g.Numbers, want)
	}
}

// Prior and data as blocks that make up the posterior's precision, against quadrature of the joint density.
func TestEvidencePrecisionsAgreeWithQuadrature(t *testing.T) {
	prior, sigma, x := distuv.Normal{Mu: 1, Sigma: 2}, 1.5, []float64{3, 4.5, 2}
	g := EvidencePrecisions(prior, sigma, x, vizlib.Interval{Min: -4, Max: 8})
	mustDraw(t, g)
	moment := func(k float64) float64 {
		return quad.Fixed(func(theta float64) float64 {
			p := prior.Prob(theta) * math.Pow(theta, k)
			for _, v := range x {
				p *= distuv.Normal{Mu: theta, Sigma: sigma}.Prob(v)
			}
			return p
		}, -9, 12, 400, nil, 0)
	}
	mean := moment(1) / moment(0)
	variance := moment(2)/moment(0) - mean*mean
	if want := fmt.Sprintf("posterior: mean %s, precision %.2f, sd %.3f", signed(mean, 2), 1/variance, math.Sqrt(variance)); g.Numbers != want {
		t.Errorf("the numbers are %q, want %q", g.Numbers, want)
	}
	block := g.Cells[1].Figure.Marks[0].(vizlib.Blocks).At[0]
	if want := variance / 4; math.Abs(block.Max.Y-want) > 1e-9 {
		t.Errorf("the prior's share of the precision is drawn as %v, want %v", block.Max.Y, want)
	}
}

func TestEvidenceFiguresWantWhatTheyDraw(t *testing.T) {
	for want, f := range map[string]func(){
		"toss 1 is 2":     func() { EvidenceDivision(distuv.Beta{Alpha: 1, Beta: 1}, []int{0, 2}) },
		"1 points a side": func() { EvidenceCost(1, 3, 1) },
		"0 data":          func() { EvidencePrecisions(distuv.UnitNormal, 1, nil, vizlib.Interval{Max: 1}) },
	} {
		func() {
			defer func() {
				if msg, _ := recover().(string); !strings.Contains(msg, want) {
					t.Errorf("panic %q, want a sentence with %q", msg, want)
				}
			}()
			f()
		}()
	}
}
