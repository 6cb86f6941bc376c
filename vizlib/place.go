package vizlib

// places remembers where the names of a panel stood in the frame before, so that they keep still.
type places map[string]Point

// placeNames puts the name of each series beside it.
func (pn *panel) placeNames(ts *typesetter, before *places) error { return nil }
