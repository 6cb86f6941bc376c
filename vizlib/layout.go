package vizlib

import (
	"fmt"
	"time"
)

// The layout is the road from a Picture to scenes: flatten it to pages of cells, find the windows, ask the
// marks for shapes, and put names beside their lines.

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
		if err := s.checkLetters(ts); err != nil {
			if len(pages) > 1 {
				err = frameError(f, err)
			}
			return nil, err
		}
		s.Alt = s.words()
		scenes[f] = s
	}
	return scenes, nil
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
			if err := checkShape(kindOf(m), s, v); err != nil {
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
