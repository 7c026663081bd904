// Package drill is DR drills in Terraform.
package drill

import (
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// drillModel is a DR drill.
type drillModel struct {
	ID                types.String  `tfsdk:"id"`
	Name              types.String  `tfsdk:"name"`
	ProtectionGroupID types.String  `tfsdk:"protection_group_id"`
	DrillVPCID        types.String  `tfsdk:"drill_vpc_id"`
	Status            types.String  `tfsdk:"status"`
	Servers           []serverModel `tfsdk:"servers"`
	CreatedAt         types.String  `tfsdk:"created_at"`
	UpdatedAt         types.String  `tfsdk:"updated_at"`
}

// serverModel is the server that a drill has made for a protected instance.
type serverModel struct {
	ProtectedInstanceID types.String `tfsdk:"protected_instance_id"`
	ServerID            types.String `tfsdk:"server_id"`
	// Name and PrivateIPs are what ECS knows; null where it does not tell.
	Name       types.String   `tfsdk:"name"`
	PrivateIPs []types.String `tfsdk:"private_ips"`
}

func fromAPI(drill sdrs.Drill) drillModel {
	return drillModel{
		ID: tfkit.OrNull(drill.ID), Name: tfkit.OrNull(drill.Name), ProtectionGroupID: tfkit.OrNull(drill.GroupID),
		DrillVPCID: tfkit.OrNull(drill.VPCID), Status: tfkit.OrNull(drill.Status),
		Servers: tfkit.Each(drill.Servers, func(server sdrs.DrillServer) serverModel {
			return serverModel{ProtectedInstanceID: tfkit.OrNull(server.InstanceID), ServerID: tfkit.OrNull(server.ServerID)}
		}),
		CreatedAt: tfkit.Timestamp(drill.CreatedAt), UpdatedAt: tfkit.Timestamp(drill.UpdatedAt),
	}
}

// address completes the servers with what ECS knows of them (GET cloudservers/{id}). Where it does not tell, they are
// as they are known: a read that fails is no change of a server.
func address(ctx context.Context, services *tfkit.Services, servers, known []serverModel) {
	var reads sync.WaitGroup
	for i := range servers {
		reads.Go(func() {
			found, err := services.ECS.AddressedServer(ctx, servers[i].ServerID.ValueString())
			if err == nil {
				servers[i].Name = tfkit.OrNull(found.Name)
				servers[i].PrivateIPs = tfkit.Each(found.PrivateIPs(), types.StringValue)
				return
			}
			before := slices.IndexFunc(known, func(s serverModel) bool { return s.ServerID.Equal(servers[i].ServerID) })
			if before >= 0 {
				servers[i].Name, servers[i].PrivateIPs = known[before].Name, known[before].PrivateIPs
			}
		})
	}
	reads.Wait()
}

// The descriptions that the resource and the data sources share.
const (
	serversText = "The servers that the drill has made, one for each protected instance, as far as ECS tells; they are " +
		"not synchronized any more."
	instanceText = "The id of the protected instance."
	serverText   = "The id of the drill's server."
	nameText     = "The name of the drill's server; null where ECS does not tell."
	ipsText      = "The addresses of the drill's server in the VPC of the drill; null where ECS does not tell."
	statusText   = "The status of the DR drill: `creating`, `available`, `deleting`, `error`, or `error-deleting`."
	createdText  = "When the DR drill was created, RFC 3339 in UTC: its data is of that moment."
	updatedText  = "When the DR drill was last changed, RFC 3339 in UTC."
)

// drillAttributes returns the schema of a drill in a data source.
func drillAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                  tfkit.Reported("The id of the DR drill."),
		"name":                tfkit.Reported("The name of the DR drill."),
		"protection_group_id": tfkit.Reported("The id of the protection group that is drilled."),
		"drill_vpc_id":        tfkit.Reported("The id of the VPC that the drill's servers are in."),
		"status":              tfkit.Reported(statusText),
		"created_at":          tfkit.Reported(createdText),
		"updated_at":          tfkit.Reported(updatedText),
	}
}
