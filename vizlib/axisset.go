package vizlib

// axisSet gathers the windows along one direction; cells that share a name share a window.
type axisSet struct {
	group  []int // of each cell: the first cell of its group
	named  map[string]int
	fixed  []Interval
	wanted []Interval
	zero   []bool    // an automatic window that begins or ends at exactly 0 keeps it
	head   []float64 // share of the window kept free at its upper end
}

func newAxisSet(n int) axisSet {
	s := axisSet{group: make([]int, n), named: map[string]int{}, fixed: make([]Interval, n), wanted: make([]Interval, n), head: make([]float64, n), zero: make([]bool, n)}
	for i := range n {
		s.group[i], s.fixed[i], s.wanted[i] = i, none, none
	}
	return s
}

func (s axisSet) name(i int, name string) {
	if name == "" {
		return
	}
	if first, ok := s.named[name]; ok {
		s.group[i] = first
		return
	}
	s.named[name] = i
}

func (s axisSet) set(i int, axis string, w Interval, log bool) error {
	if !w.isSet() {
		return nil
	}
	g := s.group[i]
	s.fixed[g] = s.fixed[g].union(w)
	return w.check(axis, log)
}

func (s axisSet) want(i int, w Interval) {
	g := s.group[i]
	s.wanted[g] = s.wanted[g].add(w.Min).add(w.Max)
}

func (s axisSet) isFixed(i int) bool { return !s.fixed[s.group[i]].isNone() }

func (s axisSet) window(i int, log, keepZero bool) (Interval, bool) {
	g := s.group[i]
	if !s.fixed[g].isNone() {
		return s.fixed[g], true
	}
	if s.wanted[g].isNone() || log && s.wanted[g].Max <= 0 {
		return Interval{}, false
	}
	w := s.wanted[g].widened(log, keepZero)
	if s.head[g] > 0 {
		w.Max = at(w, log, 1/(1-s.head[g]))
	}
	return w, true
}

// addHeadroom keeps room for what is written at the top of cell i: its title, caption and numbers.
func (s axisSet) addHeadroom(i int, pages []page) {
	if pages[0].single {
		return
	}
	const most = 0.5
	lines := 0.0
	for _, p := range pages {
		f := p.cells[i].Figure
		title, note := 0.0, 0.0
		if f.Title != "" {
			title = panelSize * noteLine
		}
		if f.Caption != "" {
			note = textSize * noteLine
		} else if f.Numbers != "" && title == 0 {
			title = textSize * noteLine
		}
		lines = max(lines, title+note)
	}
	_, high := pages[0].on.size()
	g := s.group[i]
	s.head[g] = min(max(s.head[g], lines/(pages[0].cells[i].At[3]*high)), most)
}

// spread applies do to the other cells of i's group.
func (s axisSet) spread(i int, views []View, do func(v *View)) {
	for k := range views {
		if k != i && s.group[k] == s.group[i] {
			do(&views[k])
		}
	}
}
