package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// DemoGroup returns the protection group of the demonstration: web-shop, two servers on each side, three disks,
// protected, active at the source site, all servers stopped.
func DemoGroup() Group {
	return NewGroup("40df180b-9fe2-471a-8c64-1b758dc84189", "web-shop", 2, 3)
}

// NewGroup returns a group like DemoGroup with its own number of protected instances and of replication pairs, which are
// spread over the instances in turn; without instances there are no pairs. All ids are derived from id.
func NewGroup(id, name string, instances, pairs int) Group {
	g := Group{
		ID:              id,
		Name:            name,
		Description:     "simulated",
		Status:          StatusProtected,
		PriorityStation: StationSource,
		SourceAZ:        "eu-de-01",
		TargetAZ:        "eu-de-02",
		DomainID:        demoDomainID,
		DomainName:      demoDomainName,
		VPCID:           derivedID(id, "vpc"),
		Progress:        100,
		CreatedAt:       time.Date(2019, time.May, 23, 3, 51, 58, 256108526, time.UTC),
		UpdatedAt:       time.Date(2019, time.May, 23, 7, 48, 12, 484322873, time.UTC),
	}
	for i := range instances {
		g.Instances = append(g.Instances, g.newInstance(i))
	}
	if instances == 0 {
		return g
	}
	for n := range pairs {
		g.Instances[n%instances].addPair(g, n)
	}

	return g
}

func (g Group) newInstance(n int) Instance {
	name := fmt.Sprintf("%s-%d", g.Name, n+1)

	return Instance{
		ID:              derivedID(g.ID, "instance", name),
		Name:            name,
		Status:          StatusProtected,
		PriorityStation: g.PriorityStation,
		SourceServer:    Server{ID: derivedID(g.ID, "source", name), Name: name, Status: ServerStopped},
		TargetServer:    Server{ID: derivedID(g.ID, "target", name), Name: name + "-dr", Status: ServerStopped},
		Progress:        100,
		CreatedAt:       g.CreatedAt,
		UpdatedAt:       g.UpdatedAt,
	}
}

func (i *Instance) addPair(g Group, n int) {
	name := fmt.Sprintf("%s-disk-%d", i.Name, len(i.Pairs)+1)
	i.Pairs = append(i.Pairs, Pair{
		ID:                derivedID(g.ID, "pair", name),
		Name:              name,
		Status:            StatusProtected,
		ReplicationStatus: ReplicationActive,
		FaultLevel:        "0",
		PriorityStation:   g.PriorityStation,
		Progress:          100,
		SourceVolume:      derivedID(g.ID, "source volume", name),
		TargetVolume:      derivedID(g.ID, "target volume", name),
		Device:            "/dev/vd" + string(rune('a'+len(i.Pairs)%26)),
		SizeGB:            10 * (n + 1),
		CreatedAt:         g.CreatedAt,
		UpdatedAt:         g.UpdatedAt,
	})
}

// derivedID makes an id in the form of a UUID that depends on nothing but the parts.
func derivedID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	id := hex.EncodeToString(sum[:16])

	return strings.Join([]string{id[:8], id[8:12], id[12:16], id[16:20], id[20:]}, "-")
}
