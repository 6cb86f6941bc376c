package vizlib

import "strings"

// words says in one or two sentences what a scene shows, for who cannot see it.
func (s scene) words() string {
	var out []string
	for _, t := range []string{s.Title, s.Caption, s.Numbers} {
		if t != "" {
			out = append(out, t)
		}
	}
	var panels []string
	for _, pn := range s.Panels {
		if w := pn.words(); w != "" {
			panels = append(panels, w)
		}
	}
	switch len(panels) {
	case 0:
	case 1:
		out = append(out, panels[0])
	default:
		out = append(out, "Panels: "+strings.Join(panels, "; "))
	}
	if len(out) == 0 {
		return "A figure without words."
	}
	return strings.Join(out, ". ") + "."
}

// words names what a panel shows: its title, its series, its axes.
func (pn panel) words() string {
	var names []string
	seen := map[string]bool{}
	for _, s := range pn.Shapes {
		if n := s.base().Name; n != "" && !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
	}
	w := pn.Title
	if len(names) > 0 {
		if w != "" {
			w += ": "
		}
		w += strings.Join(names, ", ")
	}
	if pn.X != "" {
		w += " against " + pn.X
	}
	if pn.Y != "" {
		w += ", in " + pn.Y
	}
	return strings.TrimSpace(strings.TrimPrefix(w, ", "))
}

// movieWords says what a movie shows: its first and last frame.
func movieWords(scenes []scene) string {
	first, last := scenes[0], scenes[len(scenes)-1]
	if len(scenes) == 1 {
		return first.Alt
	}
	return "A movie of " + plain(float64(len(scenes))) + " frames. It begins with: " + first.Alt + " It ends with: " + last.Alt
}

// alt is the words of a picture; of one that cannot be drawn, the reason.
func alt(p Picture) string {
	if m, ok := movieOf(p); ok {
		r, err := layoutMovie(m)
		if err != nil {
			return "This picture could not be drawn: " + err.Error() + "."
		}
		return r.Alt
	}
	s, err := layout(p)
	if err != nil {
		return "This picture could not be drawn: " + err.Error() + "."
	}
	return s.Alt
}
