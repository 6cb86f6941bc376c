package figures

import "time"

// steady holds each of n frames for so long, and the last for the three seconds that reading it takes.
func steady(n int, each time.Duration) func(i int) time.Duration {
	return func(i int) time.Duration {
		if i == n-1 {
			return 3 * time.Second
		}
		return each
	}
}
