package foreign_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/basic"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/global"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	ecs "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ecs/v2"
	ecsmodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/ecs/v2/model"
	iam "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3"
	iammodel "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/iam/v3/model"
	sdrs "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/sdrs/v1"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/sdrs/v1/model"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// huawei is the vendor's SDK, which signs each request with AK/SK. It has no waiters.
type huawei struct {
	*cloud

	sdrs *sdrs.SdrsClient
	ecs  *ecs.EcsClient
	iam  *iam.IamClient
}

func newHuawei(t *testing.T) *huawei {
	t.Helper()
	c := newCloud(t)
	keys := must[*auth.BasicCredentials](t)(basic.NewCredentialsBuilder().
		WithAk(c.account.AccessKey).WithSk(c.account.SecretKey).WithProjectId(c.account.ProjectID).SafeBuild())
	return c.huawei(t, keys)
}

func (c *cloud) huawei(t *testing.T, keys auth.ICredential) *huawei {
	t.Helper()
	client := func(builder *core.HcHttpClientBuilder, url string, keys auth.ICredential) *core.HcHttpClient {
		return must[*core.HcHttpClient](t)(builder.WithEndpoint(url).WithCredential(keys).SafeBuild())
	}
	domain := must[*auth.GlobalCredentials](t)(global.NewCredentialsBuilder().
		WithAk(c.account.AccessKey).WithSk(c.account.SecretKey).WithDomainId(c.account.DomainID).SafeBuild())
	return &huawei{
		cloud: c,
		sdrs:  sdrs.NewSdrsClient(client(sdrs.SdrsClientBuilder(), c.sdrsURL, keys)),
		ecs:   ecs.NewEcsClient(client(ecs.EcsClientBuilder(), c.ecsURL, keys)),
		iam:   iam.NewIamClient(client(iam.IamClientBuilder(), c.iamURL, domain)),
	}
}

func (h *huawei) seeded(t *testing.T, id string) model.ShowProtectionGroupParams {
	t.Helper()
	g := h.group(t, id)
	pairs := 0
	for _, i := range g.Instances {
		pairs += len(i.Pairs)
	}
	want := model.ShowProtectionGroupParams{
		Id: g.ID, Name: g.Name, Description: g.Description, Status: g.Status, Progress: int32(g.Progress),
		SourceAvailabilityZone: g.SourceAZ, TargetAvailabilityZone: g.TargetAZ,
		DomainId: g.DomainID, DomainName: g.DomainName, PriorityStation: g.PriorityStation,
		ProtectedInstanceNum: int32(len(g.Instances)), ReplicationNum: int32(pairs),
		SourceVpcId: g.VPCID, TargetVpcId: g.VPCID, DrType: "migration", ServerType: "ECS",
		ProtectionType: model.GetShowProtectionGroupParamsProtectionTypeEnum().REPLICATION_PAIR,
		CreatedAt:      groupTime(g.CreatedAt), UpdatedAt: groupTime(g.UpdatedAt),
	}
	// The SDK reads a null as the word: see docs/research/foreign-clients.md.
	for _, unset := range []json.Unmarshaler{&want.ProtectedStatus, &want.ReplicationStatus, &want.HealthStatus} {
		if err := unset.UnmarshalJSON([]byte("null")); err != nil {
			t.Fatal(err)
		}
	}
	return want
}

func ids[T any](id func(T) string, items *[]T) []string {
	if items == nil {
		return nil
	}
	list := []string{}
	for _, item := range *items {
		list = append(list, id(item))
	}
	return list
}

func (h *huawei) groups(t *testing.T, request model.ListProtectionGroupsRequest, count int32, want ...string) {
	t.Helper()
	answer := must[*model.ListProtectionGroupsResponse](t)(h.sdrs.ListProtectionGroups(&request))
	same(t, "groups", ids(func(g model.ShowProtectionGroupParams) string { return g.Id }, answer.ServerGroups),
		append([]string{}, want...))
	same(t, "count", *answer.Count, count)
}

func (h *huawei) instances(t *testing.T, request model.ListProtectedInstancesRequest, count int32, want ...string) {
	t.Helper()
	answer := must[*model.ListProtectedInstancesResponse](t)(h.sdrs.ListProtectedInstances(&request))
	same(t, "instances",
		ids(func(i model.ShowProtectedInstanceParams) string { return i.Id }, answer.ProtectedInstances),
		append([]string{}, want...))
	same(t, "count", *answer.Count, count)
}

func (h *huawei) pairs(t *testing.T, request model.ListReplicationsRequest, count int32, want ...string) {
	t.Helper()
	answer := must[*model.ListReplicationsResponse](t)(h.sdrs.ListReplications(&request))
	same(t, "pairs", ids(func(p model.ShowReplicationParams) string { return p.Id }, answer.Replications),
		append([]string{}, want...))
	same(t, "count", *answer.Count, count)
}

func ptr[T any](value T) *T { return &value }

func empty() *any { return ptr[any](struct{}{}) }

// job waits for a job as a user of the SDK would have to, and returns its last state.
func (h *huawei) job(t *testing.T, id *string, states ...string) *model.ShowJobStatusResponse {
	t.Helper()
	if id == nil {
		t.Fatal("no job id")
	}
	var job *model.ShowJobStatusResponse
	for n, state := range states {
		if n > 0 {
			h.clock.Advance(jobDuration / 2)
		}
		job = must[*model.ShowJobStatusResponse](t)(h.sdrs.ShowJobStatus(&model.ShowJobStatusRequest{JobId: *id}))
		same(t, "job status", job.Status.Value(), state)
		same(t, "job id", job.JobId, id)
	}
	return job
}

func (h *huawei) reverse(t *testing.T) *string {
	t.Helper()
	return must[*model.StartReverseProtectionGroupResponse](t)(h.sdrs.StartReverseProtectionGroup(
		&model.StartReverseProtectionGroupRequest{
			ServerGroupId: webShop,
			Body: &model.ReverseProtectionGroupRequestBody{ReverseServerGroup: &model.ReverseProtectionGroupRequestParams{
				PriorityStation: model.GetReverseProtectionGroupRequestParamsPriorityStationEnum().TARGET,
			}},
		})).JobId
}

func (h *huawei) failover(t *testing.T) *string {
	t.Helper()
	return must[*model.StartFailoverProtectionGroupResponse](t)(h.sdrs.StartFailoverProtectionGroup(
		&model.StartFailoverProtectionGroupRequest{
			ServerGroupId: webShop, Body: &model.FailoverProtectionGroupRequestBody{FailoverServerGroup: empty()},
		})).JobId
}

func (h *huawei) start(t *testing.T, id string) *string {
	t.Helper()
	return must[*model.StartProtectionGroupResponse](t)(h.sdrs.StartProtectionGroup(&model.StartProtectionGroupRequest{
		ServerGroupId: id, Body: &model.StartProtectionGroupRequestBody{StartServerGroup: empty()},
	})).JobId
}

func (h *huawei) stands(t *testing.T, id, status, station string) {
	t.Helper()
	answer := must[*model.ShowProtectionGroupResponse](t)(h.sdrs.ShowProtectionGroup(
		&model.ShowProtectionGroupRequest{ServerGroupId: id}))
	same(t, "status", answer.ServerGroup.Status, status)
	same(t, "priority_station", answer.ServerGroup.PriorityStation, station)
}

func (h *huawei) refused(t *testing.T, err error, status int, code string) {
	t.Helper()
	var refusal *sdkerr.ServiceResponseError
	if !errors.As(err, &refusal) {
		t.Fatalf("not an answer: %v", err)
	}
	same(t, "HTTP status", refusal.StatusCode, status)
	same(t, "code", refusal.ErrorCode, code)
	if refusal.RequestId == "" || refusal.ErrorMessage == "" {
		t.Errorf("no request id or no message: %+v", refusal)
	}
}

func TestHuaweiCloudSDK(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(t *testing.T, h *huawei){
		"group": func(t *testing.T, h *huawei) {
			for _, id := range []string{webShop, database} {
				answer := must[*model.ShowProtectionGroupResponse](t)(h.sdrs.ShowProtectionGroup(
					&model.ShowProtectionGroupRequest{ServerGroupId: id}))
				same(t, "group", *answer.ServerGroup, h.seeded(t, id))
			}
		},
		"group that is not there": func(t *testing.T, h *huawei) {
			_, err := h.sdrs.ShowProtectionGroup(&model.ShowProtectionGroupRequest{ServerGroupId: unknown})
			h.refused(t, err, http.StatusBadRequest, "SDRS.1013")
		},
		"groups": func(t *testing.T, h *huawei) {
			answer := must[*model.ListProtectionGroupsResponse](t)(h.sdrs.ListProtectionGroups(&model.ListProtectionGroupsRequest{}))
			same(t, "groups", *answer.ServerGroups, []model.ShowProtectionGroupParams{
				h.seeded(t, webShop),
				h.seeded(t, database),
			})
		},
		"groups, page": func(t *testing.T, h *huawei) {
			h.groups(t, model.ListProtectionGroupsRequest{Limit: ptr(int32(1))}, 2, webShop)
			h.groups(t, model.ListProtectionGroupsRequest{Limit: ptr(int32(1)), Offset: ptr(int32(1))}, 2, database)
			h.groups(t, model.ListProtectionGroupsRequest{Limit: ptr(int32(1)), Offset: ptr(int32(2))}, 2)
		},
		"groups, limit too high": func(t *testing.T, h *huawei) {
			_, err := h.sdrs.ListProtectionGroups(&model.ListProtectionGroupsRequest{Limit: ptr(int32(1000))})
			h.refused(t, err, http.StatusBadRequest, "SDRS.0221")
		},
		"groups, by name": func(t *testing.T, h *huawei) {
			h.groups(t, model.ListProtectionGroupsRequest{Name: ptr("b-sh")}, 1, webShop)
			h.groups(t, model.ListProtectionGroupsRequest{Name: ptr("a b+c*~ä")}, 0) // signed, too
		},
		"groups, by status": func(t *testing.T, h *huawei) {
			h.groups(t, model.ListProtectionGroupsRequest{Status: ptr("available")}, 1, database)
		},
		"groups, by zone": func(t *testing.T, h *huawei) {
			h.groups(t, model.ListProtectionGroupsRequest{AvailabilityZone: ptr("eu-de-02")}, 1, database)
		},
		"groups, by query_type": func(t *testing.T, h *huawei) {
			kinds := model.GetListProtectionGroupsRequestQueryTypeEnum()
			h.groups(t, model.ListProtectionGroupsRequest{QueryType: &kinds.STATUS_ABNORMAL}, 0)
			h.groups(t, model.ListProtectionGroupsRequest{QueryType: &kinds.PERIOD_NO_DR_DRILL}, 2, webShop, database)
			// The SDK sends it with a blank before it: see docs/research/foreign-clients.md.
			_, err := h.sdrs.ListProtectionGroups(&model.ListProtectionGroupsRequest{QueryType: &kinds.STOP_PROTECTED})
			h.refused(t, err, http.StatusBadRequest, "SDRS.0201")
		},
		"planned failover": func(t *testing.T, h *huawei) {
			job := h.job(t, h.reverse(t), "INIT", "RUNNING", "SUCCESS")
			same(t, "type", *job.JobType, "reverseProtectionGroupNoCG")
			same(t, "group", *job.Entities.ServerGroupId, webShop)
			same(t, "sub-jobs", len(*job.Entities.SubJobs), 3)
			for _, sub := range *job.Entities.SubJobs {
				same(t, "type of sub-job", sub.JobType, "reverseProtectionGroupRepNoCG")
				same(t, "status of sub-job", sub.Status.Value(), "SUCCESS")
				same(t, "group of sub-job", *sub.Entities.ServerGroupId, webShop)
				h.job(t, &sub.JobId, "SUCCESS")
			}
			h.stands(t, webShop, "protected", "target")
		},
		"planned failover while a server runs": func(t *testing.T, h *huawei) {
			h.SetServerStatus(h.group(t, webShop).Instances[0].SourceServer.ID, "ACTIVE")
			_, err := h.sdrs.StartReverseProtectionGroup(&model.StartReverseProtectionGroupRequest{
				ServerGroupId: webShop,
				Body: &model.ReverseProtectionGroupRequestBody{ReverseServerGroup: &model.ReverseProtectionGroupRequestParams{
					PriorityStation: model.GetReverseProtectionGroupRequestParamsPriorityStationEnum().TARGET,
				}},
			})
			h.refused(t, err, http.StatusBadRequest, "SDRS.1319")
		},
		"failover": func(t *testing.T, h *huawei) {
			job := h.job(t, h.failover(t), "INIT", "RUNNING", "SUCCESS")
			same(t, "type", *job.JobType, "failoverProtectionGroupNoCG")
			h.stands(t, webShop, "failed-over", "target")
		},
		"reprotect": func(t *testing.T, h *huawei) {
			h.job(t, h.failover(t), "INIT", "RUNNING", "SUCCESS")
			job := h.job(t, h.start(t, webShop), "INIT", "RUNNING", "SUCCESS")
			same(t, "type", *job.JobType, "reprotectProtectionGroupNoCG")
			h.stands(t, webShop, "protected", "target")
		},
		"enable protection": func(t *testing.T, h *huawei) {
			job := h.job(t, h.start(t, database), "INIT", "RUNNING", "SUCCESS")
			same(t, "type", *job.JobType, "startProtectionGroupNoCG")
			h.stands(t, database, "protected", "target")
		},
		"disable protection": func(t *testing.T, h *huawei) {
			accepted := must[*model.StopProtectionGroupResponse](t)(h.sdrs.StopProtectionGroup(&model.StopProtectionGroupRequest{
				ServerGroupId: webShop, Body: &model.StopProtectionGroupRequestBody{StopServerGroup: empty()},
			}))
			job := h.job(t, accepted.JobId, "INIT", "RUNNING", "SUCCESS")
			same(t, "type", *job.JobType, "stopProtectionGroupNoCG")
			h.stands(t, webShop, "available", "source")
		},
		"job that fails, and failed jobs": func(t *testing.T, h *huawei) {
			h.FailNextJob("SDRS.1029", "because")
			job := h.job(t, h.reverse(t), "INIT", "RUNNING", "FAIL")
			same(t, "code", *job.ErrorCode, "SDRS.1029")
			same(t, "reason", *job.FailReason, "because")
			h.stands(t, webShop, "error-reversing", "source")

			status := model.GetListFailureJobsRequestFailureStatusEnum()
			list := func(request model.ListFailureJobsRequest) []model.FailureJobParams {
				return *must[*model.ListFailureJobsResponse](t)(h.sdrs.ListFailureJobs(&request)).FailureJobs
			}
			jobs := list(model.ListFailureJobsRequest{ServerGroupId: ptr(webShop), FailureStatus: &status.REVERSE_FAIL})
			if len(jobs) != 1 {
				t.Fatalf("failed jobs: %+v", jobs)
			}
			kinds := model.GetFailureJobParamsFailureStatusEnum()
			same(t, "failure", jobs[0], model.FailureJobParams{
				JobType: *job.JobType, JobStatus: model.GetFailureJobParamsJobStatusEnum().FAIL, BeginTime: *job.BeginTime,
				JobId: *job.JobId, FailureStatus: kinds.REVERSE_FAIL, ResourceId: webShop, ResourceName: "web-shop",
				ErrorCode: "SDRS.1029", FailReason: "because", ResourceType: jobs[0].ResourceType, // see docs/research
			})
			same(t, "another group's", list(model.ListFailureJobsRequest{ServerGroupId: ptr(database)}),
				[]model.FailureJobParams{})
			same(t, "other failures", list(model.ListFailureJobsRequest{FailureStatus: &status.START_FAIL}),
				[]model.FailureJobParams{})
			same(t, "next page", list(model.ListFailureJobsRequest{Offset: ptr(int32(1))}), []model.FailureJobParams{})
		},
		"job that is not there": func(t *testing.T, h *huawei) {
			_, err := h.sdrs.ShowJobStatus(&model.ShowJobStatusRequest{JobId: unknown})
			h.refused(t, err, http.StatusNotFound, "SDRS.0201")
		},
		"protected instances": func(t *testing.T, h *huawei) {
			g := h.group(t, webShop)
			h.UpdateGroup(webShop, func(g *simulator.Group) { g.Instances[0].Frozen = true })
			answer := must[*model.ListProtectedInstancesResponse](t)(h.sdrs.ListProtectedInstances(
				&model.ListProtectedInstancesRequest{ServerGroupId: ptr(webShop)}))
			want := []model.ShowProtectedInstanceParams{}
			for n, i := range g.Instances {
				shown := model.ShowProtectedInstanceParams{
					Id: i.ID, Name: i.Name, Description: i.Name, Status: i.Status, Progress: 100,
					SourceServer: i.SourceServer.ID, TargetServer: i.TargetServer.ID, ServerGroupId: webShop,
					CreatedAt: groupTime(i.CreatedAt), UpdatedAt: groupTime(i.UpdatedAt), PriorityStation: "source",
					Metadata: &model.MetadataParams{}, Tags: &[]model.ResourceTag{},
				}
				if n == 0 {
					shown.Metadata.SystemFrozen = "true"
				}
				for _, p := range i.Pairs {
					shown.Attachment = append(shown.Attachment, model.ProtectedInstanceAttachment{Replication: p.ID, Device: p.Device})
				}
				want = append(want, shown)
			}
			same(t, "instances", *answer.ProtectedInstances, want)
		},
		"protected instances, filtered and by page": func(t *testing.T, h *huawei) {
			web, db := h.group(t, webShop).Instances, h.group(t, database).Instances
			kinds := model.GetListProtectedInstancesRequestQueryTypeEnum()
			h.instances(t, model.ListProtectedInstancesRequest{Limit: ptr(int32(1)), Offset: ptr(int32(1))}, 3, web[1].ID)
			h.instances(t, model.ListProtectedInstancesRequest{ServerGroupIds: ptr(`["` + webShop + `","` + database + `"]`)},
				3, web[0].ID, web[1].ID, db[0].ID)
			h.instances(t, model.ListProtectedInstancesRequest{Name: ptr("shop-2")}, 1, web[1].ID)
			h.instances(t, model.ListProtectedInstancesRequest{Status: ptr("invalid")}, 0)
			h.instances(t, model.ListProtectedInstancesRequest{AvailabilityZone: ptr("eu-de-02")}, 1, db[0].ID)
			h.instances(t, model.ListProtectedInstancesRequest{QueryType: &kinds.STATUS_ABNORMAL}, 0)
		},
		"replication pairs": func(t *testing.T, h *huawei) {
			answer := must[*model.ListReplicationsResponse](t)(h.sdrs.ListReplications(
				&model.ListReplicationsRequest{ServerGroupId: ptr(webShop)}))
			want := []model.ShowReplicationParams{}
			for _, i := range h.group(t, webShop).Instances {
				for _, p := range i.Pairs {
					want = append(want, model.ShowReplicationParams{
						Id: p.ID, Name: p.Name, Description: p.Name, Status: "protected", Progress: 100, FaultLevel: "0",
						VolumeIds: p.SourceVolume + "," + p.TargetVolume, ReplicationModel: "hypermetro", ServerGroupId: webShop,
						Attachment: []model.ReplicationAttachment{{ProtectedInstance: i.ID, Device: p.Device}},
						RecordMetadata: &model.ReplicationRecordMetadata{
							Bootable: p.Device == "/dev/vda", VolumeSize: int32(p.SizeGB),
							VolumeType: model.GetReplicationRecordMetadataVolumeTypeEnum().SATA,
						},
						PriorityStation:   "source",
						ReplicationStatus: model.GetShowReplicationParamsReplicationStatusEnum().ACTIVE,
						CreatedAt:         pairTime(p.CreatedAt), UpdatedAt: pairTime(p.UpdatedAt),
					})
				}
			}
			same(t, "pairs", *answer.Replications, want)
		},
		"replication pairs, filtered and by page": func(t *testing.T, h *huawei) {
			web, db := h.group(t, webShop).Instances, h.group(t, database).Instances
			h.pairs(t, model.ListReplicationsRequest{Limit: ptr(int32(1)), Offset: ptr(int32(3))}, 4, db[0].Pairs[0].ID)
			h.pairs(t, model.ListReplicationsRequest{ProtectedInstanceId: &web[1].ID}, 1, web[1].Pairs[0].ID)
			h.pairs(t, model.ListReplicationsRequest{ProtectedInstanceIds: ptr(`["` + web[0].ID + `"]`)},
				2, web[0].Pairs[0].ID, web[0].Pairs[1].ID)
			h.pairs(t, model.ListReplicationsRequest{ServerGroupIds: ptr(`["` + database + `"]`)}, 1, db[0].Pairs[0].ID)
			h.pairs(t, model.ListReplicationsRequest{Name: ptr("database")}, 1, db[0].Pairs[0].ID)
			h.pairs(t, model.ListReplicationsRequest{Status: ptr("fault")}, 0)
			h.pairs(t, model.ListReplicationsRequest{AvailabilityZone: ptr("eu-de-02")}, 1, db[0].Pairs[0].ID)
		},
		"active-active domains": func(t *testing.T, h *huawei) {
			answer := must[*model.ListActiveActiveDomainsResponse](t)(h.sdrs.ListActiveActiveDomains(
				&model.ListActiveActiveDomainsRequest{}))
			g := h.group(t, webShop)
			same(t, "domains", *answer.Domains, []model.ShowActiveActiveDomainParams{{
				Id: g.DomainID, Name: g.DomainName, Description: "my domain",
				LocalReplicationCluster:  &model.ReplicationClusterParams{AvailabilityZone: g.SourceAZ},
				RemoteReplicationCluster: &model.ReplicationClusterParams{AvailabilityZone: g.TargetAZ},
			}})
		},
		"quotas": func(t *testing.T, h *huawei) {
			answer := must[*model.ShowQuotaResponse](t)(h.sdrs.ShowQuota(&model.ShowQuotaRequest{}))
			same(t, "quotas", answer.Quotas.Resources, []model.QuotaResourceParams{
				{Type: "server_groups", Used: 2, Quota: 50, Min: 0, Max: -1},
				{Type: "replications", Used: 4, Quota: 100, Min: 0, Max: -1},
			})
		},
		"server": func(t *testing.T, h *huawei) {
			want := h.group(t, webShop).Instances[0].SourceServer
			server := must[*ecsmodel.ShowServerResponse](t)(h.ecs.ShowServer(&ecsmodel.ShowServerRequest{ServerId: want.ID})).Server
			same(t, "server", []string{server.Id, server.Name, server.Status}, []string{want.ID, want.Name, want.Status})
		},
		"server that is not there": func(t *testing.T, h *huawei) {
			_, err := h.ecs.ShowServer(&ecsmodel.ShowServerRequest{ServerId: unknown})
			h.refused(t, err, http.StatusNotFound, "Ecs.0114")
		},
		"servers start and stop": func(t *testing.T, h *huawei) {
			id := h.group(t, webShop).Instances[0].SourceServer.ID
			servers := []ecsmodel.ServerId{{Id: id}}
			wait := func(job *string, status string) {
				t.Helper()
				for _, state := range []string{"RUNNING", "SUCCESS"} {
					answer := must[*ecsmodel.ShowJobResponse](t)(h.ecs.ShowJob(&ecsmodel.ShowJobRequest{JobId: *job}))
					same(t, "job", answer.Status.Value(), state)
					same(t, "server of the job", *(*answer.Entities.SubJobs)[0].Entities.ServerId, id)
					h.clock.Advance(jobDuration)
				}
				answer := must[*ecsmodel.ShowServerResponse](t)(h.ecs.ShowServer(&ecsmodel.ShowServerRequest{ServerId: id}))
				same(t, "status", answer.Server.Status, status)
			}
			wait(must[*ecsmodel.BatchStartServersResponse](t)(h.ecs.BatchStartServers(&ecsmodel.BatchStartServersRequest{
				Body: &ecsmodel.BatchStartServersRequestBody{OsStart: &ecsmodel.BatchStartServersOption{Servers: servers}},
			})).JobId, "ACTIVE")
			wait(must[*ecsmodel.BatchStopServersResponse](t)(h.ecs.BatchStopServers(&ecsmodel.BatchStopServersRequest{
				Body: &ecsmodel.BatchStopServersRequestBody{OsStop: &ecsmodel.BatchStopServersOption{
					Servers: servers, Type: ptr(ecsmodel.GetBatchStopServersOptionTypeEnum().SOFT),
				}},
			})).JobId, "SHUTOFF")
		},
		"log in by password": func(t *testing.T, h *huawei) {
			answer := must[*iammodel.KeystoneCreateUserTokenByPasswordResponse](t)(h.iam.KeystoneCreateUserTokenByPassword(
				&iammodel.KeystoneCreateUserTokenByPasswordRequest{
					Body: &iammodel.KeystoneCreateUserTokenByPasswordRequestBody{Auth: &iammodel.PwdAuth{
						Identity: &iammodel.PwdIdentity{
							Methods: []iammodel.PwdIdentityMethods{iammodel.GetPwdIdentityMethodsEnum().PASSWORD},
							Password: &iammodel.PwdPassword{User: &iammodel.PwdPasswordUser{
								Domain: &iammodel.PwdPasswordUserDomain{Name: h.account.DomainName},
								Name:   h.account.UserName, Password: h.account.Password,
							}},
						},
						Scope: &iammodel.AuthScope{Project: &iammodel.AuthScopeProject{Id: &h.account.ProjectID}},
					}},
				}))
			same(t, "project", answer.Token.Project.Id, h.account.ProjectID)
			same(t, "user", answer.Token.User.Id, h.account.UserID)
			same(t, "services", len(answer.Token.Catalog), 4)
			if answer.XSubjectToken == nil || *answer.XSubjectToken == "" {
				t.Error("no token")
			}
		},
		"projects, domains, and catalog by AK/SK": func(t *testing.T, h *huawei) {
			projects := must[*iammodel.KeystoneListProjectsResponse](t)(h.iam.KeystoneListProjects(
				&iammodel.KeystoneListProjectsRequest{Name: &h.account.ProjectName}))
			same(t, "project", (*projects.Projects)[0].Id, h.account.ProjectID)
			own := must[*iammodel.KeystoneListAuthProjectsResponse](t)(h.iam.KeystoneListAuthProjects(
				&iammodel.KeystoneListAuthProjectsRequest{}))
			same(t, "own project", (*own.Projects)[0].Id, h.account.ProjectID)
			domains := must[*iammodel.KeystoneListAuthDomainsResponse](t)(h.iam.KeystoneListAuthDomains(
				&iammodel.KeystoneListAuthDomainsRequest{}))
			same(t, "domain", (*domains.Domains)[0].Id, h.account.DomainID)
			catalog := must[*iammodel.KeystoneShowCatalogResponse](t)(h.iam.KeystoneShowCatalog(&iammodel.KeystoneShowCatalogRequest{}))
			same(t, "services", len(*catalog.Catalog), 4)
		},
		"temporary keys of an agency": func(t *testing.T, h *huawei) {
			answer := must[*iammodel.CreateTemporaryAccessKeyByAgencyResponse](t)(h.iam.CreateTemporaryAccessKeyByAgency(
				&iammodel.CreateTemporaryAccessKeyByAgencyRequest{
					Body: &iammodel.CreateTemporaryAccessKeyByAgencyRequestBody{Auth: &iammodel.AgencyAuth{
						Identity: &iammodel.AgencyAuthIdentity{
							Methods: []iammodel.AgencyAuthIdentityMethods{iammodel.GetAgencyAuthIdentityMethodsEnum().ASSUME_ROLE},
							AssumeRole: &iammodel.IdentityAssumerole{
								AgencyName: h.account.AgencyName,
								DomainName: &h.account.AgencyDomainName,
							},
						},
					}},
				})).Credential
			keys := must[*auth.BasicCredentials](t)(basic.NewCredentialsBuilder().WithAk(answer.Access).WithSk(answer.Secret).
				WithSecurityToken(answer.Securitytoken).WithProjectId(h.account.DelegatedProjectID).SafeBuild())
			h.cloud.huawei(t, keys).groups(t, model.ListProtectionGroupsRequest{}, 2, webShop, database)
		},
		"wrong secret key": func(t *testing.T, h *huawei) {
			keys := must[*auth.BasicCredentials](t)(basic.NewCredentialsBuilder().WithAk(h.account.AccessKey).WithSk("wrong").
				WithProjectId(h.account.ProjectID).SafeBuild())
			_, err := h.cloud.huawei(t, keys).sdrs.ShowQuota(&model.ShowQuotaRequest{})
			h.refused(t, err, http.StatusUnauthorized, "APIGW.0301")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call(t, newHuawei(t))
		})
	}
}

// What the simulator doesn't serve, because only Huawei's cloud has it, is a 404 of the gateway, or a 405 where it
// knows the path.
func TestHuaweiCloudSDKNotServed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		call   func(c *sdrs.SdrsClient) error
	}{
		"create instances": {http.StatusMethodNotAllowed, func(c *sdrs.SdrsClient) error {
			return second(c.BatchCreateProtectedInstances(&model.BatchCreateProtectedInstancesRequest{}))
		}},
		"delete instances": {http.StatusMethodNotAllowed, func(c *sdrs.SdrsClient) error {
			return second(c.BatchDeleteProtectedInstances(&model.BatchDeleteProtectedInstancesRequest{}))
		}},
		"RPO": {http.StatusNotFound, func(c *sdrs.SdrsClient) error {
			return second(c.ListRpoStatistics(&model.ListRpoStatisticsRequest{}))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var refusal *sdkerr.ServiceResponseError
			err := test.call(newHuawei(t).sdrs)
			if !errors.As(err, &refusal) || refusal.StatusCode != test.status {
				t.Errorf("got %v, want %d", err, test.status)
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }
