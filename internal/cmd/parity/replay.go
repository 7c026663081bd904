package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// replay asks a simulator that holds what a record shows the same again, at the same times, and returns its answers.
func replay(ctx context.Context, record Record) ([]Exchange, error) {
	clock := simulator.NewManualClock(record.Began)
	options := append(seed(record), simulator.WithClock(clock), simulator.WithTokenLifetime(10*deadline))
	again := replayer{Simulator: simulator.New(options...), jobs: map[string]string{}}
	if err := again.logIn(ctx); err != nil {
		return nil, err
	}
	var answers []Exchange
	for n, asked := range record.Exchanges {
		clock.Advance(record.Began.Add(time.Duration(asked.AfterMS) * time.Millisecond).Sub(clock.Now()))
		if asked.Method != http.MethodGet {
			again.SetJobDuration(jobDuration(record.Exchanges[n:]))
		}
		before := again.Groups()
		answer, err := again.ask(ctx, asked)
		if err != nil {
			return nil, err
		}
		if asked.Method != http.MethodGet && asked.Status != http.StatusOK && answer.Status == http.StatusOK {
			for _, g := range before { // What the cloud has refused must not go on here.
				again.AddGroup(g)
			}
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

type replayer struct {
	*simulator.Simulator

	token string
	// jobs are the ids of the simulator's own jobs by those in the record.
	jobs map[string]string
}

func (r *replayer) logIn(ctx context.Context) error {
	account := simulator.DefaultAccount()
	domain := map[string]any{"name": account.DomainName}
	body, err := json.Marshal(map[string]any{"auth": map[string]any{
		"identity": map[string]any{
			"methods": []string{"password"},
			"password": map[string]any{"user": map[string]any{
				"name": account.UserName, "password": account.Password, "domain": domain,
			}},
		},
		"scope": map[string]any{"project": map[string]any{"name": account.ProjectName, "domain": domain}},
	}})
	if err != nil {
		return err
	}
	answer := httptest.NewRecorder()
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/v3/auth/tokens", bytes.NewReader(body))
	r.ServeHTTP(answer, req)
	if r.token = answer.Header().Get("X-Subject-Token"); r.token == "" {
		return fmt.Errorf("the simulator answers the login with %d", answer.Code)
	}
	return nil
}

// ask sends what a record has once more. What is not for SDRS or ECS is answered as in the record.
func (r *replayer) ask(ctx context.Context, asked Exchange) (Exchange, error) {
	project := simulator.DefaultAccount().ProjectID
	base, known := map[string]string{
		serviceSDRS: "/sdrs/v1/" + project + "/", serviceECS: "/ecs/v1/" + project + "/", serviceVersions: "/sdrs/",
	}[asked.Service]
	if !known {
		return asked, nil
	}
	path := asked.Path
	for recorded, own := range r.jobs {
		path = strings.ReplaceAll(path, recorded, own)
	}
	query := url.Values{}
	for name, value := range asked.Query {
		query.Set(name, value)
	}
	var body []byte
	if asked.Request != nil {
		var err error
		if body, err = json.Marshal(asked.Request); err != nil {
			return Exchange{}, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, asked.Method, "http://simulator"+base+path+"?"+query.Encode(),
		bytes.NewReader(body))
	if err != nil {
		return Exchange{}, err
	}
	switch {
	case asked.BadToken:
		req.Header.Set("X-Auth-Token", noToken)
	case asked.Service != serviceVersions:
		req.Header.Set("X-Auth-Token", r.token)
	}
	got := httptest.NewRecorder()
	r.ServeHTTP(got, req)

	answer := asked
	answer.Status, answer.Answer = got.Code, decode(got.Body.Bytes())
	if asked.Service == serviceECS {
		answer.Answer = serverOnly(answer.Answer)
	}
	if asked.Method != http.MethodGet {
		if recorded, own := text(asked.Answer, "job_id"), text(answer.Answer, "job_id"); recorded != "" && own != "" {
			r.jobs[recorded] = own
		}
	}
	return answer, nil
}
