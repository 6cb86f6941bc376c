package vizlib

import (
	"math"
	"slices"
)

// cover says for each cell of the axes box what it would cost to hide it, and which boxes are taken by words.
type cover struct {
	box   Box
	w, h  int
	cost  []float64
	taken []Box
}

func newCover(fr frame) *cover {
	c := &cover{box: fr.box()}
	c.w, c.h = int((fr.x1-fr.x0)/cellSize)+1, int((fr.y1-fr.y0)/cellSize)+1
	c.cost = make([]float64, c.w*c.h)
	return c
}

// mark enters all that a panel draws.
func (c *cover) mark(pn *panel, fr frame, ts *typesetter) error {
	for _, s := range pn.Shapes {
		switch s := s.(type) {
		case *Path:
			var rings [][]Point
			for _, l := range s.Lines {
				pts := make([]Point, 0, len(l)+1)
				for _, p := range l {
					pts = append(pts, fr.point(p))
				}
				rings = append(rings, pts)
				if s.Style.Width >= 0 {
					if s.Closed && len(pts) > 0 {
						pts = append(pts, pts[0])
					}
					for i := 1; i < len(pts); i++ {
						c.line(pts[i-1], pts[i])
					}
				}
			}
			if fill := s.Style.Fill; fill > 0 && s.Closed {
				cost := costWeak
				if fill >= 0.5 {
					cost = costStrong
				}
				c.area(rings, cost)
			}
		case *Points:
			for _, p := range s.At {
				c.spot(fr.point(p), s.Size/2)
			}
		case *Arrow:
			c.line(fr.point(s.From), fr.point(s.To))
		case *Label:
			b, err := s.place(fr, ts)
			if err != nil {
				return err
			}
			c.taken = append(c.taken, b)
		}
	}
	if pn.Title != "" {
		w, err := ts.width(pn.Title, panelSize, true)
		if err != nil {
			return err
		}
		c.taken = append(c.taken, Box{Point{fr.x0, fr.y1 - 2*noteInset - panelSize}, Point{fr.x0 + noteInset + w, fr.y1}})
	}
	return nil
}

func (c *cover) set(i, j int, cost float64) {
	if i >= 0 && j >= 0 && i < c.w && j < c.h {
		c.cost[j*c.w+i] = max(c.cost[j*c.w+i], cost)
	}
}

func (c *cover) line(p, q Point) {
	p, q, ok := clipSegment(p, q, c.box)
	if !ok {
		return
	}
	n := int(math.Hypot(q.X-p.X, q.Y-p.Y)/cellSize*1.5) + 1
	for k := range n + 1 {
		t := float64(k) / float64(n)
		c.set(int((p.X+t*(q.X-p.X)-c.box.Min.X)/cellSize), int((p.Y+t*(q.Y-p.Y)-c.box.Min.Y)/cellSize), costLine)
	}
}

func (c *cover) spot(p Point, r float64) {
	lo, hi := int(math.Floor((p.X-r-c.box.Min.X)/cellSize)), int((p.X+r-c.box.Min.X)/cellSize)
	bottom, top := int(math.Floor((p.Y-r-c.box.Min.Y)/cellSize)), int((p.Y+r-c.box.Min.Y)/cellSize)
	for j := max(bottom, 0); j <= min(top, c.h-1); j++ {
		for i := max(lo, 0); i <= min(hi, c.w-1); i++ {
			c.set(i, j, costLine)
		}
	}
}

// area enters filled rings, row by row (non-zero winding rule).
func (c *cover) area(rings [][]Point, cost float64) {
	type crossing struct {
		x    float64
		wind int
	}
	rows := make([][]crossing, c.h)
	for _, ring := range rings {
		for i, q := range ring {
			p := ring[(i+len(ring)-1)%len(ring)]
			wind := 1
			if p.Y > q.Y {
				p, q, wind = q, p, -1
			}
			first := max(int(math.Ceil((p.Y-c.box.Min.Y)/cellSize-0.5)), 0)
			for j := first; j < c.h; j++ {
				y := c.box.Min.Y + (float64(j)+0.5)*cellSize
				if y >= q.Y {
					break
				}
				rows[j] = append(rows[j], crossing{p.X + (q.X-p.X)*(y-p.Y)/(q.Y-p.Y), wind})
			}
		}
	}
	for j, row := range rows {
		slices.SortFunc(row, func(a, b crossing) int {
			switch {
			case a.x < b.x:
				return -1
			case a.x > b.x:
				return 1
			}
			return 0
		})
		wind := 0
		for k, x := range row {
			if wind != 0 {
				lo := max(int((row[k-1].x-c.box.Min.X)/cellSize), 0)
				hi := min(int((x.x-c.box.Min.X)/cellSize), c.w-1)
				for i := lo; i <= hi; i++ {
					c.set(i, j, cost)
				}
			}
			wind += x.wind
		}
	}
}

// free says whether a box lies inside the axes and on no other words.
func (c *cover) free(b Box) bool {
	const edge, apart = 1.0, 2.0
	if b.Min.X < c.box.Min.X+edge || b.Max.X > c.box.Max.X-edge || b.Min.Y < c.box.Min.Y+edge || b.Max.Y > c.box.Max.Y-edge {
		return false
	}
	for _, t := range c.taken {
		if b.Min.X < t.Max.X+apart && t.Min.X < b.Max.X+apart && b.Min.Y < t.Max.Y+apart && t.Min.Y < b.Max.Y+apart {
			return false
		}
	}
	return true
}

// hidden is what a box would cover.
func (c *cover) hidden(b Box) float64 {
	cost := 0.0
	for j := int((b.Min.Y - c.box.Min.Y) / cellSize); j <= int((b.Max.Y-c.box.Min.Y)/cellSize); j++ {
		for i := int((b.Min.X - c.box.Min.X) / cellSize); i <= int((b.Max.X-c.box.Min.X)/cellSize); i++ {
			if j < c.h && i < c.w {
				cost += c.cost[j*c.w+i]
			}
		}
	}
	return cost
}
