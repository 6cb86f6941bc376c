package cavi

import (
	"sync"
	"sync/atomic"
)

// The data are cut into chunks by their number alone, and the chunks' sums are added in order: so a pass over the
// data does not depend on how many workers share the chunks.
const (
	minChunk  = 8192 // data below which a chunk is not worth a goroutine
	maxChunks = 256  // bounds the memory
)

// inChunks calls f for the chunks from … to of n data, on so many workers, and returns its results in order.
func inChunks[T any](n, workers int, f func(from, to int) T) []T {
	return inParts(n, min(maxChunks, (n+minChunk-1)/minChunk), workers, f)
}

// inParts is inChunks with the number of chunks given: where a datum is much work, or a chunk's result large.
func inParts[T any](n, chunks, workers int, f func(from, to int) T) []T {
	parts := make([]T, chunks)
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < chunks; i = int(next.Add(1)) - 1 {
			parts[i] = f(i*n/chunks, (i+1)*n/chunks)
		}
	}
	var wg sync.WaitGroup
	for range min(workers, chunks) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	return parts
}
