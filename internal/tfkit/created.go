package tfkit

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Kinds that are about any noun that is created.
var (
	existsAlready = diagnostic.Error(
		"… Exists Already",
		"What was to be created is there: an earlier apply was killed after it had asked for it, or somebody else made it. "+
			"Nothing was created.",
		"If it is yours, import it with the id that the message names. Otherwise choose another name, or another server or "+
			"disk.",
	)
	stillBeingMade = diagnostic.Warning("… Goes On",
		"Ctrl-C ended the wait for a creation. The job goes on in the cloud, and the state has its id.",
		"Plan again, then apply: that resumes the wait.")
	notIdentified = diagnostic.Warning(
		"… Not Identified",
		"The job of a creation that an earlier apply did not see the end of is over, and does not tell what it made, if "+
			"anything. The state forgets it.",
		"Look for what it made in the console, or with `terraform query`, and import that. An apply that finds it creates "+
			"no second one, and names its id.",
	)
	withoutID = diagnostic.Error(
		"… Without an ID",
		"A creation was accepted, and the id of what it makes was never learned, so that can't be deleted. The state keeps "+
			"it.",
		"Plan with a refresh: that asks the job. If the job does not tell, delete what it made in the console, and take "+
			"the resource out of the state with `terraform state rm`.",
	)
)

// CreatedAnew is why a plan replaces what is in the state where Terraform asks for the plan of a creation.
const CreatedAnew = "It is in the state, and is to be created anew. Where it is tainted, terraform untaint keeps it; " +
	"where its address has changed, a moved block does. Where another resource has it, too, nothing is deleted, and apply " +
	"refuses to create a second one."

// Another is why something is replaced, and says so where that is only because a value is not known yet.
func Another(why string, planned ...types.String) string {
	for _, value := range planned {
		if value.IsUnknown() {
			return why + " What is known only after apply counts as another value: where it will be the same, apply first " +
				"what it comes from, with -target."
		}
	}
	return why
}

// FailsMidway says of a deletion in a plan that apply will not ask for it: Terraform destroys what depends on it first.
const FailsMidway = "Apply won't ask for that: it fails here, and protection and attachments that it is to destroy, " +
	"too, are gone by then. Do not apply this."

// descriptionFixed is a description that differs.
var descriptionFixed = diagnostic.Error("… Description Is Fixed",
	"`description` differs from what it is in the cloud, and the API has no call that changes it.",
	"Set it to what the message says.")

// DescriptionStays reports whether a plan changes the description, and says that this can't be done: to replace what it
// is of would tear down disaster recovery. The report has the facts about that.
func (r *Resource) DescriptionStays(planned, is types.String, report *Report, diags *diag.Diagnostics) bool {
	if planned.IsUnknown() || planned.Equal(is) {
		return false
	}
	report.Happened = fmt.Sprintf(
		"The API can't change the description of a %s, and to replace it would tear down disaster recovery.",
		r.Subject.Name,
	)
	report.Next = "Set description to what it is, or leave it out if there is none. To have another one all the same, " +
		"destroy the resource with -target, or use terraform apply -replace."
	report.Fact("Description", is.ValueString())
	diags.Append(report.On(path.Root("description"), descriptionFixed.Of(r.Subject)))
	return true
}

// Creations is what can be said of anything that is created.
func Creations() diagnostic.Section {
	return diagnostic.Section{
		Title: "Creating and deleting",
		Kinds: []diagnostic.Kind{
			existsAlready, stillBeingMade, notIdentified, withoutID, descriptionFixed,
			wouldFail, unfit, partlyUnchecked,
		},
	}
}

// KeepCreated keeps what is known of something that was asked for: its identity, or, where the id is not known, its job.
func (r *Resource) KeepCreated(
	ctx context.Context, created Created, id types.String, resp *resource.CreateResponse,
) diag.Diagnostics {
	if created.ID == "" {
		return keepJob(ctx, resp.Private, created.JobID)
	}
	return r.Identify(ctx, resp.Identity, id)
}

// CreationFailed is the diagnostic for a creation that ended with err; the report has the facts about what was asked
// for. It is a warning for one that was interrupted, goes on, and is known by its id: an error would have Terraform
// replace what is whole by then.
func (r *Resource) CreationFailed(created Created, err error, report *Report) diag.Diagnostic {
	if exists, ok := errors.AsType[*EqualExists](err); ok {
		report.Happened = fmt.Sprintf("There is such a %s already. Nothing was created.", r.Subject.Name)
		for _, id := range exists.IDs {
			report.Fact("ID", id)
		}
		report.Next = "If an earlier apply made it and was killed, import it: an import block with this resource and the " +
			"id. Otherwise " +
			cmp.Or(
				r.Otherwise,
				"choose another name.",
			)
		return report.New(existsAlready.Of(r.Subject))
	}
	if lacks, ok := errors.AsType[*Unfit](err); ok {
		return r.unfitCreation(lacks, report)
	}
	report.Fact("ID", created.ID)
	failure, ok := errors.AsType[*jobs.Error](err)
	if ok && failure.Kind == jobs.Interrupted && created.ID != "" {
		report.Fact("Job ID", created.JobID)
		report.Happened = fmt.Sprintf("The wait was interrupted after %s. The creation of the %s goes on in the cloud.",
			rounded(failure.Waited), r.Subject.Name)
		report.Next = Applying("create").Resume + "."
		return report.New(stillBeingMade.Of(r.Subject.Creation()))
	}
	if ok && errors.Is(failure.Err, errNotIdentified) {
		report.Fact("Job ID", created.JobID)
		report.Happened = fmt.Sprintf(
			"The cloud accepted the creation of the %s, and the job has ended, but what it made is not to be found: its id is "+
				"not known.",
			r.Subject.Name,
		)
		report.Next = "Plan with a refresh: that asks the job once more. If it does not tell, look for what it made in the " +
			"console, or with terraform query, and import it."
		return report.New(withoutID.Of(r.Subject))
	}
	retry := Applying("create")
	if ok && created != (Created{}) && failure.Kind != jobs.Failed {
		const untaint = "Run terraform untaint for this resource, or Terraform replaces it. "
		retry.Again, retry.Resume = untaint+retry.Again, untaint+retry.Resume
	}
	if created == (Created{}) { // No state has it.
		retry.Shows = "the plan names it: import it"
		retry.Resume = retry.Again
		if !ok || !failure.Unsent {
			retry.Resume += ". Should it show by then, " + retry.Shows
		}
	}
	return RequestFailed(err, r.Subject, r.Subject.Creation(), report, retry)
}

// Unidentified completes, in a Read, the id of what a creation made that an earlier apply did not see the end of. It
// reports false where there is nothing to read: the job left nothing, and so the state of it is gone, or it can't be
// asked now.
func (r *Resource) Unidentified(
	ctx context.Context, id *types.String, groupID string, made func(sdrs.JobEntities) string,
	req resource.ReadRequest, resp *resource.ReadResponse,
) bool {
	if id.ValueString() != "" || r.Services == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()
	jobID, diags := PendingJob(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	report := &Report{}
	report.Fact("Job ID", jobID)
	if jobID == "" {
		resp.Diagnostics.Append(r.unknownID(report))
		return false
	}
	found, succeeded, err := r.Services.Identified(ctx, groupID, jobID, made)
	lost, _ := errors.AsType[*jobs.Error](err)
	switch {
	case lost != nil && lost.Kind == jobs.LostContact && !cloud.Transient(lost.Err): // To wait is no use.
		report.Failure(lost.Err)
		resp.Diagnostics.Append(r.unknownID(report))
		return false
	case err != nil:
		resp.Diagnostics.Append(RequestFailed(err, r.Subject, r.Subject.Creation(), report, Applying("read")))
		return false
	case found == "":
		report.Happened = fmt.Sprintf(
			"The creation of the %s has failed, and nothing is to be found of what it made. The state forgets it.",
			r.Subject.Name,
		)
		report.Next = "Look for the job in the console, and for what it left behind."
		if succeeded {
			report.Happened = fmt.Sprintf(
				"The creation of the %s has succeeded, and its job does not say what it made. The state forgets it.",
				r.Subject.Name,
			)
			report.Next = "Look for it in the console, or with terraform query, and import it with its id. An apply that " +
				"finds it creates no second one, and names its id."
		}
		resp.Diagnostics.Append(report.New(notIdentified.Of(r.Subject.Creation())))
		resp.State.RemoveResource(ctx)
		return false
	}
	*id = types.StringValue(found)
	resp.Diagnostics.Append(keepJob(ctx, resp.Private, "")...)
	return true
}

// unknownID is the diagnostic for something whose id was never learned.
func (r *Resource) unknownID(report *Report) diag.Diagnostic {
	report.Happened = fmt.Sprintf(
		"The creation of the %s was accepted, and its id was never learned. It was not deleted.",
		r.Subject.Name,
	)
	report.Next = "Plan with a refresh. If that does not help, delete it in the console, and run terraform state rm for " +
		"this resource."
	return withoutID.Of(r.Subject).New(report.String())
}

// Deletable returns the id for a Delete, which a creation may not have learned. It reports false where it is not known,
// and says so: what is not known can't be deleted, and must not be forgotten.
func (r *Resource) Deletable(
	ctx context.Context, id types.String, groupID string, made func(sdrs.JobEntities) string,
	req resource.DeleteRequest, resp *resource.DeleteResponse,
) (string, bool) {
	if id.ValueString() != "" {
		return id.ValueString(), true
	}
	jobID, diags := PendingJob(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	report := &Report{}
	report.Fact("Job ID", jobID)
	if jobID != "" {
		if found, _, err := r.Services.Identified(ctx, groupID, jobID, made); err == nil && found != "" {
			return found, true
		}
	}
	resp.Diagnostics.Append(r.unknownID(report))
	return "", false
}
