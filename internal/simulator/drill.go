package simulator

import (
	"slices"
	"strings"
	"time"
)

// Drill is a disaster recovery drill: servers from snapshots of the DR disks, in a network of their own.
type Drill struct {
	ID        string
	Name      string
	Status    string
	VPCID     string
	Servers   []DrillServer
	CreatedAt time.Time
	UpdatedAt time.Time
}

// DrillServer is the server that a drill has made for an instance.
type DrillServer struct{ InstanceID, ServerID string }

// drillable are the statuses of a group that a drill can be created from.
var drillable = []string{
	StatusAvailable, StatusProtected, StatusFailedOver, StatusErrorStarting, StatusErrorStopping, StatusErrorReversing,
	StatusErrorFailingOver, StatusErrorReprotecting,
}

func (d *Drill) wire(groupID string) object {
	servers := []object{}
	for _, server := range d.Servers {
		servers = append(servers, object{"protected_instance": server.InstanceID, "drill_server_id": server.ServerID})
	}

	return object{
		"id": d.ID, "name": d.Name, "status": d.Status, "server_group_id": groupID, "drill_vpc_id": d.VPCID,
		"created_at": groupTime(d.CreatedAt), "updated_at": groupTime(d.UpdatedAt), "drill_servers": servers,
	}
}

// drillAsked returns a drill and its group. What is not there is refused with unknown.
func (s *Simulator) drillAsked(id, unknown string) (*Group, *Drill, *Problem) {
	for _, g := range s.groups {
		for n := range g.Drills {
			if g.Drills[n].ID == id {
				return g, &g.Drills[n], nil
			}
		}
	}
	if !names.MatchString(id) {
		unknown = "SDRS.1900"
	}

	return nil, nil, s.missing(unknown, "The DR drill %s does not exist.", id)
}

// showDrill serves GET disaster-recovery-drills/{id}.
func (s *Simulator) showDrill(in *incoming) (any, *Problem) {
	g, d, problem := s.drillAsked(in.PathValue("id"), "SDRS.1902")
	if problem != nil {
		return nil, problem
	}

	return object{"disaster_recovery_drill": d.wire(g.ID)}, nil
}

// listDrills serves GET disaster-recovery-drills.
func (s *Simulator) listDrills(in *incoming) (any, *Problem) {
	q, problem := in.filter()
	if problem != nil {
		return nil, problem
	}
	vpc := in.URL.Query().Get("drill_vpc_id")
	drills := []object{}
	for _, g := range s.groups {
		for _, d := range g.Drills {
			if q.acceptsGroup(g.ID) && q.accepts(d.Name, d.Status, "") && (vpc == "" || vpc == d.VPCID) {
				drills = append(drills, d.wire(g.ID))
			}
		}
	}

	return page(q, "disaster_recovery_drills", drills)
}

// createDrill serves POST disaster-recovery-drills. Without a VPC it makes one like the group's, which stays for good.
func (s *Simulator) createDrill(in *incoming) (any, *Problem) {
	asked, problem := parameters[struct {
		GroupID string `json:"server_group_id"`
		Name    string `json:"name"`
		VPCID   string `json:"drill_vpc_id"`
	}](in, "disaster_recovery_drill")
	if problem != nil {
		return nil, problem
	}
	g, problem := s.groupAsked(asked.GroupID)
	if problem != nil {
		return nil, problem
	}
	if problem := validName(asked.Name); problem != nil {
		return nil, problem
	}
	switch {
	case !slices.Contains(drillable, g.Status):
		return nil, refused("SDRS.1002", "The status %s of the protection group does not allow this operation.", g.Status)
	case g.pairCount() == 0:
		return nil, refused("SDRS.1920", "The protection group %s has no replication pairs.", g.ID)
	case asked.VPCID != "":
		if problem := s.fitForDrill(g, asked.VPCID); problem != nil {
			return nil, problem
		}
	}
	if problem := s.busy(g.ID); problem != nil {
		return nil, problem
	}

	if asked.VPCID == "" {
		made := VPC{ID: s.newID("vpc"), Name: asked.Name}
		for _, subnet := range s.vpc(g.VPCID).Subnets {
			made.Subnets = append(made.Subnets, Subnet{ID: s.newID("subnet"), CIDR: subnet.CIDR})
		}
		s.addVPC(made)
		asked.VPCID = made.ID
	}
	d := Drill{
		ID: s.newID("drill"), Name: asked.Name, Status: StatusCreating, VPCID: asked.VPCID,
		CreatedAt: s.now, UpdatedAt: s.now,
	}
	g.Drills, g.drilledAt = append(g.Drills, d), s.now

	return s.changeDrill(g, &d, "createDisasterRecoveryDrill", "createFail", func(d *Drill, failed bool) {
		if d.Status = StatusError; !failed {
			d.Status = StatusAvailable
			s.makeDrillServers(g, d)
		}
	}).accepted(), nil
}

// fitForDrill tells what about a VPC forbids a drill in it.
func (s *Simulator) fitForDrill(g *Group, vpcID string) *Problem {
	vpc := s.vpc(vpcID)
	switch {
	case vpc == nil:
		return refused("SDRS.1928", "The VPC %s does not exist.", vpcID)
	case vpcID == g.VPCID:
		return refused("SDRS.1907", "The drill VPC is the protection group's, %s.", vpcID)
	}
	for _, other := range s.groups {
		if slices.ContainsFunc(other.Drills, func(d Drill) bool { return d.VPCID == vpcID }) {
			return refused("SDRS.1921", "The VPC %s is used by a DR drill already.", vpcID)
		}
	}
	for _, subnet := range s.vpc(g.VPCID).Subnets {
		if !slices.ContainsFunc(vpc.Subnets, func(has Subnet) bool { return has.CIDR == subnet.CIDR }) {
			return refused("SDRS.1909", "The drill VPC does not have the subnet %s.", subnet.CIDR)
		}
	}

	return nil
}

// makeDrillServers makes a running server for each instance, with copies of the disks at the DR site.
func (s *Simulator) makeDrillServers(g *Group, d *Drill) {
	for n := range g.Instances {
		i := &g.Instances[n]
		if !settled(i.Status) {
			continue
		}
		model := i.at(opposite(i.PriorityStation))
		server := Server{
			ID: s.newID("server"), Name: model.Name, Status: serverRunning, AZ: model.AZ, VPCID: d.VPCID,
			Flavor: model.Flavor, Hypervisor: model.Hypervisor, complete: true,
		}
		if nic, problem := s.newNIC(d.VPCID, s.vpc(d.VPCID).Subnets[0].ID, ""); problem == nil {
			server.NICs = []NIC{nic}
		}
		for _, disk := range s.disksOf(model.ID) {
			snapshot := s.replica(disk, model.AZ)
			snapshot.Attachments = []DiskAttachment{{server.ID, disk.at(model.ID)}}
			s.addDisk(snapshot)
		}
		s.servers = append(s.servers, &server)
		d.Servers = append(d.Servers, DrillServer{i.ID, server.ID})
	}
}

// ofDrill tells whether a disk is one of a drill's servers.
func (s *Simulator) ofDrill(disk *Disk) bool {
	for _, g := range s.groups {
		for _, d := range g.Drills {
			for _, server := range d.Servers {
				if disk.at(server.ServerID) != "" {
					return true
				}
			}
		}
	}

	return false
}

// renameDrill serves PUT disaster-recovery-drills/{id}.
func (s *Simulator) renameDrill(in *incoming) (any, *Problem) {
	name, problem := in.newName("disaster_recovery_drill")
	if problem != nil {
		return nil, problem
	}
	g, d, problem := s.drillAsked(in.PathValue("id"), "SDRS.1902")
	if problem != nil {
		return nil, problem
	}
	d.Name, d.UpdatedAt = name, s.now

	return object{"disaster_recovery_drill": d.wire(g.ID)}, nil
}

// deleteDrill serves DELETE disaster-recovery-drills/{id}. A drill that isn't there is refused like one in a status
// that doesn't allow it, as a provider has seen it.
func (s *Simulator) deleteDrill(in *incoming) (any, *Problem) {
	g, d, problem := s.drillAsked(in.PathValue("id"), "SDRS.1913")
	if problem != nil {
		return nil, problem
	}
	if moving(d.Status) {
		return nil, refused("SDRS.1913", "The DR drill %s, which is %s, cannot be deleted.", d.ID, d.Status)
	}
	if problem := s.busy(g.ID); problem != nil {
		return nil, problem
	}

	d.Status, d.UpdatedAt = StatusDeleting, s.now

	return s.changeDrill(g, d, "deleteDisasterRecoveryDrill", "deleteFail", func(d *Drill, failed bool) {
		if failed {
			d.Status = StatusErrorDeleting

			return
		}
		for _, server := range d.Servers {
			for _, disk := range s.disksOf(server.ServerID) {
				delete(s.disks, disk.ID)
			}
			s.dropServer(server.ServerID)
		}
		id := d.ID
		g.Drills = slices.DeleteFunc(g.Drills, func(other Drill) bool { return other.ID == id })
	}).accepted(), nil
}

// changeDrill starts a job on a drill, whose entities name it.
func (s *Simulator) changeDrill(g *Group, d *Drill, kind, failed string, settle func(d *Drill, failed bool)) *job {
	id := d.ID
	j := &job{
		part:     part{kind: kind, entities: map[string]string{}},
		resource: resource{group: g.ID, id: id, name: d.Name, kind: "disaster_recovery_drills", failure: failed},
	}
	ids := map[string]string{"disaster_recovery_drill_id": id}
	if strings.HasPrefix(kind, "create") {
		j.made = ids
	} else {
		j.entities = ids
	}

	return s.change(j, func(failure *failure, at time.Time) {
		if _, d, problem := s.drillAsked(id, ""); problem == nil {
			d.UpdatedAt = at
			settle(d, failure != nil)
		}
	})
}
