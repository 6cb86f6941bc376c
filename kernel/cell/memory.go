package cell

import (
	"cmp"
	"go/ast"
	"maps"
	"slices"
	"strings"
)

// Memory is what earlier cells declared. The zero value is empty. It is not changed but by Keep, Forget and Reset.
type Memory struct {
	decls    []*Decl
	texts    map[string]Cell   // number and lines, by file name, of every text that an error could point to
	packages map[string]string // package names by import path, where they are known
}

// Decls lists what is remembered, in the order in which it was first declared.
func (m *Memory) Decls() []*Decl { return slices.Clone(m.decls) }

// Clone is a copy that stays as it is.
func (m *Memory) Clone() Memory {
	return Memory{slices.Clone(m.decls), maps.Clone(m.texts), maps.Clone(m.packages)}
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

// Names of imports and declarations that completion offers without looking into anything.
func (m *Memory) Names() []string {
	var names []string
	for _, d := range m.decls {
		names = append(names, m.names(d)...)
	}
	return names
}

// with is the memory's declarations after those of c have displaced what they redefine. Each stands where the first
// of it stood, else at the end. What is stale is left out.
func (m *Memory) with(c *Cell, stale []*Decl) []*Decl {
	list := slices.Clone(m.decls)
	for _, d := range c.decls {
		var at int
		list, at = edit(list, func(old *Decl) *Decl {
			switch {
			case slices.Contains(c.decls, old): // the compiler objects to two of a kind in one cell
				return old
			case old.Kind == d.Kind && old.Key == d.Key:
				return nil
			case d.Kind == Method || d.Kind == Type && old.Kind == Method:
				return old
			}
			return m.without(old, m.names(d))
		})
		if at < 0 {
			at = len(list)
		}
		list = slices.Insert(list, at, d)
	}
	return slices.DeleteFunc(list, func(d *Decl) bool { return slices.Contains(stale, d) })
}

// edit replaces each declaration by what f makes of it, nothing for nil. first is where it first did, or −1.
func edit(list []*Decl, f func(*Decl) *Decl) (out []*Decl, first int) {
	first = -1
	for _, old := range list {
		d := f(old)
		if d != old && first < 0 {
			first = len(out)
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
	var ids []*ast.Ident
	for _, spec := range s.file.Decls[0].(*ast.GenDecl).Specs {
		for _, id := range spec.(*ast.ValueSpec).Names {
			if gone(id.Name) {
				ids = append(ids, id)
			}
		}
	}
	s, _ = parse(s.rename("_", ids...))
	return newDecl(s, d.Cell, d.File, d.Line)
}

// Keep remembers the declarations of a cell that has compiled, without those that Compose found to be stale.
func (m *Memory) Keep(c *Cell, stale []*Decl) {
	m.decls = m.with(c, stale)
	m.Note(c)
}

// Note remembers the text of a cell, so that errors can show its lines, and forgets texts that nothing comes from.
func (m *Memory) Note(c *Cell) {
	if m.texts == nil {
		m.texts = map[string]Cell{}
	}
	if len(m.texts) >= 2*len(m.decls)+64 {
		live := map[string]bool{}
		for _, d := range m.decls {
			live[d.File] = true
		}
		maps.DeleteFunc(m.texts, func(file string, _ Cell) bool { return !live[file] })
	}
	m.texts[c.File] = Cell{Number: c.Number, Lines: c.Lines}
}

// Forget drops declarations by key, by name, or all methods of a type by "T.*". It returns those that nothing matched.
func (m *Memory) Forget(keys ...string) (unknown []string) {
	for _, k := range keys {
		k = strings.ReplaceAll(k, "~", ".") // GoNB's way to write a method
		var at int
		m.decls, at = edit(m.decls, func(d *Decl) *Decl {
			if d.Key == k || d.Kind == Import && d.Path == k || d.Kind == Method && d.Names[0]+".*" == k {
				return nil
			}
			return m.without(d, []string{k})
		})
		if at < 0 {
			unknown = append(unknown, k)
		}
	}
	return unknown
}

// Reset forgets everything but the names of packages.
func (m *Memory) Reset() { m.decls, m.texts = nil, nil }
