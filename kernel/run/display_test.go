package run

import (
	"bytes"
	"encoding/gob"
	"testing"
)

// stream is what a program writes to GONB_PIPE.
func stream(t testing.TB, list ...Display) []byte {
	var b bytes.Buffer
	enc := gob.NewEncoder(&b)
	for _, d := range list {
		if err := enc.Encode(d); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestDecoderTakesAnyPieces(t *testing.T) {
	raw := stream(t,
		Display{Data: map[string]any{"text/html": "<b>1</b>"}},
		Display{Data: map[string]any{keyComm: CommValue{Address: syncAddress, Value: 7}}},
		Display{Data: map[string]any{keyInput: InputRequest{Prompt: "?"}}, DisplayID: "a"},
		Display{Data: map[string]any{"application/json": map[string]any{"a": []any{1, "b"}}}, Metadata: map[string]any{"x": map[string]any{"w": 80}}},
	)
	for _, size := range []int{1, 2, 3, 7, 100, len(raw)} {
		var d decoder
		var got []Display
		for i := 0; i < len(raw); i += size {
			shown, errs := d.feed(raw[i:min(i+size, len(raw))])
			for _, err := range errs {
				t.Fatalf("pieces of %d: %v", size, err)
			}
			got = append(got, shown...)
		}
		if len(got) != 4 {
			t.Fatalf("pieces of %d: %d displays, want 4", size, len(got))
		}
		if c := got[1].Data[keyComm].(CommValue); c.Value != 7 || c.Address != syncAddress {
			t.Errorf("pieces of %d: %+v", size, c)
		}
	}
}

// FuzzDisplays: no bytes in GONB_PIPE end the kernel, and what follows a good stream is still read.
func FuzzDisplays(f *testing.F) {
	good := stream(f, Display{Data: map[string]any{"text/plain": "a"}}, Display{Data: map[string]any{keyComm: CommValue{Address: "x", Value: 1}}})
	f.Add(good, 3)
	f.Add([]byte{0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 1)
	f.Add([]byte("\x03\xff\x80"), 2)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		size = max(1, min(size, 1000))
		var d decoder
		defer d.close()
		for i := 0; i < len(data); i += size {
			d.feed(data[i:min(i+size, len(data))])
		}
	})
}
