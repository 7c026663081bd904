package tfkit

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// PrivateReader and PrivateWriter are the private state of a resource.
type (
	// PrivateReader reads what an earlier apply kept beside the state.
	PrivateReader interface {
		GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	}
	// PrivateWriter keeps something beside the state.
	PrivateWriter interface {
		SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
	}
)

// pendingKey is where the job of a creation is kept that an apply did not see the end of.
const pendingKey = "pending_job"

// keepJob keeps the job of a creation whose end is not known, and forgets it where the id is empty.
func keepJob(ctx context.Context, private PrivateWriter, jobID string) diag.Diagnostics {
	encoded, err := json.Marshal(jobID)
	if err != nil {
		panic(err) // Can't be: it is text.
	}
	return private.SetKey(ctx, pendingKey, encoded)
}

// PendingJob returns the job that was kept; empty: none was.
func PendingJob(ctx context.Context, private PrivateReader) (string, diag.Diagnostics) {
	encoded, diags := private.GetKey(ctx, pendingKey)
	var jobID string
	if len(encoded) > 0 && json.Unmarshal(encoded, &jobID) != nil {
		return "", diags
	}
	return jobID, diags
}
