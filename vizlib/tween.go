package vizlib

import (
	"fmt"
	"math"
	"time"
)

// Between two frames of a film marks glide: the shapes of the earlier scene move to those of the later one that
// have the same key, or else the same place among their like. Step lines, words and numbers never glide.

// The defaults of Output.Ease, and how far apart in time the pictures of a glide are.
const (
	filmEase = 320 * time.Millisecond
	filmStep = 40 * time.Millisecond
	gifStep  = 50 * time.Millisecond
)

// glide is the reel with pictures between its scenes. They take their time from the hold of the later scene, at most
// half of it, so that the whole lasts as long as before.
func glide(r reel, ease, step time.Duration) ([]scene, []time.Duration) {
	var scenes []scene
	var holds []time.Duration
	for i, s := range r.Scenes {
		hold := r.Holds[i]
		if i > 0 {
			n := int(min(ease, hold/2) / step)
			for k := 1; k <= n; k++ {
				u := float64(k) / float64(n+1)
				scenes = append(scenes, tween(r.Scenes[i-1], s, u*u*(3-2*u)))
				holds = append(holds, step)
			}
			hold -= time.Duration(max(n, 0)) * step
		}
		scenes, holds = append(scenes, s), append(holds, hold)
	}
	return scenes, holds
}

// tween is the scene at share t of the way from a to b, with the words of b.
func tween(a, b scene, t float64) scene {
	out := b
	out.Panels = make([]panel, len(b.Panels))
	for i, pn := range b.Panels {
		if i < len(a.Panels) {
			earlier := identities(a.Panels[i].Shapes)
			later := identities(pn.Shapes)
			shapes := make([]Shape, len(pn.Shapes))
			for k, s := range pn.Shapes {
				shapes[k] = between(earlier.shape[later.id[k]], s, t)
			}
			pn.Shapes = shapes
		}
		out.Panels[i] = pn
	}
	return out
}

// identified are shapes and how each is called in every frame.
type identified struct {
	id    []string
	shape map[string]Shape
}

func identities(shapes []Shape) identified {
	ids := identified{shape: map[string]Shape{}}
	counts := map[string]int{}
	for _, s := range shapes {
		kind := fmt.Sprintf("%T", s)
		id := kind + "/" + s.base().Key
		if s.base().Key == "" {
			id = fmt.Sprintf("%s#%d", kind, counts[kind])
			counts[kind]++
		}
		ids.id = append(ids.id, id)
		ids.shape[id] = s
	}
	return ids
}

// between is a shape at share t of the way; b where there is nothing to move from.
func between(a, b Shape, t float64) Shape {
	if a == nil || a.base().Still || b.base().Still {
		return b
	}
	mid := func(p, q Point) Point { return Point{p.X + t*(q.X-p.X), p.Y + t*(q.Y-p.Y)} }
	switch b := b.(type) {
	case *Path:
		a := a.(*Path)
		if len(a.Lines) != len(b.Lines) || a.Closed != b.Closed {
			return b
		}
		out := *b
		out.Lines = make([][]Point, len(b.Lines))
		for i, to := range b.Lines {
			from := resampled(a.Lines[i], len(to))
			if len(from) != len(to) {
				return b
			}
			line := make([]Point, len(to))
			for k := range to {
				line[k] = mid(from[k], to[k])
			}
			out.Lines[i] = line
		}
		out.Style.Fill = a.Style.Fill + t*(b.Style.Fill-a.Style.Fill)
		if a.Style.Width > 0 && b.Style.Width > 0 {
			out.Style.Width = a.Style.Width + t*(b.Style.Width-a.Style.Width)
		}
		return &out
	case *Points:
		a := a.(*Points)
		if len(a.At) != len(b.At) {
			return b
		}
		out := *b
		out.At = make([]Point, len(b.At))
		for k := range b.At {
			out.At[k] = mid(a.At[k], b.At[k])
		}
		if len(a.Shade) == len(b.Shade) {
			out.Shade = make([]float64, len(b.Shade))
			for k := range b.Shade {
				out.Shade[k] = a.Shade[k] + t*(b.Shade[k]-a.Shade[k])
			}
		}
		return &out
	case *Arrow:
		a := a.(*Arrow)
		out := *b
		out.From, out.To = mid(a.From, b.From), mid(a.To, b.To)
		return &out
	case *Label:
		a := a.(*Label)
		if a.Text != b.Text {
			return b
		}
		out := *b
		out.At = mid(a.At, b.At)
		return &out
	}
	return b
}

// resampled is a line with n points, evenly along its list of points: what is sampled from left to right stays so.
func resampled(l []Point, n int) []Point {
	if len(l) == n || len(l) == 0 {
		return l
	}
	out := make([]Point, n)
	for k := range out {
		u := float64(k) / float64(max(n-1, 1)) * float64(len(l)-1)
		i := min(int(u), len(l)-1)
		j := min(i+1, len(l)-1)
		f := u - math.Floor(u)
		out[k] = Point{l[i].X + f*(l[j].X-l[i].X), l[i].Y + f*(l[j].Y-l[i].Y)}
	}
	return out
}
