package vizlib

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
)

// A picture is first flattened: whatever it is, it becomes pages of cells.

// page is one still picture before its windows are known.
type page struct {
	on                      sheet
	Title, Caption, Numbers string
	cells                   []Cell
	single                  bool // a Figure: its box is found from its labels
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

// checkPages refuses marks that are nil, and views that cannot be.
func checkPages(pages []page) error {
	for _, pg := range pages {
		for i, c := range pg.cells {
			for k, m := range c.Figure.Marks {
				if v := reflect.ValueOf(m); m == nil || v.Kind() == reflect.Pointer && v.IsNil() {
					return cellError(pg, i, fmt.Errorf("mark %d is nil", k))
				}
			}
			if err := c.Figure.View.check(); err != nil {
				return cellError(pg, i, err)
			}
		}
	}
	return nil
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
