package simulator

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Disk is an EVS disk.
type Disk struct {
	ID          string
	Name        string
	AZ          string
	SizeGB      int
	Type        string // SSD, SAS or SATA; SAS where empty
	Status      string // derived from the attachments where empty, e.g. error
	Encrypted   bool
	Shared      bool
	Frozen      bool
	Locked      bool
	Bootable    bool
	Attachments []DiskAttachment
}

// DiskAttachment is a disk at a server.
type DiskAttachment struct{ ServerID, Device string }

// The statuses of a disk in order.
const (
	diskAvailable = "available"
	diskInUse     = "in-use"
)

// WithDisks seeds the cloud with disks. Those of seeded pairs are there without it.
func WithDisks(disks ...Disk) Option {
	return func(s *Simulator) {
		for _, d := range disks {
			s.addDisk(d)
		}
	}
}

// Disk returns a copy of a disk.
func (s *Simulator) Disk(id string) (Disk, bool) {
	defer s.enter().Unlock()

	d := s.disks[id]
	if d == nil {
		return Disk{}, false
	}

	return d.clone(), true
}

// AddDisk adds a disk, or replaces the one with the same id.
func (s *Simulator) AddDisk(d Disk) {
	defer s.enter().Unlock()

	s.addDisk(d)
}

// UpdateDisk lets change edit anything about a disk. An unknown one is not changed. change must not call the simulator.
func (s *Simulator) UpdateDisk(id string, change func(*Disk)) {
	defer s.enter().Unlock()

	if d := s.disks[id]; d != nil {
		change(d)
		*d = d.clone() // whoever changes it keeps no hold of it
	}
}

// DeleteDisk deletes a disk outside SDRS: a pair that has it is invalid from then on.
func (s *Simulator) DeleteDisk(id string) {
	defer s.enter().Unlock()

	delete(s.disks, id)
	if p := s.pairOfDisk(id); p != nil {
		p.Status, p.UpdatedAt = StatusInvalid, s.now
	}
}

func (s *Simulator) addDisk(d Disk) {
	clone := d.clone()
	if clone.Type == "" {
		clone.Type = "SAS"
	}
	s.disks[d.ID] = &clone
}

func (d *Disk) clone() Disk {
	clone := *d
	clone.Attachments = slices.Clone(d.Attachments)

	return clone
}

func (d *Disk) status() string {
	switch {
	case d.Status != "":
		return d.Status
	case len(d.Attachments) > 0:
		return diskInUse
	default:
		return diskAvailable
	}
}

// at returns the device that the disk is at a server, or nothing.
func (d *Disk) at(serverID string) string {
	for _, a := range d.Attachments {
		if a.ServerID == serverID {
			return a.Device
		}
	}

	return ""
}

// attach and detach leave alone a disk that is there no more, or already as it should be.
func (s *Simulator) attachDisk(id, serverID, device string) {
	if d := s.disks[id]; d != nil && serverID != "" && d.at(serverID) == "" {
		d.Attachments = append(d.Attachments, DiskAttachment{serverID, device})
	}
}

func (s *Simulator) detachDisk(id, serverID string) {
	if d := s.disks[id]; d != nil {
		d.Attachments = slices.DeleteFunc(d.Attachments, func(a DiskAttachment) bool { return a.ServerID == serverID })
	}
}

// disksOf returns the disks of a server, in the order of its devices.
func (s *Simulator) disksOf(serverID string) []*Disk {
	var disks []*Disk
	for _, d := range s.disks {
		if d.at(serverID) != "" {
			disks = append(disks, d)
		}
	}
	slices.SortFunc(disks, func(a, b *Disk) int {
		return cmp.Or(cmp.Compare(a.at(serverID), b.at(serverID)), cmp.Compare(a.ID, b.ID))
	})

	return disks
}

func isSystemDisk(device string) bool { return strings.HasSuffix(device, "da") }

// showDisk serves GET volumes/{id} of EVS.
func (s *Simulator) showDisk(in *incoming) (any, *Problem) {
	d := s.disks[in.PathValue("id")]
	if d == nil {
		return nil, notFound("EVS.5404", "Volume %s could not be found.", in.PathValue("id"))
	}
	attachments := []object{}
	for _, a := range d.Attachments {
		attachments = append(attachments, object{
			"id": d.ID, "volume_id": d.ID, "server_id": a.ServerID, "device": a.Device,
			"attachment_id": derivedID(d.ID, a.ServerID), "attached_at": "2019-05-23T03:51:58.256108",
		})
	}
	metadata := object{}
	if d.Encrypted {
		metadata["__system__encrypted"] = "1"
	}

	return object{"volume": object{
		"id": d.ID, "name": d.Name, "status": d.status(), "size": d.SizeGB, "volume_type": d.Type,
		"availability_zone": d.AZ, "multiattach": d.Shared, "bootable": strconv.FormatBool(d.Bootable),
		"encrypted": d.Encrypted, "attachments": attachments, "metadata": metadata,
	}}, nil
}
