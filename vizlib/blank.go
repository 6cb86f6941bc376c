package vizlib

import "slices"

// Blank is a picture's empty form, for the question before the answer: the same panels, windows, ticks and labels,
// but only those marks that carry one of the names to keep. Captions and numbers go, titles stay. A Movie's is that
// of its last frame.
//
// A picture that cannot be laid out is returned as it is: drawing it says what is wrong.
func Blank(p Picture, keep ...string) Picture {
	views, last, err := blankWindows(p)
	if err != nil {
		return p
	}
	g := Grid{Title: last.Title, Cells: make([]Cell, len(last.cells))}
	for i, c := range last.cells {
		f := c.Figure
		f.Caption, f.Numbers = "", ""
		f.View.X, f.View.Y = views[i].X, views[i].Y
		f.Marks = slices.DeleteFunc(slices.Clone(f.Marks), func(m Mark) bool { return !named(m, views[i], keep) })
		c.Figure = f
		g.Cells[i] = c
	}
	if last.single {
		f := g.Cells[0].Figure
		f.Title = last.Title
		return f
	}
	return g
}

// blankWindows are the windows of a picture and its last page.
func blankWindows(p Picture) ([]View, page, error) {
	m, ok := movieOf(p)
	if !ok {
		m = Movie{Len: 1, Frame: func(int) Picture { return p }}
	}
	pages, err := m.pages(sheet{})
	if err != nil {
		return nil, page{}, err
	}
	if err := checkPages(pages); err != nil {
		return nil, page{}, err
	}
	views, err := windows(pages)
	if err != nil {
		return nil, page{}, err
	}
	return views, pages[len(pages)-1], nil
}

// named says whether a mark draws a shape with one of the names.
func named(m Mark, v View, names []string) bool {
	shapes, err := m.Shapes(v)
	if err != nil {
		return true // so that drawing it says what is wrong
	}
	return slices.ContainsFunc(shapes, func(s Shape) bool { return slices.Contains(names, s.base().Name) })
}
