package vizlib

import (
	"image/color"
	"math"
	"testing"
)

func mustLayout(t *testing.T, p Picture) scene {
	t.Helper()
	s, err := layout(p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sameColor(a, b color.Color) bool {
	r0, g0, b0, _ := a.RGBA()
	r1, g1, b1, _ := b.RGBA()
	return r0 == r1 && g0 == g1 && b0 == b1
}

// linear is the light of a channel (IEC 61966-2-1).
func linear(c uint8) float64 {
	s := float64(c) / 255
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}

func luminance(c color.NRGBA) float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast of WCAG 2.1, §1.4.3: 4.5 is enough for text.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

var allThemes = []Theme{Light, Dark, Projector, Print}

func TestTextContrast(t *testing.T) {
	for _, name := range allThemes {
		th := name.theme()
		if c := contrast(th.text, th.background); c < 7 {
			t.Errorf("%v: text has contrast %.2f, want 7", name, c)
		}
		for k := range th.looks {
			if c := contrast(th.looks[k].text, th.background); c < 4.5 {
				t.Errorf("%v: the text of ink %d has contrast %.2f, want 4.5", name, k, c)
			}
		}
	}
}

// seen is a colour as a dichromat sees it: matrices for linear light of Machado, Oliveira and Fernandes (2009),
// severity 1.
func seen(c color.NRGBA, m [9]float64) [3]float64 {
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	var out [3]float64
	for i := range out {
		out[i] = min(max(m[3*i]*r+m[3*i+1]*g+m[3*i+2]*b, 0), 1)
	}
	return out
}

var visions = map[string][9]float64{
	"normal":       {1, 0, 0, 0, 1, 0, 0, 0, 1},
	"protanopia":   {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"deuteranopia": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
}

// lab is CIE L*a*b* of linear light, D65.
func lab(c [3]float64) [3]float64 {
	x := (0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.95047
	y := 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
	z := (0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.08883
	f := func(t float64) float64 {
		if t > 0.008856 {
			return math.Cbrt(t)
		}
		return 7.787*t + 16.0/116
	}
	return [3]float64{116*f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))}
}

// Inks that stand for different things in one picture stay apart for colour-blind readers.
func TestInksStayApart(t *testing.T) {
	const apart = 15.0 // ΔE*ab; 2.3 is just noticeable
	kinds := []Ink{P, Q, Two, Three, Bound, Gap, Exact}
	for _, name := range allThemes {
		th := name.theme()
		for vision, m := range visions {
			for i, a := range kinds {
				for _, b := range kinds[i+1:] {
					p, q := lab(seen(th.looks[a].line, m)), lab(seen(th.looks[b].line, m))
					if d := math.Sqrt((p[0]-q[0])*(p[0]-q[0]) + (p[1]-q[1])*(p[1]-q[1]) + (p[2]-q[2])*(p[2]-q[2])); d < apart {
						t.Errorf("%v, %s: inks %d and %d are %.1f apart, want %v", name, vision, a, b, d, apart)
					}
				}
			}
		}
	}
}

// p, q, data, exact and the two components are told apart in grey by lightness or by their dashes.
func TestInksInGrey(t *testing.T) {
	const apart = 10.0 // of L*, 0…100
	kinds := []Ink{P, Q, Two, Exact}
	for _, name := range allThemes {
		th := name.theme()
		for i, a := range kinds {
			for _, b := range kinds[i+1:] {
				x, y := th.looks[a], th.looks[b]
				grey := func(c color.NRGBA) float64 { l := luminance(c); return lab([3]float64{l, l, l})[0] }
				if math.Abs(grey(x.line)-grey(y.line)) < apart && x.dash == y.dash {
					t.Errorf("%v: inks %d and %d are both of lightness %.0f, and dashed alike", name, a, b, grey(x.line))
				}
			}
		}
	}
}

// A page's text has the size that was promised: 12 points or more of a slide, 8 points on paper.
func TestTextSizes(t *testing.T) {
	for _, c := range []struct {
		o    Output
		want float64
	}{{Output{}, 13}, {Output{Theme: Projector}, 16.25}, {Output{Page: Page{Width: 254, Height: 190.5}}, 13}, {Output{Page: Page{Width: 85}}, 8}} {
		_, _, scale := c.o.sheets()
		if got := textSize * scale; math.Abs(got-c.want) > 0.01 {
			t.Errorf("%+v: text of %.2f points, want %.2f", c.o, got, c.want)
		}
	}
}
