package vizlib

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// A movie is one option and, frame by frame, what differs from the frame before: a curve that stays is
// written once. Marks are followed from frame to frame by their Key, or by their place among their like.

// figureData is all that the shell needs to show a picture.
type figureData struct {
	Size   [2]float64   `json:"size"`  // of the slide in points
	Paper  string       `json:"paper"` // the colours of the slide and of its words
	Ink    string       `json:"ink"`
	Follow bool         `json:"follow,omitempty"` // on a dark ground it takes the dark theme
	Option chartOption  `json:"option"`
	Panels []panelData  `json:"panels"`
	Marks  []*markTrack `json:"marks"`
	Frames []frameData  `json:"frames"`
	Tour   *tour        `json:"tour,omitempty"`
}

// panelData is a panel as the shell needs it for hovering and titles: pixels of the slide, axes as drawn.
type panelData struct {
	Left    float64    `json:"left"`
	Top     float64    `json:"top"`
	Width   float64    `json:"width"`
	Height  float64    `json:"height"`
	X       [2]float64 `json:"x"`
	Y       [2]float64 `json:"y"`
	LogX    bool       `json:"logX,omitempty"`
	LogY    bool       `json:"logY,omitempty"`
	XName   string     `json:"xName,omitempty"`
	XTicks  []tickData `json:"xTicks"`
	YTicks  []tickData `json:"yTicks"`
	TitleAt [2]float64 `json:"titleAt"` // left end of its baseline
	Legend  *legendBox `json:"legend,omitempty"`
}

type tickData struct {
	At    float64 `json:"at"`
	Label string  `json:"label"`
}

// markTrack is what a mark keeps over all frames.
type markTrack struct {
	Panel  int      `json:"panel"`
	Kind   markKind `json:"kind"`
	Name   string   `json:"name,omitempty"`
	Of     string   `json:"of,omitempty"` // the name that hides it
	Unit   string   `json:"unit,omitempty"`
	Still  bool     `json:"still,omitempty"`
	Listed bool     `json:"listed,omitempty"` // has a button that hides it
	id     trackID
}

// frameData is the difference to the frame before. A mark that leaves is null.
type frameData struct {
	Hold   int64             `json:"hold"` // ms
	Words  *headline         `json:"words,omitempty"`
	Panels []json.RawMessage `json:"panels,omitempty"` // [panel, title]
	Marks  []json.RawMessage `json:"marks,omitempty"`  // [mark, fields that changed] or [mark, null]
}

// headline is what stands on top of a slide, with the sizes that fit.
type headline struct {
	Title   string  `json:"title"`
	Caption string  `json:"caption"`
	Numbers string  `json:"numbers"`
	Size    float64 `json:"size"`  // of the title
	Size2   float64 `json:"size2"` // of the second line
	Left    float64 `json:"left"`
	Right   float64 `json:"right"`
	Base    float64 `json:"base"` // of the title's letters, from above
	Base2   float64 `json:"base2"`
}

// figureOf packs the scenes of a picture; a still picture has one.
func figureOf(r reel, th theme, ts *typesetter) (figureData, error) {
	var d figureData
	panels := steadyPanels(r.Scenes)
	tracks, states, err := follow(r.Scenes, panels, th)
	if err != nil {
		return d, err
	}
	d.Marks, d.Tour = tracks, r.tour
	d.Option = chartOf(panels, tracks, th, ts)
	wide, high := r.Scenes[0].on.size()
	d.Size, d.Paper, d.Ink = [2]float64{coarse(wide), coarse(high)}, css(th.background), css(th.text)
	for i := range panels {
		pn := panelOf(&panels[i])
		pn.Legend = legendOf(r.Scenes, i, th, ts)
		d.Panels = append(d.Panels, pn)
	}
	before := make([]map[string]json.RawMessage, len(tracks))
	var words headline
	titles := make([]string, len(panels))
	for f, s := range r.Scenes {
		frame := frameData{Hold: r.Holds[f].Milliseconds()}
		if w := headlineOf(s, ts); f == 0 || w != words {
			frame.Words, words = &w, w
		}
		for i := range panels {
			if t := s.Panels[i].Title; t != titles[i] {
				titles[i] = t
				frame.Panels = append(frame.Panels, pair(i, mustJSON(t)))
			}
		}
		for i := range tracks {
			now := fields(states[f][i])
			if diff := difference(before[i], now); diff != nil {
				frame.Marks = append(frame.Marks, pair(i, diff))
			}
			before[i] = now
		}
		d.Frames = append(d.Frames, frame)
	}
	return d, nil
}

// steadyPanels is one place and one pair of axes for each panel of a movie: the smallest box, which no frame's words
// cover, and of ticks that a figure sets frame by frame those that reach farthest.
func steadyPanels(scenes []scene) []panel {
	panels := make([]panel, len(scenes[0].Panels))
	copy(panels, scenes[0].Panels)
	for _, s := range scenes[1:] {
		for i := range panels {
			if s.Panels[i].At[3] < panels[i].At[3] {
				panels[i].At = s.Panels[i].At
			}
			v, w := &panels[i].View, s.Panels[i].View
			v.XTicks, v.YTicks = farther(v.XTicks, w.XTicks), farther(v.YTicks, w.YTicks)
		}
	}
	return panels
}

// farther is the one of two sets of ticks with more room between its ends; a if they are equal.
func farther(a, b []Tick) []Tick {
	room := func(ticks []Tick) float64 {
		if len(ticks) == 0 {
			return -1
		}
		low, high := ticks[0].At, ticks[0].At
		for _, t := range ticks {
			low, high = min(low, t.At), max(high, t.At)
		}
		return high - low
	}
	if room(b) > room(a) {
		return b
	}
	return a
}

func panelOf(pn *panel) panelData {
	fr, v := pn.frame(), pn.View
	ticks := func(ts []Tick, log bool) []tickData {
		out := make([]tickData, len(ts))
		for i, t := range ts {
			out[i] = tickData{coarse(axisValue(t.At, log)), t.Label}
		}
		return out
	}
	window := func(w Interval, log bool) [2]float64 {
		return [2]float64{coarse(axisValue(w.Min, log)), coarse(axisValue(w.Max, log))}
	}
	return panelData{
		Left: coarse(fr.x0), Top: coarse(fr.high - fr.y1), Width: coarse(fr.x1 - fr.x0), Height: coarse(fr.y1 - fr.y0),
		X: window(v.X, v.LogX), Y: window(v.Y, v.LogY), LogX: v.LogX, LogY: v.LogY,
		XName: pn.X, XTicks: ticks(v.XTicks, v.LogX), YTicks: ticks(v.YTicks, v.LogY),
		TitleAt: [2]float64{coarse(fr.x0 + noteInset), coarse(fr.high - fr.y1 + noteInset + capHeight*panelSize)},
	}
}

// headlineOf fits the words on top as the static pictures do.
func headlineOf(s scene, ts *typesetter) headline {
	left, right := 0.05, 0.95
	for _, pn := range s.Panels {
		left, right = min(left, pn.At[0]), max(right, pn.At[0]+pn.At[2])
	}
	wide, high := s.on.size()
	left, right = left*wide, right*wide
	small := min(1, high/smallSheet)
	room := right - left
	need := ts.wide(s.Caption, captionSize, true) + ts.wide(s.Numbers, captionSize, false)
	if s.Caption != "" && s.Numbers != "" {
		need += 2 * captionSize
	}
	fit := func(size, need float64) float64 { return coarse(small * size * min(1, room/max(small*need, 1))) }
	return headline{
		Title: s.Title, Caption: s.Caption, Numbers: s.Numbers, Left: coarse(left), Right: coarse(wide - right),
		Base: coarse((1 - titleLine) * high), Base2: coarse((1 - captionLine) * high),
		Size: fit(titleSize, ts.wide(s.Title, titleSize, true)), Size2: fit(captionSize, need),
	}
}

// fields is a state by the names of its JSON fields; nil of nil.
func fields(s *markState) map[string]json.RawMessage {
	if s == nil {
		return nil
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(mustJSON(s), &m); err != nil {
		panic(fmt.Sprintf("vizlib: a mark's state is no JSON object: %v", err))
	}
	return m
}

// difference is what turns one state into the next: nil for nothing, null where the mark leaves.
func difference(before, now map[string]json.RawMessage) json.RawMessage {
	null := json.RawMessage("null")
	switch {
	case before == nil && now == nil:
		return nil
	case now == nil:
		return null
	}
	diff := map[string]json.RawMessage{}
	for k, v := range now {
		if !bytes.Equal(before[k], v) {
			diff[k] = v
		}
	}
	for k := range before {
		if _, ok := now[k]; !ok {
			diff[k] = null
		}
	}
	if len(diff) == 0 && before != nil {
		return nil
	}
	return mustJSON(diff)
}

func pair(i int, v json.RawMessage) json.RawMessage {
	return json.RawMessage(fmt.Sprintf("[%d,%s]", i, v))
}

// mustJSON marshals what is made of this package's own plain types.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("vizlib: %v does not fit JSON: %v", reflect.TypeOf(v), err))
	}
	return b
}

// reelOf lays out any picture as a reel; a still picture has one scene.
func reelOf(p Picture, on sheet) (reel, error) {
	if e, ok := explorerOf(p); ok {
		return e.reel(on)
	}
	if m, ok := movieOf(p); ok {
		return layoutMovieOn(m, on)
	}
	s, err := layoutOn(p, on)
	if err != nil {
		return reel{}, err
	}
	return reel{Scenes: []scene{s}, Holds: []time.Duration{0}, Alt: s.Alt}, nil
}
