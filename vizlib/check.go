package vizlib

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strings"
)

// checkShape refuses numbers that cannot be drawn. kind is the mark that the shape comes from.
func checkShape(kind string, s Shape, v View) error {
	if s == nil {
		return errors.New(kind + " has a shape that is nil")
	}
	c := s.base()
	who := called(kind, cmp.Or(c.Name, c.of))
	var bad error
	each(s, func(p Point) {
		switch {
		case bad != nil:
		case math.IsNaN(p.X+p.Y) || math.IsInf(p.X, 0) || math.IsInf(p.Y, 0):
			bad = fmt.Errorf("%s has a point at (%v, %v), want finite numbers", who, p.X, p.Y)
		case v.LogX && p.X <= 0:
			bad = fmt.Errorf("%s has a point at x = %v, which a log axis cannot show", who, p.X)
		case v.LogY && p.Y <= 0:
			bad = fmt.Errorf("%s has a point at y = %v, which a log axis cannot show", who, p.Y)
		}
	})
	return cmp.Or(bad, c.Style.check(who), checkForm(who, s))
}

// widest is the greatest width or size in points that still is a line, a dot or a letter of a slide.
const widest = slideWidth

// check refuses a style that no theme can draw.
func (s Style) check(who string) error {
	for _, k := range [2]Ink{s.Ink, s.Ink2} {
		if k < 0 || int(k) >= inks {
			return fmt.Errorf("%s has the Ink %d, which is none of Black to Muted", who, k)
		}
	}
	switch {
	case math.IsNaN(s.Width) || math.Abs(s.Width) > widest:
		return fmt.Errorf("%s has the Width %v, want points up to %v, 0 (for the default) or less (for no line)", who, s.Width, widest)
	case s.Dash < AutoDash || s.Dash > Dotted:
		return fmt.Errorf("%s has the Dash %d, which is none of AutoDash, Solid, Dashed, Dotted", who, s.Dash)
	case !(s.Fill >= 0 && s.Fill <= 1):
		return fmt.Errorf("%s has the Fill %v, want 0…1", who, s.Fill)
	case !(s.Opacity >= 0 && s.Opacity <= 1):
		return fmt.Errorf("%s has the Opacity %v, want 0…1", who, s.Opacity)
	}
	return nil
}

// checkForm refuses what only one kind of shape can have wrong.
func checkForm(who string, s Shape) error {
	switch s := s.(type) {
	case *Points:
		if s.Glyph < Disc || s.Glyph > Down {
			return fmt.Errorf("%s have the Glyph %d, which is none of Disc, Ring, Square, Cross, Down", who, s.Glyph)
		}
		if !(s.Size >= 0 && s.Size <= widest) {
			return fmt.Errorf("%s have the Size %v, want points from 0 to %v", who, s.Size, widest)
		}
		if len(s.Shade) != 0 && len(s.Shade) != len(s.At) {
			return fmt.Errorf("%s: %d shades for %d points, want as many or none", who, len(s.Shade), len(s.At))
		}
	case *Label:
		if !(s.Size >= 0 && s.Size <= widest) {
			return fmt.Errorf("%s %q has the Size %v, want points from 0 (for the default) to %v", who, s.Text, s.Size, widest)
		}
		if !(math.Abs(s.AlignX) <= 1 && math.Abs(s.AlignY) <= 1) {
			return fmt.Errorf("%s %q is aligned at (%v, %v), want −1…1", who, s.Text, s.AlignX, s.AlignY)
		}
	case *Raster:
		if s.W < 1 || s.H < 1 || len(s.Value) != s.W*s.H {
			return fmt.Errorf("%s has %d values for %d×%d cells", who, len(s.Value), s.W, s.H)
		}
		if !(s.Low < s.High) || math.IsInf(s.High-s.Low, 0) {
			return fmt.Errorf("%s shows values from %v to %v, want finite ones and Low < High", who, s.Low, s.High)
		}
		if !(s.Box.Min.X < s.Box.Max.X && s.Box.Min.Y < s.Box.Max.Y) {
			return fmt.Errorf("%s lies in the box %v to %v, want Min < Max", who, s.Box.Min, s.Box.Max)
		}
	}
	return nil
}

// kindOf names a mark's type in an error.
func kindOf(m Mark) string { return strings.TrimPrefix(fmt.Sprintf("%T", m), "vizlib.") }

// check refuses what a view cannot be, whatever its windows.
func (v View) check() error {
	if v.Axes < LeftBottom || v.Axes > NoAxes {
		return fmt.Errorf("View.Axes is %d, which is none of LeftBottom, BottomOnly, NoAxes", v.Axes)
	}
	if v.Legend < Direct || v.Legend > NoLegend {
		return fmt.Errorf("View.Legend is %d, which is none of Direct, LegendBox, NoLegend", v.Legend)
	}
	for _, axis := range []struct {
		name  string
		ticks []Tick
		log   bool
	}{{"XTicks", v.XTicks, v.LogX}, {"YTicks", v.YTicks, v.LogY}} {
		for i, t := range axis.ticks {
			if err := checkValue("View", axis.name, i, t.At); err != nil {
				return err
			}
			if axis.log && t.At <= 0 {
				return fmt.Errorf("View: %s[%d] is %v, which a log axis cannot show", axis.name, i, t.At)
			}
		}
	}
	return nil
}

// checkLetters refuses letters that the font lacks.
func (s scene) checkLetters(ts *typesetter) error {
	var bad error
	look := func(text string, bold bool) {
		for _, r := range text {
			if _, err := ts.glyph(r, bold); err != nil && bad == nil {
				bad = fmt.Errorf("vizlib: text %q: %w", text, err)
			}
		}
	}
	look(s.Title, true)
	look(s.Caption, true)
	look(s.Numbers, false)
	for _, pn := range s.Panels {
		look(pn.Title, true)
		look(pn.X, false)
		look(pn.Y, false)
		for _, ticks := range [2][]Tick{pn.View.XTicks, pn.View.YTicks} {
			for _, t := range ticks {
				look(t.Label, false)
			}
		}
		for _, sh := range pn.Shapes {
			if l, ok := sh.(*Label); ok {
				look(l.Text, l.Bold)
			}
			if pn.View.Legend == LegendBox {
				look(sh.base().Name, false)
			}
		}
	}
	return bad
}

// each visits every point of a shape.
func each(s Shape, visit func(p Point)) {
	switch s := s.(type) {
	case *Path:
		for _, l := range s.Lines {
			for _, p := range l {
				visit(p)
			}
		}
	case *Points:
		for _, p := range s.At {
			visit(p)
		}
	case *Label:
		visit(s.At)
	case *Raster:
		visit(s.Box.Min)
		visit(s.Box.Max)
	case *Arrow:
		visit(s.From)
		visit(s.To)
	}
}

// called names a mark in an error: `Line "data"`, or `Line` where it has no name.
func called(kind, name string) string {
	if name == "" {
		return kind
	}
	return fmt.Sprintf("%s %q", kind, name)
}

// checkSeries refuses series of unequal length, empty ones, and NaN or infinite values.
func checkSeries(kind string, x, y []float64) error {
	if len(x) != len(y) {
		return fmt.Errorf("%s: X has %d values and Y has %d, want as many", kind, len(x), len(y))
	}
	if len(x) == 0 {
		return errors.New(kind + " has no points, want at least 1")
	}
	for i := range x {
		if err := checkValue(kind, "X", i, x[i]); err != nil {
			return err
		}
		if err := checkValue(kind, "Y", i, y[i]); err != nil {
			return err
		}
	}
	return nil
}

func checkValue(kind, field string, i int, v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("%s: %s[%d] is %v, want a finite number", kind, field, i, v)
	}
	return nil
}

// boundsOf is the box around a series; what is not finite is left out (Shapes reports it).
func boundsOf(x, y []float64) (Box, bool) {
	bx, by := none, none
	for _, v := range x {
		bx = bx.add(v)
	}
	for _, v := range y {
		by = by.add(v)
	}
	if bx.isNone() || by.isNone() {
		return Box{}, false
	}
	return Box{Point{bx.Min, by.Min}, Point{bx.Max, by.Max}}, true
}
