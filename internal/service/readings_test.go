package service_test

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// Whichever reading of what the reference leaves open is right, an estate is made, changed, switched, and destroyed,
// with an empty plan after each step.
func TestLifeUnderEachReading(t *testing.T) {
	t.Parallel()
	const while = 50 * time.Millisecond
	for name, reading := range map[string][]simulator.Option{
		"busy, 1002":            {simulator.WithBusy("SDRS.1002", while)},
		"busy, 0209":            {simulator.WithBusy("SDRS.0209", while)},
		"creations unseen":      {simulator.WithCreationsUnseen(while)},
		"missing is 404":        {simulator.WithMissingAs404()},
		"statuses lag":          {simulator.WithStatusLag(while)},
		"stations flip early":   {simulator.WithStationFlipsEarly()},
		"production first":      {simulator.WithProductionFirst()},
		"original sites":        {simulator.WithOriginalSites()},
		"pairs go":              {simulator.WithSeparatePairs(simulator.PairsGo)},
		"pairs refuse":          {simulator.WithSeparatePairs(simulator.PairsRefuse)},
		"loose pairs stopped":   {simulator.WithUnattachedPairsStopped(), simulator.WithAttachedPairsNeeded()},
		"protected groups kept": {simulator.WithProtectedGroupsKept()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live(t, tftest.SimulateEstate(t, simulator.EmptyEstate(), append(tftest.Ticking(), reading...)...),
				strings.HasPrefix(name, "busy")) // The console does not try again.
		})
	}
}

// live is the life of an estate, without switches where it is still.
func live(t *testing.T, c *tftest.Cloud, still bool) {
	t.Helper()
	estate := simulator.EmptyEstate()
	var made []func()
	step := func(typeName string, instance *tftest.Instance, config tftest.Attributes) {
		t.Helper()
		r, _ := c.NewResource(t, typeName, nil)
		done, again := r.Run(t.Context(), t, instance, config), r.Run(t.Context(), t, instance, config)
		if tftest.Failed(append(done.Diagnostics, again.Diagnostics...)) || !again.Empty {
			t.Errorf("empty afterwards is %v: %s", again.Empty, tftest.Text(append(done.Diagnostics, again.Diagnostics...)))
		}
	}
	create := func(typeName string, config, changed tftest.Attributes) (again func(), id string) {
		t.Helper()
		instance := &tftest.Instance{}
		step(typeName, instance, config)
		if changed != nil {
			config = changed
			step(typeName, instance, config)
		}
		made = append(made, func() {
			t.Helper()
			r, _ := c.NewResource(t, typeName, nil)
			if done := r.Run(t.Context(), t, instance, nil); tftest.Failed(done.Diagnostics) || instance.Attributes != nil {
				t.Errorf("%s is left: %s", typeName, tftest.Text(done.Diagnostics))
			}
		})
		id, _ = instance.Attributes["id"].(string)
		return func() { t.Helper(); step(typeName, instance, config) }, id
	}
	shop := tftest.Attributes{
		"name": "shop", "vpc_id": estate.VPCs[0].ID, "source_availability_zone": "eu-de-01", "target_availability_zone": "eu-de-02",
	}
	againGroup, groupID := create("sdrs_protection_group", shop, tftest.Change(shop, "name", "shop-1"))
	web := tftest.Attributes{
		"protection_group_id": groupID, "server_id": estate.Servers[0].ID, "name": "web", "delete_target_server": true,
	}
	againInstance, instanceID := create("sdrs_protected_instance", web, tftest.Change(web, "name", "web-1", "flavor_id",
		"s3.xlarge.2", "tags", tftest.Attributes{"a": "1"}))
	data := tftest.Attributes{
		"protection_group_id": groupID, "volume_id": estate.Disks[4].ID, "name": "data", "delete_target_volume": true,
	}
	againPair, pairID := create("sdrs_replication_pair", data, tftest.Change(data, "name", "data-1", "size", int64(200)))
	againAttachment, _ := create("sdrs_replication_pair_attachment", tftest.Attributes{
		"protected_instance_id": instanceID, "replication_pair_id": pairID, "device": "/dev/sdd",
	}, nil)
	againProtection, _ := create("sdrs_protection_group_protection", tftest.Attributes{"protection_group_id": groupID}, nil)

	c.GroupID = groupID
	for _, server := range estate.Servers {
		c.SetServerStatus(server.ID, simulator.ServerStopped)
	}
	for _, move := range c.Switches()[:2] {
		if still {
			break
		}
		move(t)
		for _, again := range []func(){againGroup, againInstance, againPair, againAttachment, againProtection} {
			again()
		}
	}
	for n := range made {
		made[len(made)-1-n]()
	}
	if groups := c.Groups(); len(groups) > 0 {
		t.Errorf("left %v", groups)
	}
}
