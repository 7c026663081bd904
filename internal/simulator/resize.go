package simulator

import "time"

// resizeInstance serves POST protected-instances/{id}/resize.
func (s *Simulator) resizeInstance(in *incoming) (any, *Problem) {
	asked, problem := parameters[struct {
		Both       string `json:"flavorRef"`
		Production string `json:"production_flavorRef"`
		DR         string `json:"dr_flavorRef"`
	}](in, "resize")
	if problem != nil {
		return nil, problem
	}
	g, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.1320")
	if problem != nil {
		return nil, problem
	}
	if asked.Both != "" {
		asked.Production, asked.DR = asked.Both, asked.Both
	}
	production := i.PriorityStation
	if s.originalSites {
		production = StationSource
	}
	flavors := map[string]string{production: asked.Production, opposite(production): asked.DR}
	switch {
	case asked.Production == "" && asked.DR == "":
		return nil, refused("SDRS.0201", "There is no flavor.")
	case i.Status != StatusAvailable && i.Status != StatusProtected && i.Status != StatusErrorResizing:
		return nil, refused("SDRS.1328", "The status %s of the protected instance does not allow this.", i.Status)
	}
	if problem := s.allows(g); problem != nil {
		return nil, problem
	}
	for station, flavor := range flavors {
		switch server := i.at(station); {
		case flavor == "":
		case !protectable(flavor):
			return nil, refused("SDRS.1353", "The flavor %s does not support this.", flavor)
		case server.Status != ServerStopped:
			return nil, refused("SDRS.1316", "The server %s is not stopped.", server.ID)
		case server.Flavor == flavor && i.Status != StatusErrorResizing:
			return nil, refused("SDRS.1341", "The server %s has the flavor %s already.", server.ID, flavor)
		}
	}

	id := i.ID
	i.Status, i.UpdatedAt = StatusResizing, s.now
	j := s.change(&job{
		part:     part{kind: "resizeProtectedInstanceNew", entities: map[string]string{"protected_instance_id": id}},
		resource: i.resource(g, "resizeFail"),
	}, func(failure *failure, at time.Time) {
		i := g.instance(id)
		if i == nil {
			return
		}
		i.Status, i.UpdatedAt = g.restOfMembers(), at
		if failure != nil {
			i.Status = StatusErrorResizing

			return
		}
		for station, flavor := range flavors {
			if flavor != "" {
				i.at(station).Flavor = flavor
			}
		}
	})

	return j.accepted(), nil
}
