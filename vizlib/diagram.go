package vizlib

import (
	"fmt"
	"math"
)

// Diagram is a graphical model or an architecture: nodes, edges between them, and plates around what is
// repeated. Draw it in a Figure with View{Equal: true, Axes: NoAxes}; one unit is about one node apart.
//
// The signs are those of Bishop, PRML (2006), §8.1: a circle is a random variable, a shaded one is observed, a
// dot is a fixed parameter, a plate holds as many copies as its corner says.
type Diagram struct {
	Nodes  []Node
	Edges  []Edge
	Plates []Plate
	Key    string
	Style  Style // of all lines
}

// Node is a variable, a parameter, or a box of an architecture.
type Node struct {
	At   Point
	Text string
	Kind Kind
	W, H float64 // of a Block; 0 means 1.5 and 0.7
	Ink  Ink     // of its edge and its filling; the zero Ink is black
}

// Kind says what a node stands for.
type Kind int

const (
	Latent   Kind = iota // a circle
	Observed             // a shaded circle
	Fixed                // a dot, its text beside it
	Block                // a rectangle: a network, a step of an algorithm
)

// Edge is an arrow from one node to another, by their places in Nodes.
type Edge struct {
	From, To int
	Text     string // beside its middle
	Dash     Dash
}

// Plate is a frame around what is repeated.
type Plate struct {
	Box  Box
	Text string // in its lower right corner: how often
}

// Sizes in units of the diagram, and of letters in points.
const (
	nodeRadius  = 0.36
	dotRadius   = 0.06
	blockWide   = 1.5
	blockHigh   = 0.7
	nodeText    = 18.0
	diagramAir  = 0.25
	nodeCorners = 60
)

// half is the half width and height of a node.
func (n Node) half() (w, h float64) {
	switch n.Kind {
	case Fixed:
		return dotRadius, dotRadius
	case Block:
		w, h = n.W/2, n.H/2
		if n.W == 0 {
			w = blockWide / 2.0
		}
		if n.H == 0 {
			h = blockHigh / 2.0
		}
		return w, h
	}
	return nodeRadius, nodeRadius
}

// Bounds is the box around nodes and plates, with some air.
func (d Diagram) Bounds() (Box, bool) {
	x, y := none, none
	for _, n := range d.Nodes {
		w, h := n.half()
		x, y = x.add(n.At.X-w).add(n.At.X+w), y.add(n.At.Y-h).add(n.At.Y+h)
	}
	for _, p := range d.Plates {
		x, y = x.add(p.Box.Min.X).add(p.Box.Max.X), y.add(p.Box.Min.Y).add(p.Box.Max.Y)
	}
	if x.isNone() || y.isNone() {
		return Box{}, false
	}
	return Box{Point{x.Min - diagramAir, y.Min - diagramAir}, Point{x.Max + diagramAir, y.Max + diagramAir}}, true
}

// Shapes is plates, then edges, then nodes.
func (d Diagram) Shapes(View) ([]Shape, error) {
	if len(d.Nodes) == 0 {
		return nil, fmt.Errorf("Diagram has no nodes, want at least 1")
	}
	var shapes []Shape
	style := func(i Ink) Style {
		s := d.Style
		if i != Black {
			s.Ink = i
		}
		return s
	}
	for k, p := range d.Plates {
		if p.Box.Min.X >= p.Box.Max.X || p.Box.Min.Y >= p.Box.Max.Y {
			return nil, fmt.Errorf("Diagram: plate %d has no area, want Min < Max", k)
		}
		c := common("", "", keyed(d.Key, fmt.Sprint("plate", k)), style(Black))
		ring := []Point{p.Box.Min, {p.Box.Max.X, p.Box.Min.Y}, p.Box.Max, {p.Box.Min.X, p.Box.Max.Y}}
		shapes = append(shapes, &Path{Common: c, Lines: [][]Point{ring}, Closed: true})
		if p.Text != "" {
			const inset = 0.08
			shapes = append(shapes, &Label{Common: c, At: Point{p.Box.Max.X - inset, p.Box.Min.Y + inset}, Text: p.Text,
				Size: textSize, AlignX: -1, AlignY: 1})
		}
	}
	for k, e := range d.Edges {
		if e.From < 0 || e.To < 0 || e.From >= len(d.Nodes) || e.To >= len(d.Nodes) || e.From == e.To {
			return nil, fmt.Errorf("Diagram: edge %d leads from node %d to node %d of %d, want two different ones from 0", k, e.From, e.To, len(d.Nodes))
		}
		c := common("", "", keyed(d.Key, fmt.Sprint("edge", k)), style(Black))
		c.Style.Dash = e.Dash
		from, to := d.Nodes[e.From].edgeTowards(d.Nodes[e.To].At), d.Nodes[e.To].edgeTowards(d.Nodes[e.From].At)
		shapes = append(shapes, &Arrow{Common: c, From: from, To: to})
		if e.Text != "" {
			mid := Point{(from.X + to.X) / 2, (from.Y + to.Y) / 2}
			shapes = append(shapes, besides(c, mid, from, to, e.Text))
		}
	}
	for k, n := range d.Nodes {
		shapes = append(shapes, n.shapes(common("", "", keyed(d.Key, fmt.Sprint("node", k)), style(n.Ink)))...)
	}
	return shapes, nil
}

// besides writes a word next to the middle of an edge: above a level one, to the right of an upright one.
func besides(c Common, mid, from, to Point, text string) Shape {
	const off = 0.1
	l := &Label{Common: c, At: Point{mid.X, mid.Y + off}, Text: text, Size: textSize, AlignY: 1}
	if math.Abs(to.Y-from.Y) > math.Abs(to.X-from.X) {
		l.At, l.AlignX, l.AlignY = Point{mid.X + off, mid.Y}, 1, 0
	}
	return l
}

// edgeTowards is the point of a node's outline in the direction of another place.
func (n Node) edgeTowards(p Point) Point {
	dx, dy := p.X-n.At.X, p.Y-n.At.Y
	w, h := n.half()
	if n.Kind == Block {
		t := min(w/max(math.Abs(dx), 1e-12), h/max(math.Abs(dy), 1e-12))
		return Point{n.At.X + t*dx, n.At.Y + t*dy}
	}
	d := math.Hypot(dx, dy)
	return Point{n.At.X + w*dx/d, n.At.Y + w*dy/d}
}

// shapes is a node's outline and its text.
func (n Node) shapes(c Common) []Shape {
	w, h := n.half()
	ring := []Point{{n.At.X - w, n.At.Y - h}, {n.At.X + w, n.At.Y - h}, {n.At.X + w, n.At.Y + h}, {n.At.X - w, n.At.Y + h}}
	label := &Label{Common: c, At: n.At, Text: n.Text, Size: nodeText}
	if n.Kind != Block {
		ring = make([]Point, nodeCorners)
		for i := range ring {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / nodeCorners)
			ring[i] = Point{n.At.X + w*cos, n.At.Y + w*sin}
		}
	}
	const shade, tint = 0.25, 0.12
	switch n.Kind {
	case Observed:
		c.Style.Fill = shade
	case Fixed:
		c.Style.Fill = 1
		label.At.Y += 0.14
		label.AlignY = 1
	case Block:
		c.Style.Fill = tint
		label.Size = textSize + 1
	}
	shapes := []Shape{&Path{Common: c, Lines: [][]Point{ring}, Closed: true}}
	if n.Text == "" {
		return shapes
	}
	return append(shapes, label)
}
