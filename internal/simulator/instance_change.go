package simulator

import (
	"slices"
	"time"
)

// Statuses of instances and pairs that groups don't have.
const (
	StatusResizing       = "resizing"
	StatusErrorResizing  = "error-resizing"
	StatusNICCreating    = "nic-creating"
	StatusNICDeleting    = "nic-deleting"
	StatusAttaching      = "attaching"
	StatusErrorAttaching = "error-attaching"
	StatusDetaching      = "detaching"
	StatusErrorDetaching = "error-detaching"
	StatusExtending      = "extending"
	StatusErrorExtending = "error-extending"
)

// removable are the statuses that an instance can be deleted from.
var removable = []string{
	StatusAvailable, StatusProtected, StatusFailedOver, StatusError, StatusErrorStarting, StatusErrorStopping,
	StatusErrorReversing, StatusErrorFailingOver, StatusErrorDeleting, StatusErrorReprotecting, StatusErrorResizing,
	StatusInvalid, StatusFault,
}

// instanceParameters is the body of POST protected-instances.
type instanceParameters struct {
	GroupID     string `json:"server_group_id"`
	ServerID    string `json:"server_id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	SubnetID    string `json:"primary_subnet_id"`
	IP          string `json:"primary_ip_address"`
	Flavor      string `json:"flavorRef"`
	Tags        []Tag  `json:"tags"`
}

// createInstance serves POST protected-instances: it makes a DR server, a DR disk for each disk of the production
// server, and a pair for each, already attached. Which server is source and which target follows from their zones.
func (s *Simulator) createInstance(in *incoming) (any, *Problem) {
	asked, problem := parameters[instanceParameters](in, "protected_instance")
	if problem != nil {
		return nil, problem
	}
	g, problem := s.groupAsked(asked.GroupID)
	if problem != nil {
		return nil, problem
	}
	server, problem := s.serverToProtect(g, asked)
	if problem != nil {
		return nil, problem
	}
	atOnce, inJob := s.late(s.fitForInstance(g, server, asked))
	if atOnce != nil {
		return nil, atOnce
	}

	made := s.planInstance(g, server, asked)
	i := Instance{
		ID: s.newID("instance"), Name: asked.Name, Description: asked.Description, Status: StatusCreating,
		PriorityStation: g.PriorityStation, Tags: asked.Tags, CreatedAt: s.now, UpdatedAt: s.now,
		seenFrom: s.now.Add(s.unseen),
	}
	*i.at(g.PriorityStation) = *server
	s.dropServer(server.ID)
	g.Instances = append(g.Instances, i)

	j := &job{
		part:     part{kind: "createProtectedInstanceNoCG", made: map[string]string{"protected_instance_id": i.ID}},
		resource: i.resource(g, "createFail"),
	}
	for _, p := range made.pairs {
		j.parts = append(j.parts, &part{
			kind: "createReplicationPairNoCG", of: p.ID, entities: map[string]string{"server_group_id": g.ID},
			made: map[string]string{"replication_pair_id": p.ID, "volume_ids": p.SourceVolume + "," + p.TargetVolume},
		})
	}
	s.change(j, func(failure *failure, at time.Time) {
		s.settleInstance(g, i.ID, made, failure != nil, at)
	}).fail(inJob)

	return j.accepted(), nil
}

// serverToProtect finds the server of a new instance. What it refuses is never found later than that.
func (s *Simulator) serverToProtect(g *Group, asked instanceParameters) (*Server, *Problem) {
	if problem := validName(asked.Name); problem != nil {
		return nil, problem
	}
	if problem := validDescription(asked.Description); problem != nil {
		return nil, problem
	}
	if problem := validTags(asked.Tags, 10); problem != nil {
		return nil, problem
	}
	if problem := s.allows(g); problem != nil {
		return nil, problem
	}
	server := s.server(asked.ServerID)
	if server == nil {
		if !names.MatchString(asked.ServerID) {
			return nil, refused("SDRS.0210", "The server id %q is invalid.", asked.ServerID)
		}

		return nil, refused("SDRS.1326", "The server %s does not exist.", asked.ServerID)
	}
	if _, i := s.instanceOfServer(server.ID); i != nil {
		return nil, refused("SDRS.1305", "The server %s is used by the protected instance %s already.", server.ID, i.ID)
	}
	for _, d := range s.disksOf(server.ID) {
		if p := s.pairOfDisk(d.ID); p != nil {
			return nil, refused("SDRS.1811", "The disk %s is used by the replication pair %s already.", d.ID, p.ID)
		}
	}
	if s.memberLimit >= 0 && len(g.Instances) >= s.memberLimit {
		return nil, refused("SDRS.1358", "The protection group %s has %d protected instances already.", g.ID, s.memberLimit)
	}
	if exhausted(s.pairsUsed(), len(s.disksOf(server.ID)), s.pairQuota) {
		return nil, refused("SDRS.0306", "The quota of %d replication pairs is exhausted.", s.pairQuota)
	}

	return server, nil
}

// fitForInstance tells what about a server forbids to protect it. The codes are the reference's, but for a shared disk,
// which has none: we take the one for a disk's type.
func (s *Simulator) fitForInstance(g *Group, server *Server, asked instanceParameters) *Problem {
	disks := s.disksOf(server.ID)
	switch {
	case server.AZ != g.zone(g.PriorityStation) || g.PriorityStation == StationTarget && !s.newAfterSwitch:
		return refused("SDRS.1303", "The server's AZ %s differs from the production site's, %s.",
			server.AZ, g.zone(g.PriorityStation))
	case server.VPCID != g.VPCID:
		return refused("SDRS.1304", "The server's VPC %s differs from the group's, %s.", server.VPCID, g.VPCID)
	case server.Status != serverRunning && server.Status != ServerStopped:
		return refused("SDRS.1333", "The server %s is %s, neither ACTIVE nor SHUTOFF.", server.ID, server.Status)
	case server.ExtensionNIC:
		return refused("SDRS.1336", "The server %s has an extension NIC.", server.ID)
	case server.Locked:
		return refused("SDRS.1359", "The server %s is locked by another service.", server.ID)
	case !protectable(server.Flavor):
		return refused("SDRS.1356", "The flavor %s of the production server does not support this.", server.Flavor)
	case asked.Flavor != "" && !protectable(asked.Flavor):
		return refused("SDRS.1353", "The flavor %s does not support this at the DR site.", asked.Flavor)
	case len(disks) == 0:
		return refused("SDRS.1321", "No disk is attached to the server %s.", server.ID)
	case !isSystemDisk(disks[0].at(server.ID)):
		return refused("SDRS.1339", "No system disk is attached to the server %s.", server.ID)
	case disks[0].status() != diskInUse:
		return refused("SDRS.1322", "The system disk %s is %s.", disks[0].ID, disks[0].status())
	}
	for _, d := range disks {
		switch {
		case d.Encrypted:
			return refused("SDRS.1802", "The disk %s is encrypted.", d.ID)
		case d.Shared:
			return refused("SDRS.1806", "The disk %s is shared.", d.ID)
		}
	}

	return s.fitForNIC(g, server, asked)
}

func (s *Simulator) fitForNIC(g *Group, server *Server, asked instanceParameters) *Problem {
	subnetID := asked.SubnetID
	switch {
	case asked.IP != "" && subnetID == "":
		return refused("SDRS.1335", "primary_ip_address needs primary_subnet_id.")
	case subnetID == "" && len(server.NICs) > 0:
		subnetID = server.NICs[0].SubnetID
	}
	_, problem := s.newNIC(g.VPCID, subnetID, asked.IP)

	return problem
}

// parts is what the creation of an instance makes beside it.
type parts struct {
	asked  instanceParameters
	server Server
	disks  []Disk
	pairs  []Pair
}

// planInstance makes the parts of an instance, which nobody can see before its job has ended.
func (s *Simulator) planInstance(g *Group, server *Server, asked instanceParameters) parts {
	made := parts{asked: asked, server: Server{
		ID: s.newID("server"), Name: server.Name, Status: ServerStopped, AZ: g.zone(opposite(g.PriorityStation)),
		VPCID: server.VPCID, Flavor: server.Flavor, Hypervisor: server.Hypervisor, complete: true,
	}}
	if asked.Flavor != "" {
		made.server.Flavor = asked.Flavor
	}
	for _, d := range s.disksOf(server.ID) {
		device := d.at(server.ID)
		replica := s.replica(d, made.server.AZ)
		replica.Attachments = []DiskAttachment{{made.server.ID, device}}
		p := s.newPair(g, d, replica.ID)
		p.Name, p.Device = "Replication-Pair-"+p.ID[:4], device
		made.disks, made.pairs = append(made.disks, replica), append(made.pairs, p)
	}

	return made
}

// settleInstance shows how the creation of an instance has ended.
func (s *Simulator) settleInstance(g *Group, id string, made parts, failed bool, at time.Time) {
	i := g.instance(id)
	if i == nil {
		return // somebody has deleted the group by hand
	}
	i.UpdatedAt = at
	if failed {
		i.Status = StatusError
	}
	if failed && !s.partsLeft {
		return
	}

	production := i.at(i.PriorityStation)
	var subnetID, ip string
	if len(production.NICs) > 0 {
		subnetID = production.NICs[0].SubnetID
	}
	if made.asked.SubnetID != "" {
		subnetID, ip = made.asked.SubnetID, made.asked.IP
	}
	if nic, problem := s.newNIC(g.VPCID, subnetID, ip); problem == nil {
		made.server.NICs = []NIC{nic}
	}
	*i.at(opposite(i.PriorityStation)) = made.server
	for _, d := range made.disks {
		s.addDisk(d)
	}
	i.Pairs = made.pairs
	for n := range i.Pairs {
		i.Pairs[n].Status, i.Pairs[n].UpdatedAt = StatusError, at
		if !failed {
			s.join(g, &i.Pairs[n], at)
		}
	}
	if !failed {
		i.Status = g.restOfMembers()
		i.Progress = map[bool]int{true: 100}[i.Status == StatusProtected]
	}
}

// restOfMembers is the status of a member that nothing happens to.
func (g *Group) restOfMembers() string {
	if g.Status == StatusProtected {
		return StatusProtected
	}

	return StatusAvailable
}

// renameInstance serves PUT protected-instances/{id}. The servers keep their names.
func (s *Simulator) renameInstance(in *incoming) (any, *Problem) {
	name, problem := in.newName("protected_instance")
	if problem != nil {
		return nil, problem
	}
	g, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.1320")
	if problem != nil {
		return nil, problem
	}
	i.Name, i.UpdatedAt = name, s.now

	return object{"protected_instance": s.instanceWire(g, i)}, nil
}

// removal is the body of DELETE protected-instances/{id}, which may be left out.
type removal struct {
	Server bool `json:"delete_target_server"`
	EIP    bool `json:"delete_target_eip"`
}

// deleteInstance serves DELETE protected-instances/{id}. An instance that isn't there is refused like one in a status
// that doesn't allow it, as a provider has seen it.
func (s *Simulator) deleteInstance(in *incoming) (any, *Problem) {
	var asked removal
	if len(in.body) > 0 {
		var problem *Problem
		if asked, problem = parameters[removal](in, ""); problem != nil {
			return nil, problem
		}
	}
	g, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.1301")
	if problem != nil {
		return nil, problem
	}
	separate := slices.ContainsFunc(i.Pairs, func(p Pair) bool { return p.Separate })
	switch {
	case !slices.Contains(removable, i.Status), separate && s.separatePairs == PairsRefuse:
		return nil, refused("SDRS.1301", "The protected instance %s, which is %s, cannot be deleted.", i.ID, i.Status)
	case asked.Server && i.PriorityStation == StationTarget:
		return nil, refused("SDRS.1330", "The server %s is at the current production site.", i.TargetServer.ID)
	case asked.EIP && i.PriorityStation == StationTarget:
		return nil, refused("SDRS.1338", "The server %s is at the current production site.", i.TargetServer.ID)
	case asked.Server && i.Frozen:
		return nil, refused("SDRS.1355", "The account is frozen.")
	}
	if problem := s.busy(g.ID); problem != nil {
		return nil, problem
	}

	i.move(StatusDeleting, false, s.now)
	id := i.ID
	j := s.change(&job{
		part:     part{kind: "deleteProtectedInstanceNoCG", entities: map[string]string{"protected_instance_id": id}},
		resource: i.resource(g, "deleteFail"),
	}, func(failure *failure, at time.Time) {
		switch i := g.instance(id); {
		case i == nil:
		case failure != nil:
			i.Status, i.UpdatedAt = StatusErrorDeleting, at
			for n := range i.Pairs {
				i.Pairs[n].Status = StatusErrorDeleting
			}
		default:
			s.removeInstance(g, i, asked, at)
		}
	})

	return j.accepted(), nil
}

// removeInstance takes an instance away. Its production server stays as an ordinary one, and so do the DR server and
// its disks unless their deletion was asked for.
func (s *Simulator) removeInstance(g *Group, i *Instance, asked removal, at time.Time) {
	if asked.EIP && (asked.Server || s.eipFlagAlone) {
		for n := range i.TargetServer.NICs {
			i.TargetServer.NICs[n].EIP = ""
		}
	}
	for _, server := range []Server{i.SourceServer, i.TargetServer} {
		dropped := server.ID == i.TargetServer.ID && asked.Server || s.gone[server.ID]
		if server.ID != "" && !dropped {
			s.servers = append(s.servers, &server)
		}
	}
	id, keptPairs, keptDisks := i.ID, []Pair{}, []string{}
	for _, p := range i.Pairs {
		if len(p.Further) > 0 || p.Separate && s.separatePairs == PairsStay {
			p.Status, p.UpdatedAt = g.restOfMembers(), at
			keptPairs, keptDisks = append(keptPairs, p), append(keptDisks, p.TargetVolume)
		}
	}
	for _, d := range s.disksOf(i.TargetServer.ID) {
		switch {
		case asked.Server && slices.Contains(keptDisks, d.ID):
			s.detachDisk(d.ID, i.TargetServer.ID)
		case asked.Server:
			delete(s.disks, d.ID)
		}
	}
	g.Instances = slices.DeleteFunc(g.Instances, func(other Instance) bool { return other.ID == id })
	for _, p := range g.pairs() {
		p.Further = slices.DeleteFunc(p.Further, func(a Attachment) bool { return a.InstanceID == id })
	}
	for _, p := range keptPairs {
		g.keep(p)
	}
}

// keep puts a pair where it belongs: to the first instance that has it, or to none.
func (g *Group) keep(p Pair) {
	if len(p.Further) == 0 {
		p.Device = ""
		g.Pairs = append(g.Pairs, p)

		return
	}
	keeper := g.instance(p.Further[0].InstanceID)
	p.Device, p.Further = p.Further[0].Device, p.Further[1:]
	keeper.Pairs = append(keeper.Pairs, p)
}

// resource is how the list of failed jobs names the instance.
func (i *Instance) resource(g *Group, failure string) resource {
	return resource{group: g.ID, id: i.ID, name: i.Name, kind: "protected_instances", failure: failure}
}
