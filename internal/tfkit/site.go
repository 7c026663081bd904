package tfkit

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// The arguments that name a site: exactly one of them is set.
const (
	StationArgument = "priority_station"
	ZoneArgument    = "priority_availability_zone"
)

// InZone says what naming a site by its availability zone is good for.
const InZone = " In place of `priority_station`, which names different availability zones in different groups. It " +
	"must be one of the two of the group."

// Stations takes the two sites, and sees to it that a site is named, in one way.
func Stations() []validator.String {
	return []validator.String{
		stringvalidator.OneOf(string(sdrs.Source), string(sdrs.Target)),
		stringvalidator.ExactlyOneOf(path.MatchRoot(StationArgument), path.MatchRoot(ZoneArgument)),
	}
}

// Zone takes the name of an availability zone. An empty one, such as that of a variable that somebody left out, would
// stand for whatever holds where none is named.
func Zone() []validator.String { return []validator.String{stringvalidator.LengthAtLeast(1)} }

// notOneSite is a site that is named in no way, or in two. Validation has seen that, unless values were not known by
// then.
var notOneSite = diagnostic.Error(
	"Site Not Named",
	"Neither `priority_station` nor `priority_availability_zone` has a value, or both have: they come from values that "+
		"were not known when the configuration was validated. Nothing was changed.",
	"Set exactly one of the two.",
)

// zoneOfNoSite is an availability zone that is not one of the group's.
var zoneOfNoSite = diagnostic.Error("Availability Zone of Another Group",
	"`priority_availability_zone` is not one of the two availability zones of the group. Nothing was changed.",
	"Set it to one of those that the message names, or set `priority_station` instead.")

// NamesOneSite returns an error unless exactly one of the arguments has a value.
func NamesOneSite(station, zone bool) diag.Diagnostic {
	if station != zone {
		return nil
	}
	return notOneSite.On(
		path.Root(StationArgument),
		fmt.Sprintf("Exactly one of %s and %s must have a value. Nothing was changed.",
			StationArgument, ZoneArgument),
	)
}

// StationIn returns the site of a group in an availability zone.
func StationIn(group sdrs.Group, zone string) (sdrs.Station, diag.Diagnostic) {
	if station, found := group.StationIn(zone); found {
		return station, nil
	}
	r := Say(
		fmt.Sprintf("The group has no site in %s, or not one alone. Nothing was changed.", zone),
		fmt.Sprintf(
			"Set %s to the availability zone of %s or %s.",
			ZoneArgument,
			Site(group, sdrs.Source),
			Site(group, sdrs.Target),
		),
	)
	r.Group(group)
	return "", r.On(path.Root(ZoneArgument), zoneOfNoSite)
}

// OtherSite takes the two sites where none needs to be named: the default is the one that is not active.
func OtherSite() []validator.String {
	return []validator.String{
		stringvalidator.OneOf(string(sdrs.Source), string(sdrs.Target)),
		stringvalidator.ConflictsWith(path.MatchRoot(ZoneArgument)),
	}
}

// Locate returns station or, where a site is named by its availability zone, the group's site in that: GET
// server-groups/{id}.
func (s *Services) Locate(
	ctx context.Context,
	groupID string,
	station sdrs.Station,
	zone string,
) (sdrs.Station, diag.Diagnostic) {
	if zone == "" {
		return station, nil
	}
	group, err := s.SDRS.Group(ctx, groupID)
	if err != nil {
		return "", Unreadable(groupID, err)
	}
	return StationIn(group, zone)
}
