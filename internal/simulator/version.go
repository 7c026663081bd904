package simulator

import "net/http"

// listenForVersions serves the versions of SDRS, which are outside of a project. Whether they need a login is not
// documented: here they don't.
func (s *Simulator) listenForVersions() {
	for pattern, body := range map[string]func(version object) object{
		"GET /sdrs/{$}":    func(version object) object { return object{"versions": []object{version}} },
		"GET /sdrs/v1":     func(version object) object { return object{"version": version} },
		"GET /sdrs/v1/{$}": func(version object) object { return object{"version": version} },
	} {
		s.routes[pattern] = RouteAPIVersions
		s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			write(w, http.StatusOK, body(object{
				"id": "v1", "status": "CURRENT", "updated": "2018-05-30T15:00:00Z", "version": "", "min_version": "",
				"links": []object{{"href": "http://" + r.Host + "/sdrs/v1", "rel": "self"}},
			}))
		})
	}
}
