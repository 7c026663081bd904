package tftest

import (
	"bytes"
	"context"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// Log is what the provider has logged, at any level.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Logged returns the test with a context whose log is kept.
func Logged(t testing.TB) (testing.TB, *Log) {
	t.Helper()
	log := &Log{}
	return WithContext(t, tflogtest.RootLogger(t.Context(), log)), log
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// Take returns what was logged since the last Take.
func (l *Log) Take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := l.text.String()
	l.text.Reset()
	return text
}

type withContext struct {
	testing.TB
	ctx context.Context //nolint:containedctx // That is what it is for: the driver asks the test for it.
}

func (w withContext) Context() context.Context { return w.ctx }

// WithContext returns the test with another context, such as one that ends early.
func WithContext(t testing.TB, ctx context.Context) testing.TB { //nolint:revive // The test goes first here.
	return withContext{TB: t, ctx: ctx}
}
