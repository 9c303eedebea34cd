package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"agora/store"
)

// RedisWait says how many replicas have a write before it counts as done.
type RedisWait struct {
	Replicas int           // 0: none is waited for
	Timeout  time.Duration // after which the write is tried again
}

const redisHint = "write it as redis://host:6379, rediss:// for TLS, or redis+sentinel://host:26379,host2:26379/MASTER"

// readRedis reads one address, or those of several nodes of a cluster.
func readRedis(v value) []string {
	var urls []string
	for _, item := range v.items() {
		s := item.text()
		if s == "" {
			continue
		}
		if why, hint := badRedis(s); why != "" {
			item.wrong(why, hint)
			continue
		}
		if len(urls) > 0 && (store.BySentinel(s) || store.BySentinel(urls[0])) {
			item.wrong("sentinels stand in one address, and are no part of a list", "write them with commas between, in quotes: 'redis+sentinel://host:26379,host2:26379/MASTER'")
			continue
		}
		urls = append(urls, s)
	}
	return urls
}

func readRedisWait(v value) RedisWait {
	wait := RedisWait{Timeout: 500 * time.Millisecond}
	fields := v.fields([]string{"replicas", "timeout"})
	if n, ok := fields["replicas"]; ok {
		wait.Replicas = n.number(0, 16)
	} else if fields != nil {
		v.wrong("redis_wait doesn't say for how many replicas", "add replicas: 1")
	}
	if t, ok := fields["timeout"]; ok {
		wait.Timeout = t.duration(10*time.Millisecond, 10*time.Second)
	}
	return wait
}

// badRedis says what is wrong with the address of a Redis, empty when nothing
// is, and what to do.
func badRedis(s string) (why, hint string) {
	err := store.CheckAddress(s)
	if err == nil {
		return "", ""
	}
	var wrong *store.AddressError
	if errors.As(err, &wrong) && wrong.Written != "" && nearest(wrong.Written, wrong.Known) != "" {
		return wrong.Message, didYouMean(wrong.Written, wrong.Known)
	}
	return err.Error(), redisHint
}

// badRedisList is badRedis for addresses with commas between.
func badRedisList(s string) string {
	urls := splitRedis(s)
	for _, u := range urls {
		if why, hint := badRedis(u); why != "" {
			if hint != redisHint {
				why = fmt.Sprintf("%s (%s)", why, hint)
			}
			return why
		}
		if len(urls) > 1 && store.BySentinel(u) {
			return "sentinels stand in one address, and are no part of a list"
		}
	}
	return ""
}

// splitRedis takes a list of addresses apart. The commas between the hosts of
// sentinels are part of an address.
func splitRedis(s string) []string {
	var list []string
	for _, part := range strings.Split(s, ",") {
		part = strings.TrimSpace(part)
		switch last := len(list) - 1; {
		case part == "":
		case last >= 0 && !strings.Contains(part, "://") && store.BySentinel(list[last]):
			list[last] += "," + part
		default:
			list = append(list, part)
		}
	}
	return list
}
