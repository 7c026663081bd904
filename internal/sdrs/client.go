// Package sdrs is a client of the Storage Disaster Recovery Service API v1.
package sdrs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Client calls SDRS in the project of a session. Its methods' errors wrap [cloud.APIError] where the service refused.
type Client struct {
	session *cloud.Session
	// groupIDs are the ids of groups as the API writes them, by their canonical form.
	groupIDs sync.Map
	// pages are the last ones of lists, by path and offset.
	pages sync.Map

	gatheredGroups    *gathering[Group]
	gatheredInstances *gathering[ProtectedInstance]
	gatheredPairs     *gathering[ReplicationPair]
}

// NewClient returns a client that uses session.
func NewClient(session *cloud.Session) *Client {
	return (&Client{session: session}).Gathering(DefaultWindow)
}

// Gathering sets how long a read such as [Client.ObserveGroup] waits for others, [DefaultWindow] by default. It must
// come before the first read.
func (c *Client) Gathering(window time.Duration) *Client {
	together := newRounds(window)
	c.gatheredGroups = newGathering(together,
		func(ctx context.Context, _ string) ([]Group, error) { return c.Groups(ctx, GroupFilter{}) },
		func(group Group) string { return group.ID })
	c.gatheredInstances = newGathering(together,
		func(ctx context.Context, groupID string) ([]ProtectedInstance, error) {
			return c.ProtectedInstances(ctx, ProtectedInstanceFilter{GroupID: groupID})
		},
		func(instance ProtectedInstance) string { return instance.ID })
	c.gatheredPairs = newGathering(together,
		func(ctx context.Context, groupID string) ([]ReplicationPair, error) {
			return c.ReplicationPairs(ctx, ReplicationPairFilter{GroupID: groupID})
		},
		func(pair ReplicationPair) string { return pair.ID })
	return c
}

// ItemsOnPage is how many items lists are read by: the largest page that all statements of the API reference allow, see
// docs/research/lists.md. A longer list may lack what moved from one page to another meanwhile, or have it twice.
const ItemsOnPage = 999

// maxPages ends a list whose pages never come up to its count.
const maxPages = 100

// page is one answer of a list call.
type page[T any] interface {
	items() []T
	total() int
}

// list reads all pages of a list call: limit and offset, until a page is short. A count does not end the list, since it
// may be that of the page, but goes on with one whose pages are short. It never returns nil without an error.
//
// An item that check refuses is not what was asked for, and so nor is the list; nil: all are.
func list[P page[T], T any](
	ctx context.Context, c *Client, path string, query url.Values, check func(path string, item T) error,
) ([]T, error) {
	query.Set("limit", strconv.Itoa(ItemsOnPage))
	all := []T{}
	for range maxPages {
		query.Set("offset", strconv.Itoa(len(all)))
		answer, err := getPage[P](ctx, c, path, query)
		if err != nil {
			return nil, err
		}
		if answer.items() == nil { // None is an empty list: without it, this is no answer to the question.
			return nil, cloud.Malformed(http.MethodGet, path, "it has no list")
		}
		for _, item := range answer.items() {
			if check == nil {
				break
			}
			if err := check(path, item); err != nil {
				return nil, err
			}
		}
		all = append(all, answer.items()...)
		short := len(answer.items()) < ItemsOnPage
		if len(answer.items()) == 0 || short && len(all) >= answer.total() {
			return all, nil
		}
	}
	return nil, cloud.Malformed(http.MethodGet, path, fmt.Sprintf("the list does not end after %d pages", maxPages))
}

// decodedPage is a page of a list with the body that it was decoded from. An equal body is the same page: to decode one
// of hundreds of items takes longer than to read it, and a refresh reads it many times.
type decodedPage[P any] struct {
	body []byte
	page P
}

// Decode decodes a body, unless it is the same again.
func (d *decodedPage[P]) Decode(body []byte) error {
	if d.body != nil && bytes.Equal(d.body, body) {
		return nil
	}
	var page P
	if err := json.Unmarshal(body, &page); err != nil {
		return err // Not kept: the same body again is no page either.
	}
	d.body, d.page = body, page
	return nil
}

// getPage reads one page of a list. It shares its items with earlier answers: they are not to be changed.
func getPage[P any](ctx context.Context, c *Client, path string, query url.Values) (P, error) {
	key := path + query.Get("offset") // Whatever else was asked: one body means one thing.
	last, _ := c.pages.Load(key)
	page, _ := last.(decodedPage[P])
	if err := c.session.Get(ctx, cloud.SDRS, path, query, &page); err != nil {
		return page.page, err
	}
	c.pages.Store(key, page)
	return page.page, nil
}

// values returns the query of the filters that are not empty.
func values(filters map[string]string) url.Values {
	query := url.Values{}
	for key, value := range filters {
		if value != "" {
			query.Set(key, value)
		}
	}
	return query
}

// What SDRS says of things that do not exist, with HTTP 400 as often as with 404. A delete that is refused with
// SDRS.1301 or SDRS.1913 says no such thing: the documented meaning of these is a status that does not allow it.
var (
	groupNotFound    = []string{"SDRS.1013"}
	instanceNotFound = []string{"SDRS.1320", "SDRS.0208"}
	pairNotFound     = []string{"SDRS.1608", "SDRS.0213"}
	drillNotFound    = []string{"SDRS.1902"}
	tagNotFound      = []string{"SDRS.2206"}
	notAttached      = []string{"SDRS.1604"}
)

// IsNotFound reports whether SDRS says that the protection group asked for does not exist: by its code for that, or by
// a 404 with an itemNotFound object that repeats 404 as its code. Any other 404 means that the request went astray, to
// a gateway, a proxy, or another service, and a code about another thing is no word about the group.
func IsNotFound(err error) bool { return isNotFound(err, groupNotFound) }

// IsInstanceNotFound is [IsNotFound] for a call about a protected instance.
func IsInstanceNotFound(err error) bool { return isNotFound(err, instanceNotFound) }

// IsPairNotFound is [IsNotFound] for a call about a replication pair.
func IsPairNotFound(err error) bool { return isNotFound(err, pairNotFound) }

// IsDrillNotFound is [IsNotFound] for a call about a DR drill.
func IsDrillNotFound(err error) bool { return isNotFound(err, drillNotFound) }

// IsNotAttached reports whether SDRS says that a replication pair is not attached to the protected instance that it is
// to be detached from.
func IsNotAttached(err error) bool { return isNotFound(err, notAttached) }

func isNotFound(err error, codes []string) bool {
	failure, ok := errors.AsType[*cloud.APIError](err)
	if !ok || failure.Status != http.StatusBadRequest && failure.Status != http.StatusNotFound {
		return false
	}
	return slices.Contains(codes, failure.Code) || failure.ItemNotFound && failure.Code == ""
}

// IsBusy reports whether SDRS refused a change for what the group is doing, or has just done: nothing happened then.
// Its codes say so of a group that rests in a status that does not allow it, too.
func IsBusy(err error) bool {
	failure, ok := errors.AsType[*cloud.APIError](err)
	return ok && failure.Status < 500 && (failure.Code == "SDRS.1002" || failure.Code == "SDRS.0209")
}

var forbidden = []string{"SDRS.0003", "SDRS.0004", "SDRS.0005", "SDRS.0009"}

// IsForbidden reports whether err says that the user lacks a permission: HTTP 403, or one of the codes for it. What a
// proxy forbids is none, and neither is a token that expired.
func IsForbidden(err error) bool {
	failure, ok := errors.AsType[*cloud.APIError](err)
	if !ok || failure.Foreign || failure.TokenRejected {
		return false
	}
	return failure.Status == http.StatusForbidden || slices.Contains(forbidden, failure.Code)
}

// submit sends a change that the cloud makes on its own time, and returns the id of its job. Where
// [cloud.OutcomeUnknown] holds for the error, the change may be made all the same.
func (c *Client) submit(ctx context.Context, method, path string, body any) (string, error) {
	send := c.session.Post
	if method == http.MethodDelete {
		send = c.session.Delete
	}
	var answer struct {
		JobID string `json:"job_id"`
	}
	if err := send(ctx, cloud.SDRS, path, body, &answer); err != nil {
		return "", err
	}
	if answer.JobID == "" {
		return "", cloud.Malformed(method, path, "it has no job_id")
	}
	return answer.JobID, nil
}
