package cloud

import "context"

type onceKey struct{}

// Once returns a context whose requests are sent once, without the session's repetitions: for a wait, which reads again
// at its own interval. Repetitions on top of that would have it sleep on while the cloud answers again.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

// IsOnce reports whether the requests of a context are sent once.
func IsOnce(ctx context.Context) bool { return once(ctx) }

func once(ctx context.Context) bool { return ctx.Value(onceKey{}) != nil }
