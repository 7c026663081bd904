package simulator

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ServerStopped is the one server status that means stopped.
const ServerStopped = "SHUTOFF"

const (
	serverRunning      = "ACTIVE"
	maxServersInAction = 1000
)

// The hypervisors, which name disks in their own ways: /dev/vda and /dev/sda.
const (
	HypervisorKVM = "KVM"
	HypervisorXen = "Xen"
)

// Server is a cloud server. One whose name ends in -stubborn ignores a soft stop: the job succeeds, the server runs on.
// What a seed leaves empty beyond the status is filled in.
type Server struct {
	ID           string
	Name         string
	Status       string // e.g. ACTIVE, SHUTOFF
	AZ           string
	VPCID        string
	Flavor       string
	Hypervisor   string // KVM or Xen
	NICs         []NIC  // the primary one first
	ExtensionNIC bool
	Locked       bool // by another service

	complete bool // all of it is filled in
}

// WithServers seeds the cloud with servers that no group protects, and the VPCs that they name. See NewServer.
func WithServers(servers ...Server) Option {
	return func(s *Simulator) {
		for _, server := range servers {
			s.addServer(server)
		}
	}
}

// AddServer adds a server that no group protects, and its disks.
func (s *Simulator) AddServer(server Server, disks ...Disk) {
	defer s.enter().Unlock()

	s.addServer(server)
	for _, d := range disks {
		s.addDisk(d)
	}
}

// NewServer returns a running server in an availability zone and a VPC with disks of these sizes in GB, the first of
// which is its system disk. All other ids are derived from its own.
func NewServer(id, name, zone, vpcID string, sizes ...int) (Server, []Disk) {
	server := Server{ID: id, Name: name, Status: serverRunning, AZ: zone, VPCID: vpcID}
	var disks []Disk
	for n, size := range sizes {
		diskName := name + "-disk-" + strconv.Itoa(n+1)
		disks = append(disks, Disk{
			ID: derivedID(id, "disk", diskName), Name: diskName, AZ: zone, SizeGB: size, Bootable: n == 0,
			Attachments: []DiskAttachment{{ServerID: id, Device: "/dev/vd" + string(rune('a'+n))}},
		})
	}

	return server, disks
}

// CloudServer returns a copy of a server.
func (s *Simulator) CloudServer(id string) (Server, bool) {
	defer s.enter().Unlock()

	server := s.server(id)
	if server == nil {
		return Server{}, false
	}

	return server.clone(), true
}

// UpdateServer lets change edit anything about a server, with the consequences of SetServerStatus. An unknown one is
// not changed. change must not call the simulator.
func (s *Simulator) UpdateServer(id string, change func(*Server)) {
	defer s.enter().Unlock()

	if server := s.server(id); server != nil {
		change(server)
		*server = server.clone() // whoever changes it keeps no hold of it
	}
}

// DeleteServer deletes a server outside SDRS: a protected instance that has it is invalid from then on.
func (s *Simulator) DeleteServer(id string) {
	defer s.enter().Unlock()

	s.dropServer(id)
	for _, d := range s.disks {
		s.detachDisk(d.ID, id)
	}
	if g, i := s.instanceOfServer(id); i != nil {
		s.server(id).Status = ServerStopped // what is gone doesn't run
		i.Status, i.UpdatedAt, g.UpdatedAt = StatusInvalid, s.now, s.now
		s.gone[id] = true
	}
}

// SetServerStatus puts a server into a status, e.g. ACTIVE, at once. A server that is not SHUTOFF dooms a planned
// failover that runs on its group. An unknown server is ignored.
func (s *Simulator) SetServerStatus(serverID, status string) {
	s.UpdateServer(serverID, func(server *Server) { server.Status = status })
}

func (s *Simulator) addServer(server Server) {
	clone := server.clone()
	s.complete(&clone, server.AZ, server.VPCID, len(s.servers))
	s.servers = append(s.servers, &clone)
}

// complete fills in what a seed of a server leaves empty. place tells it from others in its VPC.
func (s *Simulator) complete(server *Server, zone, vpcID string, place int) {
	if server.ID == "" || server.complete {
		return
	}
	server.complete = true
	if server.AZ == "" {
		server.AZ, server.VPCID = zone, vpcID
	}
	if server.Flavor == "" {
		server.Flavor = "s3.large.2"
	}
	if server.Hypervisor == "" {
		server.Hypervisor = HypervisorKVM
	}
	s.addVPC(VPC{ID: server.VPCID, Name: server.Name})
	if network := s.vpc(server.VPCID); network != nil && len(server.NICs) == 0 {
		address := netip.MustParsePrefix(network.Subnets[0].CIDR).Masked().Addr()
		for range 256 + 10 + place {
			address = address.Next()
		}
		server.NICs = []NIC{card(derivedID(server.ID, "port"), network.Subnets[0].ID, address)}
	}
}

func (s *Server) clone() Server {
	clone := *s
	clone.NICs = slices.Clone(s.NICs)

	return clone
}

// eachServer goes through all servers, those of protected instances too.
func (s *Simulator) eachServer(do func(*Server)) {
	for _, server := range s.servers {
		do(server)
	}
	for _, g := range s.groups {
		for n := range g.Instances {
			for _, station := range []string{StationSource, StationTarget} {
				if server := g.Instances[n].at(station); server.ID != "" && !s.gone[server.ID] {
					do(server)
				}
			}
		}
	}
}

// server returns a server, or nil.
func (s *Simulator) server(id string) (found *Server) {
	if n := slices.IndexFunc(s.servers, func(server *Server) bool { return server.ID == id }); n >= 0 {
		return s.servers[n]
	}
	if g, i := s.instanceOfServer(id); g != nil && !s.gone[id] {
		for _, station := range []string{StationSource, StationTarget} {
			if server := i.at(station); server.ID == id {
				return server
			}
		}
	}

	return nil
}

// instanceOfServer returns the protected instance that has a server, and its group, or nil.
func (s *Simulator) instanceOfServer(id string) (*Group, *Instance) {
	for _, g := range s.groups {
		for n := range g.Instances {
			if i := &g.Instances[n]; id != "" && (i.SourceServer.ID == id || i.TargetServer.ID == id) {
				return g, i
			}
		}
	}

	return nil, nil
}

// dropServer takes a server out of those that no group protects.
func (s *Simulator) dropServer(id string) {
	s.servers = slices.DeleteFunc(s.servers, func(server *Server) bool { return server.ID == id })
}

var (
	flavors     = regexp.MustCompile(`^[a-z]+[0-9][a-z0-9]*\.(medium|large|xlarge|([0-9]+)xlarge)\.([0-9]+)$`)
	unsupported = regexp.MustCompile(`^(g[0-9]|pi?[0-9]|fp[0-9]|k[cim][0-9]|c6|c9|s9|i9|m9|d[0-9]|hl[0-9])[a-z0-9]*\.`)
)

// protectable tells whether servers of a flavor can be protected, as far as their families are named.
func protectable(flavor string) bool {
	return flavors.MatchString(flavor) && !unsupported.MatchString(flavor)
}

// flavorWire is a flavor as ECS shows it: medium has 1 processor, large 2, xlarge 4.
func flavorWire(flavor string) object {
	cores, ratio := 1, 1
	if parts := flavors.FindStringSubmatch(flavor); parts != nil {
		times, _ := strconv.Atoi(parts[2])
		cores = map[string]int{"medium": 1, "large": 2, "xlarge": 4}[parts[1]] + 4*times
		ratio, _ = strconv.Atoi(parts[3])
	}

	return object{
		"id": flavor, "name": flavor, "disk": "0", "vcpus": strconv.Itoa(cores), "ram": strconv.Itoa(cores * ratio * 1024),
	}
}

// device is how a server names the disk that was asked to be device: with the letter asked for, in its own family. The
// documentation shows the translation from sd to vd; the other way round is our reading.
func (s *Server) device(asked string) (string, bool) {
	letter := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(asked, "/dev/"), "vd"), "sd")
	if len(asked) != len("/dev/vda") || len(letter) != 1 || letter[0] < 'a' || letter[0] > 'z' {
		return "", false
	}
	if s.Hypervisor == HypervisorXen {
		return "/dev/sd" + letter, true
	}

	return "/dev/vd" + letter, true
}

func unknownServer(id string) *Problem {
	return notFound("Ecs.0114", "Instance %s could not be found.", id)
}

// showServer serves GET cloudservers/{id}: what is needed to protect a server, of the many things that ECS shows.
func (s *Simulator) showServer(in *incoming) (any, *Problem) {
	id := in.PathValue("id")
	server := s.server(id)
	if server == nil {
		return nil, unknownServer(id)
	}

	return object{"server": s.serverWire(server)}, nil
}

// serverWire is a server as ECS shows it, alone and in its list.
func (s *Simulator) serverWire(server *Server) object {
	volumes := []object{}
	for _, d := range s.disksOf(server.ID) {
		index := ""
		if isSystemDisk(d.at(server.ID)) {
			index = "0"
		}
		volumes = append(volumes, object{
			"id": d.ID, "device": d.at(server.ID), "bootIndex": index, "delete_on_termination": "false",
		})
	}
	addresses := []object{}
	for _, nic := range server.NICs {
		address := object{
			"addr": nic.IP, "version": "4", "OS-EXT-IPS:type": "fixed", "OS-EXT-IPS:port_id": nic.PortID,
			"OS-EXT-IPS-MAC:mac_addr": nic.MAC,
		}
		addresses = append(addresses, address)
		if nic.EIP != "" {
			addresses = append(addresses, object{
				"addr": nic.EIP, "version": "4", "OS-EXT-IPS:type": "floating", "OS-EXT-IPS:port_id": nic.PortID,
				"OS-EXT-IPS-MAC:mac_addr": nic.MAC,
			})
		}
	}

	return object{
		"id": server.ID, "name": server.Name, "status": server.Status, "metadata": object{"vpc_id": server.VPCID},
		"OS-EXT-AZ:availability_zone": server.AZ, "flavor": flavorWire(server.Flavor), "locked": server.Locked,
		"addresses": object{server.VPCID: addresses}, "os-extended-volumes:volumes_attached": volumes,
	}
}

const (
	serversOnPage    = 25
	maxServersOnPage = 1000
)

// listServers serves GET cloudservers/detail, whose offset is the number of a page: 0 and 1 are both the first. name,
// status and the other filters of the API reference are not served.
func (s *Simulator) listServers(in *incoming) (any, *Problem) {
	limit, page := serversOnPage, 1
	query := in.URL.Query()
	for name, value := range map[string]*int{"limit": &limit, "offset": &page} {
		if text := query.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				return nil, malformed("Ecs.0005", "The value of %s is invalid.", name)
			}
			*value = n
		}
	}
	limit, page = min(max(limit, 1), maxServersOnPage), max(page, 1)
	servers := []object{}
	count := 0
	s.eachServer(func(server *Server) {
		if count/limit == page-1 {
			servers = append(servers, s.serverWire(server))
		}
		count++
	})

	return object{"servers": servers, "count": count}, nil
}

// listServerDisks serves GET cloudservers/{id}/block_device.
func (s *Simulator) listServerDisks(in *incoming) (any, *Problem) {
	id := in.PathValue("id")
	if s.server(id) == nil {
		return nil, unknownServer(id)
	}
	disks := []object{}
	for _, d := range s.disksOf(id) {
		index := -1
		if isSystemDisk(d.at(id)) {
			index = 0
		}
		disks = append(disks, object{
			"id": d.ID, "volumeId": d.ID, "serverId": id, "device": d.at(id), "size": d.SizeGB, "bootIndex": index,
		})
	}

	return object{"volumeAttachments": disks, "attachableQuantity": object{"free_disk": 24 - len(disks)}}, nil
}

// listServerNICs serves GET cloudservers/{id}/os-interface.
func (s *Simulator) listServerNICs(in *incoming) (any, *Problem) {
	id := in.PathValue("id")
	server := s.server(id)
	if server == nil {
		return nil, unknownServer(id)
	}
	cards := []object{}
	for _, nic := range server.NICs {
		cards = append(cards, object{
			"port_id": nic.PortID, "net_id": nic.SubnetID, "mac_addr": nic.MAC, "port_state": "ACTIVE",
			"fixed_ips": []object{{"ip_address": nic.IP, "subnet_id": derivedID(nic.SubnetID, "neutron")}},
		})
	}

	return object{"interfaceAttachments": cards}, nil
}

type serverAction struct {
	Type    string `json:"type"`
	Servers []struct {
		ID string `json:"id"`
	} `json:"servers"`
}

// actOnServers serves POST cloudservers/action. The documentation says when a server's status changes as little as what
// a partly failed job looks like: here the servers change when the job ends, all at once. No job fails but that of a
// server in a zone that is down.
func (s *Simulator) actOnServers(in *incoming) (any, *Problem) {
	var request struct {
		Stop  *serverAction `json:"os-stop"`
		Start *serverAction `json:"os-start"`
	}
	if err := json.Unmarshal(in.body, &request); err != nil || (request.Stop == nil) == (request.Start == nil) {
		return nil, malformed("Ecs.0005", "The request body must hold either os-stop or os-start.")
	}

	action, kind, status, soft := request.Start, "startServer", serverRunning, false
	if request.Stop != nil {
		action, kind, status, soft = request.Stop, "stopServer", ServerStopped, request.Stop.Type != "HARD"
		if t := request.Stop.Type; t != "" && t != "SOFT" && t != "HARD" {
			return nil, malformed("Ecs.0005", "type must be SOFT or HARD.")
		}
	}
	if n := len(action.Servers); n == 0 || n > maxServersInAction {
		return nil, malformed("Ecs.0005", "The number of servers must be from 1 to %d.", maxServersInAction)
	}

	j := &job{part: part{kind: kind}, service: pathECS}
	for _, server := range action.Servers {
		if s.server(server.ID) == nil {
			return nil, unknownServer(server.ID)
		}
		j.parts = append(j.parts, &part{
			kind: kind, of: server.ID, entities: map[string]string{"server_id": server.ID},
		})
	}
	j.steps = []step{{after: s.serverJobDuration, ends: true, do: func(time.Time) {
		for _, asked := range action.Servers {
			server := s.server(asked.ID)
			if server != nil && s.down(server.AZ) {
				j.failure = &failure{code: "Ecs.0000", reason: "The server can't be reached.", of: server.ID}

				continue
			}
			if server == nil || soft && strings.HasSuffix(server.Name, "-stubborn") {
				continue
			}
			server.Status = status
		}
	}}}
	s.start(j)

	return j.accepted(), nil
}
