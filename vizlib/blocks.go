package vizlib

import "fmt"

// Blocks are rectangles along the axes: a bar on its side, a marked stretch.
type Blocks struct {
	At    []Box
	Name  string
	Unit  string
	Key   string
	Style Style // Fill 0 means 0.75; no line around them unless Width says so
}

// Bounds is the box around all blocks.
func (b Blocks) Bounds() (Box, bool) {
	x, y := none, none
	for _, r := range b.At {
		x, y = x.add(r.Min.X).add(r.Max.X), y.add(r.Min.Y).add(r.Max.Y)
	}
	if x.isNone() || y.isNone() {
		return Box{}, false
	}
	return Box{Point{x.Min, y.Min}, Point{x.Max, y.Max}}, true
}

// Shapes is one path with a ring for each block.
func (b Blocks) Shapes(View) ([]Shape, error) {
	if len(b.At) == 0 {
		return nil, fmt.Errorf("%s has no boxes, want at least 1", called("Blocks", b.Name))
	}
	p := &Path{Common: filledOnly(common(b.Name, b.Unit, b.Key, b.Style), barFill), Closed: true}
	for _, r := range b.At {
		p.Lines = append(p.Lines, []Point{r.Min, {r.Max.X, r.Min.Y}, r.Max, {r.Min.X, r.Max.Y}})
	}
	return []Shape{p}, nil
}
