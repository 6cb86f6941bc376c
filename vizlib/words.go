package vizlib

import (
	"errors"
	"fmt"
	"math"
)

// Text is a word at a place.
type Text struct {
	Text   string
	At     Point   // in data coordinates, or where InBox is set in fractions of the axes box
	InBox  bool    // At (0, 0) is the box's lower left corner, (1, 1) its upper right one
	Size   float64 // in points of a 960×540 slide; 0 means 13
	Bold   bool
	AlignX float64 // −1: the text ends at At; 0 centred; 1: it starts there
	AlignY float64 // −1: the text stands below At; 0 centred; 1: above
	Key    string
	Style  Style // its Ink
}

// Bounds is the place; a text in the box has no opinion.
func (t Text) Bounds() (Box, bool) { return Box{t.At, t.At}, !t.InBox }

// Shapes is one label.
func (t Text) Shapes(v View) ([]Shape, error) {
	if t.Text == "" {
		return nil, errors.New("Text is empty")
	}
	if s := t.At.X + t.At.Y + t.AlignX + t.AlignY + t.Size; math.IsNaN(s) || math.IsInf(s, 0) {
		return nil, fmt.Errorf("Text %q stands at (%v, %v), want finite numbers", t.Text, t.At.X, t.At.Y)
	}
	p := t.At
	if t.InBox {
		p = Point{at(v.X, v.LogX, p.X), at(v.Y, v.LogY, p.Y)}
	}
	return []Shape{&Label{Common: common("", "", t.Key, t.Style), At: p, Text: t.Text, Size: t.Size, Bold: t.Bold,
		AlignX: t.AlignX, AlignY: t.AlignY}}, nil
}
