// Command lda fits the topic model that it reads from stdin as JSON and writes the fit to stdout, so that the Python
// tests can hold it against scikit-learn.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"

	"gonum.org/v1/gonum/mat"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/model"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var in struct {
		Docs, Held    [][]int // n×V counts
		K, Rounds     int
		Alpha, Eta    float64
		Topics        [][]float64 // of which the perplexities are wanted, K×V
		Seeds, Sweeps int
	}
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		return err
	}
	runtime.GOMAXPROCS(1)
	v := len(in.Docs[0])
	m := cavi.LDA{LDA: model.LDA{Docs: sparse(in.Docs), Vocab: strings.Split(strings.Repeat("w ", v-1)+"w", " "), K: in.K,
		Alpha: in.Alpha, Eta: in.Eta}, Rounds: in.Rounds}
	began := cpu()
	var best fit.Trace[cavi.LDAFactors]
	for seed := range in.Seeds {
		tr := cavi.Fit(m, fit.Settings{Seed: uint64(seed), Sweeps: in.Sweeps, Tol: 0.01, Keep: fit.LastOnly, Workers: 1})
		if seed == 0 || tr.Last().Value > best.Last().Value {
			best = tr
		}
	}
	seconds := (cpu() - began) / float64(max(1, in.Seeds))
	given := mat.NewDense(in.K, v, nil)
	for k, row := range in.Topics {
		given.SetRow(k, row)
	}
	theirs := cavi.LDAFactors{Topics: given}
	held := sparse(in.Held)
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"given": m.Perplexity(theirs, m.Docs), "givenHeld": m.Perplexity(theirs, held),
		"own": m.Perplexity(best.Last().Q, m.Docs), "ownHeld": m.Perplexity(best.Last().Q, held),
		"sweeps": best.Last().Sweep, "seconds": seconds,
	})
}

// cpu is how many seconds of processor time the program has had: other programs on the machine do not count.
func cpu() float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) * 1e-9
}

func sparse(table [][]int) []model.Counts {
	docs := make([]model.Counts, len(table))
	for d, row := range table {
		for w, n := range row {
			if n > 0 {
				docs[d] = append(docs[d], model.Count{Word: w, Times: n})
			}
		}
	}
	return docs
}
