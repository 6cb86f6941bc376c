package vizlib

import "io"

func (f Figure) HTML(w io.Writer) error { return nil }
func (g Grid) HTML(w io.Writer) error   { return nil }
func (m Movie) HTML(w io.Writer) error  { return nil }
