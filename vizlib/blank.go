package vizlib

import (
	"fmt"
	"slices"
)

// Still is frame i of a movie as a picture of its own, in the windows of the whole movie. It panics where there is no such
// frame. A movie that cannot be laid out is returned as it is: drawing it says what is wrong.
func (m Movie) Still(i int) Picture {
	if i < 0 || i >= m.Len {
		panic(fmt.Sprintf("vizlib: Movie.Still: frame %d of %d, want 0…%d", i, m.Len, m.Len-1))
	}
	p, err := m.windowed(i)
	if err != nil {
		return m
	}
	return p
}

// Blank is a picture's empty form, for the question before the answer: the same panels, windows, ticks and labels,
// but only those marks that carry one of the names to keep, or say it where they are a Text. Captions and numbers go,
// titles stay. A Movie's is that of its last frame.
//
// A picture that cannot be laid out is returned as it is: drawing it says what is wrong.
func Blank(p Picture, keep ...string) Picture {
	m, ok := movieOf(p)
	if !ok {
		m = Movie{Len: 1, Frame: func(int) Picture { return p }}
	}
	still, err := m.windowed(m.Len - 1)
	if err != nil {
		return p
	}
	bare := func(f Figure) Figure {
		f.Caption, f.Numbers = "", ""
		f.Marks = slices.DeleteFunc(slices.Clone(f.Marks), func(m Mark) bool { return !named(m, f.View, keep) })
		return f
	}
	if f, single := still.(Figure); single {
		return bare(f)
	}
	g := still.(Grid)
	g.Caption, g.Numbers = "", ""
	for i := range g.Cells {
		g.Cells[i].Figure = bare(g.Cells[i].Figure)
	}
	return g
}

// windowed is frame i, a Figure or a Grid, with the windows of the whole movie written into its views.
func (m Movie) windowed(i int) (Picture, error) {
	pages, err := m.pages(sheet{})
	if err != nil {
		return nil, err
	}
	if err := checkPages(pages); err != nil {
		return nil, err
	}
	views, err := windows(pages)
	if err != nil {
		return nil, err
	}
	pg := pages[i]
	cells := slices.Clone(pg.cells)
	for k := range cells {
		cells[k].Figure.View.X, cells[k].Figure.View.Y = views[k].X, views[k].Y
	}
	if pg.single {
		f := cells[0].Figure
		f.Title, f.Caption, f.Numbers = pg.Title, pg.Caption, pg.Numbers
		return f, nil
	}
	return Grid{Title: pg.Title, Caption: pg.Caption, Numbers: pg.Numbers, Cells: cells}, nil
}

// named says whether a mark draws a shape with one of the names, or a label with that text.
func named(m Mark, v View, names []string) bool {
	shapes, err := m.Shapes(v)
	if err != nil {
		return true // so that drawing it says what is wrong
	}
	return slices.ContainsFunc(shapes, func(s Shape) bool {
		l, says := s.(*Label)
		return slices.Contains(names, s.base().Name) || says && slices.Contains(names, l.Text)
	})
}
