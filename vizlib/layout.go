package vizlib

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// The layout is the road from a Picture to scenes: flatten it to pages of cells, find the windows, ask the
// marks for shapes, and put names beside their lines.

// page is one still picture before its windows are known.
type page struct {
	on                      sheet
	Title, Caption, Numbers string
	cells                   []Cell
	single                  bool // a Figure: its box is found from its labels
}

// The baselines of the two lines on top of a slide, and the top of a lone Figure's axes below them, in
// fractions of the slide's height.
const (
	titleLine      = 0.935
	captionLine    = 0.88
	topUnderBoth   = 0.845
	topUnderTitle  = 0.90
	topUnderNobody = 0.955
)

// The defaults of Movie.Hold.
const (
	holdFrame = 700 * time.Millisecond
	holdLast  = 2 * time.Second
)

// layout lays out one still picture; a Movie's is its last frame, in the windows of the whole movie.
func layout(p Picture) (scene, error) { return layoutOn(p, sheet{}) }

func layoutOn(p Picture, on sheet) (scene, error) {
	if e, ok := explorerOf(p); ok {
		r, err := e.reel(on)
		if err != nil {
			return scene{}, err
		}
		return r.still(), nil
	}
	if m, ok := movieOf(p); ok {
		r, err := layoutMovieOn(m, on)
		if err != nil {
			return scene{}, err
		}
		return r.Scenes[len(r.Scenes)-1], nil
	}
	pg, err := flatten(p, on)
	if err != nil {
		return scene{}, err
	}
	scenes, err := compose([]page{pg})
	if err != nil {
		return scene{}, err
	}
	return scenes[0], nil
}

// layoutMovie lays out every frame. All frames have the same panels, and each panel one window throughout.
func layoutMovie(m Movie) (reel, error) { return layoutMovieOn(m, sheet{}) }

func layoutMovieOn(m Movie, on sheet) (reel, error) {
	pages, err := m.pages(on)
	if err != nil {
		return reel{}, err
	}
	scenes, err := compose(pages)
	if err != nil {
		return reel{}, err
	}
	r := reel{Scenes: scenes, Holds: make([]time.Duration, m.Len)}
	for i := range r.Holds {
		r.Holds[i] = m.holdOf(i)
		if r.Holds[i] <= 0 {
			return reel{}, fmt.Errorf("vizlib: Movie: frame %d is held for %v, want more than 0", i, r.Holds[i])
		}
	}
	r.Alt = movieWords(scenes)
	return r, nil
}

// pages are the frames of a movie, flattened; all have the same cells.
func (m Movie) pages(on sheet) ([]page, error) {
	if m.Len < 1 || m.Frame == nil {
		return nil, fmt.Errorf("vizlib: Movie has %d frames, want at least 1 and a Frame function", m.Len)
	}
	pages := make([]page, m.Len)
	for i := range pages {
		pg, err := flatten(m.Frame(i), on)
		if err != nil {
			return nil, frameError(i, err)
		}
		if len(pg.cells) != len(pages[0].cells) && i > 0 {
			return nil, fmt.Errorf("vizlib: Movie: frame %d has %d panels, frame 0 has %d: want the same in all", i, len(pg.cells), len(pages[0].cells))
		}
		pages[i] = pg
	}
	return pages, nil
}

func (m Movie) holdOf(i int) time.Duration {
	switch {
	case m.Hold != nil:
		return m.Hold(i)
	case i == m.Len-1:
		return holdLast
	}
	return holdFrame
}

func movieOf(p Picture) (Movie, bool) {
	switch p := p.(type) {
	case Movie:
		return p, true
	case *Movie:
		if p != nil {
			return *p, true
		}
	}
	return Movie{}, false
}

// flatten makes a page of a Figure or a Grid.
func flatten(p Picture, on sheet) (page, error) {
	switch p := p.(type) {
	case Figure:
		return pageOf(p, on), nil
	case *Figure:
		if p != nil {
			return pageOf(*p, on), nil
		}
	case Grid:
		return p.page(on)
	case *Grid:
		if p != nil {
			return p.page(on)
		}
	}
	return page{}, fmt.Errorf("vizlib: a picture of type %T cannot be drawn: want a Figure, a Grid or a Movie", p)
}

func pageOf(f Figure, on sheet) page {
	pg := page{on: on, Title: f.Title, Caption: f.Caption, Numbers: f.Numbers, single: true}
	f.Title, f.Caption, f.Numbers = "", "", ""
	pg.cells = []Cell{{Figure: f, At: loneBox(pg, f)}}
	return pg
}

func (g Grid) page(on sheet) (page, error) {
	if len(g.Cells) == 0 {
		return page{}, errors.New("vizlib: Grid has no cells, want at least 1")
	}
	for i, c := range g.Cells {
		for _, v := range c.At {
			if math.IsNaN(v) || v < 0 || v > 1 {
				return page{}, fmt.Errorf("vizlib: Grid: cell %d stands at %v, want fractions of the slide from 0 to 1", i, c.At)
			}
		}
		if c.At[2] <= 0 || c.At[3] <= 0 || c.At[0]+c.At[2] > 1+1e-9 || c.At[1]+c.At[3] > 1+1e-9 {
			return page{}, fmt.Errorf("vizlib: Grid: cell %d stands at %v, want [left, bottom, width, height] inside the slide", i, c.At)
		}
	}
	return page{on: on, Title: g.Title, Caption: g.Caption, Numbers: g.Numbers, cells: g.Cells}, nil
}

// compose finds the windows over all pages and lays out each.
func compose(pages []page) ([]scene, error) {
	if err := checkPages(pages); err != nil {
		return nil, err
	}
	views, err := windows(pages)
	if err != nil {
		return nil, err
	}
	ts := newTypesetter()
	places := make([]places, len(views))
	scenes := make([]scene, len(pages))
	for f, pg := range pages {
		s := scene{on: pg.on, Title: pg.Title, Caption: pg.Caption, Numbers: pg.Numbers}
		for i, c := range pg.cells {
			v := c.Figure.View
			v.X, v.Y = views[i].X, views[i].Y
			pn, err := composePanel(c, v, pg, ts)
			if err == nil {
				err = pn.placeNames(ts, &places[i])
			}
			if err != nil {
				err = cellError(pg, i, err)
				if len(pages) > 1 {
					err = frameError(f, err)
				}
				return nil, err
			}
			s.Panels = append(s.Panels, pn)
		}
		s.Alt = s.words()
		scenes[f] = s
	}
	return scenes, nil
}

// checkPages refuses marks that are nil.
func checkPages(pages []page) error {
	for _, pg := range pages {
		for i, c := range pg.cells {
			for k, m := range c.Figure.Marks {
				if m == nil {
					return cellError(pg, i, fmt.Errorf("mark %d is nil", k))
				}
			}
		}
	}
	return nil
}

// composePanel makes the shapes and ticks of one cell whose window is v.
func composePanel(c Cell, v View, pg page, ts *typesetter) (panel, error) {
	f := c.Figure
	pn := panel{on: pg.on, At: c.At, Title: f.Title, X: f.X, Y: f.Y, View: v, ShareX: c.ShareX, ShareY: c.ShareY}
	pn.ticks()
	if pg.single {
		pn.At[0], pn.At[2] = loneLeft(pn, ts)
	}
	if v.Equal {
		pn.At = equalBox(pn.on, pn.At, v)
	}
	for _, m := range f.Marks {
		shapes, err := m.Shapes(v)
		if err != nil {
			return panel{}, err
		}
		for _, s := range shapes {
			if err := checkShape(s, v); err != nil {
				return panel{}, err
			}
		}
		claimParts(shapes)
		pn.Shapes = append(pn.Shapes, shapes...)
	}
	pn.notes(f)
	return pn, nil
}

// claimParts writes the name of a mark on all its shapes, the nameless ones too: an area belongs to its curve.
func claimParts(shapes []Shape) {
	name := ""
	for _, s := range shapes {
		if n := s.base().Name; n != "" {
			name = n
			break
		}
	}
	for _, s := range shapes {
		s.base().of = name
	}
}

// ticks fills in the automatic ticks and drops those outside the window.
func (pn *panel) ticks() {
	v := &pn.View
	fr := pn.frame()
	const everyX, everyY = 55.0, 40.0 // points between ticks, about
	if v.XTicks == nil {
		v.XTicks = autoTicks(v.X, v.LogX, (fr.x1-fr.x0)/everyX)
	}
	if v.YTicks == nil {
		v.YTicks = autoTicks(v.Y, v.LogY, (fr.y1-fr.y0)/everyY)
	}
	if v.Axes == NoAxes {
		v.XTicks = []Tick{}
	}
	if v.Axes != LeftBottom {
		v.YTicks = []Tick{}
	}
	v.XTicks, v.YTicks = within(v.XTicks, v.X), within(v.YTicks, v.Y)
}

func autoTicks(w Interval, log bool, want float64) []Tick {
	n := int(min(max(want, 2), 7))
	if log {
		return logTicks(w, n)
	}
	return linearTicks(w, n)
}

func within(ticks []Tick, w Interval) []Tick {
	kept := make([]Tick, 0, len(ticks))
	slack := 1e-9 * w.span()
	for _, t := range ticks {
		if t.At >= w.Min-slack && t.At <= w.Max+slack {
			kept = append(kept, t)
		}
	}
	return kept
}

// equalBox shrinks a box around its centre until a unit of x is as long as a unit of y.
func equalBox(on sheet, at Rect, v View) Rect {
	w, h := on.size()
	unitX, unitY := at[2]*w/v.X.span(), at[3]*h/v.Y.span()
	if unitX > unitY {
		width := at[2] * unitY / unitX
		return Rect{at[0] + (at[2]-width)/2, at[1], width, at[3]}
	}
	height := at[3] * unitX / unitY
	return Rect{at[0], at[1] + (at[3]-height)/2, at[2], height}
}

// notes writes a cell's Caption below its title and its Numbers at the top right, inside the panel.
func (pn *panel) notes(f Figure) {
	fr := pn.frame()
	y := fr.y1 - noteInset
	if f.Title != "" {
		y -= panelSize * noteLine
	}
	note := func(text, key string, x, side float64, y float64) {
		if text == "" {
			return
		}
		at := fr.data(Point{x, y})
		pn.Shapes = append(pn.Shapes, &Label{Common: Common{Key: key, Still: true}, At: at, Text: text,
			Size: textSize, AlignX: side, AlignY: -1})
	}
	note(f.Caption, "caption", fr.x0+noteInset, 1, y)
	note(f.Numbers, "numbers", fr.x1-noteInset, -1, fr.y1-noteInset)
}

// loneBox is the axes box of a Figure that stands alone; its left side is found later from its ticks.
func loneBox(pg page, f Figure) Rect {
	top := topUnderNobody
	switch {
	case pg.Caption != "" || pg.Numbers != "":
		top = topUnderBoth
	case pg.Title != "":
		top = topUnderTitle
	}
	points := 16.0
	if f.View.Axes != NoAxes {
		points += 22
	}
	if f.X != "" {
		points += 27
	}
	_, h := pg.on.size()
	bottom := points / h
	return Rect{0.08, bottom, 0.89, top - bottom}
}

// loneLeft is the left side and width of a lone Figure's box, with room for its ticks and label.
func loneLeft(pn panel, ts *typesetter) (left, width float64) {
	room := 24.0
	widest := 0.0
	for _, t := range pn.View.YTicks {
		if w, err := ts.width(t.Label, textSize, false); err == nil {
			widest = max(widest, w)
		}
	}
	room += widest
	if pn.Y != "" {
		room += 1.5 * textSize
	}
	w, _ := pn.on.size()
	left = room / w
	return left, 0.97 - left
}

// checkShape refuses numbers that cannot be drawn.
func checkShape(s Shape, v View) error {
	name := s.base().Name
	var bad error
	look := func(p Point) {
		switch {
		case bad != nil:
		case math.IsNaN(p.X+p.Y) || math.IsInf(p.X, 0) || math.IsInf(p.Y, 0):
			bad = fmt.Errorf("%s has a point at (%v, %v), want finite numbers", called("a mark", name), p.X, p.Y)
		case v.LogX && p.X <= 0:
			bad = fmt.Errorf("%s has a point at x = %v, which a log axis cannot show", called("a mark", name), p.X)
		case v.LogY && p.Y <= 0:
			bad = fmt.Errorf("%s has a point at y = %v, which a log axis cannot show", called("a mark", name), p.Y)
		}
	}
	each(s, look)
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

// cellError says in which figure something is wrong.
func cellError(p page, i int, err error) error {
	title := p.cells[i].Figure.Title
	if p.single {
		title = p.Title
	}
	switch {
	case title != "":
		return fmt.Errorf("vizlib: figure %q: %w", title, err)
	case p.single:
		return fmt.Errorf("vizlib: %w", err)
	}
	return fmt.Errorf("vizlib: cell %d: %w", i, err)
}

func frameError(i int, err error) error {
	return fmt.Errorf("vizlib: frame %d: %w", i, trimmed(err))
}
