package vizlib

// Marks are followed from frame to frame, so that one that moves can tween and one that stays is written once.

// trackID says which mark of which frame is the same mark.
type trackID struct {
	panel int
	kind  markKind
	key   string
	ink   Ink // of a mark without a key
	nth   int // among its like
}

// follow finds the marks of all frames and the state of each in each; nil where a frame lacks it.
func follow(scenes []scene, panels []panel, th theme) ([]*markTrack, [][]*markState, error) {
	var tracks []*markTrack
	found := map[trackID]*markTrack{}
	byFrame := make([]map[trackID]*markState, len(scenes))
	for f, s := range scenes {
		byFrame[f] = map[trackID]*markState{}
		last := -1 // where in tracks the shape before stands
		for p := range s.Panels {
			count := map[trackID]int{}
			for _, shape := range s.Panels[p].Shapes {
				pn := panel{on: panels[p].on, At: panels[p].At, View: panels[p].View}
				kind, state, err := stateOf(shape, &pn, th)
				if err != nil {
					return nil, nil, err
				}
				base := shape.base()
				id := trackID{panel: p, kind: kind, key: base.Key}
				if base.Key == "" {
					id.key, id.ink = "name:"+base.Name, base.Style.Ink
				}
				id.nth = count[id]
				count[trackID{panel: id.panel, kind: id.kind, key: id.key, ink: id.ink}]++
				t := found[id]
				if t == nil {
					t = &markTrack{Panel: p, Kind: kind, Name: base.Name, Of: ownerOf(base), Unit: base.Unit, Still: base.Still, id: id}
					t.Listed = base.Name != "" && kind != kindLabel && panels[p].View.Legend != NoLegend
					found[id] = t
					tracks = append(tracks, nil)
					copy(tracks[last+2:], tracks[last+1:])
					tracks[last+1] = t
				}
				last = place(tracks, t)
				byFrame[f][id] = &state
			}
		}
	}
	states := make([][]*markState, len(scenes))
	for f := range scenes {
		states[f] = make([]*markState, len(tracks))
		for i, t := range tracks {
			states[f][i] = byFrame[f][t.id]
		}
	}
	return tracks, states, nil
}

// ownerOf is the name under which a shape is hidden.
func ownerOf(c *Common) string {
	if c.of != "" {
		return c.of
	}
	return c.Name
}

// place is where t stands.
func place(tracks []*markTrack, t *markTrack) int {
	for i := range tracks {
		if tracks[i] == t {
			return i
		}
	}
	return -1
}
