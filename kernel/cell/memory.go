package cell

import (
	"maps"
	"slices"
	"strings"
)

// Memory is what earlier cells declared. The zero value is empty. It is not changed but by Keep, Forget and Reset.
type Memory struct {
	decls []*Decl
	texts map[string]origin // by file name, of every text that an error could point to
	names map[string]string // package names by import path, where they are known
}

// origin is a cell as last run.
type origin struct {
	cell  int
	lines []string
}

// Decls lists what is remembered, in the order in which it was first declared.
func (m *Memory) Decls() []*Decl { return slices.Clone(m.decls) }

// Clone is a copy that stays as it is.
func (m *Memory) Clone() Memory {
	return Memory{slices.Clone(m.decls), maps.Clone(m.texts), maps.Clone(m.names)}
}

// Learn records the real names of packages.
func (m *Memory) Learn(names map[string]string) {
	if m.names == nil {
		m.names = map[string]string{}
	}
	for path, name := range names {
		m.names[path] = name
	}
}

// name is the name under which an import is used.
func (m *Memory) name(d *Decl) string {
	if d.Alias != "" {
		return d.Alias
	}
	if n := m.names[d.Path]; n != "" {
		return n
	}
	return GuessName(d.Path)
}

// with is the memory's declarations after those of c have replaced what they redefine.
func (m *Memory) with(c *Cell) []*Decl {
	list := slices.Clone(m.decls)
	for _, d := range c.decls {
		if d.Kind == Func && d.Key == "main" {
			continue
		}
		list = m.replace(list, d, c)
	}
	return list
}

// replace puts d into the list: in the place of what had its key, else at the end.
func (m *Memory) replace(list []*Decl, d *Decl, c *Cell) []*Decl {
	at := -1
	out := make([]*Decl, 0, len(list)+1)
	for _, old := range list {
		switch {
		case slices.Contains(c.decls, old): // the compiler objects to two of a kind in one cell
		case old.Kind == d.Kind && old.Key == d.Key, d.Kind == Import && old.Kind == Import && old.Path == d.Path && m.name(old) == m.name(d):
			if at < 0 {
				at = len(out)
			}
			continue
		case d.Kind == Import && d.Alias != "_" && d.Alias != ".":
			if old = old.without([]string{m.name(d)}); old == nil {
				continue
			}
		case d.Kind != Import && d.Kind != Method:
			if old.Kind == Import && slices.Contains(d.Names, m.name(old)) {
				continue
			}
			if old.Kind == Method && d.Kind != Type && slices.Contains(d.Names, old.owner()) {
				continue
			}
			if old.Kind != Import && old.Kind != Method {
				if old = old.without(d.Names); old == nil {
					if at < 0 {
						at = len(out)
					}
					continue
				}
			}
		}
		out = append(out, old)
	}
	if at < 0 {
		at = len(out)
	}
	return slices.Insert(out, at, d)
}

// without is d with some of its names made blank, or nil when no name is left.
func (d *Decl) without(names []string) *Decl {
	if d.Kind == Import || d.Kind == Method {
		return d
	}
	out := *d
	out.Names, out.offs = slices.Clone(d.Names), slices.Clone(d.offs)
	left, changed := 0, false
	for i, n := range out.Names {
		if !slices.Contains(names, n) || n == "_" {
			if n != "_" {
				left++
			}
			continue
		}
		changed = true
		cut := len(n) - 1
		out.Text = out.Text[:out.offs[i]] + "_" + out.Text[out.offs[i]+len(n):]
		out.Names[i] = "_"
		for j := range out.offs {
			if out.offs[j] > out.offs[i] {
				out.offs[j] -= cut
			}
		}
	}
	switch {
	case !changed:
		return d
	case left == 0:
		return nil
	}
	out.Key = strings.Join(out.Names, ", ")
	return &out
}

// Keep remembers the declarations of a cell that has compiled, without those that Compose found to be stale.
func (m *Memory) Keep(c *Cell, stale []*Decl) {
	m.decls = slices.DeleteFunc(m.with(c), func(d *Decl) bool { return slices.Contains(stale, d) })
	m.Note(c)
}

// Note remembers the text of a cell, so that errors can show its lines, and forgets texts that nothing comes from.
func (m *Memory) Note(c *Cell) {
	if m.texts == nil {
		m.texts = map[string]origin{}
	}
	m.texts[c.File] = origin{c.Number, c.Lines}
	if len(m.texts) < 2*len(m.decls)+64 {
		return
	}
	live := map[string]bool{c.File: true}
	for _, d := range m.decls {
		live[d.File] = true
	}
	for f := range m.texts {
		if !live[f] {
			delete(m.texts, f)
		}
	}
}

// Forget drops declarations by key, by name, or all methods of a type by "T.*". It returns those that nothing matched.
func (m *Memory) Forget(keys ...string) (unknown []string) {
	for _, k := range keys {
		k = strings.ReplaceAll(k, "~", ".") // GoNB's way to write a method
		n := len(m.decls)
		changed := false
		var out []*Decl
		for _, d := range m.decls {
			owner := d.owner()
			switch {
			case d.Key == k, d.Kind == Import && (m.name(d) == k || d.Path == k), d.Kind == Method && (k == owner+".*" || k == owner):
				continue
			}
			if rest := d.without([]string{k}); rest == nil {
				continue
			} else if rest != d {
				changed = true
				d = rest
			}
			out = append(out, d)
		}
		m.decls = out
		if len(out) == n && !changed {
			unknown = append(unknown, k)
		}
	}
	return unknown
}

// Reset forgets everything but the names of packages.
func (m *Memory) Reset() { m.decls, m.texts = nil, nil }
