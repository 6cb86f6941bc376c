package model

import (
	"strings"
	"unicode"
)

// CountWords makes documents of texts: words are runs of letters in lower case, those in stop and those that stand
// in fewer than two texts are left out, and the vocabulary has the others in the order in which they first appear.
// A text of which nothing is left is an empty document, which Check names.
func CountWords(texts []string, stop ...string) (docs []Counts, vocab []string) {
	left := map[string]bool{}
	for _, s := range stop {
		left[s] = true
	}
	split := make([][]string, len(texts))
	in, last := map[string]int{}, map[string]int{} // texts that have the word, and the last of them
	for d, text := range texts {
		for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if left[word] {
				continue
			}
			split[d] = append(split[d], word)
			if at, seen := last[word]; !seen || at != d {
				in[word]++
				last[word] = d
			}
		}
	}
	const common = 2 // a word in one text alone says nothing about which words go together
	index := map[string]int{}
	docs = make([]Counts, len(texts))
	for d, words := range split {
		at := map[int]int{}
		for _, word := range words {
			if in[word] < common {
				continue
			}
			w, known := index[word]
			if !known {
				w = len(vocab)
				index[word], vocab = w, append(vocab, word)
			}
			if place, here := at[w]; here {
				docs[d][place].Times++
				continue
			}
			at[w], docs[d] = len(docs[d]), append(docs[d], Count{Word: w, Times: 1})
		}
	}
	return docs, vocab
}
