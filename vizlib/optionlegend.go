package vizlib

// A legend's box as the shell draws it: above the chart, so that it stays in its corner when the chart is zoomed.

// legendBox is a place in pixels of the slide, and a row for each name.
type legendBox struct {
	Left   float64     `json:"left"`
	Top    float64     `json:"top"`
	Width  float64     `json:"width"`
	Height float64     `json:"height"`
	Row    float64     `json:"row"`
	Rows   []legendRow `json:"rows"`
}

// legendRow is a name and the mark that stands for it.
type legendRow struct {
	Name string    `json:"name"`
	Kind markKind  `json:"kind"`
	Mark markState `json:"mark"`
}

// The measures of a legend's box in points.
const (
	legendPad    = 8.0
	legendSwatch = 26.0
	legendLine   = textSize * 1.45
)

// legendOf is the legend of one panel with the names of all frames; nil where the panel has none.
func legendOf(scenes []scene, panel int, th theme, ts *typesetter) *legendBox {
	pn := scenes[len(scenes)-1].Panels[panel]
	if pn.View.Legend != LegendBox {
		return nil
	}
	var l legendBox
	seen := map[string]bool{}
	widest := 0.0
	for _, s := range scenes {
		for _, shape := range s.Panels[panel].Shapes {
			name := shape.base().Name
			if _, isLabel := shape.(*Label); isLabel || name == "" || seen[name] {
				continue
			}
			kind, state, err := stateOf(shape, &pn, th)
			if err != nil {
				continue
			}
			seen[name] = true
			state.At, state.Shade, state.Values = nil, nil, nil
			widest = max(widest, ts.wide(name, textSize, false))
			l.Rows = append(l.Rows, legendRow{name, kind, state})
		}
	}
	if len(l.Rows) == 0 {
		return nil
	}
	w := 3*legendPad + legendSwatch + widest
	h := 2*legendPad + legendLine*float64(len(l.Rows)) - 4
	b := emptiestCorner(&pn, pn.frame(), w, h)
	l.Left, l.Top, l.Width, l.Height, l.Row = coarse(b.Min.X), coarse(pn.frame().high-b.Max.Y), coarse(w), coarse(h), coarse(legendLine)
	return &l
}
