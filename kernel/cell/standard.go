package cell

import (
	_ "embed"
	"path"
	"slices"
	"strings"
)

// standardList is the importable part of `go list std`, a path a line. Most names belong to one path; the others
// are told apart below.
//
//go:embed standard.txt
var standardList string

// Standard is the path of the standard package that a program means by a name it has not imported, given what it
// selects from it; "" where there is none.
func Standard(name string, selected []string) string {
	any := func(names ...string) bool {
		return slices.ContainsFunc(selected, func(s string) bool { return slices.Contains(names, s) })
	}
	switch name {
	case "rand":
		switch {
		case any("Reader", "Prime", "Text"):
			return "crypto/rand"
		case any("Seed", "Intn", "Int31", "Int31n", "Int63", "Int63n", "NewSource", "Read"):
			return "math/rand"
		}
		return "math/rand/v2"
	case "template":
		if any("HTML", "JS", "CSS", "URL") {
			return "html/template"
		}
		return "text/template"
	case "pprof":
		if any("Handler", "Index", "Cmdline") {
			return "net/http/pprof"
		}
		return "runtime/pprof"
	case "scanner":
		if any("ErrorList", "ErrorHandler") {
			return "go/scanner"
		}
		return "text/scanner"
	case "json":
		return "encoding/json"
	}
	for p := range strings.Lines(standardList) {
		if p = strings.TrimSpace(p); path.Base(p) == name {
			return p
		}
	}
	return ""
}

// StandardPaths are all of them.
func StandardPaths() []string { return strings.Fields(standardList) }
