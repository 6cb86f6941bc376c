package vizlib

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"io"
)

// encodePNG writes an opaque image as PNG with 24 bits a pixel. Rows are stored as their difference to the row
// above (filter 2), which suits drawings: flat areas and upright lines become zeros. The standard encoder tries
// five filters on each row, and takes three times as long.
func encodePNG(w io.Writer, img *image.RGBA) error {
	wide, high := img.Rect.Dx(), img.Rect.Dy()
	var data bytes.Buffer
	z, err := zlib.NewWriterLevel(&data, zlib.BestSpeed)
	if err != nil {
		return err
	}
	const up = 2
	row := make([]byte, 1+3*wide)
	row[0] = up
	above := make([]byte, 4*wide)
	for y := range high {
		line := img.Pix[y*img.Stride : y*img.Stride+4*wide]
		for x := range wide {
			for k := range 3 {
				row[1+3*x+k] = line[4*x+k] - above[4*x+k]
			}
		}
		above = line
		if _, err := z.Write(row); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(wide))
	header = binary.BigEndian.AppendUint32(header, uint32(high))
	header = append(header, 8, 2, 0, 0, 0) // 8 bits a channel, red-green-blue, no interlacing
	if _, err := io.WriteString(w, "\x89PNG\r\n\x1a\n"); err != nil {
		return err
	}
	for _, c := range []struct {
		kind string
		body []byte
	}{{"IHDR", header}, {"IDAT", data.Bytes()}, {"IEND", nil}} {
		if err := writeChunk(w, c.kind, c.body); err != nil {
			return err
		}
	}
	return nil
}

// writeChunk writes length, kind, body and checksum (PNG, third edition, §5.3).
func writeChunk(w io.Writer, kind string, body []byte) error {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(chunk, kind...)
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	_, err := w.Write(chunk)
	return err
}
