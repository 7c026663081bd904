package tfkit

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// runMemory is what the provider has learned of groups since it was configured: Terraform does that once for each plan
// and each apply.
type runMemory struct {
	mu sync.Mutex
	// gone are the groups that a refresh did not find.
	gone map[string]bool
	// protections are the groups that this apply protects, and turns those that are being changed.
	protections map[string]bool
	turns       map[string]chan struct{}
	// declared is what a refresh found to be in the state.
	declared map[string]bool
	// sites are the active sites that a refresh found.
	sites map[string]types.String
	// NoServers is that a refresh could not read a server: others need not try.
	NoServers atomic.Bool
}

// See notes the active site that a refresh found.
func (m *runMemory) See(id string, site types.String) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sites == nil {
		m.sites = map[string]types.String{}
	}
	m.sites[cloud.CanonicalID(id)] = site
}

// Seen returns the active site that a refresh found, and otherwise the one that is known: Terraform 1.11 plans the
// deletion of what has left the configuration with the state from before the refresh.
func (m *runMemory) Seen(id string, known types.String) types.String {
	m.mu.Lock()
	defer m.mu.Unlock()
	if site, found := m.sites[cloud.CanonicalID(id)]; found {
		return site
	}
	return known
}

// Declare notes that the state has something.
func (m *runMemory) Declare(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.declared == nil {
		m.declared = map[string]bool{}
	}
	m.declared[cloud.CanonicalID(id)] = true
}

// Declared reports whether a refresh found something to be in the state.
func (m *runMemory) Declared(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.declared[cloud.CanonicalID(id)]
}

// miss notes that a refresh did not find a group.
func (m *runMemory) miss(groupID string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.gone == nil {
		m.gone = map[string]bool{}
	}
	m.gone[cloud.CanonicalID(groupID)] = true
}

// missed reports whether a refresh did not find a group.
func (m *runMemory) missed(groupID string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.gone[cloud.CanonicalID(groupID)]
}

// Turn waits until nobody else in this apply changes a group, or until ctx ends: then whoever asks for
// anything is told so. The turn ends when done is called.
func (m *runMemory) Turn(ctx context.Context, groupID string) (done func()) {
	m.mu.Lock()
	if m.turns == nil {
		m.turns = map[string]chan struct{}{}
	}
	turn, ok := m.turns[cloud.CanonicalID(groupID)]
	if !ok {
		turn = make(chan struct{}, 1)
		m.turns[cloud.CanonicalID(groupID)] = turn
	}
	m.mu.Unlock()
	defer standingStill(ctx)()
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
	m.protections[cloud.CanonicalID(groupID)] = true
}

// Protects reports whether this apply has protected a group.
func (m *runMemory) Protects(groupID string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.protections[cloud.CanonicalID(groupID)]
}
