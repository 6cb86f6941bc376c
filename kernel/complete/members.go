package complete

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"

	"elboroom/kernel/cell"
)

// members lists what can follow a dot.
func (c *Completer) members(ctx context.Context, m *cell.Memory, text string, at, start int) []Match {
	ch := c.check(ctx, m.Sketch(text[:start]+hole+text[at:], start+len(hole), ""))
	sel := ch.selector()
	if sel == nil {
		return nil
	}
	if id, ok := sel.X.(*ast.Ident); ok {
		if p, ok := ch.info.Uses[id].(*types.PkgName); ok {
			var list []Match
			scope := p.Imported().Scope()
			for _, n := range scope.Names() {
				if token.IsExported(n) {
					list = append(list, match(scope.Lookup(n)))
				}
			}
			return list
		}
	}
	t := ch.info.Types[sel.X].Type
	if t == nil {
		return nil
	}
	return typeMembers(t, ch.pkg)
}

// typeMembers lists fields and methods, promoted ones included.
func typeMembers(t types.Type, from *types.Package) []Match {
	var list []Match
	base := t
	if p, ok := t.Underlying().(*types.Pointer); ok {
		base = p.Elem()
	} else if !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		if o := set.At(i).Obj(); o.Exported() || o.Pkg() == from {
			list = append(list, match(o))
		}
	}
	seen := map[types.Type]bool{}
	var fields func(t types.Type)
	fields = func(t types.Type) {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok || seen[t] {
			return
		}
		seen[t] = true
		for f := range s.Fields() {
			if f.Exported() || f.Pkg() == from {
				list = append(list, match(f))
			}
			if f.Embedded() {
				fields(f.Type())
			}
		}
	}
	fields(base)
	return list
}

// match describes an object.
func match(o types.Object) Match {
	out := Match{Text: o.Name(), Signature: types.ObjectString(o, (*types.Package).Name)}
	switch o := o.(type) {
	case *types.Func, *types.Builtin:
		out.Type = "function"
	case *types.TypeName:
		out.Type = "type"
	case *types.Const:
		out.Type = "constant"
	case *types.PkgName:
		out.Type = "module"
	case *types.Var:
		out.Type = "variable"
		if o.IsField() {
			out.Type = "field"
		}
	}
	return out
}
