package tfkit

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/report"
)

// ReportArgument is the argument of an action that names the file of its report.
const ReportArgument = "report_file"

// ReportFile is the argument of an action that names the file of its report.
func ReportFile() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "A file for the report, `.html` for a page to print and to archive, or `.json`. A relative path " +
			"begins where Terraform runs; the folder must exist. It is written as the action goes, and complete also where " +
			"that fails, or after Ctrl-C. A file that is there already is kept: it is renamed by the time of its last change. " +
			"See the guide [Alerts, records, and who switched](../guides/alerts-and-records.md#the-report).",
		Optional: true,
		Validators: []validator.String{stringvalidator.RegexMatches(
			regexp.MustCompile(`(^|[^/\\])\.(html|json)$`), "must end in .html or .json")},
	}
}

// ReportUnwritable is the error where a report can't be written to a file, before anything moves; nil where it can, or
// where there is to be none.
func ReportUnwritable(file string) diag.Diagnostic {
	if file == "" {
		return nil
	}
	return unwritable(file, report.Writable(file))
}

func unwritable(file string, err error) diag.Diagnostic {
	if err == nil {
		return nil
	}
	r := Say("The report can't be written, so the action does nothing.", "Make the folder, or name another file, or remove "+
		"report_file: the action does not need it.")
	r.Object = file
	r.Failure(err)
	return r.On(path.Root(ReportArgument), reportUnwritable)
}

// NewReport begins the report of an action, and says where the file went that was there before. Without a file it is
// nil, as all that it is told then goes nowhere.
func (s *Services) NewReport(
	file string,
	about report.About,
	subjects []report.Subject,
	say func(string),
) (*report.File, diag.Diagnostic) {
	if file == "" {
		return nil, nil
	}
	about.Origin = s.Origin
	created, err := report.Create(file, about, subjects)
	if err != nil {
		return nil, unwritable(file, err)
	}
	if aside := created.Aside(); aside != "" {
		say("the report that was in " + file + " is in " + aside + " now")
	}
	return created, nil
}

// CloseReport writes a report for the last time. A report that can't be written is a warning: what was reported has
// happened.
func CloseReport(ctx context.Context, file *report.File, said diag.Diagnostics, say func(string), notes ...string) diag.Diagnostics {
	if file == nil {
		return nil
	}
	state := report.StateDone
	switch {
	case ctx.Err() != nil:
		state = report.StateInterrupted
	case said.HasError():
		state = report.StateFailed
	}
	written, err := file.Close(state, notes...)
	if err == nil {
		say("the report is in " + written)
		return nil
	}
	r := Say("The report could not be written to its end. That changed nothing of what the action did.",
		"Take the table and the records that the action printed for the archive.")
	r.Object = written
	r.Failure(err)
	return diag.Diagnostics{r.New(reportIncomplete)}
}

var (
	// reportUnwritable is a file that can't be written, before anything moves.
	reportUnwritable = diagnostic.Error(
		"Report Not Writable",
		"`report_file` can't be written, and nothing was moved: an evacuation whose record is lost should not begin.",
		"Make the folder, name another file, or remove `report_file`. A relative path begins where Terraform runs.",
	)
	// reportIncomplete is a report whose end could not be written.
	reportIncomplete = diagnostic.Warning(
		"Report Incomplete",
		"The action began its report, and could not write the end of it, for example since the disk is full. The action "+
			"went on all the same. The file, if any, is as of the last write.",
		"Keep what the action printed: its `sdrs-record: ` lines have the same.",
	)
)
