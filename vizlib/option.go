package vizlib

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// The option that a figure hands to ECharts: a grid, two axes and the zoom of each panel, and one custom
// series for each mark. A chart has as many pixels as its slide has points (960×540); the shell scales it as a
// whole. What go-echarts has a field for is said with go-echarts' types; the rest stands beside it.
//
// A log axis is a linear axis of exponents of ten. Functions are not JSON: the shell knows what the name
// "mark" in renderItem means, and labels the ticks.

type chartOption struct {
	Animation               bool         `json:"animation"`
	AnimationDuration       int          `json:"animationDuration"`
	AnimationDurationUpdate int          `json:"animationDurationUpdate"`
	AnimationEasingUpdate   string       `json:"animationEasingUpdate"`
	BackgroundColor         string       `json:"backgroundColor"`
	TextStyle               textStyle    `json:"textStyle"`
	Grid                    []opts.Grid  `json:"grid"`
	XAxis                   []axisOption `json:"xAxis"`
	YAxis                   []axisOption `json:"yAxis"`
	DataZoom                []zoomOption `json:"dataZoom,omitempty"`
	Series                  []markOption `json:"series"`
}

type textStyle struct {
	FontFamily string  `json:"fontFamily"`
	FontSize   float64 `json:"fontSize"`
	LineHeight float64 `json:"lineHeight"` // said, since ECharts would measure it on a letter that fonts may lack
	Color      string  `json:"color"`
}

// axisOption is opts.XAxis (whose fields are also opts.YAxis's) with the places of our own ticks.
type axisOption struct {
	opts.XAxis
	ID            string     `json:"id"`
	Z             int        `json:"z"`
	Animation     bool       `json:"animation"`
	NameTextStyle *textStyle `json:"nameTextStyle,omitempty"`
	AxisTick      *tickMarks `json:"axisTick,omitempty"`
	AxisLabel     *tickWords `json:"axisLabel,omitempty"`
}

type tickMarks struct {
	opts.AxisTick
	Length       float64   `json:"length"`
	CustomValues []float64 `json:"customValues"`
}

type tickWords struct {
	opts.AxisLabel
	FontSize     float64   `json:"fontSize"`
	LineHeight   float64   `json:"lineHeight"`
	CustomValues []float64 `json:"customValues"`
}

// zoomOption is opts.DataZoom with the gestures: the wheel zooms with Ctrl held, so that a page still scrolls.
type zoomOption struct {
	opts.DataZoom
	MinSpan          float64 `json:"minSpan"`
	ZoomOnMouseWheel string  `json:"zoomOnMouseWheel"`
	MoveOnMouseMove  bool    `json:"moveOnMouseMove"`
	MoveOnMouseWheel bool    `json:"moveOnMouseWheel"`
	PreventDefault   bool    `json:"preventDefaultMouseMove"`
}

// markOption is a series whose element the shell makes from the mark's state. (charts.SingleSeries would do, but its
// package draws in html/template, which every cell of a notebook would then have to link.)
type markOption struct {
	Type       string        `json:"type"`
	ID         string        `json:"id"`
	Name       string        `json:"name,omitempty"`
	RenderItem types.FuncStr `json:"renderItem"`
	XAxisIndex int           `json:"xAxisIndex"`
	YAxisIndex int           `json:"yAxisIndex"`
	Z          int           `json:"z"`
	Silent     bool          `json:"silent"`
	Data       [][2]float64  `json:"data"`
}

// The order in which things are painted: maps, axes, marks as they come, and words on top.
const (
	zRaster = 1
	zAxes   = 1000
	zMarks  = 1001
	zLabels = 100000
)

const (
	fontStack = `"DejaVu Sans", Verdana, sans-serif`
	tickGap   = 4.0   // between a tick and its label, in points
	minSpan   = 4.0   // the deepest zoom, in per cent of a window
	tweenTime = 300   // ms, where the shell asks for no other
	midline   = 0.346 // how far the middle of a browser's line of DejaVu Sans lies above its baseline, in ems
)

// chartOf is the option of a slide with these panels and marks.
func chartOf(panels []panel, marks []*markTrack, th theme, ts *typesetter) chartOption {
	o := chartOption{
		Animation: true, AnimationDurationUpdate: tweenTime, AnimationEasingUpdate: "cubicInOut",
		BackgroundColor: css(th.background), TextStyle: axisWords(th),
	}
	for i := range panels {
		o.panel(i, &panels[i], th, ts)
	}
	o.zooms(panels)
	for i, m := range marks {
		z := zMarks + i
		switch m.Kind {
		case kindRaster:
			z = zRaster + i
		case kindLabel:
			z = zLabels + i
		}
		v := panels[m.Panel].View
		o.Series = append(o.Series, markOption{
			Type: types.ChartCustom, ID: fmt.Sprintf("m%d", i), Name: m.Name, RenderItem: "mark",
			Data:       [][2]float64{{coarse(axisValue(v.X.Min, v.LogX)), coarse(axisValue(v.Y.Min, v.LogY))}},
			XAxisIndex: m.Panel, YAxisIndex: m.Panel, Z: z, Silent: true,
		})
	}
	return o
}

// panel adds the grid, the axes and the zoom of one panel.
func (o *chartOption) panel(i int, pn *panel, th theme, ts *typesetter) {
	percent := func(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.4f", 100*v), "0") + "%" }
	o.Grid = append(o.Grid, opts.Grid{
		Left: percent(pn.At[0]), Top: percent(1 - pn.At[1] - pn.At[3]),
		Width: percent(pn.At[2]), Height: percent(pn.At[3]),
	})
	v := pn.View
	widest := 0.0
	for _, t := range v.YTicks {
		widest = max(widest, ts.wide(t.Label, textSize, false))
	}
	fr := pn.frame()
	below := tickGap + 1.55*textSize // from the axis down to the name's baseline
	if len(v.XTicks) > 0 {
		below += tickLength + capHeight*textSize
	}
	xGap := min(below, fr.y0-2-descent*textSize) - (0.5+midline)*textSize
	beside := min(tickLength+2*tickGap+widest+descent*textSize, fr.x0-2-capHeight*textSize)
	yGap := beside - (0.5-midline)*textSize
	o.XAxis = append(o.XAxis, axis(i, "x", pn.X, xGap, v.X, v.LogX, v.XTicks, v.Axes != NoAxes, v.Axes != NoAxes, th))
	o.YAxis = append(o.YAxis, axis(i, "y", pn.Y, yGap, v.Y, v.LogY, v.YTicks, v.Axes == LeftBottom, v.Axes != NoAxes, th))
}

// zooms adds the zoom of all panels: along x where there is an x axis, along y where there is a y axis, and
// together for the panels that share an axis.
func (o *chartOption) zooms(panels []panel) {
	add := func(indices []int, along func(z *zoomOption, indices []int)) {
		if len(indices) == 0 {
			return
		}
		z := zoomOption{DataZoom: opts.DataZoom{Type: "inside", FilterMode: "none"}, MinSpan: minSpan, ZoomOnMouseWheel: "ctrl", MoveOnMouseMove: true}
		along(&z, indices)
		o.DataZoom = append(o.DataZoom, z)
	}
	alongX := func(z *zoomOption, indices []int) { z.XAxisIndex = indices }
	alongY := func(z *zoomOption, indices []int) { z.YAxisIndex = indices }
	for i := range panels {
		add(together(panels, i, func(pn *panel) (string, bool) { return pn.ShareX, pn.View.Axes != NoAxes }), alongX)
		add(together(panels, i, func(pn *panel) (string, bool) { return pn.ShareY, pn.View.Axes == LeftBottom }), alongY)
	}
}

// together are the panels that zoom with panel i, if i is the first of them; else none.
func together(panels []panel, i int, axis func(pn *panel) (share string, zooms bool)) []int {
	share, zooms := axis(&panels[i])
	switch {
	case !zooms:
		return nil
	case share == "":
		return []int{i}
	}
	var group []int
	for k := range panels {
		if name, ok := axis(&panels[k]); ok && name == share {
			group = append(group, k)
		}
	}
	if group[0] != i {
		return nil
	}
	return group
}

// axisWords is the style of the words around a panel.
func axisWords(th theme) textStyle {
	return textStyle{FontFamily: fontStack, FontSize: textSize, LineHeight: textSize, Color: css(th.text)}
}

// axis is one axis of panel i. Without spine only its name is drawn; without show not even that.
func axis(i int, letter, name string, gap float64, w Interval, log bool, ticks []Tick, spine, show bool, th theme) axisOption {
	line := &opts.LineStyle{Color: css(th.spine), Width: spineWidth}
	a := axisOption{
		XAxis: opts.XAxis{
			Show: opts.Bool(show), Type: "value", GridIndex: i, Min: coarse(axisValue(w.Min, log)), Max: coarse(axisValue(w.Max, log)),
			AxisLine:  &opts.AxisLine{Show: opts.Bool(spine), OnZero: opts.Bool(false), LineStyle: line},
			SplitLine: &opts.SplitLine{Show: opts.Bool(false)},
		},
		ID: fmt.Sprintf("%s%d", letter, i), Z: zAxes,
	}
	if name != "" {
		a.Name, a.NameLocation, a.NameGap = name, "middle", int(gap+0.5)
		style := axisWords(th)
		a.NameTextStyle = &style
	}
	at := make([]float64, len(ticks))
	for k, t := range ticks {
		at[k] = coarse(axisValue(t.At, log))
	}
	shown := spine && len(ticks) > 0
	a.AxisTick = &tickMarks{AxisTick: opts.AxisTick{Show: opts.Bool(shown), LineStyle: line}, Length: tickLength, CustomValues: at}
	margin := tickLength + tickGap
	if letter == "x" {
		margin += capHeight*textSize - (0.5+midline)*textSize
	}
	a.AxisLabel = &tickWords{
		AxisLabel: opts.AxisLabel{
			Show: opts.Bool(shown), Margin: coarse(margin), Color: css(th.text), FontFamily: fontStack,
			ShowMinLabel: opts.Bool(true), ShowMaxLabel: opts.Bool(true), HideOverlap: opts.Bool(false),
		},
		FontSize: textSize, LineHeight: textSize, CustomValues: at,
	}
	return a
}

// wide is the width of a text in points; a rune that the font lacks is left to the browser's fonts.
func (ts *typesetter) wide(text string, size float64, bold bool) float64 {
	w, err := ts.width(text, size, bold)
	if err != nil {
		const letter = 0.6 // of an em, about
		return letter * size * float64(utf8.RuneCountInString(text))
	}
	return w
}
