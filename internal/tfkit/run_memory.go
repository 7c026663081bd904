package tfkit

import (
	"context"
	"strings"
	"sync"
)

// runMemory is what the provider has learned of groups since it was configured: Terraform does that once for each plan and
// each apply.
type runMemory struct {
	mu sync.Mutex
	// gone are the groups that a refresh did not find.
	gone map[string]bool
	// protections are the groups that this apply protects, and turns those whose protection is being changed.
	protections map[string]bool
	turns       map[string]chan struct{}
}

// key makes one of the ways to write a group's id.
func key(groupID string) string { return strings.ToLower(strings.ReplaceAll(groupID, "-", "")) }

// miss notes that a refresh did not find a group.
func (m *runMemory) miss(groupID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.gone == nil {
		m.gone = map[string]bool{}
	}
	m.gone[key(groupID)] = true
}

// missed reports whether a refresh did not find a group.
func (m *runMemory) missed(groupID string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.gone[key(groupID)]
}

// Turn waits until nobody else in this apply changes the protection of a group, or until ctx ends: then whoever asks for
// anything is told so. The turn ends when done is called.
func (m *runMemory) Turn(ctx context.Context, groupID string) (done func()) {
	m.mu.Lock()
	if m.turns == nil {
		m.turns = map[string]chan struct{}{}
	}
	turn, ok := m.turns[key(groupID)]
	if !ok {
		turn = make(chan struct{}, 1)
		m.turns[key(groupID)] = turn
	}
	m.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }
	case <-ctx.Done():
		return func() {}
	}
}

// Protect notes that this apply has protected a group.
func (m *runMemory) Protect(groupID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.protections == nil {
		m.protections = map[string]bool{}
	}
	m.protections[key(groupID)] = true
}

// Protects reports whether this apply has protected a group.
func (m *runMemory) Protects(groupID string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.protections[key(groupID)]
}
