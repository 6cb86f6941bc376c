package cell

import (
	"cmp"
	"go/ast"
	"maps"
	"slices"
	"strings"
)

// Memory is what earlier cells declared. The zero value is empty. Declarations come and go by Keep, Forget and Reset.
type Memory struct {
	decls    []*Decl
	current  *Cell             // whose errors may come
	packages map[string]string // package names by import path, where they are known
	locals   map[string]int    // what ended with its cell, and the cell
}

// Decls lists what is remembered, in the order in which it was first declared.
func (m *Memory) Decls() []*Decl { return slices.Clone(m.decls) }

// Clone is a copy that stays as it is.
func (m *Memory) Clone() Memory {
	return Memory{decls: slices.Clone(m.decls), packages: maps.Clone(m.packages)}
}

// Learn records the real names of packages.
func (m *Memory) Learn(names map[string]string) {
	if m.packages == nil {
		m.packages = map[string]string{}
	}
	maps.Copy(m.packages, names)
}

// names are those under which d is used; a method comes with its type.
func (m *Memory) names(d *Decl) []string {
	switch {
	case d.Kind != Import:
		return d.Names
	case d.named():
		return []string{cmp.Or(d.Alias, m.packages[d.Path], GuessName(d.Path))}
	}
	return nil
}

// with is the memory's declarations after those of c have displaced what they redefine. Each stands where the first
// of it stood, else at the end. What is stale is left out.
func (m *Memory) with(c *Cell, stale []*Decl) []*Decl {
	list := slices.Clone(m.decls)
	for _, d := range c.decls {
		var at int
		list, at = edit(list, func(old *Decl) *Decl {
			switch {
			case old.from == c && (d.Kind != Import || old.Key != d.Key || old.Path != d.Path): // the compiler objects to two of a kind
				return old
			case old.Kind == d.Kind && old.Key == d.Key:
				return nil
			case d.Kind == Method || d.Kind == Type && old.Kind == Method:
				return old
			}
			return m.without(old, m.names(d))
		})
		list = slices.Insert(list, at, d)
	}
	return slices.DeleteFunc(list, func(d *Decl) bool { return slices.Contains(stale, d) })
}

// edit replaces each declaration by what f makes of it, nothing for nil. first is where it first did, or the end.
func edit(list []*Decl, f func(*Decl) *Decl) (out []*Decl, first int) {
	first = len(list)
	for _, old := range list {
		d := f(old)
		if d != old {
			first = min(first, len(out))
		}
		if d != nil {
			out = append(out, d)
		}
	}
	return out, first
}

// without is d after these names have got another meaning: with "_" in their place, or nil when no name is left.
func (m *Memory) without(d *Decl, names []string) *Decl {
	gone := func(n string) bool { return n != "_" && slices.Contains(names, n) }
	defined := m.names(d)
	switch {
	case !slices.ContainsFunc(defined, gone):
		return d
	case !slices.ContainsFunc(defined, func(n string) bool { return n != "_" && !gone(n) }):
		return nil
	}
	s, _ := parse(d.Text) // as it was parsed before
	text := d.Text
	for _, spec := range slices.Backward(s.file.Decls[0].(*ast.GenDecl).Specs) {
		for _, id := range slices.Backward(spec.(*ast.ValueSpec).Names) {
			if gone(id.Name) {
				at := s.offset(id.Pos())
				text = text[:at] + "_" + text[at+len(id.Name):]
			}
		}
	}
	s, _ = parse(text)
	return newDecl(s, d.from, d.Line)
}

// Keep remembers the declarations of a cell that has compiled, without those that Compose found to be stale.
func (m *Memory) Keep(c *Cell, stale []*Decl) {
	m.decls = m.with(c, stale)
	m.Note(c)
	if m.locals == nil {
		m.locals = map[string]int{}
	}
	for _, n := range c.locals {
		m.locals[n] = c.Number
	}
}

// Note remembers a cell until the next comes, so that errors can show its lines, beside those of what is remembered.
func (m *Memory) Note(c *Cell) { m.current = c }

// Forget drops declarations by key, by name, an import by its path, or all methods of a type by "T.*". It returns those
// that nothing matched.
func (m *Memory) Forget(keys ...string) (unknown []string) {
	for _, k := range keys {
		k = strings.ReplaceAll(k, "~", ".") // GoNB's way to write a method
		list, at := edit(m.decls, func(d *Decl) *Decl {
			if d.Key == k || d.Kind == Import && (d.Path == k || d.Alias == k) || d.Kind == Method && d.Names[0]+".*" == k {
				return nil
			}
			return m.without(d, []string{k})
		})
		if at == len(m.decls) {
			unknown = append(unknown, k)
		}
		m.decls = list
	}
	return unknown
}

// Reset forgets everything but the names of packages.
func (m *Memory) Reset() { m.decls, m.current, m.locals = nil, nil, nil }
