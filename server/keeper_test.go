package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"agora/mood"
)

// books is a keeper that answers as it is told.
type books struct {
	stats mood.StoreStats
	found mood.Verification
	fail  error
}

func (b *books) StoreStats(context.Context) (mood.StoreStats, error)    { return b.stats, b.fail }
func (b *books) VerifyStore(context.Context) (mood.Verification, error) { return b.found, b.fail }

func TestOnlyTheOperatorMeasuresAndVerifiesTheStore(t *testing.T) {
	keeper := &books{}
	h := open(t, func(c *Config) {
		c.Keeper, c.AdminHash, c.ReadOpen, c.OperatorSecret = keeper, hashOf("t0ken"), true, "s3cret"
	})
	for path, method := range map[string]string{statsPath: http.MethodGet, verifyPath: http.MethodPost} {
		if a := h.ask(method, path, ""); a.status != http.StatusForbidden {
			t.Errorf("a stranger at %s: %d %s", path, a.status, a.body)
		}
		for _, header := range [][]string{{"Authorization", "Bearer t0ken"}, {operatorHeader, "s3cret"}} {
			if a := h.ask(method, path, "", header...); a.status != http.StatusOK {
				t.Errorf("the operator at %s: %d %s", path, a.status, a.body)
			}
		}
	}
}

func TestAVerificationSaysWhatDiffersOrWhyItCantBeMade(t *testing.T) {
	keeper := &books{found: mood.Verification{Brands: []mood.BrandVerification{{Brand: "nokia", Differences: 3}}}}
	h := open(t, func(c *Config) { c.Keeper = keeper })
	if a := h.post(verifyPath, ""); a.status != http.StatusOK || !strings.Contains(a.body, `"differences":3`) || !strings.Contains(a.body, `"equal":false`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	for _, x := range []struct {
		fail   error
		status int
		says   string
	}{
		{fmt.Errorf("it is done already: %w", mood.ErrConflict), http.StatusConflict, "It is done already."},
		{fmt.Errorf("the store is busy: try again: %w", mood.ErrUnavailable), http.StatusServiceUnavailable, "The store is busy: try again"},
		{fmt.Errorf("there is no journal: %w", mood.ErrNotFound), http.StatusNotFound, "There is no journal"},
	} {
		keeper.fail = x.fail
		if a := h.post(verifyPath, ""); a.status != x.status || !strings.Contains(a.body, x.says) {
			t.Errorf("%v: %d %s", x.fail, a.status, a.body)
		}
	}
	if a := open(t, nil).post(verifyPath, ""); a.status != http.StatusNotFound {
		t.Errorf("without a keeper: %d %s", a.status, a.body)
	}
}
