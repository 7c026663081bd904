package sdrs

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// DrillStatuses are the documented statuses of a DR drill.
var DrillStatuses = []Status{StatusCreating, StatusAvailable, StatusDeleting, StatusError, StatusErrorDeleting}

// Drill is a DR drill: for each protected instance of a group a server in another VPC, with copies of the disks at the
// site that is not active. What becomes of the group afterwards does not touch them.
type Drill struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Status    Status        `json:"status"`
	GroupID   string        `json:"server_group_id"`
	VPCID     string        `json:"drill_vpc_id"`
	Servers   []DrillServer `json:"drill_servers"`
	CreatedAt Time          `json:"created_at"`
	UpdatedAt Time          `json:"updated_at"`
}

// DrillServer is the server that a drill has made for a protected instance.
type DrillServer struct {
	InstanceID string `json:"protected_instance"`
	ServerID   string `json:"drill_server_id"`
}

// DrillFilter selects DR drills; empty fields select all.
type DrillFilter struct {
	GroupID string
	Name    string // A part of the name.
	Status  Status
	VPCID   string // Of the drill.
}

type drillPage struct {
	Drills []Drill `json:"disaster_recovery_drills"`
	Count  int     `json:"count"`
}

func (p drillPage) items() []Drill { return p.Drills }
func (p drillPage) total() int     { return p.Count }

// Drills lists DR drills, all pages (GET disaster-recovery-drills).
func (c *Client) Drills(ctx context.Context, filter DrillFilter) ([]Drill, error) {
	return list[drillPage](ctx, c, drillsPath, values(map[string]string{
		"server_group_id": c.groupID(filter.GroupID),
		"name":            filter.Name,
		"status":          string(filter.Status),
		"drill_vpc_id":    filter.VPCID,
	}), filter.check)
}

// check holds a listed drill against the filter.
func (f DrillFilter) check(path string, drill Drill) error {
	if f.GroupID != "" {
		if err := cloud.CheckID(path, groupNoun, f.GroupID, drill.GroupID); err != nil {
			return err
		}
	}
	if f.VPCID != "" && !cloud.SameID(f.VPCID, drill.VPCID) {
		return cloud.Malformed(
			http.MethodGet,
			path,
			fmt.Sprintf("the DR drill %q is in the VPC %q, not %q", drill.ID, drill.VPCID, f.VPCID),
		)
	}
	return nil
}

type drillAnswer struct {
	Drill Drill `json:"disaster_recovery_drill"`
}

// check holds an answer about a DR drill against the question.
func (a drillAnswer) check(method, path, id string) error {
	if err := cloud.CheckID(path, "DR drill", id, a.Drill.ID); err != nil {
		return err
	}
	if a.Drill.Status == "" {
		return cloud.Malformed(method, path, "the DR drill has no status")
	}
	return nil
}

// Drill reads a DR drill (GET disaster-recovery-drills/{id}). See [IsDrillNotFound].
func (c *Client) Drill(ctx context.Context, id string) (Drill, error) {
	var answer drillAnswer
	path := drillPath(id)
	if err := c.session.Get(ctx, cloud.SDRS, path, nil, &answer); err != nil {
		return Drill{}, err
	}
	return answer.Drill, answer.check(http.MethodGet, path, id)
}

// DrillArguments are what a DR drill is created with. The VPC may be empty: then the service makes one like the
// group's, with subnets, which is there for good.
type DrillArguments struct {
	GroupID string `json:"server_group_id"`
	VPCID   string `json:"drill_vpc_id,omitempty"`
	Name    string `json:"name"`
}

// CreateDrill asks for a DR drill (POST disaster-recovery-drills), and returns the id of the job, which has the id of
// the drill among its entities. See [Client.Reverse].
func (c *Client) CreateDrill(ctx context.Context, arguments DrillArguments) (string, error) {
	arguments.GroupID = c.groupID(arguments.GroupID)
	return c.submit(ctx, http.MethodPost, drillsPath, map[string]any{"disaster_recovery_drill": arguments})
}

// RenameDrill gives a DR drill another name, at once and in any status; its servers keep theirs (PUT
// disaster-recovery-drills/{id}).
func (c *Client) RenameDrill(ctx context.Context, id, name string) (Drill, error) {
	var answer drillAnswer
	path := drillPath(id)
	if err := c.session.Put(ctx, cloud.SDRS, path, renaming("disaster_recovery_drill", name), &answer); err != nil {
		return Drill{}, err
	}
	return answer.Drill, answer.check(http.MethodPut, path, id)
}

// DeleteDrill asks to delete a DR drill with its servers and their disks (DELETE disaster-recovery-drills/{id}), and
// returns the id of the job. The VPC stays, whoever made it. A refusal with SDRS.1913 may mean that the drill is gone:
// a read tells. See [Client.Reverse].
func (c *Client) DeleteDrill(ctx context.Context, id string) (string, error) {
	return c.submit(ctx, http.MethodDelete, drillPath(id), nil)
}

const drillsPath = "/disaster-recovery-drills"

func drillPath(id string) string { return drillsPath + "/" + url.PathEscape(id) }
