package jobs

import (
	"context"
	"errors"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Submit sends a request, once, and returns the id of its job. Where the answer is lost, accepted looks for a sign that
// the request was: the id is empty then. The request is never sent again on a guess: a late acceptance of the first one
// would make it two. An accepted that fails ends the wait with its error: its reads are repeated by [Wait.Until].
func (w *Wait) Submit(
	ctx context.Context,
	send func(context.Context) (jobID string, err error),
	accepted func(context.Context) (bool, error),
) (string, error) {
	id, err := send(ctx)
	if err == nil {
		w.jobID = id
		return id, nil
	}
	if cloud.OutcomeUnknown(err) {
		return "", w.evidence(ctx, accepted, err)
	}
	if ended := w.Ended(ctx); ended != nil {
		return "", ended
	}
	if _, answered := errors.AsType[*cloud.APIError](err); answered {
		return "", w.fail(Error{Kind: Refused, Err: err})
	}
	return "", w.fail(Error{Kind: NotSent, Err: err})
}

// evidence finds out whether a request without an answer was accepted.
func (w *Wait) evidence(ctx context.Context, accepted func(context.Context) (bool, error), lost error) error {
	for read := range StaleReads {
		if read > 0 {
			if err := w.PauseShortest(ctx); err != nil {
				return err
			}
		}
		if found, err := accepted(ctx); found || err != nil {
			return err
		}
	}
	return w.fail(Error{Kind: NotStarted, Reads: StaleReads, Err: lost})
}
