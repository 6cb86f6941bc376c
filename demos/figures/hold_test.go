package figures

import (
	"testing"
	"time"
)

func TestSteady(t *testing.T) {
	hold := steady(3, time.Second)
	for i, want := range []time.Duration{time.Second, time.Second, 3 * time.Second} {
		if got := hold(i); got != want {
			t.Errorf("frame %d of 3 is held for %v, want %v", i, got, want)
		}
	}
}
