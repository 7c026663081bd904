package sdrs

import (
	"context"
	"net/http"
	"net/url"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Tag is a key of a protected instance with its value. Nothing else in SDRS has tags.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Tags lists the tags of a protected instance; there are no pages (GET protected-instances/{id}/tags). See
// [IsInstanceNotFound].
func (c *Client) Tags(ctx context.Context, instanceID string) ([]Tag, error) {
	path := instancePath(instanceID) + "/tags"
	var answer struct {
		Tags []Tag `json:"tags"`
	}
	if err := c.session.Get(ctx, cloud.SDRS, path, nil, &answer); err != nil {
		return nil, err
	}
	if answer.Tags == nil {
		return nil, cloud.Malformed(http.MethodGet, path, "it has no list")
	}
	return answer.Tags, nil
}

// SetTag adds a tag, or gives its key another value, at once (POST protected-instances/{id}/tags).
func (c *Client) SetTag(ctx context.Context, instanceID string, tag Tag) error {
	return c.session.Post(ctx, cloud.SDRS, instancePath(instanceID)+"/tags", map[string]any{"tag": tag}, nil)
}

// DeleteTag removes a tag, at once; one that is not there is gone, too (DELETE protected-instances/{id}/tags/{key}).
func (c *Client) DeleteTag(ctx context.Context, instanceID, key string) error {
	err := c.session.Delete(ctx, cloud.SDRS, instancePath(instanceID)+"/tags/"+url.PathEscape(key), nil, nil)
	if isNotFound(err, tagNotFound) {
		return nil
	}
	return err
}
