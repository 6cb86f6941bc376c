package vizlib

import (
	"errors"
	"io"
)

func writePNG(w io.Writer, p Picture) error { return errors.New("vizlib: PNG is not drawn yet") }
