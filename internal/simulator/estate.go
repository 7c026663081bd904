package simulator

import (
	"fmt"
	"slices"
	"strings"
)

// Estate is what a project holds when a simulator starts.
type Estate struct {
	VPCs    []VPC
	Servers []Server // that no group protects
	Disks   []Disk   // of these servers, and spare ones
	Groups  []Group
}

// WithEstate seeds the cloud with an estate.
func WithEstate(e Estate) Option {
	return func(s *Simulator) {
		for _, seed := range []Option{
			WithVPCs(e.VPCs...), WithServers(e.Servers...), WithDisks(e.Disks...), WithGroups(e.Groups...),
		} {
			seed(s)
		}
	}
}

// EstateNames are those of NamedEstate.
var EstateNames = []string{"empty", "web-shop", "mixed"}

// NamedEstate returns an estate by its name: EmptyEstate, WebShopEstate with a VPC for DR drills, or MixedEstate with so
// many groups of so many servers.
func NamedEstate(name string, groups, servers int) (Estate, error) {
	switch name {
	case "empty":
		return EmptyEstate(), nil
	case "web-shop":
		estate := WebShopEstate()
		// Its subnets are as the group's. The examples and the guide on drills name it.
		estate.VPCs = []VPC{{ID: "8e2f3a4b-5c6d-4e7f-9081-92a3b4c5d6e7", Name: "drill"}}

		return estate, nil
	case "mixed":
		return MixedEstate(groups, servers), nil
	default:
		return Estate{}, fmt.Errorf("there is no estate %q, only %s", name, strings.Join(EstateNames, ", "))
	}
}

// EmptyEstate returns a project without protection groups: one VPC, two running servers with two disks each in either
// zone of the demonstration's domain, and a spare disk there.
func EmptyEstate() Estate {
	vpc := VPC{
		ID: derivedID("empty", "vpc"), Name: "shop",
		Subnets: []Subnet{{ID: derivedID("empty", "subnet"), CIDR: "10.20.0.0/16"}},
	}
	estate := Estate{VPCs: []VPC{vpc}}
	for _, tier := range []struct{ name, zone string }{
		{"web", DemoDomain().LocalAZ}, {"db", DemoDomain().RemoteAZ},
	} {
		for n := range 2 {
			name := fmt.Sprintf("%s-%d", tier.name, n+1)
			server, disks := NewServer(derivedID("empty", "server", name), name, tier.zone, vpc.ID, 10, 40)
			estate.Servers, estate.Disks = append(estate.Servers, server), append(estate.Disks, disks...)
		}
		estate.Disks = append(estate.Disks, Disk{
			ID: derivedID("empty", "spare", tier.name), Name: tier.name + "-spare", AZ: tier.zone, SizeGB: 100,
		})
	}

	return estate
}

// WebShopEstate returns the project of the demonstration, which has DemoGroup.
func WebShopEstate() Estate { return Estate{Groups: []Group{DemoGroup()}} }

// MixedEstate returns a project with so many protected groups of so many servers with two disks each. Every other group
// is the other way round: its source is the zone that is the target of those before and after it. Production is at the
// source of all, and runs.
func MixedEstate(groups, servers int) Estate {
	var estate Estate
	for n := range groups {
		name := fmt.Sprintf("app-%02d", n+1)
		g := NewGroup(derivedID("mixed", "group", name), name, servers, 2*servers)
		if n%2 == 1 {
			g.SourceAZ, g.TargetAZ = g.TargetAZ, g.SourceAZ
		}
		for m := range g.Instances {
			g.Instances[m].SourceServer.Status = serverRunning
		}
		estate.Groups = append(estate.Groups, g)
	}

	return estate
}

// DisksOf returns the disks of one of the estate's servers.
func (e Estate) DisksOf(serverID string) []Disk {
	var disks []Disk
	for _, d := range e.Disks {
		if slices.ContainsFunc(d.Attachments, func(a DiskAttachment) bool { return a.ServerID == serverID }) {
			disks = append(disks, d)
		}
	}

	return disks
}
