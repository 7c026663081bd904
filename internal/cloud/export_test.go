package cloud

// ProjectID returns the id of the project that the session works in.
func (s *Session) ProjectID() string { return s.current().projectID }
