package foreign_test

import (
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/sdrs/v1/model"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/sdrs/v1/protectiongroups"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// What is created, changed, and deleted: by the vendor's SDK, and by gophertelekomcloud with its waiters.

// accepted follows a job of a change that succeeds.
func (h *huawei) accepted(t *testing.T, id *string, kind string) *model.JobEntities {
	t.Helper()
	job := h.job(t, id, "INIT", "RUNNING", "SUCCESS")
	same(t, "type", *job.JobType, kind)
	return job.Entities
}

func (h *huawei) newGroup(t *testing.T) string {
	t.Helper()
	domain, vpc := simulator.DemoDomain(), h.group(t, webShop).VPCID
	created := must[*model.CreateProtectionGroupResponse](t)(h.sdrs.CreateProtectionGroup(&model.CreateProtectionGroupRequest{
		Body: &model.CreateProtectionGroupRequestBody{ServerGroup: &model.CreateProtectionGroupRequestParams{
			Name: "blog", Description: ptr("words"), SourceAvailabilityZone: domain.RemoteAZ,
			TargetAvailabilityZone: domain.LocalAZ, DomainId: domain.ID, SourceVpcId: vpc,
			DrType: ptr(model.GetCreateProtectionGroupRequestParamsDrTypeEnum().MIGRATION),
		}},
	}))
	return *h.accepted(t, created.JobId, "createProtectionGroupNoCG").ServerGroupId
}

func TestHuaweiCloudSDKChanges(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(t *testing.T, h *huawei){
		"create, rename, delete group": func(t *testing.T, h *huawei) {
			id := h.newGroup(t)
			h.stands(t, id, "available", "source")
			renamed := must[*model.UpdateProtectionGroupNameResponse](t)(h.sdrs.UpdateProtectionGroupName(
				&model.UpdateProtectionGroupNameRequest{ServerGroupId: id, Body: &model.UpdateProtectionGroupNameRequestBody{
					ServerGroup: &model.UpdateProtectionGroupNameRequestParams{Name: "journal"},
				}}))
			same(t, "name", renamed.ServerGroup.Name, "journal")
			deleted := must[*model.DeleteProtectionGroupResponse](t)(h.sdrs.DeleteProtectionGroup(
				&model.DeleteProtectionGroupRequest{ServerGroupId: id}))
			h.accepted(t, deleted.JobId, "deleteProtectionGroupNoCG")
			h.groups(t, model.ListProtectionGroupsRequest{}, 2, webShop, database)
		},
		"delete failed jobs": func(t *testing.T, h *huawei) {
			fail := func() string {
				h.FailNextJob("SDRS.1029", "because")
				return *h.job(t, h.reverse(t), "INIT", "RUNNING", "FAIL").JobId
			}
			none := func() {
				t.Helper()
				listed := must[*model.ListFailureJobsResponse](t)(h.sdrs.ListFailureJobs(&model.ListFailureJobsRequest{}))
				same(t, "failed jobs", *listed.Count, int32(0))
			}
			must[*model.DeleteFailureJobResponse](t)(h.sdrs.DeleteFailureJob(&model.DeleteFailureJobRequest{FailureJobId: fail()}))
			none()
			fail()
			must[*model.DeleteServerGroupFailureJobsResponse](t)(h.sdrs.DeleteServerGroupFailureJobs(
				&model.DeleteServerGroupFailureJobsRequest{ServerGroupId: webShop}))
			none()
			fail()
			must[*model.DeleteAllServerGroupFailureJobsResponse](t)(h.sdrs.DeleteAllServerGroupFailureJobs(
				&model.DeleteAllServerGroupFailureJobsRequest{}))
			none()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call(t, newHuawei(t))
		})
	}
}

func (g *gopher) newGroup(t *testing.T) string {
	t.Helper()
	domain := simulator.DemoDomain()
	created := must[*protectiongroups.CreateProtectionGroupResponse](t)(protectiongroups.Create(g.sdrs, protectiongroups.CreateOpts{
		Name: "blog", Description: "words", SourceAZ: domain.LocalAZ, TargetAZ: domain.RemoteAZ, DomainID: domain.ID,
		SourceVpcID: g.seeded(t, webShop).VPCID, DrType: "migration",
	}))
	if err := protectiongroups.WaitForJobSuccess(g.sdrs, 60, created.JobID); err != nil {
		t.Fatal(err)
	}
	id, _ := must[any](t)(protectiongroups.GetJobEntity(g.sdrs, created.JobID, "server_group_id")).(string)
	return id
}

func TestGophertelekomcloudChanges(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(t *testing.T, g *gopher){
		"create, rename, delete group": func(t *testing.T, g *gopher) {
			id := g.newGroup(t)
			g.stands(t, id, "available")
			renamed := must[*protectiongroups.ServerGroupResponseInfo](t)(
				protectiongroups.Update(g.sdrs, id, protectiongroups.UpdateOpts{Name: "journal"}))
			same(t, "name", renamed.Name, "journal")
			deleted := must[*protectiongroups.DeleteProtectionGroupResponse](t)(protectiongroups.Delete(g.sdrs, id))
			if err := protectiongroups.WaitForJobSuccess(g.sdrs, 60, deleted.JobID); err != nil {
				t.Fatal(err)
			}
			if _, err := protectiongroups.Get(g.sdrs, id); err == nil {
				t.Error("the group is still there")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in(t, call, password())
		})
	}
}
