package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

var project = simulator.EmptyEstate()

// The servers of the empty estate that tests protect, and the spare disk beside them.
var (
	web   = project.Servers[0]
	db    = project.Servers[2]
	spare = project.Disks[4]
)

// emptyCloud is a cloud with the empty estate.
func emptyCloud(t *testing.T, options ...simulator.Option) *cloud {
	t.Helper()

	return newCloud(t, append([]simulator.Option{simulator.WithEstate(project)}, options...)...)
}

// madeGroup creates a group of the empty estate's VPC, from eu-de-01.
func (c *cloud) madeGroup() string {
	c.t.Helper()

	return c.made("server-groups", newGroup(simulator.DemoGroup().VPCID, project.VPCs[0].ID), "server_group_id")
}

// newInstance is the creation of an instance, with further parameters.
func newInstance(group, server string, further ...string) string {
	return fmt.Sprintf(`{"protected_instance":{"server_group_id":"%s","server_id":"%s","name":"web"%s}}`,
		group, server, strings.Join(further, ""))
}

func (c *cloud) madeInstance(group, server string) string {
	c.t.Helper()

	return c.made("protected-instances", newInstance(group, server), "protected_instance_id")
}

func newPair(group, disk string) string {
	return fmt.Sprintf(`{"replication":{"server_group_id":"%s","volume_id":"%s","name":"data"}}`, group, disk)
}

func (c *cloud) madePair(group, disk string) string {
	c.t.Helper()

	return c.made("replications", newPair(group, disk), "replication_pair_id")
}

// shown returns an object by its path and key.
func (c *cloud) shown(path, key string) reply {
	c.t.Helper()

	r := c.sdrs(path)
	object, ok := r.at(key).(map[string]any)
	if !ok {
		c.t.Fatalf("%s: got %s", path, r.text)
	}

	return reply{body: object}
}

func (c *cloud) instance(id string) reply {
	return c.shown("protected-instances/"+id, "protected_instance")
}

func (c *cloud) pair(id string) reply { return c.shown("replications/"+id, "replication") }

// textAt returns a value that is a text.
func (r reply) textAt(path ...string) string {
	text, _ := r.at(path...).(string)

	return text
}

// ask runs rows of requests, each with the answer in brief.
type ask struct{ method, path, body, want string }

func (c *cloud) answers(asks ...ask) {
	c.t.Helper()

	for _, a := range asks {
		equal(c.t, a.method+" "+a.path+" "+a.body, c.change(a.method, a.path, a.body).brief(), a.want)
	}
}

func TestCatalogue(t *testing.T) {
	c := emptyCloud(t)
	server, _ := c.ecs("cloudservers/" + web.ID).at("server").(map[string]any)
	disks := project.DisksOf(web.ID)
	shown := reply{body: server}
	equal(t, "zone", server["OS-EXT-AZ:availability_zone"], any("eu-de-01"))
	equal(t, "VPC", shown.at("metadata", "vpc_id"), any(project.VPCs[0].ID))
	equal(t, "flavor", fmt.Sprint(shown.at("flavor", "id"), shown.at("flavor", "vcpus"), shown.at("flavor", "ram")),
		"s3.large.224096")
	volumes := shown.list("os-extended-volumes:volumes_attached")
	equal(t, "disks", fmt.Sprint(volumes[0]["id"], volumes[0]["bootIndex"], volumes[1]["id"], volumes[1]["device"]),
		fmt.Sprint(disks[0].ID, "0", disks[1].ID, "/dev/vdb"))
	attached := c.ecs("cloudservers/" + web.ID + "/block_device").list("volumeAttachments")
	equal(t, "attached", fmt.Sprint(len(attached), attached[1]["volumeId"], attached[1]["size"]),
		fmt.Sprint(2, disks[1].ID, 40))
	cards := c.ecs("cloudservers/" + web.ID + "/os-interface").list("interfaceAttachments")
	equal(t, "NICs", fmt.Sprint(len(cards), cards[0]["net_id"]), fmt.Sprint(1, project.VPCs[0].Subnets[0].ID))

	evs := func(id string) reply {
		return c.call(http.MethodGet, "/evs/v2/"+c.Account.ProjectID+"/volumes/"+id, "")
	}
	disk := evs(spare.ID)
	equal(t, "spare", fmt.Sprint(disk.at("volume", "status"), disk.at("volume", "size"), disk.at("volume", "multiattach")),
		"available100 false")
	equal(t, "in use", evs(disks[0].ID).at("volume", "status"), any("in-use"))
	equal(t, "no disk", evs("none").status, http.StatusNotFound)
	c.UpdateDisk(spare.ID, func(d *simulator.Disk) { d.Encrypted = true })
	equal(t, "encrypted", evs(spare.ID).at("volume", "metadata", "__system__encrypted"), any("1"))

	// Those of a seeded group are there, too.
	pair := c.group().Instances[0].Pairs[1]
	equal(t, "of a pair", evs(pair.TargetVolume).at("volume", "availability_zone"), any("eu-de-02"))
}
