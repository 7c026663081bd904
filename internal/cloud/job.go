package cloud

// JobStatus is the status of a job of SDRS or ECS.
type JobStatus string

// The documented statuses of a job. Any other means that it has not ended.
const (
	JobInit    JobStatus = "INIT"
	JobRunning JobStatus = "RUNNING"
	JobSuccess JobStatus = "SUCCESS"
	JobFail    JobStatus = "FAIL"
)
