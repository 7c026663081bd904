package main

import (
	"fmt"
	"slices"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// node is a group in a status: active at a site, or on its way there. The site is empty for what is drawn once.
type node struct {
	status sdrs.Status
	site   sdrs.Station
}

// step is why an arrow leads from one node to another.
type step int

const (
	starts step = iota // An operation starts from here.
	succeeds
	fails
)

// edge is an arrow; name is the operation's for one that starts.
type edge struct {
	from, to node
	step     step
	name     string
}

var sites = []sdrs.Station{sdrs.Source, sdrs.Target}

// states are all nodes and edges that the status tables have. A node is drawn where places has it: at its site, or once.
func states(places map[node]box) ([]node, []edge, error) {
	var missing error
	place := func(status sdrs.Status, site sdrs.Station) node {
		for _, n := range []node{{status, site}, {status, ""}} {
			if _, ok := places[n]; ok {
				return n
			}
		}
		missing = fmt.Errorf("the picture has no place for the status %s at %s", status, site)
		return node{}
	}

	var nodes []node
	for _, status := range sdrs.GroupStatuses {
		for _, site := range sites {
			nodes = append(nodes, place(status, site))
		}
	}
	var edges []edge
	for _, to := range sites {
		for _, operation := range failover.Operations(to) {
			course := operation.Course()
			for _, from := range sites {
				end := operation.Station
				if end == "" {
					end = from
				}
				for _, status := range sdrs.GroupStatuses {
					if decision, _ := operation.Decide(sdrs.Group{Status: status, PriorityStation: from}); decision == failover.Act {
						edges = append(edges, edge{place(status, from), place(course.Moving, end), starts, operation.Name})
					}
				}
				edges = append(edges,
					edge{place(course.Moving, end), place(course.Rest, end), succeeds, ""},
					edge{place(course.Moving, end), place(course.Failed, end), fails, ""})
			}
		}
	}
	return unique(nodes), unique(edges), missing
}

// unique keeps the first of each.
func unique[T comparable](all []T) []T {
	var kept []T
	for _, one := range all {
		if !slices.Contains(kept, one) {
			kept = append(kept, one)
		}
	}
	return kept
}
