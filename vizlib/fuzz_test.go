package vizlib

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// Whatever the numbers and words, a figure is drawn or refused in a sentence; it never panics and never writes NaN.
func FuzzFigure(f *testing.F) {
	f.Add(0.0, 1.0, 2.0, 3.0, "a title", false, false, false)
	f.Add(-1e300, 1e300, 1e-300, 0.0, "μₖ", true, false, true)
	f.Add(1.0, 1.0, 1.0, 1.0, "", false, true, true)
	f.Add(1e-9, 1e9, 1e18, -1e18, "100 % of {x}", true, true, false)
	f.Fuzz(func(t *testing.T, a, b, c, d float64, title string, logX, logY, equal bool) {
		fig := Figure{Title: title, Caption: title, X: title, View: View{LogX: logX, LogY: logY, Equal: equal}, Marks: []Mark{
			Line{X: []float64{a, b, c}, Y: []float64{b, c, d}, Name: title, Style: Style{Fill: 0.5, Hatch: true, Ink: Ink(len(title))}},
			Dots{X: []float64{a, d}, Y: []float64{c, b}},
			Rule{At: d, Upright: equal},
		}}
		for _, ext := range []string{".svg", ".tex", ".pdf"} {
			var out bytes.Buffer
			o := Output{}
			tiles, page, err := o.tiles(fig)
			if err == nil {
				err = o.still(ext)(&out, tiles, page)
			}
			if err != nil {
				if !strings.HasPrefix(err.Error(), "vizlib: ") && ext == ".svg" {
					t.Errorf("error %q does not say whose it is", err)
				}
				return
			}
			body := out.String()
			if i := strings.Index(body, "<desc>"); i >= 0 { // the words may say NaN
				body = body[strings.Index(body, "</desc>"):]
			}
			if ext == ".svg" && (strings.Contains(body, "NaN") || strings.Contains(body, "Inf")) {
				t.Errorf("%s holds NaN or Inf", ext)
			}
		}
		if err := (Output{Width: 64}).png(io.Discard, []tile{{s: mustLayout(t, fig), scale: 1}}, sheet{slideWidth, slideHeight}); err != nil {
			t.Error(err)
		}
	})
}
