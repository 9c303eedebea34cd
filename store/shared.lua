-- Adds a record to a shared log, if the last one is the one that the caller
-- has read. Returns the number of the last one, the bytes of all, the first
-- chunk, and whether it was added.
--
-- KEYS  the log, the chunk that the record goes to
-- ARGV  the last number as read, the record, when it expires, the chunk
local call = redis.call
local added, last = 0, tonumber(call('HGET', KEYS[1], 'last') or '0')
if last == tonumber(ARGV[1]) then
  added, last = 1, last + 1
  call('HSET', KEYS[2], last, ARGV[2])
  call('EXPIREAT', KEYS[2], ARGV[3])
  call('HSET', KEYS[1], 'last', last)
  call('HSETNX', KEYS[1], 'first', ARGV[4])
  call('HINCRBY', KEYS[1], 'b' .. ARGV[4], #ARGV[2])
  call('HINCRBY', KEYS[1], 'bytes', #ARGV[2])
end
return {last, tonumber(call('HGET', KEYS[1], 'bytes') or '0'), tonumber(call('HGET', KEYS[1], 'first') or '0'), added}
